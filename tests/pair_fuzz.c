/* masks.key and primary.key, masks2.key and primary2.key, below a good header
 * of a key of 2012 or of 2001: what opens is the key that the header
 * names. The input is a byte of choices, a byte of the first one's size, the
 * first file and the second one. */
#include "token/container/container_reader.h"

#include "tests/support/sample.h"
#include "tests/support/seal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICE_SEAL = 1, CHOICE_RESERVE = 2, CHOICE_2001 = 4 };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void put(struct container_files *files, enum container_file file,
                const uint8_t *data, size_t size)
{
    uint8_t *room;

    container_files_drop(files, file);
    if (size > 0 &&
        container_files_room(files, file, size, &room) == FAULT_NONE)
        memcpy(room, data, size);
}

/* Of the two pairs only one is left. */
static void fill(struct container_files *files, const uint8_t *data,
                 size_t size)
{
    const bool reserve = (data[0] & CHOICE_RESERVE) != 0;
    const enum container_file masks =
        reserve ? CONTAINER_MASKS2 : CONTAINER_MASKS;
    const size_t first = data[1] > size - 2 ? size - 2 : data[1];

    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        if (file != CONTAINER_HEADER && file != CONTAINER_NAME)
            container_files_drop(files, file);
    put(files, masks, data + 2, first);
    put(files, reserve ? CONTAINER_PRIMARY2 : CONTAINER_PRIMARY,
        data + 2 + first, size - 2 - first);
    if (data[0] & CHOICE_SEAL)
        seal_masks(files, masks);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct container_files *files;
    struct container *container;
    struct header header;
    struct der file;

    if (size < 2)
        return 0;
    files =
        sample_read(data[0] & CHOICE_2001 ? "synthetic-2001-nopassword"
                                          : "synthetic-2012-256-nopassword");
    fill(files, data, size);
    file = container_files_at(files, CONTAINER_HEADER);
    require(header_read(&file, &header) == FAULT_NONE);
    if (container_reader_open(files, 0, NULL, &container) == FAULT_NONE) {
        require(der_equals(&header.key[0].fingerprint, container->point,
                           HEADER_FINGERPRINT));
        require(container->from_reserve == ((data[0] & CHOICE_RESERVE) != 0));
        container_free(&container);
    }
    require(container == NULL);
    container_files_free(&files);
    return 0;
}
