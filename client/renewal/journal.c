#include "client/renewal/journal.h"

#include "client/renewal/group.h"
#include "client/renewal/journal_schema.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define IS_OPEN "step NOT IN ('done', 'ended')"

/* What is asked of the table, each prepared when it is first asked. */
enum query {
    QUERY_ID,
    QUERY_BEGINNING,
    QUERY_OPEN,
    QUERY_DONE,
    QUERY_DONE_AT,
    QUERY_LAST_AT,
    QUERY_LAST,
    QUERY_MADE,
    QUERIES
};

static const char *const conditions[] = {
    [QUERY_ID] = "id = ?",
    [QUERY_BEGINNING] = "substr(id, 1, length(?1)) = ?1",
    [QUERY_OPEN] = "old_thumbprint = ? AND " IS_OPEN " ORDER BY created DESC",
    [QUERY_DONE] = "old_thumbprint = ? AND step = 'done' ORDER BY updated DESC",
    [QUERY_DONE_AT] =
        "old_container = ? AND step = 'done' ORDER BY updated DESC",
    [QUERY_LAST_AT] = "old_container = ? ORDER BY updated DESC",
    [QUERY_LAST] =
        "old_thumbprint = ? ORDER BY CASE step WHEN 'ended' THEN 2 WHEN 'done'"
        " THEN 1 ELSE 0 END, CASE WHEN " IS_OPEN " THEN created ELSE updated"
        " END DESC",
    [QUERY_MADE] = "new_thumbprint = ? ORDER BY updated DESC",
};

struct journal {
    sqlite3 *db;
    pthread_mutex_t lock; /* of the connection and its statements */
    sqlite3_stmt *save[JOURNAL_SAVES], *query[QUERIES];
    struct group group; /* of those who save */
};

bool journal_step_is_end(const char *step)
{
    return step == NULL || strcmp(step, "done") == 0 ||
           strcmp(step, "ended") == 0;
}

static int bind(sqlite3_stmt *save, const struct record *record)
{
    int code = record->failed ? SQLITE_NOMEM : SQLITE_OK;

    for (int i = 0; code == SQLITE_OK && i < RECORD_FIELDS; i++)
        code =
            sqlite3_bind_text(save, i + 1, record->field[i], -1, SQLITE_STATIC);
    return code;
}

/* record NULL: it has no parameters. */
static int save_by(struct journal *journal, enum journal_save how,
                   const struct record *record)
{
    sqlite3_stmt **save = &journal->save[how];
    char sql[JOURNAL_SQL_MAX];
    int code = SQLITE_OK;

    if (*save == NULL) {
        journal_schema_save(how, sql);
        code = sqlite3_prepare_v2(journal->db, sql, -1, save, NULL);
    }
    if (code != SQLITE_OK)
        return code;
    if (record != NULL)
        code = bind(*save, record);
    if (code == SQLITE_OK)
        code = sqlite3_step(*save);
    sqlite3_reset(*save);
    sqlite3_clear_bindings(*save);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int save_one(struct journal *journal, const struct record *record)
{
    int code = save_by(journal, JOURNAL_SAVE_IN_PLACE, record);

    return code == SQLITE_OK && sqlite3_changes(journal->db) == 0
               ? save_by(journal, JOURNAL_SAVE_ANEW, record)
               : code;
}

/* One transaction; none of them is in the journal unless it ends. */
static void save_several(struct journal *journal, struct group_item *items)
{
    int code = save_by(journal, JOURNAL_SAVE_BEGIN, NULL);

    for (struct group_item *i = items; code == SQLITE_OK && i; i = i->next) {
        i->result = save_one(journal, i->what);
        /* What is wrong with one record alone leaves the transaction. */
        if (i->result != SQLITE_OK && sqlite3_get_autocommit(journal->db))
            code = i->result;
    }
    if (code == SQLITE_OK)
        code = save_by(journal, JOURNAL_SAVE_COMMIT, NULL);
    if (code == SQLITE_OK)
        return;
    if (!sqlite3_get_autocommit(journal->db))
        (void)sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
    for (struct group_item *i = items; i != NULL; i = i->next)
        i->result = code;
}

/* With the lock. */
static void hold(struct journal *journal, bool held)
{
    if ((sqlite3_get_autocommit(journal->db) != 0) == held)
        (void)sqlite3_exec(journal->db, held ? "BEGIN" : "COMMIT", NULL, NULL,
                           NULL);
}

void journal_hold(struct journal *journal, bool held)
{
    if (journal == NULL)
        return;
    pthread_mutex_lock(&journal->lock);
    hold(journal, held);
    pthread_mutex_unlock(&journal->lock);
}

static void save_all(void *context, struct group_item *items)
{
    struct journal *journal = context;

    pthread_mutex_lock(&journal->lock);
    hold(journal, false); /* what is saved is durable */
    save_several(journal, items);
    pthread_mutex_unlock(&journal->lock);
}

enum outcome journal_save(struct journal *journal, const struct record *record)
{
    return journal_schema_outcome(group_do(&journal->group, record));
}

static struct journal *new_journal(void)
{
    struct journal *journal = calloc(1, sizeof(*journal));

    if (journal == NULL || pthread_mutex_init(&journal->lock, NULL) != 0) {
        free(journal);
        return NULL;
    }
    if (group_init(&journal->group, save_all, journal) == 0)
        return journal;
    pthread_mutex_destroy(&journal->lock);
    free(journal);
    return NULL;
}

enum outcome journal_open(const char *path, struct journal **out)
{
    struct journal *journal;
    enum outcome outcome;
    int code;

    if (journal_schema_claim(path) != 0)
        return OUTCOME_STATE_UNWRITABLE;
    journal = new_journal();
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
    for (int i = 0; i < JOURNAL_SAVES; i++)
        sqlite3_finalize((*journal)->save[i]);
    for (int i = 0; i < QUERIES; i++)
        sqlite3_finalize((*journal)->query[i]);
    sqlite3_close((*journal)->db);
    group_free(&(*journal)->group);
    pthread_mutex_destroy(&(*journal)->lock);
    free(*journal);
    *journal = NULL;
}

/* --- looking ------------------------------------------------------------- */

static int prepare_query(struct journal *journal, enum query query)
{
    char sql[JOURNAL_SQL_MAX];
    char suffix[256];

    if (journal->query[query] != NULL)
        return SQLITE_OK;
    snprintf(suffix, sizeof(suffix), " FROM renewal WHERE %s",
             conditions[query]);
    journal_schema_columns(sql, "SELECT ", "", suffix);
    return sqlite3_prepare_v2(journal->db, sql, -1, &journal->query[query],
                              NULL);
}

static int read_row(sqlite3_stmt *query, struct record *record)
{
    for (int i = 0; i < RECORD_FIELDS; i++) {
        const char *text = (const char *)sqlite3_column_text(query, i);

        record_set(record, (enum record_field)i, text);
    }
    return record->failed ? SQLITE_NOMEM : SQLITE_OK;
}

/* The first row of a query: *rows says how many there were (at most two are
 * looked at). */
static enum outcome look(struct journal *journal, enum query query,
                         const char *argument, struct record *record, int *rows)
{
    sqlite3_stmt *select;
    int code;

    *rows = 0;
    pthread_mutex_lock(&journal->lock);
    code = prepare_query(journal, query);
    select = journal->query[query];
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(select, 1, argument, -1, SQLITE_STATIC);
    while (code == SQLITE_OK && (code = sqlite3_step(select)) == SQLITE_ROW) {
        code = *rows == 0 ? read_row(select, record) : SQLITE_DONE;
        ++*rows;
    }
    if (select != NULL)
        sqlite3_clear_bindings(select);
    sqlite3_reset(select);
    pthread_mutex_unlock(&journal->lock);
    return journal_schema_outcome(code);
}

enum outcome journal_load(struct journal *journal, const char *id,
                          struct record *record)
{
    enum outcome outcome;
    int rows;

    if (strlen(id) < 4 || strlen(id) > RENEWAL_ID)
        return OUTCOME_RENEWAL_UNKNOWN;
    outcome =
        look(journal, strlen(id) == RENEWAL_ID ? QUERY_ID : QUERY_BEGINNING, id,
             record, &rows);
    if (outcome == OUTCOME_DONE && rows != 1) {
        record_free(record);
        return OUTCOME_RENEWAL_UNKNOWN;
    }
    return outcome;
}

static enum outcome find(struct journal *journal, enum query query,
                         const char *argument, struct record *record)
{
    int rows;
    enum outcome outcome = look(journal, query, argument, record, &rows);

    return outcome == OUTCOME_DONE && rows == 0 ? OUTCOME_NOTHING_OPEN
                                                : outcome;
}

enum outcome journal_find_open(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal, QUERY_OPEN, thumbprint, record);
}

enum outcome journal_find_done(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal, QUERY_DONE, thumbprint, record);
}

enum outcome journal_find_done_at(struct journal *journal, const char *where,
                                  struct record *record)
{
    return find(journal, QUERY_DONE_AT, where, record);
}

enum outcome journal_find_last_at(struct journal *journal, const char *where,
                                  struct record *record)
{
    return find(journal, QUERY_LAST_AT, where, record);
}

enum outcome journal_find_last(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal, QUERY_LAST, thumbprint, record);
}

enum outcome journal_find_made(struct journal *journal, const char *thumbprint,
                               struct record *record)
{
    return find(journal, QUERY_MADE, thumbprint, record);
}

/* The ids first, then each row by itself: the visitor changes rows. */
static int list_ids(struct journal *journal, const char *sql,
                    char (**ids)[RENEWAL_ID + 1], size_t *count)
{
    sqlite3_stmt *query = NULL;
    int code = sqlite3_prepare_v2(journal->db, sql, -1, &query, NULL);
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

static enum outcome visit_each(struct journal *journal, const char *sql,
                               journal_visitor *visit, void *context)
{
    char(*ids)[RENEWAL_ID + 1] = NULL;
    size_t count = 0;
    enum outcome worst;

    pthread_mutex_lock(&journal->lock);
    worst = journal_schema_outcome(list_ids(journal, sql, &ids, &count));
    pthread_mutex_unlock(&journal->lock);
    for (size_t i = 0; i < count && worst != OUTCOME_MEMORY; i++) {
        struct record record = {.failed = false};
        enum outcome outcome = journal_load(journal, ids[i], &record);

        if (outcome == OUTCOME_DONE)
            outcome = visit(context, &record);
        record_free(&record);
        if (outcome_row(outcome)->status >= outcome_row(worst)->status)
            worst = outcome;
    }
    free(ids);
    return worst;
}

enum outcome journal_each_open(struct journal *journal, journal_visitor *visit,
                               void *context)
{
    return visit_each(journal,
                      "SELECT id FROM renewal WHERE " IS_OPEN
                      " ORDER BY created, id LIMIT 100000",
                      visit, context);
}

enum outcome journal_each_untold(struct journal *journal,
                                 journal_visitor *visit, void *context)
{
    return visit_each(journal,
                      "SELECT id FROM renewal WHERE failed_told LIKE '!%'"
                      " ORDER BY created, id LIMIT 100000",
                      visit, context);
}
