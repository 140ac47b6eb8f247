#include "token/file/file_medium.h"

#include "token/container/container_reader.h"
#include "token/file/disk.h"
#include "token/file/file_copy.h"
#include "token/file/file_store.h"
#include "token/file/folder.h"
#include "token/file/folder_name.h"
#include "token/file/found.h"
#include "token/file/listing.h"
#include "token/file/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* What a new container and its certificate take: a block at least for each
 * file and the folder, and some bytes. */
enum { BLOCKS_NEEDED = 8, BYTES_NEEDED = 16 * 1024 };

static enum fault describe_key(const struct found *found, size_t key,
                               const char *where, struct container_info *info)
{
    enum fault fault;

    *info = (struct container_info){.algorithm = NULL};
    fault = container_reader_describe(found->files, key, info);
    if (fault == FAULT_NONE)
        (void)snprintf(info->where, sizeof info->where, "%s", where);
    else
        container_info_free(info);
    return fault;
}

static enum fault describe(const char *where, struct container_info *info)
{
    struct found found;
    enum fault fault = found_open(&found, where);

    *info = (struct container_info){.algorithm = NULL};
    if (fault == FAULT_NONE)
        fault = describe_key(&found, found.key, where, info);
    found_close(&found);
    return fault;
}

static enum fault open_container(const char *where, const char *password,
                                 struct container **container)
{
    struct found found;
    enum fault fault = found_open(&found, where);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault =
            container_reader_open(found.files, found.key, password, container);
    if (fault == FAULT_NONE)
        (void)snprintf((*container)->info.where, sizeof(*container)->info.where,
                       "%s", where);
    found_close(&found);
    return fault;
}

static enum fault take_out(const char *where, const char *password,
                           struct material **material)
{
    struct container_info info;
    struct found found;
    enum fault fault = found_open(&found, where);

    *material = NULL;
    for (size_t key = 0, keys = 1; key < keys && fault == FAULT_NONE; key++) {
        fault = describe_key(&found, key, where, &info);
        if (fault == FAULT_NONE && !info.exportable)
            fault = FAULT_NOT_EXPORTABLE;
        keys = info.keys;
        container_info_free(&info);
    }
    if (fault == FAULT_NONE)
        fault = container_reader_material(found.files, password, material);
    found_close(&found);
    return fault;
}

static enum fault inspect(const char *where, const char *password,
                          struct container_report **report)
{
    struct found found;
    enum fault fault = found_open(&found, where);

    *report = NULL;
    if (fault == FAULT_NONE) {
        *report = calloc(1, sizeof **report);
        fault = *report == NULL ? FAULT_MEMORY : FAULT_NONE;
    }
    if (fault == FAULT_NONE) {
        (void)found_plain(where, (*report)->where);
        fault = container_reader_report(found.files, password, *report);
    }
    for (size_t i = 0; fault == FAULT_NONE && i < (*report)->keys; i++)
        fault = found_place((*report)->where, i, (*report)->key[i].info.where);
    if (fault != FAULT_NONE)
        report_free(report);
    found_close(&found);
    return fault;
}

static enum fault visit_key(const struct found *found, size_t key,
                            const char *where, container_visitor *visit,
                            void *context, unsigned *keys)
{
    struct container_info *info = calloc(1, sizeof *info);
    enum fault fault = FAULT_MEMORY;

    if (info == NULL)
        return fault;
    fault = describe_key(found, key, where, info);
    if (fault == FAULT_NONE)
        *keys = info->keys;
    fault = visit(context, where, fault, fault == FAULT_NONE ? info : NULL);
    container_info_free(info);
    free(info);
    return fault;
}

/* The key that is meant; with the first also the second. */
static enum fault visit_keys(const char *where, container_visitor *visit,
                             void *context)
{
    char second[LOCATION_MAX];
    struct found found;
    unsigned keys = 1;
    enum fault fault = found_open(&found, where);

    if (fault != FAULT_NONE) {
        found_close(&found);
        return visit(context, where, fault, NULL);
    }
    fault = visit_key(&found, found.key, where, visit, context, &keys);
    if (fault == FAULT_NONE && found.key == 0 && keys > 1)
        fault = found_place(where, 1, second);
    if (fault == FAULT_NONE && found.key == 0 && keys > 1)
        fault = visit_key(&found, 1, second, visit, context, &keys);
    found_close(&found);
    return fault;
}

/* A location that is itself a container is a list of its keys. */
static enum fault list(const char *location, container_visitor *visit,
                       void *context)
{
    struct listing *listing = NULL;
    char where[LOCATION_MAX];
    const char *path;
    int fd = -1;
    enum fault fault = FAULT_NONE;

    (void)found_plain(location, where);
    fault = place_path(where, &path);
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &fd);
    if (fault != FAULT_NONE)
        return fault;
    if (faccessat(fd, container_files_name(CONTAINER_HEADER), F_OK,
                  AT_SYMLINK_NOFOLLOW) == 0)
        fault = visit_keys(location, visit, context);
    else
        fault = listing_read(fd, listing_container, LISTING_MAX, &listing);
    for (size_t i = 0;
         listing != NULL && i < listing->count && fault == FAULT_NONE; i++) {
        fault =
            medium_join(&file_medium, location, listing->name[i], where);
        if (fault == FAULT_NONE)
            fault = visit_keys(where, visit, context);
    }
    listing_free(&listing);
    close(fd);
    return fault;
}

/* Make and remove a folder: only that tells of every kind of obstacle. */
static enum fault try_writing(int fd)
{
    static const char hidden[] = ".kep-probe";
    struct statvfs space;

    if (fstatvfs(fd, &space) == 0 && space.f_blocks > 0 && space.f_frsize > 0 &&
        space.f_bavail < BLOCKS_NEEDED + BYTES_NEEDED / space.f_frsize)
        return FAULT_FULL;
    /* One that is there is of a run that was killed, or of another one that
     * looks at this moment. */
    if (mkdirat(fd, hidden, 0700) != 0 && errno != EEXIST)
        return disk_fault(errno);
    if (unlinkat(fd, hidden, AT_REMOVEDIR) != 0 && errno != ENOENT)
        return disk_fault(errno);
    return FAULT_NONE;
}

static enum fault probe(const char *location, const char *folder_name)
{
    struct stat stat;
    const char *path;
    int fd = -1;
    enum fault fault = FAULT_ARGUMENT;

    if (folder_name != NULL && !folder_name_valid(folder_name))
        return fault;
    fault = place_path(location, &path);
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
        fault = try_writing(fd);
    close(fd);
    return fault;
}

const struct medium_ops file_medium = {
    .kind = "file",
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
