#include "token/medium.h"

#include "keygen/external_key.h"
#include "keygen/secret.h"
#include "token/file/file_medium.h"
#include "token/file/place.h"
#include "token/pkcs11/pkcs11_medium.h"
#include "token/rutoken/rutoken_medium.h"
#include "token/rutoken/rutoken_place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A word in front of a location, and what makes its rest canonical. */
static const struct kind {
    const char *word;
    const struct medium_ops *ops;
    enum fault (*resolve)(const char *rest, char *canonical);
} kinds[] = {
    {"file:", &file_medium, place_resolve},
    {"local:", &file_medium, place_resolve_local},
    {"rutoken:", &rutoken_medium, rutoken_place_resolve},
    {"pkcs11:", &pkcs11_medium, pkcs11_medium_resolve},
};

static const struct medium_ops *const media[] = {&file_medium, &rutoken_medium,
                                                 &pkcs11_medium};

const struct medium_ops *medium_at(size_t i)
{
    return i < sizeof media / sizeof media[0] ? media[i] : NULL;
}

const struct medium_ops *medium_kind(const char *location)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(kinds[i].word, location, strlen(kinds[i].word)) == 0)
            return kinds[i].ops;
    return NULL;
}

/* Whether a word and a colon stand before any slash: then it is no path. */
static bool has_word(const char *location)
{
    size_t size = strcspn(location, ":/");

    return size > 0 && location[size] == ':';
}

static enum fault resolve(const char *location, const struct medium_ops **ops,
                          char *canonical)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const size_t size = strlen(kinds[i].word);

        if (strncmp(location, kinds[i].word, size) != 0)
            continue;
        *ops = kinds[i].ops;
        return kinds[i].resolve(location + size, canonical);
    }
    if (has_word(location) || location[0] == '\0')
        return FAULT_LOCATION;
    *ops = &file_medium;
    return place_resolve_path(location, canonical);
}

/* "?signature" is a part of a name that a shell has completed. */
static bool is_path(const char *location)
{
    return !has_word(location) && access(location, F_OK) == 0;
}

enum fault medium_find(const char *location, const struct medium_ops **ops,
                       char *canonical)
{
    static const char second[] = CONTAINER_SECOND;
    const size_t tail = sizeof second - 1;
    const size_t size = strnlen(location, LOCATION_MAX);
    char plain[LOCATION_MAX];
    enum fault fault;

    if (size == LOCATION_MAX)
        return FAULT_TOO_LARGE;
    memcpy(plain, location, size + 1);
    if (size <= tail || strcmp(plain + size - tail, second) != 0 ||
        is_path(plain))
        return resolve(plain, ops, canonical);
    /* Which key is meant is no part of the path. */
    plain[size - tail] = '\0';
    fault = resolve(plain, ops, canonical);
    if (fault == FAULT_NONE && strlen(canonical) + tail >= LOCATION_MAX)
        fault = FAULT_TOO_LARGE;
    if (fault == FAULT_NONE)
        memcpy(canonical + strlen(canonical), second, tail + 1);
    return fault;
}

enum fault medium_join(const struct medium_ops *ops, const char *location,
                       const char *folder, char *where)
{
    int size;

    if (ops->join != NULL)
        return ops->join(location, folder, where);
    size = snprintf(where, LOCATION_MAX, "%s/%s", location, folder);
    return size < 0 || size >= LOCATION_MAX ? FAULT_TOO_LARGE : FAULT_NONE;
}

enum fault medium_home(const struct medium_ops *ops, const char *where,
                       char *location)
{
    const char *slash = strrchr(where, '/');
    size_t size;

    if (ops->home != NULL)
        return ops->home(where, location);
    if (slash == NULL)
        return FAULT_LOCATION;
    size = (size_t)(slash - where);
    if (size >= LOCATION_MAX)
        return FAULT_TOO_LARGE;
    memcpy(location, where, size);
    location[size] = '\0';
    return FAULT_NONE;
}

void medium_exclusive(const struct medium_ops *ops, const char *location,
                      char key[MEDIUM_KEY_MAX])
{
    key[0] = '\0';
    if (ops->exclusive != NULL)
        ops->exclusive(location, key);
}

enum fault container_fault(const struct container *container)
{
    return container->external == NULL
               ? FAULT_NONE
               : external_key_fault(container->external);
}

void container_info_free(struct container_info *info)
{
    certificate_free(&info->certificate);
    overview_free(&info->overview);
}

bool container_info_fits(const struct container_info *info,
                         const struct certificate *certificate)
{
    return info->has_fingerprint && info->algorithm != NULL &&
           info->algorithm == certificate->algorithm &&
           memcmp(info->fingerprint, certificate->point,
                  sizeof info->fingerprint) == 0;
}

void container_free(struct container **container)
{
    if (*container == NULL)
        return;
    container_info_free(&(*container)->info);
    if ((*container)->key != NULL)
        gnutls_privkey_deinit((*container)->key);
    secret_free(&(*container)->scalar);
    free(*container);
    *container = NULL;
}
