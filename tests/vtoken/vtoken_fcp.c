#include "tests/vtoken/vtoken_card.h"

#include <string.h>

enum {
    TEMPLATE_FCP = 0x62,
    TEMPLATE_FCI = 0x6F,
    TAG_SIZE = 0x80,
    TAG_ALLOCATED = 0x81,
    TAG_TYPE = 0x82,
    TAG_ID = 0x83,
    TAG_PROPERTY = 0x85,
    TAG_SECURITY = 0x86,
    TAG_LIFE = 0x8A,
    LIFE_ACTIVE = 5,
    SECURITY_SIZE = 15,
    SECURITY_SIZE_S = 40,
    METHOD_CHV = 1,
    REFERENCES = 1 + OPERATIONS /* where they begin on a Rutoken S */
};

static bool is_s(const struct vtoken *card)
{
    return card->setup.dialect == VTOKEN_S;
}

uint16_t vtoken_fcp_id(const struct vtoken *card, const uint8_t wire[2])
{
    unsigned low = wire[is_s(card) ? 0 : 1], high = wire[is_s(card) ? 1 : 0];

    return (uint16_t)(high << 8 | low);
}

void vtoken_fcp_put16(const struct vtoken *card, uint8_t wire[2], size_t number)
{
    wire[is_s(card) ? 0 : 1] = (uint8_t)number;
    wire[is_s(card) ? 1 : 0] = (uint8_t)(number >> 8);
}

size_t vtoken_fcp_security_size(const struct vtoken *card)
{
    return is_s(card) ? SECURITY_SIZE_S : SECURITY_SIZE;
}

void vtoken_fcp_secure(const struct vtoken *card, struct security *security,
                       uint8_t map, const uint8_t condition[OPERATIONS])
{
    memset(security, 0, sizeof *security);
    security->wire[0] = security->map = map;
    memcpy(security->condition, condition, OPERATIONS);
    memcpy(security->wire + 1, condition, OPERATIONS);
    for (size_t i = 0; is_s(card) && i < OPERATIONS; i++) {
        if (condition[i] == FREE || condition[i] == NEVER)
            continue;
        security->wire[1 + i] = METHOD_CHV;
        security->wire[REFERENCES + 4 * i] = condition[i];
    }
}

static void understand(const struct vtoken *card, struct security *security)
{
    security->map = security->wire[0];
    memcpy(security->condition, security->wire + 1, OPERATIONS);
    for (size_t i = 0; is_s(card) && i < OPERATIONS; i++) {
        if (security->wire[1 + i] == METHOD_CHV)
            security->condition[i] = security->wire[REFERENCES + 4 * i];
    }
}

static uint8_t *put(uint8_t *at, uint8_t tag, const uint8_t *data, size_t size)
{
    *at++ = tag;
    *at++ = (uint8_t)size;
    memcpy(at, data, size);
    return at + size;
}

static uint8_t *put_number(const struct vtoken *card, uint8_t *at, uint8_t tag,
                           size_t number)
{
    uint8_t wire[2];

    vtoken_fcp_put16(card, wire, number);
    return put(at, tag, wire, sizeof wire);
}

/* Ordered as a real Lite has it, and as the driver of Rutoken S makes it. */
size_t vtoken_fcp_write(const struct vtoken *card,
                        const struct vtoken_file *file, uint8_t *out)
{
    const uint8_t type[2] = {file->type, 0}, life = LIFE_ACTIVE;
    size_t allocated = file->size + (file->type == FILE_DF ? 0 : OVERHEAD);
    uint8_t *at = out + 2;

    if (is_s(card))
        at = put_number(card, at, TAG_ALLOCATED, allocated);
    at = put_number(card, at, TAG_SIZE, file->size);
    if (!is_s(card))
        at = put_number(card, at, TAG_ALLOCATED, allocated);
    at = put(at, TAG_TYPE, type, sizeof type);
    at = put_number(card, at, TAG_ID, file->id);
    if (file->has_property)
        at = put(at, TAG_PROPERTY, file->property, PROPERTY_SIZE);
    at = put(at, TAG_LIFE, &life, 1);
    at = put(at, TAG_SECURITY, file->security.wire,
             vtoken_fcp_security_size(card));
    out[0] = TEMPLATE_FCP;
    out[1] = (uint8_t)(at - out - 2);
    return (size_t)(at - out);
}

/* One field of the template: false where its size is not right. */
static bool read_field(const struct vtoken *card, struct vtoken_file *file,
                       uint8_t tag, const uint8_t *data, size_t size)
{
    if (tag == TAG_SIZE && size == 2) {
        file->size = vtoken_fcp_id(card, data);
    } else if (tag == TAG_TYPE && (size == 1 || size == 2)) {
        file->type = data[0];
    } else if (tag == TAG_ID && size == 2) {
        file->id = vtoken_fcp_id(card, data);
    } else if (tag == TAG_PROPERTY && size == PROPERTY_SIZE && !is_s(card)) {
        memcpy(file->property, data, size);
        file->has_property = true;
    } else if (tag == TAG_SECURITY && size == vtoken_fcp_security_size(card)) {
        memcpy(file->security.wire, data, size);
        understand(card, &file->security);
    } else {
        return false;
    }
    return true;
}

bool vtoken_fcp_read(const struct vtoken *card, const uint8_t *data,
                     size_t size, struct vtoken_file *file)
{
    unsigned seen = 0, wanted = 1 << (TAG_SIZE & 7) | 1 << (TAG_TYPE & 7) |
                                1 << (TAG_ID & 7) | 1 << (TAG_SECURITY & 7);

    memset(file, 0, sizeof *file);
    if (size < 2 || data[0] != (is_s(card) ? TEMPLATE_FCP : TEMPLATE_FCI) ||
        data[1] != size - 2)
        return false;
    for (size_t at = 2; at < size; at += 2u + data[at + 1]) {
        if (size - at < 2 || size - at - 2 < data[at + 1] ||
            !read_field(card, file, data[at], data + at + 2, data[at + 1]))
            return false;
        seen |= 1u << (data[at] & 7);
    }
    return (seen & wanted) == wanted;
}
