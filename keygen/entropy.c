#include "keygen/entropy.h"

#include "keygen/secret.h"

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

enum {
    POOL_SIZE = crypto_generichash_BYTES_MAX, /* 64 */
    SYSTEM_SIZE = 64,
    DRAW_MAX = 128,
    EVENT_MAX = 256, /* bytes of one event */
    EVENT_BITS_MAX = 2,
    HISTORY = 3, /* events before the first that counts */

    /* SP 800-90B 4.4 for a source of at least one bit a sample, with a false
     * alarm once in 2^20: 1 + 20/1, and 1 + critbinom(512, 1/2, 1 - 2^-20). */
    REPETITION_CUTOFF = 21,
    PROPORTION_WINDOW = 512,
    PROPORTION_CUTOFF = 311,

    /* Faster than that is no person but a paste or a program. */
    NANOSECONDS_LEAST = 1000000
};

/* The two health tests of one source of byte samples. */
struct health {
    bool begun;
    uint8_t last;
    unsigned repeated; /* how often last came in a row */
    uint8_t watched;   /* the first of the window */
    unsigned seen;     /* samples of the window so far */
    unsigned counted;  /* how many of them were the watched one */
};

struct entropy {
    uint8_t pool[POOL_SIZE];
    unsigned bits;
    bool failed;
    struct health events, bytes;
    unsigned seen;          /* events before, counted up to HISTORY */
    uint64_t moment;        /* its time */
    int64_t delta[HISTORY]; /* first, second, third difference of times, ms */
    uint8_t last_hash[16];  /* of its data */
};

enum fault entropy_new(struct entropy **pool)
{
    *pool = secret_new(sizeof **pool);
    return *pool != NULL ? FAULT_NONE : FAULT_MEMORY;
}

void entropy_free(struct entropy **pool)
{
    secret_free(pool);
}

unsigned entropy_bits(const struct entropy *pool)
{
    return pool->bits;
}

static void count(struct entropy *pool, size_t bits)
{
    const size_t room = ENTROPY_WANTED - pool->bits;

    pool->bits += (unsigned)(bits < room ? bits : room);
}

/* pool = Hash(label ‖ pool ‖ number ‖ data) */
static void mix(struct entropy *pool, char label, uint64_t number,
                const void *data, size_t size)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, POOL_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)&label, 1);
    crypto_generichash_update(&state, pool->pool, POOL_SIZE);
    crypto_generichash_update(&state, (const uint8_t *)&number, sizeof number);
    crypto_generichash_update(&state, data, size);
    crypto_generichash_final(&state, pool->pool, POOL_SIZE);
    sodium_memzero(&state, sizeof state);
}

/* SP 800-90B 4.4.1, repetition count. */
static bool repeats(struct health *health, uint8_t sample)
{
    if (!health->begun || sample != health->last)
        health->repeated = 0;
    health->last = sample;
    return ++health->repeated >= REPETITION_CUTOFF;
}

/* SP 800-90B 4.4.2, adaptive proportion. */
static bool prevails(struct health *health, uint8_t sample)
{
    if (!health->begun || health->seen == PROPORTION_WINDOW) {
        health->watched = sample;
        health->seen = health->counted = 0;
    }
    health->seen++;
    if (sample == health->watched)
        health->counted++;
    return health->counted >= PROPORTION_CUTOFF;
}

static bool healthy(struct health *health, uint8_t sample)
{
    const bool repeated = repeats(health, sample);
    const bool prevailed = prevails(health, sample);

    health->begun = true;
    return !repeated && !prevailed;
}

/* The bits that the moment of an event is worth: as much as the least of
 * the first three differences of the times, in milliseconds, is long. A
 * steady rhythm has small second differences, a steady drift small third. */
static size_t worth(struct entropy *pool, uint64_t nanoseconds)
{
    int64_t delta = (int64_t)(nanoseconds / 1000000), least = INT64_MAX;
    size_t bits = 0;

    delta -= (int64_t)(pool->moment / 1000000);
    for (size_t i = 0; i < HISTORY; i++) {
        const int64_t next = delta - pool->delta[i];
        const int64_t size = delta < 0 ? -delta : delta;

        least = size < least ? size : least;
        pool->delta[i] = delta;
        delta = next;
    }
    for (least >>= 1; least > 0 && bits < EVENT_BITS_MAX; least >>= 1)
        bits++;
    return bits;
}

/* Whether this event's data are those of the one before. */
static bool same_data(struct entropy *pool, const void *data, size_t size)
{
    uint8_t hash[sizeof pool->last_hash];
    bool same;

    crypto_generichash(hash, sizeof hash, data, size, NULL, 0);
    same = sodium_memcmp(hash, pool->last_hash, sizeof hash) == 0;
    memcpy(pool->last_hash, hash, sizeof hash);
    return same;
}

enum fault entropy_event(struct entropy *pool, const void *data, size_t size,
                         uint64_t nanoseconds)
{
    const bool first = pool->seen == 0, begun = pool->seen == HISTORY;
    bool repeated;
    uint64_t since;
    size_t bits;

    if (size > EVENT_MAX || nanoseconds > INT64_MAX)
        return FAULT_ARGUMENT;
    if (pool->failed)
        return FAULT_ENTROPY;
    mix(pool, 'e', nanoseconds, data, size);
    since = nanoseconds > pool->moment ? nanoseconds - pool->moment : 0;
    repeated = same_data(pool, data, size);
    bits = worth(pool, nanoseconds);
    pool->seen += begun ? 0 : 1;
    pool->moment = nanoseconds;
    if (first || since < NANOSECONDS_LEAST)
        return FAULT_NONE;
    pool->failed = !healthy(&pool->events, (uint8_t)(since / 1000));
    if (pool->failed)
        return FAULT_ENTROPY;
    count(pool, begun && !repeated ? bits : 0);
    return FAULT_NONE;
}

enum fault entropy_feed(struct entropy *pool, const void *data, size_t size)
{
    const uint8_t *bytes = data;

    if (pool->failed)
        return FAULT_ENTROPY;
    mix(pool, 'f', size, data, size);
    for (size_t i = 0; i < size && !pool->failed; i++)
        pool->failed = !healthy(&pool->bytes, bytes[i]);
    if (pool->failed)
        return FAULT_ENTROPY;
    count(pool, size);
    return FAULT_NONE;
}

static bool read_system(uint8_t *out, size_t size)
{
    while (size > 0) {
        const ssize_t got = getrandom(out, size, 0);

        if (got < 0 && errno != EINTR)
            return false;
        if (got > 0) {
            out += got;
            size -= (size_t)got;
        }
    }
    return true;
}

/* One block of what a seed expands to; label keeps the uses apart. */
static void expand(const uint8_t seed[POOL_SIZE], char label, uint8_t counter,
                   uint8_t *out, size_t size)
{
    const uint8_t text[2] = {(uint8_t)label, counter};

    crypto_generichash(out, size, text, sizeof text, seed, POOL_SIZE);
}

struct draw {
    uint8_t system[SYSTEM_SIZE];
    uint8_t seed[POOL_SIZE];
    uint8_t block[POOL_SIZE];
    crypto_generichash_state state;
};

enum fault entropy_draw(struct entropy *pool, const char *context, uint8_t *out,
                        size_t size)
{
    enum fault fault = FAULT_ENTROPY;
    struct draw *draw = NULL;

    if (size > DRAW_MAX)
        return FAULT_ARGUMENT;
    if (pool->failed)
        return fault;
    draw = secret_new(sizeof *draw);
    if (draw == NULL)
        return FAULT_MEMORY;
    if (!read_system(draw->system, sizeof draw->system))
        goto out;
    crypto_generichash_init(&draw->state, NULL, 0, POOL_SIZE);
    crypto_generichash_update(&draw->state, pool->pool, POOL_SIZE);
    crypto_generichash_update(&draw->state, draw->system, SYSTEM_SIZE);
    crypto_generichash_update(&draw->state, (const uint8_t *)context,
                              strlen(context));
    crypto_generichash_final(&draw->state, draw->seed, POOL_SIZE);
    for (uint8_t i = 0; i * POOL_SIZE < size; i++) {
        const size_t left = size - i * (size_t)POOL_SIZE;

        expand(draw->seed, 'o', i, draw->block, POOL_SIZE);
        memcpy(out + i * (size_t)POOL_SIZE, draw->block,
               left < POOL_SIZE ? left : POOL_SIZE);
    }
    expand(draw->seed, 'r', 0, pool->pool, POOL_SIZE);
    fault = FAULT_NONE;
out:
    secret_free(&draw);
    return fault;
}
