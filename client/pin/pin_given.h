/* PINs of tokens that --pin-file and its like give. */
#ifndef CLIENT_PIN_PIN_GIVEN_H
#define CLIENT_PIN_PIN_GIVEN_H

#include "client/renewal/renewal.h"

/* Whether what such an option gives is the PIN of the token that a place is
 * on, and not the password of a container. */
bool pin_given_is_meant(const struct medium_ops *ops);

/* Whether somebody has to give the PIN of the token at this place: none has to
 * for a folder, or where it is entered at the reader. */
bool pin_given_is_needed(const char *where);

/* The token of a place, which may be that of a key on it. */
MUST_CHECK enum fault pin_given_home(const struct medium_ops *ops,
                                     const char *where, char *location);

/* Read it (file NULL: from the descriptor; -1: none is given) and keep it for
 * the token of the place (token/pin.h), once in a run: one that was wrong is
 * not sent again. A second line is the password that a container on the token
 * has of its own. option: its name, for the sentence. On anything but
 * OUTCOME_DONE failure has the outcome and the detail. */
enum outcome pin_given_take(const struct medium_ops *ops, const char *where,
                            const char *file, long fd, const char *option,
                            struct failure *failure);

/* The same of its administrator's PIN. */
enum outcome pin_given_take_administrator(const struct medium_ops *ops,
                                          const char *where, const char *file,
                                          long fd, const char *option,
                                          struct failure *failure);

/* The password that came with the PIN of the token of a place, in secret
 * memory, its receiver's; NULL where none did. */
char *pin_given_password(const struct medium_ops *ops, const char *where);

/* Whether the PIN of the token of a place came out of that file in this run
 * and was wrong, and no other was right since. */
bool pin_given_was_wrong(const char *where, const char *file);

/* Wipe the passwords. */
void pin_given_forget(void);

#endif
