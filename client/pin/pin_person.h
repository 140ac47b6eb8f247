/* The person as the source of PINs of tokens (token/pin.h). */
#ifndef CLIENT_PIN_PIN_PERSON_H
#define CLIENT_PIN_PIN_PERSON_H

#include "client/screen/screen.h"

/* From now on PINs are asked for at this screen: which token it is for, how
 * many tries are left where that matters; for the last one the person must
 * say that they want it spent. Where there is nobody to ask, none is given. */
void pin_person_begin(struct screen *screen);

/* From now on nothing is said of a PIN that is still as the token was sold. */
void pin_person_hush(void);

/* No longer; what was given is wiped. */
void pin_person_end(void);

#endif
