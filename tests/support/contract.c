#include "tests/support/contract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CHALLENGE                                                              \
    "\"challengeId\":\"" ID32 "\",\"phoneTail\":\"4567\","                     \
    "\"expiresAt\":\"" TIME "\",\"resendAfter\":60,\"resendsLeft\":1"

const char contract_challenge[] = "{" CHALLENGE "}";
const char contract_session[] = "{\"sid\":\"" ID64 "\",\"refreshToken\":\"" ID64
                                "\",\"expiresAt\":\"" TIME "\"}";
const char contract_certificates[] =
    "{\"certificates\":[{\"thumbprint\":\"" ID40 "\",\"serialNumber\":\"01\","
    "\"issuer\":\"УЦ\",\"subject\":{\"commonName\":\"Иванов Иван\"},"
    "\"notBefore\":\"" TIME "\",\"notAfter\":\"" TIME "\","
    "\"keyNotAfter\":\"" TIME "\",\"state\":\"Valid\","
    "\"renewal\":{\"available\":false,\"reason\":\"notDueYet\","
    "\"mode\":\"normal\"}}]}";
const char contract_form[] =
    "{\"id\":\"" ID32 "\",\"externalId\":\"kep_1\",\"oldThumbprint\":\"" ID40
    "\",\"mode\":\"express\",\"status\":\"awaitingConfirmation\","
    "\"final\":false,\"pollAfter\":5,\"etag\":\"3-ab\","
    "\"data\":{\"commonName\":\"Иванов Иван\",\"snils\":\"12345678901\"},"
    "\"editable\":[\"title\"],\"esia\":{\"sex\":\"male\"},"
    "\"missing\":[\"esia.birthDate\"],\"errors\":[{\"code\":\"invalid\","
    "\"target\":\"data.title\",\"message\":\"Нет\"}],\"documents\":["
    "{\"kind\":\"passport\",\"state\":\"former\",\"receivedAt\":\"" TIME "\"}],"
    "\"statementPhoneTail\":\"4567\",\"consent\":{"
    "\"statement\":{\"version\":\"2025-01\",\"text\":\"Прошу\"},"
    "\"release\":{\"version\":\"2025-02\",\"text\":\"Согласен\"}},"
    "\"reason\":{\"code\":\"rejected\",\"message\":\"Нет\"},"
    "\"invoice\":{\"number\":\"5-1\",\"message\":\"Оплатите\"},"
    "\"confirmation\":{" CHALLENGE ",\"attemptsLeft\":3},"
    "\"expiresAt\":\"" TIME "\"}";
const char contract_certificate[] =
    "{\"certificate\":\"MAA=\",\"chain\":[\"MAAA\",\"MAAB\"],"
    "\"receipt\":{\"text\":\"Строка\\nдругая\"}}";

/* Every field that any operation wants. */
static const struct {
    const char *word, *value;
} fields[] = {
    {"phone", "79001234567"},
    {"challengeId", "c_1"},
    {"code", "123456"},
    {"refreshToken", "r1"},
    {"sid", ID64},
    {"externalId", "kep_1"},
    {"oldThumbprint", ID40},
    {"mode", "express"},
    {"formId", "f-1"},
    {"etag", "3-ab"},
    {"data.title", "Директор \"по\" науке"},
    {"kind", "passport"},
    {"content", "%PDF-1.7\n\x30\xfb\xff"},
    {"request", "\x30\xfb\xff"},
    {"cms", "\x30\xfb\xff"},
    {"textVersion", "2025-02"},
    {"accepted", "true"},
};

struct contract contract;

/* Every field but one, or all. */
void contract_fill(const char *without)
{
    struct message *in = contract.in;

    message_clear(in);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (without == NULL || strcmp(fields[i].word, without) != 0)
            message_put_text(in, fields[i].word, fields[i].value);
    assert_false(message_failed(in));
}

int contract_begin(void **state)
{
    const struct api_settings settings = {.attempts = 1};
    struct transport transport = script_transport(&contract.script);

    (void)state;
    contract = (struct contract){.in = message_new(), .out = message_new()};
    contract.timer = script_timer(&contract.script);
    contract_fill(NULL);
    return api_new_over(&transport, &contract.timer, &settings, &contract.api);
}

int contract_end(void **state)
{
    (void)state;
    message_free(&contract.in);
    message_free(&contract.out);
    api_free(&contract.api);
    return 0;
}

/* One call that is answered so. */
enum api_result contract_call(const char *name, long status,
                              const char *headers, const char *body)
{
    contract.script.asked = 0;
    contract.script.answers[0] = (struct script_answer){
        .status = status, .headers = headers, .body = body};
    return api_call(contract.api, name, contract.in, contract.out);
}

bool contract_has(const char *word, const char *text)
{
    const char *found = message_text(contract.out, word);

    return found == NULL || text == NULL ? found == text
                                         : strcmp(found, text) == 0;
}
