#include "token/pkcs11/pkcs11_certificate.h"

#include "keygen/bytes.h"
#include "token/pkcs11/pkcs11_found.h"
#include "token/pkcs11/pkcs11_pin.h"

#include <string.h>

enum { ROWS = 11, PART_MAX = 16 * 1024 };

/* The parts of a certificate that stand in attributes of their own. */
struct parts {
    gnutls_datum_t subject, issuer; /* owned */
    struct bytes serial;            /* an INTEGER in DER */
};

static void parts_free(struct parts *parts)
{
    gnutls_free(parts->subject.data);
    gnutls_free(parts->issuer.data);
    bytes_free(&parts->serial);
}

static enum fault parts_read(const struct certificate *certificate,
                             struct parts *parts)
{
    uint8_t serial[CERTIFICATE_SERIAL_MAX + 1];
    size_t size = sizeof serial;

    memset(parts, 0, sizeof *parts);
    bytes_init(&parts->serial, PART_MAX);
    if (gnutls_x509_crt_get_raw_dn(certificate_crt(certificate),
                                   &parts->subject) < 0 ||
        gnutls_x509_crt_get_raw_issuer_dn(certificate_crt(certificate),
                                          &parts->issuer) < 0 ||
        gnutls_x509_crt_get_serial(certificate_crt(certificate), serial,
                                   &size) < 0)
        return FAULT_CERTIFICATE;
    der_put(&parts->serial, DER_INTEGER, serial, size);
    return parts->serial.failed ? FAULT_MEMORY : FAULT_NONE;
}

static CK_RV create(const struct pkcs11_token *token,
                    const struct pkcs11_place *place, const char *label,
                    const struct certificate *certificate,
                    const struct parts *parts, CK_OBJECT_HANDLE *made)
{
    static const CK_OBJECT_CLASS class = CKO_CERTIFICATE;
    static const CK_CERTIFICATE_TYPE type = CKC_X_509;
    static const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    static const CK_ULONG of_user = 1; /* PKCS#11 2.40, 4.6.2 */
    CK_ATTRIBUTE rows[ROWS] = {
        pkcs11_object_row(CKA_CLASS, &class, sizeof class),
        pkcs11_object_row(CKA_CERTIFICATE_TYPE, &type, sizeof type),
        pkcs11_object_row(CKA_TOKEN, &yes, sizeof yes),
        pkcs11_object_row(CKA_PRIVATE, &no, sizeof no),
        pkcs11_object_row(CKA_ID, place->id, place->id_size),
        pkcs11_object_row(CKA_LABEL, label, strlen(label)),
        pkcs11_object_row(CKA_SUBJECT, parts->subject.data,
                          parts->subject.size),
        pkcs11_object_row(CKA_ISSUER, parts->issuer.data, parts->issuer.size),
        pkcs11_object_row(CKA_SERIAL_NUMBER, parts->serial.data,
                          parts->serial.size),
        pkcs11_object_row(CKA_VALUE, certificate->der.data,
                          certificate->der.size),
        pkcs11_object_row(CKA_CERTIFICATE_CATEGORY, &of_user, sizeof of_user)};
    CK_RV rv = token->call->C_CreateObject(token->session, rows, ROWS, made);

    /* The last is younger than some modules. */
    if (rv == CKR_ATTRIBUTE_TYPE_INVALID)
        rv = token->call->C_CreateObject(token->session, rows, ROWS - 1, made);
    return rv;
}

static bool is_same(const struct certificate *a, const struct certificate *b)
{
    return a->der.size == b->der.size &&
           memcmp(a->der.data, b->der.data, a->der.size) == 0;
}

/* What to do with each certificate that has the id of the key. */
typedef void each_certificate(const struct pkcs11_token *token,
                              CK_OBJECT_HANDLE object,
                              const struct certificate *one,
                              const struct certificate *wanted, bool *found);

static enum fault walk(const struct pkcs11_token *token,
                       const struct pkcs11_place *place,
                       const struct certificate *wanted, each_certificate *each,
                       bool *found)
{
    struct certificate *one = NULL;
    struct pkcs11_objects objects;
    enum fault fault = pkcs11_object_find(token, CKO_CERTIFICATE, place->id,
                                          place->id_size, &objects);

    *found = false;
    for (size_t i = 0; i < objects.count && fault == FAULT_NONE; i++) {
        if (pkcs11_found_certificate(token, objects.at[i], &one) == FAULT_NONE)
            each(token, objects.at[i], one, wanted, found);
        certificate_free(&one);
    }
    return fault;
}

static void look(const struct pkcs11_token *token, CK_OBJECT_HANDLE object,
                 const struct certificate *one,
                 const struct certificate *wanted, bool *found)
{
    (void)token;
    (void)object;
    *found |= is_same(one, wanted);
}

/* One that cannot be taken away stays: the later one is taken for the key's
 * anyway. */
static void take_away(const struct pkcs11_token *token, CK_OBJECT_HANDLE object,
                      const struct certificate *one,
                      const struct certificate *wanted, bool *found)
{
    (void)found;
    if (!is_same(one, wanted) && wanted->algorithm != NULL &&
        certificate_has_point(one, wanted->point,
                              2 * wanted->algorithm->key_size))
        (void)token->call->C_DestroyObject(token->session, object);
}

static enum fault put(const struct pkcs11_token *token,
                      const struct pkcs11_place *place, const char *label,
                      const struct certificate *certificate)
{
    CK_OBJECT_HANDLE made = 0;
    struct parts parts;
    bool there = false;
    enum fault fault = walk(token, place, certificate, look, &there);

    if (fault != FAULT_NONE || there)
        return fault;
    fault = parts_read(certificate, &parts);
    if (fault == FAULT_NONE)
        fault = pkcs11_module_fault(
            create(token, place, label, certificate, &parts, &made));
    parts_free(&parts);
    if (fault == FAULT_NONE)
        fault = walk(token, place, certificate, look, &there);
    if (fault == FAULT_NONE && !there)
        fault = FAULT_TOKEN_ANSWER;
    return fault;
}

enum fault pkcs11_certificate_write(const char *where,
                                    const struct certificate *certificate)
{
    struct pkcs11_found found = {.label = ""};
    struct pkcs11_token *token = NULL;
    struct pkcs11_place place;
    bool ignored;
    enum fault fault = pkcs11_place_read(where, &place);

    if (fault == FAULT_NONE && place.id_size == 0)
        fault = FAULT_NOT_FOUND;
    if (fault == FAULT_NONE)
        fault = pkcs11_token_open(&place, true, &token);
    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(token);
    if (fault == FAULT_NONE)
        fault = pkcs11_found_read(token, place.id, place.id_size, &found);
    if (fault == FAULT_NONE)
        fault = put(token, &place, found.label, certificate);
    if (fault == FAULT_NONE)
        fault = walk(token, &place, certificate, take_away, &ignored);
    pkcs11_found_free(&found);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}
