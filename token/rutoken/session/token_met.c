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

void token_met_note(const struct reader_state *reader, const char *serial)
{
    struct met *row;

    pthread_mutex_lock(&mutex);
    row = row_of(reader->name);
    if (row != NULL) {
        (void)snprintf(row->reader, sizeof row->reader, "%s", reader->name);
        (void)snprintf(row->serial, sizeof row->serial, "%s", serial);
        row->turn = reader->turn;
    }
    pthread_mutex_unlock(&mutex);
}

bool token_met_another(const struct reader_state *reader, const char *serial)
{
    const struct met *row;
    bool another;

    pthread_mutex_lock(&mutex);
    row = row_of(reader->name);
    another = row != NULL && row->reader[0] != '\0' &&
              row->turn == reader->turn && strcmp(row->serial, serial) != 0;
    pthread_mutex_unlock(&mutex);
    return another;
}
