/* What OpenSSL with the GOST engine and certtool say about requests. */
#include "keygen/request.h"

#include "tests/support/peer.h"
#include "tests/support/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { OUTPUT_MAX = 1024 * 1024 };

static const struct {
    enum name_attribute attribute;
    const char *value;
    const char *object, *type; /* as asn1parse prints them */
} attributes[] = {
    {NAME_COUNTRY, "RU", "countryName", "PRINTABLESTRING"},
    {NAME_STATE, "66 Свердловская область", "stateOrProvinceName",
     "UTF8STRING"},
    {NAME_LOCALITY, "Екатеринбург", "localityName", "UTF8STRING"},
    {NAME_STREET, "ул. Ленина, 1", "streetAddress", "UTF8STRING"},
    {NAME_ORGANIZATION, "ООО \"Ёж + Ёлка\"; <#1>", "organizationName",
     "UTF8STRING"},
    {NAME_UNIT, "Отдел \\ сектор", "organizationalUnitName", "UTF8STRING"},
    {NAME_TITLE, "Главный бухгалтер", "title", "UTF8STRING"},
    {NAME_COMMON_NAME, "#Петрова, Мария=Ивановна", "commonName", "UTF8STRING"},
    {NAME_SURNAME, "Петрова", "surname", "UTF8STRING"},
    {NAME_GIVEN_NAME, "Мария Ивановна", "givenName", "UTF8STRING"},
    {NAME_EMAIL, "petrova@example.test", "emailAddress", "IA5STRING"},
    {NAME_INN, "500100732259", "INN", "NUMERICSTRING"},
    {NAME_INNLE, "6663003127", "1.2.643.100.4", "NUMERICSTRING"},
    {NAME_SNILS, "11223344595", "SNILS", "NUMERICSTRING"},
    {NAME_OGRN, "1026605606620", "OGRN", "NUMERICSTRING"},
    {NAME_OGRNIP, "304500116000157", "OGRNIP", "NUMERICSTRING"},
};

enum { ATTRIBUTES = sizeof attributes / sizeof attributes[0] };

static void make_request(const struct algorithm *algorithm)
{
    gnutls_privkey_t key = pki_key(algorithm);
    struct name name = {{NULL}};
    struct bytes der;

    for (size_t i = 0; i < ATTRIBUTES; i++)
        assert_int_equal(name_set(&name, attributes[i].attribute,
                                  attributes[i].value,
                                  strlen(attributes[i].value)),
                         FAULT_NONE);
    bytes_init(&der, REQUEST_MAX);
    assert_int_equal(
        request_make(key, algorithm,
                     &(struct request_content){.subject = &name,
                                               .sign_tool = "Средство ЭП",
                                               .classes = 1,
                                               .identification_kind = 1,
                                               .key_not_before = PKI_FROM,
                                               .key_not_after = PKI_UNTIL},
                     &der),
        FAULT_NONE);
    peer_write("request.der", der.data, der.size);
    bytes_free(&der);
    name_free(&name);
    gnutls_privkey_deinit(key);
}

/* The line of asn1parse behind that of an object, which follows at: whether
 * it is of this type and value; at moves behind it. */
static void expect_attribute(const char **at, size_t i)
{
    char object[64], wanted[256];
    const char *line;

    snprintf(object, sizeof object, "OBJECT            :%s\n",
             attributes[i].object);
    line = strstr(*at, object);
    if (line == NULL)
        fail_msg("no %s behind what comes before it", attributes[i].object);
    line += strlen(object);
    *at = strchr(line, '\n');
    assert_non_null(*at);
    snprintf(wanted, sizeof wanted, "prim: %-18s:%s\n", attributes[i].type,
             attributes[i].value);
    line = strstr(line, "prim: ");
    assert_non_null(line);
    if (strncmp(line, wanted, strlen(wanted)) != 0)
        fail_msg("%s is not %s but %.60s", attributes[i].object, wanted, line);
}

static void test_request(void **state)
{
    (void)state;
    for (const struct algorithm *const *one = algorithm_all(); *one != NULL;
         one++) {
        struct bytes output;
        const char *at;

        make_request(*one);
        peer_says("openssl req -inform DER -in @request.der -verify -noout",
                  "verify OK");
        peer_says("certtool --crq-info --inder --infile @request.der",
                  "Self signature: verified");
        bytes_init(&output, OUTPUT_MAX);
        assert_int_equal(
            peer_ask(&output, "openssl asn1parse -inform DER -in @request.der"),
            0);
        at = (const char *)output.data;
        for (size_t i = 0; i < ATTRIBUTES; i++)
            expect_attribute(&at, i);
        bytes_free(&output);
    }
}

static void test_request_extensions(void **state)
{
    static const char *const wanted[] = {
        "X509v3 Key Usage: critical\n                    Digital Signature, "
        "Non Repudiation, Key Encipherment, Data Encipherment\n",
        "X509v3 Extended Key Usage: \n                    TLS Web Client "
        "Authentication, E-mail Protection\n",
        "Policy: Class of Signing Tool KC1\n",
        "Signing Tool of Subject: \n                    Средство ЭП\n",
        "Not Before: Jan  1 00:00:00 2025 GMT, "
        "Not After: Jan  1 00:00:00 2026 GMT",
        "1.2.643.100.114: \n                    ...\n",
    };

    (void)state;
    make_request(algorithm_by_word(NULL));
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        peer_says("openssl req -inform DER -in @request.der -noout -text "
                  "-nameopt utf8",
                  wanted[i]);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, peer_set_up, peer_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_request),
        TEST(test_request_extensions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
