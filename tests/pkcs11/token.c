#include "tests/pkcs11/token.h"

#include "tests/pkcs11/settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAGIC = 0x4B455031 };

static struct token *mapped[SLOTS];
static int descriptor[SLOTS] = {-1, -1};
static int entered = -1;

static void path_of(const char *name, char *path, size_t room)
{
    const char *folder = getenv("KEP_TEST_PKCS11");

    snprintf(path, room, "%s/%s", folder != NULL ? folder : "/nonexistent",
             name);
}

/* A test may go on with other tokens in the same process. */
static void forget_others(void)
{
    static char folder[4096];
    char now[4096];

    path_of("", now, sizeof now);
    for (size_t i = 0; strcmp(folder, now) != 0 && i < SLOTS; i++) {
        if (mapped[i] == NULL)
            continue;
        munmap(mapped[i], sizeof(struct token));
        close(descriptor[i]);
        mapped[i] = NULL;
    }
    memcpy(folder, now, sizeof folder);
}

static bool map(CK_SLOT_ID slot)
{
    char name[16], path[4096];
    void *memory;

    forget_others();
    if (mapped[slot] != NULL)
        return true;
    snprintf(name, sizeof name, "token-%lu", slot);
    path_of(name, path, sizeof path);
    descriptor[slot] = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor[slot] < 0 ||
        ftruncate(descriptor[slot], sizeof(struct token)) != 0)
        return false;
    memory = mmap(NULL, sizeof(struct token), PROT_READ | PROT_WRITE,
                  MAP_SHARED, descriptor[slot], 0);
    if (memory == MAP_FAILED)
        return false;
    mapped[slot] = memory;
    return true;
}

void token_pin_set(struct pin *pin, const void *text, size_t size)
{
    memcpy(pin->text, text, size);
    pin->size = (uint8_t)size;
    pin->tries = TRIES;
    pin->factory = false;
}

static void make(struct token *token)
{
    token->next = 1;
    token_pin_set(&token->user, "12345678", 8);
    token_pin_set(&token->administrator, "87654321", 8);
    token->user.factory = token->administrator.factory = true;
    token->magic = MAGIC;
}

static bool pulled;

void token_pull(bool out)
{
    pulled = out;
}

struct token *token_enter(CK_SLOT_ID slot)
{
    const char *name = slot == 0 ? "0" : "1";

    if (slot >= SLOTS || settings_find("absent", name) != NULL ||
        (slot == 0 && pulled) || !map(slot) ||
        flock(descriptor[slot], LOCK_EX) != 0)
        return NULL;
    entered = (int)slot;
    if (mapped[slot]->magic != MAGIC)
        make(mapped[slot]);
    return mapped[slot];
}

void token_leave(void)
{
    if (entered >= 0)
        flock(descriptor[entered], LOCK_UN);
    entered = -1;
}

void token_note(const char *call, const char *detail)
{
    char path[4096], line[256];
    int size, fd;

    path_of("calls", path, sizeof path);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    size = snprintf(line, sizeof line, "%s%s%s\n", call,
                    detail[0] != '\0' ? " " : "", detail);
    if (size > 0 && write(fd, line, (size_t)size) != size)
        abort();
    close(fd);
}

const struct attribute *object_find(const struct object *object,
                                    CK_ATTRIBUTE_TYPE type)
{
    for (size_t i = 0; i < object->attributes; i++)
        if (object->attribute[i].type == type)
            return &object->attribute[i];
    return NULL;
}

const void *object_get(const struct object *object, CK_ATTRIBUTE_TYPE type,
                       size_t *size)
{
    const struct attribute *attribute = object_find(object, type);

    *size = attribute != NULL ? attribute->size : 0;
    return attribute != NULL ? object->room + attribute->at : NULL;
}

CK_ULONG object_number(const struct object *object, CK_ATTRIBUTE_TYPE type)
{
    CK_ULONG number = ~0UL;
    size_t size;
    const void *value = object_get(object, type, &size);

    if (value != NULL && size == sizeof number)
        memcpy(&number, value, size);
    return number;
}

/* The room of an older value is lost: objects here are short-lived. */
CK_RV object_set(struct object *object, CK_ATTRIBUTE_TYPE type,
                 const void *value, size_t size)
{
    struct attribute *attribute = NULL;

    for (size_t i = 0; i < object->attributes; i++)
        if (object->attribute[i].type == type)
            attribute = &object->attribute[i];
    if (size > OBJECT_ROOM - object->used ||
        (attribute == NULL && object->attributes == ATTRIBUTES_MAX))
        return CKR_DEVICE_MEMORY;
    if (attribute == NULL)
        attribute = &object->attribute[object->attributes++];
    *attribute = (struct attribute){type, object->used, (uint32_t)size};
    if (size > 0)
        memcpy(object->room + object->used, value, size);
    object->used += (uint32_t)size;
    return CKR_OK;
}

static bool is_among(const CK_ATTRIBUTE_TYPE *types, CK_ATTRIBUTE_TYPE type)
{
    while (*types != TYPES_END && *types != type)
        types++;
    return *types != TYPES_END;
}

CK_RV object_fill(struct object *object, const CK_ATTRIBUTE *template,
                  CK_ULONG count, const CK_ATTRIBUTE_TYPE *known)
{
    CK_RV rv = CKR_OK;

    for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++)
        rv = is_among(known, template[i].type)
                 ? object_set(object, template[i].type, template[i].pValue,
                              template[i].ulValueLen)
                 : CKR_ATTRIBUTE_TYPE_INVALID;
    return rv;
}

struct object *object_new(struct token *token)
{
    for (size_t i = 0; i < OBJECTS_MAX; i++)
        if (token->object[i].handle == 0) {
            memset(&token->object[i], 0, sizeof token->object[i]);
            token->object[i].handle = token->next++;
            return &token->object[i];
        }
    return NULL;
}
