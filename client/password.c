#include "client/password.h"

#include "keygen/secret.h"
#include "token/medium.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Four bytes of UTF-8 a character, "\r\n", and one more to see too long. */
enum { ROOM = 4 * CONTAINER_PASSWORD_MAX + 3 };

static ssize_t read_all(int fd, char *text)
{
    size_t size = 0;

    while (size < ROOM) {
        ssize_t n = read(fd, text + size, ROOM - size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        size += (size_t)n;
    }
    return (ssize_t)size;
}

static enum outcome outcome_of_errno(int error)
{
    if (error == ENOENT || error == ENOTDIR || error == EBADF)
        return OUTCOME_CONTAINER_NOT_FOUND;
    if (error == EACCES || error == EPERM)
        return OUTCOME_NO_ACCESS;
    return error == ENOMEM ? OUTCOME_MEMORY : OUTCOME_IO;
}

static enum outcome take_line(const char *text, size_t size, char **password)
{
    if (size == ROOM)
        return OUTCOME_CONFIGURATION;
    if (size > 0 && text[size - 1] == '\n')
        size--;
    if (size > 0 && text[size - 1] == '\r')
        size--;
    if (memchr(text, '\0', size) != NULL || memchr(text, '\n', size) != NULL)
        return OUTCOME_CONFIGURATION;
    *password = secret_copy(text, size);
    return *password != NULL ? OUTCOME_DONE : OUTCOME_MEMORY;
}

enum outcome password_read(const char *file, int fd, char **password)
{
    int from = file != NULL ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : fd;
    char *text = NULL;
    enum outcome outcome;
    ssize_t size;

    *password = NULL;
    if (from < 0)
        return outcome_of_errno(errno);
    text = secret_new(ROOM);
    if (text == NULL) {
        outcome = OUTCOME_MEMORY;
    } else {
        size = read_all(from, text);
        outcome = size < 0 ? outcome_of_errno(errno)
                           : take_line(text, (size_t)size, password);
    }
    secret_free(&text);
    if (file != NULL)
        close(from);
    return outcome;
}
