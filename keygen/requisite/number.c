#include "keygen/requisite/number.h"

#include "keygen/requisite/finding.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* --- check digits -------------------------------------------------------- */

static char weigh(const char *digits, const unsigned *weights, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += (unsigned)(digits[i] - '0') * weights[i];
    return (char)('0' + sum % 11 % 10);
}

static void complete_organization(char *digits)
{
    static const unsigned tenth[] = {2, 4, 10, 3, 5, 9, 4, 6, 8};

    digits[9] = weigh(digits, tenth, COUNT(tenth));
}

static void complete_person(char *digits)
{
    static const unsigned eleventh[] = {7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    static const unsigned twelfth[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};

    digits[10] = weigh(digits, eleventh, COUNT(eleventh));
    digits[11] = weigh(digits, twelfth, COUNT(twelfth));
}

/* The first numbers were given out before there were check digits. */
static void complete_snils(char *digits)
{
    unsigned sum = 0;

    if (memcmp(digits, "001001998", 9) <= 0)
        return;
    for (unsigned i = 0; i < 9; i++)
        sum += (unsigned)(digits[i] - '0') * (9 - i);
    sum = sum % 101 % 100;
    digits[9] = (char)('0' + sum / 10);
    digits[10] = (char)('0' + sum % 10);
}

static void complete_remainder(char *digits, size_t count, unsigned divisor)
{
    unsigned rest = 0;

    for (size_t i = 0; i < count; i++)
        rest = (rest * 10 + (unsigned)(digits[i] - '0')) % divisor;
    digits[count] = (char)('0' + rest % 10);
}

static void complete_ogrn(char *digits)
{
    complete_remainder(digits, 12, 11);
}

static void complete_ogrnip(char *digits)
{
    complete_remainder(digits, 14, 13);
}

/* --- the forms ----------------------------------------------------------- */

static const struct form {
    size_t size;
    size_t zeros; /* so many at the beginning are too many */
    void (*complete)(char *digits);
} forms[REQUISITE_COUNT] = {
    [REQUISITE_INN_PERSON] = {12, 2, complete_person},
    [REQUISITE_INN_ORGANIZATION] = {10, 2, complete_organization},
    [REQUISITE_SNILS] = {11, 9, complete_snils},
    [REQUISITE_OGRN] = {13, 1, complete_ogrn},
    [REQUISITE_OGRNIP] = {15, 1, complete_ogrnip},
    [REQUISITE_KPP] = {9, 4, NULL},
};

void requisite_complete(enum requisite kind, char *digits)
{
    if (forms[kind].complete != NULL)
        forms[kind].complete(digits);
}

const char *requisite_written(enum requisite kind, const char *kept,
                              char out[REQUISITE_MAX])
{
    const size_t size = strlen(kept);

    if (kind != REQUISITE_SNILS || size != forms[kind].size ||
        strspn(kept, "0123456789") != size)
        return kept;
    snprintf(out, REQUISITE_MAX, "%.3s-%.3s-%.3s %s", kept, kept + 3, kept + 6,
             kept + 9);
    return out;
}

bool number_separator(uint32_t character)
{
    static const uint32_t separators[] = {
        ' ',    '\t',   '-',    0x00A0, 0x2007, 0x2009, 0x202F,
        0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212};

    for (size_t i = 0; i < COUNT(separators); i++)
        if (separators[i] == character)
            return true;
    return false;
}

static bool refuse_length(const struct number *number, size_t wanted,
                          struct requisite_finding *finding)
{
    finding->count = number->count;
    return finding_refuse(finding, REQUISITE_LENGTH,
                          wanted < number->count && wanted < NUMBER_MAX
                              ? number->at[wanted]
                              : number->end);
}

static bool begins_with_zeros(const char *text, size_t zeros)
{
    return strspn(text, "0") >= zeros;
}

/* The first digit that is not the one it must be. */
static bool check_digits(const struct form *form, const struct number *number,
                         const char *digits, struct requisite_finding *finding)
{
    char right[NUMBER_MAX + 1];

    memcpy(right, digits, form->size + 1);
    if (form->complete != NULL)
        form->complete(right);
    for (size_t i = 0; i < form->size; i++)
        if (right[i] != digits[i])
            return finding_refuse(
                finding, REQUISITE_CHECK,
                number->at[(size_t)(digits - number->text) + i]);
    return true;
}

/* skip: characters before it that do not belong to it. */
static bool check_form(enum requisite kind, const struct number *number,
                       size_t skip, char kept[REQUISITE_MAX],
                       struct requisite_finding *finding)
{
    const struct form *form = &forms[kind];

    if (number->count != form->size + skip)
        return refuse_length(number, form->size, finding);
    if (begins_with_zeros(number->text + skip, form->zeros))
        return finding_refuse(finding, REQUISITE_ZEROS, number->at[skip]);
    if (!check_digits(form, number, number->text + skip, finding))
        return false;
    memcpy(kept, number->text + skip, form->size + 1);
    return true;
}

/* --- telephones ---------------------------------------------------------- */

/* Ten digits are taken for a number without its country where they begin as
 * Russian numbers do, but for an 8, which is too often that of long distance
 * with a digit lost behind it. */
static bool check_phone(enum requisite kind, const struct number *number,
                        char kept[REQUISITE_MAX],
                        struct requisite_finding *finding)
{
    const char *digits = number->text;
    const size_t area = number->count == 11 ? 1 : 0;

    if (number->count > 0 && number->plus && digits[0] != '7')
        return finding_refuse(finding, REQUISITE_COUNTRY, number->at[0]);
    if (number->count != 11 && (number->count != 10 || number->plus ||
                                digits[0] == '7' || digits[0] == '8'))
        return refuse_length(number, 11, finding);
    if (area == 1 && digits[0] != '7' && digits[0] != '8')
        return finding_refuse(finding, REQUISITE_COUNTRY, number->at[0]);
    if (digits[area] < (kind == REQUISITE_MOBILE ? '9' : '3'))
        return finding_refuse(finding, REQUISITE_AREA, number->at[area]);
    kept[0] = '7';
    memcpy(kept + 1, digits + area, 11);
    return true;
}

bool number_check(enum requisite kind, const struct number *number,
                  char kept[REQUISITE_MAX], struct requisite_finding *finding)
{
    const bool prefixed =
        number->count == 12 && begins_with_zeros(number->text, 2);

    if (kind == REQUISITE_PHONE || kind == REQUISITE_MOBILE)
        return check_phone(kind, number, kept, finding);
    if (kind == REQUISITE_INN && !prefixed && number->count > 10)
        kind = REQUISITE_INN_PERSON;
    else if (kind == REQUISITE_INN)
        kind = REQUISITE_INN_ORGANIZATION;
    return check_form(kind, number,
                      kind == REQUISITE_INN_ORGANIZATION && prefixed ? 2 : 0,
                      kept, finding);
}
