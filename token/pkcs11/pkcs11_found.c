#include "token/pkcs11/pkcs11_found.h"

#include "keygen/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- certificates -------------------------------------------------------- */

static enum fault read_certificate(const struct pkcs11_token *token,
                                   CK_OBJECT_HANDLE object,
                                   struct certificate **certificate)
{
    uint8_t *der = calloc(1, CERTIFICATE_MAX);
    size_t size;
    enum fault fault = FAULT_MEMORY;

    *certificate = NULL;
    if (der == NULL)
        return fault;
    fault = pkcs11_object_read(token, object, CKA_VALUE, der, CERTIFICATE_MAX,
                               &size);
    if (fault == FAULT_NONE)
        fault = certificate_read(der, size, certificate);
    free(der);
    return fault;
}

enum fault pkcs11_found_walk(const struct pkcs11_token *token, const void *id,
                             size_t size, pkcs11_found_visitor *visit,
                             void *context)
{
    struct certificate *one = NULL;
    struct pkcs11_objects objects;
    enum fault fault =
        pkcs11_object_find(token, CKO_CERTIFICATE, id, size, &objects);

    for (size_t i = 0; i < objects.count && fault == FAULT_NONE; i++) {
        fault = read_certificate(token, objects.at[i], &one);
        if (fault == FAULT_CERTIFICATE || fault == FAULT_TOO_LARGE ||
            fault == FAULT_NOT_FOUND)
            fault = FAULT_NONE;
        if (fault == FAULT_NONE)
            visit(context, objects.at[i], &one);
        certificate_free(&one);
    }
    return fault;
}

/* Of an authority, put there for its chain. */
static bool is_authority(const struct certificate *certificate)
{
    unsigned authority = 0;

    return gnutls_x509_crt_get_basic_constraints(certificate_crt(certificate),
                                                 NULL, &authority, NULL) >= 0 &&
           authority != 0;
}

static bool fits(const struct pkcs11_found *found,
                 const struct certificate *certificate)
{
    const struct algorithm *algorithm = found->public.algorithm;

    return algorithm != NULL &&
           certificate_has_point(certificate, found->public.point,
                                 2 * algorithm->key_size);
}

/* Whether one is more likely to be the certificate of the key. */
static bool is_better(const struct pkcs11_found *found,
                      const struct certificate *one)
{
    const struct certificate *other = found->certificate;

    if (other == NULL || fits(found, one) != fits(found, other))
        return other == NULL || fits(found, one);
    return one->not_after > other->not_after;
}

/* One that cannot be read is passed over: the key is no worse for it. */
static void keep_better(void *context, CK_OBJECT_HANDLE object,
                        struct certificate **one)
{
    struct pkcs11_found *found = context;

    (void)object;
    if (*one == NULL) {
        found->unread = true;
    } else if (is_better(found, *one) &&
               (fits(found, *one) || !is_authority(*one))) {
        certificate_free(&found->certificate);
        found->certificate = *one;
        *one = NULL;
    }
}

/* --- keys ---------------------------------------------------------------- */

static enum fault read_public(const struct pkcs11_token *token, const void *id,
                              size_t size, struct pkcs11_found *found)
{
    CK_OBJECT_HANDLE object;
    enum fault fault =
        pkcs11_object_first(token, CKO_PUBLIC_KEY, id, size, &object);

    found->public.refused = FAULT_UNSUPPORTED;
    if (fault != FAULT_NONE || object == 0)
        return fault;
    found->has_key = found->has_public = true;
    fault = pkcs11_public_read(token, object, &found->public);
    memcpy(found->label, found->public.label, sizeof found->label);
    return fault;
}

static enum fault read_private(const struct pkcs11_token *token, const void *id,
                               size_t size, struct pkcs11_found *found)
{
    enum fault fault =
        pkcs11_object_first(token, CKO_PRIVATE_KEY, id, size, &found->private);

    if (fault != FAULT_NONE || found->private == 0)
        return fault;
    found->has_key = true;
    if (found->label[0] == '\0')
        pkcs11_object_label(token, found->private, found->label,
                            sizeof found->label);
    return FAULT_NONE;
}

enum fault pkcs11_found_key(const struct pkcs11_token *token, const void *id,
                            size_t size, struct pkcs11_found *found)
{
    enum fault fault = FAULT_ARGUMENT;

    memset(found, 0, sizeof *found);
    if (size == 0)
        return fault;
    fault = read_public(token, id, size, found);
    if (fault == FAULT_NONE)
        fault = read_private(token, id, size, found);
    return fault == FAULT_NONE && !found->has_key ? FAULT_NOT_FOUND : fault;
}

enum fault pkcs11_found_read(const struct pkcs11_token *token, const void *id,
                             size_t size, struct pkcs11_found *found)
{
    enum fault fault = pkcs11_found_key(token, id, size, found);

    if (fault == FAULT_NONE || fault == FAULT_NOT_FOUND)
        fault = pkcs11_found_walk(token, id, size, keep_better, found);
    if (fault == FAULT_NONE && !found->has_key && found->certificate == NULL)
        fault = found->unread ? FAULT_CERTIFICATE : FAULT_NOT_FOUND;
    if (fault == FAULT_NONE && !found->has_public && found->certificate != NULL)
        pkcs11_public_of_certificate(found->certificate, &found->public);
    found->misfit = found->certificate != NULL &&
                    found->public.algorithm != NULL &&
                    !fits(found, found->certificate);
    return fault;
}

void pkcs11_found_free(struct pkcs11_found *found)
{
    certificate_free(&found->certificate);
}

/* --- what there is to say ------------------------------------------------ */

/* Its label; without one its id, in hex. */
static void put_name(const struct pkcs11_found *found, const uint8_t *id,
                     size_t size, struct container_info *info)
{
    memcpy(info->name, found->label, sizeof info->name);
    for (size_t i = 0; found->label[0] == '\0' && i < size; i++)
        (void)snprintf(info->name + 2 * i, 3, "%02x", id[i]);
}

enum fault pkcs11_found_tell(const struct pkcs11_token *token, const void *id,
                             size_t size, struct pkcs11_found *found,
                             struct container_info *info)
{
    const struct pkcs11_public *public = &found->public;
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(token->location, &place);

    memset(info, 0, sizeof *info);
    if (fault == FAULT_NONE)
        fault = pkcs11_place_set_id(&place, id, size);
    if (fault == FAULT_NONE)
        fault = pkcs11_place_write(&place, info->where);
    pkcs11_place_free(&place);
    if (fault != FAULT_NONE)
        return fault;
    put_name(found, id, size, info);
    info->algorithm = public->algorithm;
    info->resident = true;
    info->misfit = found->misfit;
    info->has_fingerprint = public->algorithm != NULL;
    memcpy(info->fingerprint, public->point, sizeof info->fingerprint);
    info->keys = 1;
    info->flags = CONTAINER_EXCHANGE;
    info->kind = public->kind;
    info->curve = public->curve_name;
    info->refused = public->refused;
    memcpy(info->algorithm_oid, public->algorithm_oid,
           sizeof info->algorithm_oid);
    memcpy(info->curve_oid, public->curve_oid, sizeof info->curve_oid);
    info->certificate = found->certificate;
    found->certificate = NULL;
    if (info->certificate != NULL) {
        info->key_not_before = info->certificate->key_not_before;
        info->key_not_after = info->certificate->key_not_after;
    }
    return FAULT_NONE;
}
