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

static bool keep(struct questions *questions, enum name_attribute attribute,
                 const char *value)
{
    const char *word = name_rule(attribute)->word;
    const size_t room = strlen(word) + strlen(value) + 2;
    char *answer = calloc(1, room);

    if (answer == NULL)
        return false;
    snprintf(answer, room, "%s=%s", word, value);
    questions->answer[questions->count++] = answer;
    return true;
}

static enum prompt_end ask_row(struct screen *screen, size_t i,
                               struct questions *questions)
{
    struct subject_asked asked = {.attribute = rows[i].attribute,
                                  .may_be_empty = rows[i].may_be_empty};
    const struct prompt_line ask = {.question = _(rows[i].question),
                                    .check = subject_refuse,
                                    .data = &asked,
                                    .may_be_empty = rows[i].may_be_empty};
    char value[VALUE_MAX];
    enum prompt_end end = prompt_line(screen, &ask, value, sizeof(value));

    if (end != PROMPT_OK || value[0] == '\0')
        return end;
    return keep(questions, rows[i].attribute, value) ? PROMPT_OK
                                                     : PROMPT_FAILED;
}

enum prompt_end questions_ask(struct screen *screen,
                              struct questions *questions)
{
    const char *const kinds[] = {_("a person"),
                                 _("an employee or head of an organisation"),
                                 _("a sole trader")};
    size_t kind = 0;
    enum prompt_end end;

    *questions = (struct questions){.count = 0};
    end = prompt_choose(screen, _("Who is the certificate for"), kinds,
                        sizeof(kinds) / sizeof(kinds[0]), &kind);
    for (size_t i = 0; end == PROMPT_OK && i < sizeof(rows) / sizeof(rows[0]);
         i++)
        if ((rows[i].whose & (1 << kind)) != 0)
            end = ask_row(screen, i, questions);
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
        list->value[list->count++] = questions->answer[i];
}
