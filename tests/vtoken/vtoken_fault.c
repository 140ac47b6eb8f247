#include "tests/vtoken/vtoken_card.h"

#include <ctype.h>
#include <string.h>

static char digit_of(uint8_t byte, bool low)
{
    return "0123456789ABCDEF"[low ? byte & 0xF : byte >> 4];
}

static bool begins(const uint8_t *apdu, size_t size, const char *pattern)
{
    for (size_t i = 0; pattern[i] != '\0'; i++) {
        if (i / 2 >= size)
            return false;
        if (pattern[i] != '?' && toupper((unsigned char)pattern[i]) !=
                                     digit_of(apdu[i / 2], i % 2 == 1))
            return false;
    }
    return true;
}

static bool strikes(struct vtoken_planned *planned, unsigned long count,
                    const uint8_t *apdu, size_t size)
{
    const struct vtoken_fault *fault = &planned->fault;
    unsigned times = fault->times == 0 ? 1 : fault->times;

    if ((fault->at != 0 && fault->at != count) || planned->struck >= times ||
        (fault->pattern != NULL && !begins(apdu, size, fault->pattern)))
        return false;
    if (planned->matched++ < fault->skip)
        return false;
    planned->struck++;
    return true;
}

const struct vtoken_fault *vtoken_fault_next(struct vtoken *card,
                                             const uint8_t *apdu, size_t size)
{
    for (size_t i = 0; i < card->planned; i++) {
        if (strikes(&card->script[i], card->count, apdu, size))
            return &card->script[i].fault;
    }
    return NULL;
}

static void make_noise(unsigned seed, uint8_t *reply, size_t size)
{
    uint32_t state = seed * 2654435761u + 1;

    for (size_t i = 0; i < size; i++) {
        state = state * 1664525u + 1013904223u;
        reply[i] = (uint8_t)(state >> 24);
    }
}

static size_t extend(uint8_t *reply, size_t size, size_t by)
{
    if (size < 2)
        return size;
    if (by > VTOKEN_REPLY_MAX - size)
        by = VTOKEN_REPLY_MAX - size;
    memmove(reply + size - 2 + by, reply + size - 2, 2);
    memset(reply + size - 2, 0xEE, by);
    return size + by;
}

size_t vtoken_fault_spoil(const struct vtoken_fault *fault, uint8_t *reply,
                          size_t size)
{
    switch (fault->trouble) {
    case VTOKEN_STATUS:
        reply[0] = (uint8_t)(fault->value >> 8);
        reply[1] = (uint8_t)fault->value;
        return 2;
    case VTOKEN_TRUNCATE:
        return size < fault->value ? size : fault->value;
    case VTOKEN_EXTEND:
        return extend(reply, size, fault->value);
    case VTOKEN_NOISE:
        make_noise(fault->value, reply, size);
        return size;
    default:
        return size;
    }
}

bool vtoken_plan(struct vtoken *card, const struct vtoken_fault *fault)
{
    if (card->planned == SCRIPT_MAX)
        return false;
    card->script[card->planned++] = (struct vtoken_planned){*fault, 0, 0};
    return true;
}

void vtoken_calm(struct vtoken *card)
{
    card->planned = 0;
}

unsigned vtoken_struck(const struct vtoken *card)
{
    unsigned sum = 0;

    for (size_t i = 0; i < card->planned; i++)
        sum += card->script[i].struck;
    return sum;
}
