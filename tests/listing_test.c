#include "token/file/listing.h"

#include "tests/support/sample.h"
#include "tests/support/scratch.h"
#include "token/file/disk.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void test_listing(void **state)
{
    static const char *const expected[] = {"LE-09650.000", "any folder",
                                           "bare.000", "le12.001"};
    char *place = scratch_new();
    struct listing *listing;
    int fd;

    (void)state;
    sample_copy("synthetic-2012-256-nopassword",
                scratch_path(place, "le12.001"));
    sample_copy("synthetic-2012-256-nopassword",
                scratch_path(place, "any folder"));
    sample_copy("synthetic-2012-256-nopassword",
                scratch_path(place, "LE-09650.000"));
    sample_copy("synthetic-2012-256-nopassword",
                scratch_path(place, ".kep-0123456789abcdef"));
    assert_int_equal(mkdir(scratch_path(place, "bare.000"), 0700), 0);
    assert_int_equal(mkdir(scratch_path(place, "photos"), 0700), 0);
    assert_int_equal(symlink("le12.001", scratch_path(place, "link.000")), 0);
    assert_int_equal(mkfifo(scratch_path(place, "fifo.000"), 0600), 0);
    assert_int_equal(disk_open_folder(AT_FDCWD, place, &fd), FAULT_NONE);
    for (int twice = 0; twice < 2; twice++) {
        assert_int_equal(
            listing_read(fd, listing_container, LISTING_MAX, &listing),
            FAULT_NONE);
        assert_int_equal(listing->count, 4);
        for (size_t i = 0; i < listing->count; i++)
            assert_string_equal(listing->name[i], expected[i]);
        listing_free(&listing);
        assert_null(listing);
    }
    close(fd);
    scratch_remove(&place);
}

/* More folders than are wanted: told, and not gone on with. */
static void test_too_many(void **state)
{
    enum { MOST = 1000 };
    char *place = scratch_new(), name[16];
    struct listing *listing;
    int fd;

    (void)state;
    assert_int_equal(disk_open_folder(AT_FDCWD, place, &fd), FAULT_NONE);
    for (int i = 0; i < MOST; i++) {
        snprintf(name, sizeof name, "%d.000", i);
        assert_int_equal(mkdirat(fd, name, 0700), 0);
    }
    assert_int_equal(listing_read(fd, listing_container, MOST, &listing),
                     FAULT_NONE);
    assert_int_equal(listing->count, MOST);
    assert_string_equal(listing->name[0], "0.000");
    assert_string_equal(listing->name[MOST - 1], "999.000");
    listing_free(&listing);
    assert_int_equal(mkdirat(fd, "x.000", 0700), 0);
    assert_int_equal(listing_read(fd, listing_container, MOST, &listing),
                     FAULT_TOO_LARGE);
    assert_null(listing);
    close(fd);
    scratch_remove(&place);
}

static bool is_text(int folder, const char *name)
{
    size_t size = strlen(name);

    (void)folder;
    return size > 4 && strcmp(name + size - 4, ".txt") == 0;
}

/* Whoever asks says what is wanted; hidden ones are not even asked about. */
static void test_kept(void **state)
{
    static const char *const names[] = {"b.txt", ".c.txt", "a.txt", "a.key"};
    char *place = scratch_new();
    struct listing *listing;
    int fd;

    (void)state;
    assert_int_equal(disk_open_folder(AT_FDCWD, place, &fd), FAULT_NONE);
    assert_int_equal(listing_read(fd, is_text, LISTING_MAX, &listing),
                     FAULT_NONE);
    assert_int_equal(listing->count, 0);
    listing_free(&listing);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(mkdirat(fd, names[i], 0700), 0);
    assert_int_equal(listing_read(fd, is_text, LISTING_MAX, &listing),
                     FAULT_NONE);
    assert_int_equal(listing->count, 2);
    assert_string_equal(listing->name[0], "a.txt");
    assert_string_equal(listing->name[1], "b.txt");
    listing_free(&listing);
    close(fd);
    scratch_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listing),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
