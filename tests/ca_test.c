#include "api/sandbox/ca.h"

#include "api/sandbox/person.h"
#include "keygen/keypair.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60, PROCESSES = 4 };

static time_t now;

struct setting {
    char *dir;
    struct ca *ca;
    struct name subject;
    gnutls_pubkey_t key;
};

static gnutls_pubkey_t public_key(const struct algorithm *algorithm)
{
    gnutls_privkey_t key = pki_key(algorithm);
    gnutls_pubkey_t public;

    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    gnutls_privkey_deinit(key);
    return public;
}

static int set_up(void **state)
{
    struct setting *setting = calloc(1, sizeof *setting);

    assert_non_null(setting);
    setting->dir = scratch_new();
    assert_int_equal(ca_open(setting->dir, now, &setting->ca), FAULT_NONE);
    assert_int_equal(person_invent(NULL, true, &setting->subject), FAULT_NONE);
    setting->key = public_key(algorithm_by_word(NULL));
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    gnutls_pubkey_deinit(setting->key);
    name_free(&setting->subject);
    ca_close(&setting->ca);
    scratch_remove(&setting->dir);
    free(setting);
    return 0;
}

static struct certificate *issue(const struct setting *setting, unsigned flaws)
{
    const struct ca_order order = {
        .key = setting->key,
        .subject = &setting->subject,
        .identification_kind = 1,
        .flaws = flaws,
    };
    struct certificate *certificate = NULL;

    assert_int_equal(ca_issue(setting->ca, &order, now, &certificate),
                     FAULT_NONE);
    return certificate;
}

static enum fault verify(const struct setting *setting,
                         const struct certificate *certificate, time_t when)
{
    gnutls_x509_crl_t crl;
    enum fault fault;

    assert_int_equal(ca_crl(setting->ca, when, &crl), FAULT_NONE);
    fault = chain_verify(certificate, ca_chain(setting->ca),
                         ca_roots(setting->ca), crl, when);
    gnutls_x509_crl_deinit(crl);
    return fault;
}

static unsigned list_number(const struct setting *setting, time_t when)
{
    gnutls_x509_crl_t crl;
    uint8_t number[16];
    size_t size = sizeof number;
    unsigned value = 0;

    assert_int_equal(ca_crl(setting->ca, when, &crl), FAULT_NONE);
    assert_int_equal(gnutls_x509_crl_get_number(crl, number, &size, NULL), 0);
    for (size_t i = 0; i < size; i++)
        value = value << 8 | number[i];
    gnutls_x509_crl_deinit(crl);
    return value;
}

static int list_count(const struct setting *setting)
{
    gnutls_x509_crl_t crl;
    int count;

    assert_int_equal(ca_crl(setting->ca, now, &crl), FAULT_NONE);
    count = gnutls_x509_crl_get_crt_count(crl);
    gnutls_x509_crl_deinit(crl);
    return count;
}

/* --- opening ------------------------------------------------------------ */

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
    const struct setting *setting = *state;
    struct stat status;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            stat(scratch_path(setting->dir, rows[i].name), &status), 0);
        assert_int_equal(status.st_mode & 0777, rows[i].mode);
    }
    assert_int_equal(ca_chain(setting->ca)->count, 2);
    assert_int_equal(ca_roots(setting->ca)->count, 1);
}

static void second_use_finds_the_same(void **state)
{
    const struct setting *setting = *state;
    struct ca *again;

    assert_int_equal(ca_open(setting->dir, now + DAY, &again), FAULT_NONE);
    for (size_t i = 0; i < 2; i++)
        assert_string_equal(ca_chain(again)->certificate[i]->thumbprint,
                            ca_chain(setting->ca)->certificate[i]->thumbprint);
    ca_close(&again);
    assert_int_equal(list_number(setting, now), 1);
}

static void missing_parts_are_made_again(void **state)
{
    const struct setting *setting = *state;
    struct ca *again;

    assert_int_equal(unlink(scratch_path(setting->dir, "ca/issuing.crl")), 0);
    assert_int_equal(unlink(scratch_path(setting->dir, "ca/stranger.pem")), 0);
    assert_int_equal(ca_open(setting->dir, now, &again), FAULT_NONE);
    ca_close(&again);
    assert_int_equal(access(scratch_path(setting->dir, "ca/issuing.crl"), R_OK),
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
    const struct setting *setting = *state;
    struct ca *again;

    assert_int_equal(rename(scratch_path(setting->dir, "ca/stranger.key"),
                            scratch_path(setting->dir, "ca/issuing.key")),
                     0);
    assert_int_equal(ca_open(setting->dir, now, &again), FAULT_KEY_MISMATCH);
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

/* Run in several processes at once; each has to return 0. */
static void together(int (*run)(const char *dir, int number), const char *dir)
{
    pid_t children[PROCESSES];

    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            _exit(run(dir, i));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = -1;

        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
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
    together(open_and_tell, dir);
    for (int i = 0; i < PROCESSES; i++) {
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

/* --- certificates ------------------------------------------------------- */

static void certificate_is_qualified(void **state)
{
    const struct setting *setting = *state;
    struct certificate *certificate = issue(setting, 0);
    const char *missing = NULL;

    assert_int_equal(certificate_profile(certificate, &missing), FAULT_NONE);
    assert_int_equal(verify(setting, certificate, now), FAULT_NONE);
    assert_true(name_equal(&certificate->subject, &setting->subject));
    assert_true(name_equal(&certificate->issuer,
                           &ca_chain(setting->ca)->certificate[0]->subject));
    assert_int_equal(certificate->not_before, now);
    assert_int_equal(certificate->not_after, ca_months(now, 15));
    assert_int_equal(certificate->key_not_before, now);
    assert_int_equal(certificate->key_not_after, ca_months(now, 15));
    certificate_free(&certificate);
}

static void certificate_has_the_ordered_dates(void **state)
{
    const struct setting *setting = *state;
    const struct ca_order order = {
        .key = setting->key,
        .subject = &setting->subject,
        .not_before = now - 400 * DAY,
        .not_after = now + 30 * DAY,
        .key_not_before = now - 399 * DAY,
        .key_not_after = now - DAY,
    };
    struct certificate *certificate;

    assert_int_equal(ca_issue(setting->ca, &order, now, &certificate),
                     FAULT_NONE);
    assert_int_equal(certificate->not_before, order.not_before);
    assert_int_equal(certificate->not_after, order.not_after);
    assert_int_equal(certificate->key_not_before, order.key_not_before);
    assert_int_equal(certificate->key_not_after, order.key_not_after);
    assert_int_equal(verify(setting, certificate, now), FAULT_NONE);
    certificate_free(&certificate);
}

static void serials_are_long_and_positive(void **state)
{
    const struct setting *setting = *state;
    char last[2 * CERTIFICATE_SERIAL_MAX + 1] = "";

    for (int i = 0; i < 20; i++) {
        struct certificate *certificate = issue(setting, 0);

        assert_int_equal(strlen(certificate->serial), 40);
        assert_in_range(certificate->serial[0], '0', '7');
        assert_string_not_equal(certificate->serial, last);
        memcpy(last, certificate->serial, sizeof last);
        certificate_free(&certificate);
    }
}

static void keys_of_both_algorithms_are_certified(void **state)
{
    const struct setting *setting = *state;

    for (size_t i = 0; algorithm_all()[i] != NULL; i++) {
        const struct algorithm *algorithm = algorithm_all()[i];
        struct ca_order order = {.subject = &setting->subject};
        struct certificate *certificate;

        order.key = public_key(algorithm);
        assert_int_equal(ca_issue(setting->ca, &order, now, &certificate),
                         FAULT_NONE);
        assert_ptr_equal(certificate->algorithm, algorithm);
        certificate_free(&certificate);
        gnutls_pubkey_deinit(order.key);
    }
}

static void flaws_are_what_they_say(void **state)
{
    static const struct {
        const char *word;
        unsigned flaw;
        enum fault chain;
        enum fault profile;
        bool same_key, same_person;
    } rows[] = {
        {"otherKey", CA_OTHER_KEY, FAULT_NONE, FAULT_NONE, false, true},
        {"otherPerson", CA_OTHER_PERSON, FAULT_NONE, FAULT_NONE, true, false},
        {"otherCa", CA_OTHER_CA, FAULT_CHAIN, FAULT_NONE, true, true},
        {"expired", CA_EXPIRED, FAULT_EXPIRED, FAULT_NONE, true, true},
        {"notYetValid", CA_NOT_YET_VALID, FAULT_EXPIRED, FAULT_NONE, true,
         true},
        {"noProfile", CA_NO_PROFILE, FAULT_NONE, FAULT_PROFILE, true, true},
    };
    const struct setting *setting = *state;
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t point[2 * ALGORITHM_KEY_MAX];

    assert_int_equal(keypair_point(setting->key, algorithm, point), FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *certificate = issue(setting, rows[i].flaw);
        const char *missing;

        assert_int_equal(ca_flaw(rows[i].word), rows[i].flaw);
        assert_int_equal(verify(setting, certificate, now), rows[i].chain);
        assert_int_equal(certificate_profile(certificate, &missing),
                         rows[i].profile);
        assert_int_equal(certificate_has_point(certificate, point, 64),
                         rows[i].same_key);
        assert_int_equal(name_equal(&certificate->subject, &setting->subject),
                         rows[i].same_person);
        certificate_free(&certificate);
    }
    assert_int_equal(ca_flaw("none"), 0);
    assert_int_equal(ca_flaw(""), 0);
}

static void impossible_orders_are_refused(void **state)
{
    const struct setting *setting = *state;
    static const char words[] = "no request";
    char long_tool[202];
    const struct {
        struct ca_order order;
        enum fault fault;
    } rows[] = {
        {{.subject = &setting->subject}, FAULT_ARGUMENT},
        {{.key = setting->key}, FAULT_ARGUMENT},
        {{.subject = &setting->subject,
          .request = words,
          .request_size = sizeof words},
         FAULT_REQUEST},
        {{.subject = &setting->subject, .request = words, .request_size = 0},
         FAULT_REQUEST},
        {{.subject = &setting->subject,
          .key = setting->key,
          .not_before = now,
          .not_after = now - 1},
         FAULT_ARGUMENT},
        {{.subject = &setting->subject,
          .key = setting->key,
          .key_not_before = now,
          .key_not_after = now - 1},
         FAULT_ARGUMENT},
        {{.subject = &setting->subject, .key = setting->key, .classes = 7},
         FAULT_ARGUMENT},
        {{.subject = &setting->subject,
          .key = setting->key,
          .identification_kind = 4},
         FAULT_ARGUMENT},
        {{.subject = &setting->subject,
          .key = setting->key,
          .identification_kind = -1},
         FAULT_ARGUMENT},
        {{.subject = &setting->subject, .key = setting->key, .sign_tool = ""},
         FAULT_ARGUMENT},
        {{.subject = &setting->subject,
          .key = setting->key,
          .sign_tool = long_tool},
         FAULT_ARGUMENT},
    };

    memset(long_tool, 'a', sizeof long_tool - 1);
    long_tool[sizeof long_tool - 1] = '\0';
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct certificate *certificate;

        assert_int_equal(
            ca_issue(setting->ca, &rows[i].order, now, &certificate),
            rows[i].fault);
        assert_null(certificate);
    }
}

/* --- revocation --------------------------------------------------------- */

static void revoked_is_revoked(void **state)
{
    const struct setting *setting = *state;
    struct certificate *one = issue(setting, 0);
    struct certificate *other = issue(setting, 0);

    assert_int_equal(ca_revoke(setting->ca, one->serial, now), FAULT_NONE);
    assert_int_equal(verify(setting, one, now), FAULT_REVOKED);
    assert_int_equal(verify(setting, other, now), FAULT_NONE);
    assert_int_equal(list_number(setting, now), 2);
    assert_int_equal(ca_revoke(setting->ca, one->serial, now), FAULT_NONE);
    assert_int_equal(list_number(setting, now), 2);
    assert_int_equal(list_count(setting), 1);
    certificate_free(&one);
    certificate_free(&other);
}

static void bad_serials_are_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "zz",
        "0",
        "123",
        "00112233445566778899aabbccddeeff0011223344",
        "01 ",
        "0x01",
        "01\n",
    };
    const struct setting *setting = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(ca_revoke(setting->ca, rows[i], now), FAULT_ARGUMENT);
    assert_int_equal(list_number(setting, now), 1);
}

static void lists_that_are_over_are_renewed(void **state)
{
    const struct setting *setting = *state;
    struct certificate *certificate = issue(setting, 0);
    struct ca *again;

    assert_int_equal(ca_revoke(setting->ca, certificate->serial, now - DAY),
                     FAULT_NONE);
    assert_int_equal(list_number(setting, now + 6 * DAY), 2);
    assert_int_equal(list_number(setting, now + 7 * DAY), 3);
    assert_int_equal(ca_open(setting->dir, now + 20 * DAY, &again), FAULT_NONE);
    ca_close(&again);
    assert_int_equal(list_number(setting, now + 20 * DAY), 4);
    assert_int_equal(verify(setting, certificate, now + 20 * DAY),
                     FAULT_REVOKED);
    certificate_free(&certificate);
}

/* Numbers above 127 must stay positive INTEGERs. */
static void numbers_grow_past_a_byte(void **state)
{
    const struct setting *setting = *state;
    char serial[] = "0100";

    for (int i = 0; i < 130; i++) {
        snprintf(serial, sizeof serial, "%04x", 0x0100 + i);
        assert_int_equal(ca_revoke(setting->ca, serial, now), FAULT_NONE);
    }
    assert_int_equal(list_number(setting, now), 131);
    assert_int_equal(list_count(setting), 130);
}

static int revoke_some(const char *dir, int number)
{
    struct ca *ca;
    char serial[8];

    if (ca_open(dir, now, &ca) != FAULT_NONE)
        return 1;
    for (int i = 0; i < 10; i++) {
        snprintf(serial, sizeof serial, "%02x%02x", 0x10 + number, i);
        if (ca_revoke(ca, serial, now) != FAULT_NONE)
            return 2;
    }
    ca_close(&ca);
    return 0;
}

static void revocations_at_once_are_all_kept(void **state)
{
    const struct setting *setting = *state;

    together(revoke_some, setting->dir);
    assert_int_equal(list_count(setting), 10 * PROCESSES);
    assert_int_equal(list_number(setting, now), 1 + 10 * PROCESSES);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

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
        TEST(certificate_is_qualified),
        TEST(certificate_has_the_ordered_dates),
        TEST(serials_are_long_and_positive),
        TEST(keys_of_both_algorithms_are_certified),
        TEST(flaws_are_what_they_say),
        TEST(impossible_orders_are_refused),
        TEST(revoked_is_revoked),
        TEST(bad_serials_are_refused),
        TEST(lists_that_are_over_are_renewed),
        TEST(numbers_grow_past_a_byte),
        TEST(revocations_at_once_are_all_kept),
        cmocka_unit_test(months_are_calendar_months),
    };

    now = time(NULL);
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
