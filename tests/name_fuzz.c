/* name.key: what is shown of it is UTF-8. */
#include "token/container/container_reader.h"

#include "keygen/utf8.h"
#include "tests/support/sample.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_utf8(const char *text)
{
    size_t left = strlen(text);
    uint32_t character;

    while (left > 0)
        require(utf8_read(&text, &left, &character));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct container_files *files =
        sample_read("synthetic-2012-256-nopassword");
    struct container_info info = {.certificate = NULL};
    uint8_t *room;

    if (container_files_room(files, CONTAINER_NAME, size, &room) ==
        FAULT_NONE) {
        if (size > 0)
            memcpy(room, data, size);
        require(container_reader_describe(files, 0, &info) == FAULT_NONE);
        require(memchr(info.name, '\0', sizeof info.name) != NULL);
        require_utf8(info.name);
        container_info_free(&info);
    }
    container_files_free(&files);
    return 0;
}
