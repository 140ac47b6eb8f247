/* How the command that fetches codes fares in a batch. One that is broken costs
 * the owner of each row an SMS for nothing. */
#ifndef CLIENT_BATCH_RUN_FETCHING_H
#define CLIENT_BATCH_RUN_FETCHING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { FETCHING_PATIENCE = 3 }; /* rows one after the other that got no code */

/* All jobs share one; all zero at first. */
struct fetching {
    atomic_uint vain;
    atomic_bool over;
};

/* The command gave a code, or it failed; it does the latter once for a row at
 * most, which ends with that. */
void fetching_note(struct fetching *fetching, bool given);

/* Whether no further code is asked for in this run: whatever comes then. */
bool fetching_is_over(const struct fetching *fetching);

/* Why, translated. */
void fetching_why(char *out, size_t size);

#endif
