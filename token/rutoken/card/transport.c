#include "token/rutoken/card/transport.h"

#include <sodium.h>
#include <string.h>

enum {
    CHAINED = 0x10,
    INS_GET_RESPONSE = 0xC0,
    GOOD = 0x9000,
    ROUNDS_MAX = 16 /* of fetching one answer */
};

/* All that is ever sent. A command that is not here cannot be: 80 8A formats a
 * token without asking for a PIN. */
static const struct {
    uint8_t cla, ins;
} table[] = {
    {0x00, 0x20}, /* VERIFY */
    {0x00, 0x22}, /* MANAGE SECURITY ENVIRONMENT */
    {0x00, 0x24}, /* CHANGE REFERENCE DATA */
    {0x00, 0x2A}, /* PERFORM SECURITY OPERATION */
    {0x00, 0x2C}, /* RESET RETRY COUNTER */
    {0x00, 0x46}, /* GENERATE ASYMMETRIC KEY PAIR */
    {0x00, 0xA4}, /* SELECT */
    {0x00, 0xB0}, /* READ BINARY */
    {0x00, 0xC0}, /* GET RESPONSE */
    {0x00, 0xCA}, /* GET DATA */
    {0x00, 0xD6}, /* UPDATE BINARY */
    {0x00, 0xE0}, /* CREATE FILE */
    {0x00, 0xE4}, /* DELETE FILE */
    {0x80, 0x40}, /* RESET ACCESS RIGHTS */
};

static bool is_known(const struct command *command)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].cla == command->cla && table[i].ins == command->ins)
            return true;
    return false;
}

/* One command as it goes over the wire. */
struct wire {
    uint8_t bytes[READER_COMMAND_MAX];
    size_t size;
    uint8_t reply[READER_ANSWER_MAX];
    size_t reply_size;
};

/* le -1: none; 0 stands for 256. */
static void write_command(struct wire *wire, const struct command *command,
                          size_t offset, size_t part, bool more, int le)
{
    uint8_t *at = wire->bytes;

    *at++ = (uint8_t)(command->cla | (more ? CHAINED : 0));
    *at++ = command->ins;
    *at++ = command->p1;
    *at++ = command->p2;
    if (part > 0) {
        *at++ = (uint8_t)part;
        memcpy(at, (const uint8_t *)command->data + offset, part);
        at += part;
    }
    if (le >= 0)
        *at++ = (uint8_t)le;
    wire->size = (size_t)(at - wire->bytes);
}

static enum fault pass(struct transport *transport, struct wire *wire,
                       unsigned *status)
{
    enum fault fault;

    wire->reply_size = sizeof wire->reply;
    transport->commands++;
    fault = transport->ops->transmit(transport->card, wire->bytes, wire->size,
                                     wire->reply, &wire->reply_size);
    if (fault != FAULT_NONE)
        return fault;
    if (wire->reply_size < 2 || wire->reply_size > sizeof wire->reply)
        return FAULT_TOKEN_ANSWER;
    wire->reply_size -= 2;
    *status = (unsigned)wire->reply[wire->reply_size] << 8 |
              wire->reply[wire->reply_size + 1];
    return FAULT_NONE;
}

/* Gather what came; false where it is too much. */
static bool take(const struct wire *wire, const struct command *command,
                 struct answer *answer)
{
    if (wire->reply_size > command->answer - answer->size)
        return false;
    memcpy(answer->data + answer->size, wire->reply, wire->reply_size);
    answer->size += wire->reply_size;
    return true;
}

/* The last part, and its answer: 61xx has it fetched, also where nobody needs
 * it, for no maker says what a token does that is left with it; 6Cxx says how
 * long it is, where its length stands at the end of the command (asks); where
 * it does not, its last byte is one of the data. */
static enum fault finish(struct transport *transport, struct wire *wire,
                         const struct command *command, bool asks,
                         struct answer *answer)
{
    static const struct command fetch = {.ins = INS_GET_RESPONSE};
    unsigned status = 0;

    for (int round = 0; round < ROUNDS_MAX; round++) {
        enum fault fault = pass(transport, wire, &status);

        if (fault != FAULT_NONE)
            return fault;
        if (status >> 8 == 0x6C && asks) {
            wire->bytes[wire->size - 1] = (uint8_t)status;
            asks = false; /* once for each command */
            continue;
        }
        if (!take(wire, command, answer))
            return FAULT_TOKEN_ANSWER;
        answer->status = status;
        if (status >> 8 != 0x61)
            return FAULT_NONE;
        write_command(wire, &fetch, 0, 0, false, (int)(status & 0xFF));
        asks = true;
    }
    return FAULT_TOKEN_ANSWER;
}

static enum fault send_parts(struct transport *transport, struct wire *wire,
                             const struct command *command,
                             struct answer *answer)
{
    /* With T=0 nothing stands behind data; what is to come is fetched. */
    const bool asks =
        command->answer > 0 && !(transport->t0 && command->size > 0);
    size_t offset = 0;
    unsigned status;

    while (command->size - offset > TRANSPORT_PART) {
        enum fault fault;

        write_command(wire, command, offset, TRANSPORT_PART, true, -1);
        fault = pass(transport, wire, &status);
        if (fault != FAULT_NONE)
            return fault;
        answer->status = status;
        if (status != GOOD)
            return FAULT_NONE;
        offset += TRANSPORT_PART;
    }
    write_command(wire, command, offset, command->size - offset, false,
                  asks ? (int)(command->answer & 0xFF) : -1);
    return finish(transport, wire, command, asks, answer);
}

enum fault transport_send(struct transport *transport,
                          const struct command *command, struct answer *answer)
{
    struct wire wire = {.size = 0};
    enum fault fault;

    answer->size = 0;
    answer->status = 0;
    if (!is_known(command) || command->size > TRANSPORT_DATA_MAX ||
        command->answer > TRANSPORT_READ_MAX)
        return FAULT_ARGUMENT;
    if (transport->card == NULL)
        return FAULT_TOKEN_GONE;
    fault = send_parts(transport, &wire, command, answer);
    /* A PIN or a masked key may have been in it. */
    sodium_memzero(&wire, sizeof wire);
    return fault;
}

enum fault transport_do(struct transport *transport,
                        const struct command *command, struct answer *answer)
{
    enum fault fault = transport_send(transport, command, answer);

    return fault == FAULT_NONE ? transport_fault(answer->status) : fault;
}

enum fault transport_fault(unsigned status)
{
    static const struct {
        unsigned status, mask;
        enum fault fault;
    } rows[] = {
        {0x9000, 0xFFFF, FAULT_NONE},
        {0x6300, 0xFFFF, FAULT_PIN_WRONG},
        {0x63C0, 0xFFF0, FAULT_PIN_WRONG},
        {0x6983, 0xFFFF, FAULT_PIN_BLOCKED},
        {0x6982, 0xFFFF, FAULT_NO_ACCESS},
        {0x6A82, 0xFFFF, FAULT_NOT_FOUND},
        {0x6A88, 0xFFFF, FAULT_NOT_FOUND},
        {0x6A89, 0xFFFF, FAULT_EXISTS},
        {0x6A84, 0xFFFF, FAULT_TOKEN_SPACE},
        {0x6F85, 0xFFFF, FAULT_TOKEN_SPACE},
        {0x6F84, 0xFFFF, FAULT_TOKEN_BUSY},
        {0x6500, 0xFF00, FAULT_IO},
        {0x6400, 0xFF00, FAULT_IO},
        {0x6985, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6986, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6A80, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6A81, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6A86, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6700, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6800, 0xFF00, FAULT_TOKEN_REFUSED},
        {0x6D00, 0xFFFF, FAULT_TOKEN_REFUSED},
        {0x6E00, 0xFFFF, FAULT_TOKEN_REFUSED},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((status & rows[i].mask) == rows[i].status)
            return rows[i].fault;
    return FAULT_TOKEN_ANSWER;
}
