#include "client/renewal/session.h"

#include "client/state/paths.h"
#include "keygen/secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 2048 };

static int place(const char *renewal, char *path)
{
    char name[64];

    snprintf(name, sizeof(name), "session-%.32s", renewal);
    return paths_of(PATHS_STATE, name, path);
}

void session_free(struct session *session)
{
    secret_free(&session->sid);
    secret_free(&session->refresh_token);
}

static bool take(struct session *session, const char *sid, size_t sid_size,
                 const char *token, size_t token_size)
{
    session_free(session);
    session->sid = secret_copy(sid, sid_size);
    session->refresh_token = secret_copy(token, token_size);
    if (session->sid != NULL && session->refresh_token != NULL)
        return true;
    session_free(session);
    return false;
}

/* Two lines; a kill in the middle of the writing left fewer. */
static void parse(struct session *session, const char *text)
{
    const char *first = strchr(text, '\n');
    const char *second = first != NULL ? strchr(first + 1, '\n') : NULL;

    if (second == NULL || second[1] != '\0' || first == text ||
        second == first + 1)
        return;
    take(session, text, (size_t)(first - text), first + 1,
         (size_t)(second - first - 1));
}

void session_load(struct session *session, const char *renewal)
{
    char path[PATHS_MAX];
    size_t size = 0;
    char *text;

    if (place(renewal, path) != 0)
        return;
    text = paths_read(path, FILE_MAX, &size);
    if (text == NULL)
        return;
    parse(session, text);
    sodium_memzero(text, size);
    free(text);
}

bool session_keep(struct session *session, const char *renewal, const char *sid,
                  const char *refresh_token)
{
    char path[PATHS_MAX];
    int fd = -1;

    if (!take(session, sid, strlen(sid), refresh_token, strlen(refresh_token)))
        return false;
    if (place(renewal, path) == 0)
        fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                  0600);
    if (fd >= 0) {
        dprintf(fd, "%s\n%s\n", sid, refresh_token);
        close(fd);
    }
    return true;
}

void session_forget(struct session *session, const char *renewal)
{
    char path[PATHS_MAX];

    session_free(session);
    if (place(renewal, path) == 0)
        unlink(path);
}
