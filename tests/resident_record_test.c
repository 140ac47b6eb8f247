#include "token/rutoken/resident/resident_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct resident_record sample(bool made)
{
    struct resident_record record = {.counter = 0x01020304,
                                     .algorithm = algorithm_by_word(NULL),
                                     .made = made,
                                     .key_not_after = 1900000000};

    (void)snprintf(record.name, sizeof record.name, "kep-2026-11-27 Ключ");
    for (size_t i = 0; made && i < sizeof record.point; i++)
        record.point[i] = (uint8_t)(i + 1);
    return record;
}

static void write_sample(bool made, struct bytes *out)
{
    const struct resident_record record = sample(made);

    bytes_init(out, RESIDENT_RECORD_MAX);
    assert_int_equal(resident_record_write(&record, out), FAULT_NONE);
}

static void what_is_written_is_read(void **state)
{
    static const uint8_t padding[5] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

    (void)state;
    for (int made = 0; made < 2; made++) {
        const struct resident_record record = sample(made);
        struct resident_record back;
        struct bytes out;

        write_sample(made, &out);
        bytes_put(&out, padding, sizeof padding);
        assert_int_equal(
            resident_record_read((struct der){out.data, out.size}, &back),
            FAULT_NONE);
        assert_int_equal(back.counter, record.counter);
        assert_string_equal(back.name, record.name);
        assert_ptr_equal(back.algorithm, record.algorithm);
        assert_int_equal(back.made, made);
        assert_memory_equal(back.point, record.point, sizeof back.point);
        assert_int_equal(back.key_not_after, record.key_not_after);
        assert_null(back.certificate);
        bytes_free(&out);
    }
}

static void any_flipped_bit_is_damage(void **state)
{
    struct bytes out;

    (void)state;
    write_sample(true, &out);
    for (size_t i = 0; i < 8 * out.size; i++) {
        struct resident_record back;

        out.data[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_int_equal(
            resident_record_read((struct der){out.data, out.size}, &back),
            FAULT_DAMAGED);
        out.data[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    bytes_free(&out);
}

static void what_is_cut_is_damage(void **state)
{
    struct bytes out;

    (void)state;
    write_sample(true, &out);
    for (size_t size = 0; size < out.size; size++) {
        struct resident_record back;

        assert_int_equal(
            resident_record_read((struct der){out.data, size}, &back),
            FAULT_DAMAGED);
    }
    bytes_free(&out);
}

static void what_has_no_room_is_told(void **state)
{
    const struct resident_record record = sample(true);
    struct bytes out;

    (void)state;
    bytes_init(&out, 100);
    assert_int_equal(resident_record_write(&record, &out), FAULT_TOO_LARGE);
    bytes_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(any_flipped_bit_is_damage),
        cmocka_unit_test(what_is_cut_is_damage),
        cmocka_unit_test(what_has_no_room_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
