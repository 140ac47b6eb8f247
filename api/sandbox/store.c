#include "api/sandbox/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
    STATEMENTS = 64,
    BUSY_MS = 60000,
    NAP_MS = 32,
    ERROR_SIZE = 256,
    PATH_SIZE = 4200
};

struct store {
    sqlite3 *db;
    pthread_mutex_t lock;
    struct {
        const char *sql;
        sqlite3_stmt *statement;
    } kept[STATEMENTS];
    char error[ERROR_SIZE];
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS secrets (word TEXT PRIMARY KEY,"
    " value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS subscribers (phone TEXT PRIMARY KEY,"
    " since INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS certificates (thumbprint TEXT PRIMARY KEY,"
    " phone TEXT NOT NULL REFERENCES subscribers, der BLOB NOT NULL,"
    " revoked INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL DEFAULT 0,"
    " unpaid INTEGER NOT NULL DEFAULT 0, reason TEXT, mode TEXT, fate TEXT);"
    "CREATE INDEX IF NOT EXISTS certificates_phone ON certificates (phone);"
    "CREATE TABLE IF NOT EXISTS forms (id TEXT PRIMARY KEY,"
    " phone TEXT NOT NULL REFERENCES subscribers,"
    " external_id TEXT NOT NULL,"
    " thumbprint TEXT NOT NULL REFERENCES certificates,"
    " mode TEXT NOT NULL, status TEXT NOT NULL, final INTEGER NOT NULL,"
    " revision INTEGER NOT NULL, data TEXT NOT NULL,"
    " created INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " expires INTEGER NOT NULL, unpaid INTEGER NOT NULL, fate TEXT,"
    " reason TEXT, challenge TEXT, key_id TEXT,"
    " statement TEXT, request BLOB, certificate BLOB,"
    " UNIQUE (phone, external_id));"
    "CREATE TABLE IF NOT EXISTS holders (thumbprint TEXT PRIMARY KEY,"
    " esia TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS statement_phones (thumbprint TEXT PRIMARY KEY,"
    " phone TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS dossiers (form TEXT PRIMARY KEY,"
    " esia TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS papers (form TEXT NOT NULL,"
    " kind TEXT NOT NULL, state TEXT NOT NULL, type TEXT, content BLOB,"
    " received INTEGER NOT NULL, PRIMARY KEY (form, kind)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS forms_open ON forms (thumbprint)"
    " WHERE NOT final;"
    "CREATE TABLE IF NOT EXISTS effects (form TEXT NOT NULL,"
    " operation TEXT NOT NULL, digest BLOB NOT NULL,"
    " PRIMARY KEY (form, operation)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS challenges (id TEXT PRIMARY KEY,"
    " phone TEXT NOT NULL, form TEXT, known INTEGER NOT NULL,"
    " code BLOB NOT NULL, sent INTEGER NOT NULL, expires INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, resends INTEGER NOT NULL,"
    " used INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX IF NOT EXISTS challenges_expires ON challenges (expires);"
    "CREATE TABLE IF NOT EXISTS sessions (sid BLOB PRIMARY KEY,"
    " refresh BLOB NOT NULL UNIQUE, phone TEXT NOT NULL,"
    " expires INTEGER NOT NULL, refresh_expires INTEGER NOT NULL,"
    " parent BLOB) WITHOUT ROWID;";

static bool failed(struct store *store)
{
    snprintf(store->error, sizeof store->error, "%s",
             store->db ? sqlite3_errmsg(store->db) : "no memory");
    return false;
}

static bool run(struct store *store, const char *sql)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return failed(store);
    return true;
}

/* Where two switch a new database at once, each holds what the other waits
 * for, and SQLite lets a statement fail at once instead of waiting: it lets go
 * then and comes again after a while that no two have in common. Whoever comes
 * later finds the mode set, and only reads it. */
static bool enter_wal(struct store *store)
{
    unsigned char chance;
    int waited = 0;

    while (!run(store, "PRAGMA journal_mode = WAL")) {
        if ((sqlite3_errcode(store->db) & 0xFF) != SQLITE_BUSY ||
            waited >= BUSY_MS)
            return false;
        sqlite3_randomness(sizeof chance, &chance);
        waited += sqlite3_sleep(1 + chance % NAP_MS);
    }
    store->error[0] = '\0';
    return true;
}

/* Several processes may be the first at once: one makes the tables, the
 * others wait for it and find them. */
static bool prepare(struct store *store, const char *path)
{
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK)
        return failed(store);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    sqlite3_extended_result_codes(store->db, 1);
    return enter_wal(store) && run(store, "PRAGMA synchronous = NORMAL") &&
           run(store, "PRAGMA foreign_keys = ON") &&
           run(store, "BEGIN IMMEDIATE") && run(store, schema) &&
           run(store, "COMMIT");
}

static bool open_in(struct store *store, const char *dir)
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/sandbox.db", dir);

    if (length < 0 || (size_t)length >= sizeof path) {
        snprintf(store->error, sizeof store->error, "the path is too long");
        return false;
    }
    if (mkdir(dir, 0700) != 0 && errno != EEXIST) {
        snprintf(store->error, sizeof store->error, "%s", strerror(errno));
        return false;
    }
    return prepare(store, path);
}

bool store_open(const char *dir, struct store **out)
{
    struct store *store = calloc(1, sizeof *store);

    *out = store;
    if (!store)
        return false;
    if (pthread_mutex_init(&store->lock, NULL) != 0) {
        free(store);
        *out = NULL;
        return false;
    }
    return open_in(store, dir);
}

void store_close(struct store **out)
{
    struct store *store = *out;

    *out = NULL;
    if (!store)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->kept[i].statement);
    sqlite3_close(store->db);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

const char *store_error(const struct store *store)
{
    return store && store->error[0] ? store->error : "no memory";
}

bool store_begin(struct store *store)
{
    if (pthread_mutex_lock(&store->lock) != 0)
        return false;
    if (run(store, "BEGIN IMMEDIATE"))
        return true;
    pthread_mutex_unlock(&store->lock);
    return false;
}

bool store_end(struct store *store, bool keep)
{
    bool done = keep;

    for (size_t i = 0; i < STATEMENTS && store->kept[i].statement; i++) {
        sqlite3_reset(store->kept[i].statement);
        sqlite3_clear_bindings(store->kept[i].statement);
    }
    if (keep)
        done = run(store, "COMMIT");
    if (!done && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    pthread_mutex_unlock(&store->lock);
    return done || !keep;
}

static sqlite3_stmt *find(struct store *store, const char *sql)
{
    size_t i = 0;

    while (i < STATEMENTS && store->kept[i].sql && store->kept[i].sql != sql)
        i++;
    if (i == STATEMENTS) {
        snprintf(store->error, sizeof store->error, "too many statements");
        return NULL;
    }
    if (!store->kept[i].sql) {
        if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &store->kept[i].statement, NULL) != SQLITE_OK) {
            failed(store);
            return NULL;
        }
        store->kept[i].sql = sql;
    }
    return store->kept[i].statement;
}

static int bind(sqlite3_stmt *statement, int at, const struct value *value)
{
    if (value->kind == 'n')
        return sqlite3_bind_int64(statement, at, value->number);
    if (!value->data)
        return sqlite3_bind_null(statement, at);
    if (value->kind == 't')
        return sqlite3_bind_text(statement, at, value->data, -1, SQLITE_STATIC);
    return sqlite3_bind_blob64(statement, at, value->data, value->size,
                               SQLITE_STATIC);
}

sqlite3_stmt *store_query(struct store *store, const char *sql,
                          const struct value *values)
{
    sqlite3_stmt *statement = find(store, sql);

    if (!statement)
        return NULL;
    sqlite3_reset(statement);
    for (int i = 0; values[i].kind; i++) {
        if (bind(statement, i + 1, &values[i]) != SQLITE_OK) {
            failed(store);
            return NULL;
        }
    }
    return statement;
}

int store_row(struct store *store, const char *sql, const struct value *values,
              sqlite3_stmt **row)
{
    int step;

    *row = store_query(store, sql, values);
    if (!*row)
        return -1;
    step = sqlite3_step(*row);
    if (step == SQLITE_ROW)
        return 1;
    if (step == SQLITE_DONE)
        return 0;
    failed(store);
    return -1;
}

bool store_change(struct store *store, const char *sql,
                  const struct value *values, int *changed)
{
    sqlite3_stmt *statement = store_query(store, sql, values);

    if (!statement)
        return false;
    if (sqlite3_step(statement) != SQLITE_DONE)
        return failed(store);
    if (changed)
        *changed = sqlite3_changes(store->db);
    return true;
}

bool store_text(sqlite3_stmt *row, int column, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(row, column);
    int length = snprintf(text, size, "%s", value ? (const char *)value : "");

    return length >= 0 && (size_t)length < size;
}

static bool add_certificate(struct store *store, const char *phone,
                            const char *thumbprint, const void *der,
                            size_t size)
{
    return store_change(store,
                        "INSERT OR IGNORE INTO subscribers (phone, since)"
                        " VALUES (?1, ?2)",
                        VALUES(value_text(phone), value_number(time(NULL))),
                        NULL) &&
           store_change(store,
                        "INSERT INTO certificates (thumbprint, phone, der)"
                        " VALUES (?1, ?2, ?3)",
                        VALUES(value_text(thumbprint), value_text(phone),
                               value_bytes(der, size)),
                        NULL);
}

bool store_register(struct store *store, const char *phone,
                    const char *thumbprint, const void *der, size_t size)
{
    bool ok;

    if (!store_begin(store))
        return false;
    ok = add_certificate(store, phone, thumbprint, der, size);
    return store_end(store, ok) && ok;
}
