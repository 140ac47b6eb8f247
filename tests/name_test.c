#include "keygen/name.h"

#include "keygen/der.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEN(x) x x x x x x x x x x
#define LONG_EMAIL TEN(TEN("ab")) TEN("abcde")

static const struct {
    enum name_attribute attribute;
    const char *value;
    bool good;
} values[] = {
    {NAME_COUNTRY, "RU", true},
    {NAME_COUNTRY, "R", false},
    {NAME_COUNTRY, "RUS", false},
    {NAME_COUNTRY, "Ру", false},
    {NAME_COUNTRY, "R*", false},
    {NAME_STATE, "66 Свердловская область", true},
    {NAME_COMMON_NAME, "ООО \"Ёж, Ёлка\" #1 = <2>; \\", true},
    {NAME_COMMON_NAME, "", false},
    {NAME_COMMON_NAME, "a\nb", false},
    {NAME_COMMON_NAME, "a\x1B[2J", false},
    {NAME_COMMON_NAME, "a\xC2\x9B", false},     /* C1 */
    {NAME_COMMON_NAME, "a\xE2\x80\xAE", false}, /* direction override */
    {NAME_COMMON_NAME, "a\xD0", false},         /* cut off */
    {NAME_COMMON_NAME, "a\xC0\x80", false},     /* overlong */
    {NAME_SURNAME, TEN("ЁЁЁЁЁЁЁЁЁЁЁЁ") "ЁЁЁЁЁЁЁЁ", true}, /* 128 */
    {NAME_SURNAME, TEN("ЁЁЁЁЁЁЁЁЁЁЁЁ") "ЁЁЁЁЁЁЁЁЁ", false},
    {NAME_EMAIL, "a@b.ru", true},
    {NAME_EMAIL, LONG_EMAIL "@b.c", true},    /* 254 */
    {NAME_EMAIL, LONG_EMAIL "@b.com", false}, /* 256 */
    {NAME_EMAIL, "a b@b.ru", false},
    {NAME_EMAIL, "ab.ru", false},
    {NAME_EMAIL, "@b.ru", false},
    {NAME_EMAIL, "ab@", false},
    {NAME_EMAIL, "a@b@c", false},
    {NAME_EMAIL, "почта@b.ru", false},
    {NAME_INN, "500100732259", true},
    {NAME_INN, "006663003127", true},
    {NAME_INN, "6663003127", false},
    {NAME_INN, "50010073225a", false},
    {NAME_INN, "50010073225 ", false},
    {NAME_INN, "5001007322599", false},
    {NAME_INNLE, "6663003127", true},
    {NAME_INNLE, "006663003127", false},
    {NAME_SNILS, "11223344595", true},
    {NAME_SNILS, "112-233-445 95", false},
    {NAME_SNILS, "1122334459", false},
    {NAME_OGRN, "1026605606620", true},
    {NAME_OGRN, "102660560662", false},
    {NAME_OGRNIP, "304500116000157", true},
    {NAME_OGRNIP, "30450011600015\xD9\xA7", false}, /* Arabic digit */
};

static void test_set(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const enum name_attribute attribute = values[i].attribute;
        const size_t size = strlen(values[i].value);
        struct name name = {{NULL}};

        print_message("# %s: %s\n", name_rule(attribute)->word,
                      values[i].good ? values[i].value : "(bad)");
        assert_int_equal(name_set(&name, attribute, values[i].value, size),
                         values[i].good ? FAULT_NONE : FAULT_NAME);
        if (values[i].good)
            assert_string_equal(name.value[attribute], values[i].value);
        else
            assert_null(name.value[attribute]);
        name_free(&name);
    }
}

static void test_set_with_nul(void **state)
{
    struct name name = {{NULL}};

    (void)state;
    assert_int_equal(name_set(&name, NAME_COMMON_NAME, "bank\0evil", 9),
                     FAULT_NAME);
    assert_int_equal(name_set(&name, NAME_COUNTRY, "R\0", 2), FAULT_NAME);
    assert_null(name.value[NAME_COMMON_NAME]);
}

static void test_set_again(void **state)
{
    struct name name = {{NULL}};

    (void)state;
    assert_int_equal(name_set(&name, NAME_COUNTRY, "RU", 2), FAULT_NONE);
    assert_int_equal(name_set(&name, NAME_COUNTRY, "?", 1), FAULT_NAME);
    assert_string_equal(name.value[NAME_COUNTRY], "RU"); /* stays */
    assert_int_equal(name_set(&name, NAME_COUNTRY, "BY", 2), FAULT_NONE);
    assert_string_equal(name.value[NAME_COUNTRY], "BY");
    name_free(&name);
    name_free(&name);
}

static void test_words(void **state)
{
    (void)state;
    for (int i = 0; i < NAME_COUNT; i++) {
        const struct name_rule *rule = name_rule((enum name_attribute)i);

        assert_int_equal(name_find(rule->word), i);
        assert_in_range(rule->min, 1, rule->max);
    }
    assert_int_equal(name_find("snils"), NAME_SNILS);
    assert_int_equal(name_find("innle"), NAME_INNLE);
    assert_int_equal(name_find(""), -1);
    assert_int_equal(name_find("SNILS"), -1);
    assert_int_equal(name_find("snilsx"), -1);
}

static void test_der(void **state)
{
    static const char wanted[] =
        "\x30\x33"
        "\x31\x0B\x30\x09\x06\x03\x55\x04\x06\x13\x02RU"
        "\x31\x0C\x30\x0A\x06\x03\x55\x04\x03\x0C\x03\xD0\x81,"
        "\x31\x16\x30\x14\x06\x05\x2A\x85\x03\x64\x03\x12\x0B"
        "11223344595";
    struct name name = {{NULL}};
    struct bytes der;

    (void)state;
    bytes_init(&der, sizeof wanted - 1);
    assert_int_equal(name_put(&name, &der), FAULT_NONE);
    assert_int_equal(der.size, 2);
    assert_memory_equal(der.data, "\x30\x00", 2);
    bytes_free(&der);
    assert_int_equal(name_set(&name, NAME_SNILS, "11223344595", 11),
                     FAULT_NONE);
    assert_int_equal(name_set(&name, NAME_COMMON_NAME, "Ё,", 3), FAULT_NONE);
    assert_int_equal(name_set(&name, NAME_COUNTRY, "RU", 2), FAULT_NONE);
    assert_int_equal(name_put(&name, &der), FAULT_NONE);
    assert_int_equal(der.size, sizeof wanted - 1);
    assert_memory_equal(der.data, wanted, sizeof wanted - 1);
    bytes_free(&der);
    bytes_init(&der, sizeof wanted - 2);
    assert_int_equal(name_put(&name, &der), FAULT_TOO_LARGE);
    bytes_free(&der);
    name_free(&name);
}

static void test_rfc4514(void **state)
{
    struct name name = {{NULL}};
    char *text = NULL;

    (void)state;
    assert_int_equal(name_to_rfc4514(&name, &text), FAULT_NONE);
    assert_string_equal(text, "");
    free(text);
    assert_int_equal(name_set(&name, NAME_COUNTRY, "RU", 2), FAULT_NONE);
    assert_int_equal(name_set(&name, NAME_COMMON_NAME, "Ё,", 3), FAULT_NONE);
    assert_int_equal(name_set(&name, NAME_SNILS, "11223344595", 11),
                     FAULT_NONE);
    assert_int_equal(name_to_rfc4514(&name, &text), FAULT_NONE);
    assert_string_equal(text, "1.2.643.100.3=#120B3131323233333434353935,"
                              "2.5.4.3=#0C03D0812C,"
                              "2.5.4.6=#13025255");
    free(text);
    name_free(&name);
}

/* A foreign value may be read but not written. */
static void test_rules_are_kept(void **state)
{
    struct name name = {{NULL}};
    char *text = NULL;
    struct bytes der;

    (void)state;
    name.value[NAME_SNILS] = strdup("112-233-445 95");
    assert_int_equal(name_to_rfc4514(&name, &text), FAULT_NAME);
    assert_null(text);
    bytes_init(&der, 256);
    assert_int_equal(name_put(&name, &der), FAULT_NAME);
    bytes_free(&der);
    name_free(&name);
}

static void test_equal(void **state)
{
    struct name name, copy;

    (void)state;
    pki_person(&name);
    pki_person(&copy);
    assert_true(name_equal(&name, &copy));
    for (size_t i = 0; i < NAME_COUNT; i++) {
        char *kept = copy.value[i];
        char other[] = "other";

        copy.value[i] = other;
        assert_false(name_equal(&name, &copy));
        copy.value[i] = kept == NULL ? other : NULL;
        assert_false(name_equal(&name, &copy));
        assert_false(name_equal(&copy, &name));
        copy.value[i] = kept;
    }
    assert_true(name_equal(&name, &copy));
    name_free(&name);
    name_free(&copy);
}

/* A certificate, not signed by anybody in earnest, with this RDNSequence. */
static gnutls_x509_crt_t crt_of(const char *dn, gnutls_privkey_t key)
{
    gnutls_datum_t der = {NULL, 0};
    gnutls_x509_crt_t crt = NULL;
    gnutls_pubkey_t public = NULL;

    assert_true(gnutls_x509_crt_init(&crt) >= 0);
    assert_true(gnutls_pubkey_init(&public) >= 0);
    assert_true(gnutls_pubkey_import_privkey(public, key, 0, 0) >= 0);
    assert_true(gnutls_x509_crt_set_pubkey(crt, public) >= 0);
    assert_true(gnutls_x509_crt_set_version(crt, 3) >= 0);
    assert_true(gnutls_x509_crt_set_serial(crt, "\x01", 1) >= 0);
    assert_true(gnutls_x509_crt_set_activation_time(crt, PKI_FROM) >= 0);
    assert_true(gnutls_x509_crt_set_expiration_time(crt, PKI_UNTIL) >= 0);
    assert_int_equal(gnutls_x509_crt_set_dn(crt, dn, NULL), 0);
    assert_true(gnutls_x509_crt_privkey_sign(crt, crt, key,
                                             GNUTLS_DIG_STREEBOG_256, 0) >= 0);
    assert_true(gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) >= 0);
    gnutls_x509_crt_deinit(crt);
    assert_true(gnutls_x509_crt_init(&crt) >= 0);
    assert_true(gnutls_x509_crt_import(crt, &der, GNUTLS_X509_FMT_DER) >= 0);
    gnutls_free(der.data);
    gnutls_pubkey_deinit(public);
    return crt;
}

/* The names as they are found, one attribute each. */
static const struct {
    const char *what, *dn;
    enum name_attribute attribute;
    const char *value; /* NULL: absent */
    enum fault fault;
} foreign[] = {
    {"BMPString", "2.5.4.3=#1E0404010436", NAME_COMMON_NAME, "Ёж", FAULT_NONE},
    {"TeletexString", "2.5.4.3=#1403C5E6B8", NAME_COMMON_NAME, "Ежё",
     FAULT_NONE},
    {"PrintableString", "2.5.4.3=#13024142", NAME_COMMON_NAME, "AB",
     FAULT_NONE},
    {"ИНН as UTF8String", "1.2.643.100.4=#0C0A36363633303033313237", NAME_INNLE,
     "6663003127", FAULT_NONE},
    {"ИНН as PrintableString",
     "1.2.643.3.131.1.1=#130C303036363633303033313237", NAME_INN,
     "006663003127", FAULT_NONE},
    {"newline", "2.5.4.9=#0C03610A62", NAME_STREET, "a b", FAULT_NONE},
    {"NUL", "2.5.4.9=#0C03610062", NAME_STREET, "a b", FAULT_NONE},
    {"the first counts", "2.5.4.11=#0C0162,2.5.4.11=#0C0161", NAME_UNIT, "a",
     FAULT_NONE},
    {"unknown attribute", "2.5.4.17=#0C0161", NAME_UNIT, NULL, FAULT_NONE},
    {"unknown attribute of an unknown type", "2.5.4.17=#0401FF", NAME_UNIT,
     NULL, FAULT_NONE},
    {"longer than the rule", "1.2.643.100.3=#120C313132323333343435393535",
     NAME_SNILS, "112233445955", FAULT_NONE},
    {"not text", "2.5.4.3=#040161", NAME_COMMON_NAME, NULL, FAULT_NAME},
    {"broken UTF-8", "2.5.4.3=#0C02D041", NAME_COMMON_NAME, NULL, FAULT_NAME},
    {"half a character", "2.5.4.3=#1E03040104", NAME_COMMON_NAME, NULL,
     FAULT_NAME},
};

static void test_foreign(void **state)
{
    gnutls_privkey_t key = pki_key(algorithm_by_word(NULL));

    (void)state;
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        gnutls_x509_crt_t crt = crt_of(foreign[i].dn, key);
        const char *value;
        struct name name;

        print_message("# %s\n", foreign[i].what);
        for (int issuer = 0; issuer <= 1; issuer++) {
            assert_int_equal(name_of_certificate(crt, issuer != 0, &name),
                             foreign[i].fault);
            value = name.value[foreign[i].attribute];
            assert_int_equal(value == NULL, foreign[i].value == NULL);
            if (value != NULL)
                assert_string_equal(value, foreign[i].value);
            name_free(&name);
        }
        gnutls_x509_crt_deinit(crt);
    }
    gnutls_privkey_deinit(key);
}

/* A value of size bytes, and a name of count attributes. */
static enum fault read_bulk(gnutls_privkey_t key, size_t size, size_t count)
{
    gnutls_x509_crt_t crt;
    struct bytes dn, der;
    enum fault fault;
    struct name name;

    bytes_init(&dn, 1024 * 1024);
    for (size_t n = 0; n < count; n++) {
        bytes_init(&der, 64 * 1024);
        for (size_t i = 0; i < size; i++)
            bytes_put_byte(&der, 'x');
        der_wrap(&der, 0, DER_UTF8_STRING);
        bytes_put(&dn, n == 0 ? "2.5.4.3=#" : ",2.5.4.3=#", n == 0 ? 9 : 10);
        for (size_t i = 0; i < der.size; i++) {
            bytes_put_byte(&dn, (uint8_t) "0123456789ABCDEF"[der.data[i] >> 4]);
            bytes_put_byte(&dn, (uint8_t) "0123456789ABCDEF"[der.data[i] & 15]);
        }
        bytes_free(&der);
    }
    bytes_put_byte(&dn, '\0');
    assert_false(dn.failed);
    crt = crt_of((const char *)dn.data, key);
    fault = name_of_certificate(crt, false, &name);
    name_free(&name);
    gnutls_x509_crt_deinit(crt);
    bytes_free(&dn);
    return fault;
}

static void test_bounds(void **state)
{
    gnutls_privkey_t key = pki_key(algorithm_by_word(NULL));

    (void)state;
    assert_int_equal(read_bulk(key, 4095, 1), FAULT_NONE);
    assert_int_equal(read_bulk(key, 4096, 1), FAULT_NAME);
    assert_int_equal(read_bulk(key, 1, 64), FAULT_NONE);
    assert_int_equal(read_bulk(key, 1, 65), FAULT_NAME);
    gnutls_privkey_deinit(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_set_with_nul),
        cmocka_unit_test(test_set_again),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_der),
        cmocka_unit_test(test_rfc4514),
        cmocka_unit_test(test_rules_are_kept),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_foreign),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
