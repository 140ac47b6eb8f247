/* Which failures were told of rows whose renewal never began: a container that
 * is not there or cannot be read, a certificate that may not be renewed. They
 * are in no journal, and a timer comes upon them each night. A file of kep's
 * own state; threads may share one. */
#ifndef CLIENT_BATCH_RUN_UNBEGUN_H
#define CLIENT_BATCH_RUN_UNBEGUN_H

#include "client/notice/told.h"
#include "client/outcome/outcome.h"
#include "client/screen/screen.h"
#include "client/state/paths.h"

#include <pthread.h>
#include <stdbool.h>

/* Days for which a failure that is not met again counts as the same one, of
 * plans that are run once a month. */
enum { UNBEGUN_DAYS = 35 };

struct unbegun {
    char path[PATHS_MAX]; /* "": there is no place for it */
    struct told told;
    pthread_mutex_t lock;
    bool changed;
};

/* What earlier runs told; a file that cannot be read has told nothing.
 * OUTCOME_DONE, OUTCOME_MEMORY. */
enum outcome unbegun_open(struct unbegun *unbegun);

/* Whether this was told of the container at this place; it is met once more
 * then. */
bool unbegun_was_told(struct unbegun *unbegun, const char *where,
                      enum outcome outcome, time_t now);

/* It is told now. */
void unbegun_tell(struct unbegun *unbegun, const char *where,
                  enum outcome outcome, time_t now);

/* Writes it if there is anything new, and frees it. What cannot be written is
 * said: it will be told once more. */
void unbegun_close(struct unbegun *unbegun, struct screen *screen, time_t now);

#endif
