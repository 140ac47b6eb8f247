/* Where a new container goes. */
#ifndef CLIENT_MAKING_TARGET_H
#define CLIENT_MAKING_TARGET_H

#include "client/screen/prompt.h"
#include "token/medium.h"

enum { TARGET_FOLDER = 13 /* "abcd1234.000" */ };

/* A random name: a container is told from others by what is in it, and a
 * name must never meet one that is there. */
void target_invent_folder(char folder[TARGET_FOLDER]);

/* NULL where a key can be made in that place, else the translated sentence
 * why not. A prompt_check; data is not used. */
const char *target_refuse(const char *place, void *data);

/* Ask for a place where a key can be made; preset NULL: local:. answer has
 * LOCATION_MAX bytes. */
enum prompt_end target_ask(struct screen *screen, const char *preset,
                           char *answer);

/* When the own period of a key ends that is made now: RFC 9215 gives it 15
 * months at most. */
time_t target_key_end(time_t now);

/* "kep-2026-11-27-abcd1234", the name inside of a container for which none
 * was given; size of at least 32. */
void target_name(time_t now, const char *folder, char *name, size_t size);

#endif
