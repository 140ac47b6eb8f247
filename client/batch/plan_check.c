/* Each row of a plan by itself, and all of them together. */
#include "client/batch/plan_parts.h"

#include "client/text.h"
#include "client/view/requisite_text.h"
#include "keygen/algorithm.h"
#include "token/container/codepage.h"
#include "token/medium.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- a value ------------------------------------------------------------- */

static void check_mode(struct plan *plan, size_t row, enum plan_word word)
{
    const char *mode = plan_get(plan, row, word);

    /* Between the sheet and its scan stands a person's hand. */
    if (strcmp(mode, "paper") == 0)
        plan_complain(plan, plan_place_of(plan, row, word), "%s",
                      _("A statement on paper has to be signed by hand, so it "
                        "is no part of a plan. Renew this certificate alone, "
                        "with: kep renew --paper."));
    else if (strcmp(mode, "express") != 0 && strcmp(mode, "normal") != 0)
        plan_complain(plan, plan_place_of(plan, row, word),
                      _("\"%s\" is no mode: express or normal."),
                      text_clean(mode).text);
}

static void check_algorithm(struct plan *plan, size_t row, enum plan_word word)
{
    const char *algorithm = plan_get(plan, row, word);

    if (algorithm_by_word(algorithm) == NULL)
        plan_complain(plan, plan_place_of(plan, row, word),
                      _("\"%s\" is no algorithm: gost2012-256 or "
                        "gost2012-512."),
                      text_clean(algorithm).text);
}

static void check_on_token(struct plan *plan, size_t row, enum plan_word word)
{
    const char *inside = plan_get(plan, row, word);

    if (strcmp(inside, "yes") != 0 && strcmp(inside, "no") != 0)
        plan_complain(plan, plan_place_of(plan, row, word),
                      _("\"%s\" is neither yes nor no: whether the key is made "
                        "inside of its token."),
                      text_clean(inside).text);
}

static void check_name(struct plan *plan, size_t row, enum plan_word word)
{
    uint8_t text[CONTAINER_NAME_MAX];
    const char *name = plan_get(plan, row, word);
    size_t size;

    if (codepage_encode(name, text, sizeof(text), &size) != FAULT_NONE)
        plan_complain(plan, plan_place_of(plan, row, word),
                      _("A container cannot have the name \"%s\": it is too "
                        "long, or has letters that are neither Russian nor "
                        "Latin."),
                      text_clean(name).text);
}

static void check_phone(struct plan *plan, size_t row, enum plan_word word)
{
    const char *phone = plan_get(plan, row, word);
    char kept[REQUISITE_MAX];
    struct requisite_finding finding;

    if (!requisite_check(REQUISITE_MOBILE, phone, strlen(phone), 0, kept,
                         &finding))
        plan_complain(plan, plan_place_of(plan, row, word), "%s",
                      requisite_text_flaw(REQUISITE_MOBILE, phone,
                                          strlen(phone), &finding)
                          .text);
}

static void keep_token(struct plan *plan, size_t row, enum plan_word word,
                       const struct medium_ops *ops, const char *place)
{
    char key[MEDIUM_KEY_MAX];

    medium_exclusive(ops, place, key);
    if (key[0] != '\0')
        plan->row[row].token[word] = plan_keep(plan, key, strlen(key));
}

/* Tokens that cannot be told yet, as they go without a number, count as one. */
enum fault plan_locate(struct plan *plan, size_t row, enum plan_word word)
{
    const char *given = plan_get(plan, row, word), *place = given;
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(given, &ops, canonical);

    if (fault == FAULT_NONE) {
        place = canonical;
        plan->row[row].place[word] =
            plan_keep(plan, canonical, strlen(canonical));
    } else {
        ops = medium_kind(given);
    }
    if (ops != NULL)
        keep_token(plan, row, word, ops, place);
    return fault;
}

static void complain_of_fault(struct plan *plan, size_t row,
                              enum plan_word word,
                              const struct outcome_row *outcome)
{
    plan_complain(plan, plan_place_of(plan, row, word), "%s: %s %s",
                  text_clean(plan_get(plan, row, word)).text,
                  _(outcome->sentence), _(outcome->advice));
}

static void check_location(struct plan *plan, size_t row, enum plan_word word)
{
    const enum fault fault = plan_locate(plan, row, word);

    /* Whatever else it is may change by the time of the row: a token that is
     * not there yet. */
    if (fault == FAULT_LOCATION || fault == FAULT_TOO_LARGE ||
        fault == FAULT_NOT_FOUND || fault == FAULT_NO_ACCESS ||
        fault == FAULT_TOKEN_SEVERAL)
        complain_of_fault(plan, row, word,
                          outcome_row(outcome_of_fault(fault)));
}

static void check_file(struct plan *plan, size_t row, enum plan_word word)
{
    const char *path = plan_get(plan, row, word);

    if (access(path, R_OK) != 0)
        plan_complain(plan, plan_place_of(plan, row, word),
                      _("The file %s cannot be read: %s"),
                      text_clean(path).text, strerror(errno));
}

static void (*const checks[PLAN_WORDS])(struct plan *plan, size_t row,
                                        enum plan_word word) = {
    [PLAN_CONTAINER] = check_location,
    [PLAN_TO] = check_location,
    [PLAN_PHONE] = check_phone,
    [PLAN_MODE] = check_mode,
    [PLAN_NAME] = check_name,
    [PLAN_BACKUP] = check_location,
    [PLAN_PIN_FILE] = check_file,
    [PLAN_OLD_PIN_FILE] = check_file,
    [PLAN_BACKUP_PIN_FILE] = check_file,
    [PLAN_ALGORITHM] = check_algorithm,
    [PLAN_ON_TOKEN] = check_on_token};

/* What many rows share (it was given once, as an option) is looked at once. */
static void check_values(struct plan *plan, enum plan_word word)
{
    for (size_t i = 0; i < plan->rows && checks[word] != NULL; i++) {
        uint32_t at = plan->row[i].at[word];

        if (at != 0 && i > 0 && at == plan->row[i - 1].at[word]) {
            plan->row[i].place[word] = plan->row[i - 1].place[word];
            plan->row[i].token[word] = plan->row[i - 1].token[word];
        } else if (at != 0 && plan->row[i].unread == OUTCOME_DONE) {
            checks[word](plan, i, word);
        }
    }
}

/* --- a row --------------------------------------------------------------- */

static bool is_missing(const struct plan_row *row, enum plan_word word)
{
    return row->at[word] == 0 && (row->told & 1U << word) == 0 &&
           row->unread == OUTCOME_DONE;
}

static void check_needed(struct plan *plan, enum plan_word word)
{
    size_t missing = 0, unread = 0;

    for (size_t i = 0; i < plan->rows; i++) {
        unread += plan->row[i].unread != OUTCOME_DONE;
        missing +=
            is_missing(&plan->row[i], word) && plan->row[i].column[word] == 0;
    }
    if (missing > 0 && missing + unread == plan->rows) {
        plan_complain(plan, (struct plan_place){1, 1},
                      _("\"%s\" is missing in all rows: each row needs it."),
                      plan_word(word));
        return;
    }
    for (size_t i = 0; i < plan->rows; i++)
        if (is_missing(&plan->row[i], word))
            plan_complain(plan, plan_place_of(plan, i, word),
                          _("\"%s\" is empty: each row needs it."),
                          plan_word(word));
}

/* Whether the key's medium makes keys nowhere but inside. */
static bool goes_inside_only(const struct plan *plan, size_t row)
{
    const char *to = plan_get(plan, row, PLAN_TO);
    const struct medium_ops *ops = to != NULL ? medium_kind(to) : NULL;

    return ops != NULL && ops->inside_only;
}

/* Who says that it is not to be made there would be wrong about it. */
static void check_inside(struct plan *plan, size_t row)
{
    const char *inside = plan_get(plan, row, PLAN_ON_TOKEN);

    if (inside != NULL && strcmp(inside, "no") == 0 &&
        goes_inside_only(plan, row))
        plan_complain(plan, plan_place_of(plan, row, PLAN_ON_TOKEN), "%s",
                      _("Through a PKCS#11 module a key is always made inside "
                        "of its token: leave on_token empty, or name another "
                        "place in \"to\"."));
}

/* Why there can be no copy of the key; NULL: there can. */
static const char *why_no_copy(const struct plan *plan, size_t row)
{
    if (plan_is_inside(plan, row) || goes_inside_only(plan, row))
        return _("The key is made inside of its token and never leaves it: "
                 "there can be no copy of it.");
    return plan->has_no_copies
               ? _("With --non-exportable the key is one that may not be "
                   "copied: there can be no copy of it.")
               : NULL;
}

/* Such a key has none, though all the others have. */
static void drop_backup(struct plan *plan, size_t row, const char *why)
{
    struct plan_row *one = &plan->row[row];

    if (one->at[PLAN_BACKUP] != 0 && one->column[PLAN_BACKUP] != 0)
        plan_complain(plan, plan_place_of(plan, row, PLAN_BACKUP), "%s", why);
    one->at[PLAN_BACKUP] = one->place[PLAN_BACKUP] = one->token[PLAN_BACKUP] =
        0;
}

/* A copy beside the key would be lost with it. */
static void check_backup(struct plan *plan, size_t row)
{
    const char *to = plan_place(plan, row, PLAN_TO);
    const char *backup = plan_place(plan, row, PLAN_BACKUP);
    const char *why = why_no_copy(plan, row);

    if (why != NULL)
        drop_backup(plan, row, why);
    else if (to != NULL && backup != NULL && strcmp(to, backup) == 0)
        plan_complain(plan, plan_place_of(plan, row, PLAN_BACKUP), "%s",
                      _("The copy would lie in the place of the key itself, "
                        "and be lost with it."));
}

/* --- all of them --------------------------------------------------------- */

struct mention {
    const char *text; /* of the plan */
    size_t row;
    enum plan_word word;
};

static int compare(const void *a, const void *b)
{
    const struct mention *one = a, *other = b;
    int order = strcmp(one->text, other->text);

    return order != 0 ? order
                      : (one->row > other->row) - (one->row < other->row);
}

typedef void twin_complaint(struct plan *plan, struct plan_place place,
                            size_t line);

/* Of mentions that are the same each but the first is told. */
static void complain_of_twins(struct plan *plan, struct mention *mention,
                              size_t count, twin_complaint *complain)
{
    size_t first = 0;

    qsort(mention, count, sizeof(*mention), compare);
    for (size_t i = 1; i < count; i++) {
        const struct mention *one = &mention[first], *other = &mention[i];

        if (strcmp(one->text, other->text) != 0)
            first = i;
        else if (one->row != other->row)
            complain(plan, plan_place_of(plan, other->row, other->word),
                     plan->row[one->row].line);
    }
}

static void complain_of_container(struct plan *plan, struct plan_place place,
                                  size_t line)
{
    plan_complain(plan, place, _("This container stands in line %zu already."),
                  line);
}

static void complain_of_token(struct plan *plan, struct plan_place place,
                              size_t line)
{
    plan_complain(plan, place,
                  _("This token is used in line %zu already: one token cannot "
                    "serve two renewals of one plan."),
                  line);
}

static void check_containers(struct plan *plan, struct mention *mention)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->rows; i++)
        if (plan->row[i].at[PLAN_CONTAINER] != 0)
            mention[count++] = (struct mention){
                plan_place(plan, i, PLAN_CONTAINER), i, PLAN_CONTAINER};
    complain_of_twins(plan, mention, count, complain_of_container);
}

/* What only one job at a time can use, and what is a slip in a plan that
 * somebody has written. Rutokens that go without a number count as one: nobody
 * could say which row means which. Of what was found several rows of one token
 * are meant, and come one after the other. */
static void check_tokens(struct plan *plan, struct mention *mention)
{
    static const enum plan_word words[] = {PLAN_CONTAINER, PLAN_TO};
    size_t count = 0;

    for (size_t i = 0; i < plan->rows; i++)
        for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++) {
            uint32_t token = plan->row[i].token[words[j]];

            if (token != 0)
                mention[count++] =
                    (struct mention){plan->text + token, i, words[j]};
        }
    complain_of_twins(plan, mention, count, complain_of_token);
}

enum outcome plan_check(struct plan *plan)
{
    static const enum plan_word needed[] = {PLAN_CONTAINER, PLAN_TO,
                                            PLAN_PHONE};
    struct mention *mention =
        calloc(2 * plan->rows + 1, sizeof(struct mention));

    if (mention == NULL)
        plan->failed = true;
    for (size_t i = 0; plan->rows > 0 && i < 3; i++)
        check_needed(plan, needed[i]);
    for (enum plan_word word = 0; word < PLAN_WORDS && !plan->failed; word++)
        check_values(plan, word);
    for (size_t i = 0; i < plan->rows && !plan->failed; i++) {
        check_inside(plan, i);
        check_backup(plan, i);
    }
    if (!plan->failed)
        check_containers(plan, mention);
    if (!plan->failed && !plan->is_found && !plan->is_status)
        check_tokens(plan, mention);
    if (!plan->failed)
        plan_check_unnumbered(plan);
    free(mention);
    plan_sort(plan);
    return plan->failed            ? OUTCOME_MEMORY
           : plan->complaints != 0 ? OUTCOME_PLAN_WRONG
                                   : OUTCOME_DONE;
}
