/* What is said of the password of a copy. */
#ifndef CLIENT_COPYING_COPY_PASSWORD_H
#define CLIENT_COPYING_COPY_PASSWORD_H

#include "client/screen/screen.h"

#include <stdbool.h>

/* A copy has the password of its original, or none; a token has its own PIN,
 * and nothing is said of a copy there. where: the copy. */
void copy_password_say(struct screen *screen, bool has_password,
                       const char *where);

#endif
