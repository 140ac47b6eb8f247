#include "token/file/found.h"

#include "token/file/disk.h"
#include "token/file/folder.h"
#include "token/file/place.h"
#include "token/medium.h"
#include "token/stored.h"

#include <fcntl.h>
#include <unistd.h>

enum fault found_open(struct found *found, const char *where)
{
    char plain[LOCATION_MAX];
    const char *path;
    enum fault fault;

    *found = (struct found){.folder = -1};
    found->key = stored_plain(where, plain);
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
