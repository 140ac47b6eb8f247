/* The states of an application as tables: what may be done in which, what
 * follows, what happens by itself. */
#ifndef API_SANDBOX_DESK_PHASE_H
#define API_SANDBOX_DESK_PHASE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum phase {
    PHASE_CREATED,
    PHASE_VALIDATION_ERROR,
    PHASE_DATA_CONFIRMED,
    PHASE_STATEMENT_SIGNED,
    PHASE_PAPER_STATEMENT,
    PHASE_SUBMITTED,
    PHASE_APPROVED,
    PHASE_PAYMENT_REQUIRED,
    PHASE_RELEASE_CONFIRMED,
    PHASE_AWAITING_CONFIRMATION,
    PHASE_ISSUING,
    PHASE_ISSUED,
    PHASE_INSTALLED,
    PHASE_REJECTED,
    PHASE_ISSUE_FAILED,
    PHASE_CANCELLED,
    PHASE_FORM_EXPIRED,
    PHASE_COUNT
};

/* The contract's word for a phase, and back; PHASE_COUNT: no such word. */
const char *phase_word(enum phase phase);
enum phase phase_find(const char *word);

/* Nothing follows any more. */
bool phase_final(enum phase phase);

/* What the person is told of a phase that needs a reason; NULL elsewhere. */
const char *phase_reason(enum phase phase);

/* How an operation stands to a phase. */
enum phase_leave {
    PHASE_REFUSED,
    PHASE_ALLOWED,
    PHASE_AGAIN /* its effect has happened; good content changes nothing */
};

/* *next: what the phase becomes where it is allowed; the same for those that
 * only look. */
enum phase_leave phase_leave(enum phase phase, const char *operation,
                             enum phase *next);

/* What decides which phase follows by itself. */
struct phase_moment {
    enum phase phase;
    const char *fate; /* what kep-sandbox set has ordered; "": nothing */
    bool express, unpaid;
    time_t changed, expires, now;
    long review_after; /* -1: an operator decides */
};

/* The next phase, or the same. *consumed: the fate has been done. */
enum phase phase_next(const struct phase_moment *moment, bool *consumed);

#endif
