#include "token/container/container_reader.h"

#include "keygen/dirstring.h"
#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "token/container/container_password.h"

#include <sodium.h>
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

static enum fault fill(const struct container_files *files,
                       const struct header *header, struct container_info *info)
{
    read_name(files, info);
    info->algorithm = header->refused == FAULT_NONE ? header->algorithm : NULL;
    info->has_password = header->has_password;
    info->exportable = header->exportable;
    info->key_not_after = header->key_not_after;
    info->certificate = NULL;
    if (header->certificate.at == NULL)
        return FAULT_NONE;
    return certificate_read(header->certificate.at, header->certificate.left,
                            &info->certificate);
}

enum fault container_reader_describe(const struct container_files *files,
                                     struct container_info *info)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    enum fault fault = header_read(&file, &header);

    if (fault == FAULT_NONE)
        fault = fill(files, &header, info);
    return fault;
}

/* The key is the right one when its point is what the container says. */
static enum fault compare(const struct header *header,
                          const struct container *container)
{
    const size_t size = 2 * container->info.algorithm->key_size;
    const struct certificate *certificate = container->info.certificate;

    if (header->fingerprint.at != NULL &&
        !der_equals(&header->fingerprint, container->point, HEADER_FINGERPRINT))
        return FAULT_DAMAGED;
    if (certificate != NULL &&
        !certificate_has_point(certificate, container->point, size))
        return FAULT_KEY_MISMATCH;
    return FAULT_NONE;
}

static enum fault open_pair(const struct header *header,
                            const struct masked_key_pair *pair,
                            const uint8_t *cells, size_t cells_size,
                            struct container *container)
{
    const struct algorithm *algorithm = header->algorithm;
    enum fault fault = masked_key_open(header->suite, algorithm, pair, cells,
                                       cells_size, container->scalar);

    if (fault == FAULT_NONE)
        fault = keypair_import(algorithm, container->scalar, &container->key);
    if (fault == FAULT_NONE)
        fault = keypair_public(container->key, algorithm, container->point);
    if (fault == FAULT_NONE)
        fault = compare(header, container);
    if (fault != FAULT_NONE && container->key != NULL) {
        gnutls_privkey_deinit(container->key);
        container->key = NULL;
    }
    return fault;
}

/* The first pair, then the reserve copy. */
static enum fault open_pairs(const struct container_files *files,
                             const struct header *header, const uint8_t *cells,
                             size_t cells_size, struct container *container)
{
    const struct masked_key_pair pairs[] = {
        {container_files_at(files, CONTAINER_PRIMARY),
         container_files_at(files, CONTAINER_MASKS)},
        {container_files_at(files, CONTAINER_PRIMARY2),
         container_files_at(files, CONTAINER_MASKS2)},
    };
    enum fault fault =
        open_pair(header, &pairs[0], cells, cells_size, container);

    if (fault != FAULT_NONE && fault != FAULT_MEMORY &&
        open_pair(header, &pairs[1], cells, cells_size, container) ==
            FAULT_NONE)
        return FAULT_NONE;
    return fault;
}

/* The cheap test of a password, where there is one. */
static enum fault check_password(const struct header *header,
                                 const struct container_password *password)
{
    uint8_t *key = NULL, mac[GOST28147_MAC];
    enum fault fault = FAULT_MEMORY;

    if (header->password_mac.at == NULL || header->fingerprint.at == NULL)
        return FAULT_NONE;
    key = secret_new(CPKDF_KEY);
    if (key == NULL)
        return fault;
    fault = cpkdf(&header->suite->hash, password->cells, password->size,
                  header->fingerprint.at, HEADER_FINGERPRINT, key);
    if (fault == FAULT_NONE) {
        header_password_mac(header->suite, key, mac);
        if (sodium_memcmp(header->password_mac.at, mac, sizeof mac) != 0)
            fault = FAULT_PASSWORD_WRONG;
    }
    secret_free(&key);
    return fault;
}

static enum fault open_form(const struct container_files *files,
                            const struct header *header, const char *text,
                            enum container_password_form form,
                            struct container *container)
{
    struct container_password *password = NULL;
    enum fault fault = container_password_cells(text, form, &password);

    if (fault == FAULT_ARGUMENT)
        return FAULT_PASSWORD_WRONG;
    if (fault == FAULT_NONE)
        fault = check_password(header, password);
    if (fault == FAULT_NONE)
        fault = open_pairs(files, header, password->cells, password->size,
                           container);
    if (fault == FAULT_DAMAGED && header->password_mac.at == NULL)
        fault = FAULT_PASSWORD_WRONG; /* nothing tells the two apart */
    secret_free(&password);
    return fault;
}

static enum fault open_key(const struct container_files *files,
                           const struct header *header, const char *text,
                           struct container *container)
{
    static const uint8_t none[1];
    enum fault fault = FAULT_PASSWORD_WRONG;

    if (!header->has_password)
        return open_pairs(files, header, none, 0, container);
    if (text == NULL)
        return FAULT_PASSWORD_NEEDED;
    for (enum container_password_form form = 0; form < CONTAINER_PASSWORD_FORMS;
         form++) {
        fault = open_form(files, header, text, form, container);
        if (fault != FAULT_PASSWORD_WRONG)
            break;
    }
    return fault;
}

/* An empty container that open_key fills. */
static enum fault prepare(const struct container_files *files,
                          const struct header *header,
                          struct container **container)
{
    if (header->refused != FAULT_NONE)
        return header->refused;
    if (header->fingerprint.at == NULL && header->certificate.at == NULL)
        return FAULT_DAMAGED; /* nothing would tell a wrong key */
    *container = calloc(1, sizeof **container);
    if (*container == NULL)
        return FAULT_MEMORY;
    (*container)->scalar = secret_new(header->algorithm->key_size);
    if ((*container)->scalar == NULL)
        return FAULT_MEMORY;
    return fill(files, header, &(*container)->info);
}

enum fault container_reader_open(const struct container_files *files,
                                 const char *password,
                                 struct container **container)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    enum fault fault = header_read(&file, &header);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault = prepare(files, &header, container);
    if (fault == FAULT_NONE)
        fault = open_key(files, &header, password, *container);
    if (fault == FAULT_DAMAGED && files->unread != FAULT_NONE)
        fault = files->unread;
    if (fault != FAULT_NONE)
        container_free(container);
    return fault;
}
