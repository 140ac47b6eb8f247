#include "tests/support/scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_SIZE = 4096, PATHS = 4, DEPTH = 16 };

char *scratch_new(void)
{
    const char *top = getenv("TMPDIR");
    char *folder = calloc(1, PATH_SIZE);

    assert_non_null(folder);
    snprintf(folder, PATH_SIZE, "%s/kep-test-XXXXXX",
             top != NULL && *top != '\0' ? top : "/tmp");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static int remove_one(const char *path, const struct stat *status, int kind,
                      struct FTW *at)
{
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

void scratch_remove(char **folder)
{
    if (*folder == NULL)
        return;
    nftw(*folder, remove_one, DEPTH, FTW_DEPTH | FTW_PHYS);
    free(*folder);
    *folder = NULL;
}

const char *scratch_path(const char *folder, const char *name)
{
    static char paths[PATHS][PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % PATHS];

    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    return path;
}

char *scratch_folder;

int scratch_begin(void **state)
{
    static const char *const homes[] = {"XDG_CONFIG_HOME", "XDG_STATE_HOME",
                                        "XDG_DATA_HOME"};

    (void)state;
    scratch_folder = scratch_new();
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++)
        setenv(homes[i], scratch_folder, 1);
    return 0;
}

int scratch_end(void **state)
{
    (void)state;
    scratch_remove(&scratch_folder);
    return 0;
}

const char *scratch_file(const char *name)
{
    return scratch_path(scratch_folder, name);
}

const char *scratch_put(const char *folder, const char *name, const void *data,
                        size_t size)
{
    static char paths[PATHS][PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % PATHS];
    FILE *file;

    snprintf(path, PATH_SIZE, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *scratch_write(const char *name, const void *data, size_t size)
{
    return scratch_put(scratch_folder, name, data, size);
}

const char *scratch_text(const char *name, const char *text)
{
    return scratch_write(name, text, strlen(text));
}

unsigned scratch_count(const char *folder)
{
    DIR *stream = opendir(folder);
    unsigned count = 0;

    assert_non_null(stream);
    while (readdir(stream) != NULL)
        count++;
    closedir(stream);
    return count - 2;
}
