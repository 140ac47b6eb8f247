#include "client/batch/run/fetching.h"

#include "client/text.h"

#include <stdint.h>
#include <stdio.h>

int fetching_init(struct fetching *fetching, struct queue *queue,
                  const struct options *options)
{
    fetching->queue = queue;
    fetching->vain = 0;
    fetching->over = OUTCOME_DONE;
    if (pthread_mutex_init(&fetching->lock, NULL) != 0)
        return -1;
    if (options->code_command != NULL || options->codes != NULL)
        queue_narrow(queue, FETCHING_PATIENCE);
    return 0;
}

void fetching_free(struct fetching *fetching)
{
    pthread_mutex_destroy(&fetching->lock);
}

/* One that is over stays so, and reserves nothing any more. */
void fetching_note(struct fetching *fetching, enum outcome outcome)
{
    pthread_mutex_lock(&fetching->lock);
    fetching->vain = outcome == OUTCOME_DONE ? 0 : fetching->vain + 1;
    if (fetching->vain == FETCHING_PATIENCE && fetching->over == OUTCOME_DONE)
        fetching->over = outcome;
    if (fetching->vain < FETCHING_PATIENCE)
        queue_narrow(fetching->queue, fetching->vain == 0
                                          ? SIZE_MAX
                                          : FETCHING_PATIENCE - fetching->vain);
    pthread_mutex_unlock(&fetching->lock);
}

enum outcome fetching_over(struct fetching *fetching)
{
    enum outcome over;

    pthread_mutex_lock(&fetching->lock);
    over = fetching->over;
    pthread_mutex_unlock(&fetching->lock);
    return over;
}

void fetching_why(char *out, size_t size)
{
    _Static_assert(FETCHING_PATIENCE == 3, "as the sentence says");
    snprintf(out, size, "%s",
             _("Three times in a row there was no right code, so no more "
               "owners are sent an SMS in vain. See to what --code-command or "
               "--codes names."));
}
