/* header.key: what a container says of itself, its certificates, and a
 * checksum over both. */
#ifndef TOKEN_CONTAINER_HEADER_H
#define TOKEN_CONTAINER_HEADER_H

#include "keygen/bytes.h"
#include "keygen/der.h"
#include "keygen/fault.h"
#include "token/container/extensions.h"
#include "token/container/suite.h"
#include "token/medium.h"

#include <stdbool.h>

enum { HEADER_MAX = 128 * 1024, HEADER_FINGERPRINT = 8 };

/* One key. Windows on the bytes that were read; at is NULL where there is no
 * such field. */
struct header_key {
    const struct suite *suite;         /* NULL: a kind not known here */
    const struct curve *curve;         /* NULL: not known here */
    const struct algorithm *algorithm; /* NULL: not computed here */
    enum fault refused; /* why it is not opened here; FAULT_NONE: it is */
    unsigned flags;     /* of enum container_flag */
    struct der algorithm_oid, curve_oid; /* contents */
    struct der certificate;              /* DER */
    struct der fingerprint;              /* HEADER_FINGERPRINT bytes */
};

struct header {
    size_t keys; /* 1 or 2; 0: it could not be taken apart */
    struct header_key key[CONTAINER_KEYS];
    const struct suite *suite; /* of the whole; NULL: not known */
    bool mac_good;             /* the checksum over all of it */
    unsigned flags;
    bool has_password, has_reserve; /* of flags */
    struct key_period period;
    struct der password_mac; /* GOST28147_MAC bytes; at NULL: none */
    struct der extensions;   /* content of the list; at NULL: none */
    struct der content;      /* all fields */
};

/* Read and check the checksum. Padding behind is passed over. FAULT_DAMAGED;
 * where keys is not 0 then, the checksum alone is wrong. A container whose
 * keys cannot be opened here is read all the same. */
MUST_CHECK enum fault header_read(const struct der *file,
                                  struct header *header);

/* All that stands before the first certificate, and where that is, in a file
 * of which the rest may not be there, but zero. Without what comes behind:
 * fingerprint, period, second certificate; and unchecked. FAULT_DAMAGED. */
MUST_CHECK enum fault header_read_front(const struct der *file,
                                        struct header *header);

/* The same header with another certificate (DER) of a key, everything else as
 * it stands, known here or not; appended to out, which is empty. */
MUST_CHECK enum fault header_replace(const struct header *header, size_t key,
                                     const void *certificate, size_t size,
                                     struct bytes *out);

/* The same header with another checksum of the password; mac is
 * GOST28147_MAC bytes, all zero where there is none. A reserve copy is there
 * from now on. */
MUST_CHECK enum fault header_set_password(const struct header *header,
                                          bool has_password, const uint8_t *mac,
                                          struct bytes *out);

/* What a new one says. */
struct header_content {
    size_t keys;
    struct header_new_key {
        const struct algorithm *algorithm;
        const char *curve_oid; /* one of its curve's */
        unsigned flags;
        const uint8_t *fingerprint;        /* HEADER_FINGERPRINT bytes */
        const gnutls_datum_t *certificate; /* NULL: none */
    } key[CONTAINER_KEYS];
    bool has_password;
    const uint8_t *password_mac; /* GOST28147_MAC bytes */
    struct key_period period;
    struct der extensions; /* the others, as they stand; at NULL: none */
};

MUST_CHECK enum fault header_make(const struct header_content *content,
                                  struct bytes *out);

/* The checksum by which a wrong password is told cheaply: of the key that
 * cpkdf made of the password and the first key's fingerprint. */
void header_password_mac(const struct suite *suite, const uint8_t *key,
                         uint8_t mac[GOST28147_MAC]);

#endif
