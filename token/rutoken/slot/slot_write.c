/* Containers on a token: making and removing. */
#include "keygen/secret.h"
#include "token/rutoken/slot/slot_file.h"

#include <sodium.h>
#include <string.h>

enum {
    HEADER_USUAL = 3072 /* bytes, with a certificate: CryptoPro's software
                           declares as many on some tokens */
};

/* The name tells whose it is, the header that it is whole. */
static const enum container_file order[CONTAINER_FILE_COUNT] = {
    CONTAINER_NAME,   CONTAINER_MASKS,    CONTAINER_PRIMARY,
    CONTAINER_MASKS2, CONTAINER_PRIMARY2, CONTAINER_HEADER,
};

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
                                       SLOT_ROOM,
                                       CONTAINER_MASKS + 1,
                                       CONTAINER_PRIMARY + 1,
                                       CONTAINER_MASKS2 + 1,
                                       CONTAINER_PRIMARY2 + 1,
                                       7,
                                       CONTAINER_NAME + 1};
    enum fault fault = slot_file_folder(session, slot);

    for (size_t i = 0;
         i < sizeof numbers / sizeof numbers[0] && fault == FAULT_NONE; i++)
        fault = slot_file_remove(session, slot, numbers[i]);
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

/* Whether a file of the slot has that content; cut: it may be cut off. */
static bool holds(struct token_session *session, uint16_t slot,
                  enum container_file one, struct der wanted, bool cut,
                  enum fault *fault)
{
    uint8_t *found = secret_new(wanted.left);
    struct token_file file;
    size_t size = 0;
    bool same;

    *fault = found == NULL ? FAULT_MEMORY
                           : slot_read_file(session, slot, (uint16_t)(one + 1),
                                            found, wanted.left, &file, &size);
    same = *fault == FAULT_NONE && size == wanted.left &&
           (cut || sodium_memcmp(found, wanted.at, size) == 0);
    secret_free(&found);
    if (*fault == FAULT_NOT_FOUND || *fault == FAULT_TOO_LARGE)
        *fault = FAULT_NONE;
    return same;
}

/* Whether what was left in the slot is all of these but the end of the header:
 * a long one takes many commands. */
static bool lacks_the_end(struct token_session *session, uint16_t slot,
                          const struct container_files *files,
                          enum fault *fault)
{
    bool same = true;

    *fault = FAULT_NONE;
    for (enum container_file one = 0; one < CONTAINER_FILE_COUNT && same;
         one++) {
        const struct der wanted = container_files_at(files, one);

        if (wanted.left > 0)
            same = holds(session, slot, one, wanted, one == CONTAINER_HEADER,
                         fault);
    }
    return same;
}

/* Take away what a run has left from which the token was pulled out. */
static enum fault clear(struct token_session *session, uint16_t slot,
                        const struct container_files *wanted)
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
    if (fault == FAULT_UNFINISHED)
        ours = is_ours(session, slot,
                       container_files_at(wanted, CONTAINER_NAME), &fault);
    else if (fault == FAULT_DAMAGED)
        ours = lacks_the_end(session, slot, wanted, &fault);
    else
        return fault;
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
            fault = slot_file_add(session, slot, (uint16_t)(file + 1),
                                  slot_file_kinds[file], data);
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
    enum fault fault = clear(session, slot, files);

    if (fault == FAULT_NONE)
        fault = select_home(session);
    if (fault == FAULT_NONE)
        fault = token_file_create(session, slot, 0, DIALECT_FOLDER, NULL);
    if (fault != FAULT_NONE)
        return fault;
    fault = fill(session, slot, files);
    if (fault == FAULT_NONE && !slot_has_certificate(files))
        fault = slot_file_try_room(session, slot, HEADER_USUAL);
    if (fault == FAULT_NONE)
        fault = verify(session, slot, files, check, context);
    /* Best effort; what cannot be taken away has no whole header. */
    if (fault != FAULT_NONE && slot_remove(session, slot) == FAULT_TOKEN_GONE)
        fault = FAULT_TOKEN_GONE;
    return fault;
}
