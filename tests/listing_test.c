#include "token/file/listing.h"

#include "tests/support/sample.h"
#include "tests/support/scratch.h"
#include "token/file/disk.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
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
        assert_int_equal(listing_read(fd, &listing), FAULT_NONE);
        assert_int_equal(listing->count, 4);
        for (size_t i = 0; i < listing->count; i++)
            assert_string_equal(listing->name[i], expected[i]);
        listing_free(&listing);
        assert_null(listing);
    }
    close(fd);
    scratch_remove(&place);
}

/* More folders than anybody has: told, and not gone on with. */
static void test_too_many(void **state)
{
    char *place = scratch_new(), name[16];
    struct listing *listing;
    int fd;

    (void)state;
    assert_int_equal(disk_open_folder(AT_FDCWD, place, &fd), FAULT_NONE);
    for (int i = 0; i < LISTING_MAX; i++) {
        snprintf(name, sizeof name, "%d.000", i);
        assert_int_equal(mkdirat(fd, name, 0700), 0);
    }
    assert_int_equal(listing_read(fd, &listing), FAULT_NONE);
    assert_int_equal(listing->count, LISTING_MAX);
    listing_free(&listing);
    assert_int_equal(mkdirat(fd, "x.000", 0700), 0);
    assert_int_equal(listing_read(fd, &listing), FAULT_TOO_LARGE);
    assert_null(listing);
    close(fd);
    scratch_remove(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_listing),
        cmocka_unit_test(test_too_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
