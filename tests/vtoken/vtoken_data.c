#include "tests/vtoken/vtoken_card.h"

#include <gcrypt.h>
#include <string.h>

enum {
    OBJECT_SERIAL = 0x81,
    OBJECT_INFO = 0x89,
    OBJECT_FREE = 0x8A,
    HEADER_SIZE = 0x24,
    RANDOM_S = 32
};

/* What real ones say of themselves; of the bytes behind the firmware's it is
 * not known what they mean. */
static const uint8_t infos[][12] = {
    [VTOKEN_ECP] = {0x01, 0x3C, 0x10, 0x01, 0x1E, 0x02, 0x03, 0x1E, 0x02, 0x01},
    [VTOKEN_LITE] = {0x02, 0x33, 0x08, 0x01, 0x08, 0x00, 0x02, 0x08, 0x00,
                     0x02},
    [VTOKEN_S] = {0x00, 0x10, 0x04, 0x01, 0x24, 0x00}, /* a guess but 36 */
};

static void put(uint8_t *at, uint64_t number, size_t size)
{
    for (size_t i = size; i > 0; i--, number >>= 8)
        at[i - 1] = (uint8_t)number;
}

/* The header of a PIN: 62 24 85 06, of which the rest up to 36 bytes is a
 * guess. */
static size_t tell_pin(const struct vtoken *card, unsigned reference,
                       const struct vtoken_pin *pin, uint8_t *out)
{
    const uint8_t head[] = {0x62,
                            HEADER_SIZE,
                            0x85,
                            0x06,
                            0x01,
                            (uint8_t)pin->minimum,
                            reference == VTOKEN_PIN_SO ? 0x01 : 0x00,
                            (uint8_t)(pin->tries << 4 | pin->left),
                            0x00,
                            0x00,
                            0x80,
                            0x02,
                            0x00,
                            VTOKEN_PIN_MAX,
                            0x83,
                            0x02,
                            0x00,
                            (uint8_t)reference,
                            0x8A,
                            0x01,
                            0x05,
                            0x86,
                            0x0F};

    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, pin->security.wire,
           2 + HEADER_SIZE - sizeof head);
    (void)card;
    return 2 + HEADER_SIZE;
}

static size_t tell_info(const struct vtoken *card, uint8_t *out)
{
    size_t size = card->setup.dialect == VTOKEN_S ? 8 : 12;

    memcpy(out, infos[card->setup.dialect], size);
    put(out + 4, card->setup.firmware, 2);
    return size;
}

unsigned vtoken_data_get(struct vtoken *card, const struct command *command,
                         struct answer *answer)
{
    bool s = card->setup.dialect == VTOKEN_S;
    struct vtoken_pin *pin = vtoken_pin_at(card, command->p2);

    if (command->p1 != 1)
        return SW_P1P2;
    if (command->has_data || command->le == 0)
        return SW_LENGTH;
    /* A Rutoken S's numbers go through its driver, which turns them round; a
     * trace of one has the free memory big-endian, so its serial number is so
     * here too. OpenSC turns that round once more. */
    if (command->p2 == OBJECT_SERIAL) {
        answer->size = s ? 4 : 8;
        put(answer->data, card->setup.serial, answer->size);
    } else if (command->p2 == OBJECT_INFO) {
        answer->size = tell_info(card, answer->data);
    } else if (command->p2 == OBJECT_FREE && s) {
        answer->size = 4;
        put(answer->data, vtoken_free_memory(card), 4);
    } else if (pin != NULL && !s) {
        answer->size = tell_pin(card, command->p2, pin, answer->data);
    } else {
        return SW_NO_OBJECT;
    }
    return SW_GOOD;
}

unsigned vtoken_data_random(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    if (command->p1 != 0 || command->p2 != 0)
        return SW_P1P2;
    if (command->has_data || command->le == 0)
        return SW_LENGTH;
    if (card->setup.dialect == VTOKEN_S && command->le != RANDOM_S)
        return SW_LENGTH;
    gcry_create_nonce(answer->data, command->le);
    answer->size = command->le;
    return SW_GOOD;
}

/* 80 8A wipes the token, whoever asks; until 80 84 4E 19 no rights hold. */
unsigned vtoken_data_format(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    (void)answer;
    if (command->ins == 0x84) {
        if (!card->formatting || command->p1 != 0x4E || command->p2 != 0x19)
            return SW_CONDITIONS;
        card->formatting = false;
        return SW_GOOD;
    }
    if (command->p1 != 0 || command->p2 != 0)
        return SW_P1P2;
    if (card->root != NULL)
        vtoken_tree_remove(card, card->root);
    memset(card->pin, 0, sizeof card->pin);
    card->formatting = true;
    vtoken_reset(card);
    return SW_GOOD;
}
