/* A PFX or PKCS#8 file: what is read is written and read again, the same. The
 * first byte of the input says what stands behind it: a file, or what a key
 * bag of CryptoPro's kind holds when it is decrypted. */
#include "keygen/secret.h"
#include "token/pfx/cp_key.h"
#include "token/pfx/pfx.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICE_BLOB = 1, CHOICE_PASSWORD = 2 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* A count of iterations of more than four thousand, wherever it may stand:
 * time is better spent on other things. */
static bool is_slow(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 2 < size; i++)
        if (data[i] == 0x02 &&
            ((data[i + 1] == 2 && data[i + 2] >= 0x10 && data[i + 2] < 0x80) ||
             (data[i + 1] == 3 && data[i + 2] < 0x80) || data[i + 1] == 4))
            return true;
    return false;
}

static void write_again(const struct pfx *pfx)
{
    struct entropy *pool = NULL;
    struct pfx *back = NULL;
    struct bytes out;

    bytes_init(&out, PFX_MAX);
    if (entropy_new(&pool) == FAULT_NONE &&
        pfx_write(pfx, PFX_CRYPTOPRO, "p", pool, &out) == FAULT_NONE) {
        require(pfx_read(out.data, out.size, "p", &back) == FAULT_NONE);
        require(back->keys == pfx->keys);
        for (size_t i = 0; i < pfx->keys; i++)
            require(memcmp(back->key[i].key.scalar, pfx->key[i].key.scalar,
                           ALGORITHM_KEY_MAX) == 0);
        pfx_free(&back);
    }
    bytes_free(&out);
    entropy_free(&pool);
}

static void read_blob(const uint8_t *data, size_t size)
{
    static const uint8_t kek[CP_KEY_KEK];
    struct pfx_key *key = secret_new(sizeof *key);

    if (key != NULL &&
        cp_key_read((struct der){data, size}, kek, key) == FAULT_NONE)
        require(key->key.algorithm != NULL);
    secret_free(&key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pfx *pfx = NULL;

    if (size == 0 || sodium_init() < 0)
        return 0;
    if (data[0] & CHOICE_BLOB) {
        read_blob(data + 1, size - 1);
        return 0;
    }
    if (is_slow(data + 1, size - 1))
        return 0;
    if (pfx_read(data + 1, size - 1,
                 data[0] & CHOICE_PASSWORD ? "password" : NULL,
                 &pfx) == FAULT_NONE) {
        require(pfx->keys > 0 && pfx->keys <= PFX_KEYS_MAX);
        write_again(pfx);
    } else {
        require(pfx == NULL);
    }
    pfx_free(&pfx);
    return 0;
}
