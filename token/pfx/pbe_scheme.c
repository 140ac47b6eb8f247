/* The AlgorithmIdentifiers of encryption under a password. */
#include "token/pfx/pbe.h"

#include "keygen/secret.h"
#include "token/pfx/pbe_cipher.h"
#include "token/pfx/pbe_kdf.h"

#include <string.h>

const struct pbe_cipher pbe_cipher_3des = {GNUTLS_CIPHER_3DES_CBC, 24, 8, 8,
                                           "1.2.840.113549.3.7"};
const struct pbe_cipher pbe_cipher_rc2_40 = {GNUTLS_CIPHER_RC2_40_CBC, 5, 8, 8,
                                             NULL};
const struct pbe_cipher pbe_cipher_cryptopro = {GNUTLS_CIPHER_GOST28147_CPA_CFB,
                                                32, 8, 1, NULL};
const struct pbe_cipher pbe_cipher_tc26 = {GNUTLS_CIPHER_GOST28147_TC26Z_CFB,
                                           32, 8, 1, "1.2.643.7.1.2.5.1.1"};

static const char oid_gost28147[] = "1.2.643.2.2.21";
static const char oid_pbkdf2[] = "1.2.840.113549.1.5.12";

/* GOST 28147-89 in CFB, by its parameters (RFC 4357 11.2, RFC 7836 C). */
static const struct pbe_cipher gost_ciphers[] = {
    {GNUTLS_CIPHER_GOST28147_TC26Z_CFB, 32, 8, 1, "1.2.643.7.1.2.5.1.1"},
    {GNUTLS_CIPHER_GOST28147_CPA_CFB, 32, 8, 1, "1.2.643.2.2.31.1"},
    {GNUTLS_CIPHER_GOST28147_CPB_CFB, 32, 8, 1, "1.2.643.2.2.31.2"},
    {GNUTLS_CIPHER_GOST28147_CPC_CFB, 32, 8, 1, "1.2.643.2.2.31.3"},
    {GNUTLS_CIPHER_GOST28147_CPD_CFB, 32, 8, 1, "1.2.643.2.2.31.4"},
};

static const struct pbe_cipher cbc_ciphers[] = {
    {GNUTLS_CIPHER_AES_128_CBC, 16, 16, 16, "2.16.840.1.101.3.4.1.2"},
    {GNUTLS_CIPHER_AES_192_CBC, 24, 16, 16, "2.16.840.1.101.3.4.1.22"},
    {GNUTLS_CIPHER_AES_256_CBC, 32, 16, 16, "2.16.840.1.101.3.4.1.42"},
    {GNUTLS_CIPHER_3DES_CBC, 24, 8, 8, "1.2.840.113549.3.7"},
};

static const struct {
    const char *oid;
    gnutls_mac_algorithm_t mac;
} prfs[] = {
    {"1.2.643.7.1.1.4.2", GNUTLS_MAC_STREEBOG_512},
    {"1.2.643.7.1.1.4.1", GNUTLS_MAC_STREEBOG_256},
    {"1.2.643.2.2.10", GNUTLS_MAC_GOSTR_94},
    {"1.2.840.113549.2.7", GNUTLS_MAC_SHA1},
    {"1.2.840.113549.2.9", GNUTLS_MAC_SHA256},
    {"1.2.840.113549.2.10", GNUTLS_MAC_SHA384},
    {"1.2.840.113549.2.11", GNUTLS_MAC_SHA512},
};

enum { PRFS = sizeof prfs / sizeof prfs[0] };

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct pbe_cipher *find(const struct pbe_cipher *table,
                                     size_t count, const struct der *oid)
{
    for (size_t i = 0; i < count; i++)
        if (der_is_oid(oid, table[i].oid))
            return &table[i];
    return NULL;
}

enum fault pbe_spend(struct pbe_budget *budget, uint32_t iterations)
{
    if (iterations > budget->left)
        return FAULT_TOO_LARGE;
    budget->left -= iterations;
    return FAULT_NONE;
}

enum fault pbe_read_iterations(struct der *in, uint32_t *count)
{
    struct der number;

    *count = 0;
    if (!der_read(in, DER_INTEGER, &number) || number.left == 0 ||
        (number.at[0] & 0x80) != 0 ||
        (number.left > 1 && number.at[0] == 0 && (number.at[1] & 0x80) == 0))
        return FAULT_DAMAGED;
    if (number.left > 4)
        return FAULT_TOO_LARGE;
    while (number.left-- > 0)
        *count = *count << 8 | *number.at++;
    if (*count == 0)
        return FAULT_DAMAGED;
    return *count > PBE_ITERATIONS_MAX ? FAULT_TOO_LARGE : FAULT_NONE;
}

/* SEQUENCE { salt OCTET STRING, iterations INTEGER }, the last thing in. */
static enum fault read_simple(struct der in, struct pbe_budget *budget,
                              struct pbe_kdf *kdf)
{
    struct der list;
    enum fault fault = FAULT_DAMAGED;

    if (!der_read(&in, DER_SEQUENCE, &list) || !der_at_end(&in) ||
        !der_read(&list, DER_OCTET_STRING, &kdf->salt))
        return fault;
    fault = pbe_read_iterations(&list, &kdf->iterations);
    if (fault == FAULT_NONE && !der_at_end(&list))
        fault = FAULT_DAMAGED;
    return fault == FAULT_NONE ? pbe_spend(budget, kdf->iterations) : fault;
}

static enum fault read_pkcs12(struct der in, const struct pbe_cipher *cipher,
                              struct pbe_kdf *kdf, struct pbe_budget *budget,
                              struct pbe *pbe)
{
    enum fault fault = read_simple(in, budget, kdf);

    pbe->cipher = cipher;
    if (fault == FAULT_NONE)
        fault = pbe_kdf_pkcs12(kdf, GNUTLS_DIG_SHA1, PBE_KDF_KEY, pbe->key,
                               cipher->key_size);
    if (fault == FAULT_NONE)
        fault = pbe_kdf_pkcs12(kdf, GNUTLS_DIG_SHA1, PBE_KDF_IV, pbe->iv,
                               cipher->iv_size);
    return fault;
}

static enum fault read_3des(struct der in, struct pbe_kdf *kdf,
                            struct pbe_budget *budget, struct pbe *pbe)
{
    return read_pkcs12(in, &pbe_cipher_3des, kdf, budget, pbe);
}

static enum fault read_rc2(struct der in, struct pbe_kdf *kdf,
                           struct pbe_budget *budget, struct pbe *pbe)
{
    return read_pkcs12(in, &pbe_cipher_rc2_40, kdf, budget, pbe);
}

static enum fault read_cryptopro(struct der in, struct pbe_kdf *kdf,
                                 struct pbe_budget *budget, struct pbe *pbe)
{
    enum fault fault = read_simple(in, budget, kdf);

    pbe->cipher = &pbe_cipher_cryptopro;
    pbe->cryptopro = true;
    if (fault != FAULT_NONE)
        return fault;
    if (kdf->salt.left < pbe->cipher->iv_size)
        return FAULT_DAMAGED;
    memcpy(pbe->iv, kdf->salt.at, pbe->cipher->iv_size);
    return pbe_kdf_cryptopro(kdf, pbe->key);
}

/* AlgorithmIdentifier of a pseudorandom function; its parameters are NULL or
 * left out. */
static enum fault read_prf(struct der prf, gnutls_mac_algorithm_t *mac)
{
    struct der oid, null;

    *mac = GNUTLS_MAC_SHA1;
    if (prf.at == NULL)
        return FAULT_NONE;
    if (!der_read(&prf, DER_OID, &oid) || !der_read_optional(&prf, 5, &null) ||
        null.left != 0 || !der_at_end(&prf))
        return FAULT_DAMAGED;
    for (size_t i = 0; i < PRFS; i++) {
        if (der_is_oid(&oid, prfs[i].oid)) {
            *mac = prfs[i].mac;
            return FAULT_NONE;
        }
    }
    return FAULT_UNSUPPORTED;
}

static enum fault read_pbkdf2(struct der in, struct pbe_kdf *kdf,
                              struct pbe_budget *budget,
                              gnutls_mac_algorithm_t *mac)
{
    struct der oid, list, length, prf;
    enum fault fault = FAULT_DAMAGED;

    if (!der_read(&in, DER_OID, &oid))
        return fault;
    if (!der_is_oid(&oid, oid_pbkdf2))
        return FAULT_UNSUPPORTED;
    if (!der_read(&in, DER_SEQUENCE, &list) || !der_at_end(&in) ||
        !der_read(&list, DER_OCTET_STRING, &kdf->salt))
        return fault;
    fault = pbe_read_iterations(&list, &kdf->iterations);
    if (fault == FAULT_NONE)
        fault = pbe_spend(budget, kdf->iterations);
    if (fault == FAULT_NONE &&
        (!der_read_optional(&list, DER_INTEGER, &length) ||
         !der_read_optional(&list, DER_SEQUENCE, &prf) || !der_at_end(&list)))
        fault = FAULT_DAMAGED;
    return fault == FAULT_NONE ? read_prf(prf, mac) : fault;
}

/* The cipher of PBES2 and its initialisation vector. */
static enum fault read_cipher(struct der in, struct pbe *pbe)
{
    struct der oid, parameters, iv, set;

    if (!der_read(&in, DER_OID, &oid))
        return FAULT_DAMAGED;
    if (der_is_oid(&oid, oid_gost28147)) {
        if (!der_read(&in, DER_SEQUENCE, &parameters) ||
            !der_read(&parameters, DER_OCTET_STRING, &iv) ||
            !der_read(&parameters, DER_OID, &set) || !der_at_end(&parameters) ||
            !der_at_end(&in))
            return FAULT_DAMAGED;
        pbe->cipher = find(gost_ciphers, COUNT(gost_ciphers), &set);
    } else {
        pbe->cipher = find(cbc_ciphers, COUNT(cbc_ciphers), &oid);
        if (pbe->cipher != NULL &&
            (!der_read(&in, DER_OCTET_STRING, &iv) || !der_at_end(&in)))
            return FAULT_DAMAGED;
    }
    if (pbe->cipher == NULL)
        return FAULT_UNSUPPORTED;
    if (iv.left != pbe->cipher->iv_size)
        return FAULT_DAMAGED;
    memcpy(pbe->iv, iv.at, iv.left);
    return FAULT_NONE;
}

static enum fault read_pbes2(struct der in, struct pbe_kdf *kdf,
                             struct pbe_budget *budget, struct pbe *pbe)
{
    gnutls_mac_algorithm_t mac = GNUTLS_MAC_UNKNOWN;
    struct der list, derivation, cipher;
    enum fault fault = FAULT_DAMAGED;

    if (!der_read(&in, DER_SEQUENCE, &list) || !der_at_end(&in) ||
        !der_read(&list, DER_SEQUENCE, &derivation) ||
        !der_read(&list, DER_SEQUENCE, &cipher) || !der_at_end(&list))
        return fault;
    fault = read_cipher(cipher, pbe);
    if (fault == FAULT_NONE)
        fault = read_pbkdf2(derivation, kdf, budget, &mac);
    if (fault == FAULT_NONE)
        fault = pbe_kdf_pbkdf2(kdf, mac, pbe->key, pbe->cipher->key_size);
    return fault;
}

static const struct {
    const char *oid;
    enum fault (*read)(struct der in, struct pbe_kdf *kdf,
                       struct pbe_budget *budget, struct pbe *pbe);
} schemes[] = {
    {"1.2.840.113549.1.12.1.80", read_cryptopro},
    {"1.2.840.113549.1.5.13", read_pbes2},
    {"1.2.840.113549.1.12.1.3", read_3des},
    {"1.2.840.113549.1.12.1.6", read_rc2},
};

enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

enum fault pbe_read(struct der algorithm, const char *password,
                    struct pbe_budget *budget, struct pbe **pbe)
{
    struct pbe_kdf kdf = {.password = password};
    enum fault fault = FAULT_UNSUPPORTED;
    struct der oid;
    size_t i = 0;

    *pbe = NULL;
    if (!der_read(&algorithm, DER_OID, &oid))
        return FAULT_DAMAGED;
    while (i < SCHEMES && !der_is_oid(&oid, schemes[i].oid))
        i++;
    if (i == SCHEMES)
        return fault;
    *pbe = secret_new(sizeof **pbe);
    if (*pbe == NULL)
        return FAULT_MEMORY;
    fault = schemes[i].read(algorithm, &kdf, budget, *pbe);
    if (fault != FAULT_NONE)
        secret_free(pbe);
    return fault;
}
