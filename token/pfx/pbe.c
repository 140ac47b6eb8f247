#include "token/pfx/pbe.h"

#include "keygen/secret.h"
#include "token/pfx/pbe_cipher.h"
#include "token/pfx/pbe_kdf.h"

#include <stdlib.h>
#include <string.h>

/* What files of others are made with: what CSP writes, and the count that
 * R 50.1.111 takes for enough with its long hash. */
enum { ITERATIONS_CRYPTOPRO = 2000, ITERATIONS_TC26 = 10000, SALT_MAX = 32 };

/* The cipher with its key; the caller deinitialises it. */
static enum fault start(const struct pbe *pbe, gnutls_cipher_hd_t *cipher)
{
    const gnutls_datum_t key = {(void *)(uintptr_t)pbe->key,
                                (unsigned)pbe->cipher->key_size};
    gnutls_datum_t iv = {(void *)(uintptr_t)pbe->iv,
                         (unsigned)pbe->cipher->iv_size};

    return gnutls_cipher_init(cipher, pbe->cipher->id, &key, &iv) < 0
               ? FAULT_LIBRARY
               : FAULT_NONE;
}

/* RFC 8018 6.1.1: as many bytes as each of them says. */
static bool unpad(const uint8_t *data, size_t block, size_t *size)
{
    const size_t padding = data[*size - 1];

    if (padding == 0 || padding > block || padding > *size)
        return false;
    for (size_t i = 1; i <= padding; i++)
        if (data[*size - i] != padding)
            return false;
    *size -= padding;
    return true;
}

enum fault pbe_decrypt(const struct pbe *pbe, struct der data, uint8_t *out,
                       size_t *size)
{
    const size_t block = pbe->cipher->block;
    gnutls_cipher_hd_t cipher;
    enum fault fault = FAULT_DAMAGED;

    *size = data.left;
    if (data.left == 0 || data.left % block != 0)
        return fault;
    fault = start(pbe, &cipher);
    if (fault != FAULT_NONE)
        return fault;
    if (gnutls_cipher_decrypt2(cipher, data.at, data.left, out, data.left) < 0)
        fault = FAULT_LIBRARY;
    gnutls_cipher_deinit(cipher);
    if (fault == FAULT_NONE && block > 1 && !unpad(out, block, size))
        fault = FAULT_PASSWORD_WRONG;
    return fault;
}

enum fault pbe_encrypt(const struct pbe *pbe, uint8_t tag, const void *data,
                       size_t size, struct bytes *out)
{
    const size_t block = pbe->cipher->block;
    const size_t padding = block > 1 ? block - size % block : 0;
    gnutls_cipher_hd_t cipher = NULL;
    uint8_t *padded = secret_new(size + PBE_PADDING_MAX);
    enum fault fault = FAULT_MEMORY;

    if (padded == NULL)
        return fault;
    memcpy(padded, data, size);
    memset(padded + size, (int)padding, padding);
    fault = start(pbe, &cipher);
    if (fault != FAULT_NONE)
        goto out;
    if (gnutls_cipher_encrypt(cipher, padded, size + padding) < 0)
        fault = FAULT_LIBRARY;
    gnutls_cipher_deinit(cipher);
    if (fault == FAULT_NONE)
        der_put(out, tag, padded, size + padding);
    if (fault == FAULT_NONE && out->failed)
        fault = FAULT_TOO_LARGE;
out:
    secret_free(&padded);
    return fault;
}

void pbe_put_iterations(struct bytes *out, uint32_t count)
{
    uint8_t number[5] = {0};
    size_t from = 1;

    for (size_t i = 0; i < 4; i++)
        number[1 + i] = (uint8_t)(count >> 8 * (3 - i));
    while (from < 4 && number[from] == 0)
        from++;
    if ((number[from] & 0x80) != 0)
        from--;
    der_put(out, DER_INTEGER, number + from, sizeof number - from);
}

static void put_simple(struct bytes *out, const char *oid, const uint8_t *salt,
                       size_t salt_size)
{
    const size_t start_at = out->size;
    size_t parameters;

    der_put_oid(out, oid);
    parameters = out->size;
    der_put(out, DER_OCTET_STRING, salt, salt_size);
    pbe_put_iterations(out, ITERATIONS_CRYPTOPRO);
    der_wrap(out, parameters, DER_SEQUENCE);
    der_wrap(out, start_at, DER_SEQUENCE);
}

static void put_cryptopro(struct bytes *out, const uint8_t *salt,
                          const uint8_t *iv)
{
    (void)iv; /* the salt is it */
    put_simple(out, "1.2.840.113549.1.12.1.80", salt, 16);
}

static void put_rc2(struct bytes *out, const uint8_t *salt, const uint8_t *iv)
{
    (void)iv; /* it is derived */
    put_simple(out, "1.2.840.113549.1.12.1.6", salt, 8);
}

/* R 50.1.112 6: as its example has it. */
static void put_tc26(struct bytes *out, const uint8_t *salt, const uint8_t *iv)
{
    const size_t start_at = out->size;
    size_t parameters, part, inner;

    der_put_oid(out, "1.2.840.113549.1.5.13"); /* PBES2 */
    parameters = out->size;
    der_put_oid(out, "1.2.840.113549.1.5.12"); /* PBKDF2 */
    part = out->size;
    der_put(out, DER_OCTET_STRING, salt, 32);
    pbe_put_iterations(out, ITERATIONS_TC26);
    inner = out->size;
    der_put_oid(out, "1.2.643.7.1.1.4.2"); /* HMAC-Streebog-512 */
    der_put(out, 5, NULL, 0);
    der_wrap(out, inner, DER_SEQUENCE);
    der_wrap(out, part, DER_SEQUENCE);
    der_wrap(out, parameters, DER_SEQUENCE);
    part = out->size;
    der_put_oid(out, "1.2.643.2.2.21"); /* GOST 28147-89 */
    inner = out->size;
    der_put(out, DER_OCTET_STRING, iv, 8);
    der_put_oid(out, pbe_cipher_tc26.oid);
    der_wrap(out, inner, DER_SEQUENCE);
    der_wrap(out, part, DER_SEQUENCE);
    der_wrap(out, parameters, DER_SEQUENCE);
    der_wrap(out, start_at, DER_SEQUENCE);
}

/* What was written is read for the key, so that the two cannot differ. */
enum fault pbe_make(enum pbe_kind kind, const char *password,
                    struct entropy *pool, struct bytes *out, struct pbe **pbe)
{
    static void (*const put[])(struct bytes *, const uint8_t *,
                               const uint8_t *) = {
        [PBE_CRYPTOPRO] = put_cryptopro,
        [PBE_RC2] = put_rc2,
        [PBE_TC26] = put_tc26,
    };
    struct pbe_budget budget = {PBE_ITERATIONS_MAX};
    uint8_t random[SALT_MAX + PBE_IV_MAX];
    const size_t at = out->size;
    struct der in, content;
    enum fault fault = entropy_draw(pool, "salt", random, sizeof random);

    *pbe = NULL;
    if (fault != FAULT_NONE)
        return fault;
    put[kind](out, random, random + SALT_MAX);
    if (out->failed)
        return FAULT_TOO_LARGE;
    in = (struct der){out->data + at, out->size - at};
    if (!der_read(&in, DER_SEQUENCE, &content))
        return FAULT_LIBRARY;
    return pbe_read(content, password, &budget, pbe);
}
