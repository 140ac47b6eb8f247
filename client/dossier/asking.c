#include "client/dossier/asking.h"

#include "client/dossier/draft.h"
#include "client/dossier/papers.h"
#include "client/renewal/agreement.h"
#include "client/screen/walk.h"
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
                               const struct field *field, const char *question)
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
    end = prompt_choose(renewal->screen, question, labels, count, &chosen);
    return end == PROMPT_OK
               ? draft_set(renewal, field->word, choices[chosen].word)
               : renewal_unanswered(renewal, end, "--changes");
}

static enum outcome ask_line(struct renewal *renewal, const struct field *field,
                             const char *question)
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
        .may_be_empty = check("", &checking) == NULL};
    enum prompt_end end =
        prompt_line(renewal->screen, &ask, typed, sizeof(typed));

    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--changes");
    if (check(typed, &checking) != NULL) /* an empty line that may be */
        checking.kept[0] = '\0';
    return draft_set(renewal, field->word, checking.kept);
}

static enum outcome ask_field(struct renewal *renewal,
                              const struct field *field)
{
    char question[QUESTION];

    if (field->hint != NULL)
        snprintf(question, sizeof(question), "%s (%s)", field_label(field),
                 _(field->hint));
    else
        snprintf(question, sizeof(question), "%s", field_label(field));
    return field->choices != NULL ? ask_choice(renewal, field, question)
                                  : ask_line(renewal, field, question);
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
            used > 0 ? ", " : "",
            text_inside(field_label(field_of((enum esia_field)i))).text);
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

/* The rows are ЕСИА's fields, in the order of asking. */
static enum outcome ask_esia(struct renewal *renewal, size_t row, bool again)
{
    const enum esia_field at = (enum esia_field)row;
    const struct esia esia = draft_esia(renewal);
    enum outcome outcome = OUTCOME_DONE;

    if (again ? esia_wants(&esia, at)
              : problem_of(renewal, at) != ESIA_GOOD &&
                    problem_of(renewal, at) != ESIA_UNWANTED)
        outcome = ask_field(renewal, field_of(at));
    return outcome == OUTCOME_DONE ? drop_unwanted(renewal) : outcome;
}

struct dialogue {
    struct renewal *renewal;
    const struct field *list[ESIA_COUNT + NAME_COUNT]; /* as numbered */
    size_t number; /* of one to be corrected, 0: none */
    enum outcome outcome;
};

static bool ask_esia_row(void *context, size_t row, bool again)
{
    struct dialogue *dialogue = context;

    dialogue->outcome = ask_esia(dialogue->renewal, row, again);
    return dialogue->outcome == OUTCOME_DONE;
}

/* An answer may ask for one of a field before it. */
static enum outcome ask_missing(struct renewal *renewal)
{
    struct dialogue dialogue = {.renewal = renewal, .outcome = OUTCOME_DONE};

    while (dialogue.outcome == OUTCOME_DONE &&
           first_wrong(renewal, 0) < ESIA_COUNT)
        (void)walk_run(renewal->screen, ESIA_COUNT, ask_esia_row, &dialogue);
    return dialogue.outcome;
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

/* Whether it is no longer what the server has. */
static bool is_corrected(const struct renewal *renewal,
                         const struct field *field)
{
    const char *now = draft_value(renewal, field->word);
    const char *known = message_text(renewal->form, field->word);

    return strcmp(now != NULL ? now : "", known != NULL ? known : "") != 0;
}

/* What the server says of the field as it has it. */
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
                        name_view_value(attribute, value).text);
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
        if (!is_corrected(renewal, field))
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

/* 0: the list, 1: the one to be corrected, 2: what is missing then. */
static bool ask_correction(void *context, size_t row, bool again)
{
    struct dialogue *dialogue = context;
    struct renewal *renewal = dialogue->renewal;
    size_t count;

    (void)again;
    if (row > 0 && dialogue->number == 0)
        return true;
    if (row == 1) {
        dialogue->outcome =
            ask_field(renewal, dialogue->list[dialogue->number - 1]);
    } else if (row == 2) {
        if (first_wrong(renewal, 0) < ESIA_COUNT)
            screen_say(renewal->screen,
                       _("With that, further data of the owner are needed:"));
        dialogue->outcome = ask_missing(renewal);
    } else {
        screen_say(renewal->screen,
                   _("These data will be in the new certificate:"));
        show_fixed(renewal);
        if (agreement_is_asked(renewal))
            screen_say(
                renewal->screen,
                _("These can be corrected here: a hyphen takes one away, "
                  "\"back\" leaves it as it was. Those of the organisation "
                  "are corrected by your service centre alone."));
        count = show_numbered(renewal, dialogue->list);
        dialogue->number = 0;
        if (agreement_is_asked(renewal))
            dialogue->outcome = ask_number(renewal, count, &dialogue->number);
    }
    return dialogue->outcome == OUTCOME_DONE;
}

static enum outcome ask_all(struct dialogue *dialogue)
{
    do
        (void)walk_run(dialogue->renewal->screen, 3, ask_correction, dialogue);
    while (dialogue->outcome == OUTCOME_DONE && dialogue->number > 0);
    return dialogue->outcome;
}

/* --- the whole dialogue --------------------------------------------------- */

enum { ROW_REST = ESIA_COUNT, ROW_SCANS, ROW_ALL, ROWS };

static bool ask_row(void *context, size_t row, bool again)
{
    struct dialogue *dialogue = context;

    if (row < ROW_REST)
        return ask_esia_row(dialogue, row, again);
    if (row == ROW_REST)
        dialogue->outcome = ask_missing(dialogue->renewal);
    else if (row == ROW_SCANS)
        dialogue->outcome = papers_send_wanted(dialogue->renewal);
    else
        ask_all(dialogue);
    return dialogue->outcome == OUTCOME_DONE;
}

enum outcome asking_everything(struct renewal *renewal)
{
    struct dialogue dialogue = {.renewal = renewal, .outcome = OUTCOME_DONE};
    const bool missing = first_wrong(renewal, 0) < ESIA_COUNT;

    if (missing && !screen_interactive(renewal->screen))
        return tell_missing(renewal);
    if (missing) {
        screen_say(
            renewal->screen,
            _("The certification centre has to register every qualified "
              "certificate in ESIA, the register behind Gosuslugi. It does so "
              "by itself, but needs further data of the owner. Answers are "
              "kept at once; type \"back\" for the question before, "
              "\"cancel\" to stop."));
        dialogue.outcome = drop_unwanted(renewal);
    }
    if (dialogue.outcome == OUTCOME_DONE)
        (void)walk_run(renewal->screen, ROWS, ask_row, &dialogue);
    return dialogue.outcome;
}
