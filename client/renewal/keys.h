/* The two containers of a renewal, opened when they are first needed. */
#ifndef CLIENT_RENEWAL_KEYS_H
#define CLIENT_RENEWAL_KEYS_H

#include "client/renewal/renewal.h"

/* renewal->old_certificate. As long as the old key has to sign it is read again
 * in every run: it says who the owner is, and the container may have changed
 * hands meanwhile. After that it comes from the archive. */
enum outcome keys_read_old(struct renewal *renewal);

/* renewal->old_container, with its password where it has one. */
enum outcome keys_open_old(struct renewal *renewal);

/* renewal->new_container: made in an earlier step or run. It is looked for
 * where it was made, then below --to: its drive may be mounted elsewhere
 * now. OUTCOME_KEY_LOST. */
enum outcome keys_open_new(struct renewal *renewal);

/* The same for what takes no signature: where the files are those out of which
 * the journal knows that the key came, it is not opened again, and nobody is
 * asked for its password. */
enum outcome keys_find_new(struct renewal *renewal);

/* Take an open container over as renewal->new_container (*container becomes
 * NULL); its place becomes RECORD_NEW_CONTAINER. Its public key must be the
 * one that the journal knows; one that it does not know yet is noted.
 * OUTCOME_KEY_LOST. */
enum outcome keys_take_new(struct renewal *renewal,
                           struct container **container);

/* Open the one at a place and take it over. */
enum outcome keys_adopt_new(struct renewal *renewal, const char *where);

#endif
