#include "token/file/file_medium.h"

#include "keygen/keypair.h"
#include "tests/support/run.h"
#include "tests/support/sample.h"
#include "tests/support/scratch.h"
#include "tests/support/self_signed.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

static struct entropy *pool;
static char location[LOCATION_MAX];
static const struct medium_ops *ops;

static int start(void **state)
{
    scratch_begin(state);
    if (entropy_new(&pool) != FAULT_NONE)
        return -1;
    return medium_find(scratch_folder, &ops, location) == FAULT_NONE ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    entropy_free(&pool);
    return scratch_end(state);
}

static struct container_spec spec_of(const char *word)
{
    return (struct container_spec){.folder_name = "abcd1234.000",
                                   .name = "Проба",
                                   .algorithm = algorithm_by_word(word),
                                   .exportable = true,
                                   .key_not_after = 1830297599};
}

static unsigned mode_of(const char *name)
{
    struct stat status;

    assert_int_equal(stat(scratch_file(name), &status), 0);
    return status.st_mode & 07777;
}

/* OpenSSL verifies what the container's key signs. */
static void check_signature(const struct container *container)
{
    static const char text[] = "what is signed";
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)text,
                                 sizeof text - 1};
    const struct algorithm *algorithm = container->info.algorithm;
    gnutls_datum_t signature, pem;
    gnutls_pubkey_t key;
    struct bytes output;
    char *signature_path, *key_path;

    assert_int_equal(gnutls_privkey_sign_data2(container->key, algorithm->sign,
                                               0, &data, &signature),
                     0);
    assert_int_equal(gnutls_pubkey_init(&key), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(key, container->key, 0, 0),
                     0);
    assert_int_equal(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_PEM, &pem), 0);
    scratch_write("text", text, sizeof text - 1);
    scratch_write("signature", signature.data, signature.size);
    scratch_write("key.pem", pem.data, pem.size);
    signature_path = strdup(scratch_file("signature"));
    key_path = strdup(scratch_file("key.pem"));
    bytes_init(&output, 65536);
    assert_int_equal(
        run(&output,
            (const char *const[]){"openssl", "dgst",
                                  algorithm->key_size == 32 ? "-md_gost12_256"
                                                            : "-md_gost12_512",
                                  "-verify", key_path, "-signature",
                                  signature_path, scratch_file("text"), NULL}),
        0);
    assert_non_null(strstr((const char *)output.data, "Verified OK"));
    bytes_free(&output);
    free(signature_path);
    free(key_path);
    gnutls_free(signature.data);
    gnutls_free(pem.data);
    gnutls_pubkey_deinit(key);
}

/* The medium's functions; what was read back is looked at and freed. */
static enum fault take(enum fault fault, struct container **made, char *where)
{
    if (fault != FAULT_NONE) {
        assert_null(*made);
        return fault;
    }
    memcpy(where, (*made)->info.where, LOCATION_MAX);
    assert_non_null((*made)->key);
    container_free(made);
    return fault;
}

static enum fault generate(const char *at, const struct container_spec *spec,
                           char *where)
{
    struct container *made;
    enum fault fault = ops->generate(at, spec, pool, &made);

    return take(fault, &made, where);
}

static enum fault store(const char *at, const struct container_spec *spec,
                        const uint8_t *scalar, char *where)
{
    struct container *made;
    enum fault fault = ops->store(at, spec, scalar, pool, &made);

    return take(fault, &made, where);
}

static void test_generate(void **state)
{
    static const struct {
        const char *word, *password, *folder_name;
    } rows[] = {{"gost2012-256", NULL, "a.000"},
                {"gost2012-512", NULL, "b.000"},
                {"gost2012-256", "secret", "c.000"},
                {"gost2012-512", "secret", "d.000"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct container_spec spec = spec_of(rows[i].word);
        char where[LOCATION_MAX];
        struct container *one;

        spec.folder_name = rows[i].folder_name;
        spec.password = rows[i].password;
        assert_int_equal(generate(location, &spec, where), FAULT_NONE);
        assert_memory_equal(where, location, strlen(location));
        assert_int_equal(generate(location, &spec, where), FAULT_EXISTS);
        assert_int_equal(ops->open(where, rows[i].password, &one), FAULT_NONE);
        assert_string_equal(one->info.where, where);
        assert_string_equal(one->info.name, "Проба");
        check_signature(one);
        container_free(&one);
        if (rows[i].password != NULL)
            assert_int_equal(ops->open(where, NULL, &one),
                             FAULT_PASSWORD_NEEDED);
    }
    assert_int_equal(mode_of("a.000"), 0700);
    assert_int_equal(mode_of("a.000/primary.key"), 0600);
    assert_int_equal(mode_of("a.000/header.key"), 0600);
}

static void test_store_and_certify(void **state)
{
    struct container_spec spec = spec_of("gost2012-256");
    char where[LOCATION_MAX], again[LOCATION_MAX];
    uint8_t scalar[ALGORITHM_KEY_MAX];
    struct certificate *certificate;
    struct container_info info;
    struct container *one;

    (void)state;
    spec.folder_name = "store.000";
    assert_int_equal(keypair_make(spec.algorithm, pool, scalar), FAULT_NONE);
    certificate =
        self_signed_new(spec.algorithm, scalar, spec.algorithm->curve, 3000);
    assert_int_equal(store(location, &spec, scalar, where), FAULT_NONE);
    assert_int_equal(ops->describe(where, &info), FAULT_NONE);
    assert_null(info.certificate);
    container_info_free(&info);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ops->write_certificate(where, certificate),
                         FAULT_NONE);
        assert_int_equal(ops->describe(where, &info), FAULT_NONE);
        assert_string_equal(info.where, where);
        assert_string_equal(info.certificate->thumbprint,
                            certificate->thumbprint);
        container_info_free(&info);
    }
    assert_int_equal(ops->open(where, NULL, &one), FAULT_NONE);
    /* A copy, as a backup makes it. */
    spec.folder_name = "copy.000";
    spec.certificate = one->info.certificate;
    assert_int_equal(store(location, &spec, one->scalar, again), FAULT_NONE);
    container_free(&one);
    assert_int_equal(ops->open(again, NULL, &one), FAULT_NONE);
    assert_memory_equal(one->scalar, scalar, 32);
    assert_string_equal(one->info.certificate->thumbprint,
                        certificate->thumbprint);
    container_free(&one);
    certificate_free(&certificate);
}

static void test_refused(void **state)
{
    static const char *const names[] = {
        "", "x", "X.000", "../a.000", "a/.000", "toolongname.000"};
    struct container_spec spec = spec_of("gost2012-256");
    char where[LOCATION_MAX], missing[LOCATION_MAX + 16];
    struct container_info info;
    struct container *one;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        spec.folder_name = names[i];
        assert_int_equal(generate(location, &spec, where), FAULT_ARGUMENT);
        assert_int_equal(ops->probe(location, names[i]), FAULT_ARGUMENT);
    }
    spec = spec_of("gost2012-256");
    snprintf(missing, sizeof missing, "%s/missing", location);
    assert_int_equal(generate(missing, &spec, where), FAULT_NOT_FOUND);
    assert_int_equal(ops->probe(missing, "a.000"), FAULT_NOT_FOUND);
    assert_int_equal(ops->describe(missing, &info), FAULT_NOT_FOUND);
    assert_int_equal(ops->open(missing, NULL, &one), FAULT_NOT_FOUND);
    assert_int_equal(ops->describe("/not/canonical", &info), FAULT_LOCATION);
    assert_int_equal(ops->describe(location, &info), FAULT_NOT_CONTAINER);
    assert_int_equal(ops->open(location, NULL, &one), FAULT_NOT_CONTAINER);
    assert_int_equal(ops->probe("file:/dev/null", "a.000"), FAULT_NOT_FOUND);
}

/* Somebody without rights; root has them all. */
static void test_no_access(void **state)
{
    struct container_spec spec = spec_of("gost2012-256");
    char *closed = scratch_new(), where[LOCATION_MAX], at[LOCATION_MAX];

    (void)state;
    assert_int_equal(medium_find(closed, &ops, at), FAULT_NONE);
    assert_int_equal(chmod(closed, 0500), 0);
    if (geteuid() == 0)
        assert_int_equal(seteuid(65534), 0);
    assert_int_equal(ops->probe(at, "a.000"), FAULT_NO_ACCESS);
    assert_int_equal(generate(at, &spec, where), FAULT_NO_ACCESS);
    if (getuid() == 0)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(closed, 0700), 0);
    assert_int_equal(rmdir(closed), 0); /* nothing is in it */
    free(closed);
}

static void test_probe(void **state)
{
    char *place = scratch_new(), at[LOCATION_MAX];
    const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    struct stat stat_;

    (void)state;
    assert_int_equal(medium_find(place, &ops, at), FAULT_NONE);
    assert_int_equal(utimensat(AT_FDCWD, place, long_ago, 0), 0);
    assert_int_equal(ops->probe(at, "a.000"), FAULT_NONE);
    assert_int_equal(stat(place, &stat_), 0);
    assert_int_equal(stat_.st_mtime, 1); /* nothing came and went */
    assert_int_equal(mkdir(scratch_path(place, "a.000"), 0700), 0);
    assert_int_equal(ops->probe(at, "a.000"), FAULT_EXISTS);
    assert_int_equal(ops->probe(at, "b.000"), FAULT_NONE);
    assert_int_equal(rmdir(scratch_path(place, "a.000")), 0);
    assert_int_equal(rmdir(place), 0); /* nothing stayed */
    free(place);
}

/* "local:" is made when something is written, and not before. */
static void test_local(void **state)
{
    const struct container_spec spec = spec_of("gost2012-256");
    char *home = scratch_new(), where[LOCATION_MAX], at[LOCATION_MAX];

    (void)state;
    setenv("XDG_DATA_HOME", scratch_path(home, "share"), 1);
    assert_int_equal(medium_find("local:", &ops, at), FAULT_NONE);
    assert_int_equal(ops->probe(at, "a.000"), FAULT_NONE);
    assert_int_equal(access(scratch_path(home, "share"), F_OK), -1);
    assert_int_equal(generate(at, &spec, where), FAULT_NONE);
    assert_int_equal(
        access(scratch_path(home, "share/kep/containers/abcd1234.000"), F_OK),
        0);
    assert_int_equal(ops->probe(at, "abcd1234.000"), FAULT_EXISTS);
    unsetenv("XDG_DATA_HOME");
    scratch_remove(&home);
}

struct seen {
    unsigned good, bad;
    enum fault last, answer;
    char where[LOCATION_MAX];
};

static enum fault note(void *context, const char *where, enum fault fault,
                       const struct container_info *info)
{
    struct seen *seen = context;

    assert_int_equal(info == NULL, fault != FAULT_NONE);
    if (info != NULL)
        assert_string_equal(info->where, where);
    seen->good += fault == FAULT_NONE;
    seen->bad += fault != FAULT_NONE;
    seen->last = fault;
    snprintf(seen->where, sizeof seen->where, "%s", where);
    return seen->answer;
}

static void test_list(void **state)
{
    char *place = scratch_new(), at[LOCATION_MAX];
    struct seen seen = {0};
    char one[LOCATION_MAX];
    int fd;

    (void)state;
    assert_int_equal(medium_find(place, &ops, at), FAULT_NONE);
    assert_int_equal(ops->list(at, note, &seen), FAULT_NONE);
    assert_int_equal(seen.good + seen.bad, 0);
    sample_copy("synthetic-2012-256-nopassword", scratch_path(place, "a.000"));
    sample_copy("synthetic-2001-nopassword", scratch_path(place, "b.000"));
    sample_copy("synthetic-2012-256-nopassword", scratch_path(place, "c.000"));
    fd = open(scratch_path(place, "c.000/header.key"), O_WRONLY | O_TRUNC);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(mkdir(scratch_path(place, "d.000"), 0700), 0);
    assert_int_equal(ops->list(at, note, &seen), FAULT_NONE);
    assert_int_equal(seen.good, 2);
    assert_int_equal(seen.bad, 2);
    assert_int_equal(seen.last, FAULT_NOT_CONTAINER);

    /* The visitor ends the walk. */
    seen = (struct seen){.answer = FAULT_ENTROPY};
    assert_int_equal(ops->list(at, note, &seen), FAULT_ENTROPY);
    assert_int_equal(seen.good, 1);

    /* A container itself is a list of one. */
    seen = (struct seen){.answer = FAULT_NONE};
    assert_int_equal(medium_find(scratch_path(place, "a.000"), &ops, one),
                     FAULT_NONE);
    assert_int_equal(ops->list(one, note, &seen), FAULT_NONE);
    assert_int_equal(seen.good, 1);
    assert_string_equal(seen.where, one);
    assert_int_equal(medium_find(scratch_path(place, "missing"), &ops, one),
                     FAULT_NONE);
    assert_int_equal(ops->list(one, note, &seen), FAULT_NOT_FOUND);
    scratch_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generate),
        cmocka_unit_test(test_store_and_certify),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_access),
        cmocka_unit_test(test_probe),
        cmocka_unit_test(test_local),
        cmocka_unit_test(test_list),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, start, end);
}
