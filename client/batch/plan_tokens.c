/* Tokens of a plan: those that go without a number, or without a PIN. */
#include "client/batch/plan_parts.h"

#include "client/pin/pin_given.h"
#include "client/text.h"
#include "token/medium.h"

#include <stdlib.h>
#include <string.h>

/* Where tokens may stand. */
static const enum plan_word token_words[] = {PLAN_CONTAINER, PLAN_TO,
                                             PLAN_BACKUP};
/* And the files with their PINs. */
static const enum plan_word pin_words[] = {PLAN_OLD_PIN_FILE, PLAN_PIN_FILE,
                                           PLAN_BACKUP_PIN_FILE};

enum { TOKEN_WORDS = sizeof(token_words) / sizeof(token_words[0]) };

/* A token whose number is not said and that is not in could be any other one
 * of the plan at its turn, also one that a copy is for. */
static bool is_any(const char *token)
{
    return strcmp(token, MEDIUM_KEY_ANY) == 0;
}

/* The first row but one that names a token by its number. */
static size_t row_of_numbered(const struct plan *plan, size_t row)
{
    for (size_t i = 0; i < plan->rows; i++)
        for (size_t j = 0; j < TOKEN_WORDS; j++) {
            const char *token = plan_token(plan, i, token_words[j]);

            if (i != row && token[0] != '\0' && !is_any(token))
                return i;
        }
    return plan->rows;
}

void plan_check_unnumbered(struct plan *plan)
{
    const size_t first = row_of_numbered(plan, plan->rows);
    const size_t second = row_of_numbered(plan, first);

    for (size_t i = 0; i < plan->rows; i++)
        for (size_t j = 0; j < TOKEN_WORDS; j++) {
            const size_t other = i != first ? first : second;

            if (other < plan->rows &&
                is_any(plan_token(plan, i, token_words[j])))
                plan_complain(plan, plan_place_of(plan, i, token_words[j]),
                              _("Which token is meant is not said, and that "
                                "of line %zu could be taken for it: write its "
                                "number, rutoken:NUMBER. It stands on its "
                                "body, and kep list shows it."),
                              (size_t)plan->row[other].line);
        }
}

/* --- PINs ---------------------------------------------------------------- */

struct mention {
    const char *token; /* of the plan */
    size_t row, word;  /* of token_words */
};

static size_t find_mentions(const struct plan *plan, struct mention *mention)
{
    size_t count = 0;

    for (size_t i = 0; i < plan->rows; i++)
        for (size_t j = 0; j < TOKEN_WORDS; j++) {
            const char *token = plan_token(plan, i, token_words[j]);

            if (token[0] != '\0')
                mention[count++] = (struct mention){token, i, j};
        }
    return count;
}

static int compare(const void *a, const void *b)
{
    const struct mention *one = a, *other = b;

    return strcmp(one->token, other->token);
}

/* Of one token. A PIN that was read once is known wherever its token is used,
 * but those for the old containers are read first, before any row begins. */
static void note_pins(struct plan *plan, const struct mention *mention,
                      size_t count)
{
    bool first = false, ever = false;

    for (size_t i = 0; i < count; i++) {
        const enum plan_word file = pin_words[mention[i].word];

        if (plan_get(plan, mention[i].row, file) != NULL) {
            ever = true;
            first |= file == PLAN_OLD_PIN_FILE;
        }
    }
    for (size_t i = 0; i < count; i++) {
        const enum plan_word word = token_words[mention[i].word];

        if (word == PLAN_CONTAINER ? first : ever)
            plan->row[mention[i].row].pins |= 1U << word;
    }
}

void plan_note_pins(struct plan *plan)
{
    struct mention *mention =
        calloc(TOKEN_WORDS * plan->rows + 1, sizeof(*mention));
    size_t count, next;

    if (mention == NULL) {
        plan->failed = true;
        return;
    }
    count = find_mentions(plan, mention);
    qsort(mention, count, sizeof(*mention), compare);
    for (size_t i = 0; i < count; i = next) {
        next = i + 1;
        while (next < count && compare(&mention[i], &mention[next]) == 0)
            next++;
        note_pins(plan, &mention[i], next - i);
    }
    free(mention);
}

bool plan_lacks_pin(const struct plan *plan, size_t row)
{
    for (size_t i = 0; i < TOKEN_WORDS; i++) {
        const enum plan_word word = token_words[i];

        if (plan_token(plan, row, word)[0] != '\0' &&
            (plan->row[row].pins & 1U << word) == 0 &&
            pin_given_is_needed(plan_place(plan, row, word)))
            return true;
    }
    return false;
}
