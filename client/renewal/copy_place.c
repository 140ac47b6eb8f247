#include "client/renewal/copy_place.h"

#include "client/making/whereabouts.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

/* NULL where the copy can be made or is there already, else the sentence why
 * not. */
static const char *refuse(const char *place, const struct renewal *renewal)
{
    const struct medium_ops *ops, *own;
    char location[LOCATION_MAX], where[LOCATION_MAX], home[LOCATION_MAX];
    enum fault fault = medium_find(place, &ops, location);

    if (fault == FAULT_NONE)
        fault = ops->probe(location, NULL);
    /* A copy beside the key is lost with it. */
    if (fault == FAULT_NONE &&
        medium_find(renewal_get(renewal, RECORD_NEW_CONTAINER), &own, where) ==
            FAULT_NONE &&
        medium_home(own, where, home) == FAULT_NONE &&
        strcmp(home, location) == 0)
        fault = FAULT_EXISTS;
    return fault == FAULT_NONE
               ? NULL
               : _(outcome_row(outcome_of_fault(fault))->sentence);
}

struct choice {
    const struct renewal *renewal;
    struct whereabouts places;
};

static const char *refuse_answer(const char *typed, void *data)
{
    const struct choice *choice = data;

    return refuse(whereabouts_named(&choice->places, typed), choice->renewal);
}

/* answer: LOCATION_MAX bytes. */
static enum prompt_end ask_place(struct renewal *renewal, char *answer)
{
    struct choice choice = {.renewal = renewal};
    char typed[LOCATION_MAX];
    const struct prompt_line ask = {
        .question = _("Where to put the copy: a number or a folder "
                      "(Enter: no copy now)"),
        .check = refuse_answer,
        .is_path = true,
        .data = &choice,
        .may_be_empty = true};
    enum prompt_end end = PROMPT_FAILED;

    if (!screen_interactive(renewal->screen))
        return PROMPT_NOBODY;
    if (whereabouts_find(&choice.places, NULL) == FAULT_NONE) {
        whereabouts_drop_for_copy(&choice.places,
                                  renewal_get(renewal, RECORD_NEW_CONTAINER));
        whereabouts_show(&choice.places, renewal->screen);
        end = prompt_line(renewal->screen, &ask, typed, sizeof(typed));
    }
    if (end == PROMPT_OK)
        snprintf(answer, LOCATION_MAX, "%s",
                 whereabouts_named(&choice.places, typed));
    whereabouts_free(&choice.places);
    return end;
}

enum outcome copy_place_choose(struct renewal *renewal)
{
    const char *given = renewal_get(renewal, RECORD_BACKUP);
    const char *why = NULL;
    char answer[LOCATION_MAX];
    enum prompt_end end;

    if (given != NULL && !screen_interactive(renewal->screen))
        return OUTCOME_DONE; /* the copying itself says what is wrong */
    if (given != NULL && given[0] != '\0')
        why = refuse(given, renewal);
    if (given != NULL && why == NULL)
        return OUTCOME_DONE;
    if (why != NULL)
        screen_say(renewal->screen, "%s: %s", text_clean(given).text, why);
    else
        screen_say(renewal->screen,
                   _("If the container is lost or damaged, you can no longer "
                     "sign or sign in. A copy of it is a must: on another "
                     "drive, on a token or on this computer."));
    end = ask_place(renewal, answer);
    if (end != PROMPT_OK && end != PROMPT_NOBODY)
        return renewal_unanswered(renewal, end, "--backup");
    renewal_set(renewal, RECORD_BACKUP, end == PROMPT_OK ? answer : "");
    return OUTCOME_DONE;
}
