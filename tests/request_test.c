#include "keygen/request.h"

#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEN(x) x x x x x x x x x x
#define TEXT_200 TEN(TEN("ЁЖ"))

/* On the heap and exact, so that the sanitizer sees a step over the end. */
static enum fault read_exact(const uint8_t *data, size_t size,
                             gnutls_x509_crq_t *crq, struct name *subject)
{
    uint8_t *copy = calloc(1, size + (size == 0));
    enum fault fault;

    assert_non_null(copy);
    memcpy(copy, data, size);
    fault = request_read(copy, size, crq, subject);
    free(copy);
    return fault;
}

static void make(const struct algorithm *algorithm, struct bytes *out)
{
    gnutls_privkey_t key = pki_key(algorithm);
    struct name name;

    pki_person(&name);
    bytes_init(out, REQUEST_MAX);
    assert_int_equal(
        request_make(key, algorithm,
                     &(struct request_content){.subject = &name,
                                               .sign_tool = "Средство",
                                               .classes = 1,
                                               .identification_kind = 1},
                     out),
        FAULT_NONE);
    name_free(&name);
    gnutls_privkey_deinit(key);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        gnutls_x509_crq_t crq = NULL;
        struct name wanted, subject;
        struct bytes der;

        pki_person(&wanted);
        make(*one, &der);
        assert_int_equal(read_exact(der.data, der.size, &crq, &subject),
                         FAULT_NONE);
        assert_true(name_equal(&wanted, &subject));
        assert_int_equal(gnutls_x509_crq_get_version(crq), 1);
        gnutls_x509_crq_deinit(crq);
        name_free(&subject);
        name_free(&wanted);
        bytes_free(&der);
    }
}

static void extension(gnutls_x509_crq_t crq, const char *oid, bool critical,
                      const char *wanted, size_t size)
{
    gnutls_datum_t value = {NULL, 0};
    unsigned is_critical = 2;

    assert_int_equal(gnutls_x509_crq_get_extension_by_oid2(crq, oid, 0, &value,
                                                           &is_critical),
                     wanted != NULL ? 0
                                    : GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE);
    if (wanted == NULL)
        return;
    assert_int_equal(is_critical, critical);
    assert_int_equal(value.size, size);
    assert_memory_equal(value.data, wanted, size);
    gnutls_free(value.data);
}

#define EXTENSION(crq, oid, critical, bytes)                                   \
    extension(crq, oid, critical, bytes, sizeof bytes - 1)

static void test_extensions(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    gnutls_privkey_t key = pki_key(algorithm);
    gnutls_x509_crq_t crq = NULL;
    struct name name, subject;
    struct bytes der;

    (void)state;
    pki_person(&name);
    bytes_init(&der, REQUEST_MAX);
    assert_int_equal(
        request_make(key, algorithm,
                     &(struct request_content){.subject = &name,
                                               .sign_tool = "Ёж",
                                               .classes = 2,
                                               .identification_kind = 1,
                                               .key_not_before = PKI_FROM,
                                               .key_not_after = PKI_UNTIL},
                     &der),
        FAULT_NONE);
    assert_int_equal(request_read(der.data, der.size, &crq, &subject),
                     FAULT_NONE);
    EXTENSION(crq, "2.5.29.15", true, "\x03\x02\x04\xF0");
    EXTENSION(crq, "2.5.29.37", false,
              "\x30\x14\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x02"
              "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x04");
    EXTENSION(crq, "2.5.29.32", false,
              "\x30\x14\x30\x08\x06\x06\x2A\x85\x03\x64\x71\x01"
              "\x30\x08\x06\x06\x2A\x85\x03\x64\x71\x02");
    EXTENSION(crq, "1.2.643.100.111", false, "\x0C\x04\xD0\x81\xD0\xB6");
    EXTENSION(crq, "1.2.643.100.114", false, "\x02\x01\x01");
    EXTENSION(crq, "2.5.29.16", false,
              "\x30\x22\x80\x0F"
              "20250101000000Z"
              "\x81\x0F"
              "20260101000000Z");
    gnutls_x509_crq_deinit(crq);
    name_free(&subject);
    bytes_free(&der);
    make(algorithm, &der);
    assert_int_equal(request_read(der.data, der.size, &crq, &subject),
                     FAULT_NONE);
    extension(crq, "2.5.29.16", false, NULL, 0); /* no period asked for */
    gnutls_x509_crq_deinit(crq);
    name_free(&subject);
    name_free(&name);
    bytes_free(&der);
    gnutls_privkey_deinit(key);
}

static const struct {
    const char *what;
    struct request_content content; /* the subject comes in the test */
    enum fault fault;
} contents[] = {
    {"good", {NULL, "x", 1, 0, 0, 0}, FAULT_NONE},
    {"all classes", {NULL, "x", 6, 3, 0, 0}, FAULT_NONE},
    {"no class", {NULL, "x", 0, 0, 0, 0}, FAULT_ARGUMENT},
    {"seven classes", {NULL, "x", 7, 0, 0, 0}, FAULT_ARGUMENT},
    {"kind below", {NULL, "x", 1, -1, 0, 0}, FAULT_ARGUMENT},
    {"kind above", {NULL, "x", 1, 4, 0, 0}, FAULT_ARGUMENT},
    {"200 characters", {NULL, TEXT_200, 1, 0, 0, 0}, FAULT_NONE},
    {"201 characters", {NULL, TEXT_200 "x", 1, 0, 0, 0}, FAULT_ARGUMENT},
    {"no tool", {NULL, "", 1, 0, 0, 0}, FAULT_ARGUMENT},
    {"newline", {NULL, "a\nb", 1, 0, 0, 0}, FAULT_ARGUMENT},
    {"broken UTF-8", {NULL, "a\xD0", 1, 0, 0, 0}, FAULT_ARGUMENT},
    {"half a period", {NULL, "x", 1, 0, PKI_FROM, 0}, FAULT_ARGUMENT},
    {"other half", {NULL, "x", 1, 0, 0, PKI_FROM}, FAULT_ARGUMENT},
    {"backward", {NULL, "x", 1, 0, PKI_UNTIL, PKI_FROM}, FAULT_ARGUMENT},
};

static void test_contents(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    gnutls_privkey_t key = pki_key(algorithm);
    struct name name;

    (void)state;
    pki_person(&name);
    for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
        struct request_content content = contents[i].content;
        struct bytes der;

        print_message("# %s\n", contents[i].what);
        content.subject = &name;
        bytes_init(&der, REQUEST_MAX);
        assert_int_equal(request_make(key, algorithm, &content, &der),
                         contents[i].fault);
        assert_int_equal(der.size != 0, contents[i].fault == FAULT_NONE);
        bytes_free(&der);
    }
    name_free(&name);
    gnutls_privkey_deinit(key);
}

static void test_bad_subject_key_and_room(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word("gost2012-256");
    gnutls_privkey_t key = pki_key(algorithm);
    struct name name = {{NULL}};
    struct request_content content = {&name, "x", 1, 0, 0, 0};
    struct bytes der;

    (void)state;
    bytes_init(&der, REQUEST_MAX);
    name.value[NAME_SNILS] = strdup("112-233-445 95");
    assert_int_equal(request_make(key, algorithm, &content, &der), FAULT_NAME);
    name_free(&name);
    pki_person(&name);
    assert_int_equal(
        request_make(key, algorithm_by_word("gost2012-512"), &content, &der),
        FAULT_ARGUMENT);
    assert_int_equal(der.size, 0);
    bytes_init(&der, 100);
    assert_int_equal(request_make(key, algorithm, &content, &der),
                     FAULT_TOO_LARGE);
    name_free(&name);
    bytes_free(&der);
    gnutls_privkey_deinit(key);
}

static void test_truncated(void **state)
{
    gnutls_x509_crq_t crq = NULL;
    struct name subject;
    struct bytes der;

    (void)state;
    make(algorithm_by_word(NULL), &der);
    for (size_t i = 0; i < der.size; i++) {
        assert_int_equal(read_exact(der.data, i, &crq, &subject),
                         FAULT_REQUEST);
        assert_null(crq);
    }
    bytes_put_byte(&der, 0);
    assert_int_equal(read_exact(der.data, der.size, &crq, &subject),
                     FAULT_REQUEST);
    bytes_free(&der);
}

/* Every bit of a request is signed, or is the signature, or frames them. */
static void test_every_byte_wrong(void **state)
{
    struct bytes der;

    (void)state;
    make(algorithm_by_word(NULL), &der);
    for (size_t i = 0; i < der.size; i++) {
        uint8_t *at = der.data + i;
        gnutls_x509_crq_t crq = NULL;
        struct name subject;

        *at ^= (uint8_t)(1 << i % 8);
        assert_int_not_equal(read_exact(der.data, der.size, &crq, &subject),
                             FAULT_NONE);
        assert_null(crq);
        for (size_t n = 0; n < NAME_COUNT; n++)
            assert_null(subject.value[n]);
        *at ^= (uint8_t)(1 << i % 8);
    }
    bytes_free(&der);
}

static void test_bounds(void **state)
{
    uint8_t *data = calloc(1, REQUEST_MAX + 1);
    gnutls_x509_crq_t crq = NULL;
    struct name subject;

    (void)state;
    assert_int_equal(request_read(data, REQUEST_MAX + 1, &crq, &subject),
                     FAULT_TOO_LARGE);
    assert_int_equal(request_read(data, REQUEST_MAX, &crq, &subject),
                     FAULT_REQUEST);
    assert_int_equal(request_read(data, 0, &crq, &subject), FAULT_REQUEST);
    free(data);
}

/* A request for an RSA key, rightly signed. */
static void test_other_algorithm(void **state)
{
    gnutls_x509_privkey_t key = NULL;
    gnutls_x509_crq_t crq = NULL;
    gnutls_datum_t der = {NULL, 0};
    struct name subject;

    (void)state;
    assert_true(gnutls_x509_privkey_init(&key) >= 0);
    assert_true(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, 256, 0) >=
                0);
    assert_true(gnutls_x509_crq_init(&crq) >= 0);
    assert_true(gnutls_x509_crq_set_key(crq, key) >= 0);
    assert_true(gnutls_x509_crq_set_dn(crq, "CN=x", NULL) >= 0);
    assert_true(gnutls_x509_crq_sign2(crq, key, GNUTLS_DIG_SHA256, 0) >= 0);
    assert_true(gnutls_x509_crq_export2(crq, GNUTLS_X509_FMT_DER, &der) >= 0);
    gnutls_x509_crq_deinit(crq);
    gnutls_x509_privkey_deinit(key);
    assert_int_equal(read_exact(der.data, der.size, &crq, &subject),
                     FAULT_UNSUPPORTED);
    assert_null(crq);
    gnutls_free(der.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_contents),
        cmocka_unit_test(test_bad_subject_key_and_room),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_every_byte_wrong),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_other_algorithm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
