#include "client/batch/run/server_watch.h"

#include "api/pace.h"
#include "api/timer.h"
#include "client/batch/run/course.h"
#include "client/text.h"

#include <stdio.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND /* ms */ };

int server_watch_init(struct server_watch *watch, const struct batch *batch,
                      struct pace *pace)
{
    *watch = (struct server_watch){.batch = batch, .pace = pace};
    return pthread_mutex_init(&watch->lock, NULL) == 0 ? 0 : -1;
}

void server_watch_free(struct server_watch *watch)
{
    pthread_mutex_destroy(&watch->lock);
}

/* A server that nobody has reached for long is not asked for each of ten
 * thousand rows. */
bool server_watch_is_lost(struct server_watch *watch, enum outcome outcome)
{
    const bool lost =
        outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT;
    const struct timer *timer = watch->batch->timer;
    const long long now = timer->now(timer->self);
    bool over;

    pthread_mutex_lock(&watch->lock);
    if (lost && !watch->lost)
        watch->lost_since = now;
    watch->lost = lost;
    over = lost && now - watch->lost_since > BATCH_PATIENCE * MINUTE;
    watch->given_up |= over;
    pthread_mutex_unlock(&watch->lock);
    return over;
}

time_t server_watch_held(struct server_watch *watch, enum outcome outcome)
{
    const long wait = watch->batch->options->wait;
    const long most = wait > COURSE_PEACE ? wait : COURSE_PEACE;
    const long left = pace_left(watch->pace, &timer_system) / SECOND;
    time_t until = clock_now(watch->batch->clock) + left + 1;

    if (outcome != OUTCOME_SERVER_BUSY || left <= most)
        return 0;
    pthread_mutex_lock(&watch->lock);
    if (until > watch->held_until)
        watch->held_until = until;
    until = watch->held_until;
    pthread_mutex_unlock(&watch->lock);
    return until;
}

const char *server_watch_why(struct server_watch *watch, char *out, size_t size)
{
    const char *why = NULL;

    pthread_mutex_lock(&watch->lock);
    if (watch->given_up || watch->held_until != 0)
        why = out;
    if (watch->given_up)
        snprintf(
            out, size,
            ngettext("For %d minute nobody has reached the server: the batch "
                     "was stopped.",
                     "For %d minutes nobody has reached the server: the batch "
                     "was stopped.",
                     BATCH_PATIENCE),
            BATCH_PATIENCE);
    else if (watch->held_until != 0)
        snprintf(out, size,
                 _("The server asks to be left alone until %s: the batch was "
                   "stopped. For the rest run the same command again then."),
                 text_moment(watch->held_until).text);
    pthread_mutex_unlock(&watch->lock);
    return why;
}
