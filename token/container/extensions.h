/* The extensions of a container's header: the period of its keys
 * (1.2.643.2.2.37.3.10), certificates of the chain (….3.1 to ….3.3), and
 * what others put there. */
#ifndef TOKEN_CONTAINER_EXTENSIONS_H
#define TOKEN_CONTAINER_EXTENSIONS_H

#include "keygen/bytes.h"
#include "keygen/chain.h"
#include "keygen/der.h"

#include <stdbool.h>
#include <time.h>

/* When the keys may be used; 0 where nothing is said. */
struct key_period {
    time_t not_before, not_after;
};

/* From the content of the list. False where the list is malformed. */
bool extensions_period(const struct der *list, struct key_period *period);

/* Append all of them but the period, as they stand. */
void extensions_others(const struct der *list, struct bytes *out);

/* Append the certificates of the chain; what cannot be read as one, and what
 * finds no room, is passed over. */
MUST_CHECK enum fault extensions_chain(const struct der *list,
                                       struct chain *chain);

/* Append an extension with the period; nothing where it says nothing.
 * out->failed where a year has not four digits. */
void extensions_put_period(struct bytes *out, const struct key_period *period);

/* The value of that extension alone, which PFX files keep too: one whole
 * element. */
bool extensions_period_value(struct der value, struct key_period *out);
void extensions_put_period_value(struct bytes *out,
                                 const struct key_period *period);

/* Append one with a chain (….3.1); nothing for an empty one. */
void extensions_put_chain(struct bytes *out, const struct chain *chain);

#endif
