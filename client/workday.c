#include "client/workday.h"

#include <stdbool.h>
#include <stddef.h>

enum { SUNDAY = 0, SATURDAY = 6 };

/* Article 112 of the Labour Code; months from 0. */
static const struct {
    int month, first, last;
} holidays[] = {
    {0, 1, 8}, {1, 23, 23}, {2, 8, 8},  {4, 1, 1},
    {4, 9, 9}, {5, 12, 12}, {10, 4, 4},
};

static bool is_working(const struct tm *day)
{
    for (size_t i = 0; i < sizeof(holidays) / sizeof(holidays[0]); i++)
        if (day->tm_mon == holidays[i].month &&
            day->tm_mday >= holidays[i].first &&
            day->tm_mday <= holidays[i].last)
            return false;
    return day->tm_wday != SATURDAY && day->tm_wday != SUNDAY;
}

/* Midnight before a day that may be beyond its month's end; -1: there is no
 * such moment. */
static time_t normalize(struct tm *day)
{
    day->tm_hour = day->tm_min = day->tm_sec = 0;
    day->tm_isdst = -1;
    return mktime(day);
}

time_t workday_after(time_t since, unsigned days)
{
    struct tm day = {0};
    time_t end;

    if (localtime_r(&since, &day) == NULL)
        return since;
    while (days > 0) {
        day.tm_mday++;
        if (normalize(&day) == -1)
            return since;
        if (is_working(&day))
            days--;
    }
    day.tm_mday++;
    end = normalize(&day);
    return end == -1 ? since : end;
}
