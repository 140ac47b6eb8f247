/* Where a copy of a container goes. */
#ifndef CLIENT_MAKING_COPY_TARGET_H
#define CLIENT_MAKING_COPY_TARGET_H

#include "client/screen/prompt.h"

/* NULL where a copy of a container can be made, or is there already, else the
 * translated sentence why not: a copy beside the key is lost with it.
 * container: its location, NULL where none is known. */
const char *copy_target_refuse(const char *place, const char *container);

/* Ask for the place: those that are found now are listed. An empty answer is
 * one where may_be_empty. answer has LOCATION_MAX bytes. */
enum prompt_end copy_target_ask(struct screen *screen, const char *question,
                                bool may_be_empty, const char *container,
                                char *answer);

#endif
