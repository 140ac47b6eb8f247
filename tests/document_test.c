#include "api/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_first_bytes_say_the_type(void **state)
{
    static const struct {
        const char *scan;
        size_t size;
        const char *type;
    } rows[] = {
        {"%PDF-1.7", 8, "application/pdf"},
        {"%PDF-", 5, NULL}, /* and nothing behind it */
        {"%PDF", 4, NULL},
        {" %PDF-1.7", 9, NULL},
        {"%pdf-1.7", 8, NULL},
        {"\xFF\xD8\xFF\xE0", 4, "image/jpeg"},
        {"\xFF\xD8\xFF", 3, NULL},
        {"\xFF\xD8\xFE\xE0", 4, NULL},
        {"\x89PNG\r\n\x1A\n\0", 9, "image/png"},
        {"\x89PNG\n\n\x1A\n\0", 9, NULL},
        {"GIF89a", 6, NULL},
        {"<html>", 6, NULL},
        {"PK\003\004....", 8, NULL},
        {"", 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *type = document_type(rows[i].scan, rows[i].size);

        if (rows[i].type == NULL
                ? type != NULL
                : type == NULL || strcmp(type, rows[i].type) != 0)
            fail_msg("row %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_bytes_say_the_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
