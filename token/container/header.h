/* header.key: what a container says of itself, its certificate, and a
 * checksum over both. */
#ifndef TOKEN_CONTAINER_HEADER_H
#define TOKEN_CONTAINER_HEADER_H

#include "keygen/bytes.h"
#include "keygen/der.h"
#include "keygen/fault.h"
#include "token/container/suite.h"

#include <stdbool.h>
#include <time.h>

enum { HEADER_MAX = 128 * 1024, HEADER_FINGERPRINT = 8 };

/* Windows on the bytes that were read. */
struct header {
    const struct suite *suite;         /* NULL: a kind not known here */
    const struct algorithm *algorithm; /* NULL: not computed here */
    enum fault refused; /* why its key is not opened here; FAULT_NONE: it is */
    bool has_password;
    bool exportable;
    time_t key_not_after;     /* 0: not said */
    struct der password_mac;  /* at NULL: none */
    struct der certificate;   /* DER; at NULL: none */
    struct der fingerprint;   /* HEADER_FINGERPRINT bytes; at NULL: none */
    struct der before, after; /* the content around the certificate */
};

/* Read and check the checksum. Padding behind is passed over. FAULT_DAMAGED.
 * A container that cannot be opened here is read all the same. */
MUST_CHECK enum fault header_read(const struct der *file,
                                  struct header *header);

/* The same header with another certificate (DER), everything else as it
 * stands, known here or not; appended to out, which is empty. */
MUST_CHECK enum fault header_replace(const struct header *header,
                                     const void *certificate, size_t size,
                                     struct bytes *out);

/* What a new one says, for an exchange key and its reserve copy. */
struct header_content {
    const struct algorithm *algorithm;
    const char *curve_oid; /* one of its curve's */
    bool has_password;
    bool exportable;
    const uint8_t *password_mac;       /* GOST28147_MAC bytes */
    const uint8_t *fingerprint;        /* HEADER_FINGERPRINT bytes */
    const gnutls_datum_t *certificate; /* NULL: none */
    time_t key_not_after;              /* 0: not said */
};

MUST_CHECK enum fault header_make(const struct header_content *content,
                                  struct bytes *out);

/* The checksum by which a wrong password is told cheaply: of the key that
 * cpkdf made of the password and the fingerprint. */
void header_password_mac(const struct suite *suite, const uint8_t *key,
                         uint8_t mac[GOST28147_MAC]);

#endif
