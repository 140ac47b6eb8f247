/* What a request by hand is to be, as the options say, and where it goes. */
#ifndef CLIENT_REQUEST_WISH_H
#define CLIENT_REQUEST_WISH_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

struct wish {
    const char *output;
    char typed[LOCATION_MAX]; /* what output points to where it was asked */
    bool der;                 /* else PEM */
    int identification;       /* as RFC 9215 5.5 counts */
    const struct algorithm *algorithm;
};

/* Everything that can be wrong with the options alone. On anything but
 * OUTCOME_DONE failure says what. */
enum outcome wish_read(const struct options *options, struct wish *wish,
                       struct failure *failure);

/* The file of --output or the one that a person names, which could be
 * written. */
enum outcome wish_choose_output(const struct desk *desk, struct wish *wish,
                                struct failure *failure);

#endif
