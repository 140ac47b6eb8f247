#include "client/archive.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum outcome archive_add(const struct certificate *certificate, char *path)
{
    char folder[PATHS_MAX];

    if (paths_of(PATHS_STATE, "archive", folder) != 0 ||
        snprintf(path, PATHS_MAX, "%s/%s.cer", folder,
                 certificate->thumbprint) >= PATHS_MAX)
        return OUTCOME_STATE_UNWRITABLE;
    if (access(path, F_OK) == 0)
        return OUTCOME_DONE;
    if (paths_make(folder) != 0 ||
        paths_write(path, certificate->der.data, certificate->der.size) != 0)
        return errno == ENOSPC || errno == EDQUOT ? OUTCOME_FULL
                                                  : OUTCOME_STATE_UNWRITABLE;
    return OUTCOME_DONE;
}
