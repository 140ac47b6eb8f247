/* Passwords of containers: from a file, from a descriptor, from the person.
 * Never from argv or the environment. */
#ifndef CLIENT_PASSWORD_H
#define CLIENT_PASSWORD_H

#include "client/outcome/failure.h"

/* The content of a file or, where file is NULL, of an open descriptor: its
 * last newline is not part of it, nor a byte order mark of UTF-8 at its
 * beginning; an empty one is an empty password. At most
 * CONTAINER_PASSWORD_MAX characters of UTF-8. *password is in secret memory.
 * OUTCOME_CONTAINER_NOT_FOUND, _NO_ACCESS, _CONFIGURATION (too long, not
 * UTF-8, a NUL or a line break inside, a folder), _INTERRUPTED, _IO. */
enum outcome password_read(const char *file, int fd, char **password);

/* The same of one or two lines; *second NULL where there is one. */
enum outcome password_read_two(const char *file, int fd, char **first,
                               char **second);

/* The same for a command: failure says what is wrong with the file, and option
 * with which option it was given. second NULL: one line alone. */
enum outcome password_take(const char *file, long fd, const char *option,
                           char **first, char **second,
                           struct failure *failure);

/* NULL where a container can be given this password, else the sentence why
 * not. A prompt_check. */
const char *password_refuse(const char *password, void *data);

#endif
