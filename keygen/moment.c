#include "keygen/moment.h"

#include <string.h>

enum { DER_UTC_TIME = 0x17, PAIRS = 7 };

/* count pairs of digits into numbers, a Z behind them and the end. */
static bool read_pairs(const struct der *text, size_t count, int pairs[PAIRS])
{
    if (text->left != 2 * count + 1 || text->at[2 * count] != 'Z')
        return false;
    for (size_t i = 0; i < 2 * count; i++) {
        if (text->at[i] < '0' || text->at[i] > '9')
            return false;
    }
    for (size_t i = 0; i < count; i++)
        pairs[PAIRS - count + i] =
            10 * (text->at[2 * i] - '0') + text->at[2 * i + 1] - '0';
    return true;
}

bool moment_read(const struct der *whole, time_t *when)
{
    int pairs[PAIRS] = {0};
    struct der in = *whole, text;
    struct tm tm = {0}, checked;

    if (der_read(&in, DER_UTC_TIME, &text)) {
        if (!read_pairs(&text, PAIRS - 1, pairs))
            return false;
        pairs[0] = pairs[1] < 50 ? 20 : 19;
    } else if (!der_read(&in, DER_GENERALIZED_TIME, &text) ||
               !read_pairs(&text, PAIRS, pairs)) {
        return false;
    }
    tm.tm_year = 100 * pairs[0] + pairs[1] - 1900;
    tm.tm_mon = pairs[2] - 1;
    tm.tm_mday = pairs[3];
    tm.tm_hour = pairs[4];
    tm.tm_min = pairs[5];
    tm.tm_sec = pairs[6];
    checked = tm;
    *when = timegm(&checked);
    /* timegm makes 31 February a day in March; that is no date here. */
    return der_at_end(&in) && checked.tm_mon == tm.tm_mon &&
           checked.tm_mday == tm.tm_mday && checked.tm_hour == tm.tm_hour &&
           checked.tm_min == tm.tm_min && checked.tm_sec == tm.tm_sec;
}

void moment_put(struct bytes *out, time_t when)
{
    char text[16] = "";
    struct tm tm;

    if (gmtime_r(&when, &tm) == NULL || tm.tm_year < 50 ||
        tm.tm_year > 9999 - 1900) {
        out->failed = true;
        return;
    }
    if (strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm) == 0)
        out->failed = true;
    if (tm.tm_year < 150)
        der_put(out, DER_UTC_TIME, text + 2, strlen(text) - 2);
    else
        der_put(out, DER_GENERALIZED_TIME, text, strlen(text));
}
