#include "token/rutoken/slot/slot.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_MAX = 64 /* entries of a folder that are looked at */ };

void slot_name(uint16_t slot, char name[SLOT_NAME])
{
    (void)snprintf(name, SLOT_NAME, "%04X", slot);
}

enum fault slot_find(const struct dialect *dialect, const char *name,
                     uint16_t *slot)
{
    for (size_t i = 0; i < dialect->slots; i++) {
        char own[SLOT_NAME];

        *slot = dialect_slot(i);
        slot_name(*slot, own);
        if (strcmp(own, name) == 0)
            return FAULT_NONE;
    }
    return FAULT_NOT_FOUND;
}

size_t slot_path(const struct dialect *dialect, uint16_t slot, uint16_t n,
                 uint16_t path[DIALECT_DEPTH])
{
    size_t depth = dialect->depth;

    memcpy(path, dialect->home, depth * sizeof *path);
    path[depth++] = slot;
    if (n > 0)
        path[depth++] = slot | n;
    return depth;
}

enum fault slot_probe(struct token_session *session, uint16_t slot)
{
    uint16_t path[DIALECT_DEPTH];

    return token_file_select(session, path,
                             slot_path(session->dialect, slot, 0, path), NULL);
}

/* Whether there is a folder of containers at all. */
static enum fault look_for_home(struct token_session *session)
{
    const struct dialect *dialect = session->dialect;
    enum fault fault =
        token_file_select(session, dialect->home, dialect->depth, NULL);

    return fault == FAULT_NOT_FOUND ? FAULT_TOKEN_REFUSED : fault;
}

enum fault slot_is_used(struct token_session *session, size_t n, bool *used)
{
    enum fault fault = slot_probe(session, dialect_slot(n));

    *used = fault == FAULT_NONE;
    if (fault != FAULT_NOT_FOUND)
        return fault;
    return n == 0 ? look_for_home(session) : FAULT_NONE;
}

/* One by one, where the token does not list its folders. */
static enum fault probe_all(struct token_session *session, bool *used)
{
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < session->dialect->slots && fault == FAULT_NONE; i++)
        fault = slot_is_used(session, i, &used[i]);
    return fault;
}

enum fault slot_list(struct token_session *session,
                     bool used[DIALECT_SLOTS_MAX])
{
    const struct dialect *dialect = session->dialect;
    struct token_file file = {.id = 0};
    enum fault fault = FAULT_NONE;

    memset(used, 0, DIALECT_SLOTS_MAX * sizeof *used);
    for (int i = 0; i < LISTED_MAX && fault == FAULT_NONE; i++) {
        fault = token_file_next(session, dialect->home, dialect->depth, &file);
        for (size_t slot = 0; slot < dialect->slots; slot++)
            used[slot] |= fault == FAULT_NONE && file.folder &&
                          file.id == dialect_slot(slot);
    }
    if (fault == FAULT_TOKEN_REFUSED)
        return probe_all(session, used);
    if (fault != FAULT_NOT_FOUND)
        return fault;
    if (file.id != 0)
        return FAULT_NONE;
    return look_for_home(session); /* empty, or not there */
}
