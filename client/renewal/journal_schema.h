/* The table of the journal: made, completed, and told from databases of
 * others. For client/renewal/journal*.c only. */
#ifndef CLIENT_RENEWAL_JOURNAL_SCHEMA_H
#define CLIENT_RENEWAL_JOURNAL_SCHEMA_H

#include "client/outcome/outcome.h"

#include <sqlite3.h>

enum { JOURNAL_SQL_MAX = 4096 };

/* What SQLite says, as an outcome: a full disk or missing rights are not
 * damage. */
enum outcome journal_schema_outcome(int code);

/* "CREATE TABLE …", "INSERT …" and "SELECT …" are written from the table of
 * columns: prefix, each column with its type or nothing, suffix; into sql
 * (JOURNAL_SQL_MAX bytes). */
void journal_schema_columns(char *sql, const char *prefix, const char *type,
                            const char *suffix);

/* What saves: a transaction, in which a row is changed where it is already,
 * with the keys that it has there, none of which moves in its index then; or
 * is written anew. */
enum journal_save {
    JOURNAL_SAVE_BEGIN,
    JOURNAL_SAVE_IN_PLACE,
    JOURNAL_SAVE_ANEW,
    JOURNAL_SAVE_COMMIT,
    JOURNAL_SAVES
};

/* Its statement, into sql (JOURNAL_SQL_MAX bytes); parameters are numbered as
 * fields, from 1. */
void journal_schema_save(enum journal_save how, char *sql);

/* The file of the database, before it is opened: made where there is none, and
 * for its owner alone. 0, or -1 and errno. */
int journal_schema_claim(const char *path);

/* Our table in a database that was just opened: made where it is new, the
 * columns of later versions added. A database of somebody else's is left as
 * it is: OUTCOME_STATE_DAMAGED; one of a later kep: OUTCOME_STATE_NEWER. */
enum outcome journal_schema_prepare(sqlite3 *db);

#endif
