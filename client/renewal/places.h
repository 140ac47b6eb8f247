/* The places of a renewal's new key and of its copy, before it is begun. */
#ifndef CLIENT_RENEWAL_PLACES_H
#define CLIENT_RENEWAL_PLACES_H

#include "client/renewal/renewal.h"

/* Whether --to and --backup, where they are given, can be used, and go
 * together: a copy is elsewhere, and a key inside of a token has none. On
 * anything but OUTCOME_DONE failure has the outcome and the detail. */
enum outcome places_check(const struct options *options,
                          struct failure *failure);

/* Where a key is to be made inside of a token and --to does not say of which, a
 * person is asked: whether it can be has to be known before anything is begun.
 * former: the old container; target: LOCATION_MAX bytes that last as long as
 * the options. As places_check. */
enum outcome places_ask(struct options *options, struct screen *screen,
                        const char *former, char *target,
                        struct failure *failure);

/* Where nobody can be asked: OUTCOME_PIN_NEEDED, with the place, where no
 * option gives the PIN of a token, be it of the old container, the new one or
 * the copy. */
enum outcome places_pins(const struct options *options, const char *old,
                         struct failure *failure);

/* Whether --pin-file has a password that a new container can have, where --to
 * is a place that wants one. OUTCOME_CONFIGURATION. */
enum outcome places_password(const struct options *options,
                             struct failure *failure);

#endif
