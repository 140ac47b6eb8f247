#include "tests/vtoken/vtoken_card.h"

#include <string.h>

enum { PROPERTY_PIN = 0x01, TAG_LENGTH = 0x80, TAG_BODY = 0xA5 };

struct vtoken_pin *vtoken_pin_at(struct vtoken *card, unsigned reference)
{
    struct vtoken_pin *pin;

    if (reference != VTOKEN_PIN_SO && reference != VTOKEN_PIN_USER)
        return NULL;
    pin = &card->pin[reference - 1];
    return pin->exists ? pin : NULL;
}

void vtoken_pin_forget(struct vtoken *card)
{
    card->pin[0].logged_in = card->pin[1].logged_in = false;
}

void vtoken_pin_make(struct vtoken *card, unsigned reference, const char *text)
{
    struct vtoken_pin *pin = &card->pin[reference - 1];
    const uint8_t so[OPERATIONS] = {NEVER, 1, 0, 0, 0, 0, NEVER};
    const uint8_t changers =
        card->setup.changers == 0 ? 3 : (uint8_t)card->setup.changers;
    const uint8_t user[OPERATIONS] = {1, changers, 0, 0, 0, 0, NEVER};

    memset(pin, 0, sizeof *pin);
    pin->exists = true;
    pin->size = strnlen(text, VTOKEN_PIN_MAX);
    memcpy(pin->text, text, pin->size);
    pin->minimum = card->setup.minimum;
    pin->tries = pin->left = card->setup.tries;
    vtoken_fcp_secure(card, &pin->security, 0x43,
                      reference == VTOKEN_PIN_SO ? so : user);
}

/* 85: kind, least length, flags, tries (most and left), two of nothing. */
unsigned vtoken_pin_create(struct vtoken *card, const struct vtoken_file *like)
{
    struct vtoken_pin *pin;

    if ((like->id != VTOKEN_PIN_SO && like->id != VTOKEN_PIN_USER) ||
        like->property[3] >> 4 == 0)
        return SW_DATA;
    pin = &card->pin[like->id - 1];
    if (pin->exists)
        return SW_EXISTS;
    if (!card->formatting)
        return SW_RIGHTS;
    memset(pin, 0, sizeof *pin);
    pin->exists = true;
    pin->minimum = like->property[1];
    pin->tries = pin->left = like->property[3] >> 4;
    pin->security = like->security;
    return SW_GOOD;
}

/* What a command without data says of a PIN; costs no try. */
static unsigned status(const struct vtoken_pin *pin)
{
    if (pin->logged_in)
        return SW_GOOD;
    return pin->left == 0 ? SW_BLOCKED : SW_TRIES | pin->left;
}

unsigned vtoken_pin_verify(struct vtoken *card, const struct command *command,
                           struct answer *answer)
{
    struct vtoken_pin *pin = vtoken_pin_at(card, command->p2);

    (void)answer;
    if (command->p1 != 0)
        return SW_P1P2;
    if (pin == NULL)
        return SW_NO_FILE;
    if (!command->has_data)
        return status(pin);
    pin->verifications++;
    if (pin->logged_in)
        return SW_LOGGED_IN;
    if (pin->left == 0)
        return SW_BLOCKED;
    if (command->size == pin->size &&
        memcmp(command->data, pin->text, pin->size) == 0) {
        pin->left = pin->tries;
        pin->logged_in = true;
        return SW_GOOD;
    }
    pin->left--;
    /* Which of the two a Rutoken S says is a guess; OpenSC takes both. */
    return card->setup.dialect == VTOKEN_S && pin->left > 0
               ? SW_TRIES | pin->left
               : SW_WRONG_PIN;
}

unsigned vtoken_pin_logout(struct vtoken *card, const struct command *command,
                           struct answer *answer)
{
    (void)answer;
    if (command->p1 != 0 || command->p2 != 0)
        return SW_P1P2;
    vtoken_pin_forget(card);
    return SW_GOOD;
}

/* 80 02 LEN, then A5 n DATA as often as it takes: n is one byte, whatever
 * its value. The body's size, or -1. */
static int read_body(const struct command *command, uint8_t *body, size_t room)
{
    const uint8_t *data = command->data;
    size_t size = command->size, wanted, got = 0, at = 4;

    if (size < 4 || data[0] != TAG_LENGTH || data[1] != 2)
        return -1;
    wanted = (size_t)data[2] << 8 | data[3];
    if (wanted > room)
        return -1;
    while (at < size) {
        size_t part;

        if (size - at < 2 || data[at] != TAG_BODY)
            return -1;
        part = data[at + 1];
        if (part > size - at - 2 || part > wanted - got)
            return -1;
        memcpy(body + got, data + at + 2, part);
        got += part;
        at += 2 + part;
    }
    return got == wanted ? (int)got : -1;
}

static unsigned change(struct vtoken *card, struct vtoken_pin *pin,
                       const uint8_t *text, size_t size)
{
    if (!vtoken_tree_may(card, &pin->security, MAY_CHANGE))
        return SW_RIGHTS;
    /* The status words of both are guesses. */
    if (size > VTOKEN_PIN_MAX)
        return SW_LENGTH;
    if (size < pin->minimum)
        return SW_DATA;
    memcpy(pin->text, text, size);
    pin->size = size;
    pin->left = pin->tries;
    return SW_GOOD;
}

unsigned vtoken_pin_change(struct vtoken *card, const struct command *command,
                           struct answer *answer)
{
    struct vtoken_pin *pin = vtoken_pin_at(card, command->p2);
    uint8_t body[CHAIN_MAX];
    int size;

    (void)answer;
    if (command->p1 != 1)
        return SW_P1P2;
    if (command->p2 != 0 && pin == NULL)
        return SW_NO_FILE;
    if (!command->has_data)
        return SW_LENGTH;
    if (card->setup.dialect == VTOKEN_S)
        return pin == NULL ? SW_UNSUPPORTED
                           : change(card, pin, command->data, command->size);
    size = read_body(command, body, sizeof body);
    if (size < 0)
        return SW_DATA;
    return pin == NULL ? vtoken_key_load(card, body, (size_t)size)
                       : change(card, pin, body, (size_t)size);
}

unsigned vtoken_pin_unblock(struct vtoken *card, const struct command *command,
                            struct answer *answer)
{
    struct vtoken_pin *pin = vtoken_pin_at(card, command->p2);

    (void)answer;
    if (command->p1 != 3 || command->has_data)
        return SW_P1P2;
    if (pin == NULL)
        return SW_NO_FILE;
    if (!vtoken_tree_may(card, &pin->security, MAY_UNBLOCK))
        return SW_RIGHTS;
    pin->left = pin->tries;
    return SW_GOOD;
}
