/* The extensions of a container, of which one is understood: until when its
 * key may be used (1.2.643.2.2.37.3.10). */
#ifndef TOKEN_CONTAINER_VALIDITY_H
#define TOKEN_CONTAINER_VALIDITY_H

#include "keygen/bytes.h"
#include "keygen/der.h"

#include <stdbool.h>
#include <time.h>

/* From the content of the list; 0 where it says nothing of an end. False
 * where the list is malformed. */
bool validity_read(const struct der *extensions, time_t *not_after);

/* The list [12] with an end alone; out->failed where the year has not four
 * digits. */
void validity_put(struct bytes *out, time_t not_after);

#endif
