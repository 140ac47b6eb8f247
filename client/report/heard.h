/* What the user's commands print, and what rows wait for that somebody has to
 * do, while a board is shown: lines above it, each under the name of its row.
 * While the person is asked something they wait. */
#ifndef CLIENT_REPORT_HEARD_H
#define CLIENT_REPORT_HEARD_H

#include "client/batch/plan.h"
#include "client/screen/screen.h"

enum { HEARD_MAX = 64 * 1024 /* bytes that wait; more are dropped */ };

/* All zero: nothing. */
struct heard {
    char *text; /* rows and lines, owned */
    size_t size;
    bool dropped; /* some did not fit */
};

/* A line of a row, as it was printed. */
void heard_keep(struct heard *heard, size_t row, const char *line);

/* Says all of it, the board goes away for that; false where there was nothing.
 * Nothing is left then. */
bool heard_say(struct heard *heard, struct screen *screen,
               const struct plan *plan);

#endif
