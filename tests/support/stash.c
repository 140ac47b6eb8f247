#include "tests/support/stash.h"

#include "keygen/secret.h"
#include "tests/support/sample.h"
#include "token/pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FOLDER_SIZE = 64, PATH_SIZE = FOLDER_SIZE + 16, FILE_ROOM = 65536 };

/* In the order of their numbers, from 1. */
static const struct {
    size_t size; /* as CryptoPro makes it; more where more is needed */
    uint8_t read;
} kinds[CONTAINER_FILE_COUNT] = {
    [CONTAINER_MASKS] = {60, 2},    [CONTAINER_PRIMARY] = {70, 2},
    [CONTAINER_HEADER] = {8, 0},    [CONTAINER_MASKS2] = {60, 2},
    [CONTAINER_PRIMARY2] = {70, 2}, [CONTAINER_NAME] = {300, 0},
};

const char *stash_path(const struct vtoken *card, const char *folder)
{
    static char path[FOLDER_SIZE];

    (void)snprintf(path, sizeof path, "%s/%s",
                   vtoken_dialect(card) == VTOKEN_S ? "0000/0000/0002"
                                                    : "1000/1003",
                   folder);
    return path;
}

static void file_path(const struct vtoken *card, const char *folder,
                      enum container_file file, char path[PATH_SIZE])
{
    (void)snprintf(path, PATH_SIZE, "%s/%.2s%02X", stash_path(card, folder),
                   folder, (unsigned)file + 1);
}

void stash_fill(struct vtoken *card, const char *folder,
                const struct container_files *files)
{
    static uint8_t data[FILE_ROOM];

    assert_true(vtoken_make_folder(card, stash_path(card, folder), 2));
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        struct der content = container_files_at(files, file);
        size_t size = kinds[file].size;
        char path[PATH_SIZE];

        if (content.left == 0)
            continue;
        if (size < content.left)
            size = content.left;
        assert_true(size <= sizeof data);
        memset(data, 0xFF, size);
        memcpy(data, content.at, content.left);
        file_path(card, folder, file, path);
        assert_true(
            vtoken_make_file(card, path, data, size, kinds[file].read, 2));
    }
}

void stash_sample(struct vtoken *card, const char *folder, const char *sample)
{
    struct container_files *files = sample_read(sample);

    stash_fill(card, folder, files);
    container_files_free(&files);
}

struct container_files *stash_take(const struct vtoken *card,
                                   const char *folder)
{
    struct container_files *files = NULL;

    assert_int_equal(container_files_new(&files), FAULT_NONE);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        char path[PATH_SIZE];
        struct der in = {NULL, 0}, content, whole;
        uint8_t tag = 0, *room;

        file_path(card, folder, file, path);
        in.at = vtoken_read(card, path, &in.left);
        if (in.at == NULL || !der_read_any(&in, &tag, &content, &whole) ||
            tag != DER_SEQUENCE)
            continue;
        if (container_files_room(files, file, whole.left, &room) == FAULT_NONE)
            memcpy(room, whole.at, whole.left);
    }
    return files;
}

char *stash_snapshot(const struct vtoken *card)
{
    char *text = NULL, *files;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    vtoken_dump(card, out);
    assert_int_equal(fclose(out), 0);
    /* Two lines of PINs. */
    files = strchr(strchr(text, '\n') + 1, '\n') + 1;
    memmove(text, files, strlen(files) + 1);
    return text;
}

/* --- PINs ------------------------------------------------------------------
 */

const char *stash_pin = VTOKEN_FACTORY_USER;

static enum fault ask(void *context, struct pin_question *question, char **pin)
{
    (void)context;
    *pin = NULL;
    if (question->wrong)
        return FAULT_PIN_WRONG;
    if (question->state->last)
        return FAULT_PIN_LAST;
    if (question->state->owner == PIN_OWNER_ADMINISTRATOR)
        *pin = secret_copy(VTOKEN_FACTORY_SO, strlen(VTOKEN_FACTORY_SO));
    else
        *pin = secret_copy(stash_pin, strlen(stash_pin));
    return *pin == NULL ? FAULT_MEMORY : FAULT_NONE;
}

void stash_use_pin(void)
{
    static const struct pin_source source = {.ask = ask};

    stash_pin = VTOKEN_FACTORY_USER;
    pin_forget(NULL);
    pin_use(&source);
}
