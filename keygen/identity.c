/* Who a name says that somebody is; the contract stands in name.h. */
#include "keygen/name.h"

#include "keygen/bytes.h"
#include "keygen/utf8.h"

#include <string.h>

enum {
    WORDS_MAX = 4096,
    SNILS_DIGITS = 11,
    INN_DIGITS = 12,
    INNLE_DIGITS = 10
};

static bool is_space(uint32_t character)
{
    return character == ' ' || character == 0x00A0;
}

/* Append with every run of spaces as one before the next word, folded. */
static bool put_folded(struct bytes *out, const char *text)
{
    size_t left = text != NULL ? strlen(text) : 0;
    bool apart = true;
    uint32_t character;

    while (left > 0) {
        if (!utf8_read(&text, &left, &character))
            return false;
        if (is_space(character)) {
            apart = true;
            continue;
        }
        if (apart && out->size > 0)
            bytes_put_byte(out, ' ');
        apart = false;
        character = utf8_fold(character);
        utf8_put(out, character == 0x0451 ? 0x0435 : character);
    }
    return !out->failed;
}

bool name_same_words(const char *a, const char *b)
{
    struct bytes first, second;
    bool same;

    if (a == NULL || b == NULL)
        return a == b;
    bytes_init(&first, WORDS_MAX);
    bytes_init(&second, WORDS_MAX);
    same =
        put_folded(&first, a) && put_folded(&second, b) &&
        first.size == second.size &&
        (first.size == 0 || memcmp(first.data, second.data, first.size) == 0);
    bytes_free(&first);
    bytes_free(&second);
    return same;
}

static enum fault fold_full_name(const struct name *name,
                                 struct identity *identity)
{
    enum fault fault = FAULT_NAME;
    bool put = false;
    struct bytes text;

    bytes_init(&text, sizeof identity->full_name - 1);
    if (name->value[NAME_SURNAME] != NULL)
        put = put_folded(&text, name->value[NAME_SURNAME]) &&
              put_folded(&text, name->value[NAME_GIVEN_NAME]);
    else
        put = put_folded(&text, name->value[NAME_COMMON_NAME]);
    if (put) {
        if (text.size > 0)
            memcpy(identity->full_name, text.data, text.size);
        fault = FAULT_NONE;
    }
    bytes_free(&text);
    return fault;
}

/* The digits of a number that people write with spaces and dashes. Their
 * count, or 0 on anything else or too many. */
static size_t digits_of(const char *text, char *out, size_t room)
{
    size_t count = 0;

    for (; text != NULL && *text != '\0'; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (*text < '0' || *text > '9' || count == room)
            return 0;
        out[count++] = *text;
    }
    return count;
}

/* The size digits of an attribute; nothing where there is none. */
static enum fault take(const struct name *name, enum name_attribute which,
                       char *digits, size_t size)
{
    const char *value = name->value[which];

    return value == NULL || digits_of(value, digits, size) == size ? FAULT_NONE
                                                                   : FAULT_NAME;
}

/* Before order 31 the ИНН of an organisation stood in the attribute of the
 * person's, filled up with 00. */
static enum fault take_inn(const struct name *name, struct identity *identity)
{
    char digits[INN_DIGITS + 1] = "";
    enum fault fault = take(name, NAME_INN, digits, INN_DIGITS);

    if (fault != FAULT_NONE)
        return fault;
    if (memcmp(digits, "00", 2) == 0)
        memcpy(identity->organization_inn, digits + 2, INNLE_DIGITS);
    else
        memcpy(identity->inn, digits, INN_DIGITS);
    return FAULT_NONE;
}

enum fault name_identity(const struct name *name, struct identity *identity)
{
    enum fault fault;

    memset(identity, 0, sizeof *identity);
    fault = fold_full_name(name, identity);
    if (fault == FAULT_NONE)
        fault = take(name, NAME_SNILS, identity->snils, SNILS_DIGITS);
    if (fault == FAULT_NONE)
        fault = take_inn(name, identity);
    if (fault == FAULT_NONE)
        fault = take(name, NAME_INNLE, identity->organization_inn,
                     INNLE_DIGITS); /* it prevails over take_inn */
    return fault;
}

/* What is gone from the new one proves nothing against it. */
static bool differs(const char *old_one, const char *new_one)
{
    return new_one[0] != '\0' && strcmp(old_one, new_one) != 0;
}

enum identity_difference identity_compare(const struct identity *old_one,
                                          const struct identity *new_one)
{
    if (strcmp(old_one->full_name, new_one->full_name) != 0)
        return IDENTITY_FULL_NAME;
    if (differs(old_one->snils, new_one->snils))
        return IDENTITY_SNILS;
    if (differs(old_one->inn, new_one->inn))
        return IDENTITY_INN;
    if (differs(old_one->organization_inn, new_one->organization_inn))
        return IDENTITY_ORGANIZATION_INN;
    return IDENTITY_SAME;
}
