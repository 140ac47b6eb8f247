#include "token/file/found.h"

#include "token/file/disk.h"
#include "token/file/folder.h"
#include "token/file/place.h"
#include "token/medium.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

size_t found_plain(const char *where, char *plain)
{
    static const char second[] = CONTAINER_SECOND;
    const size_t tail = sizeof second - 1;
    size_t size = strnlen(where, LOCATION_MAX - 1);
    const size_t key =
        size > tail && memcmp(where + size - tail, second, tail) == 0;

    if (key > 0)
        size -= tail;
    memcpy(plain, where, size);
    plain[size] = '\0';
    return key;
}

enum fault found_place(const char *plain, size_t key, char *where)
{
    int size = snprintf(where, LOCATION_MAX, "%s%s", plain,
                        key == 0 ? "" : CONTAINER_SECOND);

    return size < 0 || size >= LOCATION_MAX ? FAULT_TOO_LARGE : FAULT_NONE;
}

enum fault found_open(struct found *found, const char *where)
{
    char plain[LOCATION_MAX];
    const char *path;
    enum fault fault;

    *found = (struct found){.folder = -1};
    found->key = found_plain(where, plain);
    fault = place_path(plain, &path);
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &found->folder);
    if (fault == FAULT_NONE)
        fault = folder_read(found->folder, &found->files);
    return fault;
}

void found_close(struct found *found)
{
    container_files_free(&found->files);
    if (found->folder >= 0)
        close(found->folder);
    found->folder = -1;
}
