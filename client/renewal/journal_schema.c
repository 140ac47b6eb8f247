#include "client/renewal/journal_schema.h"

#include "client/renewal/renewal_record.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    APPLICATION = 0x6B657031, /* "kep1": the database is a journal of ours */
    FIRST_COLUMNS = 39,       /* less one, of the first version */
    INDEXES = 1,              /* of later ones */
    /* Each of them is one more. */
    SCHEMA_VERSION = RECORD_FIELDS - FIRST_COLUMNS + INDEXES,
    BUSY_MS = 30000,
    NAP_MS = 32
};

/* What SQLite says, as an outcome: a full disk or missing rights are not
 * damage. */
enum outcome journal_schema_outcome(int code)
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
void journal_schema_columns(char *sql, const char *prefix, const char *type,
                            const char *suffix)
{
    size_t used = (size_t)snprintf(sql, JOURNAL_SQL_MAX, "%s", prefix);

    for (int i = 0; i < RECORD_FIELDS; i++)
        used += (size_t)snprintf(sql + used, JOURNAL_SQL_MAX - used, "%s%s%s",
                                 i == 0 ? "" : ", ",
                                 record_column((enum record_field)i), type);
    snprintf(sql + used, JOURNAL_SQL_MAX - used, "%s", suffix);
}

/* A row in which these stay as they are moves in no index. */
static bool is_key(enum record_field field)
{
    return field == RECORD_ID || field == RECORD_OLD_CONTAINER ||
           field == RECORD_OLD_THUMBPRINT || field == RECORD_NEW_THUMBPRINT;
}

/* The keys or the others, each with its parameter. */
static size_t put_pairs(char *sql, size_t used, bool keys, const char *between,
                        const char *sign)
{
    const char *before = "";

    for (enum record_field field = 0; field < RECORD_FIELDS; field++) {
        if (is_key(field) != keys)
            continue;
        used += (size_t)snprintf(sql + used, JOURNAL_SQL_MAX - used,
                                 "%s%s %s ?%d", before, record_column(field),
                                 sign, (int)field + 1);
        before = between;
    }
    return used;
}

static void put_update(char *sql)
{
    size_t used = (size_t)snprintf(sql, JOURNAL_SQL_MAX, "UPDATE renewal SET ");

    used = put_pairs(sql, used, false, ", ", "=");
    used += (size_t)snprintf(sql + used, JOURNAL_SQL_MAX - used, " WHERE ");
    (void)put_pairs(sql, used, true, " AND ", "IS");
}

static void put_insert(char *sql)
{
    size_t used;

    journal_schema_columns(sql, "INSERT OR REPLACE INTO renewal (", "",
                           ") VALUES (?");
    used = strlen(sql);
    for (int i = 1; i < RECORD_FIELDS; i++)
        used += (size_t)snprintf(sql + used, JOURNAL_SQL_MAX - used, ", ?");
    snprintf(sql + used, JOURNAL_SQL_MAX - used, ")");
}

void journal_schema_save(enum journal_save how, char *sql)
{
    if (how == JOURNAL_SAVE_IN_PLACE)
        put_update(sql);
    else if (how == JOURNAL_SAVE_ANEW)
        put_insert(sql);
    else
        snprintf(sql, JOURNAL_SQL_MAX, "%s",
                 how == JOURNAL_SAVE_BEGIN ? "BEGIN IMMEDIATE" : "COMMIT");
}

/* SQLite gives its own files (-wal, -shm) the mode of the database. One that
 * was copied here may have another. */
int journal_schema_claim(const char *path)
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

static int run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

/* The columns that a journal of an earlier version lacks. */
static int add_columns(sqlite3 *db)
{
    int code = SQLITE_OK;

    for (int i = 0; code == SQLITE_OK && i < RECORD_FIELDS; i++) {
        const char *column = record_column((enum record_field)i);
        char sql[256];

        if (sqlite3_table_column_metadata(db, NULL, "renewal", column, NULL,
                                          NULL, NULL, NULL, NULL) == SQLITE_OK)
            continue;
        snprintf(sql, sizeof(sql), "ALTER TABLE renewal ADD COLUMN %s TEXT",
                 column);
        code = run(db, sql);
    }
    return code;
}

/* Rows are kept in the order in which they began: those that are under way lie
 * in the same pages. (Earlier journals have them in the order of their ids.) */
static int make_schema(sqlite3 *db)
{
    char sql[JOURNAL_SQL_MAX], suffix[512];
    int code;

    snprintf(suffix, sizeof(suffix),
             ", PRIMARY KEY (id), CHECK (id IS NOT NULL));"
             "CREATE INDEX IF NOT EXISTS renewal_by_thumbprint ON renewal "
             "(old_thumbprint);"
             "CREATE INDEX IF NOT EXISTS renewal_by_new ON renewal "
             "(new_thumbprint) WHERE new_thumbprint IS NOT NULL;"
             "CREATE INDEX IF NOT EXISTS renewal_by_container ON renewal "
             "(old_container);"
             "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             APPLICATION, SCHEMA_VERSION);
    journal_schema_columns(sql, "CREATE TABLE IF NOT EXISTS renewal (", " TEXT",
                           suffix);
    code = run(db, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = run(db, sql);
    if (code == SQLITE_OK)
        code = add_columns(db);
    if (code == SQLITE_OK)
        code = run(db, "COMMIT");
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
        return journal_schema_outcome(code);
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

enum outcome journal_schema_prepare(sqlite3 *db)
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
    return journal_schema_outcome(code);
}
