#include "client/renewal/former.h"

#include "client/bundle_file.h"
#include "client/pin/pin_given.h"
#include "client/text.h"
#include "client/unlock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool former_is_alone(const char *where)
{
    return medium_kind(where) == NULL;
}

const char *former_key(const char *where)
{
    return former_is_alone(where) ? NULL : where;
}

/* --- alone --------------------------------------------------------------- */

/* The path of a regular file; NULL: it is none. */
static const char *file_of(const char *where)
{
    static const char word[] = "file:";
    const size_t size = sizeof(word) - 1;
    const char *path = strncmp(where, word, size) == 0 ? where + size : where;
    struct stat about;

    return stat(path, &about) == 0 && S_ISREG(about.st_mode) ? path : NULL;
}

static bool is_issuer(const struct chain *chain, size_t one)
{
    for (size_t i = 0; i < chain->count; i++)
        if (i != one &&
            certificate_names(chain->certificate[i], chain->certificate[one]))
            return true;
    return false;
}

static enum fault read_file(const char *path, struct certificate **certificate)
{
    struct chain chain = {.count = 0};
    enum fault fault = bundle_file_read(path, &chain);
    size_t found = 0, place = 0;

    *certificate = NULL;
    for (size_t i = 0; fault == FAULT_NONE && i < chain.count; i++)
        if (!is_issuer(&chain, i)) {
            place = i;
            found++;
        }
    if (fault == FAULT_NONE)
        fault = found == 1
                    ? certificate_copy(chain.certificate[place], certificate)
                    : FAULT_CERTIFICATE;
    chain_free(&chain);
    return fault;
}

static enum fault read_alone(const char *path, struct container_info *info)
{
    char *real = realpath(path, NULL);
    enum fault fault = FAULT_TOO_LARGE;

    if (real == NULL)
        return errno == ENOMEM ? FAULT_MEMORY : FAULT_NOT_FOUND;
    *info = (struct container_info){.algorithm = NULL};
    if (strlen(real) < sizeof(info->where)) {
        memcpy(info->where, real, strlen(real) + 1);
        fault = read_file(real, &info->certificate);
    }
    free(real);
    return fault;
}

/* --- with its key -------------------------------------------------------- */

/* An express renewal is made with as few questions as can be: the new key goes
 * where the old one is. */
static void stay_at_home(struct options *options, const char *where, char *home)
{
    const struct medium_ops *ops = medium_kind(where);

    if (ops != NULL && options->express && options->to == NULL &&
        medium_home(ops, where, home) == FAULT_NONE)
        options->to = home;
}

/* What describes a container may stand behind the PIN. */
static enum outcome take_pin(const struct desk *desk, const char *where,
                             struct failure *failure)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];

    if (file_of(where) != NULL ||
        medium_find(where, &ops, canonical) != FAULT_NONE)
        return failure->outcome = OUTCOME_DONE; /* to be looked at yet */
    return pin_given_take(ops, canonical, desk->options->old_pin_file,
                          desk->options->old_pin_fd, "--old-pin-file", failure);
}

/* --- either -------------------------------------------------------------- */

enum fault former_describe(const char *where, struct container_info *info)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault;

    if (file_of(where) != NULL)
        return read_alone(file_of(where), info);
    fault = medium_find(where, &ops, canonical);
    if (fault == FAULT_NONE)
        fault = ops->describe(canonical, info);
    return fault == FAULT_NONE && info->certificate == NULL
               ? FAULT_NO_CERTIFICATE
               : fault;
}

enum outcome former_read(const struct desk *desk, const char *where,
                         struct container_info *info, char *home,
                         struct failure *failure)
{
    enum fault fault;

    if (take_pin(desk, where, failure) != OUTCOME_DONE)
        return failure->outcome;
    fault = former_describe(where, info);
    if (fault == FAULT_NONE && info->refused != FAULT_NONE)
        return unlock_refused(info, where, failure);
    if (fault == FAULT_NONE)
        stay_at_home(desk->options, info->where, home);
    return unlock_fault(fault, where, failure);
}
