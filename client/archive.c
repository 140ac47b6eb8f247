#include "client/archive.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether it is there, and whole. */
static bool has(const char *path, const struct certificate *certificate)
{
    size_t size = 0;
    char *there = paths_read(path, CERTIFICATE_MAX, &size);
    bool whole = there != NULL && size == certificate->der.size &&
                 memcmp(there, certificate->der.data, size) == 0;

    free(there);
    return whole;
}

enum outcome archive_add(const struct certificate *certificate, char *path)
{
    char folder[PATHS_MAX];

    if (paths_of(PATHS_STATE, "archive", folder) != 0 ||
        snprintf(path, PATHS_MAX, "%s/%s.cer", folder,
                 certificate->thumbprint) >= PATHS_MAX)
        return OUTCOME_STATE_UNWRITABLE;
    if (has(path, certificate))
        return OUTCOME_DONE;
    if (paths_make(folder) != 0 ||
        paths_write(path, certificate->der.data, certificate->der.size) != 0)
        return errno == ENOSPC || errno == EDQUOT ? OUTCOME_FULL
                                                  : OUTCOME_STATE_UNWRITABLE;
    return OUTCOME_DONE;
}
