/* The two containers of a renewal, opened when they are first needed. */
#ifndef CLIENT_RENEWAL_KEYS_H
#define CLIENT_RENEWAL_KEYS_H

#include "client/renewal/renewal.h"

/* renewal->old_container, with its password where it has one. */
enum outcome keys_open_old(struct renewal *renewal);

/* renewal->new_container: made in an earlier step or run. */
enum outcome keys_open_new(struct renewal *renewal);

/* Make the new key, or find the one that an earlier run made: the folder's
 * name is in the journal before the key is made, so there is never a second
 * one for the same form. */
enum outcome keys_make_new(struct renewal *renewal);

#endif
