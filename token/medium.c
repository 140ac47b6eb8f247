#include "token/medium.h"

#include "keygen/secret.h"
#include "token/file/file_medium.h"
#include "token/file/place.h"

#include <stdlib.h>
#include <string.h>

/* A word in front of a location, and what makes its rest canonical. */
static const struct kind {
    const char *word;
    const struct medium_ops *ops;
    enum fault (*resolve)(const char *rest, char *canonical);
} kinds[] = {
    {"file:", &file_medium, place_resolve},
    {"local:", &file_medium, place_resolve_local},
};

/* Whether a word and a colon stand before any slash: then it is no path. */
static bool has_word(const char *location)
{
    size_t size = strcspn(location, ":/");

    return size > 0 && location[size] == ':';
}

enum fault medium_find(const char *location, const struct medium_ops **ops,
                       char *canonical)
{
    if (strnlen(location, LOCATION_MAX) == LOCATION_MAX)
        return FAULT_TOO_LARGE;
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
    return place_resolve(location, canonical);
}

void container_info_free(struct container_info *info)
{
    certificate_free(&info->certificate);
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
