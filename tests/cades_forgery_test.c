/* Signatures that others might make, by accident or not. */
#include "keygen/cades.h"

#include "keygen/der.h"
#include "tests/support/cms.h"

#include <gnutls/crypto.h>
#include <gnutls/pkcs7.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum reference {
    NO_REFERENCE,
    TO_SIGNER,
    TO_OTHER,
    BY_SHA256, /* the default: no algorithm said */
    BY_SAID_SHA256,
    BY_STREEBOG_512,
    BY_SHA1,
    WITH_NULL,   /* parameters NULL in the algorithm */
    WITH_SERIAL, /* with IssuerSerial */
    WITH_OTHER_SERIAL,
    WITH_OTHER_ISSUER,
    OTHER_FIRST, /* the signer's is the second of two */
    SIGNER_FIRST,
    TRAILING /* something behind the attribute's parts */
};

static const struct hash {
    enum reference reference;
    const char *oid; /* NULL: none said */
    gnutls_digest_algorithm_t digest;
} hashes[] = {
    {BY_SHA256, NULL, GNUTLS_DIG_SHA256},
    {BY_SAID_SHA256, "2.16.840.1.101.3.4.2.1", GNUTLS_DIG_SHA256},
    {BY_STREEBOG_512, "1.2.643.7.1.1.2.3", GNUTLS_DIG_STREEBOG_512},
    {BY_SHA1, "1.3.14.3.2.26", GNUTLS_DIG_SHA1},
    {NO_REFERENCE, "1.2.643.7.1.1.2.2", GNUTLS_DIG_STREEBOG_256},
};

static void put_hash(struct bytes *out, enum reference reference,
                     const struct certificate *one)
{
    const struct hash *hash = hashes;
    uint8_t value[64];
    size_t start = out->size;

    while (hash->reference != reference && hash->reference != NO_REFERENCE)
        hash++;
    if (hash->oid != NULL) {
        der_put_oid(out, hash->oid);
        if (reference == WITH_NULL)
            der_put(out, 0x05, NULL, 0);
        der_wrap(out, start, DER_SEQUENCE);
    }
    assert_true(gnutls_hash_fast(hash->digest, one->der.data, one->der.size,
                                 value) >= 0);
    der_put(out, DER_OCTET_STRING, value,
            gnutls_hash_get_len((int)hash->digest));
}

static void put_serial(struct bytes *out, enum reference reference,
                       const struct certificate *one)
{
    gnutls_datum_t issuer = {NULL, 0};
    uint8_t serial[CERTIFICATE_SERIAL_MAX + 1];
    size_t start = out->size, size = sizeof serial;

    assert_true(
        gnutls_x509_crt_get_raw_issuer_dn(certificate_crt(one), &issuer) >= 0);
    assert_true(
        gnutls_x509_crt_get_serial(certificate_crt(one), serial, &size) >= 0);
    if (reference == WITH_OTHER_ISSUER)
        issuer.data[issuer.size - 1] ^= 1;
    if (reference == WITH_OTHER_SERIAL)
        serial[size - 1] ^= 1;
    bytes_put(out, issuer.data, issuer.size);
    der_wrap(out, start, 0xA4);
    der_wrap(out, start, DER_SEQUENCE);
    der_put(out, DER_INTEGER, serial, size);
    der_wrap(out, start, DER_SEQUENCE);
    gnutls_free(issuer.data);
}

static void put_reference(struct bytes *out, enum reference reference,
                          const struct certificate *signer,
                          const struct certificate *other)
{
    size_t start;

    if (reference == OTHER_FIRST) {
        put_hash(out, TO_SIGNER, other);
        der_wrap(out, 0, DER_SEQUENCE);
    }
    start = out->size;
    put_hash(out, reference, reference == TO_OTHER ? other : signer);
    if (reference >= WITH_SERIAL && reference <= WITH_OTHER_ISSUER)
        put_serial(out, reference, signer);
    der_wrap(out, start, DER_SEQUENCE);
    start = out->size;
    if (reference == SIGNER_FIRST) {
        put_hash(out, TO_SIGNER, other);
        der_wrap(out, start, DER_SEQUENCE);
    }
    der_wrap(out, 0, DER_SEQUENCE);
    if (reference == TRAILING)
        der_put(out, DER_INTEGER, "\x01", 1);
    der_wrap(out, 0, DER_SEQUENCE);
}

static const struct forgery {
    const char *what;
    enum reference reference;
    enum fault fault;
    bool certificate; /* inside */
    unsigned signers, references;
    const char *time; /* DER of signingTime, or NULL */
    bool plain;       /* no signed attributes at all */
} forgeries[] = {
    {"as it should be", TO_SIGNER, FAULT_NONE, true, 1, 1, NULL, false},
    {"SHA-256, not said", BY_SHA256, FAULT_NONE, true, 1, 1, NULL, false},
    {"SHA-256, said", BY_SAID_SHA256, FAULT_NONE, true, 1, 1, NULL, false},
    {"Streebog-512", BY_STREEBOG_512, FAULT_NONE, true, 1, 1, NULL, false},
    {"parameters NULL", WITH_NULL, FAULT_NONE, true, 1, 1, NULL, false},
    {"with issuer and serial", WITH_SERIAL, FAULT_NONE, true, 1, 1, NULL,
     false},
    {"two named, signer first", SIGNER_FIRST, FAULT_NONE, true, 1, 1, NULL,
     false},
    {"with a time", TO_SIGNER, FAULT_NONE, true, 1, 1,
     "\x17\x0D"
     "250101000000Z",
     false},
    {"bad time", TO_SIGNER, FAULT_SIGNATURE, true, 1, 1,
     "\x17\x0D"
     "251301000000Z",
     false},
    {"time of another type", TO_SIGNER, FAULT_SIGNATURE, true, 1, 1,
     "\x0C\x0D"
     "250101000000Z",
     false},
    {"SHA-1", BY_SHA1, FAULT_SIGNER, true, 1, 1, NULL, false},
    {"names another", TO_OTHER, FAULT_SIGNER, true, 1, 1, NULL, false},
    {"another first", OTHER_FIRST, FAULT_SIGNER, true, 1, 1, NULL, false},
    {"another serial", WITH_OTHER_SERIAL, FAULT_SIGNER, true, 1, 1, NULL,
     false},
    {"another issuer", WITH_OTHER_ISSUER, FAULT_SIGNER, true, 1, 1, NULL,
     false},
    {"something behind", TRAILING, FAULT_SIGNATURE, true, 1, 1, NULL, false},
    {"names none", NO_REFERENCE, FAULT_SIGNATURE, true, 1, 0, NULL, false},
    {"names twice", TO_SIGNER, FAULT_SIGNATURE, true, 1, 2, NULL, false},
    {"no attributes", NO_REFERENCE, FAULT_SIGNATURE, true, 1, 0, NULL, true},
    {"no certificate", TO_SIGNER, FAULT_SIGNER, false, 1, 1, NULL, false},
    {"two signers", TO_SIGNER, FAULT_SIGNATURE, true, 2, 1, NULL, false},
};

static void add_attributes(const struct forgery *forgery,
                           gnutls_pkcs7_attrs_t *attributes,
                           const struct pki *pki, const struct pki *other)
{
    struct bytes der;
    gnutls_datum_t value;

    bytes_init(&der, 4096);
    put_reference(&der, forgery->reference, pki->certificate,
                  other->certificate);
    assert_false(der.failed);
    value = (gnutls_datum_t){der.data, (unsigned)der.size};
    for (unsigned i = 0; i < forgery->references; i++)
        assert_true(gnutls_pkcs7_add_attr(attributes,
                                          "1.2.840.113549.1.9.16.2.47", &value,
                                          0) >= 0);
    bytes_free(&der);
    if (forgery->time != NULL) {
        bytes_put(&der, forgery->time, strlen(forgery->time));
        value = (gnutls_datum_t){der.data, (unsigned)der.size};
        assert_true(gnutls_pkcs7_add_attr(attributes, "1.2.840.113549.1.9.5",
                                          &value, 0) >= 0);
    } else if (!forgery->plain) { /* an unknown one, so that there are some */
        value = (gnutls_datum_t){(uint8_t[]){0x05, 0x00}, 2};
        assert_true(gnutls_pkcs7_add_attr(attributes, "1.2.3.4", &value, 0) >=
                    0);
    }
    bytes_free(&der);
}

static gnutls_datum_t forge(const struct forgery *forgery,
                            const struct pki *pki, const struct pki *other)
{
    const gnutls_datum_t data = {(void *)(uintptr_t)CMS_TEXT, CMS_TEXT_SIZE};
    gnutls_pkcs7_attrs_t attributes = NULL;
    gnutls_datum_t der = {NULL, 0};
    gnutls_pkcs7_t pkcs7 = NULL;

    add_attributes(forgery, &attributes, pki, other);
    assert_true(gnutls_pkcs7_init(&pkcs7) >= 0);
    for (unsigned i = 0; i < forgery->signers; i++)
        assert_true(gnutls_pkcs7_sign(
                        pkcs7, certificate_crt(pki->certificate), pki->key,
                        &data, attributes, NULL, pki->algorithm->digest,
                        forgery->certificate ? GNUTLS_PKCS7_INCLUDE_CERT : 0) >=
                    0);
    assert_true(gnutls_pkcs7_export2(pkcs7, GNUTLS_X509_FMT_DER, &der) >= 0);
    gnutls_pkcs7_attrs_deinit(attributes);
    gnutls_pkcs7_deinit(pkcs7);
    return der;
}

static void test_forgeries(void **state)
{
    struct pki pki, other;
    struct bytes content;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    /* The same key and names, another certificate. */
    pki_make(&other, &(struct pki_spec){.same_key = &pki});
    bytes_init(&content, 100);
    for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
        gnutls_datum_t der = forge(&forgeries[i], &pki, &other);

        print_message("# %s\n", forgeries[i].what);
        assert_int_equal(
            cms_verify(der.data, der.size, CMS_TEXT, CMS_TEXT_SIZE, &content),
            forgeries[i].fault);
        gnutls_free(der.data);
    }
    pki_free(&pki);
    pki_free(&other);
}

/* The certificate inside is exchanged for another of the same issuer and
 * serial number and of the attacker's own key. */
static void test_exchanged_certificate(void **state)
{
    struct pki pki, other;
    struct bytes cms, forged, content;
    uint8_t *at;
    size_t size;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    pki_make(&other, &(struct pki_spec){0});
    cms_sign(&pki, false, &cms);
    size = pki.certificate->der.size;
    assert_int_equal(size, other.certificate->der.size);
    at = memmem(cms.data, cms.size, pki.certificate->der.data, size);
    assert_non_null(at);
    bytes_init(&forged, CADES_MAX);
    bytes_put(&forged, cms.data, cms.size);
    memcpy(forged.data + (at - cms.data), other.certificate->der.data, size);
    bytes_init(&content, 10);
    assert_int_equal(
        cms_verify(forged.data, forged.size, CMS_TEXT, CMS_TEXT_SIZE, &content),
        FAULT_SIGNER);
    /* With the serial number of the first written into it. */
    memcpy(forged.data + (at - cms.data), pki.certificate->der.data, 32);
    assert_int_not_equal(
        cms_verify(forged.data, forged.size, CMS_TEXT, CMS_TEXT_SIZE, &content),
        FAULT_NONE);
    bytes_free(&forged);
    bytes_free(&cms);
    pki_free(&pki);
    pki_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forgeries),
        cmocka_unit_test(test_exchanged_certificate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
