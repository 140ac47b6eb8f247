#include "tests/vtoken/vtoken_card.h"

#include <stdlib.h>
#include <string.h>

struct vtoken_file *vtoken_tree_child(const struct vtoken_file *folder,
                                      uint16_t id)
{
    struct vtoken_file *file = folder->first;

    while (file != NULL && file->id != id)
        file = file->next;
    return file;
}

struct vtoken_file *vtoken_tree_find(const struct vtoken *card,
                                     const char *path)
{
    struct vtoken_file *file = card->root;

    while (file != NULL && *path != '\0') {
        char *end;

        file = vtoken_tree_child(file, (uint16_t)strtoul(path, &end, 16));
        path = *end == '/' ? end + 1 : "";
    }
    return file;
}

static size_t count(const struct vtoken_file *folder)
{
    size_t number = 0;

    for (struct vtoken_file *file = folder->first; file != NULL;
         file = file->next)
        number++;
    return number;
}

/* What it takes of the memory; for a folder it is a guess. */
static size_t cost(const struct vtoken_file *file)
{
    return file->size + OVERHEAD;
}

static void append(struct vtoken_file *parent, struct vtoken_file *file)
{
    struct vtoken_file **end = &parent->first;

    while (*end != NULL)
        end = &(*end)->next;
    *end = file;
}

unsigned vtoken_tree_make(struct vtoken *card, struct vtoken_file *parent,
                          const struct vtoken_file *like,
                          struct vtoken_file **file)
{
    struct vtoken_file *made;

    *file = NULL;
    if (parent == NULL ? card->root != NULL
                       : vtoken_tree_child(parent, like->id) != NULL)
        return SW_EXISTS;
    if (parent != NULL && count(parent) >= card->setup.objects)
        return SW_TOO_MANY;
    if (card->used + cost(like) > card->setup.memory)
        return SW_NO_SPACE;
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return SW_NO_SPACE;
    *made = *like;
    made->parent = parent;
    made->first = made->next = NULL;
    made->data = calloc(1, like->size + 1);
    if (made->data == NULL) {
        free(made);
        return SW_NO_SPACE;
    }
    memset(made->data, like->type == FILE_EF ? card->setup.fill : 0,
           like->size);
    if (parent == NULL)
        card->root = made;
    else
        append(parent, made);
    card->used += cost(made);
    *file = made;
    return SW_GOOD;
}

static void unlink_file(struct vtoken *card, struct vtoken_file *file)
{
    struct vtoken_file **link;

    if (file->parent == NULL) {
        card->root = NULL;
        return;
    }
    link = &file->parent->first;
    while (*link != file)
        link = &(*link)->next;
    *link = file->next;
}

/* Folders are not deep: a path in a command has at most 127 ids, and each
 * level is made by one command. So this goes by a loop, not by recursion. */
void vtoken_tree_remove(struct vtoken *card, struct vtoken_file *file)
{
    struct vtoken_file *at = file, *up;
    bool last;

    do {
        while (at->first != NULL)
            at = at->first;
        last = at == file;
        up = at->parent;
        unlink_file(card, at);
        card->used -= cost(at);
        free(at->data);
        free(at);
        at = up;
    } while (!last);
}

bool vtoken_tree_may(const struct vtoken *card, const struct security *security,
                     unsigned operation)
{
    uint8_t condition = security->condition[operation];

    /* An operation that the map does not name is free: a guess, from public
     * keys, whose map does not name reading. */
    if (card->formatting || !(security->map >> operation & 1) ||
        condition == FREE)
        return true;
    if (condition == NEVER)
        return false;
    return (condition & 1 && card->pin[VTOKEN_PIN_SO - 1].logged_in) ||
           (condition & 2 && card->pin[VTOKEN_PIN_USER - 1].logged_in);
}

/* --- from the factory ---------------------------------------------------- */

static const char *const folders_ecp[] = {"1000",           "1000/1000",
                                          "1000/1000/6001", "1000/1000/6002",
                                          "1000/1000/6003", "1000/1000/6004",
                                          "1000/1000/6005", "1000/1001",
                                          "1000/1001/8001", "1000/1001/8002",
                                          "1000/1002",      "1000/1003",
                                          "1000/1004",      NULL};

static const char *const folders_s[] = {
    "0000", "0000/0000", "0000/0000/0001", "0000/0000/0002", "0000/0001", NULL};

/* The vendor's library keeps its map there; what is published is how it
 * begins. */
static const uint8_t map_begin[256] = {0x52, 0x50, 0x01, 0x00};

/* Of the vendor's own folders nobody can be rid of any. */
static bool make_system(struct vtoken *card, const char *path)
{
    const uint8_t condition[OPERATIONS] = {2, 2, 0, 0, 0, 0, NEVER};
    struct vtoken_file *made;

    if (!vtoken_make_folder(card, path, 2))
        return false;
    made = vtoken_tree_find(card, path);
    vtoken_fcp_secure(card, &made->security, 0x43, condition);
    return true;
}

bool vtoken_tree_factory(struct vtoken *card)
{
    bool s = card->setup.dialect == VTOKEN_S;
    struct vtoken_file mf = {.id = ID_MF, .type = FILE_DF}, *made;
    const uint8_t condition[OPERATIONS] = {2, 2, 1, 0, 0, 0, NEVER};

    vtoken_fcp_secure(card, &mf.security, 0x47, condition);
    if (vtoken_tree_make(card, NULL, &mf, &made) != SW_GOOD)
        return false;
    for (const char *const *path = s ? folders_s : folders_ecp; *path != NULL;
         path++) {
        if (!make_system(card, *path))
            return false;
    }
    return s || vtoken_make_file(card, "1000/1001/8000", map_begin,
                                 sizeof map_begin, 0, 2);
}
