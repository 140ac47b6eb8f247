#include "token/container/container_writer.h"

#include "keygen/secret.h"
#include "token/container/codepage.h"
#include "token/container/container_lock.h"

#include <gnutls/abstract.h>
#include <string.h>

/* One file, copied. */
static enum fault put(struct container_files *files, enum container_file file,
                      const uint8_t *data, size_t size)
{
    uint8_t *room;
    enum fault fault = container_files_room(files, file, size, &room);

    if (fault == FAULT_NONE)
        memcpy(room, data, size);
    return fault;
}

static enum fault put_name(struct container_files *files, const char *name)
{
    uint8_t text[CONTAINER_NAME_MAX];
    struct bytes out;
    size_t size;
    enum fault fault = codepage_encode(name, text, sizeof text, &size);

    if (fault != FAULT_NONE)
        return fault;
    if (size == 0)
        return FAULT_ARGUMENT;
    bytes_init(&out, MASKED_KEY_MAX);
    der_put(&out, DER_IA5_STRING, text, size);
    der_wrap(&out, 0, DER_SEQUENCE);
    fault = out.failed ? FAULT_MEMORY
                       : put(files, CONTAINER_NAME, out.data, out.size);
    bytes_free(&out);
    return fault;
}

static enum fault
put_pair(struct container_files *files, const struct material *material,
         struct entropy *pool, struct container_password *password,
         enum container_file primary, enum container_file masks)
{
    struct masked_key_files *pair = secret_new(sizeof *pair);
    const uint8_t *scalar[CONTAINER_KEYS];
    enum fault fault = FAULT_MEMORY;

    if (pair == NULL)
        return fault;
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        scalar[i] = material->key[i].scalar;
    fault = masked_key_make(material->key[0].algorithm, scalar, material->keys,
                            pool, password, pair);
    if (fault == FAULT_NONE)
        fault = put(files, primary, pair->primary, pair->primary_size);
    if (fault == FAULT_NONE)
        fault = put(files, masks, pair->masks, pair->masks_size);
    secret_free(&pair);
    return fault;
}

static enum fault put_pairs(struct container_files *files,
                            const struct material *material,
                            struct entropy *pool,
                            struct container_password *password)
{
    enum fault fault = put_pair(files, material, pool, password,
                                CONTAINER_PRIMARY, CONTAINER_MASKS);

    if (fault == FAULT_NONE)
        fault = put_pair(files, material, pool, password, CONTAINER_PRIMARY2,
                         CONTAINER_MASKS2);
    return fault;
}

/* The OID that its container or its certificate has for the curve, for one
 * curve has several; ours where there is none. */
static const char *curve_oid(const struct material_key *key)
{
    const char *oid = key->algorithm->curve_oid;
    gnutls_ecc_curve_t curve;
    gnutls_pubkey_t public;

    if (key->curve_oid[0] != '\0')
        return key->curve_oid;
    if (key->certificate == NULL || certificate_crt(key->certificate) == NULL ||
        gnutls_pubkey_init(&public) < 0)
        return oid;
    if (gnutls_pubkey_import_x509(public, certificate_crt(key->certificate),
                                  0) >= 0 &&
        gnutls_pubkey_export_gost_raw2(public, &curve, NULL, NULL, NULL, NULL,
                                       0) >= 0 &&
        gnutls_ecc_curve_get_oid(curve) != NULL)
        oid = gnutls_ecc_curve_get_oid(curve);
    gnutls_pubkey_deinit(public);
    return oid;
}

static void fill_content(const struct material *material,
                         struct container *const key[CONTAINER_KEYS],
                         struct header_content *content)
{
    content->keys = material->keys;
    content->period.not_before = material->key_not_before;
    content->period.not_after = material->key_not_after;
    content->extensions =
        (struct der){material->extensions.data, material->extensions.size};
    for (size_t i = 0; i < material->keys; i++) {
        const struct material_key *own = &material->key[i];

        content->key[i] = (struct header_new_key){
            .algorithm = own->algorithm,
            .curve_oid = curve_oid(own),
            .flags = own->flags,
            .fingerprint = key[i]->point,
            .certificate =
                own->certificate == NULL ? NULL : &own->certificate->der,
        };
    }
}

static enum fault put_header(struct container_files *files,
                             const struct material *material,
                             struct container_password *password,
                             struct container *const key[CONTAINER_KEYS])
{
    const struct der fingerprint = {key[0]->point, HEADER_FINGERPRINT};
    uint8_t mac[GOST28147_MAC];
    struct header_content content = {.has_password = password->size > 0,
                                     .password_mac = mac};
    struct bytes out;
    enum fault fault = container_lock_mac(suite_of(material->key[0].algorithm),
                                          password, &fingerprint, mac);

    bytes_init(&out, HEADER_MAX);
    fill_content(material, key, &content);
    if (fault == FAULT_NONE)
        fault = header_make(&content, &out);
    if (fault == FAULT_NONE)
        fault = put(files, CONTAINER_HEADER, out.data, out.size);
    bytes_free(&out);
    return fault;
}

/* One mask and one derivation serve both keys. */
static bool is_allowed(const struct material *material)
{
    return material->keys == 1 ||
           (material->keys == 2 &&
            material->key[0].algorithm == material->key[1].algorithm);
}

static enum fault fill(const struct material *material,
                       struct container *const key[CONTAINER_KEYS],
                       struct container_password *password,
                       struct entropy *pool, struct container_files *files)
{
    enum fault fault = put_name(files, material->name);

    if (fault == FAULT_NONE)
        fault = put_header(files, material, password, key);
    if (fault == FAULT_NONE)
        fault = put_pairs(files, material, pool, password);
    return fault;
}

enum fault container_writer_make(const struct material *material,
                                 struct container *const key[CONTAINER_KEYS],
                                 struct container_password *password,
                                 struct entropy *pool,
                                 struct container_files **files)
{
    enum fault fault = FAULT_ARGUMENT;

    *files = NULL;
    if (!is_allowed(material))
        return fault;
    fault = container_files_new(files);
    if (fault == FAULT_NONE)
        fault = fill(material, key, password, pool, *files);
    if (fault != FAULT_NONE)
        container_files_free(files);
    return fault;
}

static enum fault put_relocked(const struct container_files *old_one,
                               struct container_password *password,
                               struct container_files *files)
{
    struct der file = container_files_at(old_one, CONTAINER_HEADER);
    struct der name = container_files_at(old_one, CONTAINER_NAME);
    uint8_t mac[GOST28147_MAC];
    struct header header;
    struct bytes out;
    enum fault fault = header_read(&file, &header);

    bytes_init(&out, HEADER_MAX);
    if (fault == FAULT_NONE)
        fault = container_lock_mac(header.suite, password,
                                   &header.key[0].fingerprint, mac);
    if (fault == FAULT_NONE)
        fault = header_set_password(&header, password->size > 0, mac, &out);
    if (fault == FAULT_NONE)
        fault = put(files, CONTAINER_HEADER, out.data, out.size);
    if (fault == FAULT_NONE)
        fault = put(files, CONTAINER_NAME, name.at, name.left);
    bytes_free(&out);
    return fault;
}

enum fault container_writer_relock(const struct container_files *files,
                                   const struct material *material,
                                   struct container_password *password,
                                   struct entropy *pool,
                                   struct container_files **out)
{
    enum fault fault = container_files_new(out);

    if (fault == FAULT_NONE)
        fault = put_relocked(files, password, *out);
    if (fault == FAULT_NONE)
        fault = put_pairs(*out, material, pool, password);
    if (fault != FAULT_NONE)
        container_files_free(out);
    return fault;
}

/* Whether the certificate is for the key that the header names. */
static enum fault compare(const struct header_key *header,
                          const struct certificate *certificate)
{
    if (header->algorithm == NULL ||
        certificate->algorithm != header->algorithm)
        return FAULT_KEY_MISMATCH;
    return header->fingerprint.at == NULL ||
                   der_equals(&header->fingerprint, certificate->point,
                              HEADER_FINGERPRINT)
               ? FAULT_NONE
               : FAULT_KEY_MISMATCH;
}

enum fault container_writer_certify(const struct container_files *files,
                                    size_t key,
                                    const struct certificate *certificate,
                                    struct bytes *out)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    enum fault fault = header_read(&file, &header);

    if (fault == FAULT_NONE && key >= header.keys)
        fault = FAULT_NOT_FOUND;
    if (fault == FAULT_NONE)
        fault = header.key[key].refused;
    if (fault == FAULT_NONE)
        fault = compare(&header.key[key], certificate);
    if (fault == FAULT_NONE)
        fault = header_replace(&header, key, certificate->der.data,
                               certificate->der.size, out);
    return fault;
}
