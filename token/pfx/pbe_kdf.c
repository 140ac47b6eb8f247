#include "token/pfx/pbe_kdf.h"

#include "keygen/secret.h"
#include "keygen/utf8.h"
#include "token/medium.h"

#include <string.h>

enum {
    WIDE_MAX = 4 * CONTAINER_PASSWORD_MAX + 2, /* UTF-16 and its end */
    BLOCK_MAX = 128,                           /* of a hash */
    HASH_MAX = 64,
    HASH94 = 32
};

/* The password in 16-bit units, and what becomes of it; secret memory. */
struct work {
    size_t size;
    uint8_t wide[WIDE_MAX];
    uint8_t block[BLOCK_MAX];
    uint8_t hash[HASH_MAX];
    size_t mixed_size;
    uint8_t mixed[PBE_KDF_SALT_MAX + WIDE_MAX + 2 * BLOCK_MAX];
};

static bool put_unit(struct work *work, uint32_t unit, bool little)
{
    if (work->size + 2 > sizeof work->wide)
        return false;
    work->wide[work->size + (little ? 0 : 1)] = (uint8_t)unit;
    work->wide[work->size + (little ? 1 : 0)] = (uint8_t)(unit >> 8);
    work->size += 2;
    return true;
}

static bool put_character(struct work *work, uint32_t character, bool little)
{
    if (character < 0x10000)
        return put_unit(work, character, little);
    character -= 0x10000;
    return put_unit(work, 0xD800 + (character >> 10), little) &&
           put_unit(work, 0xDC00 + (character & 0x3FF), little);
}

static enum fault widen(const char *text, bool little, struct work **work)
{
    size_t left = text == NULL ? 0 : strlen(text);
    enum fault fault = FAULT_NONE;
    uint32_t character;

    *work = secret_new(sizeof **work);
    if (*work == NULL)
        return FAULT_MEMORY;
    while (left > 0 && fault == FAULT_NONE) {
        if (!utf8_read(&text, &left, &character))
            fault = FAULT_ARGUMENT;
        else if (!put_character(*work, character, little))
            fault = FAULT_TOO_LARGE;
    }
    if (fault != FAULT_NONE)
        secret_free(work);
    return fault;
}

static bool fits(const struct pbe_kdf *from)
{
    return from->salt.left <= PBE_KDF_SALT_MAX && from->iterations > 0;
}

/* Append data, repeated until it fills whole blocks; nothing of nothing. */
static void repeat(struct work *work, const uint8_t *data, size_t size,
                   size_t block)
{
    const size_t want = (size + block - 1) / block * block;

    for (size_t i = 0; i < want; i++)
        work->mixed[work->mixed_size++] = data[i % size];
}

/* B.2 step 6C: every block of the mixture plus the hash plus one. */
static void add_hash(struct work *work, size_t block, size_t hash_size)
{
    for (size_t at = 0; at < work->mixed_size; at += block) {
        unsigned carry = 1;

        for (size_t i = block; i-- > 0;) {
            carry += work->mixed[at + i] + work->hash[i % hash_size];
            work->mixed[at + i] = (uint8_t)carry;
            carry >>= 8;
        }
    }
}

static enum fault fill(gnutls_hash_hd_t hash, struct work *work,
                       size_t hash_size, uint32_t iterations, uint8_t *out,
                       size_t size)
{
    const size_t block = hash_size > 32 ? 128 : 64;

    for (size_t done = 0; done < size; done += hash_size) {
        int failed = gnutls_hash(hash, work->block, block) |
                     gnutls_hash(hash, work->mixed, work->mixed_size);

        gnutls_hash_output(hash, work->hash);
        for (uint32_t i = 1; i < iterations && failed == 0; i++) {
            failed = gnutls_hash(hash, work->hash, hash_size);
            gnutls_hash_output(hash, work->hash);
        }
        if (failed != 0)
            return FAULT_LIBRARY;
        secret_move(out + done, work->hash,
                    size - done < hash_size ? size - done : hash_size);
        add_hash(work, block, hash_size);
    }
    return FAULT_NONE;
}

enum fault pbe_kdf_pkcs12(const struct pbe_kdf *from,
                          gnutls_digest_algorithm_t digest, uint8_t purpose,
                          uint8_t *out, size_t size)
{
    const size_t hash_size = gnutls_hash_get_len(digest);
    const size_t block = hash_size > 32 ? 128 : 64;
    gnutls_hash_hd_t hash = NULL;
    struct work *work = NULL;
    enum fault fault = FAULT_TOO_LARGE;

    if (!fits(from) || hash_size == 0 || hash_size > HASH_MAX)
        return fault;
    fault = widen(from->password, false, &work);
    if (fault != FAULT_NONE)
        return fault;
    fault = FAULT_LIBRARY;
    if (from->password != NULL && !put_unit(work, 0, false))
        goto out;
    memset(work->block, purpose, block);
    repeat(work, from->salt.at, from->salt.left, block);
    repeat(work, work->wide, work->size, block);
    if (gnutls_hash_init(&hash, digest) < 0)
        goto out;
    fault = fill(hash, work, hash_size, from->iterations, out, size);
    gnutls_hash_deinit(hash, NULL);
out:
    secret_free(&work);
    return fault;
}

enum fault pbe_kdf_pbkdf2(const struct pbe_kdf *from,
                          gnutls_mac_algorithm_t prf, uint8_t *out, size_t size)
{
    const char *text = from->password == NULL ? "" : from->password;
    const gnutls_datum_t key = {(void *)(uintptr_t)text,
                                (unsigned)strlen(text)};
    const gnutls_datum_t salt = {(void *)(uintptr_t)from->salt.at,
                                 (unsigned)from->salt.left};

    int failed;

    if (!fits(from) || size > PBE_KDF_OUT_MAX)
        return FAULT_TOO_LARGE;
    failed = gnutls_pbkdf2(prf, &key, &salt, from->iterations, out, size);
    secret_clear_stack(); /* the sum stands on it */
    return failed < 0 ? FAULT_LIBRARY : FAULT_NONE;
}

enum fault pbe_kdf_cryptopro(const struct pbe_kdf *from, uint8_t *out)
{
    gnutls_hash_hd_t hash = NULL;
    struct work *work = NULL;
    enum fault fault = FAULT_TOO_LARGE;
    int failed = 0;

    if (!fits(from))
        return fault;
    fault = widen(from->password, true, &work);
    if (fault != FAULT_NONE)
        return fault;
    if (gnutls_hash_init(&hash, GNUTLS_DIG_GOSTR_94) < 0) {
        secret_free(&work);
        return FAULT_LIBRARY;
    }
    for (uint32_t i = 1; i <= from->iterations; i++) {
        const uint8_t number[] = {(uint8_t)(i >> 8), (uint8_t)i};

        failed |= gnutls_hash(hash, i == 1 ? work->wide : work->hash,
                              i == 1 ? work->size : HASH94) |
                  gnutls_hash(hash, from->salt.at, from->salt.left) |
                  gnutls_hash(hash, number, sizeof number);
        gnutls_hash_output(hash, work->hash);
    }
    secret_move(out, work->hash, HASH94);
    gnutls_hash_deinit(hash, NULL);
    secret_free(&work);
    return failed == 0 ? FAULT_NONE : FAULT_LIBRARY;
}
