#include "token/container/container_reader.h"

#include "keygen/dirstring.h"
#include "keygen/secret.h"
#include "token/container/container_lock.h"

#include <stdlib.h>
#include <string.h>

/* A byte a character: what is longer is cut, for it is only shown. */
static void read_name(const struct container_files *files,
                      struct container_info *info)
{
    struct der file = container_files_at(files, CONTAINER_NAME), list, name;
    struct bytes text;

    info->name[0] = '\0';
    if (!der_read(&file, DER_SEQUENCE, &list) ||
        !der_read(&list, DER_IA5_STRING, &name))
        return;
    bytes_init(&text, sizeof info->name - 1);
    dirstring_read(
        DER_IA5_STRING, name.at,
        name.left > CONTAINER_NAME_MAX ? CONTAINER_NAME_MAX : name.left, &text);
    if (!text.failed && text.size > 0) {
        memcpy(info->name, text.data, text.size);
        info->name[text.size] = '\0';
    }
    bytes_free(&text);
}

static void fill_key(const struct header_key *key, struct container_info *info)
{
    info->algorithm = key->refused == FAULT_NONE ? key->algorithm : NULL;
    info->refused = key->refused;
    info->flags = key->flags;
    info->exportable = (key->flags & CONTAINER_EXPORTABLE) != 0;
    info->kind = key->suite == NULL ? NULL : key->suite->word;
    info->curve = key->curve == NULL ? NULL : key->curve->name;
    if (!der_oid_text(&key->algorithm_oid, info->algorithm_oid,
                      sizeof info->algorithm_oid))
        info->algorithm_oid[0] = '\0';
    if (!der_oid_text(&key->curve_oid, info->curve_oid, sizeof info->curve_oid))
        info->curve_oid[0] = '\0';
}

/* Whether the certificate is for a key with another fingerprint: that takes
 * no password. */
static bool is_misfit(const struct header_key *key,
                      const struct certificate *certificate)
{
    return key->fingerprint.at != NULL && key->algorithm != NULL &&
           (certificate->algorithm != key->algorithm ||
            !der_equals(&key->fingerprint, certificate->point,
                        HEADER_FINGERPRINT));
}

enum fault container_reader_fill(const struct container_files *files,
                                 const struct header *header, size_t key,
                                 struct container_info *info)
{
    const struct der *certificate = &header->key[key].certificate;
    const struct der *fingerprint = &header->key[key].fingerprint;
    enum fault fault;

    if (key >= header->keys)
        return FAULT_NOT_FOUND;
    read_name(files, info);
    fill_key(&header->key[key], info);
    info->keys = (unsigned)header->keys;
    info->second = key > 0;
    info->has_password = header->has_password;
    info->key_not_before = header->period.not_before;
    info->key_not_after = header->period.not_after;
    info->certificate = NULL;
    info->overview = NULL;
    info->misfit = false;
    info->has_fingerprint = fingerprint->at != NULL &&
                            fingerprint->left == sizeof info->fingerprint;
    if (info->has_fingerprint)
        memcpy(info->fingerprint, fingerprint->at, sizeof info->fingerprint);
    if (certificate->at == NULL)
        return FAULT_NONE;
    fault = certificate_read(certificate->at, certificate->left,
                             &info->certificate);
    if (fault == FAULT_NONE)
        info->misfit = is_misfit(&header->key[key], info->certificate);
    return fault;
}

/* From what stands before the certificate, which is not looked at. */
static enum fault describe_front(const struct container_files *files,
                                 size_t key, struct container_info *info)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    enum fault fault = header_read_front(&file, &header);

    for (size_t i = 0; i < header.keys; i++)
        header.key[i].certificate = (struct der){NULL, 0};
    if (fault == FAULT_NONE)
        fault = container_reader_fill(files, &header, key, info);
    if (fault == FAULT_NONE)
        fault = overview_copy(files->overview, &info->overview);
    return fault;
}

enum fault container_reader_describe(const struct container_files *files,
                                     size_t key, struct container_info *info)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    enum fault fault;

    if (files->overview != NULL)
        return describe_front(files, key, info);
    fault = header_read(&file, &header);
    if (fault == FAULT_NONE)
        fault = container_reader_fill(files, &header, key, info);
    return fault;
}

/* The first pair, then the reserve copy. */
static enum fault open_pairs(const struct container_lock *lock, size_t key,
                             struct container *container)
{
    enum fault fault = container_lock_key(lock, key, 0, container->scalar,
                                          &container->key, container->point);

    if (fault == FAULT_NONE || fault == FAULT_MEMORY)
        return fault;
    if (container_lock_key(lock, key, 1, container->scalar, &container->key,
                           container->point) != FAULT_NONE)
        return fault;
    container->from_reserve = true;
    return FAULT_NONE;
}

/* Whether the certificate is for the key. */
static enum fault compare_certificate(const struct container *container)
{
    const struct container_info *info = &container->info;

    return info->certificate == NULL ||
                   certificate_has_point(info->certificate, container->point,
                                         2 * info->algorithm->key_size)
               ? FAULT_NONE
               : FAULT_KEY_MISMATCH;
}

static enum fault open_key(const struct container_lock *lock, size_t key,
                           struct container *container)
{
    enum fault fault = open_pairs(lock, key, container);

    if (fault == FAULT_NONE)
        fault = compare_certificate(container);
    return fault == FAULT_DAMAGED && lock->files->unread != FAULT_NONE
               ? lock->files->unread
               : fault;
}

/* An empty container that open_key fills. */
static enum fault prepare(const struct container_files *files,
                          const struct header *header, size_t key,
                          struct container **container)
{
    const struct header_key *own = &header->key[key];

    if (key >= header->keys)
        return FAULT_NOT_FOUND;
    if (own->refused != FAULT_NONE)
        return own->refused;
    if (own->fingerprint.at == NULL && own->certificate.at == NULL)
        return FAULT_DAMAGED; /* nothing would tell a wrong key */
    *container = calloc(1, sizeof **container);
    if (*container == NULL)
        return FAULT_MEMORY;
    (*container)->scalar = secret_new(own->algorithm->key_size);
    if ((*container)->scalar == NULL)
        return FAULT_MEMORY;
    return container_reader_fill(files, header, key, &(*container)->info);
}

static enum fault open_with(const struct container_lock *lock, size_t key,
                            struct container **container)
{
    enum fault fault = prepare(lock->files, lock->header, key, container);

    if (fault == FAULT_NONE)
        fault = open_key(lock, key, *container);
    if (fault != FAULT_NONE)
        container_free(container);
    return fault;
}

enum fault container_reader_open(const struct container_files *files,
                                 size_t key, const char *password,
                                 struct container **container)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct container_lock lock = {.password = NULL};
    struct header header;
    enum fault fault = header_read(&file, &header);

    *container = NULL;
    if (fault == FAULT_NONE && key >= header.keys)
        fault = FAULT_NOT_FOUND;
    /* Nobody is asked for the password of what is not opened anyway. */
    if (fault == FAULT_NONE)
        fault = header.key[key].refused;
    if (fault == FAULT_NONE)
        fault = container_lock_open(&lock, files, &header, password);
    if (fault == FAULT_NONE)
        fault = open_with(&lock, key, container);
    if (fault == FAULT_NONE && !(*container)->from_reserve)
        container_files_sum(files, (*container)->sum);
    container_lock_free(&lock);
    return fault;
}

/* What an opened key hands over. */
static void take_key(struct container *container, struct material_key *key)
{
    const struct container_info *info = &container->info;

    key->algorithm = info->algorithm;
    key->flags = info->flags;
    memcpy(key->curve_oid, info->curve_oid, sizeof key->curve_oid);
    memcpy(key->scalar, container->scalar, info->algorithm->key_size);
    key->certificate = info->certificate;
    container->info.certificate = NULL;
}

static enum fault take_keys(const struct container_lock *lock,
                            struct material *material)
{
    const struct header *header = lock->header;
    enum fault fault = FAULT_NONE;

    material->key_not_before = header->period.not_before;
    material->key_not_after = header->period.not_after;
    if (header->extensions.at != NULL)
        extensions_others(&header->extensions, &material->extensions);
    if (material->extensions.failed)
        fault = FAULT_MEMORY;
    for (size_t i = 0; i < header->keys && fault == FAULT_NONE; i++) {
        struct container *container = NULL;

        fault = open_with(lock, i, &container);
        if (fault == FAULT_NONE) {
            memcpy(material->name, container->info.name, sizeof material->name);
            take_key(container, &material->key[i]);
            material->keys = i + 1;
            material->from_reserve += container->from_reserve;
        }
        container_free(&container);
    }
    return fault;
}

enum fault container_reader_material(const struct container_files *files,
                                     const char *password,
                                     struct material **material)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct container_lock lock = {.password = NULL};
    struct header header;
    enum fault fault = header_read(&file, &header);

    *material = NULL;
    for (size_t i = 0; i < header.keys && fault == FAULT_NONE; i++)
        fault = header.key[i].refused;
    if (fault == FAULT_NONE)
        fault = container_lock_open(&lock, files, &header, password);
    if (fault == FAULT_NONE)
        fault = material_new(material);
    if (fault == FAULT_NONE)
        fault = take_keys(&lock, *material);
    if (fault != FAULT_NONE)
        material_free(material);
    container_lock_free(&lock);
    return fault;
}

/* Both pairs, and what the files say of it. */
static enum fault verify_key(const struct container_lock *lock, size_t key,
                             struct container *known)
{
    enum fault fault = FAULT_NONE;

    for (size_t pair = 0; pair < CONTAINER_PAIRS && fault == FAULT_NONE; pair++)
        fault = container_lock_gives(lock, key, pair, known);
    if (fault != FAULT_NONE)
        return fault;
    container_files_sum(lock->files, known->sum);
    container_info_free(&known->info);
    fault = container_reader_fill(lock->files, lock->header, key, &known->info);
    return fault == FAULT_NONE ? compare_certificate(known) : fault;
}

enum fault container_reader_verify(const struct container_files *files,
                                   struct container_password *password,
                                   struct container *const key[CONTAINER_KEYS])
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    const struct container_lock lock = {files, &header, password};
    enum fault fault = header_read(&file, &header);

    container_password_forget(password);
    if (fault == FAULT_NONE && header.has_password != (password->size > 0))
        fault = FAULT_PASSWORD_WRONG;
    if (fault == FAULT_NONE)
        fault = container_lock_check(&lock);
    for (size_t i = 0; i < CONTAINER_KEYS && fault == FAULT_NONE; i++)
        if ((i < header.keys) != (key[i] != NULL))
            fault = FAULT_DAMAGED;
        else if (key[i] != NULL)
            fault = verify_key(&lock, i, key[i]);
    return fault;
}

/* The one that was compared with the key when it was opened, or none. */
static bool has_certificate(const struct header_key *key,
                            const struct certificate *certificate)
{
    return certificate == NULL
               ? key->certificate.at == NULL
               : der_equals(&key->certificate, certificate->der.data,
                            certificate->der.size);
}

/* All that a key depends on: its two pairs, and what the header says. */
static bool gives_again(const struct container_files *files,
                        const struct header *header,
                        const struct container *known)
{
    const struct header_key *own = &header->key[0];
    uint8_t sum[CONTAINER_SUM];

    container_files_sum(files, sum);
    return header->keys == 1 && own->refused == FAULT_NONE &&
           own->algorithm == known->info.algorithm &&
           header->has_password == known->info.has_password &&
           container_lock_fits(own, known->point) &&
           memcmp(sum, known->sum, sizeof sum) == 0;
}

bool container_reader_is(const struct container_files *files,
                         const struct container *known)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;

    return header_read(&file, &header) == FAULT_NONE &&
           has_certificate(&header.key[0], known->info.certificate) &&
           gives_again(files, &header, known);
}

enum fault container_reader_recall(const struct container_files *files,
                                   const uint8_t sum[CONTAINER_SUM],
                                   const uint8_t *point, size_t size,
                                   struct container **container)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct container *known = calloc(1, sizeof *known);
    struct header header;
    enum fault fault = header_read(&file, &header);

    *container = known;
    if (known == NULL)
        return FAULT_MEMORY;
    if (fault == FAULT_NONE)
        fault = container_reader_fill(files, &header, 0, &known->info);
    if (fault == FAULT_NONE && (known->info.algorithm == NULL ||
                                size != 2 * known->info.algorithm->key_size))
        fault = FAULT_DAMAGED;
    if (fault == FAULT_NONE) {
        memcpy(known->point, point, size);
        memcpy(known->sum, sum, CONTAINER_SUM);
        fault = gives_again(files, &header, known) ? compare_certificate(known)
                                                   : FAULT_DAMAGED;
    }
    if (fault != FAULT_NONE)
        container_free(container);
    return fault;
}
