#include "api/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Match text against a form, a character of it at a time: '0' stands for any
 * digit, 'a' for any letter, the rest for itself. Returns what follows, or
 * NULL. */
static const char *match(const char *text, const char *form)
{
    for (; *form != '\0'; form++, text++) {
        bool digit = *text >= '0' && *text <= '9';
        bool letter =
            (*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z');

        if (*form == '0' ? !digit : *form == 'a' ? !letter : *text != *form)
            return NULL;
    }
    return text;
}

static int number(const char *text, size_t digits)
{
    int number = 0;

    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

/* Which of names, each three letters, text begins with; or -1. */
static int name(const char *text, const char *names)
{
    for (int i = 0; names[3 * i] != '\0'; i++)
        if (memcmp(text, names + 3 * i, 3) == 0)
            return i;
    return -1;
}

/* timegm carries what is too large into the next unit; a time that comes
 * back changed does not exist. A leap second is the one exception. */
static int seconds(const struct tm *wanted, time_t *at)
{
    struct tm made = *wanted;
    bool leap =
        wanted->tm_sec == 60 && wanted->tm_min == 59 && wanted->tm_hour == 23;

    if (leap)
        made.tm_sec = 59;
    *at = timegm(&made);
    if (made.tm_year != wanted->tm_year || made.tm_mon != wanted->tm_mon ||
        made.tm_mday != wanted->tm_mday || made.tm_hour != wanted->tm_hour ||
        made.tm_min != wanted->tm_min ||
        (!leap && made.tm_sec != wanted->tm_sec) || wanted->tm_year < 70)
        return -1;
    return 0;
}

static void clock_of(const char *text, struct tm *tm)
{
    tm->tm_hour = number(text, 2);
    tm->tm_min = number(text + 3, 2);
    tm->tm_sec = number(text + 6, 2);
}

int date_rfc3339(const char *text, time_t *at)
{
    const char *end = match(text, "0000-00-00T00:00:00");
    struct tm tm = {0};

    if (end == NULL)
        return -1;
    if (*end == '.') {
        size_t digits = strspn(end + 1, "0123456789");

        if (digits == 0 || digits > 9)
            return -1;
        end += 1 + digits;
    }
    if (strcmp(end, "Z") != 0)
        return -1;
    tm.tm_year = number(text, 4) - 1900;
    tm.tm_mon = number(text + 5, 2) - 1;
    tm.tm_mday = number(text + 8, 2);
    clock_of(text + 11, &tm);
    return seconds(&tm, at);
}

int date_imf(const char *text, time_t *at)
{
    const char *end = match(text, "aaa, 00 aaa 0000 00:00:00 GMT");
    struct tm tm = {0}, day;

    if (end == NULL || *end != '\0')
        return -1;
    tm.tm_mday = number(text + 5, 2);
    tm.tm_mon = name(text + 8, "JanFebMarAprMayJunJulAugSepOctNovDec");
    tm.tm_year = number(text + 12, 4) - 1900;
    clock_of(text + 17, &tm);
    if (tm.tm_mon < 0 || seconds(&tm, at) != 0)
        return -1;
    if (gmtime_r(at, &day) == NULL ||
        name(text, "SunMonTueWedThuFriSat") != day.tm_wday)
        return -1;
    return 0;
}
