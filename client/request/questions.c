#include "client/request/questions.h"

#include "client/request/subject.h"
#include "client/text.h"
#include "client/view/name_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 1024 /* bytes */, QUESTION = 256 };

/* For whom, as bits; nobody is asked for what is only taken over. */
enum { PERSON = 1, FIRM = 2, TRADER = 4, ALL = PERSON | FIRM | TRADER };
enum { OF_PERSON, OF_FIRM, OF_TRADER };

enum absence { NEVER, BY_ENTER, BY_HYPHEN /* knowingly */ };

static const struct {
    enum name_attribute attribute;
    int whose;
    enum absence absence;
    const char *question; /* msgid */
} rows[] = {
    {NAME_COMMON_NAME, 0, BY_ENTER, ""},
    {NAME_COUNTRY, 0, BY_ENTER, ""},
    {NAME_SURNAME, ALL, NEVER, N_("Surname, as in the passport")},
    {NAME_GIVEN_NAME, ALL, BY_HYPHEN,
     N_("Name and patronymic (a hyphen: the passport has none)")},
    {NAME_SNILS, ALL, NEVER, N_("SNILS of this person, like 112-233-445 95")},
    {NAME_INN, ALL, NEVER, N_("INN of this person, 12 digits")},
    {NAME_OGRNIP, TRADER, NEVER, N_("OGRNIP, 15 digits")},
    {NAME_ORGANIZATION, FIRM, NEVER,
     N_("Organisation, its short name as in the register")},
    {NAME_INNLE, FIRM, NEVER, N_("INN of the organisation, 10 digits")},
    {NAME_OGRN, FIRM, NEVER, N_("OGRN of the organisation, 13 digits")},
    {NAME_TITLE, FIRM, BY_ENTER, N_("Position")},
    {NAME_UNIT, FIRM, BY_ENTER, N_("Department")},
    {NAME_STATE, ALL, NEVER,
     N_("Region with its number, like 66 Свердловская область")},
    {NAME_LOCALITY, ALL, BY_ENTER, N_("Town")},
    {NAME_STREET, FIRM, BY_ENTER, N_("Street and house")},
    {NAME_EMAIL, ALL, BY_ENTER, N_("E-mail")},
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

_Static_assert((int)ROWS <= (int)OPTIONS_LIST_MAX, "each has its place");

/* Each row's answer has its own place, where it is put again after "back".
 * An empty one says that there is none. */
static bool keep(struct questions *questions, size_t i, const char *value)
{
    const char *word = name_rule(rows[i].attribute)->word;
    char *answer = NULL;

    if ((value[0] != '\0' || rows[i].absence == BY_HYPHEN) &&
        asprintf(&answer, "%s=%s", word, value) < 0)
        return false;
    free(questions->answer[i]);
    questions->answer[i] = answer;
    return true;
}

/* What was answered before, for whoever comes back to it. */
static const char *answered(const struct questions *questions, size_t i)
{
    const char *answer = questions->answer[i];
    const char *value = answer != NULL ? strchr(answer, '=') + 1 : NULL;

    return value != NULL && value[0] == '\0' ? "-" : value;
}

static bool is_nothing(const char *typed)
{
    return strcmp(typed, "-") == 0;
}

struct asked {
    struct subject_asked subject;
    const char *surname; /* where the rest of the name is asked for */
};

static bool begins_with(const char *text, const char *word)
{
    const size_t size = strlen(word);

    return strncmp(text, word, size) == 0 && text[size] == ' ';
}

/* A hyphen leaves out what may be. */
static const char *check(const char *typed, void *data)
{
    struct asked *asked = data;

    if (asked->subject.may_be_empty && is_nothing(typed))
        return NULL;
    if (asked->surname != NULL && begins_with(typed, asked->surname))
        return _("The surname has been answered already: only the name and the "
                 "patronymic belong here.");
    return subject_refuse(typed, &asked->subject);
}

static size_t place_of(enum name_attribute attribute)
{
    size_t i = 0;

    while (rows[i].attribute != attribute)
        i++;
    return i;
}

static enum prompt_end ask_row(struct screen *screen, size_t i,
                               struct questions *questions)
{
    struct asked asked = {.subject = {.attribute = rows[i].attribute,
                                      .may_be_empty = rows[i].absence != NEVER},
                          .surname =
                              rows[i].attribute == NAME_GIVEN_NAME
                                  ? answered(questions, place_of(NAME_SURNAME))
                                  : NULL};
    const bool by_enter = rows[i].absence == BY_ENTER;
    const char *former = answered(questions, i);
    char question[QUESTION], value[VALUE_MAX];
    const struct prompt_line ask = {.question = question,
                                    .preset = former,
                                    .check = check,
                                    .data = &asked,
                                    .may_be_empty = by_enter};
    enum prompt_end end;

    snprintf(question, sizeof(question),
             !by_enter        ? "%s"
             : former != NULL ? _("%s (a hyphen: leave it out)")
                              : _("%s (Enter: leave it out)"),
             _(rows[i].question));
    end = prompt_line(screen, &ask, value, sizeof(value));
    if (asked.subject.may_be_empty && is_nothing(value))
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

/* A common name that follows from the others follows from them again. */
static bool is_derived(const struct name *subject)
{
    const char *common = subject->value[NAME_COMMON_NAME];
    const char *firm = subject->value[NAME_ORGANIZATION];
    const char *surname = subject->value[NAME_SURNAME];

    return common != NULL &&
           (firm != NULL ? strcmp(common, firm) == 0
                         : surname != NULL && begins_with(common, surname));
}

bool questions_take(struct questions *questions, const struct name *subject)
{
    bool taken = true;

    questions->count = ROWS;
    questions->kind = subject->value[NAME_ORGANIZATION] != NULL ? OF_FIRM
                      : subject->value[NAME_OGRNIP] != NULL     ? OF_TRADER
                                                                : OF_PERSON;
    for (size_t i = 0; i < ROWS; i++) {
        const char *value = subject->value[rows[i].attribute];

        if (value != NULL &&
            (rows[i].attribute != NAME_COMMON_NAME || !is_derived(subject)))
            taken = taken && keep(questions, i, value);
    }
    return taken;
}

bool questions_lacks(const struct questions *questions, size_t row)
{
    return row > 0 && is_asked((int)row - 1, questions->kind) &&
           rows[row - 1].absence != BY_ENTER &&
           questions->answer[row - 1] == NULL;
}

enum prompt_end questions_choose(struct screen *screen,
                                 const struct questions *questions, size_t *row)
{
    struct text_line shown[ROWS] = {{""}};
    const char *items[ROWS];
    size_t place[ROWS], count = 0, chosen;
    enum prompt_end end;

    for (size_t i = 0; i < ROWS; i++) {
        const enum name_attribute attribute = rows[i].attribute;
        const char *value = answered(questions, i);

        if (!is_asked((int)i, questions->kind))
            continue;
        snprintf(shown[count].text, sizeof(shown[count].text), "%s: %.400s",
                 name_view_label(attribute),
                 value != NULL && !is_nothing(value)
                     ? name_view_value(attribute, value).text
                     : "-");
        items[count] = shown[count].text;
        place[count++] = i;
    }
    chosen = count;
    end = prompt_choose(screen, _("Which one is to be corrected?"), items,
                        count, &chosen);
    if (end == PROMPT_OK)
        *row = 1 + place[chosen];
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
