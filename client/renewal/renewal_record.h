/* What is known of one renewal: a row of the journal. */
#ifndef CLIENT_RENEWAL_RENEWAL_RECORD_H
#define CLIENT_RENEWAL_RENEWAL_RECORD_H

#include <stdbool.h>
#include <time.h>

/* The columns of a row; all text, NULL while unknown. Times are seconds since
 * 1970 in decimal. */
enum record_field {
    RECORD_ID,   /* 32 hex digits, also the form's externalId */
    RECORD_STEP, /* the word of the step that is next; "done", "ended" */
    RECORD_CREATED,
    RECORD_UPDATED,
    RECORD_NOT_BEFORE, /* do not ask the server again before this */
    RECORD_WAITING_SINCE,
    RECORD_OUTCOME, /* how the last run ended, as its JSON word */
    RECORD_MESSAGE, /* the same as a sentence, of an earlier kep */
    RECORD_TRACE_ID,

    RECORD_SERVER,
    RECORD_SERVER_CA,
    RECORD_ROOTS,
    RECORD_PHONE,

    RECORD_OLD_CONTAINER,
    RECORD_OLD_THUMBPRINT,
    RECORD_OLD_NOT_AFTER,
    RECORD_OLD_PIN_FILE,

    RECORD_MODE, /* of the form; before there is one, what was asked for */
    RECORD_FORM,
    RECORD_DATA, /* what was shown and accepted, a JSON object */
    RECORD_ACCEPTED_AT,
    RECORD_STATEMENT_CONSENT, /* the text that was agreed to */
    RECORD_STATEMENT_CONSENT_VERSION,
    RECORD_STATEMENT_CONSENT_AT,
    RECORD_RELEASE_CONSENT,
    RECORD_RELEASE_CONSENT_VERSION,
    RECORD_RELEASE_CONSENT_AT,

    RECORD_TARGET, /* location of the new container */
    RECORD_NAME,   /* the name inside it */
    RECORD_FOLDER, /* its folder's name, chosen before it is made */
    RECORD_ALGORITHM,
    RECORD_COPYING, /* of the new key: "no" where it may not be copied,
                       "inside" where it is made inside of its token */
    RECORD_PIN_FILE,
    RECORD_NEW_CONTAINER, /* where it was made, read back and verified */
    RECORD_NEW_POINT,     /* its public key, hex of X ‖ Y */
    RECORD_NEW_THUMBPRINT,
    RECORD_NEW_NOT_AFTER,
    RECORD_NEW_CERTIFICATE, /* path in the archive */

    RECORD_BACKUP, /* location, or "" for none */
    RECORD_BACKUP_CONTAINER,

    RECORD_DRAFT,       /* corrections that the server has not got yet, JSON */
    RECORD_STATEMENT,   /* of a renewal on paper, as the server gave it */
    RECORD_FAILED_TOLD, /* of the failed command: the outcomes' words that it
                           was told, the last one first; "!" before them: that
                           it is to be told the first */
    RECORD_LABEL,       /* of its row in a plan, the centre's own word */
    RECORD_REASON,      /* of the outcome, what was found out, JSON */
    RECORD_DEPLOY,      /* --deploy-command as it was given, not configured */
    RECORD_NEW_SUM,     /* of the files that the new key was seen to come out
                           of, hex of container_files_sum */
    RECORD_BACKUP_PIN_FILE,
    RECORD_FIELDS
};

struct record {
    char *field[RECORD_FIELDS]; /* owned */
    bool failed; /* sticky: a value found no memory; it is not saved then */
};

/* Its column's name in the journal. */
const char *record_column(enum record_field field);

const char *record_get(const struct record *record, enum record_field field);
/* Copies the value; NULL clears. */
void record_set(struct record *record, enum record_field field,
                const char *value);
void record_set_time(struct record *record, enum record_field field,
                     time_t when);
/* Whether it is a renewal of that mode, or one was asked for. */
bool record_is_mode(const struct record *record, const char *mode);
/* Whether its statement is signed by hand: the old key signs nothing. */
bool record_is_on_paper(const struct record *record);
/* 0 where unknown. */
time_t record_time(const struct record *record, enum record_field field);
void record_free(struct record *record);

#endif
