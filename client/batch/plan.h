/* The plan of a batch: one row a renewal, in CSV (RFC 4180; also with
 * semicolons or tabs, as spreadsheets write it) or in JSON Lines, in UTF-8 or
 * CP1251.
 *
 * It is read once, whole, before anything starts; what is done later to the
 * file changes nothing. Everything in it is hostile until checked. */
#ifndef CLIENT_BATCH_PLAN_H
#define CLIENT_BATCH_PLAN_H

#include "client/outcome/outcome.h"
#include "keygen/requisite/requisite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct certificate;

enum {
    PLAN_BYTES_MAX = 32 * 1024 * 1024, /* of the file */
    PLAN_ROWS_MAX = 100000,
    PLAN_VALUE_MAX = 2048,     /* bytes of one value in UTF-8 */
    PLAN_COMPLAINTS_MAX = 20,  /* more are counted, not kept */
    PLAN_SENTENCE_MAX = 1200,  /* bytes of a complaint */
    PLAN_FINGERPRINT_MAX = 65, /* 64 hex digits and a NUL */
};

/* The columns; also the members of an object in JSON Lines. */
enum plan_word {
    PLAN_CONTAINER, /* the old one; needed */
    PLAN_TO,        /* location of the new one; needed */
    PLAN_PHONE,     /* needed */
    PLAN_MODE,      /* "express", "normal" */
    PLAN_NAME,      /* of the new container */
    PLAN_BACKUP,    /* location; none: no copy is made */
    PLAN_PIN_FILE,
    PLAN_OLD_PIN_FILE,
    PLAN_BACKUP_PIN_FILE,
    PLAN_ALGORITHM,
    PLAN_ON_TOKEN, /* "yes": made inside of it; "no" */
    PLAN_LABEL,    /* the centre's own; only passed on */
    PLAN_WORDS
};

/* A row. What the file says of it is read with plan_get; the rest is known
 * after plan_inspect. */
struct plan_row {
    uint32_t at[PLAN_WORDS];     /* in the plan's text, 0: not given */
    uint32_t column[PLAN_WORDS]; /* where it stands, 0: not given there */
    uint32_t place[PLAN_WORDS];  /* of locations: canonical, like at */
    uint32_t token[PLAN_WORDS];  /* medium_exclusive of these, like at */
    uint32_t owner;              /* text like at; plan_owner */
    uint32_t renewal;            /* text like at; plan_renewal */
    uint32_t line;
    uint32_t told; /* a bit a word: what is wrong with it is a complaint */
    uint32_t pins; /* of locations: a file gives the PIN of the token there */
    enum outcome unread; /* OUTCOME_DONE, or why what was found there is of no
                            use: nothing of the row is checked, it is only told
                            of */
    enum outcome offer;  /* OUTCOME_DONE: due, else why it is not */
    time_t said;         /* when the centre gave that reason, 0: it did not */
    time_t signs_until;  /* of the old certificate, 0: not known */
    char thumbprint[41]; /* the same, "": not known */
    bool is_copy;        /* of an earlier row, which is meant */
    bool loses_lock;     /* the old container has a password, or its token a
                            PIN, and the new one would have none */
};

struct plan_complaint {
    size_t line, column; /* from 1, in characters; 0: of the whole file */
    char sentence[PLAN_SENTENCE_MAX]; /* translated, cleaned */
};

struct plan {
    struct plan_row *row;
    size_t rows;
    char fingerprint[PLAN_FINGERPRINT_MAX]; /* of the file's bytes */
    char delimiter; /* between its values; a comma where there was none */
    struct plan_complaint *complaint; /* in the order of the file */
    size_t complaints; /* kept are at most PLAN_COMPLAINTS_MAX of them */
    bool is_found;     /* plan_of_places has made it, nobody has written it */

    /* --- for client/batch/plan*.c only --- */
    char *text; /* the values, each with its NUL */
    size_t text_size, text_room, row_room;
    bool failed;        /* sticky: no memory */
    bool is_status;     /* what kep status prints: it may name nothing due */
    bool has_no_copies; /* of its plan_defaults */
};

/* What a row gets where the plan does not say: by options. NULL: nothing. */
struct plan_defaults {
    const char *value[PLAN_WORDS];
    bool has_no_copies; /* the keys may not be copied: --non-exportable */
};

/* The word of a column, as it stands in a header row. */
const char *plan_word(enum plan_word word);

/* Reads a file ("-": standard input) and checks every row by itself and
 * against the others. OUTCOME_DONE; OUTCOME_PLAN_WRONG: see the complaints;
 * OUTCOME_TOO_LARGE, OUTCOME_PLAN_UNREADABLE (errno), OUTCOME_MEMORY. *plan
 * is to be freed with plan_free in any case. */
enum outcome plan_read(const char *path, const struct plan_defaults *defaults,
                       struct plan **plan);

/* Whether the file is no longer what was read: another content, or gone.
 * Standard input and pipes never are, nor is one that a signal keeps from
 * being read. */
bool plan_has_changed(const struct plan *plan, const char *path);

/* An empty one, for plans that do not come from a file; NULL without memory.
 */
struct plan *plan_new(void);
/* A row at the end; line is what complaints about it name. */
void plan_add(struct plan *plan, size_t line,
              const struct plan_defaults *values);
/* The checks of plan_read, for such a plan. */
enum outcome plan_check(struct plan *plan);

/* A row for each container in these places (none: the usual ones of
 * client/scan/scan.h) whose renewal is due or was begun, and for what cannot
 * be read there (unread); the rest of it are the defaults. Lines are numbers
 * of rows. A place that cannot be read is an outcome, and *unread is that
 * place, else ""; no row is none. A file is no place, but a complaint. As
 * plan_read. */
struct journal;
enum outcome plan_of_places(const char *const *place, size_t places,
                            const struct plan_defaults *defaults,
                            struct journal *journal, time_t now, long window,
                            const char **unread, struct plan **plan);

/* Who waits while the containers of a plan are looked at, which with passwords
 * takes a while. */
struct plan_watcher {
    /* So many were, of those of so many rows; behind each. */
    void (*take)(void *context, size_t looked, size_t rows);
    void *context;
};

/* A row for each renewal that the journal has open, the oldest first, ready
 * to be gone on with: nothing of it is checked before its turn comes, and
 * plan_inspect is not for it. Lines are numbers of rows. OUTCOME_DONE, also
 * where there is none; *plan as of plan_read, watcher and signals as of
 * plan_inspect. */
enum outcome plan_of_journal(struct journal *journal, time_t now,
                             const struct plan_watcher *watcher,
                             struct plan **plan);

void plan_free(struct plan **plan);

/* Looks at each container, with the PIN where its row has one: offer,
 * signs_until, thumbprint, owner, loses_lock. Two rows for one certificate are
 * a complaint (OUTCOME_PLAN_WRONG), but in a plan that nobody has written,
 * where the later one is left out. So are a place where no such key can be
 * made, of a row that is to be renewed, and a file of a PIN that has none; a
 * row that cannot be renewed is none, its offer says why. journal NULL: there
 * is none yet. The watcher (NULL: nobody waits) is told how far it is.
 * OUTCOME_INTERRUPTED after a signal. */
enum outcome plan_inspect(struct plan *plan, struct journal *journal,
                          time_t now, long window,
                          const struct plan_watcher *watcher);

/* The same of a certificate that plan_inspect has not found in a row's
 * container, as where its token was plugged in later; of one that it has found,
 * or that is begun or renewed, OUTCOME_DONE. said is as in the row. In any
 * thread. */
enum outcome plan_judge_new(const struct plan *plan, size_t row,
                            struct journal *journal,
                            const struct certificate *certificate, time_t now,
                            long window, time_t *said);

/* Such a reason as a sentence, or two: out, which is returned. */
const char *plan_reason(time_t said, enum outcome offer, char *out,
                        size_t size);

/* Why a row would not be begun; OUTCOME_DONE: it would be, or gone on with. The
 * journal (NULL: there is none yet) knows better than the certificate. After
 * plan_inspect. */
enum outcome plan_offer(const struct plan *plan, size_t row,
                        struct journal *journal);

/* What the journal has of a row that was begun and is not over; else
 * OUTCOME_NOTHING_OPEN, or why that is not known. */
struct record;
enum outcome plan_find_begun(const struct plan *plan, size_t row,
                             struct journal *journal, struct record *record);

/* The last renewal of what was at a place where nothing can be read now, if it
 * was by the row's telephone: OUTCOME_ALREADY_RENEWED, where what came of it is
 * not due itself, or OUTCOME_DONE, where it can be gone on with without the old
 * container, and record has it; else OUTCOME_NOTHING_OPEN. journal as above. */
enum outcome plan_find_gone(const struct plan *plan, size_t row,
                            struct journal *journal, time_t now,
                            struct record *record);

/* NULL where the row does not say and no default was given. It lives as long
 * as the plan. */
const char *plan_get(const struct plan *plan, size_t row, enum plan_word word);
/* The same of the three locations, as media know them (medium_find); as it
 * was given where that cannot be known yet. */
const char *plan_place(const struct plan *plan, size_t row,
                       enum plan_word word);
/* The row's telephone as a renewal keeps it; false: it has none that is one. */
bool plan_phone(const struct plan *plan, size_t row, char kept[REQUISITE_MAX]);
/* Whether the key is to be made inside of its token. */
bool plan_is_inside(const struct plan *plan, size_t row);
/* What such a location has for one job alone (medium_exclusive); "": nothing.
 */
const char *plan_token(const struct plan *plan, size_t row,
                       enum plan_word word);
/* The number of the renewal in the journal, where the row is to go on with that
 * one, whatever else it says; else "". */
const char *plan_renewal(const struct plan *plan, size_t row);
/* Whose certificate it is, for people; "" where not known. */
const char *plan_owner(const struct plan *plan, size_t row);

#endif
