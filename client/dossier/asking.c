#include "client/dossier/asking.h"

#include "client/dossier/draft.h"
#include "client/text.h"
#include "client/view/name_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 8, ERRORS_MAX = 32, QUESTION = 512 };

/* --- one field ----------------------------------------------------------- */

struct checking {
    const struct renewal *renewal;
    const struct field *field;
    char kept[FIELD_VALUE_MAX];
};

/* A hyphen alone takes a value away. */
static const char *check(const char *typed, void *data)
{
    struct checking *checking = data;
    const struct esia others = draft_esia(checking->renewal);

    return field_refuse(checking->field, strcmp(typed, "-") == 0 ? "" : typed,
                        &others, clock_now(checking->renewal->clock),
                        checking->kept);
}

static enum outcome ask_choice(struct renewal *renewal,
                               const struct field *field, const char *question,
                               bool *back)
{
    const struct field_choice *choices = field->choices;
    const char *now = draft_value(renewal, field->word);
    const char *labels[CHOICES_MAX];
    size_t count = 0, chosen = CHOICES_MAX;
    enum prompt_end end;

    for (; count < CHOICES_MAX && choices[count].word != NULL; count++) {
        labels[count] = _(choices[count].label);
        if (now != NULL && strcmp(now, choices[count].word) == 0)
            chosen = count;
    }
    end = prompt_choose_or_back(renewal->screen, question, labels, count,
                                &chosen);
    *back = end == PROMPT_BACK;
    if (end == PROMPT_OK)
        return draft_set(renewal, field->word, choices[chosen].word);
    return *back ? OUTCOME_DONE : renewal_unanswered(renewal, end, "--changes");
}

static enum outcome ask_line(struct renewal *renewal, const struct field *field,
                             const char *question, bool *back)
{
    struct checking checking = {.renewal = renewal, .field = field};
    const char *now = draft_value(renewal, field->word);
    char typed[FIELD_VALUE_MAX], shown[FIELD_VALUE_MAX];
    const struct prompt_line ask = {
        .question = question,
        .preset =
            now != NULL ? field_show(field, now, shown, sizeof(shown)) : NULL,
        .check = check,
        .data = &checking,
        .may_be_empty = check("", &checking) == NULL,
        .may_go_back = true};
    enum prompt_end end =
        prompt_line(renewal->screen, &ask, typed, sizeof(typed));

    *back = end == PROMPT_BACK;
    if (*back)
        return OUTCOME_DONE;
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--changes");
    if (check(typed, &checking) != NULL) /* an empty line that may be */
        checking.kept[0] = '\0';
    return draft_set(renewal, field->word, checking.kept);
}

enum outcome asking_field(struct renewal *renewal, const struct field *field,
                          bool *back)
{
    char question[QUESTION];

    if (field->hint != NULL)
        snprintf(question, sizeof(question), "%s (%s)", field_label(field),
                 _(field->hint));
    else
        snprintf(question, sizeof(question), "%s", field_label(field));
    return field->choices != NULL ? ask_choice(renewal, field, question, back)
                                  : ask_line(renewal, field, question, back);
}

/* --- those that are missing ---------------------------------------------- */

static const struct field *field_of(enum esia_field at)
{
    return field_find(esia_word(at));
}

static enum esia_problem problem_of(const struct renewal *renewal,
                                    enum esia_field at)
{
    const struct esia esia = draft_esia(renewal);

    return esia_check(&esia, at, clock_now(renewal->clock));
}

/* The first field from one on that is not as it must be; ESIA_COUNT: none. */
static int first_wrong(const struct renewal *renewal, int from)
{
    int i = from;

    while (i < ESIA_COUNT &&
           problem_of(renewal, (enum esia_field)i) == ESIA_GOOD)
        i++;
    return i;
}

static enum outcome tell_missing(struct renewal *renewal)
{
    char list[FAILURE_DETAIL] = "";
    size_t used = 0;

    for (int i = 0; (i = first_wrong(renewal, i)) < ESIA_COUNT; i++)
        used += (size_t)snprintf(
            list + used, used < sizeof(list) ? sizeof(list) - used : 0, "%s%s",
            used > 0 ? ", " : "", field_label(field_of((enum esia_field)i)));
    return renewal_fail(renewal, OUTCOME_DATA_NEEDED, "%s", list);
}

/* What does not go with the document that was chosen is taken away. */
static enum outcome drop_unwanted(struct renewal *renewal)
{
    enum outcome outcome = OUTCOME_DONE;

    for (int i = 0; outcome == OUTCOME_DONE && i < ESIA_COUNT; i++)
        if (problem_of(renewal, (enum esia_field)i) == ESIA_UNWANTED)
            outcome =
                draft_set(renewal, field_of((enum esia_field)i)->word, "");
    return outcome;
}

/* The field that was asked before, for "back": in the order of asking. */
static int before(const struct renewal *renewal, int at)
{
    const struct esia esia = draft_esia(renewal);

    for (int i = at - 1; i >= 0; i--)
        if (esia_wants(&esia, (enum esia_field)i))
            return i;
    return at;
}

static enum outcome ask_wrong(struct renewal *renewal)
{
    enum outcome outcome = drop_unwanted(renewal);
    int at = first_wrong(renewal, 0);

    while (outcome == OUTCOME_DONE && at < ESIA_COUNT) {
        bool back = false;

        outcome = asking_field(renewal, field_of((enum esia_field)at), &back);
        if (outcome == OUTCOME_DONE && !back)
            outcome = drop_unwanted(renewal);
        at = back ? before(renewal, at) : first_wrong(renewal, 0);
    }
    return outcome;
}

enum outcome asking_missing(struct renewal *renewal)
{
    if (first_wrong(renewal, 0) == ESIA_COUNT)
        return OUTCOME_DONE;
    if (!screen_interactive(renewal->screen))
        return tell_missing(renewal);
    screen_say(
        renewal->screen,
        _("The certification centre has to register every qualified "
          "certificate in ESIA, the register behind Gosuslugi. It does so by "
          "itself, but needs further data of the owner. Answers are kept at "
          "once; type \"back\" for the question before, \"cancel\" to stop."));
    return ask_wrong(renewal);
}

/* --- all of them --------------------------------------------------------- */

static bool is_editable(const struct renewal *renewal,
                        const struct field *field)
{
    if (field->esia >= 0) {
        const struct esia esia = draft_esia(renewal);

        return esia_wants(&esia, (enum esia_field)field->esia);
    }
    for (int i = 0; i < NAME_COUNT; i++) {
        char word[MESSAGE_WORD_MAX];
        const char *name;

        snprintf(word, sizeof(word), "editable.%d", i);
        name = message_text(renewal->form, word);
        if (name == NULL)
            return false;
        if (strcmp(strchr(field->word, '.') + 1, name) == 0)
            return true;
    }
    return false;
}

/* What the server says of a field. */
static void show_errors(struct renewal *renewal, const struct field *field)
{
    for (int i = 0; i < ERRORS_MAX; i++) {
        char word[MESSAGE_WORD_MAX];
        const char *target;

        snprintf(word, sizeof(word), "errors.%d.target", i);
        target = message_text(renewal->form, word);
        if (target == NULL)
            return;
        snprintf(word, sizeof(word), "errors.%d.message", i);
        if (strcmp(target, field->word) == 0)
            screen_pair(renewal->screen, "", "! %s",
                        text_clean(message_text(renewal->form, word)).text);
    }
}

/* Those that cannot be corrected here. */
static void show_fixed(struct renewal *renewal)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        enum name_attribute attribute = name_view_order(i);
        const char *name = name_rule(attribute)->word;
        const struct field *field = field_find(name);
        char word[MESSAGE_WORD_MAX];
        const char *value;

        if (field != NULL && is_editable(renewal, field))
            continue;
        snprintf(word, sizeof(word), "data.%s", name);
        value = draft_value(renewal, word);
        if (value != NULL)
            screen_pair(renewal->screen, name_view_label(attribute), "%s",
                        text_clean(value).text);
    }
}

/* list gets the fields in the order of their numbers; how many. */
static size_t show_numbered(struct renewal *renewal, const struct field *list[])
{
    const struct field *field;
    size_t count = 0;

    for (size_t i = 0; (field = field_at(i)) != NULL; i++) {
        char label[128], shown[FIELD_VALUE_MAX] = "-";
        const char *value;

        if (!is_editable(renewal, field))
            continue;
        list[count++] = field;
        snprintf(label, sizeof(label), "%2zu %s", count, field_label(field));
        value = draft_value(renewal, field->word);
        if (value != NULL)
            field_show(field, value, shown, sizeof(shown));
        screen_pair(renewal->screen, label, "%s", shown);
        show_errors(renewal, field);
    }
    return count;
}

/* 0: they are right, else the number of one to correct. */
static const char *check_number(const char *typed, void *data)
{
    const size_t *count = data;
    char *end;
    unsigned long number = strtoul(typed, &end, 10);

    return typed[0] >= '0' && typed[0] <= '9' && *end == '\0' &&
                   number <= *count && strlen(typed) <= 3
               ? NULL
               : _("Please type 0 or one of the numbers in the list.");
}

static enum outcome ask_number(struct renewal *renewal, size_t count,
                               size_t *number)
{
    char typed[16];
    const struct prompt_line ask = {
        .question = _("Which one is to be corrected? 0: everything is right"),
        .preset = "0",
        .check = check_number,
        .data = &count};
    enum prompt_end end =
        prompt_line(renewal->screen, &ask, typed, sizeof(typed));

    *number = 0;
    if (end == PROMPT_OK)
        *number = strtoul(typed, NULL, 10);
    return renewal_unanswered(renewal, end, "--accept-data");
}

enum outcome asking_all(struct renewal *renewal)
{
    const struct field *list[ESIA_COUNT + NAME_COUNT];
    enum outcome outcome = OUTCOME_DONE;
    size_t number = 1;

    while (outcome == OUTCOME_DONE && number > 0) {
        size_t count;
        bool back;

        screen_say(renewal->screen,
                   _("These data will be in the new certificate:"));
        show_fixed(renewal);
        screen_say(renewal->screen,
                   _("These can be corrected here: a hyphen takes one away, "
                     "\"back\" leaves it as it was. Those of the organisation "
                     "are corrected by your service centre alone."));
        count = show_numbered(renewal, list);
        if (!screen_interactive(renewal->screen) ||
            renewal->options->accept_data)
            return OUTCOME_DONE;
        outcome = ask_number(renewal, count, &number);
        if (outcome == OUTCOME_DONE && number > 0)
            outcome = asking_field(renewal, list[number - 1], &back);
        if (outcome == OUTCOME_DONE && number > 0)
            outcome = asking_missing(renewal);
    }
    return outcome;
}
