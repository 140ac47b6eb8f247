/* Files of a container that are broken in every way: it opens with the right
 * key or it does not open. */
#include "token/container/container_reader.h"

#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static const char sample[] = "synthetic-2012-256-nopassword";

static enum fault open_it(const struct container_files *files, uint8_t *scalar)
{
    struct container *container;
    enum fault fault = container_reader_open(files, 0, NULL, &container);

    if (fault != FAULT_NONE) {
        assert_null(container);
        return fault;
    }
    memcpy(scalar, container->scalar, container->info.algorithm->key_size);
    container_free(&container);
    assert_null(container);
    return fault;
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
    struct container_files *files = sample_read(sample);
    uint8_t right[ALGORITHM_KEY_MAX], scalar[ALGORITHM_KEY_MAX];
    unsigned opened[CONTAINER_FILE_COUNT] = {0};

    (void)state;
    assert_int_equal(open_it(files, right), FAULT_NONE);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        uint8_t *data = bytes_of(files, file);
        const size_t size = container_files_at(files, file).left;

        for (size_t i = 0; i < size; i++) {
            data[i] ^= (uint8_t)(1 << i % 8);
            if (open_it(files, scalar) == FAULT_NONE) {
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
        struct container_files *files = sample_read(sample);

        container_files_drop(files, pair[!one][0]);
        container_files_drop(files, pair[!one][1]);
        assert_int_equal(open_it(files, scalar), FAULT_NONE);
        for (int part = 0; part < 2; part++) {
            uint8_t *data = bytes_of(files, pair[one][part]);

            for (size_t i = 0;
                 i < container_files_at(files, pair[one][part]).left; i++) {
                enum fault fault;

                data[i] ^= (uint8_t)(1 << i % 8);
                fault = open_it(files, scalar);
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
        struct container_files *files = sample_read(sample);
        const size_t whole = container_files_at(files, file).left;

        for (size_t size = whole; size-- > 0;) {
            enum fault fault;

            if (file == CONTAINER_HEADER)
                files->header_size = size;
            else
                files->small[file].size = size;
            fault = open_it(files, scalar);
            assert_int_equal(fault, file == CONTAINER_HEADER ? FAULT_DAMAGED
                                                             : FAULT_NONE);
        }
        container_files_free(&files);
    }
}

/* What could not be read is named where the other pair does not help. */
static void test_unread(void **state)
{
    struct container_files *files = sample_read(sample);
    uint8_t scalar[ALGORITHM_KEY_MAX];

    (void)state;
    container_files_drop(files, CONTAINER_PRIMARY);
    files->unread = FAULT_IO;
    assert_int_equal(open_it(files, scalar), FAULT_NONE);
    container_files_drop(files, CONTAINER_MASKS2);
    assert_int_equal(open_it(files, scalar), FAULT_IO);
    files->unread = FAULT_NONE;
    assert_int_equal(open_it(files, scalar), FAULT_DAMAGED);
    container_files_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test(test_every_byte_alone),
        cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_unread),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
