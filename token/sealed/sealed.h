/* Bytes under a passphrase: Argon2id makes the keys, XChaCha20-Poly1305
 * (libsodium's secretstream) encrypts. doc/archive-format.md has the form to
 * the byte. */
#ifndef TOKEN_SEALED_SEALED_H
#define TOKEN_SEALED_SEALED_H

#include "keygen/bytes.h"
#include "keygen/fault.h"

#include <sodium.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SEALED_CONTENT_MAX = 128 * 1024 * 1024,
    SEALED_CHUNK = 64 * 1024, /* of content; the last one may be shorter */
    SEALED_CHUNK_MORE = crypto_secretstream_xchacha20poly1305_ABYTES,
    SEALED_HEADER = 116,
    SEALED_MAX = SEALED_HEADER + SEALED_CONTENT_MAX +
                 (SEALED_CONTENT_MAX + SEALED_CHUNK - 1) / SEALED_CHUNK *
                     SEALED_CHUNK_MORE,

    SEALED_PASSES_MAX = 16,
    SEALED_MEMORY_MAX = 1024 * 1024, /* KiB */
    SEALED_PASSPHRASE_MAX = 1024     /* bytes */
};

/* What trying one passphrase costs. */
struct sealed_cost {
    uint32_t passes; /* Argon2id's opslimit */
    uint32_t memory; /* its memlimit, in KiB */
};

/* Most of a second on a computer of today. */
extern const struct sealed_cost sealed_cost_usual;

/* Seal size bytes (1 to SEALED_CONTENT_MAX); out is empty and takes
 * SEALED_MAX. FAULT_ARGUMENT, FAULT_TOO_LARGE; FAULT_MEMORY also where the
 * system does not have what the cost asks for. */
MUST_CHECK enum fault sealed_make(const uint8_t *content, size_t size,
                                  const char *passphrase,
                                  const struct sealed_cost *cost,
                                  struct bytes *out);

/* What can be said without the passphrase, and it is said before anybody is
 * asked for one: FAULT_NOT_ARCHIVE, FAULT_ARCHIVE_CUT where the end is
 * missing, FAULT_ARCHIVE_DAMAGED, FAULT_ARCHIVE_NEWER where its version is
 * not known or it asks for more than the maxima here. */
MUST_CHECK enum fault sealed_check(const uint8_t *data, size_t size);

/* Open it: all of it or nothing. content is secret memory, free with
 * secret_free. The faults of sealed_check; FAULT_PASSPHRASE;
 * FAULT_ARCHIVE_DAMAGED. */
MUST_CHECK enum fault sealed_open(const uint8_t *data, size_t size,
                                  const char *passphrase, uint8_t **content,
                                  size_t *content_size);

#endif
