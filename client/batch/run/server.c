#include "client/batch/run/server.h"

#include "api/api.h"
#include "api/pace.h"
#include "api/timer.h"
#include "client/batch/run/course.h"
#include "client/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SECOND = 1000,
    MINUTE = 60 * SECOND, /* ms */
    TRIES = 5 /* in vain, before it is left: it may not have been tried for
                 long, while others had rows */
};

struct server {
    const struct batch *batch;
    char *url, *ca; /* NULL: none; the system's */
    struct pace *pace;

    pthread_mutex_t lock; /* of what follows */
    unsigned lost;        /* times in a row that nobody has reached it … */
    long long lost_since; /* … the first of them */
    time_t held_until;
    enum outcome left; /* why, OUTCOME_DONE: it is not */
};

static bool take(char **kept, const char *text)
{
    *kept = text != NULL ? strdup(text) : NULL;
    return text == NULL || *kept != NULL;
}

static void free_parts(struct server *server)
{
    pace_free(&server->pace);
    free(server->url);
    free(server->ca);
    free(server);
}

struct server *server_new(const struct batch *batch, const char *url,
                          const char *ca)
{
    struct server *server = calloc(1, sizeof(*server));

    if (server == NULL)
        return NULL;
    server->batch = batch;
    server->pace = pace_new();
    if (server->pace != NULL && take(&server->url, url) &&
        take(&server->ca, ca) && pthread_mutex_init(&server->lock, NULL) == 0)
        return server;
    free_parts(server);
    return NULL;
}

void server_free(struct server **server)
{
    if (*server == NULL)
        return;
    pthread_mutex_destroy(&(*server)->lock);
    free_parts(*server);
    *server = NULL;
}

bool server_is(const struct server *server, const char *url, const char *ca)
{
    return text_is_same(server->url, url) && text_is_same(server->ca, ca);
}

enum outcome server_connect(const struct server *server, struct api **api)
{
    const struct api_settings settings = {.url = server->url,
                                          .ca_file = server->ca,
                                          .user_agent = "kep/" VERSION,
                                          .pace = server->pace};

    return outcome_of_api(api_new(&settings, api), "");
}

long server_pause(const struct server *server)
{
    return pace_left(server->pace, &timer_system);
}

/* --- what is thought of it ----------------------------------------------- */

/* One that nobody has reached for long is not asked for each of ten thousand
 * rows. */
static bool is_lost(struct server *server, enum outcome outcome, bool answered)
{
    const struct timer *timer = server->batch->timer;
    const long long now = timer->now(timer->self);

    if (answered)
        server->lost = 0;
    if (outcome != OUTCOME_UNREACHABLE && outcome != OUTCOME_TIMEOUT)
        return false;
    if (server->lost++ == 0)
        server->lost_since = now;
    return server->lost >= TRIES &&
           now - server->lost_since > BATCH_PATIENCE * MINUTE;
}

/* It asks for longer than any row may wait, and than COURSE_PEACE. */
static bool is_held(struct server *server, enum outcome outcome)
{
    const long wait = server->batch->options->wait;
    const long most = wait > COURSE_PEACE ? wait : COURSE_PEACE;
    const long left = server_pause(server) / SECOND;
    time_t until;

    if (outcome != OUTCOME_SERVER_BUSY || left <= most)
        return false;
    until = clock_now(server->batch->clock) + left + 1;
    if (until > server->held_until)
        server->held_until = until;
    return true;
}

enum server_state server_note(struct server *server, enum outcome outcome,
                              bool answered)
{
    enum server_state state = SERVER_GOOD;

    pthread_mutex_lock(&server->lock);
    if ((is_lost(server, outcome, answered) || is_held(server, outcome) ||
         outcome == OUTCOME_SERVER_UNTRUSTED) &&
        server->left == OUTCOME_DONE)
        server->left = outcome;
    if (server->left != OUTCOME_DONE)
        state = SERVER_LEFT;
    else if (server->lost > 0 || server_pause(server) > 0)
        state = SERVER_DOUBTED;
    pthread_mutex_unlock(&server->lock);
    return state;
}

time_t server_held_until(struct server *server, enum outcome outcome)
{
    time_t until = 0;

    pthread_mutex_lock(&server->lock);
    if (outcome == OUTCOME_SERVER_BUSY)
        until = server->held_until;
    pthread_mutex_unlock(&server->lock);
    return until;
}

/* --- what is said of it -------------------------------------------------- */

static void say_lost(const struct server *server, char *out, size_t size)
{
    snprintf(out, size,
             ngettext("For %d minute nobody has reached the server %s: the "
                      "rest of its renewals was left for later.",
                      "For %d minutes nobody has reached the server %s: the "
                      "rest of its renewals was left for later.",
                      BATCH_PATIENCE),
             BATCH_PATIENCE, text_clean(server->url).text);
}

/* In whole minutes: of one that has begun the next is told, for who comes at
 * its beginning comes too early. */
static void say_held(const struct server *server, char *out, size_t size)
{
    snprintf(out, size,
             _("The server %s asks to be left alone until %s: the rest of its "
               "renewals was left for later."),
             text_clean(server->url).text,
             text_moment(server->held_until + MINUTE / SECOND - 1).text);
}

static void say_untrusted(const struct server *server, char *out, size_t size)
{
    snprintf(out, size,
             _("The server %s could not prove that it is the one it should be: "
               "the rest of its renewals was left."),
             text_clean(server->url).text);
}

enum outcome server_why(struct server *server, char *out, size_t size)
{
    static const struct {
        enum outcome outcome;
        void (*say)(const struct server *server, char *out, size_t size);
    } reasons[] = {
        {OUTCOME_UNREACHABLE, say_lost},
        {OUTCOME_TIMEOUT, say_lost},
        {OUTCOME_SERVER_BUSY, say_held},
        {OUTCOME_SERVER_UNTRUSTED, say_untrusted},
    };
    enum outcome left;

    pthread_mutex_lock(&server->lock);
    left = server->left;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (reasons[i].outcome == left)
            reasons[i].say(server, out, size);
    pthread_mutex_unlock(&server->lock);
    return left;
}
