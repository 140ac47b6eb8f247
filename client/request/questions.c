#include "client/request/questions.h"

#include "client/request/subject.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 1024 /* bytes */ };

/* For whom, as bits. */
enum { PERSON = 1, FIRM = 2, TRADER = 4, ALL = PERSON | FIRM | TRADER };

static const struct {
    enum name_attribute attribute;
    int whose;
    bool may_be_empty;
    const char *question; /* msgid */
} rows[] = {
    {NAME_SURNAME, ALL, false, N_("Surname, as in the passport")},
    {NAME_GIVEN_NAME, ALL, false, N_("Name and patronymic")},
    {NAME_SNILS, ALL, false, N_("SNILS of this person")},
    {NAME_INN, ALL, false, N_("INN of this person, 12 digits")},
    {NAME_OGRNIP, TRADER, false, N_("OGRNIP, 15 digits")},
    {NAME_ORGANIZATION, FIRM, false,
     N_("Organisation, its short name as in the register")},
    {NAME_INNLE, FIRM, false, N_("INN of the organisation, 10 digits")},
    {NAME_OGRN, FIRM, false, N_("OGRN of the organisation, 13 digits")},
    {NAME_TITLE, FIRM, true, N_("Position (Enter: leave it out)")},
    {NAME_UNIT, FIRM, true, N_("Department (Enter: leave it out)")},
    {NAME_STATE, ALL, false,
     N_("Region with its number, like 66 Свердловская область")},
    {NAME_LOCALITY, ALL, true, N_("Town (Enter: leave it out)")},
    {NAME_STREET, FIRM, true, N_("Street and house (Enter: leave it out)")},
    {NAME_EMAIL, ALL, true, N_("E-mail (Enter: leave it out)")},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

_Static_assert((int)ROWS <= (int)OPTIONS_LIST_MAX, "each has its place");

/* Each row's answer has its own place, where it is put again after "back". */
static bool keep(struct questions *questions, size_t i, const char *value)
{
    const char *word = name_rule(rows[i].attribute)->word;
    char *answer = NULL;

    if (value[0] != '\0' && asprintf(&answer, "%s=%s", word, value) < 0)
        return false;
    free(questions->answer[i]);
    questions->answer[i] = answer;
    return true;
}

/* What was answered before, for whoever comes back to it; what may be left out
 * is asked anew. */
static const char *answered(const struct questions *questions, size_t i)
{
    const char *answer = questions->answer[i];

    return answer != NULL ? strchr(answer, '=') + 1 : NULL;
}

static enum prompt_end ask_row(struct screen *screen, size_t i,
                               struct questions *questions)
{
    struct subject_asked asked = {.attribute = rows[i].attribute,
                                  .may_be_empty = rows[i].may_be_empty};
    const struct prompt_line ask = {
        .question = _(rows[i].question),
        .preset = rows[i].may_be_empty ? NULL : answered(questions, i),
        .check = subject_refuse,
        .data = &asked,
        .may_be_empty = rows[i].may_be_empty,
        .may_go_back = true};
    char value[VALUE_MAX];
    enum prompt_end end = prompt_line(screen, &ask, value, sizeof(value));

    return end != PROMPT_OK || keep(questions, i, value) ? end : PROMPT_FAILED;
}

static bool is_asked(int i, size_t kind)
{
    return (rows[i].whose & (1 << kind)) != 0;
}

/* PROMPT_BACK: to what kind it is. */
static enum prompt_end ask_rows(struct screen *screen, size_t kind,
                                struct questions *questions)
{
    enum prompt_end end = PROMPT_OK;
    int i = 0;

    while ((end == PROMPT_OK || end == PROMPT_BACK) && i >= 0 && i < ROWS) {
        if (is_asked(i, kind))
            end = ask_row(screen, (size_t)i, questions);
        i += end == PROMPT_BACK ? -1 : 1;
    }
    return end;
}

enum prompt_end questions_ask(struct screen *screen,
                              struct questions *questions)
{
    const char *const kinds[] = {_("a person"),
                                 _("an employee or head of an organisation"),
                                 _("a sole trader")};
    size_t kind = 0;
    enum prompt_end end = PROMPT_BACK;

    *questions = (struct questions){.count = ROWS};
    screen_say(screen, _("Type \"back\" for the question before, \"cancel\" to "
                         "stop."));
    while (end == PROMPT_BACK) {
        end = prompt_choose(screen, _("Who is the certificate for"), kinds,
                            sizeof(kinds) / sizeof(kinds[0]), &kind);
        if (end == PROMPT_OK)
            end = ask_rows(screen, kind, questions);
    }
    for (int i = 0; i < ROWS; i++) /* of a kind that was chosen before */
        if (!is_asked(i, kind))
            (void)keep(questions, (size_t)i, "");
    return end;
}

void questions_free(struct questions *questions)
{
    for (size_t i = 0; i < questions->count; i++)
        free(questions->answer[i]);
    questions->count = 0;
}

void questions_put(const struct questions *questions, struct options_list *list)
{
    for (size_t i = 0; i < questions->count && list->count < OPTIONS_LIST_MAX;
         i++)
        if (questions->answer[i] != NULL)
            list->value[list->count++] = questions->answer[i];
}
