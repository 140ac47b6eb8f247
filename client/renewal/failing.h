/* The user's own command for renewals that failed. */
#ifndef CLIENT_RENEWAL_FAILING_H
#define CLIENT_RENEWAL_FAILING_H

#include "client/options.h"
#include "client/program/hook.h"
#include "client/renewal/journal.h"
#include "client/screen/screen.h"

#include <stdatomic.h>
#include <stdbool.h>

/* Threads may share one. */
struct failing {
    struct journal *journal;
    const struct options *options; /* failed_command: NULL: nothing is told */
    /* Seconds that were waited for commands that failed. After HOOK_SECONDS of
     * them none is run any more: a thousand failures are not to take a
     * thousand times five minutes. The journal has them for another run. */
    atomic_long lost;
};

/* Whether a run that ended so is one to be told: a wait, a lock and what the
 * person wanted are no failures. */
bool failing_counts(enum outcome outcome);

/* After a run of a renewal: tells the command of a failure, each outcome of
 * a renewal once, however often it is tried. False where it could not be told:
 * it is in the journal for failing_retry, if the renewal is, and why is in
 * problem (HOOK_PROBLEM bytes; empty where it was not tried). ear: of what the
 * command prints, NULL: stderr. */
bool failing_tell(struct failing *failing, struct record *record,
                  enum outcome outcome, const struct program_ear *ear,
                  char *problem);

/* Tells what could not be told before and is still so. How much of it is left,
 * and why the first was. */
size_t failing_retry(struct failing *failing, char *problem);

/* Says on the screen that so many could not be told: of renewals that are in
 * the journal, and of rows of a plan that never began. */
void failing_say(struct screen *screen, size_t begun, size_t never,
                 const char *problem);

#endif
