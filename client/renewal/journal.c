#include "client/renewal/journal.h"

#include <fcntl.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION = 0x6B657031, /* "kep1": the database is a journal of ours */
    SCHEMA_VERSION = 1,
    BUSY_MS = 30000,
    NAP_MS = 32,
    SQL_MAX = 4096
};

struct journal {
    sqlite3 *db;
    sqlite3_stmt *save;
};

bool journal_step_is_end(const char *step)
{
    return step == NULL || strcmp(step, "done") == 0 ||
           strcmp(step, "ended") == 0;
}

/* --- the database -------------------------------------------------------- */

/* What SQLite says, as an outcome: a full disk or missing rights are not
 * damage. */
static enum outcome outcome_of_sqlite(int code)
{
    switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_DONE:
        return OUTCOME_DONE;
    case SQLITE_NOMEM:
        return OUTCOME_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return OUTCOME_LOCKED;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return OUTCOME_STATE_UNWRITABLE;
    default:
        return OUTCOME_STATE_DAMAGED;
    }
}

/* "CREATE TABLE …", "INSERT …" and "SELECT …" are written from the table of
 * columns: prefix, each column with its type or nothing, suffix. */
static void column_list(char *sql, const char *prefix, const char *type,
                        const char *suffix)
{
    size_t used = (size_t)snprintf(sql, SQL_MAX, "%s", prefix);

    for (int i = 0; i < RECORD_FIELDS; i++)
        used += (size_t)snprintf(sql + used, SQL_MAX - used, "%s%s%s",
                                 i == 0 ? "" : ", ",
                                 record_column((enum record_field)i), type);
    snprintf(sql + used, SQL_MAX - used, "%s", suffix);
}

static int make_schema(sqlite3 *db)
{
    char sql[SQL_MAX], suffix[256];
    int code;

    snprintf(suffix, sizeof(suffix),
             ", PRIMARY KEY (id)) WITHOUT ROWID;"
             "CREATE INDEX IF NOT EXISTS renewal_by_thumbprint ON renewal "
             "(old_thumbprint);"
             "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             APPLICATION, SCHEMA_VERSION);
    column_list(sql, "CREATE TABLE IF NOT EXISTS renewal (", " TEXT", suffix);
    code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    return code;
}

static int read_number(sqlite3 *db, const char *sql, int *number)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(db, sql, -1, &query, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(query);
    if (code == SQLITE_ROW) {
        *number = sqlite3_column_int(query, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(query);
    return code;
}

/* A database of somebody else's is left as it is. In one transaction: another
 * kep may be making the tables at this moment. */
static enum outcome check_owner(sqlite3 *db, int *version)
{
    int application = 0, tables = 0;
    int code = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);

    if (code == SQLITE_OK)
        code = read_number(db, "PRAGMA application_id", &application);
    if (code == SQLITE_OK)
        code = read_number(db, "PRAGMA user_version", version);
    if (code == SQLITE_OK)
        code = read_number(db, "SELECT count(*) FROM sqlite_master", &tables);
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return outcome_of_sqlite(code);
    if (application != APPLICATION && (tables > 0 || *version != 0))
        return OUTCOME_STATE_DAMAGED;
    return *version > SCHEMA_VERSION ? OUTCOME_STATE_NEWER : OUTCOME_DONE;
}

/* SQLite does not wait where somebody else reads or switches a new database
 * at this moment: waiting with a lock in the hand could wait for ever. */
static int enter_wal(sqlite3 *db)
{
    static const char sql[] = "PRAGMA journal_mode = WAL";
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

    for (int waited = 0; (code & 0xFF) == SQLITE_BUSY && waited < BUSY_MS;) {
        unsigned char chance;

        sqlite3_randomness(sizeof(chance), &chance);
        waited += sqlite3_sleep(1 + chance % NAP_MS);
        code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    }
    return code;
}

static enum outcome prepare(sqlite3 *db)
{
    enum outcome outcome;
    int version = 0, code;

    sqlite3_busy_timeout(db, BUSY_MS);
    /* Merging the log at every close would cost as much as a whole renewal
     * writes: SQLite merges it when it has grown. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    outcome = check_owner(db, &version);
    if (outcome != OUTCOME_DONE)
        return outcome;
    code = enter_wal(db);
    if (code == SQLITE_OK)
        code = sqlite3_exec(
            db, "PRAGMA synchronous = FULL; PRAGMA cache_size = -512;", NULL,
            NULL, NULL);
    if (code == SQLITE_OK && version < SCHEMA_VERSION)
        code = make_schema(db);
    return outcome_of_sqlite(code);
}

/* SQLite gives its own files (-wal, -shm) the mode of the database. One that
 * was copied here may have another. */
static int make_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                  0600);
    struct stat about;
    int done = -1;

    if (fd < 0)
        return -1;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        done = (about.st_mode & 077) == 0 ? 0 : fchmod(fd, 0600);
    close(fd);
    return done;
}

enum outcome journal_open(const char *path, struct journal **out)
{
    struct journal *journal;
    enum outcome outcome;
    int code;

    if (make_private(path) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    journal = calloc(1, sizeof(*journal));
    if (journal == NULL)
        return OUTCOME_MEMORY;
    code = sqlite3_open_v2(path, &journal->db,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    outcome = outcome_of_sqlite(code);
    if (outcome == OUTCOME_DONE)
        outcome = prepare(journal->db);
    if (outcome != OUTCOME_DONE) {
        journal_close(&journal);
        return outcome;
    }
    *out = journal;
    return OUTCOME_DONE;
}

void journal_close(struct journal **journal)
{
    if (*journal == NULL)
        return;
    sqlite3_finalize((*journal)->save);
    sqlite3_close((*journal)->db);
    free(*journal);
    *journal = NULL;
}

static int prepare_save(struct journal *journal)
{
    char sql[SQL_MAX];
    size_t used;

    if (journal->save != NULL)
        return SQLITE_OK;
    column_list(sql, "INSERT OR REPLACE INTO renewal (", "", ") VALUES (?");
    used = strlen(sql);
    for (int i = 1; i < RECORD_FIELDS; i++)
        used += (size_t)snprintf(sql + used, sizeof(sql) - used, ", ?");
    snprintf(sql + used, sizeof(sql) - used, ")");
    return sqlite3_prepare_v2(journal->db, sql, -1, &journal->save, NULL);
}

enum outcome journal_save(struct journal *journal, const struct record *record)
{
    int code = record->failed ? SQLITE_NOMEM : prepare_save(journal);

    if (code != SQLITE_OK)
        return outcome_of_sqlite(code);
    for (int i = 0; code == SQLITE_OK && i < RECORD_FIELDS; i++)
        code = sqlite3_bind_text(journal->save, i + 1, record->field[i], -1,
                                 SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(journal->save);
    sqlite3_reset(journal->save);
    sqlite3_clear_bindings(journal->save);
    return outcome_of_sqlite(code);
}

static int select_rows(struct journal *journal, const char *where,
                       const char *argument, sqlite3_stmt **query)
{
    char sql[SQL_MAX];
    char suffix[256];
    int code;

    snprintf(suffix, sizeof(suffix), " FROM renewal WHERE %s", where);
    column_list(sql, "SELECT ", "", suffix);
    code = sqlite3_prepare_v2(journal->db, sql, -1, query, NULL);
    if (code == SQLITE_OK && argument != NULL)
        code = sqlite3_bind_text(*query, 1, argument, -1, SQLITE_TRANSIENT);
    return code;
}

static int read_row(sqlite3_stmt *query, struct record *record)
{
    for (int i = 0; i < RECORD_FIELDS; i++) {
        const char *text = (const char *)sqlite3_column_text(query, i);

        record_set(record, (enum record_field)i, text);
    }
    return record->failed ? SQLITE_NOMEM : SQLITE_OK;
}

/* The only row of a query: *rows says how many there were (at most two are
 * looked at). */
static enum outcome select_one(struct journal *journal, const char *where,
                               const char *argument, struct record *record,
                               int *rows)
{
    sqlite3_stmt *query = NULL;
    int code = select_rows(journal, where, argument, &query);

    *rows = 0;
    while (code == SQLITE_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        code = *rows == 0 ? read_row(query, record) : SQLITE_DONE;
        ++*rows;
    }
    sqlite3_finalize(query);
    return outcome_of_sqlite(code);
}

enum outcome journal_load(struct journal *journal, const char *id,
                          struct record *record)
{
    enum outcome outcome;
    int rows;

    if (strlen(id) < 4 || strlen(id) > 32)
        return OUTCOME_RENEWAL_UNKNOWN;
    outcome = select_one(journal, "substr(id, 1, length(?1)) = ?1", id, record,
                         &rows);
    if (outcome == OUTCOME_DONE && rows != 1) {
        record_free(record);
        return OUTCOME_RENEWAL_UNKNOWN;
    }
    return outcome;
}

static enum outcome load_exactly(struct journal *journal, const char *id,
                                 struct record *record)
{
    int rows;
    enum outcome outcome = select_one(journal, "id = ?", id, record, &rows);

    return outcome == OUTCOME_DONE && rows == 0 ? OUTCOME_RENEWAL_UNKNOWN
                                                : outcome;
}

#define IS_OPEN "step NOT IN ('done', 'ended')"

enum outcome journal_find_open(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    int rows;
    enum outcome outcome = select_one(
        journal, "old_thumbprint = ? AND " IS_OPEN " ORDER BY created DESC",
        thumbprint, record, &rows);

    return outcome == OUTCOME_DONE && rows == 0 ? OUTCOME_NOTHING_OPEN
                                                : outcome;
}

enum outcome journal_find_done(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    int rows;
    enum outcome outcome = select_one(
        journal, "old_thumbprint = ? AND step = 'done' ORDER BY updated DESC",
        thumbprint, record, &rows);

    return outcome == OUTCOME_DONE && rows == 0 ? OUTCOME_NOTHING_OPEN
                                                : outcome;
}

/* The ids first, then each row by itself: the visitor changes rows. */
static int list_open(struct journal *journal, char (**ids)[33], size_t *count)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(journal->db,
                                  "SELECT id FROM renewal WHERE " IS_OPEN
                                  " ORDER BY created, id LIMIT 100000",
                                  -1, &query, NULL);
    size_t room = 0;

    while (code == SQLITE_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        if (*count == room) {
            void *more;

            room = room == 0 ? 16 : 2 * room;
            more = reallocarray(*ids, room, sizeof(**ids));
            if (more == NULL) {
                code = SQLITE_NOMEM;
                break;
            }
            *ids = more;
        }
        snprintf((*ids)[(*count)++], sizeof(**ids), "%s",
                 (const char *)sqlite3_column_text(query, 0));
        code = SQLITE_OK;
    }
    sqlite3_finalize(query);
    return code;
}

enum outcome journal_each_open(struct journal *journal, journal_visitor *visit,
                               void *context)
{
    char(*ids)[33] = NULL;
    size_t count = 0;
    enum outcome worst = outcome_of_sqlite(list_open(journal, &ids, &count));

    for (size_t i = 0; i < count && worst != OUTCOME_MEMORY; i++) {
        struct record record = {.failed = false};
        enum outcome outcome = load_exactly(journal, ids[i], &record);

        if (outcome == OUTCOME_DONE)
            outcome = visit(context, &record);
        record_free(&record);
        if (outcome_row(outcome)->status >= outcome_row(worst)->status)
            worst = outcome;
    }
    free(ids);
    return worst;
}
