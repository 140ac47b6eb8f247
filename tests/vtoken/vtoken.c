#include "tests/vtoken/vtoken.h"

#include "tests/vtoken/vtoken_card.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ATR_S                                                                  \
    0x3B, 0x6F, 0x00, 0xFF, 0x00, 'V', 'r', 'u', 'T', 'o', 'k', 'n', 's', '0', \
        ' ', 0x00, 0x00, 0x90, 0x00

/* Published as those of Rutoken ECP (all that are USB), Lite and S; with T=0
 * of ECP SC and Lite SC. */
static const struct atr {
    uint8_t size, bytes[VTOKEN_ATR_MAX];
} atrs[][2] = {
    [VTOKEN_ECP] = {{15,
                     {0x3B, 0x8B, 0x01, 'R', 'u', 't', 'o', 'k', 'e', 'n', ' ',
                      'D', 'S', ' ', 0xC1}},
                    {16,
                     {0x3B, 0x9C, 0x96, 0x00, 'R', 'u', 't', 'o', 'k', 'e', 'n',
                      'E', 'C', 'P', 's', 'c'}}},
    [VTOKEN_LITE] = {{15,
                      {0x3B, 0x8B, 0x01, 'R', 'u', 't', 'o', 'k', 'e', 'n', 'l',
                       'i', 't', 'e', 0xC2}},
                     {18,
                      {0x3B, 0x9E, 0x96, 0x00, 'R', 'u', 't', 'o', 'k', 'e',
                       'n', 'L', 'i', 't', 'e', 'S', 'C', '2'}}},
    [VTOKEN_S] = {{19, {ATR_S}}, {19, {ATR_S}}},
};

enum {
    USUAL_SERIAL = 0x48E243B5,
    USUAL_TRIES = 10,
    USUAL_MEMORY = 64 * 1024,
    USUAL_MEMORY_S = 30 * 1024,
    USUAL_OBJECTS = 255,
    INS_GET_RESPONSE = 0xC0
};

/* 30.02 is an ECP 3.0, 8.0 a Lite, 36 a Rutoken S. */
static const unsigned usual_firmware[] = {0x1E02, 0x0800, 0x2400};

static void complete(struct vtoken_setup *setup)
{
    bool s = setup->dialect == VTOKEN_S;

    if (setup->serial == 0)
        setup->serial = USUAL_SERIAL;
    if (setup->firmware == 0)
        setup->firmware = usual_firmware[setup->dialect];
    if (setup->user_pin == NULL)
        setup->user_pin = VTOKEN_FACTORY_USER;
    if (setup->so_pin == NULL)
        setup->so_pin = VTOKEN_FACTORY_SO;
    if (setup->tries == 0 || setup->tries > 15)
        setup->tries = USUAL_TRIES;
    if (setup->minimum == 0)
        setup->minimum = s ? 1 : 6;
    if (setup->memory == 0)
        setup->memory = s ? USUAL_MEMORY_S : USUAL_MEMORY;
    if (setup->objects == 0)
        setup->objects = USUAL_OBJECTS;
}

/* libgcrypt wants it first, and once. */
static void prepare(void)
{
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
        return;
    (void)gcry_check_version(NULL);
    (void)gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
    (void)gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
}

struct vtoken *vtoken_new(const struct vtoken_setup *setup)
{
    struct vtoken *card = calloc(1, sizeof *card);

    if (card == NULL)
        return NULL;
    prepare();
    card->setup = *setup;
    complete(&card->setup);
    card->present = true;
    if (card->setup.bare) {
        card->formatting = true;
    } else {
        vtoken_pin_make(card, VTOKEN_PIN_SO, card->setup.so_pin);
        vtoken_pin_make(card, VTOKEN_PIN_USER, card->setup.user_pin);
        if (!vtoken_tree_factory(card))
            vtoken_free(&card);
    }
    if (card != NULL)
        vtoken_reset(card);
    return card;
}

void vtoken_free(struct vtoken **card)
{
    if (*card == NULL)
        return;
    if ((*card)->root != NULL)
        vtoken_tree_remove(*card, (*card)->root);
    free(*card);
    *card = NULL;
}

size_t vtoken_atr(const struct vtoken *card, uint8_t atr[VTOKEN_ATR_MAX])
{
    const struct atr *row = &atrs[card->setup.dialect][card->setup.t0];
    const char *other = card->setup.atr;
    size_t size = 0;

    for (; other != NULL && size < VTOKEN_ATR_MAX &&
           sscanf(other, "%2hhx", &atr[size]) == 1;
         other += 2)
        size++;
    if (size > 0)
        return size;
    memcpy(atr, row->bytes, row->size);
    return row->size;
}

enum vtoken_dialect vtoken_dialect(const struct vtoken *card)
{
    return card->setup.dialect;
}

bool vtoken_t0(const struct vtoken *card)
{
    return card->setup.t0 || card->setup.dialect == VTOKEN_S;
}

void vtoken_reset(struct vtoken *card)
{
    vtoken_pin_forget(card);
    card->folder = card->root;
    card->file = NULL;
    card->key = -1;
    card->in_chain = false;
    card->pending_size = 0;
}

void vtoken_remove(struct vtoken *card)
{
    vtoken_reset(card);
    card->removals += card->present;
    card->present = false;
}

unsigned vtoken_removals(const struct vtoken *card)
{
    return card->removals;
}

void vtoken_insert(struct vtoken *card)
{
    card->present = true;
}

bool vtoken_present(const struct vtoken *card)
{
    return card->present;
}

static void tell(const struct vtoken *card, char mark, const uint8_t *data,
                 size_t size)
{
    if (card->trace == NULL)
        return;
    (void)fputc(mark, card->trace);
    for (size_t i = 0; i < size; i++)
        (void)fprintf(card->trace, "%02X", data[i]);
    (void)fputc('\n', card->trace);
    (void)fflush(card->trace);
}

static void watch(struct vtoken *card, const uint8_t *apdu, size_t size)
{
    card->count++;
    card->apdus +=
        !(size >= 2 && apdu[1] == INS_GET_RESPONSE) && !card->asks_again;
    tell(card, '>', apdu, size);
    if (size >= 2 && (apdu[0] & 0x80) != 0 &&
        (apdu[1] == 0x8A || apdu[1] == 0x84))
        card->formatted = true;
}

static void rest(unsigned milliseconds)
{
    struct timespec time = {milliseconds / 1000,
                            (long)(milliseconds % 1000) * 1000000};

    (void)nanosleep(&time, NULL);
}

/* One command and its fault: the size of the answer, 0 when it is out. */
static size_t exchange(struct vtoken *card, const struct vtoken_fault *fault,
                       const uint8_t *apdu, size_t size,
                       uint8_t reply[VTOKEN_REPLY_MAX])
{
    bool instead =
        fault != NULL && !fault->after &&
        (fault->trouble == VTOKEN_ABSENT || fault->trouble == VTOKEN_STATUS);
    size_t got = 0;

    if (fault != NULL && fault->trouble == VTOKEN_SLOW)
        rest(fault->value);
    card->torn = fault != NULL && fault->trouble == VTOKEN_TORN;
    if (!instead)
        got = vtoken_command_run(card, apdu, size, reply);
    if (card->torn || (fault != NULL && fault->trouble == VTOKEN_ABSENT)) {
        card->torn = false;
        vtoken_remove(card);
        return 0;
    }
    return fault == NULL ? got : vtoken_fault_spoil(fault, reply, got);
}

size_t vtoken_transmit(struct vtoken *card, const uint8_t *apdu, size_t size,
                       uint8_t *reply, size_t room)
{
    uint8_t answer[VTOKEN_REPLY_MAX];
    size_t got;

    if (!card->present)
        return 0;
    watch(card, apdu, size);
    got =
        exchange(card, vtoken_fault_next(card, apdu, size), apdu, size, answer);
    if (got > 0 && card->meddler != NULL) {
        got = card->meddler(card->meddler_context, apdu, size, answer, got);
        if (got == 0)
            vtoken_remove(card);
    }
    if (got > room)
        got = room;
    memcpy(reply, answer, got);
    card->asks_again = got >= 2 && reply[got - 2] == 0x6C;
    tell(card, '<', reply, got);
    return got;
}

void vtoken_meddle(struct vtoken *card, vtoken_meddler *meddler, void *context)
{
    card->meddler = meddler;
    card->meddler_context = context;
}

unsigned long vtoken_count(const struct vtoken *card)
{
    return card->count;
}

unsigned long vtoken_apdus(const struct vtoken *card)
{
    return card->apdus;
}

void vtoken_forget(struct vtoken *card)
{
    card->count = 0;
    card->apdus = 0;
}

bool vtoken_formatted(const struct vtoken *card)
{
    return card->formatted;
}

void vtoken_trace(struct vtoken *card, FILE *out)
{
    card->trace = out;
}
