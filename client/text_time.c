#include "client/text.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

static const int64_t year_1 = -62135596800, year_9999 = 253402300799;

static const char *const months[] = {
    /* TRANSLATORS: months stand in dates only, "23 November 2026", so that
     * Russian wants the genitive: "ноября". */
    N_("January"),   N_("February"), N_("March"),    N_("April"),
    N_("May"),       N_("June"),     N_("July"),     N_("August"),
    N_("September"), N_("October"),  N_("November"), N_("December"),
};

static struct text_short put(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static struct text_short put(const char *format, ...)
{
    struct text_short text = {""};
    va_list values;

    va_start(values, format);
    vsnprintf(text.text, sizeof(text.text), format, values);
    va_end(values);
    return text;
}

static time_t inside(int64_t time)
{
    return time < year_1 ? year_1 : time > year_9999 ? year_9999 : time;
}

/* Moscow by its name, the others as "UTC+5": the names of most Russian zones
 * are numbers, and without tzdata they are not even that. */
static struct text_short zone(const struct tm *tm)
{
    long minutes = tm->tm_gmtoff / 60;
    long size = minutes < 0 ? -minutes : minutes;
    char sign = minutes < 0 ? '-' : '+';

    if (minutes == 180 && strcmp(tm->tm_zone, "MSK") == 0)
        return put("%s", _("MSK"));
    if (minutes == 0)
        return put("UTC");
    if (size % 60 == 0)
        return put("UTC%c%ld", sign, size / 60);
    return put("UTC%c%ld:%02ld", sign, size / 60, size % 60);
}

struct text_short text_date(int64_t time)
{
    time_t seconds = inside(time);
    struct tm tm = {.tm_mday = 1};

    localtime_r(&seconds, &tm);
    /* TRANSLATORS: day, month, year. */
    return put(_("%d %s %d"), tm.tm_mday, _(months[tm.tm_mon]),
               tm.tm_year + 1900);
}

struct text_short text_moment(int64_t time)
{
    time_t seconds = inside(time);
    struct tm tm = {.tm_mday = 1, .tm_zone = ""};

    localtime_r(&seconds, &tm);
    /* TRANSLATORS: a date, hours, minutes, the time zone. */
    return put(_("%s, %02d:%02d %s"), text_date(time).text, tm.tm_hour,
               tm.tm_min, zone(&tm).text);
}

struct text_line text_end(int64_t time, long days)
{
    struct text_line line;

    if (days > 0)
        snprintf(line.text, sizeof(line.text),
                 ngettext("%s (%ld day left)", "%s (%ld days left)",
                          (unsigned long)days),
                 text_date(time).text, days);
    else
        snprintf(line.text, sizeof(line.text), _("%s (less than a day left)"),
                 text_moment(time).text);
    return line;
}

struct text_short text_rfc3339(int64_t time)
{
    time_t seconds = inside(time);
    struct tm tm = {.tm_mday = 1};

    gmtime_r(&seconds, &tm);
    return put("%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
               tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

enum unit { SECOND, MINUTE, HOUR, DAY };

/* In the largest unit of which it has about two; *n of it. What is over by no
 * more than a sixtieth of it is not made one more: an hour and a second are no
 * 61 minutes. */
static enum unit measure(int64_t seconds, unsigned long *n)
{
    static const struct {
        int64_t below, size;
    } units[] = {
        [SECOND] = {90, 1},
        [MINUTE] = {90 * 60, 60},
        [HOUR] = {48 * 3600, 3600},
        [DAY] = {INT64_MAX, 86400},
    };
    enum unit unit = SECOND;

    if (seconds < 0)
        seconds = 0;
    while (unit < DAY && seconds >= units[unit].below)
        unit++;
    *n = (unsigned long)(seconds / units[unit].size +
                         (seconds % units[unit].size > units[unit].size / 60));
    return unit;
}

struct text_short text_duration(int64_t seconds)
{
    unsigned long n;

    switch (measure(seconds, &n)) {
    case SECOND:
        return put(ngettext("%lu second", "%lu seconds", n), n);
    case MINUTE:
        return put(ngettext("%lu minute", "%lu minutes", n), n);
    case HOUR:
        return put(ngettext("%lu hour", "%lu hours", n), n);
    default:
        return put(ngettext("%lu day", "%lu days", n), n);
    }
}

struct text_short text_in(int64_t seconds)
{
    unsigned long n;

    switch (measure(seconds, &n)) {
    case SECOND:
        return put(ngettext("in %lu second", "in %lu seconds", n), n);
    case MINUTE:
        return put(ngettext("in %lu minute", "in %lu minutes", n), n);
    case HOUR:
        return put(ngettext("in %lu hour", "in %lu hours", n), n);
    default:
        return put(ngettext("in %lu day", "in %lu days", n), n);
    }
}
