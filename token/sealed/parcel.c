#include "token/sealed/parcel.h"

#include "keygen/certificate.h"
#include "keygen/secret.h"
#include "keygen/utf8.h"
#include "token/sealed/sealed.h"

#include <stdlib.h>
#include <string.h>

/* What an entry is; its size follows. */
enum {
    KIND_END = 0,
    KIND_CONTAINER = 1,
    KIND_CERTIFICATE = 2,
    TIME_BYTES = 8,
    SIZE_BYTES = 4,
    ENTRY_HEAD = 1 + SIZE_BYTES
};

/* The last moment of the year 9999. */
static const uint64_t time_max = 253402300799;

bool parcel_folder_valid(const char *name)
{
    size_t left = strnlen(name, PARCEL_FOLDER_MAX + 1);

    if (left == 0 || left > PARCEL_FOLDER_MAX || name[0] == '.' ||
        name[0] == ' ')
        return false;
    while (left > 0) {
        uint32_t character;

        if (!utf8_read(&name, &left, &character) ||
            utf8_is_control(character) || character == '/' ||
            character == '\\' || character == ':')
            return false;
    }
    return true;
}

/* --- gathering ----------------------------------------------------------- */

/* Room for one more; doubles. */
static enum fault grow(void **list, size_t count, size_t max, size_t one)
{
    void *more;

    if (count >= max)
        return FAULT_TOO_LARGE;
    if ((count & (count - 1)) != 0)
        return FAULT_NONE;
    more = calloc(count == 0 ? 1 : 2 * count, one);
    if (more == NULL)
        return FAULT_MEMORY;
    if (count > 0)
        memcpy(more, *list, count * one);
    free(*list);
    *list = more;
    return FAULT_NONE;
}

static enum fault add_container(struct parcel *parcel,
                                const struct parcel_container *container)
{
    void *list = parcel->container;
    enum fault fault = grow(&list, parcel->containers, PARCEL_CONTAINERS_MAX,
                            sizeof *parcel->container);

    parcel->container = list;
    if (fault == FAULT_NONE)
        parcel->container[parcel->containers++] = *container;
    return fault;
}

enum fault parcel_add(struct parcel *parcel, const char *folder,
                      const struct container_files *files)
{
    struct parcel_container container = {.folder = ""};

    if (!parcel_folder_valid(folder))
        return FAULT_ARGUMENT;
    memcpy(container.folder, folder, strlen(folder));
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        container.file[file] = container_files_at(files, file);
    return add_container(parcel, &container);
}

enum fault parcel_add_certificate(struct parcel *parcel, const void *der,
                                  size_t size)
{
    void *list = parcel->certificate;
    enum fault fault;

    if (size == 0 || size > CERTIFICATE_MAX)
        return FAULT_TOO_LARGE;
    fault = grow(&list, parcel->certificates, PARCEL_CERTIFICATES_MAX,
                 sizeof *parcel->certificate);
    parcel->certificate = list;
    if (fault == FAULT_NONE)
        parcel->certificate[parcel->certificates++] = (struct der){der, size};
    return fault;
}

void parcel_free(struct parcel *parcel)
{
    free(parcel->container);
    free(parcel->certificate);
    *parcel = (struct parcel){.made = 0};
}

/* --- packing ------------------------------------------------------------- */

static size_t container_size(const struct parcel_container *container)
{
    size_t size = 1 + strlen(container->folder);

    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        size += SIZE_BYTES + container->file[file].left;
    return size;
}

/* Below 2^33: the counts and the files have their maxima. */
static uint64_t whole_size(const struct parcel *parcel)
{
    uint64_t size = TIME_BYTES + ENTRY_HEAD;

    for (size_t i = 0; i < parcel->containers; i++)
        size += ENTRY_HEAD + container_size(&parcel->container[i]);
    for (size_t i = 0; i < parcel->certificates; i++)
        size += ENTRY_HEAD + parcel->certificate[i].left;
    return size;
}

static uint8_t *put_number(uint8_t *at, unsigned size, uint64_t value)
{
    for (unsigned i = size; i-- > 0; value >>= 8)
        at[i] = (uint8_t)value;
    return at + size;
}

static uint8_t *put_data(uint8_t *at, const void *data, size_t size)
{
    if (size > 0)
        memcpy(at, data, size);
    return at + size;
}

static uint8_t *put_head(uint8_t *at, uint8_t kind, size_t size)
{
    return put_number(put_number(at, 1, kind), SIZE_BYTES, size);
}

static uint8_t *put_container(uint8_t *at,
                              const struct parcel_container *container)
{
    const size_t name = strlen(container->folder);

    at = put_head(at, KIND_CONTAINER, container_size(container));
    at = put_number(at, 1, name);
    at = put_data(at, container->folder, name);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        const struct der *data = &container->file[file];

        at = put_number(at, SIZE_BYTES, data->left);
        at = put_data(at, data->at, data->left);
    }
    return at;
}

enum fault parcel_pack(const struct parcel *parcel, uint8_t **content,
                       size_t *size)
{
    const uint64_t whole = whole_size(parcel);
    uint8_t *at;

    *content = NULL;
    *size = 0;
    if (whole > SEALED_CONTENT_MAX)
        return FAULT_TOO_LARGE;
    if (parcel->made < 0 || (uint64_t)parcel->made > time_max)
        return FAULT_ARGUMENT;
    at = *content = secret_new((size_t)whole);
    if (*content == NULL)
        return FAULT_MEMORY;
    *size = (size_t)whole;
    at = put_number(at, TIME_BYTES, (uint64_t)parcel->made);
    for (size_t i = 0; i < parcel->containers; i++)
        at = put_container(at, &parcel->container[i]);
    for (size_t i = 0; i < parcel->certificates; i++) {
        const struct der *one = &parcel->certificate[i];

        at = put_head(at, KIND_CERTIFICATE, one->left);
        at = put_data(at, one->at, one->left);
    }
    (void)put_head(at, KIND_END, 0);
    return FAULT_NONE;
}

/* --- unpacking ----------------------------------------------------------- */

static bool take(struct der *in, size_t size, struct der *out)
{
    if (size > in->left)
        return false;
    *out = (struct der){in->at, size};
    in->at += size;
    in->left -= size;
    return true;
}

static bool take_number(struct der *in, unsigned size, uint64_t *value)
{
    struct der number;

    if (!take(in, size, &number))
        return false;
    for (*value = 0; number.left > 0; number.left--)
        *value = *value << 8 | *number.at++;
    return true;
}

/* A size and so many bytes. */
static bool take_sized(struct der *in, unsigned size_bytes, size_t max,
                       struct der *out)
{
    uint64_t size;

    return take_number(in, size_bytes, &size) && size <= max &&
           take(in, (size_t)size, out);
}

static bool take_folder(struct der *in, char folder[PARCEL_FOLDER_MAX + 1])
{
    struct der name;

    if (!take_sized(in, 1, PARCEL_FOLDER_MAX, &name))
        return false;
    memcpy(folder, name.at, name.left);
    return strlen(folder) == name.left && parcel_folder_valid(folder);
}

static enum fault read_container(struct der *in, struct parcel *parcel)
{
    struct parcel_container container = {.folder = ""};

    if (!take_folder(in, container.folder))
        return FAULT_ARCHIVE_DAMAGED;
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        if (!take_sized(in, SIZE_BYTES,
                        file == CONTAINER_HEADER ? (size_t)HEADER_MAX
                                                 : MASKED_KEY_MAX,
                        &container.file[file]))
            return FAULT_ARCHIVE_DAMAGED;
    if (in->left > 0 || container.file[CONTAINER_HEADER].left == 0)
        return FAULT_ARCHIVE_DAMAGED;
    return add_container(parcel, &container);
}

static enum fault read_certificate(struct der *in, struct parcel *parcel)
{
    if (in->left == 0 || in->left > CERTIFICATE_MAX)
        return FAULT_ARCHIVE_DAMAGED;
    return parcel_add_certificate(parcel, in->at, in->left);
}

static enum fault (*const readers[])(struct der *in, struct parcel *parcel) = {
    [KIND_CONTAINER] = read_container,
    [KIND_CERTIFICATE] = read_certificate,
};

static enum fault read_entries(struct der *in, struct parcel *parcel)
{
    enum fault fault = FAULT_NONE;
    uint64_t before = KIND_END;

    while (fault == FAULT_NONE) {
        uint64_t kind;
        struct der body;

        if (!take_number(in, 1, &kind) ||
            !take_sized(in, SIZE_BYTES, SEALED_CONTENT_MAX, &body))
            return FAULT_ARCHIVE_DAMAGED;
        if (kind == KIND_END)
            return body.left == 0 && in->left == 0 ? FAULT_NONE
                                                   : FAULT_ARCHIVE_DAMAGED;
        if (kind >= sizeof readers / sizeof readers[0])
            return FAULT_ARCHIVE_NEWER;
        if (kind < before)
            return FAULT_ARCHIVE_DAMAGED;
        before = kind;
        fault = readers[kind](&body, parcel);
    }
    return fault;
}

enum fault parcel_unpack(const uint8_t *content, size_t size,
                         struct parcel *parcel)
{
    struct der in = {content, size};
    uint64_t made;
    enum fault fault = FAULT_ARCHIVE_DAMAGED;

    *parcel = (struct parcel){.made = 0};
    if (take_number(&in, TIME_BYTES, &made) && made <= time_max) {
        parcel->made = (time_t)made;
        fault = read_entries(&in, parcel);
    }
    if (fault != FAULT_NONE)
        parcel_free(parcel);
    return fault;
}

enum fault parcel_files(const struct parcel_container *container,
                        struct container_files **files)
{
    enum fault fault = container_files_new(files);

    for (enum container_file file = 0;
         file < CONTAINER_FILE_COUNT && fault == FAULT_NONE; file++) {
        const struct der *data = &container->file[file];
        uint8_t *room;

        if (data->left == 0)
            continue;
        fault = container_files_room(*files, file, data->left, &room);
        if (fault == FAULT_NONE)
            memcpy(room, data->at, data->left);
    }
    if (fault != FAULT_NONE)
        container_files_free(files);
    return fault;
}
