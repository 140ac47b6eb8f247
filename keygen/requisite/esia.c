#include "keygen/requisite/esia.h"

#include "keygen/requisite/requisite.h"
#include "keygen/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PLACE_MAX = 255, /* characters */
    NUMBER_MAX = 25,
    ADULT = 14,   /* years: passports are given from then on */
    DAY_SIZE = 11 /* "1980-02-29" */
};

static const char digits[] = "0123456789";

static const struct {
    const char *word;
    size_t max; /* characters */
} fields[ESIA_COUNT] = {
    [ESIA_BIRTH_DATE] = {"birthDate", DAY_SIZE - 1},
    [ESIA_BIRTH_PLACE] = {"birthPlace", PLACE_MAX},
    [ESIA_SEX] = {"sex", NUMBER_MAX},
    [ESIA_DOCUMENT] = {"documentType", NUMBER_MAX},
    [ESIA_SERIES] = {"documentSeries", NUMBER_MAX},
    [ESIA_NUMBER] = {"documentNumber", NUMBER_MAX},
    [ESIA_ISSUED] = {"documentIssued", DAY_SIZE - 1},
    [ESIA_ISSUER] = {"documentIssuer", PLACE_MAX},
    [ESIA_ISSUER_CODE] = {"documentIssuerCode", NUMBER_MAX},
    [ESIA_CITIZENSHIP] = {"citizenship", NUMBER_MAX},
};

const char *esia_word(enum esia_field field)
{
    return fields[field].word;
}

int esia_find(const char *word)
{
    for (int i = 0; i < ESIA_COUNT; i++)
        if (strcmp(fields[i].word, word) == 0)
            return i;
    return -1;
}

void esia_free(struct esia *esia)
{
    for (int i = 0; i < ESIA_COUNT; i++) {
        free(esia->value[i]);
        esia->value[i] = NULL;
    }
}

enum fault esia_set(struct esia *esia, enum esia_field field, const char *value,
                    size_t size)
{
    char *copy = NULL;

    if (size > 0) {
        if (memchr(value, '\0', size) != NULL)
            return FAULT_NAME;
        copy = strndup(value, size);
        if (copy == NULL)
            return FAULT_MEMORY;
    }
    free(esia->value[field]);
    esia->value[field] = copy;
    return FAULT_NONE;
}

/* --- dates --------------------------------------------------------------- */

/* A day of the calendar as it is kept: such days are in order as texts are.
 * now 0: also one to come. */
static enum esia_problem check_day(const char *text, time_t now)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX];

    if (text == NULL)
        return ESIA_NO_DATE;
    if (requisite_check(REQUISITE_BIRTH_DATE, text, strlen(text), now, kept,
                        &finding))
        return strcmp(kept, text) == 0 ? ESIA_GOOD : ESIA_NO_DATE;
    return finding.flaw == REQUISITE_FUTURE  ? ESIA_FUTURE
           : finding.flaw == REQUISITE_EARLY ? ESIA_AGE
                                             : ESIA_NO_DATE;
}

/* The same day so many years later; day is one of the calendar. */
static void add_years(const char *day, int years, char later[DAY_SIZE])
{
    unsigned year = (unsigned)(strtol(day, NULL, 10) + years) % 10000;

    snprintf(later, DAY_SIZE, "%04u%.6s", year, day + 4);
}

/* A day's grace: it is later in the east than in UTC. */
static void today(time_t now, char day[DAY_SIZE])
{
    const time_t there = now + 12L * 60 * 60;
    struct tm tm = {0};

    gmtime_r(&there, &tm);
    strftime(day, DAY_SIZE, "%Y-%m-%d", &tm);
}

static enum esia_problem check_birth(const struct esia *esia, const char *value,
                                     time_t now)
{
    enum esia_problem problem = check_day(value, now);
    char day[DAY_SIZE], grown[DAY_SIZE];

    (void)esia;
    if (problem != ESIA_GOOD)
        return problem;
    today(now, day);
    add_years(value, ADULT, grown);
    return strcmp(grown, day) > 0 ? ESIA_AGE : ESIA_GOOD;
}

static bool is_passport(const struct esia *esia)
{
    const char *document = esia->value[ESIA_DOCUMENT];

    return document != NULL && strcmp(document, "passport") == 0;
}

static enum esia_problem check_issued(const struct esia *esia,
                                      const char *value, time_t now)
{
    const char *born = esia->value[ESIA_BIRTH_DATE];
    enum esia_problem problem = check_day(value, now);
    char first[DAY_SIZE];

    if (problem != ESIA_GOOD || check_day(born, 0) != ESIA_GOOD)
        return problem; /* a wrong birth is said by itself */
    add_years(born, is_passport(esia) ? ADULT : 0, first);
    return strcmp(value, first) < 0 ? ESIA_BEFORE : ESIA_GOOD;
}

/* --- the others ---------------------------------------------------------- */

static enum esia_problem check_sex(const struct esia *esia, const char *value,
                                   time_t now)
{
    (void)esia;
    (void)now;
    return strcmp(value, "male") == 0 || strcmp(value, "female") == 0
               ? ESIA_GOOD
               : ESIA_WORD;
}

static enum esia_problem check_document(const struct esia *esia,
                                        const char *value, time_t now)
{
    static const char *const words[] = {"passport", "foreignPassport", "other"};

    (void)esia;
    (void)now;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], value) == 0)
            return ESIA_GOOD;
    return ESIA_WORD;
}

static bool has_digits(const char *value, size_t count)
{
    return strlen(value) == count && strspn(value, digits) == count;
}

static enum esia_problem check_series(const struct esia *esia,
                                      const char *value, time_t now)
{
    (void)now;
    return !is_passport(esia) || has_digits(value, 4) ? ESIA_GOOD
                                                      : ESIA_FOUR_DIGITS;
}

static enum esia_problem check_number(const struct esia *esia,
                                      const char *value, time_t now)
{
    (void)now;
    return !is_passport(esia) || has_digits(value, 6) ? ESIA_GOOD
                                                      : ESIA_SIX_DIGITS;
}

/* A code of zeroes is no office's. */
static enum esia_problem check_code(const struct esia *esia, const char *value,
                                    time_t now)
{
    (void)esia;
    (void)now;
    return strlen(value) == 7 && value[3] == '-' &&
                   strspn(value, digits) == 3 &&
                   strspn(value + 4, digits) == 3 &&
                   strcmp(value, "000-000") != 0
               ? ESIA_GOOD
               : ESIA_CODE;
}

static enum esia_problem check_country(const struct esia *esia,
                                       const char *value, time_t now)
{
    (void)esia;
    (void)now;
    return strlen(value) == 3 &&
                   strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3
               ? ESIA_GOOD
               : ESIA_COUNTRY;
}

static enum esia_problem (*const checks[ESIA_COUNT])(const struct esia *esia,
                                                     const char *value,
                                                     time_t now) = {
    [ESIA_BIRTH_DATE] = check_birth,  [ESIA_SEX] = check_sex,
    [ESIA_DOCUMENT] = check_document, [ESIA_SERIES] = check_series,
    [ESIA_NUMBER] = check_number,     [ESIA_ISSUED] = check_issued,
    [ESIA_ISSUER_CODE] = check_code,  [ESIA_CITIZENSHIP] = check_country,
};

/* --- all of them --------------------------------------------------------- */

bool esia_wants(const struct esia *esia, enum esia_field field)
{
    if (field == ESIA_CITIZENSHIP)
        return esia->value[ESIA_DOCUMENT] != NULL && !is_passport(esia);
    return field != ESIA_ISSUER_CODE || is_passport(esia);
}

/* The series of a document that is no passport: some have none. */
static bool may_be_empty(const struct esia *esia, enum esia_field field)
{
    return field == ESIA_SERIES && !is_passport(esia);
}

static enum esia_problem check_text(enum esia_field field, const char *value)
{
    size_t size = strlen(value), count = 0;
    uint32_t character;
    bool visible = false;

    for (; size > 0; count++) {
        if (!utf8_read(&value, &size, &character) || utf8_is_control(character))
            return ESIA_ALPHABET;
        visible = visible || character != ' ';
    }
    if (!visible)
        return ESIA_EMPTY;
    return count > fields[field].max ? ESIA_TOO_LONG : ESIA_GOOD;
}

enum esia_problem esia_check(const struct esia *esia, enum esia_field field,
                             time_t now)
{
    const char *value = esia->value[field];
    enum esia_problem problem;

    if (!esia_wants(esia, field))
        return value == NULL ? ESIA_GOOD : ESIA_UNWANTED;
    if (value == NULL)
        return may_be_empty(esia, field) ? ESIA_GOOD : ESIA_EMPTY;
    problem = check_text(field, value);
    if (problem == ESIA_GOOD && checks[field] != NULL)
        problem = checks[field](esia, value, now);
    return problem;
}

bool esia_complete(const struct esia *esia, time_t now)
{
    for (int i = 0; i < ESIA_COUNT; i++)
        if (esia_check(esia, (enum esia_field)i, now) != ESIA_GOOD)
            return false;
    return true;
}
