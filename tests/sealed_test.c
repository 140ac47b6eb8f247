#include "token/sealed/sealed.h"

#include "keygen/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The least that Argon2id takes: the tests open thousands of archives. */
static const struct sealed_cost cheap = {1, 8};
static const char passphrase[] = "correct horse, батарейка";

static uint8_t text[3 * SEALED_CHUNK];

static void fill(void)
{
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7 + i / 251);
}

static void seal(size_t size, struct bytes *out)
{
    bytes_init(out, SEALED_MAX);
    assert_int_equal(sealed_make(text, size, passphrase, &cheap, out),
                     FAULT_NONE);
}

/* The fault; what opens is the text, what does not gives nothing. */
static enum fault open_with(const uint8_t *data, size_t size, const char *word)
{
    uint8_t *content;
    size_t got;
    enum fault fault = sealed_open(data, size, word, &content, &got);

    if (fault == FAULT_NONE)
        assert_memory_equal(content, text, got);
    else
        assert_null(content);
    secret_free(&content);
    return fault;
}

static enum fault open_it(const struct bytes *sealed)
{
    return open_with(sealed->data, sealed->size, passphrase);
}

static void test_opens(void **state)
{
    static const size_t sizes[] = {1,
                                   200,
                                   SEALED_CHUNK - 1,
                                   SEALED_CHUNK,
                                   SEALED_CHUNK + 1,
                                   2 * SEALED_CHUNK,
                                   3 * SEALED_CHUNK - 7};

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct bytes sealed;

        seal(sizes[i], &sealed);
        assert_int_equal(sealed.size,
                         SEALED_HEADER + sizes[i] +
                             (sizes[i] + SEALED_CHUNK - 1) / SEALED_CHUNK * 17);
        assert_int_equal(sealed_check(sealed.data, sealed.size), FAULT_NONE);
        assert_int_equal(open_it(&sealed), FAULT_NONE);
        bytes_free(&sealed);
    }
}

/* Nothing of one shows in another, and none of the text in any. */
static void test_fresh(void **state)
{
    struct bytes one, other;

    (void)state;
    seal(200, &one);
    seal(200, &other);
    assert_memory_equal(one.data, other.data, 28);
    for (size_t i = 28; i + 16 <= one.size; i += 16)
        assert_memory_not_equal(one.data + i, other.data + i, 16);
    assert_null(memmem(one.data, one.size, text, 8));
    bytes_free(&one);
    bytes_free(&other);
}

static void test_wrong_passphrase(void **state)
{
    static const char *const wrong[] = {"", "correct horse, батарейк",
                                        "correct horse, батарейка ",
                                        "Correct horse, батарейка"};
    char *endless = calloc(1, SEALED_PASSPHRASE_MAX + 2);
    struct bytes sealed;

    (void)state;
    seal(200, &sealed);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(open_with(sealed.data, sealed.size, wrong[i]),
                         FAULT_PASSPHRASE);
    assert_non_null(endless);
    memset(endless, 'x', SEALED_PASSPHRASE_MAX + 1);
    assert_int_equal(open_with(sealed.data, sealed.size, endless),
                     FAULT_PASSPHRASE);
    free(endless);
    bytes_free(&sealed);
}

static void test_every_truncation(void **state)
{
    struct bytes sealed;

    (void)state;
    seal(200, &sealed);
    assert_int_equal(open_with(sealed.data, 0, passphrase), FAULT_NOT_ARCHIVE);
    for (size_t size = 1; size < sealed.size; size++) {
        /* In memory of its own, so that valgrind sees a byte too many. */
        uint8_t *cut = malloc(size);

        assert_non_null(cut);
        memcpy(cut, sealed.data, size);
        assert_int_equal(open_with(cut, size, passphrase), FAULT_ARCHIVE_CUT);
        free(cut);
    }
    bytes_free(&sealed);
}

static void test_every_flipped_bit(void **state)
{
    struct bytes sealed;

    (void)state;
    seal(200, &sealed);
    for (size_t i = 0; i < 8 * sealed.size; i++) {
        sealed.data[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_int_equal(open_it(&sealed),
                         i / 8 < 8 ? FAULT_NOT_ARCHIVE : FAULT_ARCHIVE_DAMAGED);
        sealed.data[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_int_equal(open_it(&sealed), FAULT_NONE);
    bytes_free(&sealed);
}

/* Whole chunks missing, doubled, exchanged, of another archive, behind. */
static void test_chunks(void **state)
{
    enum { CHUNK = SEALED_CHUNK + SEALED_CHUNK_MORE };
    static uint8_t chunk[CHUNK];
    struct bytes sealed, other;
    uint8_t *first, *second;

    (void)state;
    seal(3 * SEALED_CHUNK, &sealed);
    seal(3 * SEALED_CHUNK, &other);
    first = sealed.data + SEALED_HEADER;
    second = first + CHUNK;
    for (size_t missing = 1; missing <= 3; missing++)
        assert_int_equal(
            open_with(sealed.data, sealed.size - missing * CHUNK, passphrase),
            FAULT_ARCHIVE_CUT);
    memcpy(chunk, first, CHUNK);
    memcpy(first, second, CHUNK);
    assert_int_equal(open_it(&sealed), FAULT_ARCHIVE_DAMAGED);
    memcpy(second, chunk, CHUNK);
    assert_int_equal(open_it(&sealed), FAULT_ARCHIVE_DAMAGED);
    memcpy(first, chunk, CHUNK);
    assert_int_equal(open_it(&sealed), FAULT_ARCHIVE_DAMAGED);
    memcpy(second, other.data + SEALED_HEADER + CHUNK, CHUNK);
    assert_int_equal(open_it(&sealed), FAULT_ARCHIVE_DAMAGED);
    bytes_put_byte(&other, 0);
    assert_int_equal(open_it(&other), FAULT_ARCHIVE_DAMAGED);
    bytes_free(&sealed);
    bytes_free(&other);
}

/* A header that says so, its checksum right. */
static void forge(struct bytes *sealed, size_t at, unsigned size,
                  uint64_t value)
{
    for (unsigned i = size; i-- > 0; value >>= 8)
        sealed->data[at + i] = (uint8_t)value;
    crypto_generichash(sealed->data + 100, 16, sealed->data, 100, NULL, 0);
}

static void test_hostile_header(void **state)
{
    static const struct {
        size_t at;
        unsigned size;
        uint64_t value;
        enum fault fault;
    } rows[] = {
        {8, 2, 2, FAULT_ARCHIVE_NEWER},
        {8, 2, 0, FAULT_ARCHIVE_NEWER},
        {8, 2, 0xFFFF, FAULT_ARCHIVE_NEWER},
        {10, 2, 0, FAULT_ARCHIVE_DAMAGED},
        {10, 2, 115, FAULT_ARCHIVE_DAMAGED},
        {10, 2, 0xFFFF, FAULT_ARCHIVE_DAMAGED},
        {12, 4, 0, FAULT_ARCHIVE_DAMAGED},
        {12, 4, 17, FAULT_ARCHIVE_NEWER},
        {12, 4, UINT32_MAX, FAULT_ARCHIVE_NEWER},
        {16, 4, 0, FAULT_ARCHIVE_DAMAGED},
        {16, 4, 7, FAULT_ARCHIVE_DAMAGED},
        {16, 4, 1024 * 1024 + 1, FAULT_ARCHIVE_NEWER},
        {16, 4, UINT32_MAX, FAULT_ARCHIVE_NEWER},
        {20, 8, 0, FAULT_ARCHIVE_DAMAGED},
        {20, 8, 199, FAULT_ARCHIVE_DAMAGED},
        {20, 8, 201, FAULT_ARCHIVE_CUT},
        {20, 8, SEALED_CONTENT_MAX, FAULT_ARCHIVE_CUT},
        {20, 8, SEALED_CONTENT_MAX + 1, FAULT_ARCHIVE_NEWER},
        {20, 8, UINT64_MAX, FAULT_ARCHIVE_NEWER},
        {20, 8, UINT64_MAX - SEALED_HEADER - 16, FAULT_ARCHIVE_NEWER},
        /* Inside the bounds, but of no key that the passphrase gives. */
        {12, 4, 2, FAULT_PASSPHRASE},
        {16, 4, 9, FAULT_PASSPHRASE},
        {28, 8, 1, FAULT_PASSPHRASE},
        {44, 8, 1, FAULT_PASSPHRASE},
        {68, 8, 1, FAULT_PASSPHRASE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes sealed;

        seal(200, &sealed);
        forge(&sealed, rows[i].at, rows[i].size, rows[i].value);
        assert_int_equal(open_it(&sealed), rows[i].fault);
        if (rows[i].fault != FAULT_PASSPHRASE)
            assert_int_equal(sealed_check(sealed.data, sealed.size),
                             rows[i].fault);
        bytes_free(&sealed);
    }
}

/* A later version may have a longer header, and is told even cut behind it. */
static void test_later_version(void **state)
{
    uint8_t data[200] = {0};

    (void)state;
    memcpy(data, "\x8BKEP\r\n\x1A\n\0\2\0\xC8", 12);
    crypto_generichash(data + 184, 16, data, 184, NULL, 0);
    assert_int_equal(sealed_check(data, 200), FAULT_ARCHIVE_NEWER);
    assert_int_equal(sealed_check(data, 199), FAULT_ARCHIVE_CUT);
    data[50] ^= 1;
    assert_int_equal(sealed_check(data, 200), FAULT_ARCHIVE_DAMAGED);
}

static void test_not_archives(void **state)
{
    static const char *const texts[] = {"P",
                                        "PK\3\4",
                                        "0",
                                        "\x8BKEP\n\x1A\n",
                                        "\x8BKEP\r\n\r\n",
                                        "SQLite format 3"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(
            sealed_check((const uint8_t *)texts[i], strlen(texts[i])),
            FAULT_NOT_ARCHIVE);
}

static void test_will_not_make(void **state)
{
    static const struct {
        size_t size;
        const char *passphrase;
        struct sealed_cost cost;
        enum fault fault;
    } rows[] = {
        {0, "x", {1, 8}, FAULT_ARGUMENT},
        {1, "", {1, 8}, FAULT_ARGUMENT},
        {1, "x", {0, 8}, FAULT_ARGUMENT},
        {1, "x", {17, 8}, FAULT_ARGUMENT},
        {1, "x", {1, 7}, FAULT_ARGUMENT},
        {1, "x", {1, SEALED_MEMORY_MAX + 1}, FAULT_ARGUMENT},
        {(size_t)SEALED_CONTENT_MAX + 1, "x", {1, 8}, FAULT_TOO_LARGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes out;

        bytes_init(&out, SEALED_MAX);
        assert_int_equal(sealed_make(text, rows[i].size, rows[i].passphrase,
                                     &rows[i].cost, &out),
                         rows[i].fault);
        assert_int_equal(out.size, 0);
        bytes_free(&out);
    }
}

/* The largest that fits into its own maximum. */
static void test_largest(void **state)
{
    uint8_t *content = calloc(1, SEALED_CONTENT_MAX), *back;
    struct bytes out;
    size_t size;

    (void)state;
    assert_non_null(content);
    bytes_init(&out, SEALED_MAX);
    assert_int_equal(
        sealed_make(content, SEALED_CONTENT_MAX, "x", &cheap, &out),
        FAULT_NONE);
    assert_int_equal(out.size, SEALED_MAX);
    assert_int_equal(sealed_open(out.data, out.size, "x", &back, &size),
                     FAULT_NONE);
    assert_int_equal(size, SEALED_CONTENT_MAX);
    assert_int_equal(memcmp(back, content, size), 0);
    secret_free(&back);
    bytes_free(&out);
    free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opens),
        cmocka_unit_test(test_fresh),
        cmocka_unit_test(test_wrong_passphrase),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_every_flipped_bit),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_hostile_header),
        cmocka_unit_test(test_later_version),
        cmocka_unit_test(test_not_archives),
        cmocka_unit_test(test_will_not_make),
        cmocka_unit_test(test_largest),
    };

    fill();
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
