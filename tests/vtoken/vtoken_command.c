#include "tests/vtoken/vtoken_card.h"

#include <string.h>

enum { ECP = 1 << VTOKEN_ECP, LITE = 1 << VTOKEN_LITE, S = 1 << VTOKEN_S };

static const struct row {
    uint8_t cla, ins;
    unsigned dialects;
    vtoken_act *act;
} rows[] = {
    {0x00, 0xA4, ECP | LITE | S, vtoken_file_select},
    {0x00, 0xB0, ECP | LITE | S, vtoken_file_read},
    {0x00, 0xD6, ECP | LITE | S, vtoken_file_update},
    {0x00, 0xE0, ECP | LITE | S, vtoken_file_create},
    {0x00, 0xE4, ECP | LITE | S, vtoken_file_delete},
    {0x00, 0x20, ECP | LITE | S, vtoken_pin_verify},
    {0x80, 0x40, ECP | LITE | S, vtoken_pin_logout},
    {0x00, 0x24, ECP | LITE | S, vtoken_pin_change},
    {0x00, 0x2C, ECP | LITE | S, vtoken_pin_unblock},
    {0x00, 0x46, ECP, vtoken_key_generate},
    {0x00, 0x22, ECP, vtoken_key_environment},
    {0x00, 0x2A, ECP, vtoken_key_sign},
    {0x00, 0xCA, ECP | LITE | S, vtoken_data_get},
    /* That a Lite has none is a guess: OpenSC does not ask it for any. */
    {0x00, 0x84, ECP | S, vtoken_data_random},
    {0x80, 0x8A, ECP | LITE | S, vtoken_data_format},
    {0x80, 0x84, ECP | LITE | S, vtoken_data_format},
};

enum { INS_GET_RESPONSE = 0xC0, CLA_CHAINED = 0x10 };

/* Of short form only (ISO 7816-4, 5.1). */
static bool parse(const uint8_t *apdu, size_t size, struct command *command)
{
    if (size < 4)
        return false;
    *command =
        (struct command){apdu[0], apdu[1], apdu[2], apdu[3], NULL, 0, 0, false};
    if (size == 4)
        return true;
    if (size == 5) {
        command->le = apdu[4] == 0 ? 256 : apdu[4];
        return true;
    }
    command->data = apdu + 5;
    command->size = apdu[4];
    command->has_data = true;
    if (command->size == 0 || size < 5 + command->size ||
        size > 6 + command->size)
        return false;
    if (size == 6 + command->size)
        command->le = apdu[size - 1] == 0 ? 256 : apdu[size - 1];
    return true;
}

/* Gathers the parts of a chain. True: there is an answer already. */
static bool chain(struct vtoken *card, struct command *command, unsigned *sw)
{
    bool more = (command->cla & 0x7F) == CLA_CHAINED;
    uint8_t head[4] = {more ? command->cla & 0x80 : command->cla, command->ins,
                       command->p1, command->p2};

    if (card->in_chain && memcmp(head, card->chain_head, sizeof head) != 0) {
        card->in_chain = false;
        *sw = SW_CHAIN;
        return true;
    }
    if (!card->in_chain && !more)
        return false;
    if (!card->in_chain)
        card->chained = 0;
    if (card->chained + command->size > CHAIN_MAX) {
        card->in_chain = false;
        *sw = SW_LENGTH;
        return true;
    }
    if (command->size > 0)
        memcpy(card->chain + card->chained, command->data, command->size);
    card->chained += command->size;
    memcpy(card->chain_head, head, sizeof head);
    card->in_chain = more;
    *sw = SW_GOOD;
    command->cla = head[0];
    command->data = card->chain;
    command->size = card->chained;
    command->has_data = card->chained > 0;
    return more;
}

static unsigned act(struct vtoken *card, const struct command *command,
                    struct answer *answer)
{
    bool known = false;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].cla == command->cla && rows[i].ins == command->ins &&
            rows[i].dialects >> card->setup.dialect & 1)
            return rows[i].act(card, command, answer);
        known = known || rows[i].cla == command->cla;
    }
    return known ? SW_INS : SW_CLA;
}

static unsigned get_response(struct vtoken *card, const struct command *command,
                             struct answer *answer)
{
    size_t size = card->pending_size;

    if (size == 0)
        return SW_CONDITIONS;
    if (command->le != size)
        return SW_LE | (size & 0xFF);
    memcpy(answer->data, card->pending, size);
    answer->size = size;
    card->pending_size = 0;
    return SW_GOOD;
}

/* With T=0 an answer to data has to be fetched, and any other has to be asked
 * for with its exact length; a command that was asked for wrongly has not
 * been done. What is not fetched at once is in the way: no maker says what a
 * token does then, and this one refuses. */
static unsigned act_t0(struct vtoken *card, const struct command *command,
                       struct answer *answer)
{
    struct vtoken_file *folder = card->folder, *file = card->file;
    unsigned sw;

    if (command->has_data && command->le != 0)
        return SW_LENGTH;
    if (command->ins == INS_GET_RESPONSE)
        return get_response(card, command, answer);
    if (card->pending_size > 0) {
        card->pending_size = 0;
        return SW_CONDITIONS;
    }
    sw = act(card, command, answer);
    if (sw != SW_GOOD || answer->size == 0)
        return sw;
    if (command->has_data) {
        memcpy(card->pending, answer->data, answer->size);
        card->pending_size = answer->size;
        sw = SW_MORE | (answer->size & 0xFF);
        answer->size = 0;
    } else if (command->le != answer->size) {
        sw = SW_LE | (answer->size & 0xFF);
        answer->size = 0;
        card->folder = folder;
        card->file = file;
    }
    return sw;
}

/* With T=1 as much as was asked for. The driver of Rutoken S (ifd-rutokens)
 * fetches answers by itself, those of SELECT unasked. */
static unsigned act_t1(struct vtoken *card, const struct command *command,
                       struct answer *answer)
{
    bool fetched = card->setup.dialect == VTOKEN_S && command->ins == 0xA4;
    unsigned sw = act(card, command, answer);

    if (answer->size > command->le && !(fetched && command->le == 0))
        answer->size = command->le;
    return sw;
}

size_t vtoken_command_run(struct vtoken *card, const uint8_t *apdu, size_t size,
                          uint8_t reply[VTOKEN_REPLY_MAX])
{
    struct answer answer = {.size = 0};
    struct command command;
    unsigned sw = SW_LENGTH;

    if (parse(apdu, size, &command) && !chain(card, &command, &sw))
        sw = card->setup.t0 ? act_t0(card, &command, &answer)
                            : act_t1(card, &command, &answer);
    memcpy(reply, answer.data, answer.size);
    reply[answer.size] = (uint8_t)(sw >> 8);
    reply[answer.size + 1] = (uint8_t)sw;
    return answer.size + 2;
}
