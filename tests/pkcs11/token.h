/* The tokens of the test module: files that are mapped into every process
 * which uses the module, so that all see the same, and the settings, which a
 * test changes while a program runs. Both lie below $KEP_TEST_PKCS11:
 *
 *   token-0, token-1   a struct token each, made when first looked for
 *   settings           words, one line each (see settings.h)
 *   calls              what was called, one line each
 */
#ifndef TESTS_PKCS11_TOKEN_H
#define TESTS_PKCS11_TOKEN_H

#include <p11-kit/pkcs11.h>
#include <p11-kit/pkcs11x.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    SLOTS = 2,
    OBJECTS_MAX = 64,
    ATTRIBUTES_MAX = 24,
    OBJECT_ROOM = 6144, /* bytes of all values of one object */
    PIN_MIN = 6,
    PIN_MAX = 32,
    TRIES = 5
};

struct attribute {
    CK_ATTRIBUTE_TYPE type;
    uint32_t at, size; /* in the object's room */
};

struct object {
    CK_OBJECT_HANDLE handle; /* 0: free */
    bool private;            /* seen only after a login */
    uint32_t attributes, used;
    struct attribute attribute[ATTRIBUTES_MAX];
    uint8_t room[OBJECT_ROOM];
};

struct pin {
    bool factory;
    uint8_t size, text[PIN_MAX];
    uint32_t tries; /* left */
};

struct token {
    uint32_t magic;
    struct pin user, administrator;
    CK_OBJECT_HANDLE next;
    struct object object[OBJECTS_MAX];
};

/* The token of slot 0 is out of its slot, for this process; or in it again. */
void token_pull(bool out);

/* The token in a slot, locked against other processes until token_leave; NULL
 * where there is none. */
struct token *token_enter(CK_SLOT_ID slot);
void token_leave(void);

/* Put another one in, with all its tries. */
void token_pin_set(struct pin *pin, const void *text, size_t size);

/* Append a line to the calls. */
void token_note(const char *call, const char *detail);

/* An attribute of an object, or NULL. */
const struct attribute *object_find(const struct object *object,
                                    CK_ATTRIBUTE_TYPE type);

/* Its value; its size goes to *size. NULL where there is none. */
const void *object_get(const struct object *object, CK_ATTRIBUTE_TYPE type,
                       size_t *size);

/* The same of a CK_ULONG; ~0 where there is none. */
CK_ULONG object_number(const struct object *object, CK_ATTRIBUTE_TYPE type);

/* Set or add one. CKR_DEVICE_MEMORY where there is no room. */
CK_RV object_set(struct object *object, CK_ATTRIBUTE_TYPE type,
                 const void *value, size_t size);

/* Set all of a template; known ends with TYPES_END.
 * CKR_ATTRIBUTE_TYPE_INVALID where it has another one. */
CK_RV object_fill(struct object *object, const CK_ATTRIBUTE *template,
                  CK_ULONG count, const CK_ATTRIBUTE_TYPE *known);
#define TYPES_END (~0UL)

/* A free one with a handle, or NULL. */
struct object *object_new(struct token *token);

#endif
