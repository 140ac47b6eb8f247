#include "token/file/listing.h"

#include "token/container/container_files.h"
#include "token/file/disk.h"
#include "token/file/folder.h"
#include "token/file/folder_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_header(int folder, const char *name)
{
    char path[NAME_MAX + 32];

    return snprintf(path, sizeof path, "%s/%s", name,
                    container_files_name(CONTAINER_HEADER)) > 0 &&
           faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool listing_container(int folder, const char *name)
{
    struct stat stat;

    return fstatat(folder, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(stat.st_mode) &&
           (folder_name_valid(name) || has_header(folder, name));
}

static enum fault grow(struct listing *listing)
{
    size_t room = listing->room > 0 ? 2 * listing->room : 64;
    char **name = reallocarray(listing->name, room, sizeof *name);

    if (name == NULL)
        return FAULT_MEMORY;
    listing->name = name;
    listing->room = room;
    return FAULT_NONE;
}

static enum fault add(struct listing *listing, const char *name, size_t most)
{
    if (listing->count == most)
        return FAULT_TOO_LARGE;
    if (listing->count == listing->room && grow(listing) != FAULT_NONE)
        return FAULT_MEMORY;
    listing->name[listing->count] = strdup(name);
    if (listing->name[listing->count] == NULL)
        return FAULT_MEMORY;
    listing->count++;
    return FAULT_NONE;
}

static enum fault fill(DIR *stream, listing_keep *keep, size_t most,
                       struct listing *listing)
{
    enum fault fault = FAULT_NONE;
    struct dirent *entry;

    while (fault == FAULT_NONE) {
        errno = 0;
        entry = readdir(stream);
        if (entry == NULL)
            return errno == 0 ? FAULT_NONE : disk_fault(errno);
        if (entry->d_name[0] != '.' && keep(dirfd(stream), entry->d_name))
            fault = add(listing, entry->d_name, most);
    }
    return fault;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

enum fault listing_read(int folder, listing_keep *keep, size_t most,
                        struct listing **listing)
{
    enum fault fault = FAULT_MEMORY;
    DIR *stream = NULL;
    int again;

    *listing = calloc(1, sizeof **listing);
    if (*listing == NULL)
        return fault;
    /* Not a duplicate, for that would share the place in the list. */
    fault = disk_open_folder(folder, ".", &again);
    if (fault != FAULT_NONE)
        goto out;
    stream = fdopendir(again);
    if (stream == NULL) {
        fault = disk_fault(errno);
        close(again);
        goto out;
    }
    fault = fill(stream, keep, most, *listing);
    closedir(stream);
out:
    if (fault != FAULT_NONE)
        listing_free(listing);
    else if ((*listing)->count > 1)
        qsort((*listing)->name, (*listing)->count, sizeof(char *), compare);
    return fault;
}

void listing_free(struct listing **listing)
{
    if (*listing == NULL)
        return;
    for (size_t i = 0; i < (*listing)->count; i++)
        free((*listing)->name[i]);
    free((*listing)->name);
    free(*listing);
    *listing = NULL;
}
