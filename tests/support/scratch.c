#include "tests/support/scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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
