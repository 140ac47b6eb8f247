#include "token/container/container_reader.h"

#include "keygen/keypair.h"
#include "tests/support/hex.h"
#include "tests/support/sample.h"
#include "tests/support/self_signed.h"
#include "token/container/container_writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Containers that another program made, and their scalars. */
static const struct row {
    const char *folder, *password, *word, *scalar;
} rows[] = {
    {"synthetic-2012-256-nopassword", NULL, "gost2012-256",
     "2a9e1488650a3d44c4fa42510b8fee41e543db594f2a3e8cef92748eb077958e"},
    {"synthetic-2012-256-password-qwerty123", "qwerty123", "gost2012-256",
     "e3216d22b6e4dcc160e0a399230b0e09e31458d4c37f3ff058e24dc63537a710"},
    {"synthetic-2012-512A-password-qwerty123", "qwerty123", "gost2012-512",
     "e61f215a8012babd54562cab990c3f94b704a8082264fcdffa1fc99bc866dd51"
     "be4ecdadc6a920a0265fa3ec1078d7fae16e9cc7d1f29245e74c18caf522d922"},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static enum fault open_with(const struct container_files *files,
                            const char *password, uint8_t *scalar)
{
    struct container *container;
    enum fault fault = container_reader_open(files, password, &container);

    if (fault != FAULT_NONE) {
        assert_null(container);
        return fault;
    }
    memcpy(scalar, container->scalar, container->info.algorithm->key_size);
    container_free(&container);
    assert_null(container);
    return fault;
}

static void test_open(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        uint8_t expected[ALGORITHM_KEY_MAX], point[2 * ALGORITHM_KEY_MAX];
        struct container *one;

        assert_int_equal(container_reader_open(files, rows[i].password, &one),
                         FAULT_NONE);
        assert_string_equal(one->info.algorithm->word, rows[i].word);
        hex_read(expected, one->info.algorithm->key_size, rows[i].scalar);
        assert_memory_equal(one->scalar, expected,
                            one->info.algorithm->key_size);
        assert_int_equal(keypair_public(one->key, one->info.algorithm, point),
                         FAULT_NONE);
        assert_memory_equal(one->point, point,
                            2 * one->info.algorithm->key_size);
        container_free(&one);
        container_files_free(&files);
    }
}

static void test_describe(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct container_files *files = sample_read(rows[i].folder);
        struct container_info info;

        assert_int_equal(container_reader_describe(files, &info), FAULT_NONE);
        assert_string_equal(info.name, "testcont");
        assert_string_equal(info.algorithm->word, rows[i].word);
        assert_int_equal(info.has_password, rows[i].password != NULL);
        assert_true(info.exportable);
        assert_int_equal(info.key_not_after, 1830297599);
        assert_null(info.certificate);
        container_info_free(&info);
        container_files_free(&files);
    }
}

/* A key of 2001 is named, and not opened. */
static void test_2001(void **state)
{
    struct container_files *files = sample_read("synthetic-2001-nopassword");
    struct container_info info;
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    assert_int_equal(container_reader_describe(files, &info), FAULT_NONE);
    assert_string_equal(info.name, "testcont");
    assert_null(info.algorithm);
    container_info_free(&info);
    assert_int_equal(open_with(files, NULL, scalar), FAULT_UNSUPPORTED);
    container_files_free(&files);
}

static void test_passwords(void **state)
{
    static const struct {
        const char *password;
        enum fault fault;
    } tries[] = {
        {NULL, FAULT_PASSWORD_NEEDED},
        {"", FAULT_PASSWORD_WRONG},
        {"qwerty124", FAULT_PASSWORD_WRONG},
        {"qwerty123 ", FAULT_PASSWORD_WRONG},
        {"QWERTY123", FAULT_PASSWORD_WRONG},
        {"пароль", FAULT_PASSWORD_WRONG},
        {"\xFF\xFE", FAULT_PASSWORD_WRONG},
        {"qwerty123", FAULT_NONE},
    };
    struct container_files *files = sample_read(rows[1].folder);
    static char longest[CONTAINER_PASSWORD_MAX + 2];
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        assert_int_equal(open_with(files, tries[i].password, scalar),
                         tries[i].fault);
    memset(longest, 'x', CONTAINER_PASSWORD_MAX + 1);
    assert_int_equal(open_with(files, longest, scalar), FAULT_TOO_LARGE);
    container_files_free(&files);
}

/* Where there is no password, one that is given does no harm. */
static void test_needless_password(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    assert_int_equal(open_with(files, "whatever", scalar), FAULT_NONE);
    container_files_free(&files);
}

static uint8_t *bytes_of(struct container_files *files,
                         enum container_file file)
{
    return file == CONTAINER_HEADER ? files->header : files->small[file].data;
}

/* No byte of any file may be wrong and give another key: either the reserve
 * copy opens, or nothing. */
static void test_every_byte(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    uint8_t right[ALGORITHM_KEY_MAX], scalar[ALGORITHM_KEY_MAX];
    unsigned opened[CONTAINER_FILE_COUNT] = {0};

    (void)state;
    assert_int_equal(open_with(files, NULL, right), FAULT_NONE);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        uint8_t *data = bytes_of(files, file);
        const size_t size = container_files_at(files, file).left;

        for (size_t i = 0; i < size; i++) {
            data[i] ^= (uint8_t)(1 << i % 8);
            if (open_with(files, NULL, scalar) == FAULT_NONE) {
                assert_memory_equal(scalar, right, 32);
                opened[file]++;
            }
            data[i] ^= (uint8_t)(1 << i % 8);
        }
        /* One pair does, and the name is only a name. */
        assert_int_equal(opened[file], file == CONTAINER_HEADER ? 0 : size);
    }
    container_files_free(&files);
}

/* The same with the other pair gone: now all must fail. */
static void test_every_byte_alone(void **state)
{
    static const enum container_file pair[2][2] = {
        {CONTAINER_PRIMARY, CONTAINER_MASKS},
        {CONTAINER_PRIMARY2, CONTAINER_MASKS2}};
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    for (int one = 0; one < 2; one++) {
        struct container_files *files = sample_read(rows[0].folder);

        container_files_drop(files, pair[!one][0]);
        container_files_drop(files, pair[!one][1]);
        assert_int_equal(open_with(files, NULL, scalar), FAULT_NONE);
        for (int part = 0; part < 2; part++) {
            uint8_t *data = bytes_of(files, pair[one][part]);

            for (size_t i = 0;
                 i < container_files_at(files, pair[one][part]).left; i++) {
                enum fault fault;

                data[i] ^= (uint8_t)(1 << i % 8);
                fault = open_with(files, NULL, scalar);
                assert_int_equal(fault, FAULT_DAMAGED);
                data[i] ^= (uint8_t)(1 << i % 8);
            }
        }
        container_files_free(&files);
    }
}

/* Every length of every file, in memory of just that size. */
static void test_truncated(void **state)
{
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        struct container_files *files = sample_read(rows[0].folder);
        const size_t whole = container_files_at(files, file).left;

        for (size_t size = whole; size-- > 0;) {
            enum fault fault;

            if (file == CONTAINER_HEADER)
                files->header_size = size;
            else
                files->small[file].size = size;
            fault = open_with(files, NULL, scalar);
            assert_int_equal(fault, file == CONTAINER_HEADER ? FAULT_DAMAGED
                                                             : FAULT_NONE);
        }
        container_files_free(&files);
    }
}

/* What could not be read is named where the other pair does not help. */
static void test_unread(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    container_files_drop(files, CONTAINER_PRIMARY);
    files->unread = FAULT_IO;
    assert_int_equal(open_with(files, NULL, scalar), FAULT_NONE);
    container_files_drop(files, CONTAINER_MASKS2);
    assert_int_equal(open_with(files, NULL, scalar), FAULT_IO);
    files->unread = FAULT_NONE;
    assert_int_equal(open_with(files, NULL, scalar), FAULT_DAMAGED);
    container_files_free(&files);
}

static void test_names(void **state)
{
    static const struct {
        const char *file, *name;
    } names[] = {
        {"3005 1603 737276", "srv"},
        {"3006 1604 C8E2E0ED", "Иван"},
        {"3005 1603 737276 FFFF", "srv"},
        {"3008 1603 737276 0C0161", "srv"},
        {"3007 1605 611B5B3162", "a [1b"},
        {"3002 1600", ""},
        {"", ""},
        {"3005 1604 737276", ""},
        {"3005 0C03 737276", ""},
    };
    struct container_files *files = sample_read(rows[0].folder);

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct container_info info;
        struct bytes file;
        uint8_t *room;

        bytes_init(&file, MASKED_KEY_MAX);
        hex_put(&file, names[i].file);
        assert_int_equal(
            container_files_room(files, CONTAINER_NAME, file.size, &room),
            FAULT_NONE);
        memcpy(room, file.data == NULL ? room : file.data, file.size);
        assert_int_equal(container_reader_describe(files, &info), FAULT_NONE);
        assert_string_equal(info.name, names[i].name);
        container_info_free(&info);
        bytes_free(&file);
    }
    container_files_free(&files);
}

/* Longer than any name: it is cut, for it is only shown. */
static void test_long_name(void **state)
{
    struct container_files *files = sample_read(rows[0].folder);
    struct container_info info;
    struct bytes file;
    uint8_t *room, text[600];

    (void)state;
    memset(text, 0xB9, sizeof text); /* №, of three bytes */
    bytes_init(&file, MASKED_KEY_MAX);
    der_put(&file, DER_IA5_STRING, text, sizeof text);
    der_wrap(&file, 0, DER_SEQUENCE);
    assert_int_equal(
        container_files_room(files, CONTAINER_NAME, file.size, &room),
        FAULT_NONE);
    memcpy(room, file.data, file.size);
    assert_int_equal(container_reader_describe(files, &info), FAULT_NONE);
    assert_int_equal(strlen(info.name), 3 * CONTAINER_NAME_MAX);
    container_info_free(&info);
    bytes_free(&file);
    container_files_free(&files);
}

/* A header whose certificate is for another key; its checksum is right. */
static void test_foreign_certificate(void **state)
{
    const struct algorithm *algorithm = algorithm_by_word("gost2012-256");
    struct container_files *files = sample_read(rows[0].folder);
    struct der file = container_files_at(files, CONTAINER_HEADER);
    uint8_t scalar[ALGORITHM_KEY_MAX] = {7}, *room;
    struct certificate *certificate =
        self_signed_new(algorithm, scalar, algorithm->curve, 0);
    struct header header;
    struct bytes out;

    (void)state;
    assert_int_equal(header_read(&file, &header), FAULT_NONE);
    bytes_init(&out, HEADER_MAX);
    assert_int_equal(header_replace(&header, certificate->der.data,
                                    certificate->der.size, &out),
                     FAULT_NONE);
    assert_int_equal(
        container_files_room(files, CONTAINER_HEADER, out.size, &room),
        FAULT_NONE);
    memcpy(room, out.data, out.size);
    assert_int_equal(open_with(files, NULL, scalar), FAULT_KEY_MISMATCH);
    bytes_free(&out);
    certificate_free(&certificate);
    container_files_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),
        cmocka_unit_test(test_describe),
        cmocka_unit_test(test_2001),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_needless_password),
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_every_byte_alone),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_unread),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_long_name),
        cmocka_unit_test(test_foreign_certificate),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
