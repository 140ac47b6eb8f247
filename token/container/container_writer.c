#include "token/container/container_writer.h"

#include "keygen/keypair.h"
#include "keygen/scalar.h"
#include "keygen/secret.h"
#include "token/container/codepage.h"
#include "token/container/container_password.h"

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

static enum fault put_pair(struct container_files *files,
                           const struct container_spec *spec,
                           const uint8_t *scalar, struct entropy *pool,
                           const struct container_password *password,
                           enum container_file primary,
                           enum container_file masks)
{
    struct masked_key_files *pair = secret_new(sizeof *pair);
    enum fault fault = FAULT_MEMORY;

    if (pair == NULL)
        return fault;
    fault = masked_key_make(suite_of(spec->algorithm), spec->algorithm, scalar,
                            pool, password->cells, password->size, pair);
    if (fault == FAULT_NONE)
        fault = put(files, primary, pair->primary, pair->primary_size);
    if (fault == FAULT_NONE)
        fault = put(files, masks, pair->masks, pair->masks_size);
    secret_free(&pair);
    return fault;
}

/* All zero where there is no password. */
static enum fault make_password_mac(const struct container_spec *spec,
                                    const struct container_password *password,
                                    const uint8_t *fingerprint,
                                    uint8_t mac[GOST28147_MAC])
{
    const struct suite *suite = suite_of(spec->algorithm);
    enum fault fault = FAULT_MEMORY;
    uint8_t *key = NULL;

    memset(mac, 0, GOST28147_MAC);
    if (password->size == 0)
        return FAULT_NONE;
    key = secret_new(CPKDF_KEY);
    if (key == NULL)
        return fault;
    fault = cpkdf(&suite->hash, password->cells, password->size, fingerprint,
                  HEADER_FINGERPRINT, key);
    if (fault == FAULT_NONE)
        header_password_mac(suite, key, mac);
    secret_free(&key);
    return fault;
}

/* The OID that the certificate has for the curve, for one curve has several;
 * ours where there is none. */
static const char *curve_oid(const struct container_spec *spec)
{
    const char *oid = spec->algorithm->curve_oid;
    gnutls_ecc_curve_t curve;
    gnutls_pubkey_t key;

    if (spec->certificate == NULL || gnutls_pubkey_init(&key) < 0)
        return oid;
    if (gnutls_pubkey_import_x509(key, spec->certificate->crt, 0) >= 0 &&
        gnutls_pubkey_export_gost_raw2(key, &curve, NULL, NULL, NULL, NULL,
                                       0) >= 0 &&
        gnutls_ecc_curve_get_oid(curve) != NULL)
        oid = gnutls_ecc_curve_get_oid(curve);
    gnutls_pubkey_deinit(key);
    return oid;
}

static enum fault put_header(struct container_files *files,
                             const struct container_spec *spec,
                             const struct container_password *password,
                             const uint8_t *point)
{
    uint8_t mac[GOST28147_MAC];
    const struct header_content content = {
        .algorithm = spec->algorithm,
        .curve_oid = curve_oid(spec),
        .has_password = password->size > 0,
        .exportable = spec->exportable,
        .password_mac = mac,
        .fingerprint = point,
        .certificate =
            spec->certificate == NULL ? NULL : &spec->certificate->der,
        .key_not_after = spec->key_not_after,
    };
    struct bytes out;
    enum fault fault = make_password_mac(spec, password, point, mac);

    bytes_init(&out, HEADER_MAX);
    if (fault == FAULT_NONE)
        fault = header_make(&content, &out);
    if (fault == FAULT_NONE)
        fault = put(files, CONTAINER_HEADER, out.data, out.size);
    bytes_free(&out);
    return fault;
}

/* The public point of the scalar; the certificate must be for it. */
static enum fault derive(const struct container_spec *spec,
                         const uint8_t *scalar, uint8_t *point)
{
    gnutls_privkey_t key = NULL;
    enum fault fault = FAULT_ARGUMENT;

    if (!scalar_valid(spec->algorithm, scalar))
        return fault;
    fault = keypair_import(spec->algorithm, scalar, &key);
    if (fault != FAULT_NONE)
        return fault;
    fault = keypair_public(key, spec->algorithm, point);
    gnutls_privkey_deinit(key);
    if (fault == FAULT_NONE && spec->certificate != NULL &&
        !certificate_has_point(spec->certificate, point,
                               2 * spec->algorithm->key_size))
        fault = FAULT_KEY_MISMATCH;
    return fault;
}

static enum fault fill(const struct container_spec *spec, const uint8_t *scalar,
                       struct entropy *pool,
                       const struct container_password *password,
                       struct container_files *files, uint8_t *point)
{
    enum fault fault = put_name(files, spec->name);

    if (fault == FAULT_NONE)
        fault = derive(spec, scalar, point);
    if (fault == FAULT_NONE)
        fault = put_header(files, spec, password, point);
    if (fault == FAULT_NONE)
        fault = put_pair(files, spec, scalar, pool, password, CONTAINER_PRIMARY,
                         CONTAINER_MASKS);
    if (fault == FAULT_NONE)
        fault = put_pair(files, spec, scalar, pool, password,
                         CONTAINER_PRIMARY2, CONTAINER_MASKS2);
    return fault;
}

enum fault container_writer_make(const struct container_spec *spec,
                                 const uint8_t *scalar, struct entropy *pool,
                                 struct container_files **files, uint8_t *point)
{
    const char *text = spec->password == NULL ? "" : spec->password;
    struct container_password *password = NULL;
    enum fault fault = container_password_check(text);

    *files = NULL;
    if (fault == FAULT_NONE)
        fault =
            container_password_cells(text, CONTAINER_PASSWORD_UTF32, &password);
    if (fault == FAULT_NONE)
        fault = container_files_new(files);
    if (fault == FAULT_NONE)
        fault = fill(spec, scalar, pool, password, *files, point);
    if (fault != FAULT_NONE)
        container_files_free(files);
    secret_free(&password);
    return fault;
}

/* Whether the certificate is for the key that the header names. */
static enum fault compare(const struct header *header,
                          const struct certificate *certificate)
{
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    enum fault fault = FAULT_LIBRARY;
    gnutls_pubkey_t key = NULL;

    if (header->algorithm == NULL ||
        certificate->algorithm != header->algorithm)
        return FAULT_KEY_MISMATCH;
    if (header->fingerprint.at == NULL)
        return FAULT_NONE;
    if (gnutls_pubkey_init(&key) < 0)
        return fault;
    if (gnutls_pubkey_import_x509(key, certificate->crt, 0) >= 0)
        fault = keypair_point(key, header->algorithm, point);
    if (fault == FAULT_NONE &&
        !der_equals(&header->fingerprint, point, HEADER_FINGERPRINT))
        fault = FAULT_KEY_MISMATCH;
    gnutls_pubkey_deinit(key);
    return fault;
}

enum fault container_writer_certify(const struct container_files *files,
                                    const struct certificate *certificate,
                                    struct bytes *out)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    enum fault fault = header_read(&file, &header);

    if (fault == FAULT_NONE && header.refused != FAULT_NONE)
        fault = header.refused;
    if (fault == FAULT_NONE)
        fault = compare(&header, certificate);
    if (fault == FAULT_NONE)
        fault = header_replace(&header, certificate->der.data,
                               certificate->der.size, out);
    return fault;
}
