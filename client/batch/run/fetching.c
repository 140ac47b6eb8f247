#include "client/batch/run/fetching.h"

#include "client/text.h"

#include <stdint.h>
#include <stdio.h>

int fetching_init(struct fetching *fetching, struct queue *queue,
                  const struct options *options)
{
    *fetching = (struct fetching){.queue = queue,
                                  .brings = options->code_command != NULL ||
                                            options->codes != NULL,
                                  .over = OUTCOME_DONE};
    if (pthread_mutex_init(&fetching->lock, NULL) != 0)
        return -1;
    if (fetching->brings)
        queue_narrow(queue, FETCHING_PATIENCE);
    return 0;
}

void fetching_free(struct fetching *fetching)
{
    pthread_mutex_destroy(&fetching->lock);
}

/* With the lock. One that is over stays so: it reserves nothing any more. */
static void narrow(struct fetching *fetching)
{
    unsigned most = 0;

    for (size_t i = 0; i < QUEUE_USES; i++)
        if (fetching->vain[i] > most)
            most = fetching->vain[i];
    if (most < FETCHING_PATIENCE)
        queue_narrow(fetching->queue, most == 0 && fetching->proven
                                          ? SIZE_MAX
                                          : FETCHING_PATIENCE - most);
}

void fetching_right(struct fetching *fetching, enum queue_use use)
{
    if (!fetching->brings)
        return;
    pthread_mutex_lock(&fetching->lock);
    fetching->proven = true;
    fetching->vain[use] = 0;
    narrow(fetching);
    pthread_mutex_unlock(&fetching->lock);
}

bool fetching_was_vain(enum outcome outcome)
{
    static const enum outcome those[] = {
        OUTCOME_CODE_COMMAND, OUTCOME_CODE_NOT_RECEIVED, OUTCOME_CODE_INVALID,
        OUTCOME_CODE_EXPIRED, OUTCOME_CODE_ATTEMPTS};

    for (size_t i = 0; i < sizeof(those) / sizeof(those[0]); i++)
        if (outcome == those[i])
            return true;
    return false;
}

void fetching_ended(struct fetching *fetching, enum queue_use use,
                    enum outcome outcome)
{
    if (!fetching->brings || !fetching_was_vain(outcome))
        return;
    pthread_mutex_lock(&fetching->lock);
    fetching->vain[use]++;
    if (fetching->vain[use] == FETCHING_PATIENCE &&
        fetching->over == OUTCOME_DONE)
        fetching->over = outcome;
    narrow(fetching);
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
