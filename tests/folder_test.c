#include "token/file/folder.h"

#include "tests/support/sample.h"
#include "tests/support/scratch.h"
#include "token/container/container_reader.h"
#include "token/file/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sodium.h>

static const char sample[] = "synthetic-2012-256-nopassword";

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

static enum fault agree(const void *context,
                        const struct container_files *files)
{
    (void)files;
    return *(const enum fault *)context;
}

static void test_create(void **state)
{
    struct container_files *files = sample_read(sample), *back;
    static const enum fault good = FAULT_NONE, bad = FAULT_DAMAGED;
    struct stat stat;
    int fd;

    (void)state;
    assert_int_equal(folder_create(at, "bad.000", files, agree, &bad),
                     FAULT_DAMAGED);
    assert_int_equal(scratch_count(scratch_folder), 0);
    assert_int_equal(folder_create(at, "good.000", files, agree, &good),
                     FAULT_NONE);
    assert_int_equal(scratch_count(scratch_folder), 1);
    assert_int_equal(fstatat(at, "good.000", &stat, 0), 0);
    assert_int_equal(stat.st_mode & 0777, 0700);
    assert_int_equal(disk_open_folder(at, "good.000", &fd), FAULT_NONE);
    assert_int_equal(folder_read(fd, &back), FAULT_NONE);
    assert_true(container_files_equal(files, back));
    container_files_free(&back);
    close(fd);
    assert_int_equal(folder_create(at, "good.000", files, agree, &good),
                     FAULT_EXISTS);
    assert_int_equal(mkdirat(at, "empty.000", 0700), 0);
    assert_int_equal(folder_create(at, "empty.000", files, agree, &good),
                     FAULT_EXISTS);
    assert_int_equal(symlinkat("nowhere", at, "link.000"), 0);
    assert_int_equal(folder_create(at, "link.000", files, agree, &good),
                     FAULT_EXISTS);
    assert_int_equal(scratch_count(scratch_folder), 3);
    container_files_free(&files);
}

/* One file of a good container is replaced by something else. */
enum obstacle { MISSING, LINK, FIFO, FOLDER, HUGE, EMPTY, OBSTACLES };

static int make_leftover(const char *file)
{
    int fd = -1;

    assert_int_equal(mkdirat(at, ".kep-left.000", 0700), 0);
    assert_int_equal(disk_open_folder(at, ".kep-left.000", &fd), FAULT_NONE);
    assert_int_equal(disk_write(fd, file, "half a key", 10), FAULT_NONE);
    return fd;
}

/* What a killed run left is taken away; of another one's things, nothing. */
static void test_leftovers(void **state)
{
    struct container_files *files = sample_read(sample);
    enum fault good = FAULT_NONE;
    unsigned before = scratch_count(scratch_folder);
    int fd;

    (void)state;
    close(make_leftover("primary.key"));
    assert_int_equal(folder_create(at, "left.000", files, agree, &good),
                     FAULT_NONE);
    assert_int_equal(scratch_count(scratch_folder), before + 1);

    assert_int_equal(renameat(at, "left.000", at, "kept.000"), 0);
    fd = make_leftover("letter.txt");
    assert_int_equal(folder_create(at, "left.000", files, agree, &good),
                     FAULT_EXISTS);
    assert_int_equal(faccessat(fd, "letter.txt", R_OK, 0), 0);
    close(fd);

    assert_int_equal(disk_open_folder(at, "kept.000", &fd), FAULT_NONE);
    assert_int_equal(folder_create(fd, "inside.000", files, agree, &good),
                     FAULT_LOCATION);
    assert_int_equal(disk_write(fd, ".kep-header.key", "x", 1), FAULT_NONE);
    assert_int_equal(folder_replace(fd, CONTAINER_HEADER, "new", 3),
                     FAULT_NONE);
    assert_int_equal(faccessat(fd, ".kep-header.key", F_OK, 0), -1);
    close(fd);
    container_files_free(&files);
}

static void put_obstacle(int fd, enum container_file file, enum obstacle what)
{
    const char *name = container_files_name(file);
    int made;

    assert_int_equal(unlinkat(fd, name, 0), 0);
    switch (what) {
    case LINK:
        assert_int_equal(symlinkat("/etc/passwd", fd, name), 0);
        break;
    case FIFO:
        assert_int_equal(mkfifoat(fd, name, 0600), 0);
        break;
    case FOLDER:
        assert_int_equal(mkdirat(fd, name, 0700), 0);
        break;
    case HUGE:
    case EMPTY:
        made = openat(fd, name, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        assert_int_equal(ftruncate(made, what == HUGE ? (off_t)1 << 40 : 0), 0);
        close(made);
        break;
    default:
        break;
    }
}

static void test_obstacles(void **state)
{
    (void)state;
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        for (enum obstacle what = 0; what < OBSTACLES; what++) {
            char *place = scratch_new();
            struct container_files *files = NULL;
            enum fault fault;
            int fd;

            print_message("# %s %d\n", container_files_name(file), what);
            sample_copy(sample, scratch_path(place, "c"));
            assert_int_equal(
                disk_open_folder(AT_FDCWD, scratch_path(place, "c"), &fd),
                FAULT_NONE);
            put_obstacle(fd, file, what);
            fault = folder_read(fd, &files);
            if (file != CONTAINER_HEADER || what == EMPTY) {
                /* The copy will do, the name is not needed. */
                assert_int_equal(fault, FAULT_NONE);
                assert_int_equal(container_files_at(files, file).left, 0);
                assert_int_equal(files->unread,
                                 what == HUGE && file != CONTAINER_NAME
                                     ? FAULT_TOO_LARGE
                                     : FAULT_NONE);
            } else {
                assert_int_equal(fault, what == HUGE ? FAULT_TOO_LARGE
                                                     : FAULT_NOT_CONTAINER);
                assert_null(files);
            }
            container_files_free(&files);
            close(fd);
            scratch_remove(&place);
        }
}

static void test_replace(void **state)
{
    char *place = scratch_new();
    struct container_files *files;
    int fd;

    (void)state;
    sample_copy(sample, scratch_path(place, "c"));
    assert_int_equal(disk_open_folder(AT_FDCWD, scratch_path(place, "c"), &fd),
                     FAULT_NONE);
    assert_int_equal(folder_replace(fd, CONTAINER_HEADER, "new", 3),
                     FAULT_NONE);
    assert_int_equal(folder_read(fd, &files), FAULT_NONE);
    assert_int_equal(files->header_size, 3);
    assert_memory_equal(files->header, "new", 3);
    container_files_free(&files);
    close(fd);
    scratch_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_create),
        cmocka_unit_test(test_leftovers),
        cmocka_unit_test(test_obstacles),
        cmocka_unit_test(test_replace),
    };

    return sodium_init() < 0
               ? 1
               : cmocka_run_group_tests(tests, make_folder, remove_folder);
}
