#include "client/batch/run/patience.h"

#include "api/pace.h"
#include "api/timer.h"
#include "client/text.h"

#include <stdio.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND /* ms */ };

int patience_init(struct patience *patience, const struct batch *batch,
                  struct pace *pace)
{
    *patience = (struct patience){.batch = batch, .pace = pace};
    return pthread_mutex_init(&patience->lock, NULL) == 0 ? 0 : -1;
}

void patience_free(struct patience *patience)
{
    pthread_mutex_destroy(&patience->lock);
}

/* A server that nobody has reached for long is not asked for each of ten
 * thousand rows. */
bool patience_is_lost(struct patience *patience, enum outcome outcome)
{
    const bool lost =
        outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TIMEOUT;
    const struct timer *timer = patience->batch->timer;
    const long long now = timer->now(timer->self);
    bool over;

    pthread_mutex_lock(&patience->lock);
    if (lost && !patience->lost)
        patience->lost_since = now;
    patience->lost = lost;
    over = lost && now - patience->lost_since > BATCH_PATIENCE * MINUTE;
    patience->given_up |= over;
    pthread_mutex_unlock(&patience->lock);
    return over;
}

time_t patience_held(struct patience *patience, enum outcome outcome)
{
    const long left = pace_left(patience->pace, &timer_system) / SECOND;
    time_t until = clock_now(patience->batch->clock) + left + 1;

    if (outcome != OUTCOME_SERVER_BUSY ||
        left <= patience->batch->options->wait)
        return 0;
    pthread_mutex_lock(&patience->lock);
    if (until > patience->held_until)
        patience->held_until = until;
    until = patience->held_until;
    pthread_mutex_unlock(&patience->lock);
    return until;
}

const char *patience_why(struct patience *patience, char *out, size_t size)
{
    const char *why = NULL;

    pthread_mutex_lock(&patience->lock);
    if (patience->given_up || patience->held_until != 0)
        why = out;
    if (patience->given_up)
        snprintf(
            out, size,
            ngettext("For %d minute nobody has reached the server: the batch "
                     "was stopped.",
                     "For %d minutes nobody has reached the server: the batch "
                     "was stopped.",
                     BATCH_PATIENCE),
            BATCH_PATIENCE);
    else if (patience->held_until != 0)
        snprintf(out, size,
                 _("The server asks to be left alone until %s: the batch was "
                   "stopped. For the rest run the same command again then."),
                 text_moment(patience->held_until).text);
    pthread_mutex_unlock(&patience->lock);
    return why;
}
