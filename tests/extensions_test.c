#include "token/container/extensions.h"

#include "tests/support/hex.h"
#include "tests/support/self_signed.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define OID "06082A8503020225030A"

/* "20250606132158Z", as in a genuine container. */
#define GENUINE "301F" OID "0413 3011 810F 32303235303630363133323135385A"

static const struct row {
    const char *what, *list;
    bool good;
    time_t time;
} rows[] = {
    {"nothing", "", true, 0},
    {"genuine", GENUINE, true, 1749216118},
    {"others before and behind",
     "3008 0603550401 0401FF" GENUINE "300B 0603550402 0101FF 0401FF", true,
     1749216118},
    {"critical",
     "3022" OID "0101FF 0413 3011 810F"
     "32303235303630363133323135385A",
     true, 1749216118},
    {"a beginning alone",
     "301F" OID "0413 3011 800F 32303235303630363133323135385A", true, 0},
    {"neither", "300E" OID "0402 3000", true, 0},
    {"parts of a second",
     "3021" OID "0415 3013 8111 32303235303630363133323135382E355A", true,
     1749216118},
    {"not a sequence", "0400", false, 0},
    {"a value that is no sequence", "300E" OID "0402 0400", false, 0},
    {"something behind the period",
     "3021" OID "0415 3011 810F 32303235303630363133323135385A 0500", false, 0},
    {"something behind the value",
     "3021" OID "0413 3011 810F 32303235303630363133323135385A 0500", false, 0},
    {"no Z", "301E" OID "0412 3010 810E 3230323530363036313332313538", false,
     0},
    {"an offset",
     "3023" OID "0417 3015 8113"
     "32303235303630363133323135382B30333030",
     false, 0},
    {"a letter", "301F" OID "0413 3011 810F 32303235303630363133323161385A",
     false, 0},
    {"month 13", "301F" OID "0413 3011 810F 32303235313330363133323135385A",
     false, 0},
    {"month 0", "301F" OID "0413 3011 810F 32303235303030363133323135385A",
     false, 0},
    {"hour 24", "301F" OID "0413 3011 810F 32303235303630363234323135385A",
     false, 0},
    {"empty time", "3010" OID "0404 3002 8100", false, 0},
    {"cut off", "301F" OID "0413 3011 810F 3230", false, 0},
};

static void test_period(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct key_period period = {1, 1};
        struct bytes list;
        struct der window;

        print_message("# %s\n", rows[i].what);
        bytes_init(&list, 1000);
        hex_put(&list, rows[i].list);
        window = (struct der){list.data, list.size};
        assert_int_equal(extensions_period(&window, &period), rows[i].good);
        if (rows[i].good)
            assert_int_equal(period.not_after, rows[i].time);
        bytes_free(&list);
    }
}

static void test_put_period(void **state)
{
    static const struct key_period periods[] = {
        {0, 1}, {0, 1749216118}, {5, 4102444800}, {7, 0}, {0, 253402300799}};
    struct bytes out, expected;

    (void)state;
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++) {
        struct key_period period;
        struct der list;

        bytes_init(&out, 1000);
        extensions_put_period(&out, &periods[i]);
        assert_false(out.failed);
        list = (struct der){out.data, out.size};
        assert_true(extensions_period(&list, &period));
        assert_int_equal(period.not_before, periods[i].not_before);
        assert_int_equal(period.not_after, periods[i].not_after);
        bytes_free(&out);
    }
    bytes_init(&out, 1000);
    bytes_init(&expected, 1000);
    extensions_put_period(&out, &(struct key_period){0, 0});
    assert_int_equal(out.size, 0);
    hex_put(&expected, GENUINE);
    extensions_put_period(&out, &(struct key_period){0, 1749216118});
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(out.data, expected.data, out.size);
    extensions_put_period(&out, &(struct key_period){0, 253402300800});
    assert_true(out.failed); /* year 10000 */
    bytes_free(&out);
    bytes_free(&expected);
}

static void test_others(void **state)
{
#define BEFORE "3008 0603550404 0401FF"
#define BEHIND "300B 0603550402 0101FF 0401FF"
    struct bytes list, out, expected;
    struct der window;

    (void)state;
    bytes_init(&list, 1000);
    bytes_init(&out, 1000);
    bytes_init(&expected, 1000);
    hex_put(&list, BEFORE GENUINE BEHIND);
    hex_put(&expected, BEFORE BEHIND);
    window = (struct der){list.data, list.size};
    extensions_others(&window, &out);
    assert_int_equal(out.size, expected.size);
    assert_memory_equal(out.data, expected.data, out.size);
    bytes_free(&list);
    bytes_free(&out);
    bytes_free(&expected);
}

static struct certificate *new_certificate(uint8_t byte)
{
    const struct algorithm *algorithm = algorithm_by_word(NULL);
    uint8_t scalar[ALGORITHM_KEY_MAX] = {byte};

    return self_signed_new(algorithm, scalar, algorithm->curve, 0);
}

/* How the list of a chain is written differs between programs. */
enum form { AS_WRITTEN, IN_SEQUENCES, IN_SEQUENCE, FORMS };

static void put_chain(struct bytes *out, const struct chain *chain,
                      enum form form, const char *oid)
{
    const size_t start = out->size;
    size_t value;

    if (form == AS_WRITTEN) {
        extensions_put_chain(out, chain);
        return;
    }
    der_put_oid(out, oid);
    value = out->size;
    for (size_t i = 0; i < chain->count; i++) {
        const gnutls_datum_t *der = &chain->certificate[i]->der;
        const size_t one = out->size;

        bytes_put(out, der->data, der->size);
        if (form == IN_SEQUENCES)
            der_wrap(out, one, DER_SEQUENCE);
    }
    der_wrap(out, value, form == IN_SEQUENCE ? DER_SEQUENCE : DER_SET);
    der_wrap(out, value, DER_OCTET_STRING);
    der_wrap(out, start, DER_SEQUENCE);
}

static void test_chain(void **state)
{
    static const char *const oids[] = {
        "1.2.643.2.2.37.3.1", "1.2.643.2.2.37.3.2", "1.2.643.2.2.37.3.3"};
    struct chain chain = {.count = 0};

    (void)state;
    assert_int_equal(chain_add(&chain, new_certificate(1)), FAULT_NONE);
    assert_int_equal(chain_add(&chain, new_certificate(2)), FAULT_NONE);
    for (enum form form = 0; form < FORMS; form++) {
        struct chain back = {.count = 0};
        struct bytes list;
        struct der window;

        bytes_init(&list, 100000);
        hex_put(&list, GENUINE);
        put_chain(&list, &chain, form, oids[form]);
        hex_put(&list, "3010 0608 2A850302022503 02 0404 3102 0500");
        window = (struct der){list.data, list.size};
        assert_int_equal(extensions_chain(&window, &back), FAULT_NONE);
        assert_int_equal(back.count, chain.count);
        for (size_t i = 0; i < back.count; i++)
            assert_string_equal(back.certificate[i]->thumbprint,
                                chain.certificate[i]->thumbprint);
        chain_free(&back);
        bytes_free(&list);
    }
    chain_free(&chain);
}

/* More than there is room for, and what is none, are passed over. */
static void test_long_chain(void **state)
{
    struct chain chain = {.count = 0}, back = {.count = 0};
    struct bytes list;
    struct der window;

    (void)state;
    bytes_init(&list, 100000);
    extensions_put_chain(&list, &chain);
    assert_int_equal(list.size, 0);
    for (uint8_t i = 0; i < CHAIN_MAX; i++)
        assert_int_equal(chain_add(&chain, new_certificate(i + 1)), FAULT_NONE);
    extensions_put_chain(&list, &chain);
    hex_put(&list, "3012 0608 2A85030202250301 0406 3104 3002 3000");
    extensions_put_chain(&list, &chain);
    window = (struct der){list.data, list.size};
    assert_int_equal(extensions_chain(&window, &back), FAULT_NONE);
    assert_int_equal(back.count, CHAIN_MAX);
    chain_free(&back);
    chain_free(&chain);
    bytes_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_period),     cmocka_unit_test(test_put_period),
        cmocka_unit_test(test_others),     cmocka_unit_test(test_chain),
        cmocka_unit_test(test_long_chain),
    };

    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
