/* The journal: one row a renewal, in SQLite (WAL, synchronous=FULL). What is
 * committed here survives a kill and a power loss. No secret is in it; the
 * file is 0600. Several threads may use one journal: what they save at the
 * same time becomes one transaction, and each returns when it is durable. */
#ifndef CLIENT_RENEWAL_JOURNAL_H
#define CLIENT_RENEWAL_JOURNAL_H

#include "client/outcome/outcome.h"
#include "client/renewal/renewal_record.h"

struct journal;

enum { RENEWAL_ID = 32 /* hex digits */ };

/* Opens or makes path; its folder exists. OUTCOME_DONE,
 * OUTCOME_STATE_DAMAGED (also a database of another program's, which stays
 * as it is), OUTCOME_STATE_NEWER, OUTCOME_STATE_UNWRITABLE, OUTCOME_LOCKED.
 */
enum outcome journal_open(const char *path, struct journal **journal);
void journal_close(struct journal **journal);

/* Insert or update the whole row in one durable transaction. */
enum outcome journal_save(struct journal *journal, const struct record *record);

/* Whether all that is asked from now on is answered from one state of the
 * journal, which costs a fourth: for who asks a hundred thousand times. It ends
 * where something is saved. NULL: nothing. */
void journal_hold(struct journal *journal, bool held);

/* OUTCOME_RENEWAL_UNKNOWN when there is none. id may be the beginning of one
 * (at least 4 characters) if it is the only such. */
enum outcome journal_load(struct journal *journal, const char *id,
                          struct record *record);

/* The open renewal of an old certificate, or OUTCOME_NOTHING_OPEN. */
enum outcome journal_find_open(struct journal *journal, const char *thumbprint,
                               struct record *record);

/* The latest renewal of an old certificate that came to its end, or
 * OUTCOME_NOTHING_OPEN. */
enum outcome journal_find_done(struct journal *journal, const char *thumbprint,
                               struct record *record);

/* The same of what was in an old container then. */
enum outcome journal_find_done_at(struct journal *journal, const char *where,
                                  struct record *record);

/* Of the renewals of what was in an old container then, the one that was saved
 * last, or OUTCOME_NOTHING_OPEN. */
enum outcome journal_find_last_at(struct journal *journal, const char *where,
                                  struct record *record);

/* The renewal of an old certificate by which it stands: the open one; else the
 * latest that came to its end; else the latest that ended without a new one
 * (refused, withdrawn); or OUTCOME_NOTHING_OPEN. */
enum outcome journal_find_last(struct journal *journal, const char *thumbprint,
                               struct record *record);

/* The renewal that a certificate came from, or OUTCOME_NOTHING_OPEN. */
enum outcome journal_find_made(struct journal *journal, const char *thumbprint,
                               struct record *record);

/* Visit every open renewal, oldest first; a visitor's outcome other than
 * OUTCOME_DONE is kept and returned at the end (the one with the highest exit
 * status), the walk goes on. */
typedef enum outcome journal_visitor(void *context, struct record *record);
enum outcome journal_each_open(struct journal *journal, journal_visitor *visit,
                               void *context);

/* The same of every renewal, also one that is over, whose failed command is
 * still to be told (RECORD_FAILED_TOLD). */
enum outcome journal_each_untold(struct journal *journal,
                                 journal_visitor *visit, void *context);

/* Whether a step's word means that nothing is left to do. */
bool journal_step_is_end(const char *step);

#endif
