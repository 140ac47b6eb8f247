#include "keygen/der.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *what;
    const char *data;
    size_t size;
    bool good;
    size_t content, left;
};

#define ROW(what, data) what, data, sizeof data - 1

static const struct row rows[] = {
    {ROW("empty content", "\x04\x00"), true, 0, 0},
    {ROW("one byte", "\x04\x01x"), true, 1, 0},
    {ROW("something behind", "\x04\x01xyz"), true, 1, 2},
    {ROW("nothing at all", ""), false, 0, 0},
    {ROW("only a tag", "\x04"), false, 0, 0},
    {ROW("another tag", "\x05\x00"), false, 0, 0},
    {ROW("shorter than said", "\x04\x02x"), false, 0, 0},
    {ROW("indefinite length", "\x04\x80x\0\0"), false, 0, 0},
    {ROW("reserved length", "\x04\xff"), false, 0, 0},
    {ROW("long form of a short length", "\x04\x81\x01x"), false, 0, 0},
    {ROW("long form of zero", "\x04\x81\x00"), false, 0, 0},
    {ROW("leading zero in a length", "\x04\x82\x00\x80"), false, 0, 0},
    {ROW("length of five bytes", "\x04\x85\x01\0\0\0\0"), false, 0, 0},
    {ROW("length above 2^31", "\x04\x84\x80\0\0\x01"), false, 0, 0},
    {ROW("length of all ones", "\x04\x84\xff\xff\xff\xff"), false, 0, 0},
    {ROW("length cut off", "\x04\x82\x01"), false, 0, 0},
};

static void test_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        /* On the heap and exact, so that the sanitizer sees a step over. */
        uint8_t *data = calloc(1, row->size + (row->size == 0));
        struct der in = {data, row->size}, content = {NULL, 0};

        memcpy(data, row->data, row->size);
        print_message("# %s\n", row->what);
        assert_int_equal(der_read(&in, DER_OCTET_STRING, &content), row->good);
        assert_int_equal(in.left, row->good ? row->left : row->size);
        assert_int_equal(content.left, row->content);
        if (!row->good)
            assert_ptr_equal(in.at, data);
        free(data);
    }
}

static void test_lengths(void **state)
{
    static const size_t sizes[] = {0,   1,   127,   128,   129,  255,
                                   256, 257, 65535, 65536, 70000};
    struct bytes out;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *data = calloc(1, sizes[i] + 1);
        struct der in, content, whole;
        uint8_t tag;

        memset(data, 'a', sizes[i]);
        bytes_init(&out, 1 << 17);
        der_put(&out, DER_UTF8_STRING, data, sizes[i]);
        assert_false(out.failed);
        in = (struct der){out.data, out.size};
        assert_int_equal(der_peek(&in), DER_UTF8_STRING);
        assert_true(der_read_any(&in, &tag, &content, &whole));
        assert_int_equal(tag, DER_UTF8_STRING);
        assert_true(der_equals(&content, data, sizes[i]));
        assert_ptr_equal(whole.at, out.data);
        assert_int_equal(whole.left, out.size);
        assert_true(der_at_end(&in));
        assert_int_equal(der_peek(&in), 0);
        bytes_free(&out);
        free(data);
    }
}

static void test_high_tag_refused(void **state)
{
    static const uint8_t data[] = {0x1F, 0x81, 0x01, 0x00};
    struct der in = {data, sizeof data}, content, whole;
    uint8_t tag;

    (void)state;
    assert_false(der_read_any(&in, &tag, &content, &whole));
    assert_int_equal(in.left, sizeof data);
}

static void test_optional(void **state)
{
    static const uint8_t data[] = {0x04, 0x00, 0x05, 0x02};
    struct der in = {data, sizeof data}, content;

    (void)state;
    assert_true(der_read_optional(&in, DER_INTEGER, &content));
    assert_null(content.at);
    assert_int_equal(in.left, 4);
    assert_true(der_read_optional(&in, DER_OCTET_STRING, &content));
    assert_non_null(content.at);
    assert_int_equal(content.left, 0);
    assert_false(der_read_optional(&in, 0x05, &content));
    in.left = 0;
    assert_true(der_read_optional(&in, 0x05, &content));
    assert_null(content.at);
}

static void test_equals(void **state)
{
    const struct der abc = {(const uint8_t *)"abc", 3}, none = {NULL, 0};

    (void)state;
    assert_true(der_equals(&abc, "abc", 3));
    assert_false(der_equals(&abc, "abd", 3));
    assert_false(der_equals(&abc, "abc", 2));
    assert_false(der_equals(&abc, "abcd", 4));
    assert_true(der_equals(&none, "", 0));
}

static void test_wrap(void **state)
{
    struct bytes out;

    (void)state;
    bytes_init(&out, 300);
    bytes_put(&out, "head", 4);
    der_put(&out, DER_INTEGER, "\x01", 1);
    der_put(&out, DER_OCTET_STRING, "ab", 2);
    der_wrap(&out, 4, DER_SEQUENCE);
    assert_int_equal(out.size, 13);
    assert_memory_equal(out.data,
                        "head\x30\x07\x02\x01\x01\x04\x02"
                        "ab",
                        13);
    der_wrap(&out, out.size, DER_SET);
    assert_memory_equal(out.data + 13, "\x31\x00", 2);
    assert_false(out.failed);
    der_wrap(&out, out.size + 1, DER_SET);
    assert_true(out.failed);
    bytes_free(&out);
}

static void test_no_room(void **state)
{
    struct bytes out;

    (void)state;
    bytes_init(&out, 4);
    der_put(&out, DER_OCTET_STRING, "abc", 3);
    assert_true(out.failed);
    bytes_free(&out);
    bytes_init(&out, 4);
    der_put(&out, DER_OCTET_STRING, "ab", 2);
    assert_false(out.failed);
    der_wrap(&out, 0, DER_SEQUENCE);
    assert_true(out.failed);
    bytes_free(&out);
}

static void test_oid(void **state)
{
    static const struct {
        const char *dotted;
        const char *der;
        size_t size;
    } good[] = {
        {"1.2.643.7.1.1.1.1", "\x06\x08\x2A\x85\x03\x07\x01\x01\x01\x01", 10},
        {"1.2.643.2.2.36.0", "\x06\x07\x2A\x85\x03\x02\x02\x24\x00", 9},
        {"0.0", "\x06\x01\x00", 3},
        {"1.39", "\x06\x01\x4F", 3},
        {"2.999.3", "\x06\x03\x88\x37\x03", 5},
        {"2.4294967295", "\x06\x05\x90\x80\x80\x80\x4F", 7},
        {"1.2.128", "\x06\x03\x2A\x81\x00", 5},
        {"1.2.4294967295", "\x06\x06\x2A\x8F\xFF\xFF\xFF\x7F", 8},
    };
    static const char *const bad[] = {
        "",
        "1",
        "1.",
        ".1.2",
        "1..2",
        "3.1",
        "1.40",
        "1.2.",
        "1.2.x",
        "1.02",
        "1.2.-3",
        "1.2 ",
        "a",
        "1.2.4294967296",
        "1.2.99999999999999999999999999",
        "1.2.4294967295.4294967295.4294967295.4294967295.4294967295"
        ".4294967295.4294967295.4294967295.4294967295.4294967295"
        ".4294967295.4294967295.4294967295",
    };
    struct bytes out;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        bytes_init(&out, 100);
        der_put_oid(&out, good[i].dotted);
        assert_false(out.failed);
        assert_int_equal(out.size, good[i].size);
        assert_memory_equal(out.data, good[i].der, out.size);
        bytes_free(&out);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        bytes_init(&out, 100);
        print_message("# \"%s\"\n", bad[i]);
        der_put_oid(&out, bad[i]);
        assert_true(out.failed);
        assert_int_equal(out.size, 0);
        bytes_free(&out);
    }
}

static void test_is_oid(void **state)
{
    const struct der oid = {(const uint8_t *)"\x2A\x85\x03\x02", 4};
    const struct der cut = {oid.at, 3}, none = {NULL, 0};

    (void)state;
    assert_true(der_is_oid(&oid, "1.2.643.2"));
    assert_false(der_is_oid(&oid, "1.2.643"));
    assert_false(der_is_oid(&oid, "1.2.643.3"));
    assert_false(der_is_oid(&oid, "1.2.643.2.0"));
    assert_false(der_is_oid(&cut, "1.2.643.2"));
    assert_false(der_is_oid(&none, "1.2.643.2"));
    assert_false(der_is_oid(&none, ""));
    assert_false(der_is_oid(&oid, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_optional),
        cmocka_unit_test(test_equals),
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_no_room),
        cmocka_unit_test(test_oid),
        cmocka_unit_test(test_high_tag_refused),
        cmocka_unit_test(test_is_oid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
