#include "keygen/requisite/birth.h"

#include "keygen/requisite/finding.h"

#include <stdio.h>

enum { YEAR_FIRST = 1900, DATE_SIZE = 10 };

struct day {
    unsigned year, month, day;
};

/* Whether text is like form, where each D, M and Y is a digit of the day,
 * the month, the year, and the rest stands for itself. */
static bool read_form(const char *text, const char *form, struct day *day)
{
    *day = (struct day){0, 0, 0};
    for (size_t i = 0; i < DATE_SIZE; i++) {
        unsigned *part = form[i] == 'D'   ? &day->day
                         : form[i] == 'M' ? &day->month
                         : form[i] == 'Y' ? &day->year
                                          : NULL;

        if (part == NULL ? text[i] != form[i] : text[i] < '0' || text[i] > '9')
            return false;
        if (part != NULL)
            *part = *part * 10 + (unsigned)(text[i] - '0');
    }
    return true;
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const unsigned days[] = {31, 28, 31, 30, 31, 30,
                                    31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* In Kamchatka the day begins half a day earlier than in Greenwich. */
static bool is_future(const struct day *day, time_t now)
{
    const time_t there = now + 12L * 60 * 60;
    struct tm today = {0};
    unsigned one = (day->year * 100 + day->month) * 100 + day->day;

    if (now == 0 || gmtime_r(&there, &today) == NULL)
        return false;
    return one >
           (unsigned)(((today.tm_year + 1900) * 100 + today.tm_mon + 1) * 100 +
                      today.tm_mday);
}

bool birth_check(const char *text, size_t size, time_t now,
                 char kept[REQUISITE_MAX], struct requisite_finding *finding)
{
    struct day day;

    if (size != DATE_SIZE || (!read_form(text, "DD.MM.YYYY", &day) &&
                              !read_form(text, "YYYY-MM-DD", &day)))
        return finding_refuse(finding, REQUISITE_FORM, 0);
    if (day.month < 1 || day.month > 12 || day.day < 1 ||
        day.day > days_of(day.year, day.month))
        return finding_refuse(finding, REQUISITE_NO_DATE, 0);
    if (day.year < YEAR_FIRST)
        return finding_refuse(finding, REQUISITE_EARLY, 0);
    if (is_future(&day, now))
        return finding_refuse(finding, REQUISITE_FUTURE, 0);
    snprintf(kept, REQUISITE_MAX, "%04u-%02u-%02u", day.year % 10000,
             day.month % 100, day.day % 100);
    return true;
}
