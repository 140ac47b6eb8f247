#include "client/renewal/journal.h"

#include "client/renewal/journal_schema.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct journal {
    sqlite3 *db;
    sqlite3_stmt *save;
};

bool journal_step_is_end(const char *step)
{
    return step == NULL || strcmp(step, "done") == 0 ||
           strcmp(step, "ended") == 0;
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
    outcome = journal_schema_outcome(code);
    if (outcome == OUTCOME_DONE)
        outcome = journal_schema_prepare(journal->db);
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
    char sql[JOURNAL_SQL_MAX];
    size_t used;

    if (journal->save != NULL)
        return SQLITE_OK;
    journal_schema_columns(sql, "INSERT OR REPLACE INTO renewal (", "",
                           ") VALUES (?");
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
        return journal_schema_outcome(code);
    for (int i = 0; code == SQLITE_OK && i < RECORD_FIELDS; i++)
        code = sqlite3_bind_text(journal->save, i + 1, record->field[i], -1,
                                 SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(journal->save);
    sqlite3_reset(journal->save);
    sqlite3_clear_bindings(journal->save);
    return journal_schema_outcome(code);
}

static int select_rows(struct journal *journal, const char *where,
                       const char *argument, sqlite3_stmt **query)
{
    char sql[JOURNAL_SQL_MAX];
    char suffix[256];
    int code;

    snprintf(suffix, sizeof(suffix), " FROM renewal WHERE %s", where);
    journal_schema_columns(sql, "SELECT ", "", suffix);
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
    return journal_schema_outcome(code);
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

static enum outcome find(struct journal *journal, const char *where,
                         const char *thumbprint, struct record *record)
{
    int rows;
    enum outcome outcome =
        select_one(journal, where, thumbprint, record, &rows);

    return outcome == OUTCOME_DONE && rows == 0 ? OUTCOME_NOTHING_OPEN
                                                : outcome;
}

enum outcome journal_find_open(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal,
                "old_thumbprint = ? AND " IS_OPEN " ORDER BY created DESC",
                thumbprint, record);
}

enum outcome journal_find_done(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal,
                "old_thumbprint = ? AND step = 'done' ORDER BY updated DESC",
                thumbprint, record);
}

enum outcome journal_find_ended(struct journal *journal, const char *thumbprint,
                                struct record *record)
{
    return find(journal,
                "old_thumbprint = ? AND step = 'ended' ORDER BY updated DESC",
                thumbprint, record);
}

enum outcome journal_find_made(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal, "new_thumbprint = ? ORDER BY updated DESC", thumbprint,
                record);
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
    enum outcome worst =
        journal_schema_outcome(list_open(journal, &ids, &count));

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
