#include "client/tokens/token_choice.h"

#include "client/text.h"
#include "client/unlock.h"
#include "client/view/medium_view.h"
#include "token/medium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKENS_MAX = 16 };

/* The tokens of one kind that are there. */
struct tokens {
    size_t count;
    char location[TOKENS_MAX][MEDIUM_LABEL_MAX];
    char text[TOKENS_MAX][4 * MEDIUM_LABEL_MAX];
};

static enum fault note(void *context, const char *where, enum fault fault,
                       const struct medium_info *info)
{
    struct tokens *tokens = context;
    const size_t i = tokens->count;

    if (fault != FAULT_NONE || i == TOKENS_MAX ||
        strlen(where) >= sizeof(tokens->location[0]))
        return FAULT_NONE;
    snprintf(tokens->location[i], sizeof(tokens->location[i]), "%s", where);
    snprintf(tokens->text[i], sizeof(tokens->text[i]), "%s",
             medium_view_name(info));
    tokens->count++;
    return FAULT_NONE;
}

static enum outcome choose(struct desk *desk, const struct medium_ops *ops,
                           const char *place, const char **chosen,
                           struct failure *failure)
{
    struct tokens *tokens = calloc(1, sizeof(*tokens));
    const char *items[TOKENS_MAX];
    size_t answer = TOKENS_MAX;
    enum prompt_end end = PROMPT_OK;

    if (tokens == NULL)
        return failure->outcome = OUTCOME_MEMORY;
    if (ops->present(note, tokens) != FAULT_NONE)
        tokens->count = 0;
    for (size_t i = 0; i < tokens->count; i++)
        items[i] = tokens->text[i];
    if (tokens->count > 0)
        end = prompt_choose(desk->screen,
                            _("Several tokens are plugged in. Which one do "
                              "you mean?"),
                            items, tokens->count, &answer);
    if (tokens->count > 0 && end == PROMPT_OK && answer < tokens->count)
        *chosen = options_keep(desk->options, tokens->location[answer]);
    free(tokens);
    return end == PROMPT_OK ? OUTCOME_DONE
                            : unlock_unanswered(end, place, failure);
}

static enum outcome settle(struct desk *desk, const char **place,
                           struct failure *failure)
{
    const struct medium_ops *ops = *place == NULL ? NULL : medium_kind(*place);
    char canonical[LOCATION_MAX];

    if (ops == NULL || ops->present == NULL || ops->enter == NULL ||
        medium_find(*place, &ops, canonical) != FAULT_TOKEN_SEVERAL)
        return OUTCOME_DONE;
    return choose(desk, medium_kind(*place), *place, place, failure);
}

enum outcome token_choice_make(struct desk *desk, struct failure *failure)
{
    struct options *options = desk->options;
    const char **const places[] = {&options->to, &options->backup};
    enum outcome outcome = OUTCOME_DONE;

    failure->outcome = OUTCOME_DONE;
    if (!screen_interactive(desk->screen))
        return outcome;
    for (size_t i = 0; i < options->arguments && outcome == OUTCOME_DONE; i++)
        outcome = settle(desk, &options->argument[i], failure);
    for (size_t i = 0; i < 2 && outcome == OUTCOME_DONE; i++)
        outcome = settle(desk, places[i], failure);
    return outcome;
}
