/* What is asked for in a signed request. */
#include "api/sandbox/examine.h"

#include "keygen/keypair.h"
#include "keygen/request.h"
#include "tests/support/exam.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char sign_tool[] = "СКЗИ «Образец»";

static void make_request(gnutls_privkey_t key, const struct name *subject,
                         struct bytes *out)
{
    const struct request_content content = {
        .subject = subject,
        .sign_tool = sign_tool,
        .classes = 2,
        .identification_kind = 1,
        .key_not_before = PKI_NOW,
        .key_not_after = ca_months(PKI_NOW, CA_PERIOD_MONTHS),
    };
    gnutls_pubkey_t public;

    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    bytes_init(out, REQUEST_MAX);
    assert_int_equal(request_make(key, algorithm_of_key(public), &content, out),
                     FAULT_NONE);
    gnutls_pubkey_deinit(public);
}

/* A request by the new key for this subject, signed with the old key. */
static void ask(struct exam *exam, const struct name *subject)
{
    struct bytes request;

    make_request(exam->new_key, subject, &request);
    exam_sign(exam, request.data, request.size, true);
    bytes_free(&request);
}

static void good_request_is_accepted(void **state)
{
    struct exam *exam = *state;
    char first[EXAMINE_KEY_ID];

    ask(exam, &exam->office->subject);
    assert_true(exam_request(exam));
    assert_int_equal(strlen(exam->key_id), 64);
    memcpy(first, exam->key_id, sizeof first);

    /* Another request for the same key. */
    ask(exam, &exam->office->subject);
    assert_true(exam_request(exam));
    assert_string_equal(exam->key_id, first);

    gnutls_privkey_deinit(exam->new_key);
    exam->new_key = pki_key(algorithm_by_word("gost2012-512"));
    ask(exam, &exam->office->subject);
    assert_true(exam_request(exam));
    assert_string_not_equal(exam->key_id, first);
}

static void accepted_request_becomes_a_certificate(void **state)
{
    struct exam *exam = *state;
    struct ca_order order = {
        .subject = &exam->office->subject,
        .identification_kind = 1,
        .classes = 2,
    };
    struct certificate *certificate;
    uint8_t buffer[512], point[2 * ALGORITHM_KEY_MAX];
    size_t size = sizeof buffer;
    const char *missing;

    ask(exam, &exam->office->subject);
    assert_true(exam_request(exam));
    order.request = exam->request.data;
    order.request_size = exam->request.size;
    assert_int_equal(
        ca_issue(exam->office->ca, &order, exam->office->now, &certificate),
        FAULT_NONE);
    assert_int_equal(certificate_profile(certificate, &missing), FAULT_NONE);
    assert_int_equal(
        keypair_public(exam->new_key, algorithm_by_word(NULL), point),
        FAULT_NONE);
    assert_true(certificate_has_point(certificate, point, 64));
    /* The sign tool is the one of the request. */
    assert_int_equal(gnutls_x509_crt_get_extension_by_oid(
                         certificate_crt(certificate), "1.2.643.100.111", 0,
                         buffer, &size, NULL),
                     0);
    assert_int_equal(size, 2 + sizeof sign_tool - 1);
    assert_memory_equal(buffer + 2, sign_tool, sizeof sign_tool - 1);
    certificate_free(&certificate);
}

static void broken_requests_are_refused(void **state)
{
    static const struct {
        size_t from_end; /* of the byte that is changed; 0: none */
        int longer;
        const char *code;
    } rows[] = {
        {1, 0, "requestSignatureInvalid"},
        {0, 1, "requestUnreadable"},
        {0, -1, "requestUnreadable"},
        {0, -200, "requestUnreadable"},
    };
    struct exam *exam = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes request;

        make_request(exam->new_key, &exam->office->subject, &request);
        if (rows[i].from_end != 0)
            request.data[request.size - rows[i].from_end] ^= 1;
        if (rows[i].longer > 0)
            bytes_put_byte(&request, 0);
        else
            request.size -= (size_t)-rows[i].longer;
        exam_sign(exam, request.data, request.size, true);
        assert_false(exam_request(exam));
        exam_assert_refused(exam, rows[i].code, NULL);
        assert_int_equal(exam->request.size, 0);
        bytes_free(&request);
    }
    exam_sign(exam, exam_text, sizeof exam_text - 1, true);
    assert_false(exam_request(exam));
    exam_assert_refused(exam, "requestUnreadable", NULL);
}

static void changed_content_is_refused(void **state)
{
    struct exam *exam = *state;
    uint8_t *place;

    ask(exam, &exam->office->subject);
    place =
        memmem(exam->cms.data, exam->cms.size, sign_tool, sizeof sign_tool - 1);
    assert_non_null(place);
    *(place + 5) ^= 1;
    assert_false(exam_request(exam));
    exam_assert_refused(exam, "signatureInvalid", NULL);
}

static void foreign_key_is_refused(void **state)
{
    struct exam *exam = *state;
    gnutls_x509_privkey_t key;
    gnutls_x509_crq_t crq;
    gnutls_datum_t der;

    assert_int_equal(gnutls_x509_privkey_init(&key), 0);
    assert_int_equal(
        gnutls_x509_privkey_generate(
            key, GNUTLS_PK_ECDSA,
            (unsigned)GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
        0);
    assert_int_equal(gnutls_x509_crq_init(&crq), 0);
    assert_int_equal(gnutls_x509_crq_set_version(crq, 1), 0);
    assert_int_equal(gnutls_x509_crq_set_key(crq, key), 0);
    assert_int_equal(gnutls_x509_crq_set_dn(crq, "CN=x", NULL), 0);
    assert_int_equal(gnutls_x509_crq_sign2(crq, key, GNUTLS_DIG_SHA256, 0), 0);
    assert_int_equal(gnutls_x509_crq_export2(crq, GNUTLS_X509_FMT_DER, &der),
                     0);
    exam_sign(exam, der.data, der.size, true);
    assert_false(exam_request(exam));
    exam_assert_refused(exam, "requestKeyUnsupported", NULL);
    gnutls_free(der.data);
    gnutls_x509_crq_deinit(crq);
    gnutls_x509_privkey_deinit(key);
}

static void old_key_is_refused(void **state)
{
    struct exam *exam = *state;
    struct bytes request;

    make_request(exam->office->key, &exam->office->subject, &request);
    exam_sign(exam, request.data, request.size, true);
    assert_false(exam_request(exam));
    exam_assert_refused(exam, "sameKey", NULL);
    bytes_free(&request);
}

struct change {
    enum name_attribute attribute;
    const char *value; /* NULL: left out */
    const char *target;
};

static const struct change changes[] = {
    {NAME_SURNAME, "Сидорова", "fullName"},
    {NAME_GIVEN_NAME, "Анна Павловна", "fullName"},
    {NAME_SNILS, "11223344595", "snils"},
    {NAME_INN, "500100732259", "inn"},
    {NAME_INNLE, "7710474375", "organizationInn"},
    /* The same person, but not the same letters. */
    {NAME_SURNAME, "Семенова", "surname"},
    {NAME_SNILS, NULL, "snils"},
    {NAME_INN, NULL, "inn"},
    {NAME_INNLE, NULL, "innle"},
    {NAME_COMMON_NAME, "ООО «Другое»", "commonName"},
    {NAME_EMAIL, "other@example.com", "emailAddress"},
    {NAME_EMAIL, NULL, "emailAddress"},
    {NAME_TITLE, "Президент", "title"},
    {NAME_UNIT, "Отдел", "organizationalUnitName"},
    {NAME_STATE, "01 Республика Адыгея", "stateOrProvinceName"},
    {NAME_OGRN, "1026605606620", "ogrn"},
    {NAME_OGRNIP, "304500116000157", "ogrnip"},
};

/* The subscriber's name with one attribute changed. */
static void change_name(const struct exam *exam, const struct change *change,
                        struct name *name)
{
    *name = (struct name){{NULL}};
    for (enum name_attribute i = 0; i < NAME_COUNT; i++) {
        const char *value = i == change->attribute
                                ? change->value
                                : exam->office->subject.value[i];

        if (value != NULL)
            assert_int_equal(name_set(name, i, value, strlen(value)),
                             FAULT_NONE);
    }
}

static void other_subject_is_refused(void **state)
{
    struct exam *exam = *state;

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct name name;

        change_name(exam, &changes[i], &name);
        ask(exam, &name);
        assert_false(exam_request(exam));
        exam_assert_refused(exam, "requestSubjectMismatch", changes[i].target);
        name_free(&name);
    }
}

/* Form and request agree, but on somebody else. */
static void other_person_is_refused(void **state)
{
    struct exam *exam = *state;

    for (size_t i = 0; i < 5; i++) {
        struct name name, kept;

        change_name(exam, &changes[i], &name);
        ask(exam, &name);
        kept = exam->office->subject;
        exam->office->subject = name;
        assert_false(exam_request(exam));
        exam_assert_refused(exam, "requestSubjectMismatch", changes[i].target);
        exam->office->subject = kept;
        name_free(&name);
    }
}

/* A change that is not of the person is the form's to make. */
static void new_data_of_the_same_person_are_accepted(void **state)
{
    struct exam *exam = *state;

    for (size_t i = 5; i < sizeof changes / sizeof changes[0]; i++) {
        struct name name, kept;

        change_name(exam, &changes[i], &name);
        ask(exam, &name);
        kept = exam->office->subject;
        exam->office->subject = name;
        assert_true(exam_request(exam));
        exam->office->subject = kept;
        name_free(&name);
    }
}

static void set_key(gnutls_x509_crq_t crq, gnutls_privkey_t key)
{
    gnutls_pubkey_t public;

    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    assert_int_equal(gnutls_x509_crq_set_pubkey(crq, public), 0);
    gnutls_pubkey_deinit(public);
}

static void request_without_extensions_is_refused(void **state)
{
    struct exam *exam = *state;
    gnutls_x509_crq_t crq;
    gnutls_datum_t der;
    char *subject;

    assert_int_equal(gnutls_x509_crq_init(&crq), 0);
    assert_int_equal(gnutls_x509_crq_set_version(crq, 1), 0);
    set_key(crq, exam->new_key);
    assert_int_equal(name_to_rfc4514(&exam->office->subject, &subject),
                     FAULT_NONE);
    assert_int_equal(gnutls_x509_crq_set_dn(crq, subject, NULL), 0);
    assert_int_equal(gnutls_x509_crq_privkey_sign(crq, exam->new_key,
                                                  GNUTLS_DIG_STREEBOG_256, 0),
                     0);
    assert_int_equal(gnutls_x509_crq_export2(crq, GNUTLS_X509_FMT_DER, &der),
                     0);
    exam_sign(exam, der.data, der.size, true);
    assert_false(exam_request(exam));
    exam_assert_refused(exam, "requestExtensionsInvalid", NULL);
    free(subject);
    gnutls_free(der.data);
    gnutls_x509_crq_deinit(crq);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, exam_set_up, exam_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_request_is_accepted),
        TEST(accepted_request_becomes_a_certificate),
        TEST(broken_requests_are_refused),
        TEST(changed_content_is_refused),
        TEST(foreign_key_is_refused),
        TEST(old_key_is_refused),
        TEST(other_subject_is_refused),
        TEST(other_person_is_refused),
        TEST(new_data_of_the_same_person_are_accepted),
        TEST(request_without_extensions_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
