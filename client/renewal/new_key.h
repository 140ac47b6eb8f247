/* The new key: where, with which password, from what randomness. */
#ifndef CLIENT_RENEWAL_NEW_KEY_H
#define CLIENT_RENEWAL_NEW_KEY_H

#include "client/renewal/renewal.h"

/* Make it, or find the one that an earlier run made: the folder's name is in
 * the journal before the key is made, so there is never a second one beside
 * a first. renewal->new_container is open then. */
enum outcome new_key_make(struct renewal *renewal);

#endif
