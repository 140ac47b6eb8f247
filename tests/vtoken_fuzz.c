/* The virtual token by itself, told anything: a model that falls over would
 * hide what the driver does. The input: a byte for the kind of token, then
 * commands, each behind a byte of its size. */
#include "tests/vtoken/vtoken.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct vtoken *make(uint8_t kind)
{
    struct vtoken_setup setup = {.dialect = (enum vtoken_dialect)(kind % 3),
                                 .t0 = kind / 3 % 2,
                                 .bare = kind / 6 % 2,
                                 .memory = 4096,
                                 .objects = 20};

    return vtoken_new(&setup);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct vtoken *card;
    size_t at = 1;

    if (size == 0)
        return 0;
    card = make(data[0]);
    require(card != NULL);
    while (at < size) {
        uint8_t reply[VTOKEN_REPLY_MAX];
        size_t part = data[at++], got;

        if (part > size - at)
            part = size - at;
        got = vtoken_transmit(card, data + at, part, reply, sizeof reply);
        require(got >= 2 && got <= 258);
        require(vtoken_free_memory(card) <= 4096);
        require(vtoken_tries(card, VTOKEN_PIN_USER) <= 15);
        at += part;
    }
    vtoken_reset(card);
    require(!vtoken_logged_in(card, VTOKEN_PIN_USER) &&
            !vtoken_logged_in(card, VTOKEN_PIN_SO));
    vtoken_free(&card);
    return 0;
}
