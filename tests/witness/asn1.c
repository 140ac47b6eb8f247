#include "tests/witness/asn1.h"

#include <stdio.h>

uint8_t asn1_tag(const struct span *from)
{
    return from->size > 0 ? from->at[0] : 0;
}

/* X.690 10.1: the shortest form of a length, here below 2^24. */
static bool read_length(struct span *from, size_t *length)
{
    size_t count, value = 0;

    if (from->size < 2)
        return false;
    count = from->at[1];
    from->at += 2;
    from->size -= 2;
    *length = count;
    if (count < 0x80)
        return count <= from->size;
    count -= 0x80;
    if (count < 1 || count > 3 || count > from->size || from->at[0] == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | from->at[i];
    from->at += count;
    from->size -= count;
    *length = value;
    return value >= 0x80 && value <= from->size;
}

bool asn1_take(struct span *from, uint8_t tag, struct span *content)
{
    struct span rest = *from;

    if (tag == 0 || asn1_tag(from) != tag ||
        !read_length(&rest, &content->size))
        return false;
    content->at = rest.at;
    from->at = rest.at + content->size;
    from->size = rest.size - content->size;
    return true;
}

bool asn1_maybe(struct span *from, uint8_t tag, struct span *content)
{
    *content = (struct span){NULL, 0};
    return asn1_tag(from) != tag || asn1_take(from, tag, content);
}

bool asn1_skip(struct span *from)
{
    struct span content;

    return asn1_take(from, asn1_tag(from), &content);
}

bool asn1_oid(struct span content, char text[ASN1_OID_TEXT])
{
    unsigned long arc = 0;
    size_t size;

    if (content.size == 0 || content.at[0] >= 120)
        return false;
    size = (size_t)snprintf(text, ASN1_OID_TEXT, "%d.%d", content.at[0] / 40,
                            content.at[0] % 40);
    for (size_t i = 1; i < content.size; i++) {
        arc = arc << 7 | (content.at[i] & 0x7F);
        if (content.at[i] & 0x80)
            continue;
        size +=
            (size_t)snprintf(text + size, ASN1_OID_TEXT - size, ".%lu", arc);
        if (size >= ASN1_OID_TEXT)
            return false;
        arc = 0;
    }
    return (content.at[content.size - 1] & 0x80) == 0;
}
