#include "tests/support/peer.h"

#include "tests/support/run.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { OUTPUT_MAX = 1024 * 1024, ARGUMENTS_MAX = 32, PATH_SIZE = 256 };

static char *folder;

int peer_set_up(void **state)
{
    (void)state;
    folder = scratch_new();
    return 0;
}

int peer_tear_down(void **state)
{
    (void)state;
    scratch_remove(&folder);
    return 0;
}

const char *peer_path(const char *name)
{
    return scratch_path(folder, name);
}

void peer_write(const char *name, const void *data, size_t size)
{
    FILE *file = fopen(scratch_path(folder, name), "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void peer_read(const char *name, struct bytes *out)
{
    FILE *file = fopen(scratch_path(folder, name), "rb");
    char part[4096];
    size_t got;

    assert_non_null(file);
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        bytes_put(out, part, got);
    fclose(file);
}

int peer_ask(struct bytes *output, const char *line)
{
    const char *arguments[ARGUMENTS_MAX] = {NULL};
    char paths[ARGUMENTS_MAX][PATH_SIZE];
    struct bytes said;
    char *copy = strdup(line), *rest = NULL;
    size_t count = 0;
    int status;

    for (char *word = strtok_r(copy, " ", &rest); word != NULL;
         word = strtok_r(NULL, " ", &rest)) {
        assert_in_range(count, 0, ARGUMENTS_MAX - 2);
        arguments[count] = word;
        if (word[0] == '@') {
            snprintf(paths[count], sizeof paths[count], "%s",
                     scratch_path(folder, word + 1));
            arguments[count] = paths[count];
        }
        count++;
    }
    bytes_init(&said, OUTPUT_MAX);
    status = run(&said, arguments);
    print_message("# %s: %d\n", line, status);
    if (output != NULL)
        bytes_put(output, said.data, said.size);
    bytes_free(&said);
    free(copy);
    return status;
}

void peer_says(const char *line, const char *wanted)
{
    struct bytes output;

    bytes_init(&output, OUTPUT_MAX);
    assert_int_equal(peer_ask(&output, line), 0);
    if (strstr((const char *)output.data, wanted) == NULL)
        fail_msg("%s does not say \"%s\" but: %s", line, wanted,
                 (const char *)output.data);
    bytes_free(&output);
}
