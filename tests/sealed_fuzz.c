/* A sealed archive: its header, and what is inside. The first byte of the
 * input says which; the rest is the file, or the content without the cipher,
 * which would let nothing through. */
#include "token/container/container_reader.h"
#include "token/sealed/parcel.h"
#include "token/sealed/sealed.h"

#include "keygen/secret.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICE_FILE = 1, CHOICE_CHECKSUM = 2, CHEAP = 64 /* KiB */ };

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* Make the checksum right, or nothing gets behind it. */
static void mend(uint8_t *file, size_t size)
{
    if (size >= SEALED_HEADER)
        crypto_generichash(file + SEALED_HEADER - 16, 16, file,
                           SEALED_HEADER - 16, NULL, 0);
}

static void try_file(const uint8_t *data, size_t size, bool mended)
{
    uint8_t *file = malloc(size + 1), *content;
    size_t content_size;

    if (file == NULL)
        return;
    memcpy(file, data, size);
    if (mended)
        mend(file, size);
    /* What costs much is left out: it is checked before, by sealed_check. */
    if (sealed_check(file, size) == FAULT_NONE && file[15] == 1 &&
        file[16] == 0 && file[17] == 0 && file[18] == 0 && file[19] <= CHEAP) {
        enum fault fault =
            sealed_open(file, size, "fuzz", &content, &content_size);

        require((fault == FAULT_NONE) == (content != NULL));
        secret_free(&content);
    }
    free(file);
}

static void look_at(const struct parcel_container *container)
{
    struct container_info info = {.certificate = NULL};
    struct container_files *files;

    require(parcel_folder_valid(container->folder));
    require(strchr(container->folder, '/') == NULL);
    if (parcel_files(container, &files) != FAULT_NONE)
        return;
    if (container_reader_describe(files, 0, &info) == FAULT_NONE)
        container_info_free(&info);
    container_files_free(&files);
}

/* What is read is written the same. */
static void try_content(const uint8_t *data, size_t size)
{
    struct parcel parcel;
    uint8_t *content;
    size_t again;

    if (parcel_unpack(data, size, &parcel) != FAULT_NONE) {
        require(parcel.container == NULL && parcel.certificate == NULL);
        return;
    }
    for (size_t i = 0; i < parcel.containers; i++)
        look_at(&parcel.container[i]);
    if (parcel_pack(&parcel, &content, &again) == FAULT_NONE)
        require(again == size && memcmp(content, data, size) == 0);
    secret_free(&content);
    parcel_free(&parcel);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || sodium_init() < 0)
        return 0;
    if (data[0] & CHOICE_FILE)
        try_file(data + 1, size - 1, data[0] & CHOICE_CHECKSUM);
    else
        try_content(data + 1, size - 1);
    return 0;
}
