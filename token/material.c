#include "token/material.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "token/container/extensions.h"

#include <stdlib.h>
#include <string.h>

enum fault material_new(struct material **material)
{
    *material = secret_new(sizeof **material);
    if (*material == NULL)
        return FAULT_MEMORY;
    bytes_init(&(*material)->extensions, MATERIAL_EXTENSIONS_MAX);
    return FAULT_NONE;
}

void material_free(struct material **material)
{
    if (*material == NULL)
        return;
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        certificate_free(&(*material)->key[i].certificate);
    bytes_free(&(*material)->extensions);
    secret_free(material);
}

enum fault material_of_spec(const struct container_spec *spec,
                            const uint8_t *scalar, struct material **material)
{
    enum fault fault = FAULT_TOO_LARGE;
    const size_t size = strnlen(spec->name, sizeof(*material)->name);
    struct material_key *key;

    *material = NULL;
    if (size == sizeof(*material)->name)
        return fault;
    fault = material_new(material);
    if (fault != FAULT_NONE)
        return fault;
    key = &(*material)->key[0];
    memcpy((*material)->name, spec->name, size);
    (*material)->key_not_after = spec->key_not_after;
    (*material)->keys = 1;
    key->algorithm = spec->algorithm;
    key->flags =
        CONTAINER_EXCHANGE | (spec->exportable ? CONTAINER_EXPORTABLE : 0);
    if (scalar != NULL)
        memcpy(key->scalar, scalar, spec->algorithm->key_size);
    if (spec->certificate != NULL)
        fault = certificate_copy(spec->certificate, &key->certificate);
    if (fault != FAULT_NONE)
        material_free(material);
    return fault;
}

static enum fault compute(const struct material_key *from,
                          struct container **key)
{
    const size_t size = from->algorithm->key_size;
    struct container *one = calloc(1, sizeof *one);
    enum fault fault;

    *key = one;
    if (one == NULL || (one->scalar = secret_new(size)) == NULL)
        return FAULT_MEMORY;
    secret_move(one->scalar, from->scalar, size);
    one->info.algorithm = from->algorithm;
    fault = keypair_import(from->algorithm, one->scalar, &one->key);
    if (fault == FAULT_NONE)
        fault = keypair_public(one->key, from->algorithm, one->point);
    if (fault == FAULT_NONE && from->certificate != NULL &&
        !certificate_has_point(from->certificate, one->point, 2 * size))
        fault = FAULT_KEY_MISMATCH;
    return fault;
}

enum fault material_keys(const struct material *material,
                         struct container *key[CONTAINER_KEYS])
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        key[i] = NULL;
    for (size_t i = 0; i < material->keys && fault == FAULT_NONE; i++)
        fault = compute(&material->key[i], &key[i]);
    return fault;
}

enum fault material_chain(const struct material *material, struct chain *chain)
{
    const struct der list = {material->extensions.data,
                             material->extensions.size};

    return list.left == 0 ? FAULT_NONE : extensions_chain(&list, chain);
}

enum fault material_set_chain(struct material *material,
                              const struct chain *chain)
{
    extensions_put_chain(&material->extensions, chain);
    return material->extensions.failed ? FAULT_TOO_LARGE : FAULT_NONE;
}
