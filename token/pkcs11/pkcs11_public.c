#include "token/pkcs11/pkcs11_public.h"

#include "keygen/keypair.h"
#include "token/container/curve.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 2 * ALGORITHM_KEY_MAX + 4, PARAMETERS_MAX = 64 };

enum fault pkcs11_public_point(const uint8_t *value, size_t size,
                               size_t key_size, uint8_t *point)
{
    struct der in = {value, size}, content;

    if (size == 2 * key_size) {
        memcpy(point, value, size);
        return FAULT_NONE;
    }
    if (!der_read(&in, DER_OCTET_STRING, &content) || !der_at_end(&in) ||
        content.left != 2 * key_size)
        return FAULT_TOKEN_ANSWER;
    memcpy(point, content.at, content.left);
    return FAULT_NONE;
}

/* The names under which GnuTLS computes curves. */
static const struct {
    const char *oid;
    gnutls_ecc_curve_t curve;
} computed[] = {
    {"1.2.643.2.2.36.0", GNUTLS_ECC_CURVE_GOST256CPXA},
    {"1.2.643.2.2.35.1", GNUTLS_ECC_CURVE_GOST256CPA},
    {"1.2.643.7.1.2.1.1.2", GNUTLS_ECC_CURVE_GOST256B},
    {"1.2.643.7.1.2.1.2.1", GNUTLS_ECC_CURVE_GOST512A},
};

/* What is read of a key, all at once. */
enum { TYPE, CURVE, HASH, POINT, LABEL, VALUES };

struct reading {
    CK_ULONG type;
    uint8_t curve[PARAMETERS_MAX], hash[PARAMETERS_MAX], point[VALUE_MAX];
    struct pkcs11_value value[VALUES];
};

/* One that is an OID in DER. FAULT_NOT_FOUND where there is none. */
static enum fault take_oid(const struct pkcs11_value *read, struct der *oid)
{
    struct der in = {read->value, read->size};

    if (read->fault != FAULT_NONE)
        return read->fault;
    return der_read(&in, DER_OID, oid) && der_at_end(&in) ? FAULT_NONE
                                                          : FAULT_TOKEN_ANSWER;
}

static enum fault take_curve(const struct reading *reading, size_t key_size,
                             struct pkcs11_public *public)
{
    const struct curve *curve;
    struct der oid;
    enum fault fault = take_oid(&reading->value[CURVE], &oid);

    public->refused = FAULT_UNSUPPORTED;
    /* A key whose curve is not told is not guessed at. */
    if (fault == FAULT_NOT_FOUND)
        return FAULT_NONE;
    if (fault != FAULT_NONE)
        return fault;
    if (!der_oid_text(&oid, public->curve_oid, sizeof public->curve_oid))
        return FAULT_TOKEN_ANSWER;
    curve = curve_find(&oid);
    if (curve == NULL || curve->size != key_size)
        return FAULT_NONE;
    public->curve_name = curve->name;
    for (size_t i = 0; i < sizeof computed / sizeof computed[0]; i++)
        if (strcmp(computed[i].oid, curve->oid) == 0) {
            public->curve = computed[i].curve;
            public->refused = FAULT_NONE;
        }
    return FAULT_NONE;
}

/* A 256-bit key is of 2001 or of 2012 by the hash that belongs to it; one
 * without a hash is of 2012, as Rutoken's module makes it so. */
static enum fault take_kind(const struct reading *reading,
                            struct pkcs11_public *public)
{
    static const char retired[] = "1.2.643.2.2.30.1"; /* GOST R 34.11-94 */
    struct der oid;
    enum fault fault = take_oid(&reading->value[HASH], &oid);

    public->kind = reading->type == CKK_GOSTR3410_512 ? "gost2012-512"
                   : fault == FAULT_NONE && der_is_oid(&oid, retired)
                       ? "gost2001"
                       : "gost2012-256";
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* The point of one that is not refused; one that does not tell it is. */
static enum fault take_point(const struct reading *reading,
                             const struct algorithm *algorithm,
                             struct pkcs11_public *public)
{
    const struct pkcs11_value *read = &reading->value[POINT];
    enum fault fault = read->fault;

    if (fault == FAULT_NOT_FOUND) {
        public->refused = FAULT_UNSUPPORTED;
        return FAULT_NONE;
    }
    if (fault == FAULT_NONE)
        fault = pkcs11_public_point(read->value, read->size,
                                    algorithm->key_size, public->point);
    public->algorithm = fault == FAULT_NONE ? algorithm : NULL;
    return fault;
}

static enum fault take_all(const struct reading *reading,
                           struct pkcs11_public *public)
{
    const struct algorithm *algorithm;
    enum fault fault = take_kind(reading, public);

    if (fault != FAULT_NONE)
        return fault;
    algorithm = algorithm_find(public->kind);
    (void)snprintf(public->algorithm_oid, sizeof public->algorithm_oid, "%s",
                   algorithm->key_oid);
    fault = take_curve(reading, algorithm->key_size, public);
    if (fault == FAULT_NONE && public->refused == FAULT_NONE)
        fault = take_point(reading, algorithm, public);
    return fault;
}

enum fault pkcs11_public_read(const struct pkcs11_token *token,
                              CK_OBJECT_HANDLE object,
                              struct pkcs11_public *public)
{
    struct reading reading = {
        .value = {[TYPE] = {.type = CKA_KEY_TYPE,
                            .value = &reading.type,
                            .room = sizeof reading.type},
                  [CURVE] = {.type = CKA_GOSTR3410_PARAMS,
                             .value = reading.curve,
                             .room = sizeof reading.curve},
                  [HASH] = {.type = CKA_GOSTR3411_PARAMS,
                            .value = reading.hash,
                            .room = sizeof reading.hash},
                  [POINT] = {.type = CKA_VALUE,
                             .value = reading.point,
                             .room = sizeof reading.point},
                  [LABEL] = {.type = CKA_LABEL,
                             .value = public->label,
                             .room = sizeof public->label - 1}}};
    const struct pkcs11_value *type = &reading.value[TYPE];

    *public = (struct pkcs11_public){.refused = FAULT_UNSUPPORTED};
    pkcs11_object_read_each(token, object, reading.value, VALUES);
    pkcs11_object_tidy_label(&reading.value[LABEL]);
    if (type->fault == FAULT_NOT_FOUND)
        return FAULT_NONE;
    if (type->fault != FAULT_NONE)
        return type->fault;
    if (type->size != sizeof reading.type)
        return FAULT_TOKEN_ANSWER;
    return reading.type == CKK_GOSTR3410 || reading.type == CKK_GOSTR3410_512
               ? take_all(&reading, public)
               : FAULT_NONE;
}

void pkcs11_public_of_certificate(const struct certificate *certificate,
                                  struct pkcs11_public *public)
{
    const struct algorithm *algorithm = certificate->algorithm;

    *public = (struct pkcs11_public){.refused = FAULT_UNSUPPORTED};
    if (algorithm == NULL)
        return;
    *public = (struct pkcs11_public){.algorithm = algorithm,
                                     .curve = algorithm->curve,
                                     .kind = algorithm->word};
    memcpy(public->point, certificate->point, 2 * algorithm->key_size);
}
