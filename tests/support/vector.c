#include "tests/support/vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { PATH_SIZE = 4096, VECTOR_MAX = 1024 * 1024 };

const char *vector_folder(void)
{
    const char *folder = getenv("KEP_VECTORS");

    return folder != NULL && *folder != '\0' ? folder : NULL;
}

uint8_t *vector_read(const char *name, size_t *size)
{
    uint8_t *data = calloc(1, VECTOR_MAX);
    char path[PATH_SIZE];
    FILE *file;

    assert_non_null(data);
    assert_non_null(vector_folder());
    snprintf(path, sizeof path, "%s/%s", vector_folder(), name);
    file = fopen(path, "rb");
    assert_non_null(file);
    *size = fread(data, 1, VECTOR_MAX, file);
    assert_true(feof(file));
    fclose(file);
    return data;
}
