#include "api/sandbox/store.h"

#include "tests/support/crowd.h"
#include "tests/support/scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WRITERS = 4, EACH = 50, OPENERS = 6, ROUNDS = 40 };

#define COUNT "SELECT count(*) FROM subscribers"
#define ADD "INSERT INTO subscribers (phone, since) VALUES (?1, ?2)"

static struct store *store;

static int set_up(void **state)
{
    scratch_begin(state);
    return store_open(scratch_file("state"), &store) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    store_close(&store);
    return scratch_end(state);
}

static int count(struct store *in)
{
    sqlite3_stmt *row;
    int found = -1;

    assert_true(store_begin(in));
    if (store_row(in, COUNT, VALUES({0}), &row) == 1)
        found = sqlite3_column_int(row, 0);
    assert_true(store_end(in, false));
    return found;
}

static bool add(struct store *to, const char *phone)
{
    return store_change(to, ADD, VALUES(value_text(phone), value_number(7)),
                        NULL);
}

static void what_is_kept_and_what_is_not(void **state)
{
    (void)state;
    assert_true(store_begin(store));
    assert_true(add(store, "79000000001"));
    assert_true(store_end(store, false));
    assert_int_equal(count(store), 0);
    assert_true(store_begin(store));
    assert_true(add(store, "79000000001"));
    assert_true(store_end(store, true));
    assert_int_equal(count(store), 1);
}

static void a_failure_takes_everything_back(void **state)
{
    bool ok;

    (void)state;
    assert_true(store_begin(store));
    assert_true(add(store, "79000000001"));
    ok = add(store, "79000000001");
    assert_false(ok);
    assert_non_null(strstr(store_error(store), "UNIQUE"));
    assert_true(store_end(store, ok));
    assert_int_equal(count(store), 0);
}

static void values_come_back(void **state)
{
    static const uint8_t bytes[] = {0, 1, 0xFF, 0};
    sqlite3_stmt *row;
    char text[12], little[11];
    int changed = 0;

    (void)state;
    assert_true(store_begin(store));
    assert_true(store_change(
        store, "INSERT INTO secrets (word, value) VALUES (?1, ?2)",
        VALUES(value_text("79001234567"), value_bytes(bytes, sizeof bytes)),
        &changed));
    assert_int_equal(changed, 1);
    assert_int_equal(store_row(store,
                               "SELECT word, value, NULL, ?1 FROM secrets",
                               VALUES(value_number(INT64_MIN)), &row),
                     1);
    assert_true(store_text(row, 0, text, sizeof text));
    assert_string_equal(text, "79001234567");
    assert_false(store_text(row, 0, little, sizeof little));
    assert_int_equal(sqlite3_column_bytes(row, 1), sizeof bytes);
    assert_memory_equal(sqlite3_column_blob(row, 1), bytes, sizeof bytes);
    assert_true(store_text(row, 2, text, sizeof text));
    assert_string_equal(text, "");
    assert_true(sqlite3_column_int64(row, 3) == INT64_MIN);
    assert_int_equal(store_row(store, "SELECT 1 FROM secrets WHERE word = ?1",
                               VALUES(value_text(NULL)), &row),
                     0);
    assert_true(store_end(store, true));
}

static void statements_that_are_none(void **state)
{
    sqlite3_stmt *row;

    (void)state;
    assert_true(store_begin(store));
    assert_int_equal(store_row(store, "SELECT nothing", VALUES({0}), &row), -1);
    assert_false(store_change(store, "UPDATE secrets SET word = ?1",
                              VALUES(value_text("a"), value_text("b")), NULL));
    assert_true(store_end(store, false));
}

static void a_subscriber_is_registered_once(void **state)
{
    (void)state;
    assert_true(store_register(store, "79000000001", "a", "x", 1));
    assert_true(store_register(store, "79000000001", "b", "y", 1));
    assert_int_equal(count(store), 1);
    assert_false(store_register(store, "79000000002", "b", "z", 1));
    assert_int_equal(count(store), 1);
}

static void write_some(struct store *to, int from)
{
    char phone[STORE_PHONE];

    for (int i = 0; i < EACH; i++) {
        snprintf(phone, sizeof phone, "79%09d", from * EACH + i);
        if (store_begin(to))
            store_end(to, add(to, phone));
    }
}

static void *write_as_thread(void *number)
{
    write_some(store, (int)(uintptr_t)number);
    return NULL;
}

static void threads_share_it(void **state)
{
    pthread_t threads[WRITERS];

    (void)state;
    for (uintptr_t i = 0; i < WRITERS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, write_as_thread, (void *)i), 0);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(count(store), WRITERS * EACH);
}

/* Each is the first to open it, or thinks so. */
static void processes_share_it(void **state)
{
    const char *place = scratch_file("other");
    struct store *other = NULL;
    int status;

    (void)state;
    store_close(&store); /* SQLite is not carried over a fork */
    for (int i = 0; i < WRITERS; i++) {
        pid_t child = fork();

        if (child == 0) {
            if (!store_open(place, &other))
                _exit(1);
            write_some(other, i);
            store_close(&other);
            _exit(0);
        }
        assert_true(child > 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_true(store_open(place, &other));
    assert_int_equal(count(other), WRITERS * EACH);
    store_close(&other);
}

static int open_it(const void *place)
{
    struct store *other = NULL;
    bool ok = store_open(place, &other);

    if (!ok)
        fprintf(stderr, "# %s\n", store_error(other));
    store_close(&other);
    return ok ? 0 : 1;
}

/* Of the first ones none is turned away, whoever of them makes it. */
static void many_open_a_new_one_at_once(void **state)
{
    char name[16];

    (void)state;
    store_close(&store);
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(name, sizeof name, "new-%d", i);
        assert_int_equal(crowd(OPENERS, open_it, scratch_file(name)), 0);
    }
}

static void places_that_are_none(void **state)
{
    struct store *other = NULL;
    char *name = calloc(1, 5001);

    (void)state;
    assert_non_null(name);
    memset(name, 'x', 5000);
    assert_false(store_open(name, &other));
    assert_non_null(store_error(other));
    store_close(&other);
    assert_false(store_open("/proc/nothing/at/all", &other));
    store_close(&other);
    assert_false(store_open("/dev/null", &other));
    assert_non_null(store_error(other));
    store_close(&other);
    assert_null(other);
    assert_non_null(store_error(NULL));
    free(name);
}

static void what_is_no_database(void **state)
{
    struct store *other = NULL;
    FILE *file;

    (void)state;
    assert_int_equal(mkdir(scratch_file("bad"), 0700), 0);
    file = fopen(scratch_file("bad/sandbox.db"), "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++)
        fputs("no database", file);
    fclose(file);
    assert_false(store_open(scratch_file("bad"), &other));
    assert_non_null(strstr(store_error(other), "not a database"));
    store_close(&other);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_kept_and_what_is_not),
        TEST(a_failure_takes_everything_back),
        TEST(values_come_back),
        TEST(statements_that_are_none),
        TEST(a_subscriber_is_registered_once),
        TEST(threads_share_it),
        TEST(processes_share_it),
        TEST(many_open_a_new_one_at_once),
        TEST(places_that_are_none),
        TEST(what_is_no_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
