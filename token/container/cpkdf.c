#include "token/container/cpkdf.h"

#include "keygen/secret.h"

#include <string.h>

enum { ROUNDS_EMPTY = 2, ROUNDS = 2000, INNER = 0x36, OUTER = 0x5C };

static const char constant[CPKDF_KEY + 1] = "DENEFH028.760246785.IUEFHWUIO.EF";

/* Everything that depends on the password; in secret memory. */
struct work {
    uint8_t first[CPKDF_KEY];
    uint8_t chain[CPKDF_BLOCK_MAX];
    uint8_t masked[CPKDF_BLOCK_MAX];
};

static int put_masked(gnutls_hash_hd_t hash, struct work *work, uint8_t mask,
                      size_t size)
{
    for (size_t i = 0; i < size; i++)
        work->masked[i] = work->chain[i] ^ mask;
    return gnutls_hash(hash, work->masked, size);
}

/* chain = H(chain ^ inner ‖ first ‖ chain ^ outer ‖ first). */
static int turn(gnutls_hash_hd_t hash, struct work *work, size_t block)
{
    int failed = put_masked(hash, work, INNER, block) |
                 gnutls_hash(hash, work->first, sizeof work->first) |
                 put_masked(hash, work, OUTER, block) |
                 gnutls_hash(hash, work->first, sizeof work->first);

    gnutls_hash_output(hash, work->chain);
    return failed;
}

static int derive(gnutls_hash_hd_t hash, size_t block, struct work *work,
                  const uint8_t *password, size_t password_size,
                  const uint8_t *salt, size_t salt_size)
{
    int rounds = password_size == 0 ? ROUNDS_EMPTY : ROUNDS;
    int failed = gnutls_hash(hash, salt, salt_size) |
                 gnutls_hash(hash, password, password_size);

    gnutls_hash_output(hash, work->first);
    memcpy(work->chain, constant, CPKDF_KEY);
    while (rounds-- > 0)
        failed |= turn(hash, work, block);
    failed |= put_masked(hash, work, INNER, CPKDF_KEY) |
              gnutls_hash(hash, salt, salt_size) |
              put_masked(hash, work, OUTER, CPKDF_KEY) |
              gnutls_hash(hash, password, password_size);
    gnutls_hash_output(hash, work->chain);
    failed |= gnutls_hash(hash, work->chain, CPKDF_KEY);
    gnutls_hash_output(hash, work->first);
    return failed;
}

/* GnuTLS frees the state of a hash without wiping it, and its buffer keeps
 * the end of what was hashed. A whole block would be taken from where it is:
 * what follows one byte goes through the buffer. */
static void wipe(gnutls_hash_hd_t hash)
{
    static const uint8_t zero[CPKDF_BLOCK_MAX];

    (void)gnutls_hash(hash, zero, 1);
    (void)gnutls_hash(hash, zero, sizeof zero);
}

enum fault cpkdf(const struct cpkdf_hash *hash, const uint8_t *password,
                 size_t password_size, const uint8_t *salt, size_t salt_size,
                 uint8_t *key)
{
    enum fault fault = FAULT_LIBRARY;
    gnutls_hash_hd_t state = NULL;
    struct work *work = NULL;

    if (password_size > CPKDF_PASSWORD_MAX || salt_size > CPKDF_SALT_MAX ||
        hash->block > CPKDF_BLOCK_MAX)
        return FAULT_TOO_LARGE;
    work = secret_new(sizeof *work);
    if (work == NULL)
        return FAULT_MEMORY;
    if (gnutls_hash_get_len(hash->digest) != CPKDF_KEY ||
        gnutls_hash_init(&state, hash->digest) < 0)
        goto out;
    if (derive(state, hash->block, work, password, password_size, salt,
               salt_size) == 0) {
        secret_move(key, work->first, CPKDF_KEY);
        fault = FAULT_NONE;
    }
    wipe(state);
out:
    if (state != NULL)
        gnutls_hash_deinit(state, NULL);
    secret_free(&work);
    return fault;
}
