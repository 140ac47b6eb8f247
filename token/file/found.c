#include "token/file/found.h"

#include "token/file/disk.h"
#include "token/file/folder.h"
#include "token/file/place.h"
#include "token/medium.h"
#include "token/stored.h"

#include <fcntl.h>
#include <unistd.h>

typedef enum fault folder_reader(int fd, struct container_files **files);

static enum fault find(struct found *found, const char *where,
                       folder_reader *read)
{
    char plain[LOCATION_MAX], path[LOCATION_MAX];
    enum fault fault;

    *found = (struct found){.folder = -1};
    found->key = stored_plain(where, plain);
    fault = place_path(plain, path);
    if (fault == FAULT_NONE)
        fault = disk_open_folder(AT_FDCWD, path, &found->folder);
    if (fault == FAULT_NONE)
        fault = read(found->folder, &found->files);
    return fault;
}

enum fault found_open(struct found *found, const char *where)
{
    return find(found, where, folder_read);
}

enum fault found_look(struct found *found, const char *where)
{
    return find(found, where, folder_look);
}

void found_close(struct found *found)
{
    container_files_free(&found->files);
    if (found->folder >= 0)
        close(found->folder);
    found->folder = -1;
}
