#include "client/renewal/journal.h"

#include "tests/support/crowd.h"
#include "tests/support/ledger.h"
#include "tests/support/nobody.h"
#include "tests/support/run.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { LARGE = 200 * 1024, OPENERS = 6, ROUNDS = 40 };

/* --- the file ------------------------------------------------------------ */

static void it_is_its_owners_alone(void **state)
{
    static const char *const names[] = {"journal.db", "journal.db-wal",
                                        "journal.db-shm"};
    mode_t before = umask(0);
    struct journal *journal = ledger_open();
    struct stat about;

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    umask(before);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(stat(scratch_path(ledger_folder(), names[i]), &about),
                         0);
        assert_int_equal(about.st_mode & 07777, 0600);
    }
    journal_close(&journal);
    assert_int_equal(chmod(ledger_path(), 0644), 0);
    journal = ledger_open();
    assert_int_equal(stat(ledger_path(), &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    journal_close(&journal);
}

static off_t log_size(void)
{
    struct stat about;

    assert_int_equal(
        stat(scratch_path(ledger_folder(), "journal.db-wal"), &about), 0);
    return about.st_size;
}

/* A row as long as one of a renewal, which its indexes need not follow. */
static void a_row_that_is_saved_again_writes_one_page(void **state)
{
    const off_t page = 24 + 4096; /* in the log */
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};
    char data[1000] = "";
    off_t size;

    (void)state;
    memset(data, '{', sizeof data - 1);
    record_set(&record, RECORD_ID, ledger_id(1));
    record_set(&record, RECORD_OLD_CONTAINER, "file:/a");
    record_set(&record, RECORD_OLD_THUMBPRINT, "aa");
    record_set(&record, RECORD_NEW_POINT, data);
    record_set(&record, RECORD_DATA, data);
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    size = log_size();
    for (const char *step = "12345"; *step != '\0'; step++) {
        record_set(&record, RECORD_STEP, step);
        assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    }
    assert_int_equal(log_size() - size, 5 * page);
    record_free(&record);
    journal_close(&journal);
}

static void write_file(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(scratch_path(ledger_folder(), name), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void damage_is_said(void **state)
{
    static char noise[8192];
    struct journal *journal = NULL;

    (void)state;
    memset(noise, 'x', sizeof noise);
    write_file("journal.db", noise, sizeof noise);
    assert_int_equal(journal_open(ledger_path(), &journal),
                     OUTCOME_STATE_DAMAGED);
    assert_null(journal);
    write_file("journal.db", "SQLite format 3", 16);
    assert_int_equal(journal_open(ledger_path(), &journal),
                     OUTCOME_STATE_DAMAGED);
}

static void run_sql(const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(ledger_path(), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void damaged_pages_are_said(void **state)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};
    enum outcome outcome;
    int fd;

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    journal_close(&journal);
    run_sql("PRAGMA wal_checkpoint(TRUNCATE)");
    fd = open(ledger_path(), O_WRONLY);
    assert_int_equal(pwrite(fd, &(char[4000]){0}, 4000, 4096 + 8), 4000);
    close(fd);
    outcome = journal_open(ledger_path(), &journal);
    if (outcome == OUTCOME_DONE)
        outcome = journal_load(journal, ledger_id(1), &record);
    assert_true(outcome == OUTCOME_STATE_DAMAGED ||
                outcome == OUTCOME_RENEWAL_UNKNOWN);
    record_free(&record);
    journal_close(&journal);
}

static size_t read_whole(char *data, size_t size)
{
    FILE *file = fopen(ledger_path(), "r");
    size_t got;

    assert_non_null(file);
    got = fread(data, 1, size, file);
    fclose(file);
    return got;
}

/* Not a byte of it changes. */
static void databases_of_others_are_left_alone(void **state)
{
    static const char *const databases[] = {
        "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES "
        "('x')",
        "CREATE TABLE renewal (id TEXT)",
        "PRAGMA user_version = 1",
        "PRAGMA user_version = 7; CREATE TABLE a (b)",
        "PRAGMA application_id = 252006674; CREATE TABLE a (b)",
    };
    static char before[65536], after[65536];

    (void)state;
    for (size_t i = 0; i < sizeof databases / sizeof *databases; i++) {
        struct journal *journal = NULL;
        size_t size;

        unlink(ledger_path());
        run_sql(databases[i]);
        size = read_whole(before, sizeof before);
        assert_int_equal(journal_open(ledger_path(), &journal),
                         OUTCOME_STATE_DAMAGED);
        assert_null(journal);
        assert_int_equal(read_whole(after, sizeof after), size);
        assert_memory_equal(before, after, size);
    }
}

static void a_later_schema_is_left_alone(void **state)
{
    struct journal *journal = ledger_open();

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    journal_close(&journal);
    run_sql("PRAGMA user_version = 100");
    assert_int_equal(journal_open(ledger_path(), &journal),
                     OUTCOME_STATE_NEWER);
    assert_null(journal);
}

/* As the first version made it: what it knows stays, what it lacks is
 * added. */
static void an_earlier_schema_is_completed(void **state)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};

    (void)state;
    ledger_put(journal, 1, "makeKey", "aa");
    journal_close(&journal);
    run_sql("ALTER TABLE renewal DROP COLUMN draft;"
            "ALTER TABLE renewal DROP COLUMN statement;"
            "PRAGMA user_version = 1");
    journal = ledger_open();
    assert_int_equal(journal_load(journal, ledger_id(1), &record),
                     OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_STEP), "makeKey");
    assert_null(record_get(&record, RECORD_DRAFT));
    record_set(&record, RECORD_DRAFT, "{}");
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
    journal_close(&journal);
    journal = ledger_open();
    assert_int_equal(journal_load(journal, ledger_id(1), &record),
                     OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_DRAFT), "{}");
    record_free(&record);
    journal_close(&journal);
}

/* Until rows were kept in the order of their beginning. */
static void rows_in_the_order_of_their_ids_are_saved(void **state)
{
    struct journal *journal = ledger_open();

    (void)state;
    journal_close(&journal);
    run_sql("DROP TABLE renewal;"
            "CREATE TABLE renewal (id TEXT, old_container TEXT, "
            "old_thumbprint TEXT, new_thumbprint TEXT, PRIMARY KEY (id)) "
            "WITHOUT ROWID; PRAGMA user_version = 1");
    journal = ledger_open();
    ledger_check_replacing(journal, 1);
    journal_close(&journal);
}

static void other_kinds_of_files_are_refused(void **state)
{
    struct journal *journal = NULL;

    (void)state;
    assert_int_equal(mkdir(ledger_path(), 0700), 0);
    assert_int_equal(journal_open(ledger_path(), &journal),
                     OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(rmdir(ledger_path()), 0);
    assert_int_equal(mkfifo(ledger_path(), 0600), 0);
    assert_int_equal(journal_open(ledger_path(), &journal),
                     OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(unlink(ledger_path()), 0);
    write_file("elsewhere", "", 0);
    assert_int_equal(symlink("elsewhere", ledger_path()), 0);
    assert_int_equal(journal_open(ledger_path(), &journal),
                     OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(
        journal_open(scratch_path(ledger_folder(), "no/journal.db"), &journal),
        OUTCOME_STATE_UNWRITABLE);
    assert_null(journal);
}

static int open_it(const void *data)
{
    struct journal *journal = NULL;

    (void)data;
    return (int)journal_open(ledger_path(), &journal);
}

static void a_folder_without_rights_is_said(void **state)
{
    struct journal *journal = ledger_open();

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    journal_close(&journal);
    assert_int_equal(chmod(ledger_path(), 0444), 0);
    assert_int_equal(chmod(ledger_folder(), 0555), 0);
    assert_int_equal(nobody_does(open_it, NULL), OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(chmod(ledger_folder(), 0700), 0);
    assert_int_equal(unlink(ledger_path()), 0);
    assert_int_equal(chmod(ledger_folder(), 0555), 0);
    assert_int_equal(nobody_does(open_it, NULL), OUTCOME_STATE_UNWRITABLE);
    assert_int_equal(chmod(ledger_folder(), 0700), 0);
}

static int open_this(const void *path)
{
    struct journal *journal = NULL;
    int outcome = (int)journal_open(path, &journal);

    journal_close(&journal);
    return outcome;
}

/* kep status reads it while kep renew makes it. */
static void many_open_a_new_one_at_once(void **state)
{
    char name[16];

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(name, sizeof name, "new-%d", i);
        assert_int_equal(
            crowd(OPENERS, open_this, scratch_path(ledger_folder(), name)),
            OUTCOME_DONE);
    }
}

static void limit_files(rlim_t size)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* What fits no more is an error, and what was there is still there; with room
 * again the same journal goes on. */
static int fill(void)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};
    char *text = calloc(1, LARGE);
    enum outcome outcome = OUTCOME_DONE;

    memset(text, 'x', LARGE - 1);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(256 * 1024);
    record_set(&record, RECORD_STEP, "review");
    record_set(&record, RECORD_MESSAGE, text);
    for (unsigned i = 2; i < 10 && outcome == OUTCOME_DONE; i++) {
        record_set(&record, RECORD_ID, ledger_id(i));
        outcome = journal_save(journal, &record);
    }
    limit_files(RLIM_INFINITY);
    if (outcome == OUTCOME_STATE_UNWRITABLE &&
        journal_save(journal, &record) != OUTCOME_DONE)
        outcome = OUTCOME_STATE_DAMAGED;
    record_free(&record);
    free(text);
    if (outcome == OUTCOME_STATE_UNWRITABLE &&
        journal_load(journal, ledger_id(1), &record) != OUTCOME_DONE)
        outcome = OUTCOME_STATE_DAMAGED;
    record_free(&record);
    journal_close(&journal);
    return (int)outcome;
}

static void a_full_disk_is_said(void **state)
{
    struct journal *journal = ledger_open();
    struct record record = {.failed = false};
    int status;
    pid_t child;

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    journal_close(&journal);
    child = fork();
    if (child == 0)
        _exit(fill());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), OUTCOME_STATE_UNWRITABLE);
    journal = ledger_open();
    assert_int_equal(journal_load(journal, ledger_id(1), &record),
                     OUTCOME_DONE);
    assert_string_equal(record_get(&record, RECORD_STEP), "signIn");
    record_free(&record);
    journal_close(&journal);
}

/* --- what others read ---------------------------------------------------- */

static void sqlite3_reads_it(void **state)
{
    const char *const command[] = {
        "sqlite3", "-readonly", ledger_path(),
        "PRAGMA integrity_check; SELECT step FROM renewal ORDER BY id", NULL};
    struct journal *journal = ledger_open();
    struct bytes said;

    (void)state;
    ledger_put(journal, 1, "signIn", "aa");
    ledger_put(journal, 2, "done", "bb");
    journal_close(&journal);
    bytes_init(&said, 4096);
    assert_int_equal(run(&said, command), 0);
    assert_string_equal((const char *)said.data, "ok\nsignIn\ndone\n");
    bytes_free(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER(it_is_its_owners_alone),
        LEDGER(a_row_that_is_saved_again_writes_one_page),
        LEDGER(damage_is_said),
        LEDGER(damaged_pages_are_said),
        LEDGER(databases_of_others_are_left_alone),
        LEDGER(a_later_schema_is_left_alone),
        LEDGER(an_earlier_schema_is_completed),
        LEDGER(rows_in_the_order_of_their_ids_are_saved),
        LEDGER(other_kinds_of_files_are_refused),
        LEDGER(a_folder_without_rights_is_said),
        LEDGER(many_open_a_new_one_at_once),
        LEDGER(a_full_disk_is_said),
        LEDGER(sqlite3_reads_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
