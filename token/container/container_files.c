#include "token/container/container_files.h"

#include "keygen/secret.h"

#include <sodium.h>
#include <stdlib.h>

static const char *const names[CONTAINER_FILE_COUNT] = {
    [CONTAINER_MASKS] = "masks.key",       [CONTAINER_PRIMARY] = "primary.key",
    [CONTAINER_HEADER] = "header.key",     [CONTAINER_MASKS2] = "masks2.key",
    [CONTAINER_PRIMARY2] = "primary2.key", [CONTAINER_NAME] = "name.key",
};

enum fault container_files_new(struct container_files **files)
{
    *files = secret_new(sizeof **files);
    return *files == NULL ? FAULT_MEMORY : FAULT_NONE;
}

void container_files_free(struct container_files **files)
{
    if (*files != NULL) {
        free((*files)->header);
        overview_free(&(*files)->overview);
    }
    secret_free(files);
}

const char *container_files_name(enum container_file file)
{
    return names[file];
}

enum fault container_files_room(struct container_files *files,
                                enum container_file file, size_t size,
                                uint8_t **data)
{
    if (size > (file == CONTAINER_HEADER ? (size_t)HEADER_MAX : MASKED_KEY_MAX))
        return FAULT_TOO_LARGE;
    if (file != CONTAINER_HEADER) {
        files->small[file].size = size;
        *data = files->small[file].data;
        return FAULT_NONE;
    }
    free(files->header);
    files->header_size = 0;
    files->header = calloc(1, size + 1); /* never of 0 bytes */
    if (files->header == NULL)
        return FAULT_MEMORY;
    files->header_size = size;
    *data = files->header;
    return FAULT_NONE;
}

void container_files_drop(struct container_files *files,
                          enum container_file file)
{
    if (file == CONTAINER_HEADER)
        files->header_size = 0;
    else
        files->small[file].size = 0;
}

struct der container_files_at(const struct container_files *files,
                              enum container_file file)
{
    if (file == CONTAINER_HEADER)
        return (struct der){files->header, files->header_size};
    return (struct der){files->small[file].data, files->small[file].size};
}

void container_files_sum(const struct container_files *files,
                         uint8_t sum[CONTAINER_SUM])
{
    static const enum container_file pairs[] = {
        CONTAINER_MASKS, CONTAINER_PRIMARY, CONTAINER_MASKS2,
        CONTAINER_PRIMARY2};
    crypto_generichash_state state;

    (void)crypto_generichash_init(&state, NULL, 0, CONTAINER_SUM);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct der file = container_files_at(files, pairs[i]);
        const uint8_t size[] = {(uint8_t)(file.left >> 8), (uint8_t)file.left};

        (void)crypto_generichash_update(&state, size, sizeof size);
        (void)crypto_generichash_update(&state, file.at, file.left);
    }
    (void)crypto_generichash_final(&state, sum, CONTAINER_SUM);
    sodium_memzero(&state, sizeof state);
    secret_clear_stack(); /* without a password they are as good as the key */
}

bool container_files_equal(const struct container_files *a,
                           const struct container_files *b)
{
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        struct der one = container_files_at(a, file);
        struct der other = container_files_at(b, file);

        if (one.left != other.left ||
            (one.left > 0 && sodium_memcmp(one.at, other.at, one.left) != 0))
            return false;
    }
    return true;
}
