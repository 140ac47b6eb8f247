#include "tests/vtoken/vtoken_card.h"

#include <stdlib.h>
#include <string.h>

unsigned vtoken_verifications(const struct vtoken *card, unsigned pin)
{
    return card->pin[pin - 1].verifications;
}

unsigned vtoken_tries(const struct vtoken *card, unsigned pin)
{
    return card->pin[pin - 1].left;
}

bool vtoken_logged_in(const struct vtoken *card, unsigned pin)
{
    return card->pin[pin - 1].logged_in;
}

bool vtoken_pin_is(const struct vtoken *card, unsigned pin, const char *text)
{
    const struct vtoken_pin *one = &card->pin[pin - 1];

    return strlen(text) == one->size && memcmp(text, one->text, one->size) == 0;
}

void vtoken_set_tries(struct vtoken *card, unsigned pin, unsigned left)
{
    card->pin[pin - 1].left = left;
}

size_t vtoken_free_memory(const struct vtoken *card)
{
    return card->setup.memory - card->used;
}

const uint8_t *vtoken_read(const struct vtoken *card, const char *path,
                           size_t *size)
{
    const struct vtoken_file *file = vtoken_tree_find(card, path);

    if (file == NULL || file->type == FILE_DF)
        return NULL;
    *size = file->size;
    return file->data;
}

bool vtoken_exists(const struct vtoken *card, const char *path)
{
    return vtoken_tree_find(card, path) != NULL;
}

size_t vtoken_children(const struct vtoken *card, const char *path)
{
    const struct vtoken_file *folder = vtoken_tree_find(card, path);
    size_t number = 0;

    for (const struct vtoken_file *file = folder == NULL ? NULL : folder->first;
         file != NULL; file = file->next)
        number++;
    return number;
}

static struct vtoken_file *make(struct vtoken *card, const char *path,
                                const struct vtoken_file *like)
{
    char folder[128] = "";
    const char *name = strrchr(path, '/');
    struct vtoken_file one = *like, *parent, *made = NULL;

    if (name != NULL && (size_t)(name - path) < sizeof folder)
        memcpy(folder, path, (size_t)(name - path));
    one.id = (uint16_t)strtoul(name == NULL ? path : name + 1, NULL, 16);
    parent = vtoken_tree_find(card, folder);
    if (parent != NULL && parent->type == FILE_DF)
        (void)vtoken_tree_make(card, parent, &one, &made);
    return made;
}

bool vtoken_make_folder(struct vtoken *card, const char *path, uint8_t write)
{
    const uint8_t condition[OPERATIONS] = {write, write, 0, 0, 0, 0, write};
    struct vtoken_file like = {.type = FILE_DF};

    vtoken_fcp_secure(card, &like.security, 0x43, condition);
    return make(card, path, &like) != NULL;
}

bool vtoken_make_file(struct vtoken *card, const char *path,
                      const uint8_t *data, size_t size, uint8_t read,
                      uint8_t write)
{
    const uint8_t condition[OPERATIONS] = {read, write, 0, 0, 0, 0, write};
    struct vtoken_file like = {.type = FILE_EF, .size = size}, *made;

    if (size > FILE_MAX)
        return false;
    vtoken_fcp_secure(card, &like.security, 0x43, condition);
    made = make(card, path, &like);
    if (made != NULL && size > 0)
        memcpy(made->data, data, size);
    return made != NULL;
}

/* --- as text ---------------------------------------------------------------
 */

/* "-" stands for nothing. */
static void write_hex(FILE *out, const uint8_t *data, size_t size)
{
    if (size == 0)
        (void)fputc('-', out);
    for (size_t i = 0; i < size; i++)
        (void)fprintf(out, "%02X", data[i]);
}

static void write_path(FILE *out, const struct vtoken_file *file)
{
    const struct vtoken_file *way[128];
    size_t depth = 0;

    for (; file->parent != NULL && depth < 128; file = file->parent)
        way[depth++] = file;
    while (depth > 0)
        (void)fprintf(out, "/%04X", way[--depth]->id);
}

static void write_file(const struct vtoken *card, FILE *out,
                       const struct vtoken_file *file)
{
    const char *kind = file->type == FILE_DF   ? "folder"
                       : file->type == FILE_EF ? "file"
                                               : "key";

    (void)fprintf(out, "%s ", kind);
    write_path(out, file);
    (void)fputc(' ', out);
    write_hex(out, file->security.wire, vtoken_fcp_security_size(card));
    (void)fputc(' ', out);
    write_hex(out, file->property, file->has_property ? PROPERTY_SIZE : 0);
    (void)fputc(' ', out);
    write_hex(out, file->data, file->size);
    (void)fputc('\n', out);
}

void vtoken_dump(const struct vtoken *card, FILE *out)
{
    const struct vtoken_file *file = card->root;

    for (size_t i = 0; i < 2; i++) {
        (void)fprintf(out, "pin %zu %u/%u ", i + 1, card->pin[i].left,
                      card->pin[i].tries);
        write_hex(out, card->pin[i].text, card->pin[i].size);
        (void)fputc('\n', out);
    }
    while (file != NULL) {
        if (file->parent != NULL)
            write_file(card, out, file);
        if (file->first != NULL) {
            file = file->first;
            continue;
        }
        while (file != NULL && file->next == NULL)
            file = file->parent;
        if (file != NULL)
            file = file->next;
    }
}
