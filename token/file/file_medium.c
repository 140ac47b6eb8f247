#include "token/file/file_medium.h"

#include "token/file/disk.h"
#include "token/file/file_copy.h"
#include "token/file/file_store.h"
#include "token/file/folder.h"
#include "token/file/folder_name.h"
#include "token/file/found.h"
#include "token/file/listing.h"
#include "token/file/place.h"
#include "token/stored.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What a new container and its certificate take: a block at least for each
 * file and the folder, and some bytes. */
enum { BLOCKS_NEEDED = 8, BYTES_NEEDED = 16 * 1024 };

static enum fault read_files(void *context, const char *plain,
                             enum stored_part part,
                             struct container_files **files)
{
    struct found found;
    enum fault fault = part != STORED_ALL ? found_look(&found, plain)
                                          : found_open(&found, plain);

    (void)context;
    *files = found.files;
    found.files = NULL;
    found_close(&found);
    return fault;
}

static const struct stored_reader reader = {.read = read_files};

static enum fault describe(const char *where, struct container_info *info)
{
    return stored_describe(&reader, where, info);
}

static enum fault open_container(const char *where, const char *password,
                                 struct container **container)
{
    return stored_open(&reader, where, password, container);
}

static enum fault take_out(const char *where, const char *password,
                           struct material **material)
{
    return stored_take_out(&reader, where, password, material);
}

/* Nothing of it stands behind a PIN. */
static enum fault inspect(const char *where, enum medium_depth depth,
                          const char *password,
                          struct container_report **report)
{
    (void)depth;
    return stored_inspect(&reader, where, STORED_ALL, password, report);
}

/* A location that is itself a container is a list of its keys. */
static enum fault list(const char *location, container_visitor *visit,
                       void *context)
{
    struct listing *listing = NULL;
    char where[LOCATION_MAX], path[LOCATION_MAX];
    int fd = -1;
    enum fault fault = FAULT_NONE;

    (void)stored_plain(location, where);
    fault = place_path(where, path);
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &fd);
    if (fault != FAULT_NONE)
        return fault;
    if (faccessat(fd, container_files_name(CONTAINER_HEADER), F_OK,
                  AT_SYMLINK_NOFOLLOW) == 0)
        fault = stored_visit(&reader, location, STORED_HEADER, visit, context);
    else
        fault = listing_read(fd, listing_container, LISTING_MAX, &listing);
    for (size_t i = 0;
         listing != NULL && i < listing->count && fault == FAULT_NONE; i++) {
        fault = medium_join(&file_medium, location, listing->name[i], where);
        if (fault == FAULT_NONE)
            fault = stored_visit(&reader, where, STORED_HEADER, visit, context);
    }
    listing_free(&listing);
    close(fd);
    return fault;
}

/* Asked, not tried: what is made and taken away again costs later files, on an
 * ext4 without a journal, a look at it for minutes. */
static enum fault may_write(int fd)
{
    struct statvfs space;

    if (fstatvfs(fd, &space) == 0 && space.f_blocks > 0 && space.f_frsize > 0 &&
        space.f_bavail < BLOCKS_NEEDED + BYTES_NEEDED / space.f_frsize)
        return FAULT_FULL;
    return faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) == 0 ? FAULT_NONE
                                                            : disk_fault(errno);
}

static enum fault probe(const char *location, const char *folder_name)
{
    struct stat stat;
    char path[LOCATION_MAX];
    int fd = -1;
    enum fault fault = FAULT_ARGUMENT;

    if (folder_name != NULL && !folder_name_valid(folder_name))
        return fault;
    fault = place_path(location, path);
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &fd);
    if (fault == FAULT_NOT_FOUND && place_is_made(path))
        return FAULT_NONE;
    if (fault != FAULT_NONE)
        return fault;
    if (folder_name != NULL &&
        fstatat(fd, folder_name, &stat, AT_SYMLINK_NOFOLLOW) == 0)
        fault = FAULT_EXISTS;
    else if (folder_is_container(fd))
        fault = FAULT_LOCATION;
    else
        fault = may_write(fd);
    close(fd);
    return fault;
}

const struct medium_ops file_medium = {
    .kind = "file",
    .join = place_join,
    .name = folder_name_choose,
    .list = list,
    .describe = describe,
    .open = open_container,
    .generate = file_store_generate,
    .store = file_store_key,
    .write_certificate = file_store_certificate,
    .take_out = take_out,
    .put_in = file_store_put_in,
    .inspect = inspect,
    .set_password = file_store_password,
    .read_files = file_copy_read,
    .write_files = file_copy_write,
    .probe = probe,
};
