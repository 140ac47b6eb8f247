#include "client/batch/run/teller.h"

#include "client/batch/run/queue.h"
#include "client/batch/run/watch.h"
#include "client/signals.h"

enum { TICK = 200 /* ms between two looks for a signal */ };

static int init_turn(struct teller *teller)
{
    if (pthread_mutex_init(&teller->turn, NULL) != 0)
        return -1;
    if (pthread_cond_init(&teller->turned, NULL) == 0)
        return 0;
    pthread_mutex_destroy(&teller->turn);
    return -1;
}

int teller_init(struct teller *teller, const struct batch *batch)
{
    *teller = (struct teller){.batch = batch};
    if (pthread_mutex_init(&teller->lock, NULL) != 0)
        return -1;
    if (init_turn(teller) == 0)
        return 0;
    pthread_mutex_destroy(&teller->lock);
    return -1;
}

void teller_free(struct teller *teller)
{
    pthread_cond_destroy(&teller->turned);
    pthread_mutex_destroy(&teller->turn);
    pthread_mutex_destroy(&teller->lock);
}

void teller_tell(struct teller *teller, struct event *event)
{
    pthread_mutex_lock(&teller->lock);
    event->when = clock_now(teller->batch->clock);
    event->at = queue_now();
    teller->batch->take(teller->batch->context, event);
    pthread_mutex_unlock(&teller->lock);
}

bool teller_enter(struct teller *teller, size_t row)
{
    unsigned long mine;

    pthread_mutex_lock(&teller->turn);
    mine = teller->next++;
    while (teller->served != mine && signals_pending() == 0)
        watch_until(&teller->turned, &teller->turn, queue_now() + TICK);
    pthread_mutex_unlock(&teller->turn);
    /* After a signal nobody is asked any more: the numbers do not matter. */
    if (signals_pending() != 0)
        return false;
    teller_tell(teller, &(struct event){.kind = EVENT_ASK, .row = row});
    return true;
}

void teller_leave(struct teller *teller, size_t row)
{
    teller_tell(teller, &(struct event){.kind = EVENT_ASKED, .row = row});
    pthread_mutex_lock(&teller->turn);
    teller->served++;
    pthread_cond_broadcast(&teller->turned);
    pthread_mutex_unlock(&teller->turn);
}
