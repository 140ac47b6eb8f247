#include "client/renewal/places.h"

#include "client/making/new_password.h"
#include "client/making/target.h"
#include "client/pin/pin_given.h"
#include "client/text.h"
#include "client/unlock.h"

#include <stdio.h>
#include <string.h>

struct place {
    const char *given; /* NULL: not named */
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX]; /* "": not named */
};

static enum outcome find(struct place *place, const char *given, bool for_copy,
                         const struct options *options, struct failure *failure)
{
    enum fault fault;
    bool inside;

    *place = (struct place){.given = given};
    if (given == NULL)
        return failure->outcome = OUTCOME_DONE;
    fault = medium_find(given, &place->ops, place->canonical);
    if (fault == FAULT_NONE && for_copy && place->ops->inside_only)
        fault = FAULT_INSIDE_ONLY;
    inside = fault == FAULT_NONE && !for_copy &&
             (options->on_token || place->ops->inside_only);
    if (fault == FAULT_NONE)
        fault =
            target_probe(place->ops, place->canonical,
                         inside ? algorithm_by_word(options->algorithm) : NULL);
    return failure_set(failure, outcome_of_fault(fault),
                       fault == FAULT_NONE ? "" : text_clean(given).text);
}

enum outcome places_check(const struct options *options,
                          struct failure *failure)
{
    struct place target, backup;

    if (find(&target, options->to, false, options, failure) != OUTCOME_DONE ||
        find(&backup, options->backup, true, options, failure) != OUTCOME_DONE)
        return failure->outcome;
    if (target.given == NULL || backup.given == NULL)
        return OUTCOME_DONE;
    if (target.ops->inside_only)
        return failure_set(failure, OUTCOME_KEY_STAYS, "--backup");
    if (strcmp(target.canonical, backup.canonical) == 0)
        return failure_set(
            failure, OUTCOME_USAGE,
            _("--backup names the place of the key itself: a copy "
              "there would be lost with it."));
    return OUTCOME_DONE;
}

enum outcome places_ask(struct options *options, struct screen *screen,
                        const char *former, char *target,
                        struct failure *failure)
{
    enum prompt_end end;

    if (!options->on_token || options->to != NULL ||
        !screen_interactive(screen))
        return OUTCOME_DONE;
    end = target_ask(screen, NULL, former,
                     algorithm_by_word(options->algorithm), target);
    options->to = target;
    return end == PROMPT_OK ? OUTCOME_DONE
                            : unlock_unanswered(end, "--to", failure);
}

/* --- PINs ---------------------------------------------------------------- */

struct pin_place {
    const char *where; /* NULL: not named */
    bool given;
    char token[MEDIUM_KEY_MAX]; /* "": none */
};

static void find_token(struct pin_place *place)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];

    if (place->where != NULL &&
        medium_find(place->where, &ops, canonical) == FAULT_NONE &&
        ops->exclusive != NULL)
        ops->exclusive(canonical, place->token);
}

/* A PIN that was read is known wherever its token is used from then on; the
 * places are in the order of their use. */
static bool is_given(const struct pin_place *places, size_t count,
                     const char *token)
{
    for (size_t i = 0; i < count; i++)
        if (places[i].given && strcmp(places[i].token, token) == 0)
            return true;
    return false;
}

enum outcome places_pins(const struct options *options, const char *old,
                         struct failure *failure)
{
    struct pin_place places[] = {
        {options->paper ? NULL : old, /* its key signs nothing then */
         options->old_pin_file != NULL || options->old_pin_fd >= 0, ""},
        {options->to, options->pin_file != NULL || options->pin_fd >= 0, ""},
        {options->backup,
         options->copy_pin_file != NULL || options->copy_pin_fd >= 0, ""}};
    const size_t count = sizeof(places) / sizeof(places[0]);

    for (size_t i = 0; i < count; i++)
        find_token(&places[i]);
    for (size_t i = 0; i < count; i++)
        if (places[i].token[0] != '\0' &&
            !is_given(places, i + 1, places[i].token) &&
            pin_given_is_needed(places[i].where))
            return failure_set(failure, OUTCOME_PIN_NEEDED,
                               text_clean(places[i].where).text);
    return failure_set(failure, OUTCOME_DONE, "");
}

/* --- passwords ----------------------------------------------------------- */

enum outcome places_password(const struct options *options,
                             struct failure *failure)
{
    return options->to != NULL && options->pin_file != NULL
               ? new_password_look(options->to, options->pin_file, "--pin-file",
                                   failure)
               : failure_set(failure, OUTCOME_DONE, "");
}
