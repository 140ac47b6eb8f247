#include "client/making/copy_target.h"

#include "client/making/whereabouts.h"
#include "client/outcome/outcome.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

static bool is_home_of(const char *location, const char *container)
{
    const struct medium_ops *own;
    char where[LOCATION_MAX], home[LOCATION_MAX];

    return container != NULL &&
           medium_find(container, &own, where) == FAULT_NONE &&
           medium_home(own, where, home) == FAULT_NONE &&
           strcmp(home, location) == 0;
}

const char *copy_target_refuse(const char *place, const char *container)
{
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    enum fault fault = medium_find(place, &ops, location);

    if (fault == FAULT_NONE)
        fault = ops->probe(location, NULL);
    if (fault == FAULT_NONE && is_home_of(location, container))
        fault = FAULT_EXISTS;
    return fault == FAULT_NONE
               ? NULL
               : _(outcome_row(outcome_of_fault(fault))->sentence);
}

struct choice {
    const char *container;
    struct whereabouts places;
};

static const char *refuse_answer(const char *typed, void *data)
{
    const struct choice *choice = data;

    return copy_target_refuse(whereabouts_named(&choice->places, typed),
                              choice->container);
}

enum prompt_end copy_target_ask(struct screen *screen, const char *question,
                                bool may_be_empty, const char *container,
                                char *answer)
{
    struct choice choice = {.container = container};
    char typed[LOCATION_MAX];
    const struct prompt_line ask = {.question = question,
                                    .check = refuse_answer,
                                    .is_path = true,
                                    .data = &choice,
                                    .may_be_empty = may_be_empty};
    enum prompt_end end = PROMPT_FAILED;

    if (!screen_interactive(screen))
        return PROMPT_NOBODY;
    if (whereabouts_find(&choice.places, NULL) == FAULT_NONE) {
        whereabouts_drop_for_copy(&choice.places,
                                  container != NULL ? container : "");
        whereabouts_show(&choice.places, screen);
        end = prompt_line(screen, &ask, typed, sizeof(typed));
    }
    if (end == PROMPT_OK)
        snprintf(answer, LOCATION_MAX, "%s",
                 whereabouts_named(&choice.places, typed));
    whereabouts_free(&choice.places);
    return end;
}
