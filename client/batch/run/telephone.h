/* A telephone that a code is on its way to, as far as it is known: its whole
 * number, or the end of it alone, which is all that the server tells of some
 * (openapi.yaml, PhoneTail). */
#ifndef CLIENT_BATCH_RUN_TELEPHONE_H
#define CLIENT_BATCH_RUN_TELEPHONE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TELEPHONE_DIGITS = 15, /* of a number, at most (E.164) */
    TELEPHONE_END = 4
};

/* All zero: none. */
struct telephone {
    uint64_t number;
    unsigned digits; /* that are known of it */
};

/* Of a text: its last TELEPHONE_DIGITS digits; what is no digit does not count.
 * NULL: none. */
struct telephone telephone_of(const char *text);

/* What is known of it to somebody who is told the end alone. */
struct telephone telephone_end(struct telephone telephone);

/* Whether they may be one: the one ends as the other. None is no other. */
bool telephone_meets(struct telephone one, struct telephone other);

#endif
