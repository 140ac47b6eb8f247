/* How many jobs of a batch find room for the files that each has open. */
#ifndef CLIENT_BATCH_FILES_H
#define CLIENT_BATCH_FILES_H

#include "client/screen/screen.h"

#include <stddef.h>

/* As many as are wanted, where the system lets this program open enough, to
 * which it is asked; else, as is said, as many as it does, at least one. */
size_t files_jobs(size_t wanted, struct screen *screen);

#endif
