#include "token/container/container_files.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static void test_names(void **state)
{
    static const char *const names[CONTAINER_FILE_COUNT] = {
        "masks.key",  "primary.key",  "header.key",
        "masks2.key", "primary2.key", "name.key"};

    (void)state;
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++)
        assert_string_equal(container_files_name(file), names[file]);
}

static void test_room(void **state)
{
    struct container_files *files;
    uint8_t *room;

    (void)state;
    assert_int_equal(container_files_new(&files), FAULT_NONE);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        const size_t most =
            file == CONTAINER_HEADER ? (size_t)HEADER_MAX : MASKED_KEY_MAX;

        assert_int_equal(container_files_at(files, file).left, 0);
        assert_int_equal(container_files_room(files, file, most, &room),
                         FAULT_NONE);
        memset(room, (int)file, most);
        assert_int_equal(container_files_at(files, file).left, most);
        assert_int_equal(container_files_room(files, file, most + 1, &room),
                         FAULT_TOO_LARGE);
        assert_int_equal(container_files_room(files, file, SIZE_MAX, &room),
                         FAULT_TOO_LARGE);
        assert_int_equal(container_files_at(files, file).left, most);
        container_files_drop(files, file);
        assert_int_equal(container_files_at(files, file).left, 0);
        assert_int_equal(container_files_room(files, file, 0, &room),
                         FAULT_NONE);
        assert_int_equal(container_files_at(files, file).left, 0);
    }
    container_files_free(&files);
    assert_null(files);
    container_files_free(&files);
}

static void test_equal(void **state)
{
    struct container_files *a, *b;
    uint8_t *one, *other;

    (void)state;
    assert_int_equal(container_files_new(&a), FAULT_NONE);
    assert_int_equal(container_files_new(&b), FAULT_NONE);
    assert_true(container_files_equal(a, b));
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        assert_int_equal(container_files_room(a, file, 3, &one), FAULT_NONE);
        memcpy(one, "abc", 3);
        assert_false(container_files_equal(a, b));
        assert_int_equal(container_files_room(b, file, 3, &other), FAULT_NONE);
        memcpy(other, "abd", 3);
        assert_false(container_files_equal(a, b));
        other[2] = 'c';
        assert_true(container_files_equal(a, b));
    }
    container_files_free(&a);
    container_files_free(&b);
}

/* Each byte of the pairs counts, and where a file ends; the others do not. */
static void test_sum(void **state)
{
    uint8_t none[CONTAINER_SUM], one[CONTAINER_SUM], other[CONTAINER_SUM];
    struct container_files *files;
    uint8_t *room;

    (void)state;
    assert_int_equal(container_files_new(&files), FAULT_NONE);
    container_files_sum(files, none);
    for (enum container_file file = 0; file < CONTAINER_FILE_COUNT; file++) {
        const bool same = file == CONTAINER_HEADER || file == CONTAINER_NAME;

        assert_int_equal(container_files_room(files, file, 300, &room),
                         FAULT_NONE);
        memset(room, 0, 300);
        container_files_sum(files, one);
        assert_int_equal(memcmp(one, none, sizeof one) == 0, same);
        room[299] = 1;
        container_files_sum(files, other);
        assert_int_equal(memcmp(one, other, sizeof one) == 0, same);
        container_files_drop(files, file);
    }
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            container_files_room(files, CONTAINER_MASKS, 3 - i, &room),
            FAULT_NONE);
        memset(room, 'a', 3 - i);
        assert_int_equal(
            container_files_room(files, CONTAINER_PRIMARY, 2 + i, &room),
            FAULT_NONE);
        memset(room, 'a', 2 + i);
        container_files_sum(files, i == 0 ? one : other);
    }
    assert_memory_not_equal(one, other, sizeof one);
    container_files_free(&files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_room),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_equal),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
