/* What opening a container costs, beside the key derivations that it cannot
 * do without and beside another library doing the same (tests/witness).
 * CPU time in milliseconds: the least and the median of many. */
#include "tests/witness/witness.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "tests/support/scratch.h"
#include "tests/support/self_signed.h"
#include "tests/support/stopwatch.h"
#include "token/container/suite.h"
#include "token/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS = 300, RUNS_SLOW = 60, CERTIFICATE_PADDING = 600 };

static const char password[] = "qwerty123";

static struct subject {
    const char *folder_name, *word, *password;
    char where[LOCATION_MAX + 16];
    char path[LOCATION_MAX];
} subjects[] = {
    {.folder_name = "a.000", .word = "gost2012-256"},
    {.folder_name = "b.000", .word = "gost2012-512"},
    {.folder_name = "c.000", .word = "gost2012-256", .password = password},
    {.folder_name = "d.000", .word = "gost2012-512", .password = password},
};

enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

static const struct medium_ops *ops;
static bool failed;

struct cost {
    double least, median;
};

typedef void work(const struct subject *subject);

static struct cost measure(work *do_it, const struct subject *subject)
{
    const int runs = subject->password == NULL ? RUNS : RUNS_SLOW;
    double spent[RUNS];

    do_it(subject);
    for (int i = 0; i < runs; i++) {
        double begun = stopwatch_now();

        do_it(subject);
        spent[i] = stopwatch_now() - begun;
    }
    stopwatch_sort(spent, (size_t)runs);
    return (struct cost){spent[0], spent[runs / 2]};
}

/* --- what is measured ----------------------------------------------------- */

static void open_it(const struct subject *subject)
{
    struct container *one;

    assert_int_equal(ops->open(subject->where, subject->password, &one),
                     FAULT_NONE);
    container_free(&one);
}

static void open_wrongly(const struct subject *subject)
{
    struct container *one;

    assert_int_equal(ops->open(subject->where, "qwerty124", &one),
                     FAULT_PASSWORD_WRONG);
}

/* The second reader; one pair, as the first reader does. */
static void witness_it(const struct subject *subject)
{
    struct witness witness;

    assert_null(witness_open(&witness, subject->path, subject->password, 1));
    witness_close(&witness);
}

static void witness_wrongly(const struct subject *subject)
{
    struct witness witness;

    assert_non_null(witness_open(&witness, subject->path, "qwerty124", 1));
    witness_close(&witness);
}

static void derive(const struct subject *subject)
{
    const struct suite *suite = suite_of(algorithm_by_word(subject->word));
    static const uint8_t salt[12];
    uint8_t cells[4 * sizeof password] = {0}, key[CPKDF_KEY];

    for (size_t i = 0; i < sizeof password - 1; i++)
        cells[4 * i] = (uint8_t)password[i];
    assert_int_equal(cpkdf(&suite->hash, cells, 4 * (sizeof password - 1), salt,
                           sizeof salt, key),
                     FAULT_NONE);
}

static void witness_derives(const struct subject *subject)
{
    static const uint8_t salt[12];
    uint8_t cells[4 * sizeof password] = {0}, key[GOST_KEY];

    (void)subject;
    for (size_t i = 0; i < sizeof password - 1; i++)
        cells[4 * i] = (uint8_t)password[i];
    assert_true(gost_derive(&gost_2012,
                            (struct span){cells, 4 * (sizeof password - 1)},
                            (struct span){salt, sizeof salt}, key));
}

/* --- the table ------------------------------------------------------------ */

static struct cost row(const char *what, work *do_it,
                       const struct subject *subject)
{
    struct cost cost = measure(do_it, subject);

    printf("%-52s%8.3f%9.3f\n", what, cost.least, cost.median);
    return cost;
}

/* The medians are of other moments than each other: the least ones compare
 * better. */
static void limit(const char *what, double got, double most)
{
    bool over = got > most;

    printf("    %-48s%8.3f  at most %.3f%s\n", what, got, most,
           over ? "  TOO MUCH" : "");
    failed |= over;
}

static void bench_open(const struct subject *subject)
{
    struct cost one = row("kep opens it", open_it, subject);

    row("libgcrypt opens it (tests/witness)", witness_it, subject);
    limit("milliseconds", one.least, 1);
}

static void bench_password(const struct subject *subject)
{
    struct cost bare =
        row("a derivation of 2000 rounds, nothing else", derive, subject);
    struct cost right = row("kep opens it", open_it, subject);
    struct cost wrong =
        row("kep refuses a wrong password", open_wrongly, subject);

    row("a derivation by libgcrypt", witness_derives, subject);
    row("libgcrypt opens it (tests/witness)", witness_it, subject);
    row("libgcrypt refuses a wrong password", witness_wrongly, subject);
    limit("times one derivation, the right password", right.least / bare.least,
          1.3);
    limit("times two derivations, a wrong password",
          wrong.least / (2 * bare.least), 1.3);
}

static void make(struct subject *subject, const char *location,
                 const char *folder, struct entropy *pool)
{
    struct container_spec spec = {.folder_name = subject->folder_name,
                                  .name = "bench",
                                  .algorithm = algorithm_by_word(subject->word),
                                  .password = subject->password,
                                  .exportable = true,
                                  .key_not_after = 1830297599};
    uint8_t scalar[ALGORITHM_KEY_MAX];
    struct certificate *certificate;
    struct container *one;

    assert_int_equal(keypair_make(spec.algorithm, pool, scalar), FAULT_NONE);
    certificate = self_signed_new(spec.algorithm, scalar, spec.algorithm->curve,
                                  CERTIFICATE_PADDING);
    spec.certificate = certificate;
    assert_int_equal(ops->store(location, &spec, scalar, pool, &one),
                     FAULT_NONE);
    container_free(&one);
    certificate_free(&certificate);
    snprintf(subject->where, sizeof subject->where, "%s/%s", location,
             subject->folder_name);
    snprintf(subject->path, sizeof subject->path, "%s/%s", folder,
             subject->folder_name);
}

static void bench(void **state)
{
    char *folder = scratch_new(), location[LOCATION_MAX];
    struct entropy *pool;

    (void)state;
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    assert_int_equal(medium_find(folder, &ops, location), FAULT_NONE);
    printf("%-52s%8s%9s\n", "CPU, milliseconds", "least", "median");
    for (size_t i = 0; i < SUBJECTS; i++) {
        make(&subjects[i], location, folder, pool);
        printf("%s, %s password\n", subjects[i].word,
               subjects[i].password == NULL ? "without" : "with");
        if (subjects[i].password == NULL)
            bench_open(&subjects[i]);
        else
            bench_password(&subjects[i]);
    }
    entropy_free(&pool);
    scratch_remove(&folder);
    assert_false(failed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bench)};

    return secret_prepare_process() == 0
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}
