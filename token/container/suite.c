#include "token/container/suite.h"

#include <string.h>

#define STREEBOG                                                               \
    {                                                                          \
        GNUTLS_DIG_STREEBOG_256, 64                                            \
    }
#define GOST94                                                                 \
    {                                                                          \
        GNUTLS_DIG_GOSTR_94, 32                                                \
    }

static const struct suite suites[] = {
    {"1.2.643.7.1.1.6.1", "gost2012-256", FAULT_NONE, &gost28147_z, STREEBOG},
    {"1.2.643.7.1.1.6.2", "gost2012-512", FAULT_NONE, &gost28147_z, STREEBOG},
    {"1.2.643.7.1.1.1.1", "gost2012-256", FAULT_UNSUPPORTED, &gost28147_z,
     STREEBOG},
    {"1.2.643.7.1.1.1.2", "gost2012-512", FAULT_UNSUPPORTED, &gost28147_z,
     STREEBOG},
    {"1.2.643.2.2.98", NULL, FAULT_UNSUPPORTED, &gost28147_a, GOST94},
    {"1.2.643.2.2.19", NULL, FAULT_UNSUPPORTED, &gost28147_a, GOST94},
};

static const struct {
    const char *oid, *word;
} curves[] = {
    {"1.2.643.2.2.36.0", "gost2012-256"},    /* CryptoPro-XchA */
    {"1.2.643.2.2.35.1", "gost2012-256"},    /* CryptoPro-A */
    {"1.2.643.7.1.2.1.1.2", "gost2012-256"}, /* TC26-256-B */
    {"1.2.643.7.1.2.1.2.1", "gost2012-512"}, /* TC26-512-A */
};

const struct suite *suite_find(const struct der *oid)
{
    for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++)
        if (der_is_oid(oid, suites[i].oid))
            return &suites[i];
    return NULL;
}

const struct suite *suite_of(const struct algorithm *algorithm)
{
    const struct suite *one = suites;

    while (one->fault != FAULT_NONE || strcmp(one->word, algorithm->word) != 0)
        one++;
    return one;
}

const struct algorithm *suite_algorithm(const struct suite *suite,
                                        const struct der *curve_oid)
{
    if (suite->word == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (strcmp(curves[i].word, suite->word) == 0 &&
            der_is_oid(curve_oid, curves[i].oid))
            return algorithm_by_word(suite->word);
    return NULL;
}
