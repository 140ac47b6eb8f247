#include "keygen/algorithm.h"

#include <gnutls/abstract.h>
#include <string.h>

/* RFC 4357 11.4 (CryptoPro-A), which is also XchA and TC26-256-B. */
static const uint8_t order_256[32] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x6C, 0x61, 0x10, 0x70, 0x99, 0x5A,
    0xD1, 0x00, 0x45, 0x84, 0x1B, 0x09, 0xB7, 0x61, 0xB8, 0x93,
};

/* RFC 7836 A.2 (TC26-512-A). */
static const uint8_t order_512[64] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x27,
    0xE6, 0x95, 0x32, 0xF4, 0x8D, 0x89, 0x11, 0x6F, 0xF2, 0x2B, 0x8D,
    0x4E, 0x05, 0x60, 0x60, 0x9B, 0x4B, 0x38, 0xAB, 0xFA, 0xD2, 0xB8,
    0x5D, 0xCA, 0xCD, 0xB1, 0x41, 0x1F, 0x10, 0xB2, 0x75,
};

static const struct algorithm gost_256 = {
    .word = "gost2012-256",
    .key_size = 32,
    .pk = GNUTLS_PK_GOST_12_256,
    .digest = GNUTLS_DIG_STREEBOG_256,
    .sign = GNUTLS_SIGN_GOST_256,
    .curve = GNUTLS_ECC_CURVE_GOST256CPXA,
    .key_oid = "1.2.643.7.1.1.1.1",
    .curve_oid = "1.2.643.2.2.36.0",
    .digest_oid = "1.2.643.7.1.1.2.2",
    .digest_parameters_oid = "1.2.643.7.1.1.2.2",
    .order = order_256,
};

static const struct algorithm gost_512 = {
    .word = "gost2012-512",
    .key_size = 64,
    .pk = GNUTLS_PK_GOST_12_512,
    .digest = GNUTLS_DIG_STREEBOG_512,
    .sign = GNUTLS_SIGN_GOST_512,
    .curve = GNUTLS_ECC_CURVE_GOST512A,
    .key_oid = "1.2.643.7.1.1.1.2",
    .curve_oid = "1.2.643.7.1.2.1.2.1",
    .digest_oid = "1.2.643.7.1.1.2.3",
    .digest_parameters_oid = "1.2.643.7.1.1.2.3",
    .order = order_512,
};

/* RFC 5832, RFC 4491: the curve of gost_256 under another hash. */
static const struct algorithm gost_2001 = {
    .word = "gost2001",
    .retired = true,
    .key_size = 32,
    .pk = GNUTLS_PK_GOST_01,
    .digest = GNUTLS_DIG_GOSTR_94,
    .sign = GNUTLS_SIGN_GOST_94,
    .curve = GNUTLS_ECC_CURVE_GOST256CPXA,
    .key_oid = "1.2.643.2.2.19",
    .curve_oid = "1.2.643.2.2.36.0",
    .digest_oid = "1.2.643.2.2.9",
    .digest_parameters_oid = "1.2.643.2.2.30.1",
    .order = order_256,
};

static const struct algorithm *const all[] = {&gost_256, &gost_512, NULL};

/* The first three are one curve under three names. */
static const struct {
    gnutls_ecc_curve_t curve;
    const struct algorithm *algorithm;
} curves[] = {
    {GNUTLS_ECC_CURVE_GOST256CPXA, &gost_256},
    {GNUTLS_ECC_CURVE_GOST256CPA, &gost_256},
    {GNUTLS_ECC_CURVE_GOST256B, &gost_256},
    {GNUTLS_ECC_CURVE_GOST512A, &gost_512},
    {GNUTLS_ECC_CURVE_GOST256CPXA, &gost_2001},
    {GNUTLS_ECC_CURVE_GOST256CPA, &gost_2001},
};

const struct algorithm *algorithm_by_word(const char *word)
{
    if (word == NULL)
        return &gost_256;
    for (const struct algorithm *const *one = all; *one != NULL; one++)
        if (strcmp((*one)->word, word) == 0)
            return *one;
    return NULL;
}

const struct algorithm *algorithm_find(const char *word)
{
    if (strcmp(word, gost_2001.word) == 0)
        return &gost_2001;
    return algorithm_by_word(word);
}

const struct algorithm *algorithm_of_key(gnutls_pubkey_t key)
{
    int pk = gnutls_pubkey_get_pk_algorithm(key, NULL);
    gnutls_ecc_curve_t curve;

    if (gnutls_pubkey_export_gost_raw2(key, &curve, NULL, NULL, NULL, NULL, 0) <
        0)
        return NULL;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (curves[i].curve == curve && (int)curves[i].algorithm->pk == pk)
            return curves[i].algorithm;
    return NULL;
}

const struct algorithm *const *algorithm_all(void)
{
    return all;
}
