#include "tests/support/pki.h"

#include "keygen/der.h"
#include "keygen/keypair.h"
#include "keygen/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const person[NAME_COUNT] = {
    [NAME_COUNTRY] = "RU",
    [NAME_STATE] = "66 Свердловская область",
    [NAME_COMMON_NAME] = "Петрова Мария Ивановна",
    [NAME_SURNAME] = "Петрова",
    [NAME_GIVEN_NAME] = "Мария Ивановна",
    [NAME_EMAIL] = "petrova@example.test",
    [NAME_INN] = "500100732259",
    [NAME_SNILS] = "11223344595",
};

static void set(struct name *name, enum name_attribute attribute,
                const char *value)
{
    assert_int_equal(name_set(name, attribute, value, strlen(value)),
                     FAULT_NONE);
}

void pki_person(struct name *name)
{
    *name = (struct name){{NULL}};
    for (enum name_attribute i = 0; i < NAME_COUNT; i++) {
        if (person[i] != NULL)
            set(name, i, person[i]);
    }
}

gnutls_privkey_t pki_key(const struct algorithm *algorithm)
{
    uint8_t *scalar = secret_new(algorithm->key_size);
    struct entropy *pool = NULL;
    gnutls_privkey_t key = NULL;

    assert_non_null(scalar);
    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    assert_int_equal(keypair_make(algorithm, pool, scalar), FAULT_NONE);
    assert_int_equal(keypair_import(algorithm, scalar, &key), FAULT_NONE);
    entropy_free(&pool);
    secret_free(&scalar);
    return key;
}

static bool is(const char *word, const char *other)
{
    return word != NULL && strcmp(word, other) == 0;
}

static void set_subject(gnutls_x509_crt_t crt, const struct pki_spec *spec)
{
    struct name name;
    char *text = NULL;

    pki_person(&name);
    if (spec->name != NULL)
        set(&name, NAME_COMMON_NAME, spec->name);
    if (is(spec->without, "snils")) {
        free(name.value[NAME_SNILS]);
        name.value[NAME_SNILS] = NULL;
    }
    assert_int_equal(name_to_rfc4514(&name, &text), FAULT_NONE);
    assert_true(gnutls_x509_crt_set_dn(crt, text, NULL) >= 0);
    free(text);
    name_free(&name);
}

static void set_authority(gnutls_x509_crt_t crt, const struct pki_spec *spec)
{
    const unsigned usage = is(spec->without, "keyCertSign")
                               ? GNUTLS_KEY_CRL_SIGN
                               : GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN;

    assert_true(gnutls_x509_crt_set_basic_constraints(
                    crt, !is(spec->without, "cA"),
                    spec->bounded ? (int)spec->path_length : -1) >= 0);
    assert_true(gnutls_x509_crt_set_key_usage(crt, usage) >= 0);
}

static void add(gnutls_x509_crt_t crt, const char *oid, struct bytes *value)
{
    assert_false(value->failed);
    assert_true(gnutls_x509_crt_set_extension_by_oid(crt, oid, value->data,
                                                     value->size, 0) >= 0);
    bytes_free(value);
}

static void put_text(struct bytes *out, const char *text)
{
    der_put(out, DER_UTF8_STRING, text, strlen(text));
}

static void add_tools(gnutls_x509_crt_t crt, const struct pki_spec *spec)
{
    struct bytes value;

    bytes_init(&value, 1024);
    if (!is(spec->without, "subjectSignTool")) {
        put_text(&value, "Средство подписи");
        add(crt, "1.2.643.100.111", &value);
    }
    if (!is(spec->without, "issuerSignTool")) {
        for (int i = 0; i < 4; i++)
            put_text(&value, "Средство центра");
        der_wrap(&value, 0, DER_SEQUENCE);
        add(crt, "1.2.643.100.112", &value);
    }
    if (!is(spec->without, "certificatePolicies")) {
        der_put_oid(&value, "1.2.643.100.113.1");
        der_wrap(&value, 0, DER_SEQUENCE);
        der_wrap(&value, 0, DER_SEQUENCE);
        add(crt, "2.5.29.32", &value);
    }
}

static void set_person(gnutls_x509_crt_t crt, const struct pki_spec *spec)
{
    const unsigned usage =
        is(spec->without, "keyUsage")
            ? GNUTLS_KEY_KEY_ENCIPHERMENT
            : GNUTLS_KEY_DIGITAL_SIGNATURE | GNUTLS_KEY_NON_REPUDIATION;

    assert_true(gnutls_x509_crt_set_key_usage(crt, usage) >= 0);
    if (is(spec->without, "basicConstraints"))
        assert_true(gnutls_x509_crt_set_basic_constraints(crt, 1, -1) >= 0);
    add_tools(crt, spec);
}

static void set_rest(gnutls_x509_crt_t crt, const struct pki_spec *spec)
{
    static uint8_t serial[] = {0x00, 0x80, 0, 0, 1};
    const time_t from = spec->from != 0 ? spec->from : PKI_FROM;
    const time_t until = spec->until != 0 ? spec->until : PKI_UNTIL;

    serial[4]++;
    assert_true(gnutls_x509_crt_set_version(crt, 3) >= 0);
    assert_true(gnutls_x509_crt_set_serial(crt, serial, sizeof serial) >= 0);
    assert_true(gnutls_x509_crt_set_activation_time(crt, from) >= 0);
    assert_true(gnutls_x509_crt_set_expiration_time(crt, until) >= 0);
    if (spec->key_until != 0)
        assert_true(gnutls_x509_crt_set_private_key_usage_period(
                        crt, from, spec->key_until) >= 0);
    if (spec->critical != NULL)
        assert_true(gnutls_x509_crt_set_extension_by_oid(crt, spec->critical,
                                                         "\x05", 2, 1) >= 0);
}

static void sign(gnutls_x509_crt_t crt, struct pki *pki,
                 const struct pki_spec *spec)
{
    gnutls_datum_t der = {NULL, 0};

    if (spec->issuer != NULL)
        assert_true(gnutls_x509_crt_privkey_sign(
                        crt, certificate_crt(spec->issuer->certificate),
                        spec->issuer->key, spec->issuer->algorithm->digest,
                        0) >= 0);
    else
        assert_true(gnutls_x509_crt_privkey_sign(
                        crt, crt, pki->key, pki->algorithm->digest, 0) >= 0);
    assert_true(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >= 0);
    assert_int_equal(certificate_read(der.data, der.size, &pki->certificate),
                     FAULT_NONE);
    gnutls_free(der.data);
}

void pki_make(struct pki *pki, const struct pki_spec *spec)
{
    gnutls_pubkey_t public = NULL;
    gnutls_x509_crt_t crt = NULL;

    *pki = (struct pki){.algorithm = algorithm_by_word(spec->word)};
    assert_non_null(pki->algorithm);
    pki->key = pki_key(pki->algorithm);
    assert_true(gnutls_x509_crt_init(&crt) >= 0);
    assert_true(gnutls_pubkey_init(&public) >= 0);
    assert_true(gnutls_pubkey_import_privkey(
                    public,
                    spec->same_key != NULL ? spec->same_key->key : pki->key, 0,
                    0) >= 0);
    assert_true(gnutls_x509_crt_set_pubkey(crt, public) >= 0);
    assert_int_equal(keypair_point(public, pki->algorithm, pki->point),
                     FAULT_NONE);
    assert_true(gnutls_x509_crt_set_subject_key_id(crt, pki->point, 20) >= 0);
    set_subject(crt, spec);
    if (spec->authority)
        set_authority(crt, spec);
    else
        set_person(crt, spec);
    set_rest(crt, spec);
    sign(crt, pki, spec);
    gnutls_pubkey_deinit(public);
    gnutls_x509_crt_deinit(crt);
}

void pki_free(struct pki *pki)
{
    gnutls_privkey_deinit(pki->key);
    certificate_free(&pki->certificate);
    *pki = (struct pki){NULL};
}

gnutls_x509_crl_t pki_crl(const struct pki *issuer,
                          const struct certificate *revoked, time_t from,
                          time_t until)
{
    gnutls_datum_t der = {NULL, 0};
    gnutls_x509_crl_t crl = NULL;

    assert_true(gnutls_x509_crl_init(&crl) >= 0);
    assert_true(gnutls_x509_crl_set_version(crl, 2) >= 0);
    assert_true(gnutls_x509_crl_set_this_update(crl, from) >= 0);
    assert_true(gnutls_x509_crl_set_next_update(crl, until) >= 0);
    if (revoked != NULL)
        assert_true(
            gnutls_x509_crl_set_crt(crl, certificate_crt(revoked), from) >= 0);
    assert_true(gnutls_x509_crl_privkey_sign(
                    crl, certificate_crt(issuer->certificate), issuer->key,
                    issuer->algorithm->digest, 0) >= 0);
    assert_true(gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_DER, &der) >= 0);
    gnutls_x509_crl_deinit(crl);
    assert_true(gnutls_x509_crl_init(&crl) >= 0);
    assert_true(gnutls_x509_crl_import(crl, &der, GNUTLS_X509_FMT_DER) >= 0);
    gnutls_free(der.data);
    return crl;
}
