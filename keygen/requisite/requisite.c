#include "keygen/requisite/requisite.h"

#include "keygen/requisite/address.h"
#include "keygen/requisite/birth.h"
#include "keygen/requisite/finding.h"
#include "keygen/requisite/number.h"
#include "keygen/utf8.h"

#include <string.h>

enum { TEXT_MAX = 1024 /* bytes that are looked at */ };

static const char *const words[REQUISITE_COUNT] = {
    [REQUISITE_INN] = "inn",
    [REQUISITE_INN_PERSON] = "innPerson",
    [REQUISITE_INN_ORGANIZATION] = "innOrganization",
    [REQUISITE_SNILS] = "snils",
    [REQUISITE_OGRN] = "ogrn",
    [REQUISITE_OGRNIP] = "ogrnip",
    [REQUISITE_KPP] = "kpp",
    [REQUISITE_PHONE] = "phone",
    [REQUISITE_MOBILE] = "mobile",
    [REQUISITE_EMAIL] = "email",
    [REQUISITE_BIRTH_DATE] = "birthDate",
};

const char *requisite_word(enum requisite kind)
{
    return kind < REQUISITE_COUNT ? words[kind] : "unknown";
}

static bool is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

/* Which characters separate, and which are the number's own. */
static bool takes(enum requisite kind, const struct number *number,
                  uint32_t character)
{
    if (kind == REQUISITE_KPP && (number->count == 4 || number->count == 5))
        return is_digit(character) ||
               ((character | 0x20) >= 'a' && (character | 0x20) <= 'z');
    return is_digit(character);
}

static bool is_phone(enum requisite kind)
{
    return kind == REQUISITE_PHONE || kind == REQUISITE_MOBILE;
}

static bool passes_over(enum requisite kind, uint32_t character)
{
    return number_separator(character) ||
           (is_phone(kind) && (character == '(' || character == ')'));
}

static void put(struct number *number, uint32_t character, size_t at)
{
    if (number->count < NUMBER_MAX) {
        number->text[number->count] =
            (char)(character >= 'a' ? character - 'a' + 'A' : character);
        number->at[number->count] = at;
    }
    number->count++;
}

static bool check_number(enum requisite kind, const char *text, size_t size,
                         char kept[REQUISITE_MAX],
                         struct requisite_finding *finding)
{
    struct number number = {.count = 0};
    uint32_t character;

    for (; size > 0; number.end++) {
        if (!utf8_read(&text, &size, &character))
            return finding_refuse(finding, REQUISITE_CHARACTER, number.end);
        if (is_phone(kind) && character == '+' && number.count == 0 &&
            !number.plus)
            number.plus = true;
        else if (takes(kind, &number, character))
            put(&number, character, number.end);
        else if (!passes_over(kind, character))
            return finding_refuse(finding, REQUISITE_CHARACTER, number.end);
    }
    if (number.count == 0)
        return finding_refuse(finding, REQUISITE_EMPTY, 0);
    return number_check(kind, &number, kept, finding);
}

static bool is_blank(uint32_t character)
{
    return character == ' ' || character == 0x00A0;
}

/* A word of ASCII with blanks around it; *skipped of them before it. */
static bool find_word(const char **text, size_t *size, size_t *skipped,
                      struct requisite_finding *finding)
{
    const char *at = *text, *begin = NULL, *end = NULL;
    size_t left = *size, gap = 0;
    uint32_t character;

    *skipped = 0;
    for (size_t i = 0; left > 0; i++) {
        const char *here = at;

        if (!utf8_read(&at, &left, &character))
            return finding_refuse(finding, REQUISITE_CHARACTER, i);
        if (is_blank(character)) {
            gap = begin != NULL && gap == 0 ? i : gap;
            continue;
        }
        if (character <= ' ' || character >= 0x7F)
            return finding_refuse(finding, REQUISITE_CHARACTER, i);
        if (gap != 0)
            return finding_refuse(finding, REQUISITE_CHARACTER, gap);
        if (begin == NULL)
            *skipped = i;
        begin = begin != NULL ? begin : here;
        end = at;
    }
    if (begin == NULL)
        return finding_refuse(finding, REQUISITE_EMPTY, 0);
    *text = begin;
    *size = (size_t)(end - begin);
    return true;
}

static bool check_word(enum requisite kind, const char *text, size_t size,
                       time_t now, char kept[REQUISITE_MAX],
                       struct requisite_finding *finding)
{
    size_t skipped;
    bool good;

    if (!find_word(&text, &size, &skipped, finding))
        return false;
    if (kind == REQUISITE_EMAIL) {
        good = address_check(text, size, finding);
        if (good) {
            memcpy(kept, text, size);
            kept[size] = '\0';
        }
    } else {
        good = birth_check(text, size, now, kept, finding);
    }
    if (!good)
        finding->at += skipped;
    return good;
}

bool requisite_check(enum requisite kind, const char *text, size_t size,
                     time_t now, char kept[REQUISITE_MAX],
                     struct requisite_finding *finding)
{
    *finding = (struct requisite_finding){REQUISITE_GOOD, 0, 0};
    kept[0] = '\0';
    if (size > TEXT_MAX) {
        finding->count = size;
        return finding_refuse(finding, REQUISITE_LENGTH, 0);
    }
    return kind == REQUISITE_EMAIL || kind == REQUISITE_BIRTH_DATE
               ? check_word(kind, text, size, now, kept, finding)
               : check_number(kind, text, size, kept, finding);
}
