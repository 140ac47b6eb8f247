#include "client/dossier/field.h"

#include "client/text.h"
#include "client/view/name_view.h"
#include "client/view/requisite_text.h"
#include "keygen/name.h"

#include <stdio.h>
#include <string.h>

static const struct field_choice sexes[] = {
    {"female", N_("female")}, {"male", N_("male")}, {NULL, NULL}};

static const struct field_choice documents[] = {
    {"passport", N_("passport of the Russian Federation")},
    {"foreignPassport", N_("passport of another country")},
    {"other", N_("another document")},
    {NULL, NULL}};

#define DATA(name, at, like, kind)                                             \
    {                                                                          \
        .word = "data." name, .hint = like, .attribute = at, .esia = -1,       \
        .requisite = kind                                                      \
    }
#define PEOPLE(name, at, text, like, some)                                     \
    {                                                                          \
        .word = "esia." name, .label = text, .hint = like, .choices = some,    \
        .attribute = -1, .esia = at, .requisite = -1                           \
    }

static const struct field fields[] = {
    DATA("surname", NAME_SURNAME, NULL, -1),
    DATA("givenName", NAME_GIVEN_NAME, NULL, -1),
    DATA("commonName", NAME_COMMON_NAME, NULL, -1),
    DATA("snils", NAME_SNILS, N_("like 112-233-445 95"), REQUISITE_SNILS),
    DATA("inn", NAME_INN, N_("12 digits"), REQUISITE_INN_PERSON),
    DATA("emailAddress", NAME_EMAIL, N_("like name@example.com"),
         REQUISITE_EMAIL),
    DATA("title", NAME_TITLE, NULL, -1),
    DATA("organizationalUnitName", NAME_UNIT, NULL, -1),
    DATA("stateOrProvinceName", NAME_STATE, N_("like 66 Sverdlovskaya oblast"),
         -1),
    DATA("localityName", NAME_LOCALITY, NULL, -1),
    DATA("streetAddress", NAME_STREET, NULL, -1),
    PEOPLE("birthDate", ESIA_BIRTH_DATE, N_("Date of birth"),
           N_("like 31.12.1980"), NULL),
    PEOPLE("birthPlace", ESIA_BIRTH_PLACE, N_("Place of birth"),
           N_("as in the document"), NULL),
    PEOPLE("sex", ESIA_SEX, N_("Sex"), NULL, sexes),
    PEOPLE("documentType", ESIA_DOCUMENT, N_("Kind of document"), NULL,
           documents),
    PEOPLE("documentSeries", ESIA_SERIES, N_("Document series"),
           N_("of a passport 4 digits"), NULL),
    PEOPLE("documentNumber", ESIA_NUMBER, N_("Document number"),
           N_("of a passport 6 digits"), NULL),
    PEOPLE("documentIssued", ESIA_ISSUED, N_("Date of its issue"),
           N_("like 31.12.2010"), NULL),
    PEOPLE("documentIssuer", ESIA_ISSUER, N_("Issued by"),
           N_("as in the document"), NULL),
    PEOPLE("documentIssuerCode", ESIA_ISSUER_CODE, N_("Code of the office"),
           N_("like 660-001"), NULL),
    PEOPLE("citizenship", ESIA_CITIZENSHIP, N_("Citizenship"),
           N_("three Latin letters, for example BLR"), NULL),
};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

const struct field *field_at(size_t i)
{
    return i < FIELDS ? &fields[i] : NULL;
}

const struct field *field_find(const char *word)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(fields[i].word, word) == 0 ||
            strcmp(strchr(fields[i].word, '.') + 1, word) == 0)
            return &fields[i];
    return NULL;
}

const char *field_label(const struct field *field)
{
    return field->attribute >= 0
               ? name_view_label((enum name_attribute)field->attribute)
               : _(field->label);
}

/* --- showing ------------------------------------------------------------- */

static bool is_date(const struct field *field)
{
    return field->esia == ESIA_BIRTH_DATE || field->esia == ESIA_ISSUED;
}

char *field_show(const struct field *field, const char *value, char *out,
                 size_t size)
{
    const struct field_choice *choice = field->choices;
    char written[REQUISITE_MAX];

    for (; choice != NULL && choice->word != NULL; choice++)
        if (strcmp(choice->word, value) == 0) {
            snprintf(out, size, "%s", _(choice->label));
            return out;
        }
    if (field->requisite >= 0)
        value =
            requisite_written((enum requisite)field->requisite, value, written);
    if (!is_date(field) || strlen(value) != 10)
        return text_clean_into(out, size, value);
    snprintf(out, size, "%.2s.%.2s.%.4s", value + 8, value + 5, value);
    return out;
}

/* --- checking ------------------------------------------------------------ */

static const char *const problems[] = {
    [ESIA_GOOD] = "",
    [ESIA_EMPTY] = N_("It has not been entered."),
    [ESIA_TOO_LONG] = N_("That is too long."),
    [ESIA_ALPHABET] = N_("There are characters in it that cannot be used."),
    [ESIA_WORD] = N_("There is no such value."),
    [ESIA_NO_DATE] = N_("There is no such day in the calendar."),
    [ESIA_FUTURE] = N_("This date has not come yet."),
    [ESIA_AGE] = N_("Check the year: the owner is at least 14 years old and "
                    "was born after 1900."),
    [ESIA_BEFORE] = N_("A passport is given from the age of 14: check both "
                       "dates."),
    [ESIA_FOUR_DIGITS] = N_("The series of a Russian passport has 4 digits."),
    [ESIA_SIX_DIGITS] = N_("The number of a Russian passport has 6 digits."),
    [ESIA_CODE] = N_("The code of the office has 6 digits, written like "
                     "660-001."),
    [ESIA_COUNTRY] = N_("A country has three Latin letters, for example BLR "
                        "or KAZ."),
    [ESIA_UNWANTED] = N_("It does not go with this document."),
};

/* Translated. */
static const char *sentence_of(enum esia_problem problem)
{
    return problem == ESIA_GOOD ? "" : _(problems[problem]);
}

/* The digits alone, where there is nothing but digits, blanks and hyphens. */
static void squeeze(const char *typed, char *kept)
{
    size_t used = 0;

    if (typed[strspn(typed, "0123456789 -")] != '\0') {
        snprintf(kept, FIELD_VALUE_MAX, "%s", typed);
        return;
    }
    for (; *typed != '\0' && used + 1 < FIELD_VALUE_MAX; typed++)
        if (*typed >= '0' && *typed <= '9')
            kept[used++] = *typed;
    kept[used] = '\0';
}

static bool is_passport(const struct esia *others)
{
    return others != NULL && others->value[ESIA_DOCUMENT] != NULL &&
           strcmp(others->value[ESIA_DOCUMENT], "passport") == 0;
}

/* "660001" and "660 001" are 660-001, "blr" is BLR, and a passport's numbers
 * have no blanks. */
static void normalise(const struct field *field, const char *typed,
                      const struct esia *others, char *kept)
{
    snprintf(kept, FIELD_VALUE_MAX, "%s", typed);
    if (field->esia == ESIA_ISSUER_CODE) {
        squeeze(typed, kept);
        if (strlen(kept) == 6 && strspn(kept, "0123456789") == 6) {
            memmove(kept + 4, kept + 3, 4);
            kept[3] = '-';
        }
    } else if (is_passport(others) &&
               (field->esia == ESIA_SERIES || field->esia == ESIA_NUMBER)) {
        squeeze(typed, kept);
    } else if (field->esia == ESIA_CITIZENSHIP) {
        for (char *at = kept; *at != '\0'; at++)
            if (*at >= 'a' && *at <= 'z')
                *at = (char)(*at - 'a' + 'A');
    }
}

static const char *refuse_date(const char *typed, char *kept)
{
    struct requisite_finding finding;
    char day[REQUISITE_MAX];

    if (!requisite_check(REQUISITE_BIRTH_DATE, typed, strlen(typed), 0, day,
                         &finding))
        return finding.flaw == REQUISITE_NO_DATE ? sentence_of(ESIA_NO_DATE)
               : finding.flaw == REQUISITE_EARLY
                   ? sentence_of(ESIA_AGE)
                   : _("A date is written like 31.12.1980.");
    snprintf(kept, FIELD_VALUE_MAX, "%s", day);
    return NULL;
}

static const char *refuse_people(const struct field *field, const char *typed,
                                 const struct esia *others, time_t now,
                                 char *kept)
{
    const enum esia_field at = (enum esia_field)field->esia;
    struct esia with = {{NULL}};
    enum esia_problem problem;
    const char *why;

    normalise(field, typed, others, kept);
    if (is_date(field) && *typed != '\0') {
        why = refuse_date(typed, kept);
        if (why != NULL)
            return why;
    }
    if (others != NULL)
        with = *others;
    with.value[at] = *kept != '\0' ? kept : NULL;
    problem = esia_check(&with, at, now);
    return problem == ESIA_GOOD ? NULL : sentence_of(problem);
}

static const char *refuse_requisite(const struct field *field,
                                    const char *typed, char *kept)
{
    static struct text_line why;
    struct requisite_finding finding;
    char value[REQUISITE_MAX];
    const enum requisite kind = (enum requisite)field->requisite;

    if (requisite_check(kind, typed, strlen(typed), 0, value, &finding)) {
        snprintf(kept, FIELD_VALUE_MAX, "%s", value);
        return NULL;
    }
    why = requisite_text_flaw(kind, typed, strlen(typed), &finding);
    return why.text;
}

/* Who the owner is must be there; the others may be absent. */
static bool may_be_absent(const struct field *field)
{
    return field->attribute != NAME_SURNAME &&
           field->attribute != NAME_GIVEN_NAME &&
           field->attribute != NAME_COMMON_NAME &&
           field->attribute != NAME_SNILS;
}

static const char *refuse_data(const struct field *field, const char *typed,
                               char *kept)
{
    struct name name = {{NULL}};
    enum fault fault;

    kept[0] = '\0';
    if (*typed == '\0')
        return may_be_absent(field) ? NULL : sentence_of(ESIA_EMPTY);
    if (field->requisite >= 0)
        return refuse_requisite(field, typed, kept);
    fault = name_set(&name, (enum name_attribute)field->attribute, typed,
                     strlen(typed));
    name_free(&name);
    if (fault != FAULT_NONE)
        return _("That is too long, or there are characters in it that cannot "
                 "be used.");
    snprintf(kept, FIELD_VALUE_MAX, "%s", typed);
    return NULL;
}

const char *field_refuse(const struct field *field, const char *typed,
                         const struct esia *others, time_t now,
                         char kept[FIELD_VALUE_MAX])
{
    if (strlen(typed) >= FIELD_VALUE_MAX)
        return sentence_of(ESIA_TOO_LONG);
    return field->esia >= 0 ? refuse_people(field, typed, others, now, kept)
                            : refuse_data(field, typed, kept);
}
