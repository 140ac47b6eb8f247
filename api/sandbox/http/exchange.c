#include "api/sandbox/http/exchange.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *code;
    unsigned status;
    const char *message;
} refusals[] = {
    {"badRequest", 400, "Запрос составлен неверно."},
    {"unauthorized", 401, "Сеанс закончился или неизвестен. Войдите снова."},
    {"paymentRequired", 402, "Счёт на выпуск сертификата не оплачен."},
    {"forbidden", 403,
     "Здесь это изменить нельзя. Обратитесь в сервисный центр."},
    {"notFound", 404, "Такой заявки нет."},
    {"wrongState", 409, "В нынешнем состоянии заявки это невозможно."},
    {"formExists", 409, "По этому сертификату уже открыта другая заявка."},
    {"keyAlreadyRequested", 409,
     "По этой заявке уже отправлен запрос с другим ключом."},
    {"renewalNotAvailable", 409, "Этот сертификат здесь обновить нельзя."},
    {"codeExpired", 410, "Срок действия кода истёк. Получите новый код."},
    {"challengeGone", 410, "Этого кода больше не ждут. Получите новый код."},
    {"etagMismatch", 412, "Заявка с тех пор изменилась. Прочтите её заново."},
    {"payloadTooLarge", 413, "Запрос слишком велик."},
    {"codeInvalid", 422, "Код неверен."},
    {"attemptsExceeded", 423, "Попытки ввести код исчерпаны."},
    {"resendsExhausted", 423,
     "Код уже отправлен повторно. Если сообщение не пришло, обратитесь в "
     "техническую поддержку."},
    {"clientOutdated", 426,
     "Для работы нужна более новая версия программы. Установите её и "
     "продолжите."},
    {"tooManyRequests", 429, "Слишком много запросов сразу."},
    {"resendTooEarly", 429, "Запрашивать код повторно ещё рано."},
    {"internal", 500, "Внутренняя ошибка сервера."},
    {"unavailable", 503, "Сервер сейчас недоступен."},
};

enum { REFUSALS = sizeof refusals / sizeof *refusals };

void exchange_new_id(char id[STORE_ID])
{
    unsigned char bytes[(STORE_ID - 1) / 2];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(id, STORE_ID, bytes, sizeof bytes);
}

void exchange_init(struct exchange *exchange, struct sandbox *sandbox)
{
    *exchange = (struct exchange){
        .sandbox = sandbox, .now = time(NULL), .retry_after = -1};
    exchange_new_id(exchange->trace);
}

void exchange_clear(struct exchange *exchange)
{
    json_object_put(exchange->body);
    json_object_put(exchange->answer);
    free(exchange->text);
    exchange->body = exchange->answer = NULL;
    exchange->text = NULL;
}

void exchange_time(time_t when, char text[EXCHANGE_TIME])
{
    struct tm tm;

    text[0] = '\0';
    if (gmtime_r(&when, &tm))
        strftime(text, EXCHANGE_TIME, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

bool exchange_put(struct json_object *object, const char *word,
                  struct json_object *member)
{
    if (member && json_object_object_add(object, word, member) == 0)
        return true;
    json_object_put(member);
    return false;
}

bool exchange_put_text(struct json_object *object, const char *word,
                       const char *text)
{
    return exchange_put(object, word, json_object_new_string(text));
}

bool exchange_put_time(struct json_object *object, const char *word,
                       time_t when)
{
    char text[EXCHANGE_TIME];

    exchange_time(when, text);
    return exchange_put_text(object, word, text);
}

bool exchange_put_number(struct json_object *object, const char *word,
                         int64_t number)
{
    return exchange_put(object, word, json_object_new_int64(number));
}

void exchange_answer(struct exchange *exchange, unsigned status,
                     struct json_object *answer)
{
    json_object_put(exchange->answer);
    exchange->answer = answer;
    exchange->status = answer ? status : 500;
}

void exchange_refuse(struct exchange *exchange, const char *code,
                     const char *target, const char *message)
{
    struct json_object *error = json_object_new_object();
    size_t i = 0;

    /* What is not in the table is an error of examination. */
    while (i < REFUSALS && strcmp(refusals[i].code, code) != 0)
        i++;
    if (!message)
        message = i < REFUSALS ? refusals[i].message : code;
    if (error) {
        exchange_put_text(error, "code", code);
        exchange_put_text(error, "message", message);
        if (target)
            exchange_put_text(error, "target", target);
        exchange_put_text(error, "traceId", exchange->trace);
    }
    exchange->etag[0] = '\0';
    exchange_answer(exchange, i < REFUSALS ? refusals[i].status : 422, error);
    if (exchange->retry_after < 0 &&
        (exchange->status == 429 || exchange->status == 503))
        exchange->retry_after = 1;
}

void exchange_fail(struct exchange *exchange, const char *why)
{
    fprintf(stderr, "kep-sandbox: %s %s: %s (%s)\n", exchange->method,
            exchange->path, why, exchange->trace);
    exchange_refuse(exchange, "internal", NULL, NULL);
}

const char *exchange_code(unsigned status)
{
    for (size_t i = 0; i < REFUSALS; i++)
        if (refusals[i].status == status)
            return refusals[i].code;
    return NULL;
}
