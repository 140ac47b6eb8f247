/* What is said of the password of a copy. */
#ifndef CLIENT_COPYING_COPY_PASSWORD_H
#define CLIENT_COPYING_COPY_PASSWORD_H

#include "client/screen/screen.h"

#include <stdbool.h>

/* A token has its own PIN, and nothing is said of a copy there. */
bool copy_password_is_told(const char *where);

/* A copy has the password of its original, or none. where: the copy. */
void copy_password_say(struct screen *screen, bool has_password,
                       const char *where);

#endif
