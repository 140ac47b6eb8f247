#include "token/pkcs11/pkcs11_pair.h"

#include "keygen/bytes.h"
#include "keygen/external_key.h"
#include "token/pkcs11/pkcs11_found.h"
#include "token/pkcs11/pkcs11_key.h"
#include "token/pkcs11/pkcs11_pin.h"

#include <string.h>

enum { CURVES_MAX = 2, OID_MAX = 32, ROWS_MAX = 12 };

/* By which constants a key is made, and on which curves: a token that does
 * not know the first name of one may know the second. */
static const struct kind {
    const char *word; /* of the algorithm */
    CK_KEY_TYPE type;
    CK_MECHANISM_TYPE mechanism;
    const char *curve[CURVES_MAX];
} kinds[] = {
    {"gost2012-256",
     CKK_GOSTR3410,
     CKM_GOSTR3410_KEY_PAIR_GEN,
     {"1.2.643.2.2.36.0", "1.2.643.2.2.35.1"}},
    {"gost2012-512",
     CKK_GOSTR3410_512,
     CKM_GOSTR3410_512_KEY_PAIR_GEN,
     {"1.2.643.7.1.2.1.2.1", NULL}},
};

static const struct kind *kind_of(const struct algorithm *algorithm)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].word, algorithm->word) == 0)
            return &kinds[i];
    return NULL;
}

unsigned long pkcs11_pair_mechanism(const struct algorithm *algorithm)
{
    const struct kind *kind = kind_of(algorithm);

    return kind != NULL ? kind->mechanism : CK_UNAVAILABLE_INFORMATION;
}

struct pair {
    CK_OBJECT_HANDLE public, private; /* 0: not made */
};

static CK_RV generate_on(const struct pkcs11_token *token,
                         const struct container_spec *spec,
                         const struct kind *kind, const struct bytes *curve,
                         const struct bytes *digest, struct pair *pair)
{
    static const CK_OBJECT_CLASS class[] = {CKO_PUBLIC_KEY, CKO_PRIVATE_KEY};
    static const CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    const char *name = spec->name != NULL ? spec->name : "";
    /* What others encrypt for the owner is opened by derivation. */
    CK_ATTRIBUTE rows[2][ROWS_MAX] = {
        {pkcs11_object_row(CKA_DERIVE, &yes, sizeof yes)},
        {pkcs11_object_row(CKA_DERIVE, &yes, sizeof yes),
         pkcs11_object_row(CKA_SIGN, &yes, sizeof yes),
         pkcs11_object_row(CKA_SENSITIVE, &yes, sizeof yes),
         pkcs11_object_row(CKA_EXTRACTABLE, &no, sizeof no)}};
    CK_ULONG counts[] = {1, 4};
    CK_MECHANISM mechanism = {kind->mechanism, NULL, 0};
    CK_RV rv;

    for (size_t i = 0; i < 2; i++) {
        const CK_ATTRIBUTE both[] = {
            pkcs11_object_row(CKA_CLASS, &class[i], sizeof class[i]),
            pkcs11_object_row(CKA_KEY_TYPE, &kind->type, sizeof kind->type),
            pkcs11_object_row(CKA_TOKEN, &yes, sizeof yes),
            pkcs11_object_row(CKA_PRIVATE, i == 0 ? &no : &yes, sizeof yes),
            pkcs11_object_row(CKA_ID, spec->folder_name,
                              strlen(spec->folder_name)),
            pkcs11_object_row(CKA_LABEL, name, strlen(name)),
            pkcs11_object_row(CKA_GOSTR3410_PARAMS, curve->data, curve->size),
            pkcs11_object_row(CKA_GOSTR3411_PARAMS, digest->data,
                              digest->size)};

        memcpy(rows[i] + counts[i], both, sizeof both);
        counts[i] += sizeof both / sizeof both[0];
    }
    rv = token->call->C_GenerateKeyPair(token->session, &mechanism, rows[0],
                                        counts[0], rows[1], counts[1],
                                        &pair->public, &pair->private);
    /* What comes with an error may be another key's. */
    if (rv != CKR_OK)
        *pair = (struct pair){0, 0};
    return rv;
}

static bool is_unknown_curve(CK_RV rv)
{
    return rv == CKR_ATTRIBUTE_VALUE_INVALID ||
           rv == CKR_DOMAIN_PARAMS_INVALID || rv == CKR_CURVE_NOT_SUPPORTED;
}

static enum fault generate(const struct pkcs11_token *token,
                           const struct container_spec *spec,
                           const struct kind *kind, struct pair *pair)
{
    CK_RV rv = CKR_DOMAIN_PARAMS_INVALID;
    struct bytes curve, digest;

    bytes_init(&digest, OID_MAX);
    der_put_oid(&digest, spec->algorithm->digest_oid);
    for (size_t i = 0; i < CURVES_MAX && is_unknown_curve(rv); i++) {
        if (kind->curve[i] == NULL)
            break;
        bytes_init(&curve, OID_MAX);
        der_put_oid(&curve, kind->curve[i]);
        rv = curve.failed || digest.failed
                 ? CKR_HOST_MEMORY
                 : generate_on(token, spec, kind, &curve, &digest, pair);
        bytes_free(&curve);
    }
    bytes_free(&digest);
    return is_unknown_curve(rv) ? FAULT_NOT_RESIDENT : pkcs11_module_fault(rv);
}

static void destroy(const struct pkcs11_token *token, const struct pair *pair)
{
    if (pair->private != 0)
        (void)token->call->C_DestroyObject(token->session, pair->private);
    if (pair->public != 0)
        (void)token->call->C_DestroyObject(token->session, pair->public);
}

/* What was made, found again by its id, is the key of what it says. */
static enum fault prove(const struct pkcs11_place *place,
                        const struct container_spec *spec,
                        struct container **container)
{
    struct pkcs11_token *again = NULL;
    enum fault fault = pkcs11_token_open(place, false, &again);

    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(again);
    if (fault == FAULT_NONE)
        fault = pkcs11_key_adopt(&again, spec->folder_name,
                                 strlen(spec->folder_name), container);
    pkcs11_token_close(&again);
    if (fault == FAULT_NONE && (*container)->info.algorithm != spec->algorithm)
        fault = FAULT_TOKEN_ANSWER;
    if (fault == FAULT_NONE)
        fault = external_key_prove((*container)->external);
    if (fault == FAULT_NONE)
        (*container)->info.key_not_after = spec->key_not_after;
    else
        container_free(container);
    return fault;
}

static enum fault is_free(const struct pkcs11_token *token, const char *id)
{
    struct pkcs11_found found;
    enum fault fault = pkcs11_found_read(token, id, strlen(id), &found);

    pkcs11_found_free(&found);
    return fault == FAULT_NONE        ? FAULT_EXISTS
           : fault == FAULT_NOT_FOUND ? FAULT_NONE
                                      : fault;
}

enum fault pkcs11_pair_generate(const char *location,
                                const struct container_spec *spec,
                                struct entropy *pool,
                                struct container **container)
{
    const struct kind *kind = kind_of(spec->algorithm);
    struct pkcs11_token *token = NULL;
    struct pkcs11_place place;
    struct pair pair = {0, 0};
    enum fault fault = pkcs11_place_read(location, &place);

    (void)pool; /* the token has its own */
    *container = NULL;
    if (fault == FAULT_NONE)
        fault = pkcs11_token_open(&place, true, &token);
    if (fault == FAULT_NONE &&
        (kind == NULL || !pkcs11_token_makes(token, kind->mechanism)))
        fault = FAULT_NOT_RESIDENT;
    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(token);
    if (fault == FAULT_NONE)
        fault = is_free(token, spec->folder_name);
    if (fault == FAULT_NONE)
        fault = generate(token, spec, kind, &pair);
    if (fault == FAULT_NONE)
        fault = prove(&place, spec, container);
    if (fault != FAULT_NONE && token != NULL)
        destroy(token, &pair);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}
