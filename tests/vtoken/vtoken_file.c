#include "tests/vtoken/vtoken_card.h"

#include <string.h>

enum {
    SELECT_ID = 0,
    SELECT_CHILD = 1,
    SELECT_PARENT = 3,
    SELECT_PATH = 8,
    RETURN_FCP = 0x00,
    RETURN_NEXT = 0x02,
    RETURN_FCP_TOO = 0x04, /* as CryptoPro asks */
    RETURN_NOTHING = 0x0C,
    OFFSET_MAX = 0x7FFF
};

static void make_current(struct vtoken *card, struct vtoken_file *file)
{
    card->folder = file->type == FILE_DF ? file : file->parent;
    card->file = file->type == FILE_DF ? NULL : file;
}

/* By id: the MF, or what is in the current folder. */
static struct vtoken_file *by_id(const struct vtoken *card,
                                 const struct command *command)
{
    uint16_t id;

    if (command->size != 2)
        return NULL;
    id = vtoken_fcp_id(card, command->data);
    return id == ID_MF ? card->root : vtoken_tree_child(card->folder, id);
}

static struct vtoken_file *by_path(const struct vtoken *card,
                                   const struct command *command)
{
    struct vtoken_file *file = card->root;

    if (command->size == 0 || command->size % 2 != 0)
        return NULL;
    for (size_t i = 0; file != NULL && i < command->size; i += 2)
        file = vtoken_tree_child(file, vtoken_fcp_id(card, command->data + i));
    return file;
}

/* The first in the current folder, or the one behind the one named. */
static struct vtoken_file *by_order(const struct vtoken *card,
                                    const struct command *command)
{
    struct vtoken_file *last;

    if (!command->has_data)
        return card->folder->first;
    last = command->size != 2
               ? NULL
               : vtoken_tree_child(card->folder,
                                   vtoken_fcp_id(card, command->data));
    return last == NULL ? NULL : last->next;
}

static struct vtoken_file *find(const struct vtoken *card,
                                const struct command *command)
{
    struct vtoken_file *file = NULL;

    if (command->p1 == SELECT_ID &&
        (!command->has_data || command->p2 == RETURN_NEXT))
        return by_order(card, command);
    if (command->p1 == SELECT_PATH)
        return by_path(card, command);
    if (command->p1 == SELECT_PARENT)
        return card->folder->parent;
    file = by_id(card, command);
    if (command->p1 == SELECT_CHILD && file != NULL && file->type != FILE_DF)
        file = NULL;
    return file;
}

unsigned vtoken_file_select(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    bool quiet = command->p2 == RETURN_NOTHING;
    struct vtoken_file *file;

    if ((command->p1 != SELECT_ID && command->p1 != SELECT_CHILD &&
         command->p1 != SELECT_PARENT && command->p1 != SELECT_PATH) ||
        (command->p2 != RETURN_FCP && command->p2 != RETURN_NEXT &&
         command->p2 != RETURN_FCP_TOO && !quiet))
        return SW_P1P2;
    /* Cards with T=0 select nothing without saying what. */
    if (quiet && card->setup.t0)
        return SW_P1P2;
    if (card->root == NULL)
        return SW_NO_FILE;
    file = find(card, command);
    if (file == NULL)
        return SW_NO_FILE;
    make_current(card, file);
    if (!quiet)
        answer->size = vtoken_fcp_write(card, file, answer->data);
    return SW_GOOD;
}

unsigned vtoken_file_read(struct vtoken *card, const struct command *command,
                          struct answer *answer)
{
    size_t offset = (size_t)command->p1 << 8 | command->p2, left;
    struct vtoken_file *file = card->file;

    if (file == NULL)
        return SW_NO_EF;
    if (command->has_data || command->le == 0)
        return SW_LENGTH;
    if ((file->type == FILE_RSF && (file->property[0] & 0x10) == 0) ||
        !vtoken_tree_may(card, &file->security, MAY_READ))
        return SW_RIGHTS;
    if (offset > OFFSET_MAX || offset >= file->size)
        return SW_OFFSET;
    left = file->size - offset;
    answer->size = left < command->le ? left : command->le;
    memcpy(answer->data, file->data + offset, answer->size);
    return SW_GOOD;
}

unsigned vtoken_file_update(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    size_t offset = (size_t)command->p1 << 8 | command->p2;
    struct vtoken_file *file = card->file;

    (void)answer;
    if (file == NULL || file->type != FILE_EF)
        return SW_NO_EF;
    if (!command->has_data)
        return SW_LENGTH;
    if (!vtoken_tree_may(card, &file->security, MAY_UPDATE))
        return SW_RIGHTS;
    if (offset > OFFSET_MAX || offset > file->size ||
        command->size > file->size - offset)
        return SW_OFFSET;
    memcpy(file->data + offset, command->data,
           card->torn ? command->size / 2 : command->size);
    return SW_GOOD;
}

static bool is_fair(const struct vtoken_file *like)
{
    return (like->type == FILE_DF || like->type == FILE_EF) &&
           !like->has_property;
}

static unsigned create_mf(struct vtoken *card, const struct vtoken_file *like)
{
    struct vtoken_file *made;
    unsigned sw;

    if (like->id != ID_MF || like->type != FILE_DF)
        return SW_CONDITIONS;
    sw = vtoken_tree_make(card, NULL, like, &made);
    if (sw == SW_GOOD)
        make_current(card, made);
    return sw;
}

unsigned vtoken_file_create(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    struct vtoken_file like, *made;
    unsigned sw;

    (void)answer;
    if (!vtoken_fcp_read(card, command->data, command->size, &like))
        return SW_DATA;
    if (card->root == NULL)
        return create_mf(card, &like);
    if (like.type == FILE_RSF && like.has_property)
        return like.property[0] == 0x01 ? vtoken_pin_create(card, &like)
                                        : vtoken_key_create(card, &like);
    if (!is_fair(&like))
        return SW_DATA;
    if (!vtoken_tree_may(card, &card->folder->security, MAY_CREATE))
        return SW_RIGHTS;
    sw = vtoken_tree_make(card, card->folder, &like, &made);
    if (sw == SW_GOOD)
        make_current(card, made);
    return sw;
}

/* A folder that is not empty is not removed: a guess, the careful one. */
unsigned vtoken_file_delete(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    struct vtoken_file *file = card->file, *folder;

    (void)answer;
    if (card->root == NULL)
        return SW_NO_FILE;
    if (file == NULL)
        file = card->folder;
    if (command->has_data)
        file = by_id(card, command);
    if (file == NULL)
        return SW_NO_FILE;
    if (file->parent == NULL || file->first != NULL)
        return SW_CONDITIONS;
    if (!vtoken_tree_may(card, &file->security, MAY_DELETE))
        return SW_RIGHTS;
    folder = file->parent;
    vtoken_tree_remove(card, file);
    make_current(card, folder);
    return SW_GOOD;
}
