#include "token/container/masked_key.h"

#include "keygen/scalar.h"
#include "keygen/secret.h"

#include <sodium.h>
#include <string.h>

enum { TAG_SECOND = 0x80 };

/* Everything that depends on the key or the password; in secret memory. */
struct work {
    uint8_t storage_key[CPKDF_KEY];
    uint8_t mask[ALGORITHM_KEY_MAX];
    uint8_t masked[ALGORITHM_KEY_MAX];
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

static enum fault read_primary(struct der file, size_t size, struct der *key)
{
    struct der list, second, old_mac;

    if (!der_read(&file, DER_SEQUENCE, &list) ||
        !der_read(&list, DER_OCTET_STRING, key) ||
        !der_read_optional(&list, TAG_SECOND, &second) ||
        !der_read_optional(&list, DER_OCTET_STRING, &old_mac) ||
        !der_at_end(&list) || key->left != size)
        return FAULT_DAMAGED;
    if (old_mac.at != NULL)
        return FAULT_OLD_FORMAT;
    return second.at != NULL ? FAULT_UNSUPPORTED : FAULT_NONE;
}

/* The checksum of the salt, by the end of the mask. */
static void mask_mac(const struct suite *suite, const uint8_t *mask,
                     size_t size, const uint8_t *salt,
                     uint8_t mac[GOST28147_MAC])
{
    gost28147_mac(suite->sbox, mask + size - GOST28147_KEY, salt,
                  MASKED_KEY_SALT, mac);
}

enum fault masked_key_open(const struct suite *suite,
                           const struct algorithm *algorithm,
                           const struct masked_key_pair *pair,
                           const uint8_t *cells, size_t cells_size,
                           uint8_t *scalar)
{
    const size_t size = algorithm->key_size;
    uint8_t mac[GOST28147_MAC];
    struct work *work = NULL;
    struct masks masks;
    struct der primary;
    enum fault fault = read_masks(pair->masks, size, &masks);

    if (fault == FAULT_NONE)
        fault = read_primary(pair->primary, size, &primary);
    if (fault != FAULT_NONE)
        return fault;
    mask_mac(suite, masks.mask.at, size, masks.salt.at, mac);
    if (!der_equals(&masks.mac, mac, sizeof mac) ||
        !scalar_valid(algorithm, masks.mask.at))
        return FAULT_DAMAGED;
    work = secret_new(sizeof *work);
    if (work == NULL)
        return FAULT_MEMORY;
    fault = cpkdf(&suite->hash, cells, cells_size, masks.salt.at,
                  MASKED_KEY_SALT, work->storage_key);
    if (fault != FAULT_NONE)
        goto out;
    gost28147_decrypt(suite->sbox, work->storage_key, primary.at, work->masked,
                      size);
    fault = scalar_invert(algorithm, masks.mask.at, work->mask);
    if (fault == FAULT_NONE)
        fault = scalar_multiply(algorithm, work->masked, work->mask, scalar);
    if (fault == FAULT_NONE && !scalar_valid(algorithm, scalar))
        fault = FAULT_DAMAGED;
out:
    secret_free(&work);
    return fault;
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

/* A sequence of elements that will follow, one header each. */
static void put_sequence(uint8_t *file, size_t *size, size_t elements,
                         size_t contents)
{
    *size = 0;
    file[(*size)++] = DER_SEQUENCE;
    file[(*size)++] = (uint8_t)(2 * elements + contents);
}

static void put_files(const struct suite *suite, const struct work *work,
                      size_t size, const uint8_t *salt,
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
    put_sequence(files->primary, &files->primary_size, 1, size);
    put(files->primary, &files->primary_size, DER_OCTET_STRING, work->masked,
        size);
}

enum fault masked_key_make(const struct suite *suite,
                           const struct algorithm *algorithm,
                           const uint8_t *scalar, struct entropy *pool,
                           const uint8_t *cells, size_t cells_size,
                           struct masked_key_files *files)
{
    const size_t size = algorithm->key_size;
    struct work *work = secret_new(sizeof *work);
    enum fault fault = FAULT_MEMORY;
    uint8_t salt[MASKED_KEY_SALT];

    if (work == NULL)
        return fault;
    fault = entropy_draw(pool, "mask", work->wide, size + 8);
    if (fault == FAULT_NONE)
        fault = scalar_reduce(algorithm, work->wide, size + 8, work->mask);
    if (fault == FAULT_NONE)
        fault = scalar_multiply(algorithm, scalar, work->mask, work->masked);
    if (fault == FAULT_NONE)
        fault = entropy_draw(pool, "salt", salt, sizeof salt);
    if (fault == FAULT_NONE)
        fault = cpkdf(&suite->hash, cells, cells_size, salt, sizeof salt,
                      work->storage_key);
    if (fault != FAULT_NONE)
        goto out;
    gost28147_encrypt(suite->sbox, work->storage_key, work->masked,
                      work->masked, size);
    put_files(suite, work, size, salt, files);
out:
    secret_free(&work);
    return fault;
}
