#include "token/rutoken/session/token_file.h"

#include <string.h>

enum {
    TEMPLATE = 0x62,
    TEMPLATE_OTHER = 0x6F,
    TAG_SIZE = 0x80,
    TAG_TYPE = 0x82,
    TAG_ID = 0x83,
    TYPE_FOLDER = 0x38,
    HEAD_MAX = 6, /* bytes of a DER element before its content */
    DESCRIPTION_MAX = 128
};

/* --- what it says of a file ---------------------------------------------- */

/* The tags that matter; others are passed over. Nothing depends on one being
 * there but the size of what is read. */
static bool read_fields(const struct dialect *dialect, struct der fields,
                        struct token_file *file)
{
    while (!der_at_end(&fields)) {
        struct der content, whole;
        uint8_t tag;

        if (!der_read_any(&fields, &tag, &content, &whole))
            return false;
        if (tag == TAG_SIZE && content.left == 2)
            file->size = dialect_number(dialect, content.at);
        else if (tag == TAG_TYPE && content.left >= 1)
            file->folder = content.at[0] == TYPE_FOLDER;
        else if (tag == TAG_ID && content.left == 2)
            file->id = dialect_number(dialect, content.at);
    }
    return true;
}

static enum fault read_description(const struct token_session *session,
                                   struct token_file *file)
{
    struct der in = {session->answer.data, session->answer.size}, fields;
    struct token_file found = {.size = 0};

    if (!der_read(&in, TEMPLATE, &fields) &&
        !der_read(&in, TEMPLATE_OTHER, &fields))
        return FAULT_TOKEN_ANSWER;
    if (!read_fields(session->dialect, fields, &found) ||
        found.size > TOKEN_FILE_MAX)
        return FAULT_TOKEN_ANSWER;
    if (found.folder)
        found.size = 0;
    *file = found;
    return FAULT_NONE;
}

static enum fault select_by(struct token_session *session,
                            struct command *command, struct token_file *file)
{
    enum fault fault;

    command->ins = 0xA4;
    command->answer = 256;
    fault = token_session_do(session, command);
    return fault == FAULT_NONE && file != NULL ? read_description(session, file)
                                               : fault;
}

enum fault token_file_select(struct token_session *session,
                             const uint16_t *path, size_t depth,
                             struct token_file *file)
{
    uint8_t wire[2 * DIALECT_DEPTH];
    struct command command = {.p1 = 0x08, .data = wire, .size = 2 * depth};

    if (depth > DIALECT_DEPTH)
        return FAULT_ARGUMENT;
    for (size_t i = 0; i < depth; i++)
        dialect_put(session->dialect, path[i], wire + 2 * i);
    if (depth == 0) { /* the MF has a name, but no path */
        dialect_put(session->dialect, DIALECT_MF, wire);
        command.p1 = 0;
        command.size = 2;
    }
    return select_by(session, &command, file);
}

/* An entry that is a folder becomes the current one, so the way back comes
 * first. */
enum fault token_file_next(struct token_session *session, const uint16_t *path,
                           size_t depth, struct token_file *file)
{
    const bool first = file->id == 0;
    uint8_t wire[2];
    struct command command = {.p2 = first ? 0x00 : 0x02,
                              .data = first ? NULL : wire,
                              .size = first ? 0 : sizeof wire};
    enum fault fault = FAULT_NONE;

    dialect_put(session->dialect, file->id, wire);
    if (first || file->folder)
        fault = token_file_select(session, path, depth, NULL);
    return fault == FAULT_NONE ? select_by(session, &command, file) : fault;
}

/* --- what is in it ------------------------------------------------------- */

static enum fault read_part(struct token_session *session, size_t offset,
                            uint8_t *data, size_t size, size_t *got)
{
    const struct command command = {.ins = 0xB0,
                                    .p1 = (uint8_t)(offset >> 8),
                                    .p2 = (uint8_t)offset,
                                    .answer = size};
    enum fault fault = token_session_do(session, &command);

    if (fault == FAULT_NONE && session->answer.size == 0)
        fault = FAULT_TOKEN_ANSWER;
    if (fault != FAULT_NONE)
        return fault;
    *got = session->answer.size;
    memcpy(data, session->answer.data, *got);
    return FAULT_NONE;
}

enum fault token_file_read(struct token_session *session, size_t from,
                           uint8_t *data, size_t size)
{
    for (size_t at = 0, got; at < size; at += got) {
        const size_t part =
            size - at < TRANSPORT_READ_MAX ? size - at : TRANSPORT_READ_MAX;
        enum fault fault = read_part(session, from + at, data + at, part, &got);

        if (fault != FAULT_NONE)
            return fault;
    }
    return FAULT_NONE;
}

/* Of the element that begins with these bytes; 0: there is none. */
static size_t element_size(const uint8_t *data, size_t size)
{
    size_t length, bytes;

    if (size < 2 || data[0] == 0x00 || data[0] == 0xFF)
        return 0;
    if (data[1] < 0x80)
        return 2u + data[1];
    bytes = data[1] & 0x7F;
    if (bytes == 0 || bytes > 3 || size < 2 + bytes)
        return 0;
    length = 0;
    for (size_t i = 0; i < bytes; i++)
        length = length << 8 | data[2 + i];
    return 2 + bytes + length;
}

enum fault token_file_read_element(struct token_session *session,
                                   const struct token_file *file, uint8_t *data,
                                   size_t room, size_t *size)
{
    size_t whole = file->size < room ? file->size : room, first, element;
    enum fault fault = FAULT_NONE;

    *size = 0;
    first = whole < TRANSPORT_READ_MAX ? whole : TRANSPORT_READ_MAX;
    if (file->folder)
        return FAULT_NOT_FOUND;
    fault = token_file_read(session, 0, data, first);
    if (fault != FAULT_NONE)
        return fault;
    element = element_size(data, first);
    /* One that goes beyond its file is read as far as there is any. */
    if (element > 0 && element < whole)
        whole = element;
    if (whole > first)
        fault = token_file_read(session, first, data + first, whole - first);
    if (fault == FAULT_NONE)
        *size = whole;
    return fault;
}

enum fault token_file_write(struct token_session *session, const uint8_t *data,
                            size_t size)
{
    enum fault fault = FAULT_NONE;

    if (size > TOKEN_FILE_MAX)
        return FAULT_TOO_LARGE;
    for (size_t at = 0; at < size && fault == FAULT_NONE;) {
        const size_t part =
            size - at > TRANSPORT_PART ? TRANSPORT_PART : size - at;
        const struct command command = {.ins = 0xD6,
                                        .p1 = (uint8_t)(at >> 8),
                                        .p2 = (uint8_t)at,
                                        .data = data + at,
                                        .size = part};

        fault = token_session_do(session, &command);
        at += part;
    }
    return fault;
}

/* --- making and removing ------------------------------------------------- */

enum fault token_file_create(struct token_session *session, uint16_t id,
                             size_t size, enum dialect_access access,
                             const uint8_t *property)
{
    struct command command = {.ins = 0xE0};
    struct bytes description;
    enum fault fault = FAULT_TOO_LARGE;

    if (size > TOKEN_FILE_MAX)
        return fault;
    bytes_init(&description, DESCRIPTION_MAX);
    dialect_describe(session->dialect, id, size, access, property,
                     &description);
    command.data = description.data;
    command.size = description.size;
    fault =
        description.failed ? FAULT_MEMORY : token_session_do(session, &command);
    bytes_free(&description);
    return fault;
}

enum fault token_file_remove(struct token_session *session, uint16_t id)
{
    uint8_t wire[2];
    const struct command command = {
        .ins = 0xE4, .data = wire, .size = sizeof wire};

    dialect_put(session->dialect, id, wire);
    return token_session_do(session, &command);
}
