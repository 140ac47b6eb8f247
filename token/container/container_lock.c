#include "token/container/container_lock.h"

#include "keygen/certificate.h"
#include "keygen/keypair.h"
#include "keygen/secret.h"

#include <sodium.h>
#include <string.h>

struct masked_key_pair container_lock_pair(const struct container_files *files,
                                           size_t pair)
{
    static const enum container_file file[CONTAINER_PAIRS][2] = {
        {CONTAINER_PRIMARY, CONTAINER_MASKS},
        {CONTAINER_PRIMARY2, CONTAINER_MASKS2},
    };

    return (struct masked_key_pair){container_files_at(files, file[pair][0]),
                                    container_files_at(files, file[pair][1])};
}

enum fault container_lock_mac(const struct suite *suite,
                              struct container_password *password,
                              const struct der *fingerprint,
                              uint8_t mac[GOST28147_MAC])
{
    enum fault fault = FAULT_MEMORY;
    uint8_t *key = NULL;

    memset(mac, 0, GOST28147_MAC);
    if (password->size == 0 || fingerprint->at == NULL)
        return FAULT_NONE;
    key = secret_new(CPKDF_KEY);
    if (key == NULL)
        return fault;
    fault = container_password_key(password, &suite->hash, fingerprint->at,
                                   fingerprint->left, key);
    if (fault == FAULT_NONE)
        header_password_mac(suite, key, mac);
    secret_free(&key);
    return fault;
}

/* Whether the point is of the certificate that the header has. */
static bool is_certified(const struct header_key *key, const uint8_t *point)
{
    struct certificate *certificate = NULL;
    bool same;

    if (certificate_read(key->certificate.at, key->certificate.left,
                         &certificate) != FAULT_NONE)
        return false;
    same =
        certificate_has_point(certificate, point, 2 * key->algorithm->key_size);
    certificate_free(&certificate);
    return same;
}

bool container_lock_fits(const struct header_key *key, const uint8_t *point)
{
    if (key->fingerprint.at != NULL)
        return der_equals(&key->fingerprint, point, HEADER_FINGERPRINT);
    return key->certificate.at != NULL && is_certified(key, point);
}

enum fault container_lock_key(const struct container_lock *lock, size_t index,
                              size_t pair, uint8_t *scalar,
                              gnutls_privkey_t *key, uint8_t *point)
{
    const struct masked_key_pair files = container_lock_pair(lock->files, pair);
    const struct header_key *own = &lock->header->key[index];
    enum fault fault = own->refused;

    *key = NULL;
    if (fault == FAULT_NONE)
        fault = masked_key_open(own->suite, own->algorithm, &files, index,
                                lock->password, scalar);
    if (fault == FAULT_NONE)
        fault = keypair_import(own->algorithm, scalar, key);
    if (fault == FAULT_NONE)
        fault = keypair_public(*key, own->algorithm, point);
    if (fault == FAULT_NONE && !container_lock_fits(own, point))
        fault = FAULT_DAMAGED;
    if (fault != FAULT_NONE && *key != NULL) {
        gnutls_privkey_deinit(*key);
        *key = NULL;
    }
    return fault;
}

enum fault container_lock_gives(const struct container_lock *lock, size_t index,
                                size_t pair, const struct container *known)
{
    const struct masked_key_pair files = container_lock_pair(lock->files, pair);
    const struct header_key *own = &lock->header->key[index];
    enum fault fault = own->refused;
    uint8_t *scalar = NULL;

    if (fault == FAULT_NONE && own->algorithm != known->info.algorithm)
        fault = FAULT_DAMAGED;
    if (fault != FAULT_NONE)
        return fault;
    scalar = secret_new(own->algorithm->key_size);
    if (scalar == NULL)
        return FAULT_MEMORY;
    fault = masked_key_open(own->suite, own->algorithm, &files, index,
                            lock->password, scalar);
    if (fault == FAULT_NONE &&
        (sodium_memcmp(scalar, known->scalar, own->algorithm->key_size) != 0 ||
         !container_lock_fits(own, known->point)))
        fault = FAULT_DAMAGED;
    secret_free(&scalar);
    return fault;
}

/* A header without a fingerprint has nothing that its checksum depends on;
 * without a password whatever stands there means nothing. */
static bool has_checksum(const struct header *header)
{
    return header->has_password && header->password_mac.at != NULL &&
           header->key[0].fingerprint.at != NULL;
}

enum fault container_lock_check(const struct container_lock *lock)
{
    const struct header *header = lock->header;
    uint8_t mac[GOST28147_MAC];
    enum fault fault;

    if (!has_checksum(header))
        return FAULT_NONE;
    fault = container_lock_mac(header->suite, lock->password,
                               &header->key[0].fingerprint, mac);
    if (fault == FAULT_NONE &&
        sodium_memcmp(header->password_mac.at, mac, sizeof mac) != 0)
        fault = FAULT_PASSWORD_WRONG;
    return fault;
}

/* Whether a key opens; FAULT_PASSWORD_WRONG where none does. */
static enum fault try_keys(const struct container_lock *lock, size_t keys,
                           size_t pairs)
{
    uint8_t *scalar = secret_new(ALGORITHM_KEY_MAX);
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    enum fault fault = FAULT_PASSWORD_WRONG;
    gnutls_privkey_t key;

    if (scalar == NULL)
        return FAULT_MEMORY;
    for (size_t i = 0; i < keys; i++)
        for (size_t pair = 0; pair < pairs && fault == FAULT_PASSWORD_WRONG;
             pair++) {
            fault = container_lock_key(lock, i, pair, scalar, &key, point);
            if (fault == FAULT_NONE)
                gnutls_privkey_deinit(key);
            else if (fault != FAULT_MEMORY)
                fault = FAULT_PASSWORD_WRONG;
        }
    secret_free(&scalar);
    return fault;
}

static enum fault try_password(const struct container_lock *lock)
{
    enum fault fault;

    if (!has_checksum(lock->header))
        return try_keys(lock, lock->header->keys, CONTAINER_PAIRS);
    fault = try_keys(lock, 1, 1);
    return fault == FAULT_PASSWORD_WRONG ? container_lock_check(lock) : fault;
}

static enum fault try_form(struct container_lock *lock, const char *text,
                           enum container_password_form form)
{
    enum fault fault = container_password_cells(text, form, &lock->password);

    if (fault == FAULT_ARGUMENT)
        return FAULT_PASSWORD_WRONG;
    if (fault == FAULT_NONE)
        fault = try_password(lock);
    if (fault != FAULT_NONE)
        secret_free(&lock->password);
    return fault;
}

enum fault container_lock_open(struct container_lock *lock,
                               const struct container_files *files,
                               const struct header *header, const char *text)
{
    enum fault fault = FAULT_PASSWORD_WRONG;

    *lock = (struct container_lock){files, header, NULL};
    if (!header->has_password)
        return container_password_cells("", CONTAINER_PASSWORD_UTF32,
                                        &lock->password);
    if (header->suite == NULL)
        return FAULT_UNSUPPORTED;
    if (text == NULL)
        return FAULT_PASSWORD_NEEDED;
    for (enum container_password_form form = 0;
         form < CONTAINER_PASSWORD_FORMS && fault == FAULT_PASSWORD_WRONG;
         form++)
        fault = try_form(lock, text, form);
    return fault;
}

void container_lock_free(struct container_lock *lock)
{
    secret_free(&lock->password);
}
