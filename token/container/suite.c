#include "token/container/suite.h"

#include <string.h>

static const struct suite suites[] = {
    {
        .word = "gost2012-256",
        .exchange_oid = "1.2.643.7.1.1.6.1",
        .signature_oid = "1.2.643.7.1.1.1.1",
        .sbox = &gost28147_z,
        .hash = {GNUTLS_DIG_STREEBOG_256, 64},
    },
    {
        .word = "gost2012-512",
        .exchange_oid = "1.2.643.7.1.1.6.2",
        .signature_oid = "1.2.643.7.1.1.1.2",
        .sbox = &gost28147_z,
        .hash = {GNUTLS_DIG_STREEBOG_256, 64},
    },
    {
        .word = "gost2001",
        .exchange_oid = "1.2.643.2.2.98",
        .signature_oid = "1.2.643.2.2.19",
        .sbox = &gost28147_a,
        .hash = {GNUTLS_DIG_GOSTR_94, 32},
    },
};

const struct suite *suite_find(const struct der *oid)
{
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (der_is_oid(oid, suites[i].exchange_oid) ||
            der_is_oid(oid, suites[i].signature_oid))
            return &suites[i];
    return NULL;
}

const struct suite *suite_of(const struct algorithm *algorithm)
{
    const struct suite *one = suites;

    while (strcmp(one->word, algorithm->word) != 0)
        one++;
    return one;
}

const struct algorithm *suite_algorithm(const struct suite *suite,
                                        const struct curve *curve)
{
    const struct algorithm *algorithm = algorithm_find(suite->word);

    return curve->computed && curve->size == algorithm->key_size ? algorithm
                                                                 : NULL;
}
