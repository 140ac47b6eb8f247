#include "client/pfx/intake.h"

#include "client/text.h"
#include "keygen/certificate.h"
#include "token/container/codepage.h"
#include "token/material.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TRIES = 16 /* more than a token has places */ };

/* --- which --------------------------------------------------------------- */

static bool is_named(const struct pfx_key *key, const char *name)
{
    const struct certificate *certificate = key->key.certificate;
    const char *owner;

    if (name == NULL || strcmp(key->name, name) == 0)
        return true;
    if (certificate == NULL)
        return false;
    owner = certificate->subject.value[NAME_COMMON_NAME];
    return strcasecmp(certificate->thumbprint, name) == 0 ||
           (owner != NULL && strcmp(owner, name) == 0);
}

static bool is_exchange(const struct pfx_key *key)
{
    return (key->key.flags & CONTAINER_EXCHANGE) != 0;
}

/* The item that a key joins: the other half of one container. */
static struct intake_item *find_half(struct intake *intake,
                                     const struct pfx_key *key)
{
    for (size_t i = 0; i < intake->count; i++) {
        struct intake_item *item = &intake->item[i];
        const struct pfx_key *first = &intake->pfx->key[item->key[0]];

        if (item->keys == 1 && key->name[0] != '\0' &&
            strcmp(first->name, key->name) == 0 &&
            is_exchange(first) != is_exchange(key) &&
            first->not_after == key->not_after)
            return item;
    }
    return NULL;
}

enum outcome intake_plan(struct intake *intake, const struct pfx *pfx,
                         const char *name)
{
    memset(intake, 0, sizeof(*intake));
    intake->pfx = pfx;
    for (size_t i = 0; i < pfx->keys; i++) {
        struct intake_item *half;

        if (!is_named(&pfx->key[i], name))
            continue;
        half = find_half(intake, &pfx->key[i]);
        if (half == NULL) {
            half = &intake->item[intake->count++];
            half->failure.elsewhere = true;
        }
        half->key[half->keys++] = i;
    }
    return intake->count > 0 ? OUTCOME_DONE : OUTCOME_PFX_NO_KEY;
}

/* --- what goes into it --------------------------------------------------- */

static bool fits_name(const char *name)
{
    uint8_t text[CONTAINER_NAME_MAX];
    size_t size;

    return name != NULL &&
           codepage_encode(name, text, sizeof(text), &size) == FAULT_NONE &&
           size > 0;
}

/* That of the file, else the owner's, else a plain one. */
static void name_it(struct material *material, const struct pfx_key *key)
{
    const struct certificate *certificate = key->key.certificate;
    const char *owner = certificate != NULL
                            ? certificate->subject.value[NAME_COMMON_NAME]
                            : NULL;
    const char *name = fits_name(key->name) ? key->name
                       : fits_name(owner)   ? owner
                                            : "imported";

    snprintf(material->name, sizeof(material->name), "%s", name);
}

static const struct certificate *issuer_of(const struct pfx *pfx,
                                           const struct certificate *one)
{
    for (size_t i = 0; i < pfx->certificates; i++)
        if (certificate_names(one, pfx->certificate[i]))
            return pfx->certificate[i];
    return NULL;
}

/* From the key's certificate up, as far as the file has it. */
static enum fault put_chain(struct material *material, const struct pfx *pfx,
                            const struct certificate *from)
{
    struct chain chain = {.count = 0};
    enum fault fault = FAULT_NONE;

    while (fault == FAULT_NONE && from != NULL && chain.count < CHAIN_MAX) {
        struct certificate *copy = NULL;

        if (certificate_names(from, from))
            break; /* a root */
        from = issuer_of(pfx, from);
        if (from == NULL)
            break;
        fault = certificate_copy(from, &copy);
        if (fault == FAULT_NONE)
            fault = chain_add(&chain, copy);
    }
    if (fault == FAULT_NONE && chain.count > 0)
        fault = material_set_chain(material, &chain);
    chain_free(&chain);
    return fault;
}

/* The exchange key is the first of a container. */
static enum fault put_keys(struct material *material, const struct pfx *pfx,
                           const struct intake_item *item)
{
    const bool turned =
        item->keys == 2 && !is_exchange(&pfx->key[item->key[0]]);
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < item->keys && fault == FAULT_NONE; i++) {
        const struct pfx_key *from = &pfx->key[item->key[turned ? 1 - i : i]];
        struct material_key *to = &material->key[i];

        *to = from->key;
        to->certificate = NULL;
        if (from->key.certificate != NULL)
            fault = certificate_copy(from->key.certificate, &to->certificate);
        material->keys++;
    }
    return fault;
}

/* A key whose certificate is not among those of its file has none, or
 * another's: then the file is not what it seems. */
static enum fault check_key(const struct pfx *pfx, const struct pfx_key *key)
{
    return key->key.certificate == NULL && pfx->certificates > 0
               ? FAULT_KEY_MISMATCH
               : FAULT_NONE;
}

static enum fault fill(struct material *material, const struct pfx *pfx,
                       const struct intake_item *item)
{
    const struct pfx_key *first = &pfx->key[item->key[0]];
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < item->keys && fault == FAULT_NONE; i++)
        fault = check_key(pfx, &pfx->key[item->key[i]]);
    if (fault != FAULT_NONE)
        return fault;
    name_it(material, first);
    material->key_not_after = first->not_after;
    if (first->not_after == 0 && first->key.certificate != NULL)
        material->key_not_after = first->key.certificate->key_not_after;
    fault = put_keys(material, pfx, item);
    if (fault == FAULT_NONE)
        fault = put_chain(material, pfx, first->key.certificate);
    return fault;
}

/* --- where --------------------------------------------------------------- */

/* A name that is taken is left alone. */
static enum fault put_in(const struct material *material,
                         const struct medium_ops *ops, const char *location,
                         const char *password, struct entropy *pool,
                         struct intake_item *item)
{
    struct container *made = NULL;
    enum fault fault = FAULT_EXISTS;
    char folder[CONTAINER_FOLDER_MAX];

    for (unsigned i = 0; i < TRIES && fault == FAULT_EXISTS; i++) {
        fault = ops->name(location, NULL, NULL, i, folder);
        if (fault == FAULT_NONE)
            fault =
                ops->put_in(location, folder, material, password, pool, &made);
    }
    if (fault == FAULT_NONE)
        snprintf(item->where, sizeof(item->where), "%s", made->info.where);
    container_free(&made);
    return fault;
}

void intake_make(struct intake *intake, size_t i, const struct medium_ops *ops,
                 const char *location, const char *password,
                 struct entropy *pool)
{
    struct intake_item *item = &intake->item[i];
    struct material *material = NULL;
    enum fault fault = material_new(&material);

    if (fault == FAULT_NONE)
        fault = fill(material, intake->pfx, item);
    if (fault == FAULT_NONE)
        fault = put_in(material, ops, location, password, pool, item);
    material_free(&material);
    item->failure.outcome = fault == FAULT_NONE ? OUTCOME_IMPORTED
                            : fault == FAULT_KEY_MISMATCH
                                ? OUTCOME_PFX_MISMATCH
                                : outcome_of_fault(fault);
    if (fault != FAULT_NONE)
        text_clean_into(item->failure.detail, sizeof(item->failure.detail),
                        intake->pfx->key[item->key[0]].name);
}
