/* Commands to a token, whole ones: chained where they are long, their answers
 * fetched where the protocol wants that (ISO 7816-4 5.1, 5.3; ISO 7816-3 12.2
 * for T=0).
 *
 * Only the commands of one table go out. Those that wipe a token (80 8A,
 * 80 84) are none of it. */
#ifndef TOKEN_RUTOKEN_CARD_TRANSPORT_H
#define TOKEN_RUTOKEN_CARD_TRANSPORT_H

#include "keygen/fault.h"
#include "token/rutoken/card/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TRANSPORT_PART = 255,      /* bytes of data in one command */
    TRANSPORT_DATA_MAX = 1024, /* bytes of data of a chain */
    TRANSPORT_READ_MAX = 256   /* of an answer, all of it */
};

struct transport {
    const struct reader_ops *ops;
    void *card; /* of ops; NULL: not connected */
    bool t0;
    unsigned long commands; /* sent, GET RESPONSE among them */
};

struct command {
    uint8_t cla, ins, p1, p2;
    const void *data; /* may be NULL */
    size_t size;      /* bytes of it */
    size_t answer;    /* at most so many are expected: 0 to 256 */
};

/* Belongs into secret memory where keys are read. */
struct answer {
    uint8_t data[TRANSPORT_READ_MAX];
    size_t size;
    unsigned status; /* 0x9000 … */
};

/* Send it. Whatever status word comes is no fault. FAULT_ARGUMENT: no command
 * of the table; FAULT_TOKEN_ANSWER: more data than was asked for, no end of
 * it; FAULT_TOKEN_GONE, FAULT_IO … */
MUST_CHECK enum fault transport_send(struct transport *transport,
                                     const struct command *command,
                                     struct answer *answer);

/* The same where all but 9000 is a fault, transport_fault's. */
MUST_CHECK enum fault transport_do(struct transport *transport,
                                   const struct command *command,
                                   struct answer *answer);

/* What a status word means. */
enum fault transport_fault(unsigned status);

#endif
