/* Tokens of a plan: those that go without a number, or without a PIN. */
#include "client/batch/plan_parts.h"

#include "client/pin/pin_given.h"
#include "client/text.h"
#include "token/medium.h"

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

/* A PIN that was read once is known wherever its token is used. Those for the
 * old containers are read first, before any row begins. */
static bool is_pin_given(const struct plan *plan, const char *token,
                         size_t words)
{
    for (size_t i = 0; i < plan->rows; i++)
        for (size_t j = 0; j < words; j++)
            if (plan_get(plan, i, pin_words[j]) != NULL &&
                strcmp(plan_token(plan, i, token_words[j]), token) == 0)
                return true;
    return false;
}

bool plan_lacks_pin(const struct plan *plan, size_t row)
{
    for (size_t i = 0; i < TOKEN_WORDS; i++) {
        const char *token = plan_token(plan, row, token_words[i]);
        const size_t words = token_words[i] == PLAN_CONTAINER ? 1 : TOKEN_WORDS;

        if (token[0] != '\0' && !is_pin_given(plan, token, words) &&
            pin_given_is_needed(plan_place(plan, row, token_words[i])))
            return true;
    }
    return false;
}
