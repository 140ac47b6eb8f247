/* Each row of a plan by itself, and all of them together. */
#include "client/batch/plan_parts.h"

#include "client/state/paths.h"
#include "client/text.h"
#include "client/view/requisite_text.h"
#include "keygen/algorithm.h"
#include "token/container/codepage.h"
#include "token/medium.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* "7,9121E+10" */
static bool is_spreadsheets_number(const char *text)
{
    const size_t whole = strspn(text, "0123456789");
    const char *end = text + whole;

    if (whole != 1 || (*end != '.' && *end != ','))
        return false;
    end += 1 + strspn(end + 1, "0123456789");
    return (end[0] == 'E' || end[0] == 'e') && end[1] == '+' &&
           end[2 + strspn(end + 2, "0123456789")] == '\0';
}

static void check_phone(struct plan *plan, size_t row, enum plan_word word)
{
    const char *phone = plan_get(plan, row, word);
    char kept[REQUISITE_MAX];
    struct requisite_finding finding;

    if (is_spreadsheets_number(phone))
        plan_complain(plan, plan_place_of(plan, row, word),
                      _("A spreadsheet has made a number of the telephone, and "
                        "its last digits are lost: %s. Format that column as "
                        "text there and enter the telephones once more."),
                      text_clean(phone).text);
    else if (!requisite_check(REQUISITE_MOBILE, phone, strlen(phone), 0, kept,
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

    if (paths_check_file(path) != 0)
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

/* What many rows share is looked at once: what was given as an option, and the
 * place of the row before, where that was found. */
static bool is_shared(const struct plan *plan, size_t i, enum plan_word word)
{
    return i > 0 && (plan->row[i].at[word] == plan->row[i - 1].at[word] ||
                     (plan->row[i - 1].place[word] != 0 &&
                      text_is_same(plan_get(plan, i, word),
                                   plan_get(plan, i - 1, word))));
}

static void check_values(struct plan *plan, enum plan_word word)
{
    for (size_t i = 0; i < plan->rows && checks[word] != NULL; i++) {
        uint32_t at = plan->row[i].at[word];

        if (at != 0 && is_shared(plan, i, word)) {
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

static void complain_of_all(struct plan *plan, enum plan_word word)
{
    static const struct plan_place begin = {1, 1}, whole = {0, 0};

    if (plan->is_found) /* which has no columns that somebody could fill */
        plan_complain(plan, whole, _("Give --%s: each renewal needs it."),
                      plan_word(word));
    else if (word == PLAN_CONTAINER)
        plan_complain(plan, begin,
                      _("\"%s\" is missing in all rows: each row needs it."),
                      plan_word(word));
    else
        plan_complain(plan, begin,
                      _("\"%s\" is missing in all rows: each row needs it, or "
                        "--%s says it for all of them."),
                      plan_word(word), plan_word(word));
}

static void complain_of_each(struct plan *plan, enum plan_word word)
{
    for (size_t i = 0; i < plan->rows; i++)
        if (is_missing(&plan->row[i], word))
            plan_complain(plan, plan_place_of(plan, i, word),
                          _("\"%s\" is empty: each row needs it."),
                          plan_word(word));
}

static void check_needed(struct plan *plan, enum plan_word word)
{
    size_t missing = 0, unread = 0;

    for (size_t i = 0; i < plan->rows; i++) {
        unread += plan->row[i].unread != OUTCOME_DONE;
        missing +=
            is_missing(&plan->row[i], word) && plan->row[i].column[word] == 0;
    }
    if (missing > 0 && missing + unread == plan->rows)
        complain_of_all(plan, word);
    else
        complain_of_each(plan, word);
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

enum outcome plan_check(struct plan *plan)
{
    static const enum plan_word needed[] = {PLAN_CONTAINER, PLAN_TO,
                                            PLAN_PHONE};

    for (size_t i = 0; plan->rows > 0 && i < 3; i++)
        check_needed(plan, needed[i]);
    for (enum plan_word word = 0; word < PLAN_WORDS && !plan->failed; word++)
        check_values(plan, word);
    for (size_t i = 0; i < plan->rows && !plan->failed; i++) {
        check_inside(plan, i);
        check_backup(plan, i);
    }
    if (!plan->failed)
        plan_check_twins(plan);
    if (!plan->failed)
        plan_check_unnumbered(plan);
    plan_sort(plan);
    return plan->failed            ? OUTCOME_MEMORY
           : plan->complaints != 0 ? OUTCOME_PLAN_WRONG
                                   : OUTCOME_DONE;
}
