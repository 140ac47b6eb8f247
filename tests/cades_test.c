#include "keygen/cades.h"

#include "keygen/der.h"
#include "keygen/keypair.h"
#include "tests/support/pki.h"
#include "tests/support/vector.h"

#include <gnutls/crypto.h>
#include <gnutls/pkcs7.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "Прошу выдать сертификат.";

enum { TEXT = sizeof text - 1 };

/* Verify from memory that is exact, so that the sanitizer sees a step over
 * the end; what comes out goes. */
static enum fault verify(const void *cms, size_t cms_size, const void *data,
                         size_t size, struct bytes *content)
{
    uint8_t *copy = calloc(1, cms_size + (cms_size == 0));
    struct certificate *signer = NULL;
    enum fault fault;
    time_t when;

    assert_non_null(copy);
    memcpy(copy, cms, cms_size);
    fault = cades_verify(copy, cms_size, data, size, content, &signer, &when);
    assert_int_equal(signer != NULL, fault == FAULT_NONE);
    certificate_free(&signer);
    free(copy);
    return fault;
}

static void sign(const struct pki *pki, bool attached, struct bytes *out)
{
    bytes_init(out, CADES_MAX);
    assert_int_equal(cades_sign(pki->key, pki->certificate, text, TEXT,
                                attached, PKI_NOW, out),
                     FAULT_NONE);
}

static void test_round_trip(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        for (int attached = 0; attached <= 1; attached++) {
            struct certificate *signer = NULL;
            struct bytes cms, content;
            struct pki pki;
            time_t when = 0;

            pki_make(&pki, &(struct pki_spec){.word = (*one)->word});
            sign(&pki, attached != 0, &cms);
            bytes_init(&content, 100);
            bytes_put(&content, "before:", 7);
            assert_int_equal(cades_verify(cms.data, cms.size,
                                          attached ? NULL : text, TEXT,
                                          &content, &signer, &when),
                             FAULT_NONE);
            assert_string_equal(signer->thumbprint,
                                pki.certificate->thumbprint);
            assert_true(when == PKI_NOW);
            assert_int_equal(content.size, 7 + (attached ? TEXT : 0));
            if (attached)
                assert_memory_equal(content.data + 7, text, TEXT);
            certificate_free(&signer);
            bytes_free(&content);
            bytes_free(&cms);
            pki_free(&pki);
        }
    }
}

static void test_content(void **state)
{
    struct bytes attached, detached, content, none;
    char other[TEXT];
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    sign(&pki, true, &attached);
    sign(&pki, false, &detached);
    bytes_init(&content, 100);
    for (size_t i = 0; i < TEXT; i++) {
        memcpy(other, text, TEXT);
        other[i] ^= 1;
        assert_int_equal(
            verify(detached.data, detached.size, other, TEXT, &content),
            FAULT_SIGNATURE);
        assert_int_equal(
            verify(attached.data, attached.size, other, TEXT, &content),
            FAULT_SIGNATURE);
        assert_int_equal(
            verify(detached.data, detached.size, text, i, &content),
            FAULT_SIGNATURE);
    }
    /* Inside and beside, the same. */
    assert_int_equal(verify(attached.data, attached.size, text, TEXT, &content),
                     FAULT_NONE);
    /* Neither inside nor beside. */
    assert_int_equal(verify(detached.data, detached.size, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(content.size, 0);
    bytes_init(&none, TEXT - 1);
    assert_int_equal(verify(attached.data, attached.size, NULL, 0, &none),
                     FAULT_TOO_LARGE);
    bytes_free(&none);
    bytes_free(&content);
    bytes_free(&attached);
    bytes_free(&detached);
    pki_free(&pki);
}

static void test_refuses_to_sign(void **state)
{
    struct pki pki, other, large;
    struct bytes out;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    pki_make(&other, &(struct pki_spec){0});
    pki_make(&large, &(struct pki_spec){.word = "gost2012-512"});
    bytes_init(&out, CADES_MAX);
    assert_int_equal(cades_sign(pki.key, other.certificate, text, TEXT, false,
                                PKI_NOW, &out),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(cades_sign(pki.key, large.certificate, text, TEXT, false,
                                PKI_NOW, &out),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(cades_sign(pki.key, pki.certificate, text, TEXT, false,
                                (time_t)INT64_MAX, &out),
                     FAULT_ARGUMENT);
    assert_int_equal(
        cades_sign(pki.key, pki.certificate, "", 0, false, PKI_NOW, &out),
        FAULT_ARGUMENT);
    assert_int_equal(cades_sign(pki.key, pki.certificate, text, CADES_MAX + 1,
                                true, PKI_NOW, &out),
                     FAULT_TOO_LARGE);
    assert_int_equal(out.size, 0);
    bytes_init(&out, 100);
    assert_int_equal(
        cades_sign(pki.key, pki.certificate, text, TEXT, false, PKI_NOW, &out),
        FAULT_TOO_LARGE);
    bytes_free(&out);
    pki_free(&pki);
    pki_free(&other);
    pki_free(&large);
}

static void test_truncated(void **state)
{
    struct bytes cms, content;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    sign(&pki, true, &cms);
    bytes_init(&content, 100);
    for (size_t i = 0; i < cms.size; i++)
        assert_int_equal(verify(cms.data, i, NULL, 0, &content),
                         FAULT_SIGNATURE);
    bytes_put_byte(&cms, 0);
    assert_int_equal(verify(cms.data, cms.size, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(content.size, 0);
    bytes_free(&cms);
    pki_free(&pki);
}

/* Two versions and the set of digest algorithms are not signed and say
 * nothing; any other bit that is wrong is noticed. */
static void test_every_byte_wrong(void **state)
{
    struct bytes cms, content;
    unsigned unnoticed = 0;
    struct pki pki;

    (void)state;
    pki_make(&pki, &(struct pki_spec){0});
    sign(&pki, true, &cms);
    for (size_t i = 0; i < cms.size * 8; i++) {
        bytes_init(&content, 100);
        cms.data[i / 8] ^= (uint8_t)(1 << i % 8);
        if (verify(cms.data, cms.size, NULL, 0, &content) == FAULT_NONE) {
            unnoticed++;
            assert_int_equal(content.size, TEXT);
            assert_memory_equal(content.data, text, TEXT);
        }
        cms.data[i / 8] ^= (uint8_t)(1 << i % 8);
        bytes_free(&content);
    }
    assert_in_range(unnoticed, 1, 16 + 8 * 12);
    bytes_free(&cms);
    pki_free(&pki);
}

static void test_bounds(void **state)
{
    uint8_t *data = calloc(1, CADES_MAX + 1);
    struct bytes content;

    (void)state;
    bytes_init(&content, 10);
    assert_int_equal(verify(data, CADES_MAX + 1, NULL, 0, &content),
                     FAULT_TOO_LARGE);
    assert_int_equal(verify(data, CADES_MAX, NULL, 0, &content),
                     FAULT_SIGNATURE);
    assert_int_equal(verify(data, 0, NULL, 0, &content), FAULT_SIGNATURE);
    free(data);
}

/* --- signatures that others might make ---------------------------------- */

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

    assert_true(gnutls_x509_crt_get_raw_issuer_dn(one->crt, &issuer) >= 0);
    assert_true(gnutls_x509_crt_get_serial(one->crt, serial, &size) >= 0);
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
    const gnutls_datum_t data = {(void *)(uintptr_t)text, TEXT};
    gnutls_pkcs7_attrs_t attributes = NULL;
    gnutls_datum_t der = {NULL, 0};
    gnutls_pkcs7_t pkcs7 = NULL;

    add_attributes(forgery, &attributes, pki, other);
    assert_true(gnutls_pkcs7_init(&pkcs7) >= 0);
    for (unsigned i = 0; i < forgery->signers; i++)
        assert_true(
            gnutls_pkcs7_sign(pkcs7, pki->certificate->crt, pki->key, &data,
                              attributes, NULL, pki->algorithm->digest,
                              forgery->certificate ? GNUTLS_PKCS7_INCLUDE_CERT
                                                   : 0) >= 0);
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
        assert_int_equal(verify(der.data, der.size, text, TEXT, &content),
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
    sign(&pki, false, &cms);
    size = pki.certificate->der.size;
    assert_int_equal(size, other.certificate->der.size);
    at = memmem(cms.data, cms.size, pki.certificate->der.data, size);
    assert_non_null(at);
    bytes_init(&forged, CADES_MAX);
    bytes_put(&forged, cms.data, cms.size);
    memcpy(forged.data + (at - cms.data), other.certificate->der.data, size);
    bytes_init(&content, 10);
    assert_int_equal(verify(forged.data, forged.size, text, TEXT, &content),
                     FAULT_SIGNER);
    /* With the serial number of the first written into it. */
    memcpy(forged.data + (at - cms.data), pki.certificate->der.data, 32);
    assert_int_not_equal(verify(forged.data, forged.size, text, TEXT, &content),
                         FAULT_NONE);
    bytes_free(&forged);
    bytes_free(&cms);
    pki_free(&pki);
    pki_free(&other);
}

static const struct {
    const char *file, *content; /* NULL: attached */
    enum fault fault;
} vectors[] = {
    {"generated/req_attached.p7m", NULL, FAULT_NONE},
    {"generated/req_detached.p7s", "generated/new.csr", FAULT_NONE},
    {"generated/req_detached.p7s", "generated/old.csr", FAULT_SIGNATURE},
    {"generated/req_detached.p7s", NULL, FAULT_SIGNATURE},
    {"tk26cms_signed_256.der", NULL, FAULT_SIGNER}, /* no certificate */
    {"tk26cms_signed_512.der", NULL, FAULT_SIGNER}, /* no certificate */
    {"tk26cms_digested_256.der", NULL, FAULT_SIGNATURE},
    {"tk26cms_envelopedkari_256.der", NULL, FAULT_SIGNATURE},
    {"generated/old.crt", NULL, FAULT_SIGNATURE},
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        size_t size, data_size = 0;
        uint8_t *cms = vector_read(vectors[i].file, &size), *data = NULL;
        struct bytes content;

        print_message("# %s\n", vectors[i].file);
        if (vectors[i].content != NULL)
            data = vector_read(vectors[i].content, &data_size);
        bytes_init(&content, CADES_MAX);
        assert_int_equal(verify(cms, size, data, data_size, &content),
                         vectors[i].fault);
        assert_int_equal(content.size != 0,
                         data == NULL && vectors[i].fault == FAULT_NONE);
        bytes_free(&content);
        free(cms);
        free(data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_refuses_to_sign),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_every_byte_wrong),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_forgeries),
        cmocka_unit_test(test_exchanged_certificate),
        cmocka_unit_test(test_vectors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
