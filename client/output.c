#include "client/output.h"

#include "client/text.h"
#include "token/file/disk.h"
#include "token/sealed/sealed_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_is_stream(const char *path)
{
    return strcmp(path, "-") == 0;
}

static enum outcome fail(struct failure *failure, enum fault fault,
                         const char *path)
{
    failure->outcome =
        fault == FAULT_EXISTS ? OUTCOME_FILE_EXISTS : outcome_of_fault(fault);
    if (fault != FAULT_NONE)
        text_clean_into(failure->detail, sizeof(failure->detail), path);
    return failure->outcome;
}

static enum fault probe_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char folder[LOCATION_MAX];

    snprintf(folder, sizeof(folder), "%.*s",
             slash == NULL ? 1 : (int)(slash - path + 1),
             slash == NULL ? "." : path);
    return access(folder, W_OK | X_OK) == 0 ? FAULT_NONE : disk_fault(errno);
}

enum outcome output_probe(const struct options *options, const char *path,
                          struct failure *failure)
{
    struct stat about;

    if (output_is_stream(path))
        return OUTCOME_DONE;
    if (strlen(path) >= LOCATION_MAX)
        return fail(failure, FAULT_TOO_LARGE, path);
    if (lstat(path, &about) == 0 &&
        (!options->overwrite || !S_ISREG(about.st_mode)))
        return fail(failure, FAULT_EXISTS, path);
    return fail(failure, probe_folder(path), path);
}

/* It is compared to the byte already. */
static enum fault agree(void *context, const uint8_t *data, size_t size)
{
    (void)context;
    (void)data;
    (void)size;
    return FAULT_NONE;
}

enum outcome output_write(const struct options *options, const char *path,
                          const struct bytes *content, struct failure *failure)
{
    if (!output_is_stream(path))
        return fail(failure,
                    sealed_file_write(path, content->data, content->size,
                                      options->overwrite, agree, NULL),
                    path);
    if (fwrite(content->data, 1, content->size, stdout) == content->size &&
        fflush(stdout) == 0)
        return OUTCOME_DONE;
    return fail(failure, disk_fault(errno), path);
}
