#include "client/copying/copying_target.h"

#include "client/making/copy_target.h"
#include "client/unlock.h"

enum outcome copying_target(const struct desk *desk, const char *question,
                            const char *container,
                            const struct medium_ops **ops, char *location,
                            struct failure *failure)
{
    const char *to = desk->options->to;
    char answer[LOCATION_MAX];
    enum outcome outcome = OUTCOME_DONE;
    enum fault fault;

    if (to == NULL) {
        outcome = unlock_unanswered(
            copy_target_ask(desk->screen, question, false, container, answer),
            "--to", failure);
        to = answer;
    }
    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = medium_find(to, ops, location);
    /* A full token may hold the copy already. */
    if (fault == FAULT_NONE && (*ops)->probe(location, NULL) == FAULT_NOT_FOUND)
        fault = FAULT_NOT_FOUND;
    return unlock_fault(fault, to, failure);
}
