/* Reading a container's files. */
#include "token/rutoken/slot/slot.h"

#include "token/container/header.h"

enum { CERTIFICATE_LEAST = 256 /* no header with one is as short */ };

bool slot_has_certificate(const struct container_files *files)
{
    return files->header_size >= CERTIFICATE_LEAST;
}

bool slot_header_whole(struct der file)
{
    struct header header;

    return header_read(&file, &header) == FAULT_NONE;
}

static enum fault select_file(struct token_session *session, uint16_t slot,
                              uint16_t n, struct token_file *file)
{
    uint16_t path[DIALECT_DEPTH];
    const size_t depth = slot_path(session->dialect, slot, n, path);
    const enum fault fault = token_file_select(session, path, depth, file);

    return fault == FAULT_NONE && file->folder ? FAULT_NOT_FOUND : fault;
}

enum fault slot_read_file(struct token_session *session, uint16_t slot,
                          uint16_t n, uint8_t *data, size_t room,
                          struct token_file *file, size_t *size)
{
    enum fault fault = select_file(session, slot, n, file);

    *size = 0;
    if (fault == FAULT_NONE)
        fault = token_file_read_element(session, file, data, room, size);
    return fault;
}

/* The current file becomes as long as what was found in it. */
static enum fault take_current(struct token_session *session,
                               struct container_files *files,
                               enum container_file as,
                               const struct token_file *file)
{
    size_t size = 0;
    uint8_t *room;
    enum fault fault = container_files_room(files, as, file->size, &room);

    if (fault == FAULT_NONE)
        fault = token_file_read_element(session, file, room, file->size, &size);
    if (fault != FAULT_NONE || size == 0) {
        container_files_drop(files, as);
        return fault;
    }
    if (as == CONTAINER_HEADER)
        files->header_size = size;
    else
        files->small[as].size = size;
    return FAULT_NONE;
}

static enum fault take_file(struct token_session *session, uint16_t slot,
                            uint16_t n, struct container_files *files,
                            enum container_file as, struct token_file *file)
{
    enum fault fault = select_file(session, slot, n, file);

    if (fault == FAULT_NONE)
        fault = take_current(session, files, as, file);
    else
        container_files_drop(files, as);
    return fault;
}

/* --- an overview --------------------------------------------------------- */

/* A header that is read in parts: what was not read is zero. */
struct sketch {
    struct token_session *session;
    uint8_t *data;
};

static enum fault fetch(void *context, const uint8_t *at, size_t size)
{
    const struct sketch *sketch = context;
    const size_t from = (size_t)(at - sketch->data);

    return token_file_read(sketch->session, from, sketch->data + from, size);
}

/* The first part has all that stands before the certificate, and where that
 * has its owner. */
static enum fault sketch_out(struct sketch *sketch,
                             struct container_files *files)
{
    const size_t first = CERTIFICATE_LEAST;
    struct der file = container_files_at(files, CONTAINER_HEADER);
    struct header header;
    size_t before;
    enum fault fault = fetch(sketch, sketch->data, first);

    if (fault == FAULT_NONE)
        fault = header_read_front(&file, &header);
    if (fault != FAULT_NONE)
        return fault;
    if (header.keys != 1 || header.key[0].certificate.at == NULL)
        return FAULT_UNSUPPORTED;
    before = (size_t)(header.key[0].certificate.at - file.at);
    return overview_read(header.key[0].certificate,
                         before < first ? first - before : 0, fetch, sketch,
                         &files->overview);
}

/* Whether there is one of the current file. Why not the reading of all of it
 * will tell. */
static bool take_overview(struct token_session *session,
                          struct container_files *files,
                          const struct token_file *file)
{
    struct sketch sketch = {.session = session};

    return file->size >= CERTIFICATE_LEAST &&
           container_files_room(files, CONTAINER_HEADER, file->size,
                                &sketch.data) == FAULT_NONE &&
           sketch_out(&sketch, files) == FAULT_NONE;
}

/* --- a container --------------------------------------------------------- */

/* Of one that was begun and left: no header, or one that never held as much
 * as a certificate and is cut off. */
static bool is_unfinished(struct der header, const struct token_file *file)
{
    struct der content;

    return header.left == 0 || (file->size < CERTIFICATE_LEAST &&
                                !der_read(&header, DER_SEQUENCE, &content));
}

/* Faults of the token, not of what is on it. */
static bool is_grave(enum fault fault)
{
    return fault != FAULT_NONE && fault != FAULT_NOT_FOUND &&
           fault != FAULT_TOO_LARGE;
}

static enum fault read_header(struct token_session *session, uint16_t slot,
                              enum stored_part part,
                              struct container_files *files)
{
    struct token_file file = {.size = 0}, spare;
    bool unfinished;
    enum fault fault = select_file(session, slot, CONTAINER_HEADER + 1, &file);

    if (fault == FAULT_NONE && part == STORED_OVERVIEW &&
        take_overview(session, files, &file))
        return FAULT_NONE;
    if (fault == FAULT_NONE)
        fault = take_current(session, files, CONTAINER_HEADER, &file);
    if (is_grave(fault) ||
        slot_header_whole(container_files_at(files, CONTAINER_HEADER)))
        return fault;
    unfinished =
        is_unfinished(container_files_at(files, CONTAINER_HEADER), &file);
    fault =
        take_file(session, slot, SLOT_SPARE, files, CONTAINER_HEADER, &spare);
    if (is_grave(fault) ||
        slot_header_whole(container_files_at(files, CONTAINER_HEADER)))
        return fault;
    fault = slot_probe(session, slot);
    if (fault != FAULT_NONE)
        return fault;
    return unfinished ? FAULT_UNFINISHED : FAULT_DAMAGED;
}

/* One that is missing or cannot be read has a reserve copy, or is but a
 * name. */
static enum fault read_other(struct token_session *session, uint16_t slot,
                             enum container_file file,
                             struct container_files *files)
{
    struct token_file found;
    const enum fault fault =
        take_file(session, slot, (uint16_t)(file + 1), files, file, &found);

    files->fault[file] = fault;
    if (fault == FAULT_TOO_LARGE && file != CONTAINER_NAME)
        files->unread = fault;
    return is_grave(fault) ? fault : FAULT_NONE;
}

static enum fault read_others(struct token_session *session, uint16_t slot,
                              enum stored_part part,
                              struct container_files *files)
{
    enum fault fault = FAULT_NONE;

    for (enum container_file file = 0;
         file < CONTAINER_FILE_COUNT && fault == FAULT_NONE; file++) {
        if ((file == CONTAINER_NAME && files->overview == NULL) ||
            (part == STORED_ALL && file != CONTAINER_HEADER))
            fault = read_other(session, slot, file, files);
        else if (file != CONTAINER_HEADER)
            files->fault[file] = FAULT_PIN_NEEDED;
    }
    return fault;
}

enum fault slot_read(struct token_session *session, uint16_t slot,
                     enum stored_part part, struct container_files **files)
{
    enum fault fault = container_files_new(files);

    if (fault == FAULT_NONE)
        fault = read_header(session, slot, part, *files);
    if (fault == FAULT_NONE)
        fault = read_others(session, slot, part, *files);
    if (fault != FAULT_NONE)
        container_files_free(files);
    return fault;
}
