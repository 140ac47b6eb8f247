#include "token/container/validity.h"

static const char key_validity[] = "1.2.643.2.2.37.3.10";

enum {
    TAG_NOT_BEFORE = 0x80,
    TAG_NOT_AFTER = 0x81,
    TAG_BOOLEAN = 0x01,
    TAG_EXTENSIONS = 0xAC,
    DIGITS = 14 /* YYYYMMDDHHMMSS */
};

/* Two digits as a number, or -1. */
static int two(const uint8_t *at)
{
    if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
        return -1;
    return (at[0] - '0') * 10 + at[1] - '0';
}

/* GeneralizedTime in UTC; fractions of a second are left out. */
static bool read_time(const struct der *content, time_t *time)
{
    int part[DIGITS / 2];
    struct tm tm;

    if (content->left <= DIGITS || content->at[content->left - 1] != 'Z')
        return false;
    for (size_t i = 0; i < DIGITS / 2; i++)
        if ((part[i] = two(content->at + 2 * i)) < 0)
            return false;
    for (size_t i = DIGITS; i < content->left - 1; i++)
        if (content->at[i] != '.' &&
            (content->at[i] < '0' || content->at[i] > '9'))
            return false;
    tm = (struct tm){.tm_year = part[0] * 100 + part[1] - 1900,
                     .tm_mon = part[2] - 1,
                     .tm_mday = part[3],
                     .tm_hour = part[4],
                     .tm_min = part[5],
                     .tm_sec = part[6]};
    if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 || tm.tm_mday > 31 ||
        tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60)
        return false;
    *time = timegm(&tm);
    return true;
}

static bool read_period(struct der value, time_t *not_after)
{
    struct der period, before, after;

    if (!der_read(&value, DER_SEQUENCE, &period) || !der_at_end(&value) ||
        !der_read_optional(&period, TAG_NOT_BEFORE, &before) ||
        !der_read_optional(&period, TAG_NOT_AFTER, &after) ||
        !der_at_end(&period))
        return false;
    return after.at == NULL || read_time(&after, not_after);
}

bool validity_read(const struct der *extensions, time_t *not_after)
{
    struct der rest = *extensions, one, oid, critical, value;

    *not_after = 0;
    while (!der_at_end(&rest)) {
        if (!der_read(&rest, DER_SEQUENCE, &one) ||
            !der_read(&one, DER_OID, &oid) ||
            !der_read_optional(&one, TAG_BOOLEAN, &critical) ||
            !der_read(&one, DER_OCTET_STRING, &value) || !der_at_end(&one))
            return false;
        if (der_is_oid(&oid, key_validity) && !read_period(value, not_after))
            return false;
    }
    return true;
}

void validity_put(struct bytes *out, time_t not_after)
{
    const size_t list = out->size;
    char text[32];
    struct tm tm;
    size_t value, size;

    if (gmtime_r(&not_after, &tm) == NULL || tm.tm_year < 1000 - 1900 ||
        tm.tm_year > 9999 - 1900) {
        out->failed = true;
        return;
    }
    size = strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm);
    der_put_oid(out, key_validity);
    value = out->size;
    der_put(out, TAG_NOT_AFTER, text, size);
    der_wrap(out, value, DER_SEQUENCE);
    der_wrap(out, value, DER_OCTET_STRING);
    der_wrap(out, list, DER_SEQUENCE);
    der_wrap(out, list, TAG_EXTENSIONS);
}
