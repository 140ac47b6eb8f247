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

/* What lies under the id of the key beside the one that is to be there. */
struct others {
    const struct certificate *wanted;
    bool there; /* that one */
    size_t count;
    CK_OBJECT_HANDLE at[PKCS11_OBJECTS_MAX]; /* of the same key */
};

static void tell_apart(void *context, CK_OBJECT_HANDLE object,
                       struct certificate **one)
{
    struct others *others = context;
    const struct certificate *wanted = others->wanted;

    if (*one == NULL)
        return;
    if (is_same(*one, wanted))
        others->there = true;
    else if (wanted->algorithm != NULL &&
             certificate_has_point(*one, wanted->point,
                                   2 * wanted->algorithm->key_size))
        others->at[others->count++] = object;
}

static enum fault look(const struct pkcs11_token *token,
                       const struct pkcs11_place *place,
                       const struct certificate *wanted, struct others *others)
{
    *others = (struct others){.wanted = wanted};
    return pkcs11_found_walk(token, place->id, place->id_size, tell_apart,
                             others);
}

/* Take away what was made and does not show, where that can be: only what says
 * that it is a certificate, for the handle may be anything's. */
static void take_back(const struct pkcs11_token *token, CK_OBJECT_HANDLE made)
{
    CK_ULONG class;

    if (pkcs11_object_number(token, made, CKA_CLASS, &class) == FAULT_NONE &&
        class == CKO_CERTIFICATE)
        (void)token->call->C_DestroyObject(token->session, made);
}

/* Some modules write one whose key they do not know, and never show it. */
static enum fault put(const struct pkcs11_token *token,
                      const struct pkcs11_place *place, const char *label,
                      const struct certificate *certificate,
                      struct others *others)
{
    CK_OBJECT_HANDLE made = 0;
    struct parts parts;
    enum fault fault = parts_read(certificate, &parts);

    if (fault == FAULT_NONE)
        fault = pkcs11_module_fault(
            create(token, place, label, certificate, &parts, &made));
    parts_free(&parts);
    if (fault == FAULT_NONE)
        fault = look(token, place, certificate, others);
    if (fault != FAULT_NONE || others->there)
        return fault;
    take_back(token, made);
    return FAULT_TOKEN_REFUSED;
}

/* One that cannot be taken away stays: the later one is taken for the key's
 * anyway. */
static enum fault replace(const struct pkcs11_token *token,
                          const struct pkcs11_place *place, const char *label,
                          const struct certificate *certificate)
{
    struct others others;
    enum fault fault = look(token, place, certificate, &others);

    if (fault == FAULT_NONE && !others.there)
        fault = put(token, place, label, certificate, &others);
    for (size_t i = 0; i < others.count && fault == FAULT_NONE; i++)
        (void)token->call->C_DestroyObject(token->session, others.at[i]);
    return fault;
}

enum fault pkcs11_certificate_write(const char *where,
                                    const struct certificate *certificate)
{
    struct pkcs11_found found;
    struct pkcs11_token *token;
    struct pkcs11_place place;
    enum fault fault = pkcs11_token_of_key(where, true, &place, &token);

    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(token);
    if (fault == FAULT_NONE)
        fault = pkcs11_found_key(token, place.id, place.id_size, &found);
    if (fault == FAULT_NONE)
        fault = replace(token, &place, found.label, certificate);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}
