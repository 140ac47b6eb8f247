/* What files are that are no certificates. */
#include "client/file_hint.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define BYTES(text) text, sizeof(text) - 1

static const struct {
    const char *data;
    size_t size;
    const char *said; /* NULL: nothing */
} rows[] = {
    {BYTES("\xFF\xFE-\0-\0"), "UTF-16"},
    {BYTES("\xFE\xFF\0-\0-"), "UTF-16"},
    {BYTES("\xFF\xFE"), "UTF-16"},
    {BYTES("PK\x03\x04\x14\0"), "ZIP"},
    {BYTES("Rar!\x1A\x07"), "RAR"},
    {BYTES("%PDF-1.7\n"), "PDF"},
    {BYTES("<!doctype html>"), "page of a site"},
    {BYTES("\r\n  <HTML>"), "page of a site"},
    {BYTES("\xEF\xBB\xBF<html>"), "page of a site"},
    {BYTES("-----BEGIN CERTIFICATE REQUEST-----\n"), "request"},
    {BYTES("-----BEGIN NEW CERTIFICATE REQUEST-----\n"), "request"},
    {BYTES(""), "empty"},
    {BYTES("\xEF\xBB\xBF"), NULL},
    {BYTES(" "), NULL},
    {BYTES("\0\0"), NULL},
    {BYTES("\xFF"), NULL},
    {BYTES("PK"), NULL},
    {BYTES("-----BEGIN CERTIFICATE-----\nMIIB"), NULL},
    {BYTES("\x30\x82\x01\x02"), NULL},
    {BYTES("text <html>"), NULL},
};

static void they_are_known_by_how_they_begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *hints[] = {
            file_hint_of(rows[i].data, rows[i].size),
            file_hint(scratch_write("x.cer", rows[i].data, rows[i].size))};

        for (int j = 0; j < 2; j++)
            if ((hints[j] != NULL) != (rows[i].said != NULL) ||
                (hints[j] != NULL && strstr(hints[j], rows[i].said) == NULL))
                fail_msg("row %zu: %s", i, hints[j] != NULL ? hints[j] : "-");
    }
}

static void what_is_no_file_says_nothing(void **state)
{
    (void)state;
    assert_null(file_hint(scratch_file("none")));
    assert_null(file_hint(scratch_folder));
    assert_null(file_hint(""));
    assert_int_equal(mkfifo(scratch_file("fifo"), 0600), 0);
    assert_null(file_hint(scratch_file("fifo")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(they_are_known_by_how_they_begin),
        SCRATCH_TEST(what_is_no_file_says_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
