/* PINs of tokens: asked for when a medium needs one, never sent before it is
 * known how many tries are left, never sent twice on our own.
 *
 * A medium of tokens calls pin_enter with its door; the PIN comes from the
 * program's one source (a person, a file). What a token has accepted is kept
 * in secret memory until pin_forget, so that nobody is asked twice in a run.
 * All of it may be called from several threads. */
#ifndef TOKEN_PIN_H
#define TOKEN_PIN_H

#include "keygen/fault.h"
#include "token/medium.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    PIN_MAX = 249, /* bytes; no token takes more */
    PIN_TRIES_LOW = 3,
    PIN_TRIES_UNKNOWN = -1
};

/* What a token says of a PIN without a try being spent. */
struct pin_state {
    char location[LOCATION_MAX]; /* "rutoken:48e243b5" */
    enum pin_owner owner;
    char token[MEDIUM_LABEL_MAX]; /* for persons: "Rutoken ECP 48e243b5" */
    int tries;                    /* left, or PIN_TRIES_UNKNOWN */
    int most_tries;               /* of an unspent one, or unknown */
    bool low, last, blocked;      /* few left, one, none */
    bool pad;                     /* it is entered at the reader alone */
    bool hidden; /* it is wanted for what takes none on other tokens: to read
                    what a container is */
    size_t least, most;             /* bytes that it may have; 0: not told */
    char factory[MEDIUM_LABEL_MAX]; /* the PIN of a new token; "": none */
};

struct pin_question {
    const struct pin_state *state;
    bool wrong;      /* the one given before was, in this run */
    bool unanswered; /* or it is not known whether it was */
    bool last_word;  /* set by the source: the person knows that it is the last
                        try and wants it; else the last is never spent */
};

/* Where PINs come from. */
struct pin_source {
    /* *pin in secret memory, its receiver's; NULL where it is entered at the
     * reader, as the person is told. FAULT_PIN_NEEDED: nobody to ask;
     * FAULT_PIN_WRONG: no other one than that which was wrong;
     * FAULT_PIN_LAST, FAULT_CANCELLED, FAULT_INTERRUPTED … */
    enum fault (*ask)(void *context, struct pin_question *question, char **pin);
    /* It was right; factory: it is the one that the token was sold with. NULL:
     * does not matter. */
    void (*accepted)(void *context, const struct pin_state *state,
                     bool factory);
    void *context;
};

/* The source from now on; NULL: none (pin_refuse). Not owned. */
void pin_use(const struct pin_source *source);

/* Why none is sent where there is nobody to ask: FAULT_PIN_WRONG,
 * FAULT_PIN_UNANSWERED, FAULT_PIN_AT_READER, FAULT_PIN_LAST,
 * FAULT_PIN_NEEDED. */
enum fault pin_refuse(const struct pin_question *question);

/* How one kind of token is opened. */
struct pin_door {
    /* Fill state; costs no try. */
    enum fault (*look)(void *token, struct pin_state *state);
    /* Send it, once; NULL: have it entered at the reader. FAULT_PIN_WRONG,
     * FAULT_PIN_BLOCKED; FAULT_PIN_UNSEEN: it was not looked at. */
    enum fault (*verify)(void *token, const char *pin, size_t size);
    /* Let go of the token while a person thinks, and take hold again. NULL:
     * nothing to do. */
    void (*release)(void *token);
    enum fault (*regain)(void *token);
};

/* Log somebody in: whose PIN it is, look says. FAULT_PIN_BLOCKED,
 * FAULT_PIN_LENGTH (nothing was sent), FAULT_PIN_LAST (the last try was not
 * spent), FAULT_PIN_UNANSWERED (it was sent before, and there is nobody to ask
 * for another), and what the source and the door say. */
MUST_CHECK enum fault pin_enter(const struct pin_door *door, void *token);

/* Give one beforehand: it is sent to that token before the source is asked.
 * For a new PIN, and for what stands in a file. */
MUST_CHECK enum fault pin_know(const char *location, enum pin_owner owner,
                               const char *pin);

/* Whether one of that length may be given to it: FAULT_PIN_LENGTH. */
MUST_CHECK enum fault pin_check(const struct pin_state *state, const char *pin);

/* Bytes that one of its PINs may have; where it does not say, any token. */
size_t pin_least(const struct pin_state *state);
size_t pin_most(const struct pin_state *state);

/* The one that every Rutoken is sold with. */
const char *pin_factory(enum pin_owner owner);

/* What was last seen of a PIN; false where it never was. */
bool pin_seen(const char *location, enum pin_owner owner,
              struct pin_state *state);

/* The same of the one that was looked at last by this thread. */
bool pin_seen_last(struct pin_state *state);

/* What became of the last one that was sent in this run: FAULT_PIN_WRONG or
 * FAULT_PIN_UNANSWERED; FAULT_NONE where one was right since, or given. */
enum fault pin_verdict(const char *location, enum pin_owner owner);

/* Wipe the PINs of one token, or with NULL all of them. */
void pin_forget(const char *location);

#endif
