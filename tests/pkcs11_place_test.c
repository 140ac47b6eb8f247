#include "token/pkcs11/pkcs11_place.h"

#include "token/medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TEN(x) x x x x x x x x x x

static const struct {
    const char *text, *written; /* NULL: FAULT_LOCATION */
    bool has_serial;
    size_t id_size;
} rows[] = {
    {"pkcs11:", "pkcs11:", false, 0},
    {"pkcs11:serial=48e243b5", "pkcs11:serial=48e243b5", true, 0},
    {"pkcs11:id=%01%02;serial=1", "pkcs11:serial=1;id=%01%02", true, 2},
    {"pkcs11:id=ab.0;serial=1", "pkcs11:serial=1;id=ab.0", true, 4},
    {"pkcs11:token=My%20one", "pkcs11:token=My%20one", false, 0},
    {"pkcs11:model=m;manufacturer=f;serial=s;token=t;id=%00;object=o;"
     "type=private",
     "pkcs11:model=m;manufacturer=f;serial=s;token=t;id=%00", true, 1},
    {"pkcs11:serial=1;object=o;id=%01", "pkcs11:serial=1;id=%01", true, 1},
    {"pkcs11:serial=1?module-path=/a%20b/c.so",
     "pkcs11:serial=1?module-path=/a%20b/c.so", true, 0},
    {"pkcs11:serial=1?module-path=%2Fusr%2Fx.so",
     "pkcs11:serial=1?module-path=/usr/x.so", true, 0},
    {"pkcs11:serial=1?module-path=/a%26b%3Fc",
     "pkcs11:serial=1?module-path=/a%26b%3Fc", true, 0},
    {"pkcs11:slot-id=3;serial=1", "pkcs11:serial=1", true, 0},
    {"pkcs11:serial=%31", "pkcs11:serial=1", true, 0},
    {"pkcs11:serial=1;id=%61%3F%2F%00%25%7E", /* a?/ NUL %~ */
     "pkcs11:serial=1;id=a%3F%2F%00%25~", true, 6},

    {"", NULL, false, 0},
    {"pkcs11", NULL, false, 0},
    {"file:/x", NULL, false, 0},
    {"pkcs11:serial", NULL, false, 0},
    {"pkcs11:/x", NULL, false, 0},
    {"pkcs11:serial=1/abcd1234.000", NULL, false, 0},
    {"pkcs11:serial=%zz", NULL, false, 0},
    {"pkcs11:serial=%4", NULL, false, 0},
    {"pkcs11:serial=12345678901234567", NULL, false, 0},
    {"pkcs11:sirial=1", NULL, false, 0},
    {"pkcs11:object=o", NULL, false, 0}, /* names another one tomorrow */
    {"pkcs11:serial=1;id=", NULL, false, 0},
    {"pkcs11:serial=1?pin-value=12345678", NULL, false, 0},
    {"pkcs11:serial=1?pin-source=file:/pin", NULL, false, 0},
    {"pkcs11:serial=1?module-name=opensc", NULL, false, 0},
    {"pkcs11:serial=1?module-path=opensc-pkcs11.so", NULL, false, 0},
    {"pkcs11:serial=1?module-path=../x.so", NULL, false, 0},
    {"pkcs11:serial=1?module-path=", NULL, false, 0},
    {"pkcs11:serial=1?modul-path=/x", NULL, false, 0},
    {"pkcs11:type=nonsense;serial=1", NULL, false, 0},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pkcs11_place place;
        char text[LOCATION_MAX];
        enum fault fault = pkcs11_place_read(rows[i].text, &place);

        print_message("# %s\n", rows[i].text);
        assert_int_equal(fault,
                         rows[i].written != NULL ? FAULT_NONE : FAULT_LOCATION);
        if (fault == FAULT_NONE) {
            assert_int_equal(pkcs11_place_has_serial(&place),
                             rows[i].has_serial);
            assert_int_equal(place.id_size, rows[i].id_size);
            assert_int_equal(pkcs11_place_write(&place, text), FAULT_NONE);
            assert_string_equal(text, rows[i].written);
        }
        pkcs11_place_free(&place);
        /* What was written is read as the same. */
        if (fault == FAULT_NONE) {
            assert_int_equal(pkcs11_place_with_id(text, "\1", 1, text),
                             FAULT_NONE);
            assert_int_equal(pkcs11_place_with_id(text, "", 0, text),
                             FAULT_NONE);
            assert_null(strstr(text, "id="));
        }
    }
}

static void test_sizes(void **state)
{
    static const char text[] = "pkcs11:serial=1;id=";
    char long_one[LOCATION_MAX + 8];
    uint8_t id[PKCS11_ID_MAX + 1] = {0};
    struct pkcs11_place place;

    (void)state;
    memset(long_one, 'a', sizeof long_one);
    memcpy(long_one, text, sizeof text - 1);
    long_one[sizeof text - 1 + PKCS11_ID_MAX] = '\0';
    assert_int_equal(pkcs11_place_read(long_one, &place), FAULT_NONE);
    assert_int_equal(place.id_size, PKCS11_ID_MAX);
    assert_int_equal(pkcs11_place_set_id(&place, id, sizeof id),
                     FAULT_TOO_LARGE);
    pkcs11_place_free(&place);
    long_one[sizeof text - 1 + PKCS11_ID_MAX] = 'a';
    long_one[sizeof text + PKCS11_ID_MAX] = '\0';
    assert_int_equal(pkcs11_place_read(long_one, &place), FAULT_LOCATION);
    pkcs11_place_free(&place);
    memset(long_one + sizeof text + PKCS11_ID_MAX, 'a', 8);
    long_one[sizeof long_one - 1] = '\0';
    long_one[sizeof text + PKCS11_ID_MAX + 8] = 'a';
    memset(long_one + sizeof text - 1, 'a', sizeof long_one - sizeof text);
    assert_int_equal(pkcs11_place_read(long_one, &place), FAULT_TOO_LARGE);
    pkcs11_place_free(&place);
}

static void fill(CK_UTF8CHAR *field, size_t size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

static void test_tokens(void **state)
{
    CK_TOKEN_INFO info = {.flags = 0};
    struct pkcs11_place place;
    char text[LOCATION_MAX], key[MEDIUM_KEY_MAX];

    (void)state;
    fill(info.label, sizeof info.label, "My one");
    fill(info.model, sizeof info.model, "Rutoken ECP");
    fill(info.manufacturerID, sizeof info.manufacturerID, "Aktiv");
    fill(info.serialNumber, sizeof info.serialNumber, "48e243b5");
    assert_int_equal(pkcs11_place_read("pkcs11:token=My%20one", &place),
                     FAULT_NONE);
    assert_true(pkcs11_place_fits(&place, &info));
    pkcs11_place_key(&place, key, sizeof key);
    assert_string_equal(key, "");
    pkcs11_place_set_token(&place, &info, true);
    assert_int_equal(pkcs11_place_write(&place, text), FAULT_NONE);
    assert_string_equal(text, "pkcs11:serial=48e243b5");
    pkcs11_place_key(&place, key, sizeof key);
    assert_string_equal(key, "token:48e243b5");
    fill(info.serialNumber, sizeof info.serialNumber, "48e243b6");
    assert_false(pkcs11_place_fits(&place, &info));
    /* Where another one has the same number, by the rest too. */
    pkcs11_place_set_token(&place, &info, false);
    assert_int_equal(pkcs11_place_write(&place, text), FAULT_NONE);
    assert_string_equal(text, "pkcs11:model=Rutoken%20ECP;manufacturer=Aktiv;"
                              "serial=48e243b6;token=My%20one");
    assert_true(pkcs11_place_fits(&place, &info));
    pkcs11_place_key(&place, key, sizeof key);
    assert_string_equal(key, "token:48e243b6");
    /* Without a number by all that it says. */
    fill(info.serialNumber, sizeof info.serialNumber, "");
    pkcs11_place_set_token(&place, &info, true);
    assert_int_equal(pkcs11_place_write(&place, text), FAULT_NONE);
    assert_string_equal(text, "pkcs11:model=Rutoken%20ECP;manufacturer=Aktiv;"
                              "token=My%20one");
    assert_true(pkcs11_place_fits(&place, &info));
    pkcs11_place_free(&place);
    pkcs11_place_free(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_tokens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
