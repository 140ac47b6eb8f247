#include "keygen/entropy.h"

#include <errno.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include <cmocka.h>

/* What the system's randomness is in this test: 0, 1, 2 … at each draw, in
 * pieces of at most this many bytes; broken: an error. */
static size_t piece;
static bool broken, interrupted;

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags);

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags)
{
    uint8_t *out = buffer;

    assert_int_equal(flags, 0);
    if (broken) {
        errno = ENOSYS;
        return -1;
    }
    interrupted = !interrupted;
    if (interrupted) {
        errno = EINTR;
        return -1;
    }
    if (size > piece)
        size = piece;
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)(piece < 64 ? 0x55 : i);
    return (ssize_t)size;
}

static int set_up(void **state)
{
    struct entropy *pool = NULL;

    piece = 64;
    broken = interrupted = false;
    if (entropy_new(&pool) != FAULT_NONE)
        return -1;
    *state = pool;
    return 0;
}

static int tear_down(void **state)
{
    struct entropy *pool = *state;

    entropy_free(&pool);
    return pool == NULL ? 0 : -1;
}

/* Computed with hashlib.blake2b of Python from the words of entropy.h. */
static void test_draw_is_what_is_said(void **state)
{
    static const char wanted[] =
        "72b80d0943071034f347477bff372c19236b9200913a698735bd88eb4e58c476"
        "842c1b06cc2bae3d03190e8db45708e4310e2aec1e35abca25e2cb78efb0af95"
        "ae4764104131e5333ac42e6648223c65";
    uint8_t out[80];
    char text[2 * sizeof out + 1];

    assert_int_equal(entropy_draw(*state, "key", out, sizeof out), FAULT_NONE);
    assert_string_equal(sodium_bin2hex(text, sizeof text, out, sizeof out),
                        wanted);
}

static void test_draws_differ(void **state)
{
    uint8_t first[128], second[128];
    struct entropy *other = NULL;

    assert_int_equal(entropy_draw(*state, "key", first, 128), FAULT_NONE);
    assert_int_equal(entropy_draw(*state, "key", second, 128), FAULT_NONE);
    assert_memory_not_equal(first, second, 64); /* the pool has moved on */
    assert_memory_not_equal(first, first + 64, 64);

    assert_int_equal(entropy_new(&other), FAULT_NONE);
    assert_int_equal(entropy_draw(other, "mask", second, 128), FAULT_NONE);
    assert_memory_not_equal(first, second, 64); /* another use */
    entropy_free(&other);

    assert_int_equal(entropy_new(&other), FAULT_NONE);
    assert_int_equal(entropy_event(other, "k", 1, 1), FAULT_NONE);
    assert_int_equal(entropy_draw(other, "key", second, 128), FAULT_NONE);
    assert_memory_not_equal(first, second, 64); /* one event more */
    entropy_free(&other);
}

static void test_system_in_pieces(void **state)
{
    uint8_t whole[32], pieces[32];
    struct entropy *other = NULL;

    piece = 63;
    assert_int_equal(entropy_draw(*state, "key", whole, 32), FAULT_NONE);
    piece = 5;
    assert_int_equal(entropy_new(&other), FAULT_NONE);
    assert_int_equal(entropy_draw(other, "key", pieces, 32), FAULT_NONE);
    assert_memory_equal(whole, pieces, 32);
    entropy_free(&other);
}

static void test_no_system_no_draw(void **state)
{
    uint8_t out[32] = {0}, zero[32] = {0};

    broken = true;
    assert_int_equal(entropy_draw(*state, "key", out, 32), FAULT_ENTROPY);
    assert_memory_equal(out, zero, 32);
    broken = false;
    assert_int_equal(entropy_draw(*state, "key", out, 32), FAULT_NONE);
}

static void test_sizes(void **state)
{
    for (size_t size = 0; size <= 128; size++) {
        uint8_t out[130];

        memset(out, 0xA5, sizeof out);
        assert_int_equal(entropy_draw(*state, "key", out, size), FAULT_NONE);
        assert_int_equal(out[size], 0xA5);
        assert_int_equal(out[size + 1], 0xA5);
    }
    assert_int_equal(entropy_draw(*state, "key", NULL, 129), FAULT_ARGUMENT);
}

/* Intervals between 60 and 316 ms as a person types, pseudo-random. */
static uint64_t next_moment(uint64_t moment, unsigned i)
{
    uint8_t hash[16];

    crypto_generichash(hash, sizeof hash, (const uint8_t *)&i, sizeof i, NULL,
                       0);
    return moment + 60000000 + hash[0] * 1000000u + hash[1] * 1000u + hash[2];
}

static void test_typing_fills_the_pool(void **state)
{
    uint64_t moment = 1000000000000;
    unsigned events = 0, before;

    while (entropy_bits(*state) < ENTROPY_WANTED && events < 1000) {
        before = entropy_bits(*state);
        moment = next_moment(moment, events);
        assert_int_equal(entropy_event(*state, &events, 1, moment), FAULT_NONE);
        assert_in_range(entropy_bits(*state), before, before + 2);
        events++;
    }
    assert_in_range(events, ENTROPY_WANTED / 2, 300);
    assert_int_equal(entropy_event(*state, "k", 1, moment + 100000000),
                     FAULT_NONE);
    assert_int_equal(entropy_bits(*state), ENTROPY_WANTED);
}

static void test_first_events_count_nothing(void **state)
{
    assert_int_equal(entropy_event(*state, "a", 1, 5000000000), FAULT_NONE);
    assert_int_equal(entropy_event(*state, "b", 1, 5100000000), FAULT_NONE);
    assert_int_equal(entropy_event(*state, "c", 1, 5310000000), FAULT_NONE);
    assert_int_equal(entropy_bits(*state), 0);
}

static void test_held_key_counts_nothing(void **state)
{
    uint64_t moment = 1000000000000;

    for (unsigned i = 0; i < 200; i++) {
        moment = next_moment(moment, i);
        assert_int_equal(entropy_event(*state, "\x1B[A", 3, moment),
                         FAULT_NONE);
    }
    assert_int_equal(entropy_bits(*state), 0);
}

static void test_paste_counts_nothing(void **state)
{
    for (unsigned i = 0; i < 1000; i++)
        assert_int_equal(entropy_event(*state, &i, 1, 1000000000 + 500 * i),
                         FAULT_NONE);
    assert_int_equal(entropy_bits(*state), 0);
}

static void test_steady_rhythm_counts_little(void **state)
{
    uint64_t moment = 1000000000;

    /* Every 33 ms, with microseconds of jitter: a key repeated by software
     * that sends another byte each time. */
    for (unsigned i = 0; i < 400; i++) {
        moment += 33000000 + i * i % 241 * 1000;
        assert_int_equal(entropy_event(*state, &i, 1, moment), FAULT_NONE);
    }
    assert_int_equal(entropy_bits(*state), 0);
}

static void test_stuck_clock_fails(void **state)
{
    enum fault fault = FAULT_NONE;
    uint8_t out[32];
    unsigned i;

    for (i = 0; i < 100 && fault == FAULT_NONE; i++)
        fault = entropy_event(*state, &i, 1, 20000000ull * (i + 1));
    assert_int_equal(fault, FAULT_ENTROPY);
    assert_int_equal(i, 1 + 21); /* the first has no interval */
    assert_int_equal(entropy_event(*state, "k", 1, 1ull << 40), FAULT_ENTROPY);
    assert_int_equal(entropy_feed(*state, "k", 1), FAULT_ENTROPY);
    assert_int_equal(entropy_draw(*state, "key", out, 32), FAULT_ENTROPY);
}

static void test_odd_events(void **state)
{
    static const uint8_t long_one[257];

    assert_int_equal(entropy_event(*state, "a", 1, 5000000000), FAULT_NONE);
    assert_int_equal(entropy_event(*state, "b", 1, 3000000000), FAULT_NONE);
    assert_int_equal(entropy_event(*state, "c", 1, 0), FAULT_NONE);
    assert_int_equal(entropy_event(*state, "", 0, 5000000000), FAULT_NONE);
    assert_int_equal(entropy_event(*state, long_one, 257, 1), FAULT_ARGUMENT);
    assert_int_equal(entropy_event(*state, "d", 1, UINT64_MAX), FAULT_ARGUMENT);
    assert_int_equal(entropy_event(*state, "e", 1, INT64_MAX), FAULT_NONE);
    assert_in_range(entropy_bits(*state), 0, 4);
}

static void test_feed(void **state)
{
    static const char text[] = "It is a truth universally acknowledged, that";

    assert_int_equal(entropy_feed(*state, text, sizeof text - 1), FAULT_NONE);
    assert_int_equal(entropy_bits(*state), sizeof text - 1);
    assert_int_equal(entropy_feed(*state, "", 0), FAULT_NONE);
    for (int i = 0; i < 10; i++)
        assert_int_equal(entropy_feed(*state, text, sizeof text - 1),
                         FAULT_NONE);
    assert_int_equal(entropy_bits(*state), ENTROPY_WANTED);
}

static void test_feed_of_one_byte_fails(void **state)
{
    static const uint8_t zeros[21];

    assert_int_equal(entropy_feed(*state, zeros, 20), FAULT_NONE);
    assert_int_equal(entropy_feed(*state, "x", 1), FAULT_NONE);
    assert_int_equal(entropy_feed(*state, zeros, 10), FAULT_NONE);
    assert_int_equal(entropy_feed(*state, zeros, 11), FAULT_ENTROPY);
    assert_int_equal(entropy_feed(*state, "x", 1), FAULT_ENTROPY);
}

/* One value in two thirds of the bytes, never long in a row. */
static void test_feed_of_a_bias_fails(void **state)
{
    uint8_t bytes[512];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i % 3 == 2 ? (uint8_t)i : 7;
    assert_int_equal(entropy_feed(*state, bytes, sizeof bytes), FAULT_ENTROPY);
}

static void test_feed_of_noise_passes(void **state)
{
    static const uint8_t seed[randombytes_SEEDBYTES];
    static uint8_t bytes[1024 * 1024];

    randombytes_buf_deterministic(bytes, sizeof bytes, seed);
    assert_int_equal(entropy_feed(*state, bytes, sizeof bytes), FAULT_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_draw_is_what_is_said),
        TEST(test_draws_differ),
        TEST(test_system_in_pieces),
        TEST(test_no_system_no_draw),
        TEST(test_sizes),
        TEST(test_typing_fills_the_pool),
        TEST(test_first_events_count_nothing),
        TEST(test_held_key_counts_nothing),
        TEST(test_paste_counts_nothing),
        TEST(test_steady_rhythm_counts_little),
        TEST(test_stuck_clock_fails),
        TEST(test_odd_events),
        TEST(test_feed),
        TEST(test_feed_of_one_byte_fails),
        TEST(test_feed_of_a_bias_fails),
        TEST(test_feed_of_noise_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
