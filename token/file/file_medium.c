#include "token/file/file_medium.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "token/container/container_reader.h"
#include "token/container/container_writer.h"
#include "token/file/disk.h"
#include "token/file/file_copy.h"
#include "token/file/folder.h"
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

static enum fault join(char *where, const char *location, const char *name)
{
    int size = snprintf(where, LOCATION_MAX, "%s/%s", location, name);

    return size < 0 || size >= LOCATION_MAX ? FAULT_TOO_LARGE : FAULT_NONE;
}

/* The six files of a container; *folder stays open for the caller, or -1. */
static enum fault load(const char *where, int *folder,
                       struct container_files **files)
{
    const char *path;
    enum fault fault = place_path(where, &path);

    *folder = -1;
    *files = NULL;
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, folder);
    if (fault == FAULT_NONE)
        fault = folder_read(*folder, files);
    return fault;
}

static void unload(int folder, struct container_files **files)
{
    container_files_free(files);
    if (folder >= 0)
        close(folder);
}

static enum fault describe(const char *where, struct container_info *info)
{
    struct container_files *files;
    int folder;
    enum fault fault = load(where, &folder, &files);

    *info = (struct container_info){.algorithm = NULL};
    if (fault == FAULT_NONE)
        fault = container_reader_describe(files, info);
    if (fault == FAULT_NONE)
        (void)snprintf(info->where, sizeof info->where, "%s", where);
    unload(folder, &files);
    return fault;
}

static enum fault open_container(const char *where, const char *password,
                                 struct container **container)
{
    struct container_files *files;
    int folder;
    enum fault fault = load(where, &folder, &files);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault = container_reader_open(files, password, container);
    if (fault == FAULT_NONE)
        (void)snprintf((*container)->info.where, sizeof(*container)->info.where,
                       "%s", where);
    unload(folder, &files);
    return fault;
}

static enum fault visit_one(const char *where, container_visitor *visit,
                            void *context)
{
    struct container_info *info = calloc(1, sizeof *info);
    enum fault fault = FAULT_MEMORY;

    if (info == NULL)
        return fault;
    fault = describe(where, info);
    fault = visit(context, where, fault, fault == FAULT_NONE ? info : NULL);
    container_info_free(info);
    free(info);
    return fault;
}

/* A location that is itself a container is a list of one. */
static enum fault list(const char *location, container_visitor *visit,
                       void *context)
{
    struct listing *listing = NULL;
    char where[LOCATION_MAX];
    const char *path;
    int fd = -1;
    enum fault fault = place_path(location, &path);

    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &fd);
    if (fault != FAULT_NONE)
        return fault;
    if (faccessat(fd, container_files_name(CONTAINER_HEADER), F_OK,
                  AT_SYMLINK_NOFOLLOW) == 0)
        fault = visit_one(location, visit, context);
    else
        fault = listing_read(fd, &listing);
    for (size_t i = 0;
         listing != NULL && i < listing->count && fault == FAULT_NONE; i++) {
        fault = join(where, location, listing->name[i]);
        if (fault == FAULT_NONE)
            fault = visit_one(where, visit, context);
    }
    listing_free(&listing);
    close(fd);
    return fault;
}

struct expected {
    const struct container_spec *spec;
    const uint8_t *point;
    struct container **container; /* gets what was read back */
};

/* Open what was written and compare its public key. */
static enum fault check(const void *context,
                        const struct container_files *files)
{
    const struct expected *expected = context;
    enum fault fault = container_reader_open(files, expected->spec->password,
                                             expected->container);

    if (fault == FAULT_NONE &&
        memcmp((*expected->container)->point, expected->point,
               2 * expected->spec->algorithm->key_size) != 0)
        fault = FAULT_IO;
    return fault;
}

static enum fault store(const char *location, const struct container_spec *spec,
                        const uint8_t *scalar, struct entropy *pool,
                        struct container **container)
{
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    const struct expected expected = {spec, point, container};
    struct container_files *files = NULL;
    char where[LOCATION_MAX];
    const char *path;
    int fd = -1;
    enum fault fault = FAULT_ARGUMENT;

    *container = NULL;
    if (!folder_name_valid(spec->folder_name))
        return fault;
    fault = place_path(location, &path);
    if (fault == FAULT_NONE)
        fault = join(where, location, spec->folder_name);
    if (fault == FAULT_NONE)
        fault = container_writer_make(spec, scalar, pool, &files, point);
    if (fault == FAULT_NONE)
        fault = place_open_new(path, &fd);
    if (fault == FAULT_NONE)
        fault = folder_create(fd, spec->folder_name, files, check, &expected);
    unload(fd, &files);
    if (fault != FAULT_NONE)
        container_free(container);
    else
        (void)snprintf((*container)->info.where, sizeof(*container)->info.where,
                       "%s", where);
    return fault;
}

static enum fault generate(const char *location,
                           const struct container_spec *spec,
                           struct entropy *pool, struct container **container)
{
    uint8_t *scalar = secret_new(spec->algorithm->key_size);
    enum fault fault = FAULT_MEMORY;

    *container = NULL;
    if (scalar == NULL)
        return fault;
    fault = keypair_make(spec->algorithm, pool, scalar);
    if (fault == FAULT_NONE)
        fault = store(location, spec, scalar, pool, container);
    secret_free(&scalar);
    return fault;
}

static enum fault write_certificate(const char *where,
                                    const struct certificate *certificate)
{
    struct container_files *files;
    struct bytes header;
    int folder;
    enum fault fault = load(where, &folder, &files);

    bytes_init(&header, HEADER_MAX);
    if (fault == FAULT_NONE)
        fault = container_writer_certify(files, certificate, &header);
    if (fault == FAULT_NONE)
        fault =
            folder_replace(folder, CONTAINER_HEADER, header.data, header.size);
    bytes_free(&header);
    unload(folder, &files);
    return fault;
}

/* Make and remove a folder: only that tells of every kind of obstacle. */
static enum fault try_writing(int fd)
{
    char hidden[DISK_HIDDEN_NAME];
    struct statvfs space;

    if (fstatvfs(fd, &space) == 0 && space.f_blocks > 0 && space.f_frsize > 0 &&
        space.f_bavail < BLOCKS_NEEDED + BYTES_NEEDED / space.f_frsize)
        return FAULT_FULL;
    disk_hidden_name(hidden);
    if (mkdirat(fd, hidden, 0700) != 0 ||
        unlinkat(fd, hidden, AT_REMOVEDIR) != 0)
        return disk_fault(errno);
    return FAULT_NONE;
}

static enum fault probe(const char *location, const char *folder_name)
{
    struct stat stat;
    const char *path;
    int fd = -1;
    enum fault fault = FAULT_ARGUMENT;

    if (!folder_name_valid(folder_name))
        return fault;
    fault = place_path(location, &path);
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &fd);
    if (fault == FAULT_NOT_FOUND && place_is_made(path))
        return FAULT_NONE;
    if (fault != FAULT_NONE)
        return fault;
    if (fstatat(fd, folder_name, &stat, AT_SYMLINK_NOFOLLOW) == 0)
        fault = FAULT_EXISTS;
    else
        fault = try_writing(fd);
    close(fd);
    return fault;
}

const struct medium_ops file_medium = {
    .kind = "file",
    .list = list,
    .describe = describe,
    .open = open_container,
    .generate = generate,
    .store = store,
    .write_certificate = write_certificate,
    .read_files = file_copy_read,
    .write_files = file_copy_write,
    .probe = probe,
};
