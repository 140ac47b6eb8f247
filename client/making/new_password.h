/* The password of a new container. */
#ifndef CLIENT_MAKING_NEW_PASSWORD_H
#define CLIENT_MAKING_NEW_PASSWORD_H

#include "client/renewal/renewal.h"

/* For a container in a location. Where that is on a token it gets none, for
 * the token's PIN protects it, and what the file or the descriptor gives is
 * that PIN. Else that of the file or the descriptor (NULL, -1: none), else what
 * the person chooses, who is told what that means; where there is nobody to
 * ask, none, which is said. *password is in secret memory, "" for none. inside:
 * the key is made inside of that token, which is said. On anything but
 * OUTCOME_DONE failure has the outcome and the detail. */
enum outcome new_password_choose(struct screen *screen,
                                 const struct medium_ops *ops,
                                 const char *location, bool inside,
                                 const char *file, long fd, char **password,
                                 struct failure *failure);

/* Whether a file gives what a new container in a place can have, before it is
 * needed: OUTCOME_CONFIGURATION where it does not; option is with what it was
 * given. A PIN, and what cannot be read now, or once only, is left for then. */
enum outcome new_password_look(const char *where, const char *file,
                               const char *option, struct failure *failure);

#endif
