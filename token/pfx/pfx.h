/* Keys with their certificates in one file under a password: PKCS#12
 * (RFC 7292) as TC26 has it (R 50.1.112), and as CryptoPro CSP writes it. */
#ifndef TOKEN_PFX_PFX_H
#define TOKEN_PFX_PFX_H

#include "keygen/bytes.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "token/material.h"

enum {
    PFX_MAX = 1024 * 1024, /* bytes of a file */
    PFX_KEYS_MAX = 16,
    PFX_CERTIFICATES_MAX = 64
};

struct pfx_key {
    struct material_key key; /* its certificate is owned; NULL: none */
    time_t not_after;        /* the end of its period; 0: not said */
    char name[4 * CONTAINER_NAME_MAX]; /* UTF-8; "" where there is none */
};

/* In secret memory. */
struct pfx {
    size_t keys, certificates;
    size_t refused; /* keys that are not computed here */
    struct pfx_key key[PFX_KEYS_MAX];
    /* Those that are of no key here, owned. */
    struct certificate *certificate[PFX_CERTIFICATES_MAX];
};

MUST_CHECK enum fault pfx_new(struct pfx **pfx);
void pfx_free(struct pfx **pfx);

/* Read a file: PKCS#12, or PKCS#8 (plain or encrypted), DER or PEM, beside
 * which certificates may stand in PEM. password is UTF-8; NULL: none was
 * given. Free with pfx_free.
 *
 * FAULT_NOT_CONTAINER: none of these. FAULT_PASSWORD_NEEDED.
 * FAULT_PASSWORD_WRONG: nothing opens. FAULT_DAMAGED: the password opens
 * parts of it, or it is malformed outside of what is encrypted.
 * FAULT_UNSUPPORTED: a kind of key or protection not computed here.
 * FAULT_NOT_FOUND: no key in it. FAULT_TOO_LARGE: a maximum is exceeded. */
MUST_CHECK enum fault pfx_read(const void *data, size_t size,
                               const char *password, struct pfx **pfx);

enum pfx_format {
    PFX_CRYPTOPRO, /* what every CryptoPro CSP reads */
    PFX_TC26       /* R 50.1.112: OpenSSL with GOST, GnuTLS, newer CSP */
};

/* Append a file with all of pfx; at least one key, none of them without
 * CONTAINER_EXPORTABLE (FAULT_NOT_EXPORTABLE). FAULT_TOO_LARGE. */
MUST_CHECK enum fault pfx_write(const struct pfx *pfx, enum pfx_format format,
                                const char *password, struct entropy *pool,
                                struct bytes *out);

#endif
