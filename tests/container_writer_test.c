#include "token/container/container_writer.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "tests/support/sample.h"
#include "tests/support/self_signed.h"
#include "token/container/container_reader.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

enum { WHEN = 1830297599 };

static struct entropy *pool;

static int make_pool(void **state)
{
    (void)state;
    return entropy_new(&pool) == FAULT_NONE ? 0 : -1;
}

static int free_pool(void **state)
{
    (void)state;
    entropy_free(&pool);
    return 0;
}

static struct container_spec spec_of(const char *word)
{
    return (struct container_spec){.name = "Иванов И. И.",
                                   .algorithm = algorithm_by_word(word),
                                   .exportable = true,
                                   .key_not_after = WHEN};
}

/* The header's checksum and each pair take one derivation to make. What was
 * derived then is not believed when it is proven: here it is wrong. */
static void check_proof(const struct container_files *files,
                        struct container *const key[CONTAINER_KEYS],
                        struct container_password *password)
{
    const unsigned derived = password->size > 0 ? 3 : 2;

    assert_int_equal(password->derived, derived);
    for (unsigned i = 0; i < derived; i++)
        memset(password->key[i].key, 0x5a, sizeof password->key[i].key);
    assert_int_equal(container_reader_verify(files, password, key), FAULT_NONE);
    assert_int_equal(password->derived, derived);
}

static enum fault make(const struct container_spec *spec, const uint8_t *scalar,
                       struct container_files **files, uint8_t *point)
{
    struct container *key[CONTAINER_KEYS] = {NULL};
    struct container_password *password = NULL;
    struct material *material;
    enum fault fault = material_of_spec(spec, scalar, &material);

    *files = NULL;
    if (fault == FAULT_NONE)
        fault = container_password_new(spec->password, &password);
    if (fault == FAULT_NONE)
        fault = material_keys(material, key);
    if (fault == FAULT_NONE)
        fault = container_writer_make(material, key, password, pool, files);
    if (fault == FAULT_NONE)
        check_proof(*files, key, password);
    if (fault == FAULT_NONE)
        memcpy(point, key[0]->point, sizeof key[0]->point);
    container_free(&key[0]);
    secret_free(&password);
    material_free(&material);
    return fault;
}

/* Written, read, and the same key; with each pair alone. */
static void check_round_trip(const struct container_spec *spec)
{
    uint8_t scalar[ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
    const size_t size = spec->algorithm->key_size;
    struct container_files *files;

    assert_int_equal(keypair_make(spec->algorithm, pool, scalar), FAULT_NONE);
    assert_int_equal(make(spec, scalar, &files, point), FAULT_NONE);
    for (int pair = 0; pair < 2; pair++) {
        struct container *one;

        assert_int_equal(container_reader_open(files, 0, spec->password, &one),
                         FAULT_NONE);
        assert_memory_equal(one->scalar, scalar, size);
        assert_memory_equal(one->point, point, 2 * size);
        assert_string_equal(one->info.name, spec->name);
        assert_int_equal(one->info.has_password,
                         spec->password != NULL && *spec->password != '\0');
        assert_int_equal(one->info.exportable, spec->exportable);
        assert_int_equal(one->info.key_not_after, spec->key_not_after);
        assert_ptr_equal(one->info.algorithm, spec->algorithm);
        assert_int_equal(one->info.certificate != NULL,
                         spec->certificate != NULL);
        container_free(&one);
        container_files_drop(files, CONTAINER_PRIMARY);
    }
    container_files_free(&files);
}

static void test_round_trip(void **state)
{
    static const char *const passwords[] = {NULL, "", "p", "correct horse"};

    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one; one++) {
        struct container_spec spec = spec_of((*one)->word);

        for (size_t i = 0; i < sizeof passwords / sizeof passwords[0]; i++) {
            spec.password = passwords[i];
            check_round_trip(&spec);
        }
        spec.exportable = false;
        spec.key_not_after = 0;
        spec.name = "x";
        check_round_trip(&spec);
    }
}

/* The sizes of a genuine one, to the byte. */
static void test_sizes(void **state)
{
    static const struct {
        const char *word;
        size_t size[CONTAINER_FILE_COUNT];
    } sizes[] = {{"gost2012-256", {56, 36, 116, 56, 36, 7}},
                 {"gost2012-512", {88, 68, 118, 88, 68, 7}}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct container_spec spec = spec_of(sizes[i].word);
        uint8_t scalar[ALGORITHM_KEY_MAX] = {5};
        uint8_t point[2 * ALGORITHM_KEY_MAX];
        struct container_files *files;

        spec.name = "srv";
        assert_int_equal(make(&spec, scalar, &files, point), FAULT_NONE);
        for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
            assert_int_equal(container_files_at(files, file).left,
                             sizes[i].size[file]);
        container_files_free(&files);
    }
}

#define TEN "1234567890"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void test_refused(void **state)
{
    static const struct {
        const char *name, *password;
        enum fault fault;
    } bad[] = {
        {"", NULL, FAULT_ARGUMENT},
        {"日本", NULL, FAULT_ARGUMENT},
        {"a\nb", NULL, FAULT_ARGUMENT},
        {"\xFF", NULL, FAULT_ARGUMENT},
        {HUNDRED TEN TEN "12345678", NULL, FAULT_NONE},
        {HUNDRED TEN TEN "123456789", NULL, FAULT_TOO_LARGE},
        {"x", "пароль", FAULT_ARGUMENT},
        {"x", "a\nb", FAULT_ARGUMENT},
        {"x", HUNDRED HUNDRED TEN TEN TEN TEN TEN "1234567", FAULT_TOO_LARGE},
    };
    uint8_t scalar[ALGORITHM_KEY_MAX] = {5}, point[2 * ALGORITHM_KEY_MAX];
    struct container_files *files;
    struct container_spec spec;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        spec = spec_of("gost2012-256");
        spec.name = bad[i].name;
        spec.password = bad[i].password;
        assert_int_equal(make(&spec, scalar, &files, point), bad[i].fault);
        assert_int_equal(files != NULL, bad[i].fault == FAULT_NONE);
        container_files_free(&files);
    }
    spec = spec_of("gost2012-256");
    memset(scalar, 0, sizeof scalar);
    assert_int_equal(make(&spec, scalar, &files, point), FAULT_ARGUMENT);
    memset(scalar, 0xFF, sizeof scalar);
    assert_int_equal(make(&spec, scalar, &files, point), FAULT_ARGUMENT);
}

/* The header takes the certificate's name for the curve. */
static void test_certificate(void **state)
{
    static const struct {
        const char *word, *oid;
        gnutls_ecc_curve_t curve;
    } curves[] = {
        {"gost2012-256", "1.2.643.2.2.36.0", GNUTLS_ECC_CURVE_GOST256CPXA},
        {"gost2012-256", "1.2.643.2.2.35.1", GNUTLS_ECC_CURVE_GOST256CPA},
        {"gost2012-256", "1.2.643.7.1.2.1.1.2", GNUTLS_ECC_CURVE_GOST256B},
        {"gost2012-512", "1.2.643.7.1.2.1.2.1", GNUTLS_ECC_CURVE_GOST512A},
    };

    (void)state;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        struct container_spec spec = spec_of(curves[i].word);
        uint8_t scalar[ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
        struct container_files *files;
        struct certificate *certificate;
        struct bytes oid;
        struct der header;

        assert_int_equal(keypair_make(spec.algorithm, pool, scalar),
                         FAULT_NONE);
        certificate =
            self_signed_new(spec.algorithm, scalar, curves[i].curve, 0);
        spec.certificate = certificate;
        assert_int_equal(make(&spec, scalar, &files, point), FAULT_NONE);
        bytes_init(&oid, 64);
        der_put_oid(&oid, curves[i].oid);
        header = container_files_at(files, CONTAINER_HEADER);
        assert_non_null(memmem(header.at, 60, oid.data, oid.size));
        bytes_free(&oid);
        container_files_free(&files);
        scalar[0] ^= 1;
        assert_int_equal(make(&spec, scalar, &files, point),
                         FAULT_KEY_MISMATCH);
        certificate_free(&certificate);
    }
}

/* The certificate goes in and everything else stays; the checksum is right
 * beyond 1024 bytes too. */
static void test_certify(void **state)
{
    static const size_t paddings[] = {0, 600, 2000, 20000, 50000};
    const struct container_spec spec = spec_of("gost2012-256");
    uint8_t scalar[ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
    struct container_files *files;

    (void)state;
    assert_int_equal(keypair_make(spec.algorithm, pool, scalar), FAULT_NONE);
    assert_int_equal(make(&spec, scalar, &files, point), FAULT_NONE);
    for (size_t i = 0; i < sizeof paddings / sizeof paddings[0]; i++) {
        struct certificate *certificate = self_signed_new(
            spec.algorithm, scalar, spec.algorithm->curve, paddings[i]);
        struct container *one;
        struct bytes out;
        uint8_t *room;

        bytes_init(&out, HEADER_MAX);
        assert_int_equal(container_writer_certify(files, 0, certificate, &out),
                         FAULT_NONE);
        assert_int_equal(
            container_files_room(files, CONTAINER_HEADER, out.size, &room),
            FAULT_NONE);
        memcpy(room, out.data, out.size);
        assert_int_equal(container_reader_open(files, 0, NULL, &one),
                         FAULT_NONE);
        assert_memory_equal(one->scalar, scalar, 32);
        assert_int_equal(one->info.key_not_after, WHEN);
        assert_string_equal(one->info.certificate->thumbprint,
                            certificate->thumbprint);
        container_free(&one);
        bytes_free(&out);
        certificate_free(&certificate);
    }
    container_files_free(&files);
}

static void test_certify_refused(void **state)
{
    const struct container_spec spec = spec_of("gost2012-256");
    const struct algorithm *other = algorithm_by_word("gost2012-512");
    uint8_t scalar[ALGORITHM_KEY_MAX] = {9}, point[2 * ALGORITHM_KEY_MAX];
    struct container_files *files, *old_one;
    struct certificate *certificate;
    struct bytes out;

    (void)state;
    bytes_init(&out, HEADER_MAX);
    assert_int_equal(make(&spec, scalar, &files, point), FAULT_NONE);
    certificate = self_signed_new(other, scalar, other->curve, 0);
    assert_int_equal(container_writer_certify(files, 0, certificate, &out),
                     FAULT_KEY_MISMATCH);
    certificate_free(&certificate);
    scalar[0] = 10;
    certificate =
        self_signed_new(spec.algorithm, scalar, spec.algorithm->curve, 0);
    assert_int_equal(container_writer_certify(files, 0, certificate, &out),
                     FAULT_KEY_MISMATCH);
    old_one = sample_read("synthetic-2001-nopassword");
    assert_int_equal(container_writer_certify(old_one, 0, certificate, &out),
                     FAULT_KEY_MISMATCH);
    files->header[20] ^= 1;
    assert_int_equal(container_writer_certify(files, 0, certificate, &out),
                     FAULT_DAMAGED);
    assert_int_equal(out.size, 0);
    certificate_free(&certificate);
    container_files_free(&files);
    container_files_free(&old_one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_certificate),
        cmocka_unit_test(test_certify),
        cmocka_unit_test(test_certify_refused),
    };

    return sodium_init() < 0
               ? 1
               : cmocka_run_group_tests(tests, make_pool, free_pool);
}
