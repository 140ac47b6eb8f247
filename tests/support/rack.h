/* Readers in this process, with virtual tokens in them, instead of pcscd's:
 * what token/rutoken/card/reader.h promises, for tests of all that stands on
 * it.
 *
 *     rack_open();
 *     rack.reader[0].card = vtoken_new(&setup);
 *     … the driver, a command …
 *     rack_close();
 */
#ifndef TESTS_SUPPORT_RACK_H
#define TESTS_SUPPORT_RACK_H

#include "tests/vtoken/vtoken.h"

#include <stdbool.h>
#include <stddef.h>

enum { RACK_READERS = 4 };

extern struct rack {
    size_t count; /* readers; 1 after rack_open */
    struct rack_reader {
        const char *name;    /* "Aktiv Rutoken ECP 00 00" and so on */
        struct vtoken *card; /* owned; NULL: empty */
        bool busy;           /* another program has it for itself */
        bool mute;           /* the token in it does not answer */
    } reader[RACK_READERS];
    bool no_service;

    /* Called when somebody waits and nothing has changed: time passes, a
     * token may be put in. NULL: nothing happens. */
    void (*wait)(void);

    /* What has happened. */
    unsigned connects, waits;
    unsigned open;    /* services, connections and transactions that are */
    unsigned longest; /* commands in the longest transaction */
    bool unprotected; /* a PIN or a write was sent outside of one */
} rack;

/* The driver finds these readers, one and empty. */
void rack_open(void);

/* Back to the system's; frees the tokens. The test ends where something was
 * left open, a PIN is still entered or a token was told to format itself. */
void rack_close(void);

/* For the middle of a test: nothing is open and nobody is logged in. */
void rack_is_left(void);

#endif
