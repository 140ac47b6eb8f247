#include "tests/support/vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PATH_SIZE = 4096, VECTOR_MAX = 1024 * 1024 };

const char *vector_path(const char *name)
{
    static char path[PATH_SIZE];
    const char *folder = getenv("KEP_VECTORS");

    if (folder == NULL || *folder == '\0') {
        print_message("# skipped: KEP_VECTORS names no folder of vectors\n");
        skip();
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

uint8_t *vector_read(const char *name, size_t *size)
{
    FILE *file = fopen(vector_path(name), "rb");
    uint8_t *data = calloc(1, VECTOR_MAX);

    assert_non_null(file);
    assert_non_null(data);
    *size = fread(data, 1, VECTOR_MAX, file);
    assert_true(feof(file));
    fclose(file);
    return data;
}
