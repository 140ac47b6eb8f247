#include "api/sandbox/ca.h"

#include "api/sandbox/authority.h"
#include "tests/support/office.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* 2026-11-23 12:00:00 UTC */
static const time_t now = 1795435200;

static void first_use_makes_everything(void **state)
{
    static const struct {
        const char *name;
        mode_t mode;
    } rows[] = {
        {"ca/root.pem", 0644},     {"ca/root.key", 0600},
        {"ca/issuing.pem", 0644},  {"ca/issuing.key", 0600},
        {"ca/stranger.pem", 0644}, {"ca/stranger.key", 0600},
        {"ca/issuing.crl", 0644},  {"ca/issuing.crl.pem", 0644},
        {"ca/root.crl", 0644},     {"ca/root.crl.pem", 0644},
    };
    const struct office *office = *state;
    struct stat status;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(stat(scratch_path(office->dir, rows[i].name), &status),
                         0);
        assert_int_equal(status.st_mode & 0777, rows[i].mode);
    }
    assert_int_equal(ca_chain(office->ca)->count, 2);
    assert_int_equal(ca_roots(office->ca)->count, 1);
}

static void second_use_finds_the_same(void **state)
{
    const struct office *office = *state;
    struct ca *again;

    assert_int_equal(ca_open(office->dir, office->now + OFFICE_DAY, &again),
                     FAULT_NONE);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(ca_chain(again)->certificate[i]->thumbprint,
                            ca_chain(office->ca)->certificate[i]->thumbprint);
    ca_close(&again);
    assert_int_equal(office_list_number(office, office->now), 1);
}

static void missing_parts_are_made_again(void **state)
{
    const struct office *office = *state;
    struct ca *again;

    assert_int_equal(unlink(scratch_path(office->dir, "ca/issuing.crl")), 0);
    assert_int_equal(unlink(scratch_path(office->dir, "ca/stranger.pem")), 0);
    assert_int_equal(ca_open(office->dir, office->now, &again), FAULT_NONE);
    ca_close(&again);
    assert_int_equal(access(scratch_path(office->dir, "ca/issuing.crl"), R_OK),
                     0);
}

static void overwrite(const char *dir, const char *name, const char *text)
{
    FILE *file = fopen(scratch_path(dir, name), "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void damaged_folders_are_refused(void **state)
{
    static const struct {
        const char *name;
        const char *text; /* NULL: removed */
        enum fault fault;
    } rows[] = {
        {"ca/root.pem", "", FAULT_CERTIFICATE},
        {"ca/root.pem", "-----BEGIN CERTIFICATE-----\n", FAULT_CERTIFICATE},
        {"ca/root.key", "no key", FAULT_DAMAGED},
        {"ca/root.key", NULL, FAULT_KEY_MISMATCH},
        {"ca/issuing.key", NULL, FAULT_KEY_MISMATCH},
        {"ca/issuing.crl", "no list", FAULT_DAMAGED},
        {"ca/root.crl", "", FAULT_DAMAGED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *dir = scratch_new();
        struct ca *ca;

        assert_int_equal(ca_open(dir, now, &ca), FAULT_NONE);
        ca_close(&ca);
        if (rows[i].text != NULL)
            overwrite(dir, rows[i].name, rows[i].text);
        else
            assert_int_equal(unlink(scratch_path(dir, rows[i].name)), 0);
        assert_int_equal(ca_open(dir, now, &ca), rows[i].fault);
        assert_null(ca);
        scratch_remove(&dir);
    }
}

static void swapped_keys_are_noticed(void **state)
{
    const struct office *office = *state;
    struct ca *again;

    assert_int_equal(rename(scratch_path(office->dir, "ca/stranger.key"),
                            scratch_path(office->dir, "ca/issuing.key")),
                     0);
    assert_int_equal(ca_open(office->dir, office->now, &again),
                     FAULT_KEY_MISMATCH);
}

static void impossible_folders_are_refused(void **state)
{
    char *dir = scratch_new();
    struct ca *ca;

    (void)state;
    overwrite(dir, "file", "");
    assert_int_equal(ca_open(scratch_path(dir, "a/b"), now, &ca),
                     FAULT_NOT_FOUND);
    assert_int_equal(ca_open(scratch_path(dir, "file"), now, &ca), FAULT_IO);
    assert_int_equal(ca_open(scratch_path(dir, "new"), now, &ca), FAULT_NONE);
    ca_close(&ca);
    scratch_remove(&dir);
}

static int open_and_tell(const char *dir, int number)
{
    char name[32];
    struct ca *ca;
    FILE *file;

    if (ca_open(dir, now, &ca) != FAULT_NONE)
        return 1;
    snprintf(name, sizeof name, "told.%d", number);
    file = fopen(scratch_path(dir, name), "w");
    if (file == NULL)
        return 2;
    fprintf(file, "%s %s", ca_chain(ca)->certificate[0]->thumbprint,
            ca_chain(ca)->certificate[1]->thumbprint);
    ca_close(&ca);
    return fclose(file) == 0 ? 0 : 3;
}

static void several_processes_make_one_authority(void **state)
{
    char *dir = scratch_new();
    char first[128] = "", other[128], name[32];

    (void)state;
    office_together(open_and_tell, dir);
    for (int i = 0; i < OFFICE_PROCESSES; i++) {
        FILE *file;

        snprintf(name, sizeof name, "told.%d", i);
        file = fopen(scratch_path(dir, name), "r");
        assert_non_null(file);
        assert_non_null(fgets(other, sizeof other, file));
        fclose(file);
        if (i == 0)
            memcpy(first, other, sizeof first);
        assert_string_equal(other, first);
    }
    scratch_remove(&dir);
}

static void months_are_calendar_months(void **state)
{
    static const struct {
        time_t from;
        int months;
        time_t to;
    } rows[] = {
        {0, 0, 0},
        {0, 12, 31536000},             /* 1971-01-01 */
        {0, -1, -2678400},             /* 1969-12-01 */
        {1769860800, 1, 1772280000},   /* 2026-01-31 -> 2026-02-28 */
        {1769860800, 25, 1835438400},  /* -> 2028-02-29 */
        {1795435200, 15, 1834920000},  /* 2026-11-23 -> 2028-02-23 */
        {1834920000, -15, 1795435200}, /* and back */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(ca_months(rows[i].from, rows[i].months), rows[i].to);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, office_set_up, office_tear_down)

/* Other programs read the files of keys, all of them: one in 155 would be
 * short of a byte. */
static void keys_have_all_their_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        gnutls_x509_privkey_t key;
        gnutls_datum_t number = {NULL, 0};

        assert_int_equal(authority_make_key(&key), FAULT_NONE);
        assert_int_equal(gnutls_x509_privkey_export_gost_raw(
                             key, NULL, NULL, NULL, NULL, NULL, &number),
                         0);
        assert_int_equal(number.size, 32);
        gnutls_free(number.data);
        gnutls_x509_privkey_deinit(key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(first_use_makes_everything),
        TEST(second_use_finds_the_same),
        TEST(missing_parts_are_made_again),
        cmocka_unit_test(damaged_folders_are_refused),
        TEST(swapped_keys_are_noticed),
        cmocka_unit_test(impossible_folders_are_refused),
        cmocka_unit_test(several_processes_make_one_authority),
        cmocka_unit_test(keys_have_all_their_bytes),
        cmocka_unit_test(months_are_calendar_months),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
