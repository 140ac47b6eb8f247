#include "api/sandbox/examine.h"

#include "api/sandbox/person.h"
#include "keygen/cades.h"
#include "keygen/der.h"
#include "keygen/keypair.h"
#include "keygen/request.h"
#include "tests/support/pki.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60 };

static const char statement[] = "Прошу выпустить квалифицированный сертификат.";
static const char sign_tool[] = "СКЗИ «Образец»";

static time_t now;

/* A subscriber with his old key and certificate, and a new key. */
struct setting {
    char *dir;
    struct ca *ca;
    struct name subject;
    gnutls_privkey_t old_key, new_key;
    struct certificate *old;
    struct bytes cms, request;
    char key_id[EXAMINE_KEY_ID];
    struct refusal refusal;
};

/* The old certificate as the order says, for the old key and its owner. */
static void issue_old(struct setting *setting, struct ca_order order)
{
    order.subject = &setting->subject;
    if (order.not_before == 0) {
        order.not_before = now - 400 * DAY;
        order.not_after = now + 30 * DAY;
    }
    certificate_free(&setting->old);
    assert_int_equal(gnutls_pubkey_init(&order.key), 0);
    assert_int_equal(
        gnutls_pubkey_import_privkey(order.key, setting->old_key, 0, 0), 0);
    assert_int_equal(ca_issue(setting->ca, &order, now, &setting->old),
                     FAULT_NONE);
    gnutls_pubkey_deinit(order.key);
}

static int set_up(void **state)
{
    struct setting *setting = calloc(1, sizeof *setting);

    assert_non_null(setting);
    setting->dir = scratch_new();
    setting->old_key = pki_key(algorithm_by_word(NULL));
    setting->new_key = pki_key(algorithm_by_word(NULL));
    bytes_init(&setting->cms, CADES_MAX);
    bytes_init(&setting->request, REQUEST_MAX);
    assert_int_equal(ca_open(setting->dir, now, &setting->ca), FAULT_NONE);
    assert_int_equal(
        person_invent("Семёнова Анна Петровна", true, &setting->subject),
        FAULT_NONE);
    issue_old(setting, (struct ca_order){.classes = 1});
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    bytes_free(&setting->cms);
    bytes_free(&setting->request);
    certificate_free(&setting->old);
    gnutls_privkey_deinit(setting->old_key);
    gnutls_privkey_deinit(setting->new_key);
    name_free(&setting->subject);
    ca_close(&setting->ca);
    scratch_remove(&setting->dir);
    free(setting);
    return 0;
}

/* Sign with the old key. */
static void sign(struct setting *setting, const void *data, size_t size,
                 bool attached)
{
    bytes_free(&setting->cms);
    assert_int_equal(cades_sign(setting->old_key, setting->old, data, size,
                                attached, now, &setting->cms),
                     FAULT_NONE);
}

static void sign_statement(struct setting *setting)
{
    sign(setting, statement, sizeof statement - 1, false);
}

static bool examine_it(struct setting *setting, time_t when)
{
    return examine_statement(setting->ca, setting->cms.data, setting->cms.size,
                             statement, sizeof statement - 1, setting->old,
                             when, &setting->refusal);
}

static bool examine_asked(struct setting *setting, time_t when)
{
    bytes_free(&setting->request);
    return examine_request(setting->ca, setting->cms.data, setting->cms.size,
                           &setting->subject, setting->old, when,
                           &setting->request, setting->key_id,
                           &setting->refusal);
}

static void assert_refused(const struct setting *setting, const char *code,
                           const char *target)
{
    assert_string_equal(setting->refusal.code, code);
    if (target == NULL)
        assert_null(setting->refusal.target);
    else
        assert_string_equal(setting->refusal.target, target);
    /* A sentence in Russian. */
    assert_in_range((uint8_t)setting->refusal.message[0], 0xD0, 0xD1);
}

/* --- the statement ------------------------------------------------------ */

static void good_statement_is_accepted(void **state)
{
    struct setting *setting = *state;

    sign_statement(setting);
    assert_true(examine_it(setting, now));
    assert_string_equal(setting->refusal.code, "");
    assert_null(setting->refusal.target);
}

static void unreadable_letters_are_refused(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } rows[] = {
        {"", 0},
        {"0", 1},
        {"\x30\x00", 2},
        {"\x30\x84\xff\xff\xff\xff", 6},
        {"-----BEGIN PKCS7-----", 21},
    };
    struct setting *setting = *state;
    static uint8_t large[CADES_MAX + 1];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes_free(&setting->cms);
        bytes_put(&setting->cms, rows[i].text, rows[i].size);
        assert_false(examine_it(setting, now));
        assert_refused(setting, "cmsUnreadable", NULL);
        assert_false(examine_asked(setting, now));
        assert_refused(setting, "cmsUnreadable", NULL);
    }
    assert_false(examine_statement(setting->ca, large, sizeof large, statement,
                                   sizeof statement - 1, setting->old, now,
                                   &setting->refusal));
    assert_refused(setting, "cmsUnreadable", NULL);
}

/* Each length that is too short by some. */
static void truncated_letters_are_refused(void **state)
{
    struct setting *setting = *state;
    size_t whole;

    sign_statement(setting);
    whole = setting->cms.size;
    for (size_t i = 0; i < whole; i += 1 + i / 8) {
        setting->cms.size = i;
        assert_false(examine_it(setting, now));
        assert_refused(setting, "cmsUnreadable", NULL);
    }
    setting->cms.size = whole;
    assert_true(examine_it(setting, now));
}

static void the_other_form_of_signature_is_refused(void **state)
{
    struct setting *setting = *state;

    sign(setting, statement, sizeof statement - 1, true);
    assert_false(examine_it(setting, now));
    assert_refused(setting, "cmsUnreadable", NULL);
    sign_statement(setting);
    assert_false(examine_asked(setting, now));
    assert_refused(setting, "cmsUnreadable", NULL);
}

static void another_statement_is_refused(void **state)
{
    struct setting *setting = *state;

    sign(setting, statement, sizeof statement - 2, false);
    assert_false(examine_it(setting, now));
    assert_refused(setting, "contentMismatch", NULL);
}

/* The signature stands at the end. */
static void broken_signature_is_refused(void **state)
{
    struct setting *setting = *state;

    sign_statement(setting);
    setting->cms.data[setting->cms.size - 1] ^= 1;
    assert_false(examine_it(setting, now));
    assert_refused(setting, "signatureInvalid", NULL);
}

static void another_signer_is_refused(void **state)
{
    struct setting *setting = *state;

    sign_statement(setting);
    issue_old(setting, (struct ca_order){.classes = 1});
    assert_false(examine_it(setting, now));
    assert_refused(setting, "signerMismatch", NULL);
}

/* What is wrong with the old certificate is found for both kinds of letter. */
static void signers_that_may_not_sign_are_refused(void **state)
{
    const struct {
        struct ca_order order;
        const char *code;
        bool revoke;
    } rows[] = {
        {{.flaws = CA_OTHER_CA}, "signerChainInvalid", false},
        {{.flaws = CA_EXPIRED}, "signerExpired", false},
        {{.flaws = CA_NOT_YET_VALID}, "signerExpired", false},
        {{.not_before = now - 400 * DAY,
          .not_after = now + DAY,
          .key_not_after = now - 1},
         "signerKeyPeriodOver",
         false},
        {{.not_before = now - 400 * DAY,
          .not_after = now + DAY,
          .key_not_before = now + 60},
         "signerKeyPeriodOver",
         false},
        {{.classes = 1}, "signerRevoked", true},
    };
    struct setting *setting = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        issue_old(setting, rows[i].order);
        if (rows[i].revoke)
            assert_int_equal(ca_revoke(setting->ca, setting->old->serial, now),
                             FAULT_NONE);
        sign_statement(setting);
        assert_false(examine_it(setting, now));
        assert_refused(setting, rows[i].code, NULL);
        sign(setting, statement, sizeof statement - 1, true);
        assert_false(examine_asked(setting, now));
        assert_refused(setting, rows[i].code, NULL);
    }
}

/* --- the request -------------------------------------------------------- */

static void make_request(struct setting *setting, gnutls_privkey_t key,
                         const struct name *subject, struct bytes *out)
{
    const struct request_content content = {
        .subject = subject,
        .sign_tool = sign_tool,
        .classes = 2,
        .identification_kind = 1,
        .key_not_before = now,
        .key_not_after = ca_months(now, CA_PERIOD_MONTHS),
    };
    gnutls_pubkey_t public;

    (void)setting;
    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    bytes_init(out, REQUEST_MAX);
    assert_int_equal(request_make(key, algorithm_of_key(public), &content, out),
                     FAULT_NONE);
    gnutls_pubkey_deinit(public);
}

/* A request by the new key for this subject, signed with the old key. */
static void ask(struct setting *setting, const struct name *subject)
{
    struct bytes request;

    make_request(setting, setting->new_key, subject, &request);
    sign(setting, request.data, request.size, true);
    bytes_free(&request);
}

static void good_request_is_accepted(void **state)
{
    struct setting *setting = *state;
    char first[EXAMINE_KEY_ID];

    ask(setting, &setting->subject);
    assert_true(examine_asked(setting, now));
    assert_int_equal(strlen(setting->key_id), 64);
    memcpy(first, setting->key_id, sizeof first);

    /* Another request for the same key. */
    ask(setting, &setting->subject);
    assert_true(examine_asked(setting, now));
    assert_string_equal(setting->key_id, first);

    gnutls_privkey_deinit(setting->new_key);
    setting->new_key = pki_key(algorithm_by_word("gost2012-512"));
    ask(setting, &setting->subject);
    assert_true(examine_asked(setting, now));
    assert_string_not_equal(setting->key_id, first);
}

static void accepted_request_becomes_a_certificate(void **state)
{
    struct setting *setting = *state;
    struct ca_order order = {
        .subject = &setting->subject,
        .identification_kind = 1,
        .classes = 2,
    };
    struct certificate *certificate;
    uint8_t buffer[512], point[2 * ALGORITHM_KEY_MAX];
    size_t size = sizeof buffer;
    const char *missing;

    ask(setting, &setting->subject);
    assert_true(examine_asked(setting, now));
    order.request = setting->request.data;
    order.request_size = setting->request.size;
    assert_int_equal(ca_issue(setting->ca, &order, now, &certificate),
                     FAULT_NONE);
    assert_int_equal(certificate_profile(certificate, &missing), FAULT_NONE);
    assert_int_equal(
        keypair_public(setting->new_key, algorithm_by_word(NULL), point),
        FAULT_NONE);
    assert_true(certificate_has_point(certificate, point, 64));
    /* The sign tool is the one of the request. */
    assert_int_equal(gnutls_x509_crt_get_extension_by_oid(certificate->crt,
                                                          "1.2.643.100.111", 0,
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
    struct setting *setting = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes request;

        make_request(setting, setting->new_key, &setting->subject, &request);
        if (rows[i].from_end != 0)
            request.data[request.size - rows[i].from_end] ^= 1;
        if (rows[i].longer > 0)
            bytes_put_byte(&request, 0);
        else
            request.size -= (size_t)-rows[i].longer;
        sign(setting, request.data, request.size, true);
        assert_false(examine_asked(setting, now));
        assert_refused(setting, rows[i].code, NULL);
        assert_int_equal(setting->request.size, 0);
        bytes_free(&request);
    }
    sign(setting, statement, sizeof statement - 1, true);
    assert_false(examine_asked(setting, now));
    assert_refused(setting, "requestUnreadable", NULL);
}

static void changed_content_is_refused(void **state)
{
    struct setting *setting = *state;
    uint8_t *place;

    ask(setting, &setting->subject);
    place = memmem(setting->cms.data, setting->cms.size, sign_tool,
                   sizeof sign_tool - 1);
    assert_non_null(place);
    *(place + 5) ^= 1;
    assert_false(examine_asked(setting, now));
    assert_refused(setting, "signatureInvalid", NULL);
}

static void foreign_key_is_refused(void **state)
{
    struct setting *setting = *state;
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
    sign(setting, der.data, der.size, true);
    assert_false(examine_asked(setting, now));
    assert_refused(setting, "requestKeyUnsupported", NULL);
    gnutls_free(der.data);
    gnutls_x509_crq_deinit(crq);
    gnutls_x509_privkey_deinit(key);
}

static void old_key_is_refused(void **state)
{
    struct setting *setting = *state;
    struct bytes request;

    make_request(setting, setting->old_key, &setting->subject, &request);
    sign(setting, request.data, request.size, true);
    assert_false(examine_asked(setting, now));
    assert_refused(setting, "sameKey", NULL);
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
static void change_name(const struct setting *setting,
                        const struct change *change, struct name *name)
{
    assert_int_equal(name_copy(&setting->subject, name), FAULT_NONE);
    free(name->value[change->attribute]);
    name->value[change->attribute] = NULL;
    if (change->value != NULL)
        assert_int_equal(name_set(name, change->attribute, change->value,
                                  strlen(change->value)),
                         FAULT_NONE);
}

static void other_subject_is_refused(void **state)
{
    struct setting *setting = *state;

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct name name;

        change_name(setting, &changes[i], &name);
        ask(setting, &name);
        assert_false(examine_asked(setting, now));
        assert_refused(setting, "requestSubjectMismatch", changes[i].target);
        name_free(&name);
    }
}

/* Form and request agree, but on somebody else. */
static void other_person_is_refused(void **state)
{
    struct setting *setting = *state;

    for (size_t i = 0; i < 5; i++) {
        struct name name, kept;

        change_name(setting, &changes[i], &name);
        ask(setting, &name);
        kept = setting->subject;
        setting->subject = name;
        assert_false(examine_asked(setting, now));
        assert_refused(setting, "requestSubjectMismatch", changes[i].target);
        setting->subject = kept;
        name_free(&name);
    }
}

/* A change that is not of the person is the form's to make. */
static void new_data_of_the_same_person_are_accepted(void **state)
{
    struct setting *setting = *state;

    for (size_t i = 5; i < sizeof changes / sizeof changes[0]; i++) {
        struct name name, kept;

        change_name(setting, &changes[i], &name);
        ask(setting, &name);
        kept = setting->subject;
        setting->subject = name;
        assert_true(examine_asked(setting, now));
        setting->subject = kept;
        name_free(&name);
    }
}

/* --- the extensions ----------------------------------------------------- */

enum {
    USAGE = 1,
    CLIENT = 2,
    EMAIL = 4,
    POLICY = 8,
    TOOL = 16,
    KIND = 32,
    PERIOD = 64,
    ALL = 127
};

/* DER of one extension and what it is of. */
struct extension {
    unsigned bit;
    const char *oid;
    bool critical;
    const char *der;
    size_t size;
};

#define DER(text) text, sizeof text - 1
#define POLICY_KC(digit) "\x30\x08\x06\x06\x2a\x85\x03\x64\x71" digit

static const struct extension good[] = {
    {USAGE, "2.5.29.15", true, DER("\x03\x02\x06\xc0")},
    {POLICY, "2.5.29.32", false, DER("\x30\x0a" POLICY_KC("\x01"))},
    {TOOL, "1.2.643.100.111", false, DER("\x0c\x01x")},
    {KIND, "1.2.643.100.114", false, DER("\x02\x01\x01")},
};

static void put_extension(gnutls_x509_crq_t crq, const struct extension *one)
{
    assert_int_equal(gnutls_x509_crq_set_extension_by_oid(
                         crq, one->oid, one->der, one->size, one->critical),
                     0);
}

/* A request with the extensions of the mask, where instead may stand for one
 * of them. */
static void ask_with(struct setting *setting, unsigned mask,
                     const struct extension *instead)
{
    gnutls_x509_crq_t crq;
    gnutls_pubkey_t public;
    gnutls_datum_t der;
    char *subject;

    assert_int_equal(gnutls_x509_crq_init(&crq), 0);
    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(
        gnutls_pubkey_import_privkey(public, setting->new_key, 0, 0), 0);
    assert_int_equal(gnutls_x509_crq_set_version(crq, 1), 0);
    assert_int_equal(gnutls_x509_crq_set_pubkey(crq, public), 0);
    assert_int_equal(name_to_rfc4514(&setting->subject, &subject), FAULT_NONE);
    assert_int_equal(gnutls_x509_crq_set_dn(crq, subject, NULL), 0);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (mask & good[i].bit)
            put_extension(crq, instead != NULL && instead->bit == good[i].bit
                                   ? instead
                                   : &good[i]);
    if (mask & CLIENT)
        gnutls_x509_crq_set_key_purpose_oid(crq, GNUTLS_KP_TLS_WWW_CLIENT, 0);
    if (mask & EMAIL)
        gnutls_x509_crq_set_key_purpose_oid(crq, GNUTLS_KP_EMAIL_PROTECTION, 0);
    if (mask & PERIOD)
        gnutls_x509_crq_set_private_key_usage_period(crq, now, now + DAY);
    assert_int_equal(gnutls_x509_crq_privkey_sign(crq, setting->new_key,
                                                  GNUTLS_DIG_STREEBOG_256, 0),
                     0);
    assert_int_equal(gnutls_x509_crq_export2(crq, GNUTLS_X509_FMT_DER, &der),
                     0);
    sign(setting, der.data, der.size, true);
    free(subject);
    gnutls_free(der.data);
    gnutls_pubkey_deinit(public);
    gnutls_x509_crq_deinit(crq);
}

static void needed_extensions_are_needed(void **state)
{
    struct setting *setting = *state;

    for (unsigned bit = 1; bit < ALL; bit <<= 1) {
        ask_with(setting, ALL & ~bit, NULL);
        assert_int_equal(examine_asked(setting, now), bit == PERIOD);
        if (bit != PERIOD)
            assert_refused(setting, "requestExtensionsInvalid", NULL);
    }
    ask_with(setting, 0, NULL);
    assert_false(examine_asked(setting, now));
    assert_refused(setting, "requestExtensionsInvalid", NULL);
    ask_with(setting, ALL, NULL);
    assert_true(examine_asked(setting, now));
}

static void extensions_are_read_strictly(void **state)
{
    static char long_tool[4 + 201] = "\x0c\x81\xc9";
    static const struct {
        struct extension instead;
        bool accepted;
    } rows[] = {
        {{USAGE, "2.5.29.15", false, DER("\x03\x02\x06\xc0")}, false},
        {{USAGE, "2.5.29.15", true, DER("\x03\x02\x07\x80")}, false},
        {{USAGE, "2.5.29.15", true, DER("\x03\x02\x04\xf0")}, true},
        {{POLICY, "2.5.29.32", false, DER("\x30\x0a" POLICY_KC("\x02"))},
         false},
        {{POLICY, "2.5.29.32", false,
          DER("\x30\x14" POLICY_KC("\x01") POLICY_KC("\x02"))},
         true},
        {{POLICY, "2.5.29.32", false, DER("\x30\x0b" POLICY_KC("\x01"))},
         false},
        {{POLICY, "2.5.29.32", false, DER("\x30\x00")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x00")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x13\x01x")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x02x\x00")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x02x\x1b")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x02x\xd0")}, false},
        {{TOOL, "1.2.643.100.111", false, DER("\x0c\x01xx")}, false},
        {{TOOL, "1.2.643.100.111", false, long_tool, 3 + 201}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x01\x00")}, true},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x01\x04")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x01\xff")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x02\x00\x01")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x02\x00")}, false},
        {{KIND, "1.2.643.100.114", false, DER("\x0a\x01\x01")}, false},
    };
    struct setting *setting = *state;

    memset(long_tool + 3, 'x', 201);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ask_with(setting, ALL, &rows[i].instead);
        if (examine_asked(setting, now) != rows[i].accepted)
            fail_msg("row %zu: \"%s\"", i, setting->refusal.code);
        if (!rows[i].accepted)
            assert_refused(setting, "requestExtensionsInvalid", NULL);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_statement_is_accepted),
        TEST(unreadable_letters_are_refused),
        TEST(truncated_letters_are_refused),
        TEST(the_other_form_of_signature_is_refused),
        TEST(another_statement_is_refused),
        TEST(broken_signature_is_refused),
        TEST(another_signer_is_refused),
        TEST(signers_that_may_not_sign_are_refused),
        TEST(good_request_is_accepted),
        TEST(accepted_request_becomes_a_certificate),
        TEST(broken_requests_are_refused),
        TEST(changed_content_is_refused),
        TEST(foreign_key_is_refused),
        TEST(old_key_is_refused),
        TEST(other_subject_is_refused),
        TEST(other_person_is_refused),
        TEST(new_data_of_the_same_person_are_accepted),
        TEST(needed_extensions_are_needed),
        TEST(extensions_are_read_strictly),
    };

    now = time(NULL);
    if (sodium_init() < 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
