#include "token/rutoken/card/dialect.h"

#include "tests/support/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static size_t read_hex(const char *hex, uint8_t *out, size_t room)
{
    size_t size = 0;

    for (const char *at = hex; *at != '\0'; at++)
        size += *at != ' ';
    size /= 2;
    assert_true(size <= room);
    hex_read(out, size, hex);
    return size;
}

/* Published answers to reset, and some that are of other tokens. */
static void tokens_are_told_by_their_reset(void **state)
{
    static const struct {
        const char *atr, *model; /* NULL: not known here */
    } rows[] = {
        {"3B8B015275746F6B656E20445320C1", "Rutoken ECP"},
        {"3B8B015275746F6B656E20454350A0", "Rutoken ECP"},
        {"3B9C96005275746F6B656E4543507363", "Rutoken ECP"},
        {"3B9C941100005275746F6B656E4543507363", NULL},
        {"3B9C948011405275746F6B656E4543507363C3", "Rutoken ECP"},
        {"3B8880015274534377818320"
         "6A",
         "Rutoken ECP"},
        {"3B8C8001505C4B71A1527453437781"
         "83D9",
         "Rutoken ECP"},
        {"3B8B015275746F6B656E6C697465C2", "Rutoken Lite"},
        {"3B9E96005275746F6B656E4C697465534332", "Rutoken Lite"},
        {"3B6F00FF0056727554"
         "6F6B6E73302000009000",
         "Rutoken S"},
        {"3B6F00FF005675615"
         "46F6B6E73302000009000",
         "Rutoken S"},
        {"3B88800152744D43008"
         "1C10061",
         NULL}, /* 2151: other commands */
        {"3B189672757"
         "46F6B656E6D",
         NULL},
        {"3B8B015275746F6B656E20445320C0", NULL}, /* one bit off */
        {"3B8B015275746F6B656E204453", NULL},     /* cut */
        {"3BF81300008131FE454A434F507632"
         "34B7",
         NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t atr[64];
        const size_t size = read_hex(rows[i].atr, atr, sizeof atr);
        const struct dialect *dialect = dialect_find(atr, size);

        print_message("# %s\n", rows[i].atr);
        if (rows[i].model == NULL) {
            assert_null(dialect);
        } else {
            assert_non_null(dialect);
            assert_string_equal(dialect->model, rows[i].model);
        }
    }
}

static const struct dialect *by_model(const char *model)
{
    const struct dialect *dialect;

    for (size_t i = 0; (dialect = dialect_at(i)) != NULL; i++)
        if (strcmp(dialect->model, model) == 0)
            return dialect;
    fail_msg("no %s", model);
    return NULL;
}

static void numbers_have_their_order(void **state)
{
    uint8_t wire[2];

    (void)state;
    dialect_put(by_model("Rutoken Lite"), 0x1003, wire);
    assert_memory_equal(wire, "\x10\x03", 2);
    assert_int_equal(dialect_number(by_model("Rutoken Lite"), wire), 0x1003);
    dialect_put(by_model("Rutoken S"), 0x1003, wire);
    assert_memory_equal(wire, "\x03\x10", 2);
    assert_int_equal(dialect_number(by_model("Rutoken S"), wire), 0x1003);
}

/* To the byte what OpenSC, whose driver the vendor wrote, sends; of files
 * with a certificate and the like the rights differ. */
static void files_are_described(void **state)
{
    static const uint8_t key[] = {0x03, 0x20, 0x00, 0xAA, 0x00, 0x00};
    static const struct {
        const char *model;
        uint16_t id;
        size_t size;
        enum dialect_access access;
        const uint8_t *property;
        const char *data;
    } rows[] = {
        {"Rutoken ECP", 0x0A00, 0, DIALECT_FOLDER, NULL,
         "6F1D 80020000 82023800 83020A00 860F 43 02020000000002"
         " 00000000000000"},
        {"Rutoken ECP", 0x0A03, 0x0080, DIALECT_PUBLIC, NULL,
         "6F1D 80020080 82020100 83020A03 860F 43 00020000000002"
         " 00000000000000"},
        {"Rutoken Lite", 0x0A01, 60, DIALECT_PRIVATE, NULL,
         "6F1D 8002003C 82020100 83020A01 860F 43 02020000000002"
         " 00000000000000"},
        {"Rutoken ECP", 0x0001, 0x20, DIALECT_KEY, key,
         "6F25 80020020 82021000 83020001 8506 0320 00AA 0000 860F 46"
         " 00020200000002 00000000000000"},
        {"Rutoken S", 0x0A01, 60, DIALECT_PRIVATE, NULL,
         "6236 80023C00 82020100 8302010A 8628 43 01010000000001"
         " 02000000 02000000 00000000 00000000 00000000 00000000 02000000"
         " 00000000"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t expected[128];
        size_t size = read_hex(rows[i].data, expected, sizeof expected);
        struct bytes out;

        print_message("# %zu\n", i);
        bytes_init(&out, 128);
        dialect_describe(by_model(rows[i].model), rows[i].id, rows[i].size,
                         rows[i].access, rows[i].property, &out);
        assert_false(out.failed);
        assert_int_equal(out.size, size);
        assert_memory_equal(out.data, expected, size);
        bytes_free(&out);
    }
}

static void slots_have_their_names(void **state)
{
    (void)state;
    assert_int_equal(dialect_slot(0), 0x0A00);
    assert_int_equal(dialect_slot(6), 0x1000);
    assert_int_equal(dialect_slot(14), 0x1800);
    assert_int_equal(by_model("Rutoken ECP")->slots, 15);
    assert_int_equal(by_model("Rutoken S")->slots, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_told_by_their_reset),
        cmocka_unit_test(numbers_have_their_order),
        cmocka_unit_test(files_are_described),
        cmocka_unit_test(slots_have_their_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
