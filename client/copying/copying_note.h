/* A copy that was made apart from a renewal is noted in the journal of the
 * renewal that the container came from: kep status need not urge any more. */
#ifndef CLIENT_COPYING_COPYING_NOTE_H
#define CLIENT_COPYING_COPYING_NOTE_H

#include "client/copying/copying.h"

/* Of those that were copied, into an archive or (NULL) each to its place.
 * What cannot be noted, because there is no journal or another kep is at
 * work, is not: the copy is there all the same. */
void copying_note(const struct copying *copying, const char *archive);

#endif
