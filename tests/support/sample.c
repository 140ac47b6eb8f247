#include "tests/support/sample.h"

#include "token/file/disk.h"
#include "token/file/folder.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct container_files *sample_read(const char *folder)
{
    struct container_files *files = NULL;
    char path[256];
    int fd;

    snprintf(path, sizeof path, "tests/data/%s", folder);
    assert_int_equal(disk_open_folder(AT_FDCWD, path, &fd), FAULT_NONE);
    assert_int_equal(folder_read(fd, &files), FAULT_NONE);
    close(fd);
    return files;
}

struct container_files *sample_certified(const struct certificate *certificate)
{
    struct container_files *files =
        sample_read("synthetic-2012-256-nopassword");
    struct der old_one = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    struct bytes new_one;
    uint8_t *room;

    bytes_init(&new_one, HEADER_MAX);
    assert_int_equal(header_read(&old_one, &header), FAULT_NONE);
    assert_int_equal(header_replace(&header, 0, certificate->der.data,
                                    certificate->der.size, &new_one),
                     FAULT_NONE);
    assert_int_equal(
        container_files_room(files, CONTAINER_HEADER, new_one.size, &room),
        FAULT_NONE);
    memcpy(room, new_one.data, new_one.size);
    bytes_free(&new_one);
    return files;
}

void sample_copy(const char *folder, const char *to)
{
    struct container_files *files = sample_read(folder);
    int fd;

    assert_int_equal(mkdir(to, 0700), 0);
    assert_int_equal(disk_open_folder(AT_FDCWD, to, &fd), FAULT_NONE);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        struct der data = container_files_at(files, file);

        assert_int_equal(
            disk_write(fd, container_files_name(file), data.at, data.left),
            FAULT_NONE);
    }
    close(fd);
    container_files_free(&files);
}
