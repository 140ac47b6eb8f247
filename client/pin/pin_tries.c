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
    static _Thread_local char text[128];
    const int tries = pin_tries_left(outcome);
    struct pin_state state;

    if ((outcome == OUTCOME_PIN_LENGTH ||
         outcome == OUTCOME_ADMIN_PIN_LENGTH) &&
        pin_seen_last(&state)) {
        snprintf(text, sizeof(text),
                 _("A PIN of this token has from %zu to %zu characters."),
                 pin_least(&state), pin_most(&state));
        return text;
    }
    if (tries == PIN_TRIES_UNKNOWN)
        return "";
    snprintf(text, sizeof(text), _("Tries left: %d."), tries);
    return text;
}
