/* The six files of a container: what they say, whether they open, and a new
 * certificate written into them. The input is a byte of choices and then each
 * file, two bytes of size in front. */
#include "token/container/container_reader.h"

#include "tests/support/seal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHOICE_SEAL = 1, CHOICE_PASSWORD = 2, CHOICE_USE = 2 /* bits on */ };

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void fill(struct container_files *files, const uint8_t *data,
                 size_t size)
{
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT && size >= 2;
         file++) {
        size_t one = (size_t)data[0] << 8 | data[1];
        uint8_t *room;

        data += 2;
        size -= 2;
        one = one > size ? size : one;
        if (container_files_room(files, file, one, &room) == FAULT_NONE)
            memcpy(room, data, one);
        data += one;
        size -= one;
    }
}

/* What opens has the key that its header names. */
static void open_it(const struct container_files *files, size_t key,
                    const char *password)
{
    struct container *container;

    if (container_reader_open(files, key, password, &container) != FAULT_NONE) {
        require(container == NULL);
        return;
    }
    require(container->key != NULL && container->info.algorithm != NULL);
    container_free(&container);
}

/* What is written is read again, the same but for the certificate. */
static void certify(const struct header *header, size_t key)
{
    struct header again;
    struct bytes out;
    struct der file;

    bytes_init(&out, HEADER_MAX);
    if (header_replace(header, key, "certificate", 11, &out) == FAULT_NONE) {
        file = (struct der){out.data, out.size};
        require(header_read(&file, &again) == FAULT_NONE);
        require(again.keys == header->keys);
        require(der_equals(&again.key[key].certificate, "certificate", 11));
        require(again.key[key].refused == FAULT_NONE);
        require(again.flags == header->flags);
        require(again.period.not_after == header->period.not_after);
    }
    bytes_free(&out);
}

static void relock(const struct header *header)
{
    struct header again;
    struct bytes out;
    struct der file;

    bytes_init(&out, HEADER_MAX);
    if (header_set_password(header, true, (const uint8_t *)"abcd", &out) ==
        FAULT_NONE) {
        file = (struct der){out.data, out.size};
        require(header_read(&file, &again) == FAULT_NONE);
        require(again.has_password && again.has_reserve);
        require(der_equals(&again.password_mac, "abcd", 4));
    }
    bytes_free(&out);
}

static void rewrite(const struct container_files *files, const char *password)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;

    (void)password;
    if (header_read(&file, &header) != FAULT_NONE)
        return;
    for (size_t key = 0; key < header.keys; key++)
        certify(&header, key);
    relock(&header);
}

static void inspect(const struct container_files *files, const char *password)
{
    struct container_report *report = calloc(1, sizeof *report);
    enum fault fault;

    require(report != NULL);
    fault = container_reader_report(files, password, report);
    require(fault == FAULT_NONE || fault == FAULT_CERTIFICATE);
    require(report->keys <= CONTAINER_KEYS);
    report_free(&report);
}

static void take_out(const struct container_files *files, const char *password)
{
    struct material *material;

    if (container_reader_material(files, password, &material) != FAULT_NONE) {
        require(material == NULL);
        return;
    }
    require(material->keys >= 1 && material->from_reserve <= material->keys);
    material_free(&material);
}

/* What is said of it, and what opens. */
static void read_it(const struct container_files *files, const char *password)
{
    struct container_info info = {.certificate = NULL};

    for (size_t key = 0; key < CONTAINER_KEYS; key++) {
        if (container_reader_describe(files, key, &info) == FAULT_NONE)
            require(memchr(info.name, '\0', sizeof info.name) != NULL);
        container_info_free(&info);
        open_it(files, key, password);
    }
}

/* One at a time: each opens what there is, which takes its time. */
static void (*const uses[])(const struct container_files *files,
                            const char *password) = {read_it, inspect, take_out,
                                                     rewrite};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct container_files *files = NULL;

    if (size == 0 || sodium_init() < 0 ||
        container_files_new(&files) != FAULT_NONE)
        return 0;
    fill(files, data + 1, size - 1);
    if (data[0] & CHOICE_SEAL) {
        seal_header(files);
        seal_masks(files, CONTAINER_MASKS);
        seal_masks(files, CONTAINER_MASKS2);
    }
    uses[data[0] >> CHOICE_USE & 3](
        files, data[0] & CHOICE_PASSWORD ? "qwerty123" : NULL);
    container_files_free(&files);
    return 0;
}
