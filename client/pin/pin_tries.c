#include "client/pin/pin_tries.h"

#include "client/text.h"
#include "token/pin.h"

#include <stdio.h>

int pin_tries_left(enum outcome outcome)
{
    struct pin_state state;

    return (outcome == OUTCOME_PIN_WRONG ||
            outcome == OUTCOME_ADMIN_PIN_WRONG) &&
                   pin_seen_last(&state)
               ? state.tries
               : PIN_TRIES_UNKNOWN;
}

const char *pin_tries_text(enum outcome outcome)
{
    static _Thread_local char text[64];
    const int tries = pin_tries_left(outcome);

    if (tries == PIN_TRIES_UNKNOWN)
        return "";
    snprintf(text, sizeof(text), _("Tries left: %d."), tries);
    return text;
}
