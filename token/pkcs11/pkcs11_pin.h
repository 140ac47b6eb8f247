/* The PINs of a token behind a module. */
#ifndef TOKEN_PKCS11_PKCS11_PIN_H
#define TOKEN_PKCS11_PKCS11_PIN_H

#include "token/pin.h"
#include "token/pkcs11/pkcs11_token.h"

/* Log the user in by pin_enter; nothing where that is done already. */
MUST_CHECK enum fault pkcs11_pin_login(struct pkcs11_token *token);

/* Whether a PIN is right, the user's also where the token wants another one
 * before it lets anybody in. */
MUST_CHECK enum fault pkcs11_pin_check(struct pkcs11_token *token,
                                       enum pin_owner owner);

/* Give the PIN again for one use of a key that asks for it at each. */
MUST_CHECK enum fault pkcs11_pin_login_again(struct pkcs11_token *token);

/* What it says of a PIN, read anew; costs no try. */
MUST_CHECK enum fault pkcs11_pin_state(struct pkcs11_token *token,
                                       enum pin_owner owner,
                                       struct pin_state *state);

/* Put another PIN in; the old one is asked for by pin_enter. */
MUST_CHECK enum fault pkcs11_pin_set(struct pkcs11_token *token,
                                     enum pin_owner owner, const char *new_one);

/* Put a new PIN of the user in, with all its tries, as the administrator, whose
 * PIN is asked for by pin_enter. */
MUST_CHECK enum fault pkcs11_pin_unblock(struct pkcs11_token *token,
                                         const char *new_one);

/* What a token says of the PIN of state->owner: its tries, its length and where
 * it is entered. */
void pkcs11_pin_read(const CK_TOKEN_INFO *info, struct pin_state *state);

#endif
