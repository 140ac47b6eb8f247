#include "token/container/masked_key.h"

#include "keygen/scalar.h"
#include "keygen/secret.h"

#include <sodium.h>
#include <string.h>

enum { TAG_SECOND = 0x80, LENGTH_LONG = 0x80, KEYS_MAX = 2 };

/* Everything that depends on the key or the password; in secret memory. */
struct work {
    uint8_t storage_key[CPKDF_KEY];
    uint8_t mask[ALGORITHM_KEY_MAX];
    uint8_t masked[KEYS_MAX][ALGORITHM_KEY_MAX];
    uint8_t wide[ALGORITHM_KEY_MAX + 8];
};

struct masks {
    struct der mask, salt, mac;
};

/* Tokens fill a file up behind the DER; what stands there is nobody's. */
static enum fault read_masks(struct der file, size_t size, struct masks *masks)
{
    struct der list;

    if (!der_read(&file, DER_SEQUENCE, &list) ||
        !der_read(&list, DER_OCTET_STRING, &masks->mask) ||
        !der_read(&list, DER_OCTET_STRING, &masks->salt) ||
        !der_read(&list, DER_OCTET_STRING, &masks->mac) || !der_at_end(&list))
        return FAULT_DAMAGED;
    return masks->mask.left == size && masks->salt.left == MASKED_KEY_SALT
               ? FAULT_NONE
               : FAULT_DAMAGED;
}

static enum fault read_primary(struct der file, size_t size, size_t index,
                               struct der *key)
{
    struct der list, second, old_mac;

    if (!der_read(&file, DER_SEQUENCE, &list) ||
        !der_read(&list, DER_OCTET_STRING, key) ||
        !der_read_optional(&list, TAG_SECOND, &second) ||
        !der_read_optional(&list, DER_OCTET_STRING, &old_mac) ||
        !der_at_end(&list))
        return FAULT_DAMAGED;
    if (old_mac.at != NULL)
        return FAULT_OLD_FORMAT;
    if (index > 0)
        *key = second;
    return key->at != NULL && key->left == size ? FAULT_NONE : FAULT_DAMAGED;
}

/* The checksum of the salt, by the end of the mask. */
static void mask_mac(const struct suite *suite, const uint8_t *mask,
                     size_t size, const uint8_t *salt,
                     uint8_t mac[GOST28147_MAC])
{
    gost28147_mac(suite->sbox, mask + size - GOST28147_KEY, salt,
                  MASKED_KEY_SALT, mac);
}

static bool mac_matches(const struct suite *suite, const struct masks *masks)
{
    uint8_t mac[GOST28147_MAC];

    mask_mac(suite, masks->mask.at, masks->mask.left, masks->salt.at, mac);
    return der_equals(&masks->mac, mac, sizeof mac);
}

bool masked_key_masks_good(const struct suite *suite, struct der masks,
                           size_t size)
{
    struct masks parts;

    return read_masks(masks, size, &parts) == FAULT_NONE &&
           mac_matches(suite, &parts);
}

static enum fault unmask(const struct suite *suite,
                         const struct algorithm *algorithm,
                         const struct masks *masks, const struct der *primary,
                         struct container_password *password, uint8_t *scalar)
{
    struct work *work = secret_new(sizeof *work);
    enum fault fault = FAULT_MEMORY;

    if (work == NULL)
        return fault;
    fault = container_password_key(password, &suite->hash, masks->salt.at,
                                   MASKED_KEY_SALT, work->storage_key);
    if (fault != FAULT_NONE)
        goto out;
    gost28147_decrypt(suite->sbox, work->storage_key, primary->at,
                      work->masked[0], algorithm->key_size);
    fault = scalar_invert(algorithm, masks->mask.at, work->mask);
    if (fault == FAULT_NONE)
        fault = scalar_multiply(algorithm, work->masked[0], work->mask, scalar);
    if (fault == FAULT_NONE && !scalar_valid(algorithm, scalar))
        fault = FAULT_DAMAGED;
out:
    secret_clear_stack(); /* the storage key stands on it */
    secret_free(&work);
    return fault;
}

enum fault masked_key_open(const struct suite *suite,
                           const struct algorithm *algorithm,
                           const struct masked_key_pair *pair, size_t key,
                           struct container_password *password, uint8_t *scalar)
{
    struct masks masks;
    struct der primary;
    enum fault fault = read_masks(pair->masks, algorithm->key_size, &masks);

    if (fault == FAULT_NONE)
        fault = read_primary(pair->primary, algorithm->key_size, key, &primary);
    if (fault != FAULT_NONE)
        return fault;
    if (!mac_matches(suite, &masks) || !scalar_valid(algorithm, masks.mask.at))
        return FAULT_DAMAGED;
    return unmask(suite, algorithm, &masks, &primary, password, scalar);
}

/* Append one element; all of them are shorter than 128 bytes. */
static void put(uint8_t *file, size_t *size, uint8_t tag, const void *content,
                size_t content_size)
{
    file[(*size)++] = tag;
    file[(*size)++] = (uint8_t)content_size;
    memcpy(file + *size, content, content_size);
    *size += content_size;
}

/* A sequence of elements that will follow, one header each; shorter than 256
 * bytes. */
static void put_sequence(uint8_t *file, size_t *size, size_t elements,
                         size_t contents)
{
    const size_t length = 2 * elements + contents;

    *size = 0;
    file[(*size)++] = DER_SEQUENCE;
    if (length >= LENGTH_LONG)
        file[(*size)++] = LENGTH_LONG | 1;
    file[(*size)++] = (uint8_t)length;
}

static void put_files(const struct suite *suite, const struct work *work,
                      size_t size, size_t keys, const uint8_t *salt,
                      struct masked_key_files *files)
{
    uint8_t mac[GOST28147_MAC];

    mask_mac(suite, work->mask, size, salt, mac);
    put_sequence(files->masks, &files->masks_size, 3,
                 size + MASKED_KEY_SALT + sizeof mac);
    put(files->masks, &files->masks_size, DER_OCTET_STRING, work->mask, size);
    put(files->masks, &files->masks_size, DER_OCTET_STRING, salt,
        MASKED_KEY_SALT);
    put(files->masks, &files->masks_size, DER_OCTET_STRING, mac, sizeof mac);
    put_sequence(files->primary, &files->primary_size, keys, keys * size);
    for (size_t i = 0; i < keys; i++)
        put(files->primary, &files->primary_size,
            i == 0 ? DER_OCTET_STRING : TAG_SECOND, work->masked[i], size);
}

/* A fresh mask, and each key multiplied by it. */
static enum fault mask(const struct algorithm *algorithm,
                       const uint8_t *const scalar[], size_t keys,
                       struct entropy *pool, struct work *work)
{
    const size_t wide = algorithm->key_size + 8;
    enum fault fault = entropy_draw(pool, "mask", work->wide, wide);

    if (fault == FAULT_NONE)
        fault = scalar_reduce(algorithm, work->wide, wide, work->mask);
    for (size_t i = 0; i < keys && fault == FAULT_NONE; i++)
        fault =
            scalar_multiply(algorithm, scalar[i], work->mask, work->masked[i]);
    return fault;
}

enum fault masked_key_make(const struct algorithm *algorithm,
                           const uint8_t *const scalar[], size_t keys,
                           struct entropy *pool,
                           struct container_password *password,
                           struct masked_key_files *files)
{
    const struct suite *suite = suite_of(algorithm);
    struct work *work = secret_new(sizeof *work);
    enum fault fault = FAULT_MEMORY;
    uint8_t salt[MASKED_KEY_SALT];

    if (work == NULL)
        return fault;
    fault = mask(algorithm, scalar, keys, pool, work);
    if (fault == FAULT_NONE)
        fault = entropy_draw(pool, "salt", salt, sizeof salt);
    if (fault == FAULT_NONE)
        fault = container_password_key(password, &suite->hash, salt,
                                       sizeof salt, work->storage_key);
    if (fault != FAULT_NONE)
        goto out;
    for (size_t i = 0; i < keys; i++)
        gost28147_encrypt(suite->sbox, work->storage_key, work->masked[i],
                          work->masked[i], algorithm->key_size);
    put_files(suite, work, algorithm->key_size, keys, salt, files);
out:
    secret_clear_stack();
    secret_free(&work);
    return fault;
}
