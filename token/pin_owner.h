/* Whose PIN of a token is meant. */
#ifndef TOKEN_PIN_OWNER_H
#define TOKEN_PIN_OWNER_H

enum pin_owner {
    PIN_OWNER_USER,         /* uses the keys */
    PIN_OWNER_ADMINISTRATOR /* unlocks the user's PIN, and sees no key */
};

#endif
