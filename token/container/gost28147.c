#include "token/container/gost28147.h"

#include <sodium.h>
#include <string.h>

/* What one byte of the sum becomes: two S-boxes, shifted to the byte's place
 * and rotated left by 11. */
struct gost28147_sbox {
    uint32_t byte[4][256];
};

/* An S-box is 16 hex digits, the value of input 0 first; the compiler expands
 * the tables from them. */
#define NIBBLE(row, i) ((uint32_t)((row) >> (60 - 4 * (i))) & 15U)
#define PAIR(low, high, i) (NIBBLE(high, (i) >> 4) << 4 | NIBBLE(low, (i)&15))
#define TURN(x) ((uint32_t)((x) << 11 | (x) >> 21))
#define E1(low, high, at, i) TURN(PAIR(low, high, i) << (at))
#define E4(l, h, at, i)                                                        \
    E1(l, h, at, i), E1(l, h, at, (i) + 1), E1(l, h, at, (i) + 2),             \
        E1(l, h, at, (i) + 3)
#define E16(l, h, at, i)                                                       \
    E4(l, h, at, i), E4(l, h, at, (i) + 4), E4(l, h, at, (i) + 8),             \
        E4(l, h, at, (i) + 12)
#define E64(l, h, at, i)                                                       \
    E16(l, h, at, i), E16(l, h, at, (i) + 16), E16(l, h, at, (i) + 32),        \
        E16(l, h, at, (i) + 48)
#define E256(l, h, at)                                                         \
    {                                                                          \
        E64(l, h, at, 0), E64(l, h, at, 64), E64(l, h, at, 128),               \
            E64(l, h, at, 192)                                                 \
    }

const struct gost28147_sbox gost28147_z = {{
    E256(0xC462A5B9E8D703F1U, 0x68239A5C1E47BD0FU, 0),
    E256(0xB3582FADE174C960U, 0xC821D4F670A53E9BU, 8),
    E256(0x7F5A816D093EB42CU, 0x5DF692CAB78143E0U, 16),
    E256(0x8E25691CF4B0DA37U, 0x17ED05834FA69CB2U, 24),
}};

const struct gost28147_sbox gost28147_a = {{
    E256(0x96328B17A4EFC0D5U, 0x37E98AF0526CB4D1U, 0),
    E256(0xE462B3D8CF5A0719U, 0xE7ACD13902B4F856U, 8),
    E256(0xB5198DF0E423C7A6U, 0x3ADC120B75948FE6U, 16),
    E256(0x1D297A608C45F3BEU, 0xBAF50CE8623917D4U, 24),
}};

/* In which order the eight words of the key are used, 8 rounds a digit:
 * forwards or backwards. */
enum { FORWARDS = 0, BACKWARDS = 7 };
static const uint8_t order_encrypt[] = {FORWARDS, FORWARDS, FORWARDS,
                                        BACKWARDS};
static const uint8_t order_decrypt[] = {FORWARDS, BACKWARDS, BACKWARDS,
                                        BACKWARDS};
static const uint8_t order_mac[] = {FORWARDS, FORWARDS};

struct state {
    const struct gost28147_sbox *sbox;
    uint32_t key[8];
    uint32_t n1, n2;
};

static uint32_t load(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

static void store(uint8_t *at, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(word >> 8 * i);
}

static void start(struct state *state, const struct gost28147_sbox *sbox,
                  const uint8_t *key)
{
    *state = (struct state){.sbox = sbox};
    for (size_t i = 0; i < 8; i++)
        state->key[i] = load(key + 4 * i);
}

static uint32_t replaced(const struct gost28147_sbox *sbox, uint32_t sum)
{
    return sbox->byte[0][sum & 255] ^ sbox->byte[1][sum >> 8 & 255] ^
           sbox->byte[2][sum >> 16 & 255] ^ sbox->byte[3][sum >> 24];
}

/* Two rounds at a time, after which the halves stand as they stood. */
static void turn(struct state *state, const uint8_t *order, size_t eights)
{
    const struct gost28147_sbox *sbox = state->sbox;
    uint32_t n1 = state->n1, n2 = state->n2;

    for (size_t e = 0; e < eights; e++)
        for (size_t i = 0; i < 8; i += 2) {
            n2 ^= replaced(sbox, n1 + state->key[i ^ order[e]]);
            n1 ^= replaced(sbox, n2 + state->key[(i + 1) ^ order[e]]);
        }
    state->n1 = n1;
    state->n2 = n2;
}

static void ecb(const struct gost28147_sbox *sbox, const uint8_t *key,
                const uint8_t *order, const uint8_t *in, uint8_t *out,
                size_t size)
{
    struct state state;

    start(&state, sbox, key);
    for (size_t at = 0; at + GOST28147_BLOCK <= size; at += GOST28147_BLOCK) {
        state.n1 = load(in + at);
        state.n2 = load(in + at + 4);
        turn(&state, order, sizeof order_encrypt);
        store(out + at, state.n2);
        store(out + at + 4, state.n1);
    }
    sodium_memzero(&state, sizeof state);
}

void gost28147_encrypt(const struct gost28147_sbox *sbox,
                       const uint8_t key[GOST28147_KEY], const uint8_t *in,
                       uint8_t *out, size_t size)
{
    ecb(sbox, key, order_encrypt, in, out, size);
}

void gost28147_decrypt(const struct gost28147_sbox *sbox,
                       const uint8_t key[GOST28147_KEY], const uint8_t *in,
                       uint8_t *out, size_t size)
{
    ecb(sbox, key, order_decrypt, in, out, size);
}

/* RFC 4357 2.3.2: what becomes the next key, decrypted with this one. */
static const uint8_t meshing[GOST28147_KEY] = {
    0x69, 0x00, 0x72, 0x22, 0x64, 0xC9, 0x04, 0x23, 0x8D, 0x3A, 0xDB,
    0x96, 0x46, 0xE9, 0x2A, 0xC4, 0x18, 0xFE, 0xAC, 0x94, 0x00, 0xED,
    0x07, 0x12, 0xC0, 0x86, 0xDC, 0xC2, 0xEF, 0x4C, 0xA9, 0x2B,
};

enum { MESH_EACH = 1024 };

static void mesh(struct state *state)
{
    uint8_t key[GOST28147_KEY];

    for (size_t i = 0; i < 8; i++)
        store(key + 4 * i, state->key[i]);
    gost28147_decrypt(state->sbox, key, meshing, key, sizeof key);
    for (size_t i = 0; i < 8; i++)
        state->key[i] = load(key + 4 * i);
    sodium_memzero(key, sizeof key);
}

static void absorb(struct state *state, const uint8_t *block)
{
    state->n1 ^= load(block);
    state->n2 ^= load(block + 4);
    turn(state, order_mac, sizeof order_mac);
}

/* mesh_each: bytes after which the key changes; 0: never. */
static void compute_mac(const struct gost28147_sbox *sbox,
                        const uint8_t key[GOST28147_KEY], const void *data,
                        size_t size, size_t mesh_each,
                        uint8_t mac[GOST28147_MAC])
{
    const uint8_t *in = data;
    uint8_t last[GOST28147_BLOCK] = {0};
    struct state state;
    size_t at = 0;

    start(&state, sbox, key);
    for (; at + GOST28147_BLOCK <= size; at += GOST28147_BLOCK) {
        if (mesh_each != 0 && at > 0 && at % mesh_each == 0)
            mesh(&state);
        absorb(&state, in + at);
    }
    if (mesh_each != 0 && at > 0 && at < size && at % mesh_each == 0)
        mesh(&state);
    if (at < size) {
        memcpy(last, in + at, size - at);
        absorb(&state, last);
    }
    /* RFC 5830 8: at least two blocks are taken. */
    memset(last, 0, sizeof last);
    if (size <= GOST28147_BLOCK)
        absorb(&state, last);
    store(mac, state.n1);
    sodium_memzero(&state, sizeof state);
    sodium_memzero(last, sizeof last);
}

void gost28147_mac(const struct gost28147_sbox *sbox,
                   const uint8_t key[GOST28147_KEY], const void *data,
                   size_t size, uint8_t mac[GOST28147_MAC])
{
    compute_mac(sbox, key, data, size, 0, mac);
}

void gost28147_mac_meshed(const struct gost28147_sbox *sbox,
                          const uint8_t key[GOST28147_KEY], const void *data,
                          size_t size, uint8_t mac[GOST28147_MAC])
{
    compute_mac(sbox, key, data, size, MESH_EACH, mac);
}
