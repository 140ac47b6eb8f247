#include "token/rutoken/session/token_met.h"

#include "token/rutoken/session/token_session.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct met {
    char reader[READER_NAME_MAX];
    uint32_t turn;
    char serial[TOKEN_SESSION_SERIAL];
    unsigned sessions; /* of ours that are at it */
} met[READERS_MAX];

/* The row of a reader, else an empty one; NULL where there is none. Under the
 * mutex. */
static struct met *row_of(const char *reader)
{
    struct met *empty = NULL;

    for (size_t i = 0; i < READERS_MAX; i++) {
        if (strcmp(met[i].reader, reader) == 0)
            return &met[i];
        if (empty == NULL && met[i].reader[0] == '\0')
            empty = &met[i];
    }
    return empty;
}

void token_met_begin(const struct reader_state *reader, const char *serial)
{
    struct met *row;

    pthread_mutex_lock(&mutex);
    row = row_of(reader->name);
    if (row != NULL) {
        (void)snprintf(row->reader, sizeof row->reader, "%s", reader->name);
        (void)snprintf(row->serial, sizeof row->serial, "%s", serial);
        row->turn = reader->turn;
        row->sessions++;
    }
    pthread_mutex_unlock(&mutex);
}

void token_met_end(const char *reader)
{
    struct met *row;

    pthread_mutex_lock(&mutex);
    row = row_of(reader);
    if (row != NULL && row->sessions > 0)
        row->sessions--;
    pthread_mutex_unlock(&mutex);
}

enum token_met token_met(const struct reader_state *reader, const char *serial)
{
    const struct met *row;
    enum token_met known = TOKEN_MET_PERHAPS;

    pthread_mutex_lock(&mutex);
    row = row_of(reader->name);
    if (serial[0] != '\0' && row != NULL && row->reader[0] != '\0' &&
        row->turn == reader->turn && strcmp(row->serial, serial) != 0)
        known = row->sessions > 0 ? TOKEN_MET_HELD : TOKEN_MET_OTHER;
    pthread_mutex_unlock(&mutex);
    return known;
}
