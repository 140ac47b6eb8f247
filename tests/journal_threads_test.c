#include "client/renewal/journal.h"

#include "tests/support/ledger.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 12, EACH = 25 };

struct writer {
    struct journal *journal;
    unsigned number;
    bool spoils; /* each third of its records found no memory */
    int told;    /* a pipe, -1: none */
    pthread_t thread;
    int wrong;
};

static void fill(struct record *record, unsigned number)
{
    char id[33];

    snprintf(id, sizeof id, "%08x%024x", number, number);
    record_set(record, RECORD_ID, id);
    record_set(record, RECORD_STEP, "signIn");
    record_set(record, RECORD_OLD_THUMBPRINT, id);
}

/* Save, read it back, and tell that it is saved. */
static void *write_rows(void *context)
{
    struct writer *writer = context;

    for (unsigned i = 0; i < EACH; i++) {
        const unsigned number = writer->number * EACH + i;
        struct record record = {.failed = false}, back = {.failed = false};
        enum outcome outcome;

        fill(&record, number);
        record.failed = writer->spoils && i % 3 == 0;
        outcome = journal_save(writer->journal, &record);
        writer->wrong +=
            outcome != (record.failed ? OUTCOME_MEMORY : OUTCOME_DONE);
        outcome = journal_load(writer->journal, record_get(&record, RECORD_ID),
                               &back);
        writer->wrong +=
            outcome != (record.failed ? OUTCOME_RENEWAL_UNKNOWN : OUTCOME_DONE);
        if (writer->told >= 0 && outcome == OUTCOME_DONE &&
            write(writer->told, &number, sizeof number) != sizeof number)
            writer->wrong++;
        record_free(&record);
        record_free(&back);
    }
    return NULL;
}

static int write_all(struct journal *journal, int told, bool spoil)
{
    struct writer writers[THREADS];
    int wrong = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){.journal = journal,
                                     .number = i,
                                     .spoils = spoil && i % 2 == 0,
                                     .told = told};
        wrong += pthread_create(&writers[i].thread, NULL, write_rows,
                                &writers[i]) != 0;
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(writers[i].thread, NULL);
        wrong += writers[i].wrong;
    }
    return wrong;
}

static enum outcome count_one(void *context, struct record *record)
{
    (void)record;
    ++*(size_t *)context;
    return OUTCOME_DONE;
}

static size_t count(void)
{
    struct journal *journal = ledger_open();
    size_t rows = 0;

    assert_int_equal(journal_each_open(journal, count_one, &rows),
                     OUTCOME_DONE);
    journal_close(&journal);
    return rows;
}

static void many_save_at_once(void **state)
{
    struct journal *journal = ledger_open();

    (void)state;
    assert_int_equal(write_all(journal, -1, false), 0);
    journal_close(&journal);
    assert_int_equal(count(), THREADS * EACH);
}

/* What is wrong with one record is its own affair. */
static void a_bad_record_spoils_no_other(void **state)
{
    struct journal *journal = ledger_open();
    size_t bad = (EACH + 2) / 3;

    (void)state;
    assert_int_equal(write_all(journal, -1, true), 0);
    journal_close(&journal);
    assert_int_equal(count(), THREADS * EACH - THREADS / 2 * bad);
}

/* Whoever was told that it is saved finds it after a kill. */
static void what_is_saved_outlives_a_kill(void **state)
{
    (void)state;
    for (int round = 0; round < 8; round++) {
        int ends[2], status;
        unsigned number;
        struct journal *journal;
        pid_t child;

        assert_int_equal(pipe(ends), 0);
        child = fork();
        if (child == 0) {
            journal = ledger_open();
            write_all(journal, ends[1], false);
            _exit(0);
        }
        close(ends[1]);
        for (int i = 0; i < 10 + 30 * round; i++)
            assert_int_equal(read(ends[0], &number, sizeof number),
                             sizeof number);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        journal = ledger_open();
        do { /* those that were told, and what is still in the pipe */
            char id[33];
            struct record record = {.failed = false};

            snprintf(id, sizeof id, "%08x%024x", number, number);
            assert_int_equal(journal_load(journal, id, &record), OUTCOME_DONE);
            record_free(&record);
        } while (read(ends[0], &number, sizeof number) == sizeof number);
        close(ends[0]);
        journal_close(&journal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEDGER(many_save_at_once),
        LEDGER(a_bad_record_spoils_no_other),
        LEDGER(what_is_saved_outlives_a_kill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
