#include "token/file/file_copy.h"

#include "token/file/folder.h"
#include "token/file/found.h"
#include "token/file/place.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum fault file_copy_read(const char *where, struct container_files **files)
{
    struct found found;
    enum fault fault = found_open(&found, where);

    *files = NULL;
    /* A file that cannot be read must not be left out in silence. */
    if (fault == FAULT_NONE)
        fault = found.files->unread;
    if (fault == FAULT_NONE) {
        *files = found.files;
        found.files = NULL;
    }
    found_close(&found);
    return fault;
}

/* One name, and not a hidden one, which no list shows. */
static bool is_plain(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL &&
           strnlen(name, NAME_MAX + 1) <= NAME_MAX;
}

struct asking {
    container_check *check;
    void *context;
};

static enum fault pass_on(const void *context,
                          const struct container_files *files)
{
    const struct asking *asking = context;

    return asking->check(asking->context, files);
}

enum fault file_copy_write(const char *location, const char *folder_name,
                           const struct container_files *files,
                           container_check *check, void *context)
{
    const struct asking asking = {check, context};
    char path[LOCATION_MAX];
    int fd = -1;
    enum fault fault = FAULT_ARGUMENT;

    if (!is_plain(folder_name))
        return fault;
    fault = place_path(location, path);
    if (fault == FAULT_NONE)
        fault = place_open_new(path, &fd);
    if (fault == FAULT_NONE)
        fault = folder_create(fd, folder_name, files, pass_on, &asking);
    if (fd >= 0)
        close(fd);
    return fault;
}
