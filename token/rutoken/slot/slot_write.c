/* Containers on a token: making, changing, removing. */
#include "token/rutoken/slot/slot.h"

#include "keygen/secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* As CryptoPro's software declares them; a longer content makes a longer
 * file. The header has the size of its content. */
static const struct {
    size_t least;
    enum dialect_access access;
} kinds[CONTAINER_FILE_COUNT] = {
    [CONTAINER_MASKS] = {60, DIALECT_PRIVATE},
    [CONTAINER_PRIMARY] = {70, DIALECT_PRIVATE},
    [CONTAINER_HEADER] = {8, DIALECT_PUBLIC},
    [CONTAINER_MASKS2] = {60, DIALECT_PRIVATE},
    [CONTAINER_PRIMARY2] = {70, DIALECT_PRIVATE},
    [CONTAINER_NAME] = {300, DIALECT_PUBLIC},
};

/* The name tells whose it is, the header that it is whole. */
static const enum container_file order[CONTAINER_FILE_COUNT] = {
    CONTAINER_NAME,   CONTAINER_MASKS,    CONTAINER_PRIMARY,
    CONTAINER_MASKS2, CONTAINER_PRIMARY2, CONTAINER_HEADER,
};

/* Content with FF behind it, in secret memory. */
static uint8_t *pad(const uint8_t *data, size_t size, size_t whole)
{
    uint8_t *padded = secret_new(whole);

    if (padded == NULL)
        return NULL;
    memset(padded, 0xFF, whole);
    memcpy(padded, data, size);
    return padded;
}

/* Whether the current file begins with that. */
static enum fault compare(struct token_session *session, const uint8_t *data,
                          size_t size)
{
    uint8_t *back = secret_new(size);
    enum fault fault = back == NULL ? FAULT_MEMORY : FAULT_NONE;

    if (fault == FAULT_NONE)
        fault = token_file_read(session, back, size);
    if (fault == FAULT_NONE && sodium_memcmp(data, back, size) != 0)
        fault = FAULT_IO;
    secret_free(&back);
    return fault;
}

/* All of the current file. */
static enum fault write_padded(struct token_session *session,
                               const uint8_t *data, size_t size, size_t whole)
{
    uint8_t *padded = pad(data, size, whole);
    enum fault fault = padded == NULL ? FAULT_MEMORY : FAULT_NONE;

    if (fault == FAULT_NONE)
        fault = token_file_write(session, padded, whole);
    secret_free(&padded);
    return fault;
}

static enum fault overwrite(struct token_session *session, const uint8_t *data,
                            size_t size, size_t whole)
{
    enum fault fault = write_padded(session, data, size, whole);

    return fault == FAULT_NONE ? compare(session, data, size) : fault;
}

/* In the slot's folder, which is current. */
static enum fault add_file(struct token_session *session, uint16_t slot,
                           uint16_t n, enum dialect_access access, size_t least,
                           struct der data)
{
    const size_t whole = data.left > least ? data.left : least;
    enum fault fault =
        token_file_create(session, (uint16_t)(slot | n), whole, access, NULL);

    if (fault == FAULT_NONE)
        fault = write_padded(session, data.at, data.left, whole);
    return fault;
}

/* The same, and read back. */
static enum fault make_file(struct token_session *session, uint16_t slot,
                            uint16_t n, enum dialect_access access,
                            size_t least, struct der data)
{
    enum fault fault = add_file(session, slot, n, access, least, data);

    return fault == FAULT_NONE ? compare(session, data.at, data.left) : fault;
}

static enum fault select_folder(struct token_session *session, uint16_t slot)
{
    uint16_t path[DIALECT_DEPTH];

    return token_file_select(session, path,
                             slot_path(session->dialect, slot, 0, path), NULL);
}

static enum fault select_home(struct token_session *session)
{
    enum fault fault = token_file_select(session, session->dialect->home,
                                         session->dialect->depth, NULL);

    return fault == FAULT_NOT_FOUND ? FAULT_TOKEN_REFUSED : fault;
}

/* --- removing ------------------------------------------------------------ */

enum fault slot_remove(struct token_session *session, uint16_t slot)
{
    /* Without its header it is none, so that goes first; 07 is of other
     * programs. */
    static const uint16_t numbers[] = {CONTAINER_HEADER + 1,
                                       SLOT_SPARE,
                                       CONTAINER_MASKS + 1,
                                       CONTAINER_PRIMARY + 1,
                                       CONTAINER_MASKS2 + 1,
                                       CONTAINER_PRIMARY2 + 1,
                                       7,
                                       CONTAINER_NAME + 1};
    enum fault fault = select_folder(session, slot);

    for (size_t i = 0;
         i < sizeof numbers / sizeof numbers[0] && fault == FAULT_NONE; i++) {
        fault = token_file_remove(session, (uint16_t)(slot | numbers[i]));
        if (fault == FAULT_NOT_FOUND)
            fault = FAULT_NONE;
    }
    if (fault == FAULT_NONE)
        fault = select_home(session);
    return fault == FAULT_NONE ? token_file_remove(session, slot) : fault;
}

/* --- making -------------------------------------------------------------- */

static bool has_file(struct token_session *session, uint16_t slot, uint16_t n,
                     enum fault *fault)
{
    uint16_t path[DIALECT_DEPTH];

    if (*fault != FAULT_NONE)
        return true;
    *fault = token_file_select(
        session, path, slot_path(session->dialect, slot, n, path), NULL);
    if (*fault == FAULT_NONE)
        return true;
    if (*fault == FAULT_NOT_FOUND)
        *fault = FAULT_NONE;
    return false;
}

/* Whether what was left in the slot is of a run that meant the same
 * container: it has the same inner name, or nothing that could be a key. */
static bool is_ours(struct token_session *session, uint16_t slot,
                    struct der name, enum fault *fault)
{
    uint8_t found[MASKED_KEY_MAX];
    struct token_file file;
    bool keys = false;
    size_t size = 0;

    *fault = slot_read_file(session, slot, CONTAINER_NAME + 1, found,
                            sizeof found, &file, &size);
    if (*fault == FAULT_NONE && size == name.left &&
        memcmp(found, name.at, size) == 0)
        return true;
    if (*fault == FAULT_NOT_FOUND)
        *fault = FAULT_NONE;
    for (enum container_file one = 0; one < CONTAINER_FILE_COUNT; one++)
        if (one != CONTAINER_NAME)
            keys |= has_file(session, slot, (uint16_t)(one + 1), fault);
    return !keys;
}

/* Take away what a run has left from which the token was pulled out. */
static enum fault clear(struct token_session *session, uint16_t slot,
                        struct der name)
{
    struct container_files *files = NULL;
    enum fault fault = slot_probe(session, slot);
    bool ours;

    if (fault == FAULT_NOT_FOUND)
        return FAULT_NONE;
    if (fault == FAULT_NONE)
        fault = slot_read(session, slot, STORED_HEADER, &files);
    container_files_free(&files);
    if (fault == FAULT_NONE)
        return FAULT_EXISTS;
    if (fault != FAULT_UNFINISHED)
        return fault == FAULT_DAMAGED ? FAULT_EXISTS : fault;
    ours = is_ours(session, slot, name, &fault);
    if (fault != FAULT_NONE)
        return fault;
    return ours ? slot_remove(session, slot) : FAULT_EXISTS;
}

static enum fault fill(struct token_session *session, uint16_t slot,
                       const struct container_files *files)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < CONTAINER_FILE_COUNT && fault == FAULT_NONE; i++) {
        const enum container_file file = order[i];
        const struct der data = container_files_at(files, file);

        if (data.left > 0)
            fault = add_file(session, slot, (uint16_t)(file + 1),
                             kinds[file].access, kinds[file].least, data);
    }
    return fault;
}

static enum fault verify(struct token_session *session, uint16_t slot,
                         const struct container_files *files, slot_check *check,
                         void *context)
{
    struct container_files *back = NULL;
    enum fault fault = slot_read(session, slot, STORED_ALL, &back);

    if (fault == FAULT_NONE)
        fault = container_files_equal(files, back) ? check(context, back)
                                                   : FAULT_IO;
    container_files_free(&back);
    return fault;
}

enum fault slot_create(struct token_session *session, uint16_t slot,
                       const struct container_files *files, slot_check *check,
                       void *context)
{
    enum fault fault =
        clear(session, slot, container_files_at(files, CONTAINER_NAME));

    if (fault == FAULT_NONE)
        fault = select_home(session);
    if (fault == FAULT_NONE)
        fault = token_file_create(session, slot, 0, DIALECT_FOLDER, NULL);
    if (fault != FAULT_NONE)
        return fault;
    fault = fill(session, slot, files);
    if (fault == FAULT_NONE)
        fault = verify(session, slot, files, check, context);
    /* Best effort; what cannot be taken away has no whole header. */
    if (fault != FAULT_NONE && slot_remove(session, slot) == FAULT_TOKEN_GONE)
        fault = FAULT_TOKEN_GONE;
    return fault;
}

/* --- changing ------------------------------------------------------------ */

/* The n-th file anew in the slot's folder, which is current. */
static enum fault put_header(struct token_session *session, uint16_t slot,
                             uint16_t n, struct der data)
{
    const uint16_t id = (uint16_t)(slot | n);
    enum fault fault = token_file_remove(session, id);

    if (fault == FAULT_NONE || fault == FAULT_NOT_FOUND)
        fault = make_file(session, slot, n, DIALECT_PUBLIC, 0, data);
    return fault;
}

/* Whether the header itself is whole. */
static enum fault look_at_header(struct token_session *session, uint16_t slot,
                                 bool *whole)
{
    uint8_t *data = calloc(1, HEADER_MAX);
    struct token_file file;
    size_t size = 0;
    enum fault fault = FAULT_MEMORY;

    *whole = false;
    if (data == NULL)
        return fault;
    fault = slot_read_file(session, slot, CONTAINER_HEADER + 1, data,
                           HEADER_MAX, &file, &size);
    if (fault == FAULT_NONE)
        *whole = slot_header_whole((struct der){data, size});
    free(data);
    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

/* A spare that an earlier run has left is either no longer needed, or the only
 * one that is whole; then it becomes the header before it is touched. */
static enum fault settle(struct token_session *session, uint16_t slot)
{
    struct container_files *files = NULL;
    bool whole;
    enum fault fault = look_at_header(session, slot, &whole);

    if (fault != FAULT_NONE || whole)
        return fault;
    fault = slot_read(session, slot, STORED_HEADER, &files);
    if (fault == FAULT_NONE)
        fault = select_folder(session, slot);
    if (fault == FAULT_NONE)
        fault = put_header(session, slot, CONTAINER_HEADER + 1,
                           container_files_at(files, CONTAINER_HEADER));
    container_files_free(&files);
    return fault;
}

static enum fault replace_header(struct token_session *session, uint16_t slot,
                                 struct der data)
{
    enum fault fault = settle(session, slot);

    if (fault == FAULT_NONE)
        fault = select_folder(session, slot);
    if (fault == FAULT_NONE)
        fault = put_header(session, slot, SLOT_SPARE, data);
    if (fault == FAULT_NONE)
        fault = put_header(session, slot, CONTAINER_HEADER + 1, data);
    if (fault == FAULT_NONE)
        fault = token_file_remove(session, (uint16_t)(slot | SLOT_SPARE));
    return fault;
}

enum fault slot_replace(struct token_session *session, uint16_t slot,
                        enum container_file file, const uint8_t *data,
                        size_t size)
{
    uint16_t path[DIALECT_DEPTH];
    struct token_file found;
    enum fault fault;

    if (file == CONTAINER_HEADER)
        return replace_header(session, slot, (struct der){data, size});
    fault = token_file_select(
        session, path,
        slot_path(session->dialect, slot, (uint16_t)(file + 1), path), &found);
    if (fault == FAULT_NOT_FOUND) {
        fault = select_folder(session, slot);
        return fault == FAULT_NONE
                   ? make_file(session, slot, (uint16_t)(file + 1),
                               kinds[file].access, kinds[file].least,
                               (struct der){data, size})
                   : fault;
    }
    if (fault == FAULT_NONE && found.size < size)
        fault = FAULT_TOO_LARGE;
    return fault == FAULT_NONE ? overwrite(session, data, size, found.size)
                               : fault;
}
