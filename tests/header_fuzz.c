/* header.key of a container whose other files are good: whatever it says, the
 * key is the one it was or is not opened. The input is a byte of choices and
 * the file. */
#include "token/container/container_reader.h"

#include "tests/support/sample.h"
#include "tests/support/seal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICE_SEAL = 1 };

static const char sample[] = "synthetic-2012-256-nopassword";

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void open_it(const struct container_files *files, size_t key)
{
    static struct container *good;
    struct container *container;

    if (good == NULL) {
        struct container_files *whole = sample_read(sample);

        require(container_reader_open(whole, 0, NULL, &good) == FAULT_NONE);
        container_files_free(&whole);
    }
    if (container_reader_open(files, key, NULL, &container) != FAULT_NONE) {
        require(container == NULL);
        return;
    }
    require(key == 0 && memcmp(container->scalar, good->scalar,
                               good->info.algorithm->key_size) == 0);
    container_free(&container);
}

/* Every window is one on the file. */
static void check_window(const struct container_files *files,
                         const struct der *window)
{
    require(window->at == NULL ||
            (window->at >= files->header &&
             window->at + window->left <= files->header + files->header_size));
}

static void look_at(const struct container_files *files)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    struct bytes out;

    if (header_read(&file, &header) != FAULT_NONE)
        return;
    require(header.mac_good && header.keys >= 1 &&
            header.keys <= CONTAINER_KEYS);
    check_window(files, &header.password_mac);
    check_window(files, &header.extensions);
    check_window(files, &header.content);
    for (size_t key = 0; key < header.keys; key++) {
        check_window(files, &header.key[key].certificate);
        check_window(files, &header.key[key].fingerprint);
        check_window(files, &header.key[key].algorithm_oid);
        check_window(files, &header.key[key].curve_oid);
        bytes_init(&out, HEADER_MAX);
        if (header_replace(&header, key, "x", 1, &out) == FAULT_NONE)
            require(out.size > 0 && !out.failed);
        bytes_free(&out);
        open_it(files, key);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct container_files *files;
    struct container_info info = {.certificate = NULL};
    uint8_t *room;

    if (size == 0)
        return 0;
    files = sample_read(sample);
    if (container_files_room(files, CONTAINER_HEADER, size - 1, &room) ==
        FAULT_NONE) {
        if (size > 1)
            memcpy(room, data + 1, size - 1);
        if (data[0] & CHOICE_SEAL)
            seal_header(files);
        for (size_t key = 0; key < CONTAINER_KEYS; key++) {
            if (container_reader_describe(files, key, &info) == FAULT_NONE)
                require(info.keys >= 1 && info.keys <= CONTAINER_KEYS);
            container_info_free(&info);
        }
        look_at(files);
    }
    container_files_free(&files);
    return 0;
}
