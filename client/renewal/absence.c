#include "client/renewal/absence.h"

#include "client/renewal/reason.h"
#include "client/tokens/token_wait.h"
#include "token/medium.h"

#include <stdio.h>

void absence_note(struct renewal *renewal, enum outcome outcome,
                  const char *where)
{
    snprintf(renewal->absent, sizeof(renewal->absent), "%s",
             token_wait_helps(outcome) ? where : "");
}

bool absence_is_over(struct renewal *renewal, enum outcome outcome)
{
    return token_wait_helps(outcome) && renewal->absent[0] != '\0' &&
           screen_interactive(renewal->screen) &&
           token_wait(renewal->screen, renewal->absent) == OUTCOME_DONE;
}

static bool at_once(void *context)
{
    (void)context;
    return true;
}

enum outcome absence_still(struct renewal *renewal)
{
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    struct failure was;
    enum fault fault;

    if (!reason_take(&renewal->record, &was) ||
        (!token_wait_helps(was.outcome) && was.outcome != OUTCOME_TOKEN_BUSY))
        return OUTCOME_DONE;
    ops = medium_kind(was.detail);
    if (ops == NULL || ops->await == NULL ||
        medium_home(ops, was.detail, location) != FAULT_NONE)
        return OUTCOME_DONE;
    fault = ops->await(location, at_once, NULL);
    return fault == FAULT_INTERRUPTED
               ? renewal_fail(renewal, was.outcome, "%s", was.detail)
               : renewal_fault(renewal, fault, was.detail);
}
