#include "client/request/questions.h"

#include "client/request/subject.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 1024 /* bytes */, QUESTION = 256 };

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
    {NAME_SNILS, ALL, false, N_("SNILS of this person, like 112-233-445 95")},
    {NAME_INN, ALL, false, N_("INN of this person, 12 digits")},
    {NAME_OGRNIP, TRADER, false, N_("OGRNIP, 15 digits")},
    {NAME_ORGANIZATION, FIRM, false,
     N_("Organisation, its short name as in the register")},
    {NAME_INNLE, FIRM, false, N_("INN of the organisation, 10 digits")},
    {NAME_OGRN, FIRM, false, N_("OGRN of the organisation, 13 digits")},
    {NAME_TITLE, FIRM, true, N_("Position")},
    {NAME_UNIT, FIRM, true, N_("Department")},
    {NAME_STATE, ALL, false,
     N_("Region with its number, like 66 Свердловская область")},
    {NAME_LOCALITY, ALL, true, N_("Town")},
    {NAME_STREET, FIRM, true, N_("Street and house")},
    {NAME_EMAIL, ALL, true, N_("E-mail")},
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

/* What was answered before, for whoever comes back to it. */
static const char *answered(const struct questions *questions, size_t i)
{
    const char *answer = questions->answer[i];

    return answer != NULL ? strchr(answer, '=') + 1 : NULL;
}

static bool is_nothing(const char *typed)
{
    return strcmp(typed, "-") == 0;
}

/* A hyphen leaves out what may be. */
static const char *check(const char *typed, void *data)
{
    const struct subject_asked *asked = data;

    return asked->may_be_empty && is_nothing(typed)
               ? NULL
               : subject_refuse(typed, data);
}

static enum prompt_end ask_row(struct screen *screen, size_t i,
                               struct questions *questions)
{
    struct subject_asked asked = {.attribute = rows[i].attribute,
                                  .may_be_empty = rows[i].may_be_empty};
    const char *former = answered(questions, i);
    char question[QUESTION], value[VALUE_MAX];
    const struct prompt_line ask = {.question = question,
                                    .preset = former,
                                    .check = check,
                                    .data = &asked,
                                    .may_be_empty = rows[i].may_be_empty};
    enum prompt_end end;

    snprintf(question, sizeof(question),
             !rows[i].may_be_empty ? "%s"
             : former != NULL      ? _("%s (a hyphen: leave it out)")
                                   : _("%s (Enter: leave it out)"),
             _(rows[i].question));
    end = prompt_line(screen, &ask, value, sizeof(value));
    if (rows[i].may_be_empty && is_nothing(value))
        value[0] = '\0';
    return end != PROMPT_OK || keep(questions, i, value) ? end : PROMPT_FAILED;
}

static bool is_asked(int i, size_t kind)
{
    return (rows[i].whose & (1 << kind)) != 0;
}

static enum prompt_end ask_kind(struct screen *screen,
                                struct questions *questions)
{
    const char *const kinds[] = {_("a person"),
                                 _("an employee or head of an organisation"),
                                 _("a sole trader")};
    enum prompt_end end;

    questions->count = ROWS;
    if (screen_interactive(screen))
        screen_say(screen,
                   _("Type \"back\" for the question before, \"cancel\" to "
                     "stop."));
    end = prompt_choose(screen, _("Who is the certificate for"), kinds,
                        sizeof(kinds) / sizeof(kinds[0]), &questions->kind);
    for (int i = 0; i < ROWS; i++) /* of a kind that was chosen before */
        if (!is_asked(i, questions->kind))
            (void)keep(questions, (size_t)i, "");
    return end;
}

size_t questions_rows(void)
{
    return 1 + ROWS;
}

enum prompt_end questions_ask(struct screen *screen, size_t row,
                              struct questions *questions)
{
    if (row == 0)
        return ask_kind(screen, questions);
    return is_asked((int)row - 1, questions->kind)
               ? ask_row(screen, row - 1, questions)
               : PROMPT_OK;
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
