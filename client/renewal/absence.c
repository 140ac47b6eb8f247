#include "client/renewal/absence.h"

#include "client/tokens/token_wait.h"

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
