/* Containers on a token: putting another content into one.
 *
 * A header is replaced so that at every instant one whole header is there, old
 * or new, and so that a token without memory is found out before anything has
 * changed: the new one is written beside the old one as a spare first. Where
 * it fits into the old one's file it is then written over it. Where it does
 * not, room for the longer file has been kept since before the spare was
 * written; that room is what the old file, once it is removed, is made anew
 * in. Pulled out in between, a token has the spare, which slot_read takes and
 * the next change makes the header (settle); programs that know no spare find
 * no header then. */
#include "token/rutoken/slot/slot_file.h"

#include <stdlib.h>

static const struct slot_file_kind header_kind = {0, DIALECT_PUBLIC};

/* The header is there and whole; the size of its file, 0 where there is none.
 */
static enum fault look_at_header(struct token_session *session, uint16_t slot,
                                 bool *whole, size_t *room)
{
    uint8_t *data = calloc(1, HEADER_MAX);
    struct token_file file = {.size = 0};
    size_t size = 0;
    enum fault fault = FAULT_MEMORY;

    *whole = false;
    if (data == NULL)
        return fault;
    fault = slot_read_file(session, slot, CONTAINER_HEADER + 1, data,
                           HEADER_MAX, &file, &size);
    if (fault == FAULT_NONE)
        *whole = slot_header_whole((struct der){data, size});
    *room = file.size;
    free(data);
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* Over the header, whose file is as long as room. */
static enum fault write_over(struct token_session *session, uint16_t slot,
                             struct der data, size_t room)
{
    uint16_t path[DIALECT_DEPTH];
    const size_t depth =
        slot_path(session->dialect, slot, CONTAINER_HEADER + 1, path);
    enum fault fault = token_file_select(session, path, depth, NULL);

    return fault == FAULT_NONE ? slot_file_overwrite(session, data, room)
                               : fault;
}

/* The n-th file anew, in the slot's folder, which is current. */
static enum fault make_header(struct token_session *session, uint16_t slot,
                              uint16_t n, struct der data)
{
    enum fault fault = slot_file_remove(session, slot, n);

    if (fault == FAULT_NONE)
        fault = slot_file_add(session, slot, n, header_kind, data);
    return fault == FAULT_NONE ? slot_file_check(session, data) : fault;
}

static enum fault put_header(struct token_session *session, uint16_t slot,
                             struct der data, size_t room)
{
    enum fault fault;

    if (data.left <= room)
        return write_over(session, slot, data, room);
    fault = slot_file_folder(session, slot);
    if (fault == FAULT_NONE)
        fault = slot_file_remove(session, slot, SLOT_ROOM);
    return fault == FAULT_NONE
               ? make_header(session, slot, CONTAINER_HEADER + 1, data)
               : fault;
}

/* A spare that an earlier run has left is either no longer needed, or the only
 * one that is whole; then it becomes the header before it is touched. */
static enum fault settle(struct token_session *session, uint16_t slot,
                         size_t *room)
{
    struct container_files *files = NULL;
    struct der header;
    bool whole;
    enum fault fault = look_at_header(session, slot, &whole, room);

    if (fault != FAULT_NONE || whole)
        return fault;
    fault = slot_read(session, slot, STORED_HEADER, &files);
    if (fault == FAULT_NONE) {
        header = container_files_at(files, CONTAINER_HEADER);
        fault = put_header(session, slot, header, *room);
        if (*room < header.left)
            *room = header.left;
    }
    container_files_free(&files);
    return fault;
}

/* Room for a longer header, and the spare. Nothing has changed before both are
 * there. */
static enum fault put_spare(struct token_session *session, uint16_t slot,
                            struct der data, bool longer)
{
    enum fault fault = slot_file_folder(session, slot);

    if (fault == FAULT_NONE)
        fault = slot_file_remove(session, slot, SLOT_ROOM);
    if (fault == FAULT_NONE && longer)
        fault = token_file_create(session, (uint16_t)(slot | SLOT_ROOM),
                                  data.left, DIALECT_PUBLIC, NULL);
    if (fault == FAULT_NONE)
        fault = make_header(session, slot, SLOT_SPARE, data);
    if (fault == FAULT_TOKEN_SPACE &&
        slot_file_remove(session, slot, SLOT_ROOM) == FAULT_TOKEN_GONE)
        fault = FAULT_TOKEN_GONE;
    return fault;
}

static enum fault replace_header(struct token_session *session, uint16_t slot,
                                 struct der data)
{
    size_t room = 0;
    enum fault fault = settle(session, slot, &room);

    if (fault == FAULT_NONE)
        fault = put_spare(session, slot, data, data.left > room);
    if (fault == FAULT_NONE)
        fault = put_header(session, slot, data, room);
    if (fault == FAULT_NONE)
        fault = slot_file_folder(session, slot);
    return fault == FAULT_NONE ? slot_file_remove(session, slot, SLOT_SPARE)
                               : fault;
}

enum fault slot_replace(struct token_session *session, uint16_t slot,
                        enum container_file file, const uint8_t *data,
                        size_t size)
{
    uint16_t path[DIALECT_DEPTH];
    const struct der content = {data, size};
    struct token_file found;
    enum fault fault;

    if (file == CONTAINER_HEADER)
        return replace_header(session, slot, content);
    fault = token_file_select(
        session, path,
        slot_path(session->dialect, slot, (uint16_t)(file + 1), path), &found);
    if (fault == FAULT_NOT_FOUND) {
        fault = slot_file_folder(session, slot);
        if (fault == FAULT_NONE)
            fault = slot_file_add(session, slot, (uint16_t)(file + 1),
                                  slot_file_kinds[file], content);
        return fault == FAULT_NONE ? slot_file_check(session, content) : fault;
    }
    if (fault == FAULT_NONE && found.size < size)
        fault = FAULT_TOO_LARGE;
    return fault == FAULT_NONE
               ? slot_file_overwrite(session, content, found.size)
               : fault;
}
