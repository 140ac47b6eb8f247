/* Where a new container goes. */
#ifndef CLIENT_MAKING_TARGET_H
#define CLIENT_MAKING_TARGET_H

#include "client/screen/prompt.h"
#include "token/medium.h"

enum { TARGET_NAME = 32 };

/* The name of a new container in its place, as its medium has them
 * (CONTAINER_FOLDER_MAX bytes), and the one inside, for which none was given:
 * "kep-2026-11-27-abcd1234", of which the end is random. A container is told
 * from others by what is in it, and a name must never meet one that is there.
 * inside, and the faults: as name of token/medium.h has them. */
enum fault target_names(const struct medium_ops *ops, const char *location,
                        const struct algorithm *inside, time_t now,
                        char *folder, char name[TARGET_NAME]);

/* Whether a key can be made in a location; inside: as above. */
enum fault target_probe(const struct medium_ops *ops, const char *location,
                        const struct algorithm *inside);

/* NULL where a key can be made in that place, else the translated sentence
 * why not. inside: as above. */
const char *target_refuse(const char *place, const struct algorithm *inside);

/* Ask for a place where a key can be made: the places that are found now are
 * listed, first where the former key is (its container; NULL: none). preset
 * NULL: the first of them. inside: as above; a place that makes no such keys is
 * asked for again. answer has LOCATION_MAX bytes. */
enum prompt_end target_ask(struct screen *screen, const char *preset,
                           const char *former, const struct algorithm *inside,
                           char *answer);

/* When the own period of a key ends that is made now: RFC 9215 gives it 15
 * months at most. */
time_t target_key_end(time_t now);

#endif
