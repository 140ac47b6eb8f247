#include "token/container/curve.h"

/* Those computed are two curves under four names. */
static const struct curve curves[] = {
    {"1.2.643.2.2.36.0", "CryptoPro-XchA", 32, true},
    {"1.2.643.2.2.36.1", "CryptoPro-XchB", 32, false},
    {"1.2.643.2.2.35.0", "CryptoPro-Test", 32, false},
    {"1.2.643.2.2.35.1", "CryptoPro-A", 32, true},
    {"1.2.643.2.2.35.2", "CryptoPro-B", 32, false},
    {"1.2.643.2.2.35.3", "CryptoPro-C", 32, false},
    {"1.2.643.7.1.2.1.1.1", "TC26-256-A", 32, false},
    {"1.2.643.7.1.2.1.1.2", "TC26-256-B", 32, true},
    {"1.2.643.7.1.2.1.1.3", "TC26-256-C", 32, false},
    {"1.2.643.7.1.2.1.1.4", "TC26-256-D", 32, false},
    {"1.2.643.7.1.2.1.2.0", "TC26-512-Test", 64, false},
    {"1.2.643.7.1.2.1.2.1", "TC26-512-A", 64, true},
    {"1.2.643.7.1.2.1.2.2", "TC26-512-B", 64, false},
    {"1.2.643.7.1.2.1.2.3", "TC26-512-C", 64, false},
};

const struct curve *curve_find(const struct der *oid)
{
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++)
        if (der_is_oid(oid, curves[i].oid))
            return &curves[i];
    return NULL;
}
