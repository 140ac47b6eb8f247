#include "client/batch/run/servers.h"

#include "api/api.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE = 1024 };

/* A connection that nobody uses. */
struct idle {
    long server;
    struct api *api;
};

struct servers {
    const struct batch *batch;
    pthread_mutex_t lock; /* of what follows */
    struct server **server;
    long count;
    struct idle idle[BATCH_JOBS_MAX]; /* the one used last is the last */
    size_t idles;
};

size_t servers_most(const struct batch *batch)
{
    return 2 * batch->plan->rows + 2;
}

struct servers *servers_new(const struct batch *batch)
{
    struct servers *servers = calloc(1, sizeof(*servers));

    if (servers == NULL)
        return NULL;
    servers->batch = batch;
    servers->server = calloc(servers_most(batch), sizeof(*servers->server));
    if (servers->server != NULL &&
        pthread_mutex_init(&servers->lock, NULL) == 0)
        return servers;
    free(servers->server);
    free(servers);
    return NULL;
}

void servers_free(struct servers **servers)
{
    if (*servers == NULL)
        return;
    for (size_t i = 0; i < (*servers)->idles; i++)
        api_free(&(*servers)->idle[i].api);
    for (long i = 0; i < (*servers)->count; i++)
        server_free(&(*servers)->server[i]);
    free((*servers)->server);
    pthread_mutex_destroy(&(*servers)->lock);
    free(*servers);
    *servers = NULL;
}

/* --- finding ------------------------------------------------------------- */

static long add(struct servers *servers, const char *url, const char *ca)
{
    struct server *server;

    if ((size_t)servers->count >= servers_most(servers->batch))
        return SERVERS_NONE;
    server = server_new(servers->batch, url, ca);
    if (server == NULL)
        return SERVERS_NONE;
    servers->server[servers->count] = server;
    return servers->count++;
}

/* The last ones first: those of rows that were begun together. */
long servers_find(struct servers *servers, const char *url, const char *ca)
{
    long number;

    pthread_mutex_lock(&servers->lock);
    number = servers->count - 1;
    while (number >= 0 && !server_is(servers->server[number], url, ca))
        number--;
    if (number < 0)
        number = add(servers, url, ca);
    pthread_mutex_unlock(&servers->lock);
    return number;
}

long servers_count(struct servers *servers)
{
    long count;

    pthread_mutex_lock(&servers->lock);
    count = servers->count;
    pthread_mutex_unlock(&servers->lock);
    return count;
}

struct server *servers_at(struct servers *servers, long number)
{
    struct server *server;

    pthread_mutex_lock(&servers->lock);
    server = servers->server[number];
    pthread_mutex_unlock(&servers->lock);
    return server;
}

/* --- connections --------------------------------------------------------- */

static struct api *take_out(struct servers *servers, size_t at)
{
    struct api *api = servers->idle[at].api;

    servers->idles--;
    memmove(&servers->idle[at], &servers->idle[at + 1],
            (servers->idles - at) * sizeof(servers->idle[0]));
    return api;
}

enum outcome servers_lend(struct servers *servers, long number,
                          struct api **api)
{
    *api = NULL;
    pthread_mutex_lock(&servers->lock);
    for (size_t i = servers->idles; i > 0 && *api == NULL; i--)
        if (servers->idle[i - 1].server == number)
            *api = take_out(servers, i - 1);
    pthread_mutex_unlock(&servers->lock);
    return *api != NULL ? OUTCOME_DONE
                        : server_connect(servers_at(servers, number), api);
}

void servers_return(struct servers *servers, long number, struct api **api)
{
    struct api *oldest = NULL;

    if (*api == NULL)
        return;
    pthread_mutex_lock(&servers->lock);
    if (servers->idles == servers->batch->jobs)
        oldest = take_out(servers, 0);
    servers->idle[servers->idles++] = (struct idle){number, *api};
    pthread_mutex_unlock(&servers->lock);
    api_free(&oldest);
    *api = NULL;
}

/* --- what is said -------------------------------------------------------- */

static void append(char *out, size_t size, const char *sentence)
{
    const size_t used = strlen(out);

    if (used + strlen(sentence) + 2 <= size)
        snprintf(out + used, size - used, "%s%s", used > 0 ? " " : "",
                 sentence);
}

enum outcome servers_why(struct servers *servers, char *out, size_t size)
{
    const long count = servers_count(servers);
    enum outcome worst = OUTCOME_DONE;
    char sentence[SENTENCE];

    out[0] = '\0';
    for (long i = 0; i < count; i++) {
        const enum outcome why =
            server_why(servers_at(servers, i), sentence, sizeof(sentence));

        if (why == OUTCOME_DONE)
            continue;
        append(out, size, sentence);
        if (outcome_row(why)->status > outcome_row(worst)->status)
            worst = why;
    }
    return worst;
}
