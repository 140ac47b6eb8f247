#include "tests/support/contract.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *name, *body;
} answers[] = {
    {"requestCode", contract_challenge},         {"signIn", contract_session},
    {"listCertificates", contract_certificates}, {"readForm", contract_form},
    {"readCertificate", contract_certificate},
};

static void reads_every_field(void **state)
{
    static const struct {
        const char *name, *word, *value;
    } words[] = {
        {"requestCode", "challengeId", ID32},
        {"requestCode", "phoneTail", "4567"},
        {"requestCode", "expiresAt", TIME},
        {"requestCode", "resendAfter", "60"},
        {"requestCode", "resendsLeft", "1"},
        {"signIn", "sid", ID64},
        {"signIn", "refreshToken", ID64},
        {"signIn", "expiresAt", TIME},
        {"listCertificates", "certificates.0.thumbprint", ID40},
        {"listCertificates", "certificates.0.serialNumber", "01"},
        {"listCertificates", "certificates.0.issuer", "УЦ"},
        {"listCertificates", "certificates.0.subject.commonName",
         "Иванов Иван"},
        {"listCertificates", "certificates.0.notBefore", TIME},
        {"listCertificates", "certificates.0.notAfter", TIME},
        {"listCertificates", "certificates.0.keyNotAfter", TIME},
        {"listCertificates", "certificates.0.state", "Valid"},
        {"listCertificates", "certificates.0.renewal.available", "false"},
        {"listCertificates", "certificates.0.renewal.reason", "notDueYet"},
        {"listCertificates", "certificates.0.renewal.mode", "normal"},
        {"listCertificates", "certificates.1.thumbprint", NULL},
        {"readForm", "id", ID32},
        {"readForm", "externalId", "kep_1"},
        {"readForm", "oldThumbprint", ID40},
        {"readForm", "mode", "express"},
        {"readForm", "status", "awaitingConfirmation"},
        {"readForm", "final", "false"},
        {"readForm", "pollAfter", "5"},
        {"readForm", "etag", "3-ab"},
        {"readForm", "data.commonName", "Иванов Иван"},
        {"readForm", "data.snils", "12345678901"},
        {"readForm", "editable.0", "title"},
        {"readForm", "editable.1", NULL},
        {"readForm", "esia.sex", "male"},
        {"readForm", "missing.0", "esia.birthDate"},
        {"readForm", "errors.0.code", "invalid"},
        {"readForm", "errors.0.target", "data.title"},
        {"readForm", "errors.0.message", "Нет"},
        {"readForm", "documents.0.kind", "passport"},
        {"readForm", "documents.0.state", "former"},
        {"readForm", "documents.0.receivedAt", TIME},
        {"readForm", "statementPhoneTail", "4567"},
        {"readForm", "consent.statement.version", "2025-01"},
        {"readForm", "consent.statement.text", "Прошу"},
        {"readForm", "consent.release.version", "2025-02"},
        {"readForm", "consent.release.text", "Согласен"},
        {"readForm", "reason.code", "rejected"},
        {"readForm", "reason.message", "Нет"},
        {"readForm", "invoice.number", "5-1"},
        {"readForm", "invoice.message", "Оплатите"},
        {"readForm", "confirmation.challengeId", ID32},
        {"readForm", "confirmation.phoneTail", "4567"},
        {"readForm", "confirmation.expiresAt", TIME},
        {"readForm", "confirmation.resendAfter", "60"},
        {"readForm", "confirmation.resendsLeft", "1"},
        {"readForm", "confirmation.attemptsLeft", "3"},
        {"readForm", "expiresAt", TIME},
        {"readForm", "notModified", NULL},
        {"readCertificate", "receipt.text", "Строка\nдругая"},
        {"readCertificate", "chain.1", NULL}, /* bytes with a NUL */
    };
    size_t size;

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *name = words[i].name;

        for (size_t j = 0; j < sizeof answers / sizeof *answers; j++)
            if (strcmp(answers[j].name, name) == 0)
                assert_int_equal(
                    contract_call(name, 200, NULL, answers[j].body), API_OK);
        if (!contract_has(words[i].word, words[i].value))
            fail_msg("%s: %s is %s", name, words[i].word,
                     message_text(contract.out, words[i].word));
    }
    assert_int_equal(
        contract_call("readCertificate", 200, NULL, contract_certificate),
        API_OK);
    assert_memory_equal(message_get(contract.out, "certificate", &size),
                        "\x30\0", 2);
    assert_int_equal(size, 2);
    assert_memory_equal(message_get(contract.out, "chain.1", &size), "\x30\0\1",
                        3);
    assert_int_equal(size, 3);
    assert_null(message_get(contract.out, "chain.2", &size));
}

enum sort { TEXT, WORD, ID, HEX, MOMENT, COUNT, TRUTH, DER, OBJECT, LIST };

/* What is wrong for each sort, as JSON; "long" stands for a long string. */
static const char *const wrong[][12] = {
    [TEXT] = {"1", "true", "[]", "{}", "\"a\\u0000b\"", "long"},
    [WORD] = {"1", "true", "[]", "{}", "\"a\\u0000\"", "long", "\"\"",
              "\"a b\"", "\"a\\nb\"", "\"я\""},
    [ID] = {"1", "null", "[]", "{}", "\"a\\u0000\"", "long", "\"\"",
            "\"../../x\"", "\"a/b\"", "\"a?b\"", "\"a\\r\\nb\"", "\".\""},
    [HEX] = {"1", "null", "[]", "{}", "\"\"", "long", "\"0123\"",
             "\"" ID32 "0\"", "\"" ID64 "0\"",
             "\"0123456789abcdef012345678"
             "9abcdef0123456g\""},
    [MOMENT] = {"1", "true", "[]", "{}", "\"\"", "long", "\"2025-03-01\"",
                "\"2025-02-30T00:00:00Z\"", "\"" TIME "x\"",
                "\"" TIME "\\u0000\""},
    [COUNT] = {"\"1\"", "true", "[]", "{}", "-1", "1.5", "1e2", "99999999",
               "99999999999999999999999", "\"\""},
    [TRUTH] = {"\"true\"", "0", "1", "[]", "{}", "\"\""},
    [DER] = {"1", "true", "[]", "{}", "\"\"", "long", "\"MA\"", "\"MAA\"",
             "\"MAA=\\n\"", "\"M_A=\"", "\"MAB=\"", "\"not base64\""},
    [OBJECT] = {"1", "\"a\"", "true", "[]"},
    [LIST] = {"1", "\"a\"", "true", "{}"},
};

#define IN_FORM "readForm", contract_form
#define IN_LIST "listCertificates", contract_certificates

static const struct {
    const char *name, *answer, *at; /* a JSON pointer */
    enum sort sort;
    bool optional;
} members[] = {
    {"requestCode", contract_challenge, "/challengeId", ID, false},
    {"resendCode", contract_challenge, "/phoneTail", WORD, false},
    {"requestCode", contract_challenge, "/expiresAt", MOMENT, false},
    {"resendCode", contract_challenge, "/resendAfter", COUNT, false},
    {"requestCode", contract_challenge, "/resendsLeft", COUNT, false},
    {"signIn", contract_session, "/sid", HEX, false},
    {"signIn", contract_session, "/refreshToken", ID, false},
    {"refreshSession", contract_session, "/expiresAt", MOMENT, false},
    {IN_LIST, "/certificates", LIST, false},
    {IN_LIST, "/certificates/0/thumbprint", HEX, false},
    {IN_LIST, "/certificates/0/serialNumber", WORD, false},
    {IN_LIST, "/certificates/0/issuer", TEXT, false},
    {IN_LIST, "/certificates/0/subject", OBJECT, false},
    {IN_LIST, "/certificates/0/subject/commonName", TEXT, true},
    {IN_LIST, "/certificates/0/notBefore", MOMENT, false},
    {IN_LIST, "/certificates/0/notAfter", MOMENT, false},
    {IN_LIST, "/certificates/0/keyNotAfter", MOMENT, true},
    {IN_LIST, "/certificates/0/state", WORD, false},
    {IN_LIST, "/certificates/0/renewal", OBJECT, false},
    {IN_LIST, "/certificates/0/renewal/available", TRUTH, false},
    {IN_LIST, "/certificates/0/renewal/reason", WORD, true},
    {IN_LIST, "/certificates/0/renewal/mode", WORD, true},
    {IN_FORM, "/id", ID, false},
    {IN_FORM, "/externalId", TEXT, false},
    {IN_FORM, "/oldThumbprint", HEX, false},
    {IN_FORM, "/mode", WORD, false},
    {IN_FORM, "/status", WORD, false},
    {IN_FORM, "/final", TRUTH, false},
    {IN_FORM, "/pollAfter", COUNT, false},
    {IN_FORM, "/etag", WORD, false},
    {IN_FORM, "/data", OBJECT, false},
    {IN_FORM, "/data/commonName", TEXT, true},
    {IN_FORM, "/statementPhoneTail", WORD, false},
    {IN_FORM, "/consent", OBJECT, false},
    {IN_FORM, "/consent/statement", OBJECT, false},
    {IN_FORM, "/consent/statement/version", TEXT, false},
    {IN_FORM, "/consent/statement/text", TEXT, false},
    {IN_FORM, "/consent/release", OBJECT, false},
    {IN_FORM, "/consent/release/version", TEXT, false},
    {IN_FORM, "/consent/release/text", TEXT, false},
    {IN_FORM, "/reason", OBJECT, true},
    {IN_FORM, "/reason/code", WORD, false},
    {IN_FORM, "/invoice", OBJECT, true},
    {IN_FORM, "/invoice/number", TEXT, false},
    {IN_FORM, "/confirmation", OBJECT, true},
    {IN_FORM, "/confirmation/challengeId", ID, false},
    {IN_FORM, "/confirmation/phoneTail", WORD, false},
    {IN_FORM, "/confirmation/expiresAt", MOMENT, false},
    {IN_FORM, "/confirmation/resendAfter", COUNT, false},
    {IN_FORM, "/confirmation/resendsLeft", COUNT, false},
    {IN_FORM, "/confirmation/attemptsLeft", COUNT, false},
    {IN_FORM, "/expiresAt", MOMENT, false},
    {"readCertificate", contract_certificate, "/certificate", DER, false},
    {"readCertificate", contract_certificate, "/chain", LIST, false},
    {"readCertificate", contract_certificate, "/chain/1", DER, false},
    {"readCertificate", contract_certificate, "/receipt", OBJECT, true},
    {"readCertificate", contract_certificate, "/receipt/text", TEXT, false},
};

/* The answer with another value at a place, or without the place. Of a text
 * value only strings need to be valid. */
static char *change(const char *answer, const char *at, const char *value)
{
    const char *last = strrchr(at, '/');
    struct json_object *root = json_tokener_parse(answer), *parent = root;
    char above[128];
    char *text;

    snprintf(above, sizeof above, "%.*s", (int)(last - at), at);
    assert_int_equal(json_pointer_get(root, above, &parent), 0);
    if (value == NULL && json_object_is_type(parent, json_type_object)) {
        json_object_object_del(parent, last + 1);
    } else {
        struct json_object *mark = json_object_new_string("@@");

        assert_int_equal(json_pointer_set(&root, at, mark), 0);
    }
    text = strdup(json_object_to_json_string_ext(root, JSON_C_TO_STRING_PLAIN));
    json_object_put(root);
    if (value != NULL) {
        char *mark = strstr(text, "\"@@\""), *changed = NULL;

        assert_non_null(mark);
        assert_true(asprintf(&changed, "%.*s%s%s", (int)(mark - text), text,
                             value, mark + 4) > 0);
        free(text);
        text = changed;
    }
    return text;
}

static void check_change(size_t i, const char *value, enum api_result result)
{
    char *body = change(members[i].answer, members[i].at, value);
    enum api_result got = contract_call(members[i].name, 200, NULL, body);

    free(body);
    if (got != result)
        fail_msg("%s %s as %.40s: %d", members[i].name, members[i].at,
                 value == NULL ? "absent" : value, (int)got);
    if (result == API_GARBAGE) { /* and nothing of the rest */
        assert_true(contract_has("status", "200"));
        assert_null(message_text(contract.out, "expiresAt"));
        assert_null(message_text(contract.out, "id"));
        assert_null(message_text(contract.out, "sid"));
    }
}

static void checks_every_member(void **state)
{
    const size_t length = 100000;
    char *long_text = calloc(1, length + 1);

    (void)state;
    assert_non_null(long_text);
    memset(long_text, 'A', length);
    long_text[0] = long_text[length - 1] = '"';
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        bool item = strcmp(members[i].at, "/chain/1") == 0;

        if (!item)
            check_change(i, NULL, members[i].optional ? API_OK : API_GARBAGE);
        for (size_t j = 0; j < 12; j++) {
            const char *value = wrong[members[i].sort][j];

            if (value != NULL)
                check_change(i, strcmp(value, "long") == 0 ? long_text : value,
                             API_GARBAGE);
        }
    }
    free(long_text);
}

static void passes_over_what_it_does_not_know(void **state)
{
    char *body = change(contract_form, "/new", "{\"deep\":[1,{\"a\":null}]}");

    (void)state;
    assert_int_equal(contract_call("readForm", 201, NULL, body), API_OK);
    assert_true(contract_has("id", ID32));
    assert_null(message_text(contract.out, "new.deep.0"));
    free(body);
}

static void cleans_what_people_read(void **state)
{
    static const struct {
        const char *at, *word, *value, *shown;
    } texts[] = {
        {"/data/commonName", "data.commonName", "\"a\\u001b[31m\\n\\u202eb\"",
         "a [31m  b"},
        {"/consent/release/text", "consent.release.text",
         "\"a\\n\\u009b\\u0007b\"", "a\n  b"},
        {"/reason/message", "reason.message", "\"a\\nb\\u2066\"", "a b "},
        {"/invoice/message", "invoice.message", "\"\\ufeffa\\u200b\"", " a "},
        {"/invoice/number", "invoice.number", "\"1\\r2\"", "1 2"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *body = change(contract_form, texts[i].at, texts[i].value);

        assert_int_equal(contract_call("readForm", 200, NULL, body), API_OK);
        free(body);
        if (!contract_has(texts[i].word, texts[i].shown))
            fail_msg("%s", texts[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(reads_every_field),
        CONTRACT(checks_every_member),
        CONTRACT(passes_over_what_it_does_not_know),
        CONTRACT(cleans_what_people_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
