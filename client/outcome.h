/* How a command ends: one table gives the sentence (translated), the JSON
 * word (never translated) and the exit status. */
#ifndef CLIENT_OUTCOME_H
#define CLIENT_OUTCOME_H

#include "api/api.h"
#include "keygen/fault.h"

#include <stdbool.h>

enum outcome {
    OUTCOME_DONE,
    OUTCOME_RENEWED,
    OUTCOME_WOULD_RENEW,
    OUTCOME_NOT_DUE,
    OUTCOME_ALREADY_RENEWED,
    OUTCOME_NOTHING_OPEN,
    OUTCOME_WAITING,
    OUTCOME_LOCKED,
    OUTCOME_INTERRUPTED,
    OUTCOME_CANCELLED,

    OUTCOME_USAGE,
    OUTCOME_CONFIGURATION,
    OUTCOME_ANSWER_NEEDED,
    OUTCOME_ACCEPTANCE_NEEDED,

    OUTCOME_UNREACHABLE,
    OUTCOME_TIMEOUT,
    OUTCOME_SERVER_UNTRUSTED,
    OUTCOME_SERVER_BUSY,
    OUTCOME_SERVER_ERROR,
    OUTCOME_SERVER_GARBAGE,
    OUTCOME_SERVER_REFUSED,
    OUTCOME_UNAUTHORIZED,
    OUTCOME_WRONG_STATE,

    OUTCOME_CODE_INVALID,
    OUTCOME_CODE_EXPIRED,
    OUTCOME_CODE_ATTEMPTS,
    OUTCOME_CODE_NOT_RECEIVED,
    OUTCOME_CODE_COMMAND,

    OUTCOME_PAYMENT_REQUIRED,
    OUTCOME_REJECTED,
    OUTCOME_VALIDATION_ERROR,
    OUTCOME_PAPER_ONLY,
    OUTCOME_ISSUE_FAILED,
    OUTCOME_FORM_CANCELLED,
    OUTCOME_FORM_EXPIRED,
    OUTCOME_STATEMENT_REFUSED,
    OUTCOME_REQUEST_REFUSED,

    OUTCOME_EXPIRED,
    OUTCOME_NOT_YET_VALID,
    OUTCOME_REVOKED,
    OUTCOME_KEY_PERIOD_OVER,
    OUTCOME_SUBJECT_CHANGED,
    OUTCOME_DAUGHTER_ORGANISATION,
    OUTCOME_FORM_EXISTS,
    OUTCOME_FORM_ELSEWHERE,
    OUTCOME_OTHER_CENTRE,
    OUTCOME_KIND_CHANGED,
    OUTCOME_UNKNOWN_CERTIFICATE,
    OUTCOME_EXPRESS_UNAVAILABLE,

    OUTCOME_DATA_MISMATCH,
    OUTCOME_STATEMENT_MISMATCH,
    OUTCOME_CERTIFICATE_UNREADABLE,
    OUTCOME_CERTIFICATE_WRONG_KEY,
    OUTCOME_CERTIFICATE_WRONG_SUBJECT,
    OUTCOME_CERTIFICATE_WRONG_ISSUER,
    OUTCOME_CERTIFICATE_WRONG_DATES,
    OUTCOME_CERTIFICATE_WRONG_PROFILE,

    OUTCOME_CONTAINER_NOT_FOUND,
    OUTCOME_NOT_CONTAINER,
    OUTCOME_CONTAINER_DAMAGED,
    OUTCOME_CONTAINER_FLAWED,
    OUTCOME_CONTAINER_EXISTS,
    OUTCOME_CONTAINER_OLD_FORMAT,
    OUTCOME_KEY_UNSUPPORTED,
    OUTCOME_KEY_RETIRED,
    OUTCOME_KEY_NOT_EXPORTABLE,
    OUTCOME_KEY_LOST,
    OUTCOME_NO_CERTIFICATE,
    OUTCOME_CERTIFICATE_BAD,
    OUTCOME_KEY_MISMATCH,
    OUTCOME_PASSWORD_NEEDED,
    OUTCOME_PASSWORD_WRONG,
    OUTCOME_LOCATION_UNKNOWN,
    OUTCOME_NO_ACCESS,
    OUTCOME_READ_ONLY,
    OUTCOME_FULL,
    OUTCOME_IO,

    OUTCOME_BACKED_UP,
    OUTCOME_RESTORED,
    OUTCOME_WOULD_RESTORE,
    OUTCOME_FILE_EXISTS,
    OUTCOME_NOT_ARCHIVE,
    OUTCOME_ARCHIVE_NEWER,
    OUTCOME_ARCHIVE_CUT,
    OUTCOME_ARCHIVE_DAMAGED,
    OUTCOME_PASSPHRASE_WRONG,
    OUTCOME_PASSPHRASE_SHORT,

    OUTCOME_EXPORTED,
    OUTCOME_IMPORTED,
    OUTCOME_NOT_PFX,
    OUTCOME_PFX_DAMAGED,
    OUTCOME_PFX_UNSUPPORTED,
    OUTCOME_PFX_NO_KEY,
    OUTCOME_PFX_MISMATCH,
    OUTCOME_PFX_PASSWORD_NEEDED,
    OUTCOME_PFX_PASSWORD_WRONG,

    OUTCOME_TOO_LARGE,
    OUTCOME_ENTROPY,
    OUTCOME_STATE_DAMAGED,
    OUTCOME_STATE_NEWER,
    OUTCOME_STATE_UNWRITABLE,
    OUTCOME_RENEWAL_UNKNOWN,
    OUTCOME_MEMORY,
    OUTCOME_INTERNAL,
    OUTCOME_COUNT
};

struct outcome_row {
    const char *word;     /* JSON, stable */
    int status;           /* exit status */
    const char *sentence; /* what happened; msgid */
    const char *advice;   /* what to do; msgid, or NULL */
    bool final;           /* the renewal is over: nothing to resume */
    bool support;         /* the advice asks for the number of a request */
    /* The advice where there is no renewal; "": none; NULL: the same. */
    const char *elsewhere;
};

const struct outcome_row *outcome_row(enum outcome outcome);

/* What a fault of keygen/ or token/ means to a person. */
enum outcome outcome_of_fault(enum fault fault);

/* The same of reading a PFX file (token/pfx/pfx.h). */
enum outcome outcome_of_pfx(enum fault fault);

/* What a failed call means; code is the server's word, "" where there is
 * none. */
enum outcome outcome_of_api(enum api_result result, const char *code);

/* Of a server's reason why renewal is not available, or of a final state of
 * a form; OUTCOME_SERVER_REFUSED for a word that is not known. */
enum outcome outcome_of_word(const char *word);

/* Whether a renewal that ended so is over: nothing is left to resume. */
bool outcome_is_final(enum outcome outcome);

#endif
