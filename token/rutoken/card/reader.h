/* Readers of tokens: PC/SC behind a small table of functions, so that a test
 * can put tokens in by itself.
 *
 * Every wait is one for an event. Nothing that a token answers is trusted:
 * lengths are bounded here. One service, and the cards of it, are used by one
 * thread at a time. */
#ifndef TOKEN_RUTOKEN_CARD_READER_H
#define TOKEN_RUTOKEN_CARD_READER_H

#include "keygen/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    READERS_MAX = 16,         /* as many as pcscd serves */
    READER_NAME_MAX = 128,    /* bytes with the NUL, as in PC/SC */
    READER_ATR_MAX = 33,      /* ISO 7816-3 */
    READER_COMMAND_MAX = 261, /* short: header, Lc, 255 bytes, Le */
    READER_ANSWER_MAX = 258   /* 256 bytes and the status word */
};

struct reader_state {
    char name[READER_NAME_MAX];
    bool present; /* a token is in it */
    bool mute;    /* that answers nothing */
    uint8_t atr[READER_ATR_MAX];
    size_t atr_size;
    uint32_t event; /* the implementation's, for wait */
    uint32_t turn;  /* another one each time that something comes or goes */
};

/* What is plugged in. */
struct reader_list {
    size_t count;
    struct reader_state reader[READERS_MAX];
};

enum reader_share { READER_SHARED, READER_EXCLUSIVE };

/* How a token is left. A reset ends its rights whatever else went wrong. */
enum reader_leave { READER_KEEP, READER_RESET };

struct reader_ops {
    /* Reach the service. FAULT_NO_SERVICE. */
    enum fault (*start)(void **service);
    void (*stop)(void **service); /* *service becomes NULL; NULL is fine */

    /* What is there now; no reader is no fault, but an empty list. */
    enum fault (*list)(void *service, struct reader_list *list);

    /* Wait until it differs from list (a token or a reader comes or goes), at
     * most so long, and fill list anew. Whether it differs the caller sees. */
    enum fault (*wait)(void *service, struct reader_list *list,
                       int milliseconds);

    /* FAULT_NO_TOKEN, FAULT_NO_READER, FAULT_TOKEN_BUSY (another program has
     * it for itself), FAULT_NO_SERVICE, FAULT_NO_ACCESS. t0: its protocol is
     * T=0. */
    enum fault (*connect)(void *service, const char *reader,
                          enum reader_share share, void **card, bool *t0);

    /* Nobody else's commands until end. FAULT_TOKEN_GONE also where another
     * program has reset it: what was selected and entered is lost. */
    enum fault (*begin)(void *card);
    void (*end)(void *card, enum reader_leave leave);

    /* One command; *size is room before (READER_ANSWER_MAX), bytes after, at
     * least 2. FAULT_TOKEN_GONE, FAULT_TOKEN_ANSWER. */
    enum fault (*transmit)(void *card, const uint8_t *command,
                           size_t command_size, uint8_t *answer, size_t *size);

    void (*disconnect)(void **card, enum reader_leave leave);
};

/* The system's PC/SC service. */
extern const struct reader_ops reader_pcsc;

/* Those in use: the system's, unless a test has put others in. */
const struct reader_ops *reader_ops(void);
void reader_use(const struct reader_ops *ops); /* NULL: the system's */

#endif
