#include "token/container/extensions.h"

#include <string.h>

static const char key_period[] = "1.2.643.2.2.37.3.10";

/* Intermediate ones; trusted ones for signature and exchange. */
static const char *const chains[] = {"1.2.643.2.2.37.3.1", "1.2.643.2.2.37.3.2",
                                     "1.2.643.2.2.37.3.3"};

enum {
    TAG_NOT_BEFORE = 0x80,
    TAG_NOT_AFTER = 0x81,
    TAG_BOOLEAN = 0x01,
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

bool extensions_period_value(struct der value, struct key_period *out)
{
    struct der period, before, after;

    if (!der_read(&value, DER_SEQUENCE, &period) || !der_at_end(&value) ||
        !der_read_optional(&period, TAG_NOT_BEFORE, &before) ||
        !der_read_optional(&period, TAG_NOT_AFTER, &after) ||
        !der_at_end(&period))
        return false;
    return (before.at == NULL || read_time(&before, &out->not_before)) &&
           (after.at == NULL || read_time(&after, &out->not_after));
}

/* The next extension of a list. */
static bool next(struct der *list, struct der *whole, struct der *oid,
                 struct der *value)
{
    struct der content, critical;
    uint8_t tag;

    return der_read_any(list, &tag, &content, whole) && tag == DER_SEQUENCE &&
           der_read(&content, DER_OID, oid) &&
           der_read_optional(&content, TAG_BOOLEAN, &critical) &&
           der_read(&content, DER_OCTET_STRING, value) && der_at_end(&content);
}

bool extensions_period(const struct der *list, struct key_period *period)
{
    struct der rest = *list, whole, oid, value;

    *period = (struct key_period){0, 0};
    while (!der_at_end(&rest))
        if (!next(&rest, &whole, &oid, &value) ||
            (der_is_oid(&oid, key_period) &&
             !extensions_period_value(value, period)))
            return false;
    return true;
}

void extensions_others(const struct der *list, struct bytes *out)
{
    struct der rest = *list, whole, oid, value;

    while (next(&rest, &whole, &oid, &value))
        if (!der_is_oid(&oid, key_period))
            bytes_put(out, whole.at, whole.left);
}

/* A certificate, passed over where it is none or has no room. */
static enum fault add(const struct der *der, struct chain *chain)
{
    struct certificate *certificate = NULL;
    enum fault fault = certificate_read(der->at, der->left, &certificate);

    if (fault == FAULT_NONE)
        fault = chain_add(chain, certificate);
    if (fault != FAULT_NONE)
        certificate_free(&certificate);
    return fault == FAULT_MEMORY ? fault : FAULT_NONE;
}

/* A SET or SEQUENCE of certificates, each by itself or in a SEQUENCE of its
 * own, in which signatures, links or dates may follow it: programs differ. A
 * certificate begins with a SEQUENCE that begins with a SEQUENCE, its
 * contents, that begins with [0] or INTEGER. */
static bool is_certificate(struct der content)
{
    struct der body, part, whole;
    uint8_t tag;

    return der_read(&content, DER_SEQUENCE, &body) &&
           der_read_any(&body, &tag, &part, &whole) &&
           (tag == 0xA0 || tag == DER_INTEGER);
}

static enum fault read_chain(struct der value, struct chain *chain)
{
    enum fault fault = FAULT_NONE;
    struct der list, one, inner, whole;
    uint8_t tag;

    if (!der_read_any(&value, &tag, &list, &whole) ||
        (tag != DER_SET && tag != DER_SEQUENCE))
        return FAULT_NONE;
    while (fault == FAULT_NONE && der_read_any(&list, &tag, &one, &whole)) {
        if (tag != DER_SEQUENCE)
            continue;
        if (!is_certificate(one) && !der_read_any(&one, &tag, &inner, &whole))
            continue;
        fault = add(&whole, chain);
    }
    return fault;
}

enum fault extensions_chain(const struct der *list, struct chain *chain)
{
    struct der rest = *list, whole, oid, value;
    enum fault fault = FAULT_NONE;

    while (fault == FAULT_NONE && next(&rest, &whole, &oid, &value))
        for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++)
            if (fault == FAULT_NONE && der_is_oid(&oid, chains[i]))
                fault = read_chain(value, chain);
    return fault;
}

static void put_time(struct bytes *out, uint8_t tag, time_t when)
{
    char text[32];
    struct tm tm;

    if (when == 0)
        return;
    if (gmtime_r(&when, &tm) == NULL || tm.tm_year < 1000 - 1900 ||
        tm.tm_year > 9999 - 1900)
        out->failed = true;
    else
        der_put(out, tag, text,
                strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &tm));
}

void extensions_put_period_value(struct bytes *out,
                                 const struct key_period *period)
{
    const size_t start = out->size;

    put_time(out, TAG_NOT_BEFORE, period->not_before);
    put_time(out, TAG_NOT_AFTER, period->not_after);
    der_wrap(out, start, DER_SEQUENCE);
}

void extensions_put_period(struct bytes *out, const struct key_period *period)
{
    const size_t start = out->size;
    size_t value;

    if (period->not_before == 0 && period->not_after == 0)
        return;
    der_put_oid(out, key_period);
    value = out->size;
    extensions_put_period_value(out, period);
    der_wrap(out, value, DER_OCTET_STRING);
    der_wrap(out, start, DER_SEQUENCE);
}

void extensions_put_chain(struct bytes *out, const struct chain *chain)
{
    const size_t start = out->size;
    size_t value;

    if (chain->count == 0)
        return;
    der_put_oid(out, chains[0]);
    value = out->size;
    for (size_t i = 0; i < chain->count; i++)
        der_put(out, DER_SEQUENCE, chain->certificate[i]->der.data,
                chain->certificate[i]->der.size);
    der_wrap(out, value, DER_SET);
    der_wrap(out, value, DER_OCTET_STRING);
    der_wrap(out, start, DER_SEQUENCE);
}
