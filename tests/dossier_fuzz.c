/* What a person types into a field, or a file of corrections holds: whatever
 * is taken obeys the rules by which the other side looks at it, and is taken
 * again as it was kept. The first byte says which field, and of which
 * document. */
#include "client/dossier/field.h"

#include "keygen/name.h"

#include <stdlib.h>
#include <string.h>

enum { NOW = 1764201600 /* 2025-11-27 */, TYPED_MAX = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_kept(const struct field *field, struct esia *others,
                       char *kept)
{
    struct name name = {{NULL}};
    struct esia with = *others;

    require(memchr(kept, '\0', FIELD_VALUE_MAX) != NULL);
    if (field->esia >= 0) {
        with.value[field->esia] = kept[0] != '\0' ? kept : NULL;
        require(esia_check(&with, (enum esia_field)field->esia, NOW) ==
                ESIA_GOOD);
    } else if (kept[0] != '\0') {
        require(name_set(&name, (enum name_attribute)field->attribute, kept,
                         strlen(kept)) == FAULT_NONE);
        name_free(&name);
    }
}

static void try_field(const struct field *field, struct esia *others,
                      const char *typed)
{
    char kept[FIELD_VALUE_MAX], again[FIELD_VALUE_MAX], shown[FIELD_VALUE_MAX];
    const char *why = field_refuse(field, typed, others, NOW, kept);

    if (why != NULL) {
        require(why[0] != '\0');
        return;
    }
    check_kept(field, others, kept);
    require(field_refuse(field, kept, others, NOW, again) == NULL);
    require(strcmp(kept, again) == 0);
    field_show(field, kept, shown, sizeof shown);
    require(strpbrk(shown, "\033\n\r\t") == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char born[] = "1980-02-29", passport[] = "passport";
    static char other[] = "other";
    struct esia others = {.value = {[ESIA_BIRTH_DATE] = born}};
    char typed[TYPED_MAX];
    const struct field *field;
    size_t count = 0;

    if (size == 0 || size > TYPED_MAX)
        return 0;
    while (field_at(count) != NULL)
        count++;
    others.value[ESIA_DOCUMENT] = data[0] & 0x80 ? other : passport;
    field = field_at((data[0] & 0x7F) % count);
    memcpy(typed, data + 1, size - 1);
    typed[size - 1] = '\0';
    try_field(field, &others, typed);
    return 0;
}
