#include "token/file/disk.h"

#include "tests/support/nobody.h"
#include "tests/support/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

static int at;

static int make_folder(void **state)
{
    scratch_begin(state);
    return disk_open_folder(AT_FDCWD, scratch_folder, &at) == FAULT_NONE ? 0
                                                                         : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    close(at);
    return scratch_end(state);
}

static void test_fault(void **state)
{
    static const struct {
        int number;
        enum fault fault;
    } rows[] = {
        {ENOENT, FAULT_NOT_FOUND},
        {ENOTDIR, FAULT_NOT_FOUND},
        {ELOOP, FAULT_NOT_FOUND},
        {EEXIST, FAULT_EXISTS},
        {ENOTEMPTY, FAULT_EXISTS},
        {EACCES, FAULT_NO_ACCESS},
        {EPERM, FAULT_NO_ACCESS},
        {EROFS, FAULT_READ_ONLY},
        {ENOSPC, FAULT_FULL},
        {EDQUOT, FAULT_FULL},
        {EIO, FAULT_IO},
        {ENXIO, FAULT_IO},
        {0, FAULT_IO},
        {ENOMEM, FAULT_MEMORY},
        {ENAMETOOLONG, FAULT_TOO_LARGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(disk_fault(rows[i].number), rows[i].fault);
}

static enum fault read_back(const char *name, uint8_t *data, size_t size)
{
    size_t found;
    int fd;
    enum fault fault = disk_open_file(at, name, &fd, &found);

    if (fault != FAULT_NONE) {
        assert_int_equal(fd, -1);
        return fault;
    }
    assert_int_equal(found, size);
    fault = disk_read(fd, data, size);
    close(fd);
    return fault;
}

static void test_round_trip(void **state)
{
    static uint8_t data[100000], back[sizeof data];
    struct stat stat;

    (void)state;
    randombytes_buf(data, sizeof data);
    assert_int_equal(disk_write(at, "whole", data, sizeof data), FAULT_NONE);
    assert_int_equal(read_back("whole", back, sizeof back), FAULT_NONE);
    assert_memory_equal(data, back, sizeof data);
    assert_int_equal(fstatat(at, "whole", &stat, 0), 0);
    assert_int_equal(stat.st_mode & 0777, 0600);
    assert_int_equal(disk_write(at, "whole", data, 1), FAULT_EXISTS);
    assert_int_equal(read_back("whole", back, sizeof back), FAULT_NONE);
    assert_int_equal(disk_write(at, "empty", data, 0), FAULT_NONE);
    assert_int_equal(read_back("empty", back, 0), FAULT_NONE);
}

/* The moment of the last reading stays, where the medium keeps one. */
static void test_reading_writes_nothing(void **state)
{
    const struct timespec then[] = {{.tv_sec = 1}, {.tv_sec = 1000000}};
    struct stat file, folder;
    uint8_t data[3];
    DIR *listed;
    int fd;

    (void)state;
    assert_int_equal(disk_write(at, "looked-at", "abc", 3), FAULT_NONE);
    assert_int_equal(mkdirat(at, "listed", 0700), 0);
    assert_int_equal(utimensat(at, "looked-at", then, 0), 0);
    assert_int_equal(utimensat(at, "listed", then, 0), 0);
    assert_int_equal(read_back("looked-at", data, sizeof data), FAULT_NONE);
    assert_int_equal(disk_open_folder(at, "listed", &fd), FAULT_NONE);
    listed = fdopendir(fd);
    assert_non_null(listed);
    assert_non_null(readdir(listed));
    closedir(listed);
    assert_int_equal(fstatat(at, "looked-at", &file, 0), 0);
    assert_int_equal(fstatat(at, "listed", &folder, 0), 0);
    assert_int_equal(file.st_atime, 1);
    assert_int_equal(folder.st_atime, 1);
}

static int read_a_foreign_one(const void *name)
{
    size_t size;
    int fd;
    enum fault fault = disk_open_file(AT_FDCWD, name, &fd, &size);

    if (fault == FAULT_NONE)
        close(fd);
    return fault == FAULT_NONE && size > 0 ? 0 : 1;
}

static void test_what_is_another_users_is_read(void **state)
{
    (void)state;
    assert_int_equal(nobody_does(read_a_foreign_one, "/etc/passwd"), 0);
}

static void test_not_a_file(void **state)
{
    static const char *const names[] = {"missing", "link",   "dangling",
                                        "fifo",    "folder", "file/below"};
    uint8_t data[1];

    (void)state;
    assert_int_equal(disk_write(at, "file", "x", 1), FAULT_NONE);
    assert_int_equal(symlinkat("file", at, "link"), 0);
    assert_int_equal(symlinkat("nothing", at, "dangling"), 0);
    assert_int_equal(mkfifoat(at, "fifo", 0600), 0);
    assert_int_equal(mkdirat(at, "folder", 0700), 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        print_message("# %s\n", names[i]);
        assert_int_equal(read_back(names[i], data, 1), FAULT_NOT_FOUND);
    }
    assert_int_equal(disk_write(at, "link", "y", 1), FAULT_EXISTS);
    assert_int_equal(disk_write(at, "dangling", "y", 1), FAULT_EXISTS);
    assert_int_equal(faccessat(at, "nothing", F_OK, 0), -1);
}

/* A file that grows or shrinks while it is read. */
static void test_changing(void **state)
{
    uint8_t data[8];
    size_t size;
    int fd;

    (void)state;
    assert_int_equal(disk_write(at, "changing", "1234", 4), FAULT_NONE);
    assert_int_equal(disk_open_file(at, "changing", &fd, &size), FAULT_NONE);
    assert_int_equal(disk_read(fd, data, 3), FAULT_IO);
    close(fd);
    assert_int_equal(disk_open_file(at, "changing", &fd, &size), FAULT_NONE);
    assert_int_equal(disk_read(fd, data, 5), FAULT_IO);
    close(fd);
    assert_int_equal(disk_open_file(at, "changing", &fd, &size), FAULT_NONE);
    assert_int_equal(disk_read(fd, data, 0), FAULT_IO);
    close(fd);
}

static void test_open_folder(void **state)
{
    int fd;

    (void)state;
    assert_int_equal(mkdirat(at, "real", 0700), 0);
    assert_int_equal(symlinkat("real", at, "alias"), 0);
    assert_int_equal(disk_write(at, "plain", "x", 1), FAULT_NONE);
    assert_int_equal(disk_open_folder(at, "real", &fd), FAULT_NONE);
    assert_int_equal(disk_flush_folder(fd), FAULT_NONE);
    close(fd);
    assert_int_equal(disk_open_folder(at, "alias", &fd), FAULT_NOT_FOUND);
    assert_int_equal(disk_open_folder(at, "plain", &fd), FAULT_NOT_FOUND);
    assert_int_equal(disk_open_folder(at, "none", &fd), FAULT_NOT_FOUND);
}

static void test_rename_new(void **state)
{
    (void)state;
    assert_int_equal(mkdirat(at, "a", 0700), 0);
    assert_int_equal(mkdirat(at, "b", 0700), 0);
    assert_int_equal(disk_rename_new(at, "a", "b"), FAULT_EXISTS);
    assert_int_equal(faccessat(at, "a", F_OK, 0), 0);
    assert_int_equal(disk_rename_new(at, "a", "c"), FAULT_NONE);
    assert_int_equal(faccessat(at, "a", F_OK, 0), -1);
    assert_int_equal(disk_rename_new(at, "a", "d"), FAULT_NOT_FOUND);
}

static void test_hidden_name(void **state)
{
    char one[DISK_HIDDEN_NAME], other[DISK_HIDDEN_NAME];

    (void)state;
    disk_hidden_name(one);
    disk_hidden_name(other);
    assert_int_equal(one[0], '.');
    assert_true(strlen(one) > 16);
    assert_string_not_equal(one, other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_not_a_file),
        cmocka_unit_test(test_changing),
        cmocka_unit_test(test_open_folder),
        cmocka_unit_test(test_rename_new),
        cmocka_unit_test(test_hidden_name),
        cmocka_unit_test(test_reading_writes_nothing),
        cmocka_unit_test(test_what_is_another_users_is_read),
    };

    return sodium_init() < 0
               ? 1
               : cmocka_run_group_tests(tests, make_folder, remove_folder);
}
