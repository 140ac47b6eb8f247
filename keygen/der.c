#include "keygen/der.h"

#include <stdio.h>
#include <string.h>

enum {
    LENGTH_LONG = 0x80,     /* X.690 8.1.3.5: the low bits count bytes */
    LENGTH_BYTES_MAX = 4,   /* of a long length */
    TAG_HIGH_NUMBER = 0x1F, /* X.690 8.1.2.4: the number follows */
    HEADER_MAX = 2 + LENGTH_BYTES_MAX,
    OID_MAX = 64 /* bytes of content */
};

static const size_t content_max = (size_t)1 << 31;

/* The length in front of the window; false where X.690 10.1 forbids it. */
static bool take_length(struct der *in, size_t *length)
{
    size_t count, value = 0;

    if (in->left == 0)
        return false;
    *length = *in->at++;
    in->left--;
    if (*length < LENGTH_LONG)
        return true;
    count = *length & 0x7F;
    if (count == 0 || count > LENGTH_BYTES_MAX || count > in->left ||
        in->at[0] == 0)
        return false;
    in->left -= count;
    while (count-- > 0)
        value = value << 8 | *in->at++;
    *length = value;
    return value >= LENGTH_LONG && value <= content_max;
}

bool der_read_any(struct der *in, uint8_t *tag, struct der *content,
                  struct der *whole)
{
    struct der rest = *in;
    size_t length;

    if (rest.left == 0 || (rest.at[0] & TAG_HIGH_NUMBER) == TAG_HIGH_NUMBER)
        return false;
    *tag = *rest.at++;
    rest.left--;
    if (!take_length(&rest, &length) || length > rest.left)
        return false;
    *content = (struct der){rest.at, length};
    rest.at += length;
    rest.left -= length;
    *whole = (struct der){in->at, in->left - rest.left};
    *in = rest;
    return true;
}

bool der_read(struct der *in, uint8_t tag, struct der *content)
{
    struct der whole;
    uint8_t found;

    return der_peek(in) == tag && der_read_any(in, &found, content, &whole);
}

bool der_read_optional(struct der *in, uint8_t tag, struct der *content)
{
    *content = (struct der){NULL, 0};
    return der_at_end(in) || der_peek(in) != tag || der_read(in, tag, content);
}

uint8_t der_peek(const struct der *in)
{
    return in->left == 0 ? 0 : in->at[0];
}

bool der_at_end(const struct der *in)
{
    return in->left == 0;
}

bool der_equals(const struct der *content, const void *data, size_t size)
{
    return content->left == size &&
           (size == 0 || memcmp(content->at, data, size) == 0);
}

/* Tag and minimal length into header; its size, or 0 where too long. */
static size_t make_header(uint8_t *header, uint8_t tag, size_t size)
{
    size_t count = 0, at = 2;

    if (size > content_max)
        return 0;
    header[0] = tag;
    if (size < LENGTH_LONG) {
        header[1] = (uint8_t)size;
        return 2;
    }
    while (size >> 8 * count != 0)
        count++;
    header[1] = (uint8_t)(LENGTH_LONG | count);
    while (count-- > 0)
        header[at++] = (uint8_t)(size >> 8 * count);
    return at;
}

void der_put(struct bytes *out, uint8_t tag, const void *content, size_t size)
{
    uint8_t header[HEADER_MAX];
    size_t header_size = make_header(header, tag, size);

    if (header_size == 0)
        out->failed = true;
    bytes_put(out, header, header_size);
    bytes_put(out, content, size);
}

void der_wrap(struct bytes *out, size_t start, uint8_t tag)
{
    uint8_t header[HEADER_MAX];
    size_t header_size = 0;

    if (!out->failed && start <= out->size)
        header_size = make_header(header, tag, out->size - start);
    if (header_size == 0)
        out->failed = true;
    bytes_insert(out, start, header, header_size);
}

/* One arc of a dotted OID: decimal, no leading zero, below 2^32. */
static bool take_arc(const char **dotted, uint64_t *arc)
{
    const char *at = *dotted;

    if (*at < '0' || *at > '9' ||
        (at[0] == '0' && at[1] >= '0' && at[1] <= '9'))
        return false;
    for (*arc = 0; *at >= '0' && *at <= '9'; at++) {
        *arc = *arc * 10 + (uint64_t)(*at - '0');
        if (*arc > UINT32_MAX)
            return false;
    }
    if (*at == '.')
        at++;
    else if (*at != '\0')
        return false;
    else if (at[-1] == '.')
        return false;
    *dotted = at;
    return true;
}

/* Seven bits a byte, the high bit on all but the last. */
static bool put_arc(uint8_t *content, size_t *size, uint64_t arc)
{
    unsigned shift = 0;

    while (arc >> shift >= 0x80)
        shift += 7;
    if (*size + shift / 7 >= OID_MAX)
        return false;
    for (; shift > 0; shift -= 7)
        content[(*size)++] = (uint8_t)(0x80 | (arc >> shift & 0x7F));
    content[(*size)++] = (uint8_t)(arc & 0x7F);
    return true;
}

/* Dotted text into content; its size, or 0 on a bad text. */
static size_t encode_oid(const char *dotted, uint8_t content[OID_MAX])
{
    uint64_t first, arc;
    size_t size = 0;

    if (!take_arc(&dotted, &first) || first > 2 || *dotted == '\0' ||
        !take_arc(&dotted, &arc) || (first < 2 && arc > 39))
        return 0;
    arc += first * 40;
    while (put_arc(content, &size, arc)) {
        if (*dotted == '\0')
            return dotted[-1] == '.' ? 0 : size;
        if (!take_arc(&dotted, &arc))
            return 0;
    }
    return 0;
}

void der_put_oid(struct bytes *out, const char *dotted)
{
    uint8_t content[OID_MAX];
    size_t size = encode_oid(dotted, content);

    if (size == 0)
        out->failed = true;
    der_put(out, DER_OID, content, size);
}

/* One arc of an encoded OID: minimal, below 2^32. */
static bool next_arc(struct der *content, uint64_t *arc)
{
    if (content->left == 0 || content->at[0] == 0x80)
        return false;
    *arc = 0;
    while (content->left > 0) {
        const uint8_t byte = *content->at++;

        content->left--;
        *arc = *arc << 7 | (byte & 0x7F);
        if (*arc > UINT32_MAX)
            return false;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

bool der_oid_text(const struct der *content, char *text, size_t size)
{
    struct der rest = *content;
    uint64_t first, arc;
    size_t used;
    int put;

    if (!next_arc(&rest, &arc))
        return false;
    first = arc < 80 ? arc / 40 : 2;
    put = snprintf(text, size, "%u.%llu", (unsigned)first,
                   (unsigned long long)(arc - 40 * first));
    for (used = 0; put > 0 && (size_t)put < size - used;) {
        used += (size_t)put;
        if (der_at_end(&rest))
            return true;
        if (!next_arc(&rest, &arc))
            return false;
        put = snprintf(text + used, size - used, ".%llu",
                       (unsigned long long)arc);
    }
    return false;
}

bool der_is_oid(const struct der *content, const char *dotted)
{
    uint8_t expected[OID_MAX];
    const size_t size = encode_oid(dotted, expected);

    return size > 0 && der_equals(content, expected, size);
}
