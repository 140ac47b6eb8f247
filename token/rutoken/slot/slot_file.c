#include "token/rutoken/slot/slot_file.h"

#include "keygen/secret.h"

#include <sodium.h>
#include <string.h>

const struct slot_file_kind slot_file_kinds[CONTAINER_FILE_COUNT] = {
    [CONTAINER_MASKS] = {60, DIALECT_PRIVATE},
    [CONTAINER_PRIMARY] = {70, DIALECT_PRIVATE},
    [CONTAINER_HEADER] = {8, DIALECT_PUBLIC},
    [CONTAINER_MASKS2] = {60, DIALECT_PRIVATE},
    [CONTAINER_PRIMARY2] = {70, DIALECT_PRIVATE},
    [CONTAINER_NAME] = {300, DIALECT_PUBLIC},
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

enum fault slot_file_check(struct token_session *session, struct der data)
{
    uint8_t *back = secret_new(data.left);
    enum fault fault = back == NULL ? FAULT_MEMORY : FAULT_NONE;

    if (fault == FAULT_NONE)
        fault = token_file_read(session, 0, back, data.left);
    if (fault == FAULT_NONE && sodium_memcmp(data.at, back, data.left) != 0)
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

enum fault slot_file_overwrite(struct token_session *session, struct der data,
                               size_t whole)
{
    enum fault fault = write_padded(session, data.at, data.left, whole);

    return fault == FAULT_NONE ? slot_file_check(session, data) : fault;
}

enum fault slot_file_add(struct token_session *session, uint16_t slot,
                         uint16_t n, struct slot_file_kind kind,
                         struct der data)
{
    const size_t whole = data.left > kind.least ? data.left : kind.least;
    enum fault fault = token_file_create(session, (uint16_t)(slot | n), whole,
                                         kind.access, NULL);

    if (fault == FAULT_NONE)
        fault = write_padded(session, data.at, data.left, whole);
    return fault;
}

enum fault slot_file_remove(struct token_session *session, uint16_t slot,
                            uint16_t n)
{
    const enum fault fault = token_file_remove(session, (uint16_t)(slot | n));

    return fault == FAULT_NOT_FOUND ? FAULT_NONE : fault;
}

enum fault slot_file_folder(struct token_session *session, uint16_t slot)
{
    uint16_t path[DIALECT_DEPTH];

    return token_file_select(session, path,
                             slot_path(session->dialect, slot, 0, path), NULL);
}

enum fault slot_file_try_room(struct token_session *session, uint16_t slot,
                              size_t size)
{
    static const uint16_t numbers[] = {SLOT_ROOM, SLOT_SPARE};
    enum fault fault = FAULT_NONE, back = FAULT_NONE;
    size_t made = 0;

    while (fault == FAULT_NONE && made < 2) {
        fault = token_file_create(session, (uint16_t)(slot | numbers[made]),
                                  size, DIALECT_PUBLIC, NULL);
        made += fault == FAULT_NONE;
    }
    while (made > 0 && back == FAULT_NONE)
        back = slot_file_remove(session, slot, numbers[--made]);
    return fault == FAULT_NONE ? back : fault;
}
