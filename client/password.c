#include "client/password.h"

#include "client/stream.h"
#include "client/text.h"
#include "keygen/secret.h"
#include "keygen/utf8.h"
#include "token/container/container_password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Two lines of four bytes of UTF-8 a character and "\r\n", and one more to see
 * too long. */
enum { ROOM = 2 * (4 * CONTAINER_PASSWORD_MAX + 2) + 1 };

static enum outcome outcome_of_errno(int error)
{
    if (error == ENOENT || error == ENOTDIR || error == EBADF)
        return OUTCOME_CONTAINER_NOT_FOUND;
    if (error == EACCES || error == EPERM)
        return OUTCOME_NO_ACCESS;
    if (error == EISDIR)
        return OUTCOME_CONFIGURATION;
    if (error == EINTR)
        return OUTCOME_INTERRUPTED;
    return error == ENOMEM ? OUTCOME_MEMORY : OUTCOME_IO;
}

/* Characters of UTF-8; one more than any maximum where it is none. */
static size_t count(const char *text, size_t size)
{
    size_t characters = 0;
    uint32_t character;

    while (size > 0) {
        if (!utf8_read(&text, &size, &character))
            return SIZE_MAX;
        characters++;
    }
    return characters;
}

/* Why a text is no password of one or two lines, behind the name of its file.
 */
static const char *explain(const char *text, size_t size, bool two)
{
    if (size >= 2 &&
        (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return _("it is in UTF-16, which some programs call Unicode. Save it "
                 "as text in UTF-8.");
    if (memchr(text, '\0', size) != NULL ||
        (size < ROOM && count(text, size) == SIZE_MAX))
        return _("it is no text in UTF-8.");
    if (memchr(text, '\n', size - 1) == NULL)
        return _("it is longer than 256 characters.");
    return two ? _("there are too many lines in it. The PIN is one line; of a "
                   "container on the token that has a password, that is the "
                   "second.")
               : _("there is more than one line in it. The password is one "
                   "line alone.");
}

static enum outcome take_line(const char *text, size_t size, char **password)
{
    if (size == ROOM)
        return OUTCOME_CONFIGURATION;
    if (size > 0 && text[size - 1] == '\n') {
        size--;
        if (size > 0 && text[size - 1] == '\r')
            size--;
    }
    if (memchr(text, '\0', size) != NULL || memchr(text, '\n', size) != NULL ||
        count(text, size) > CONTAINER_PASSWORD_MAX)
        return OUTCOME_CONFIGURATION;
    *password = secret_copy(text, size);
    return *password != NULL ? OUTCOME_DONE : OUTCOME_MEMORY;
}

/* Where the second line begins, at the end of the text where there is none. */
static size_t second_line(const char *text, size_t size)
{
    const char *end = memchr(text, '\n', size);

    return end != NULL ? (size_t)(end - text) + 1 : size;
}

static enum outcome take_lines(const char *text, size_t size, char **first,
                               char **second)
{
    const size_t mark = size < ROOM ? utf8_mark_size(text, size) : 0;
    size_t next;
    enum outcome outcome;

    text += mark;
    size -= mark;
    next = size == ROOM || second == NULL ? size : second_line(text, size);
    outcome = take_line(text, next, first);
    if (outcome == OUTCOME_DONE && next < size)
        outcome = take_line(text + next, size - next, second);
    if (outcome != OUTCOME_DONE)
        secret_free(first);
    return outcome;
}

/* second NULL: one line alone. *why, translated, where it is known. */
static enum outcome read_lines(const char *file, int fd, char **first,
                               char **second, const char **why)
{
    /* O_NONBLOCK: a FIFO that nobody writes must not hang us. */
    int from = file != NULL
                   ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
                   : fd;
    char *text = NULL;
    enum outcome outcome;
    ssize_t size;

    *first = NULL;
    if (second != NULL)
        *second = NULL;
    if (from < 0)
        return outcome_of_errno(errno);
    text = secret_new(ROOM);
    if (text == NULL) {
        outcome = OUTCOME_MEMORY;
    } else {
        size = stream_read(from, text, ROOM);
        outcome = size < 0 ? outcome_of_errno(errno)
                           : take_lines(text, (size_t)size, first, second);
        if (size >= 0 && outcome == OUTCOME_CONFIGURATION)
            *why = explain(text, (size_t)size, second != NULL);
    }
    secret_free(&text);
    if (file != NULL)
        close(from);
    return outcome;
}

enum outcome password_read(const char *file, int fd, char **password)
{
    const char *why = NULL;

    return read_lines(file, fd, password, NULL, &why);
}

enum outcome password_read_two(const char *file, int fd, char **first,
                               char **second)
{
    const char *why = NULL;

    return read_lines(file, fd, first, second, &why);
}

enum outcome password_take(const char *file, long fd, const char *option,
                           char **first, char **second, struct failure *failure)
{
    const char *why = NULL;
    enum outcome outcome = read_lines(file, (int)fd, first, second, &why);
    char detail[FAILURE_DETAIL];

    snprintf(detail, sizeof(detail), "%s%s%.300s%s%s", option,
             file != NULL ? " " : "", file != NULL ? text_clean(file).text : "",
             why != NULL ? ": " : "", why != NULL ? why : "");
    return failure_set(failure, outcome, outcome == OUTCOME_DONE ? "" : detail);
}

const char *password_refuse(const char *password, void *data)
{
    (void)data;
    if (container_password_check(password) == FAULT_NONE)
        return NULL;
    return _("The password of a new container may have at most 256 "
             "characters, and only Latin letters, digits and signs: with "
             "others some programs could not open it.");
}
