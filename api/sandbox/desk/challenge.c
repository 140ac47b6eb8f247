#include "api/sandbox/desk/challenge.h"

#include "api/sandbox/sms.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { CODE_SIZE = 7, TEXT_SIZE = 512, KEPT = 24 * 3600 };

static void hash_code(const struct challenge *challenge, const char *code,
                      uint8_t hash[STORE_HASH])
{
    crypto_generichash(hash, STORE_HASH, (const unsigned char *)code,
                       strlen(code), (const unsigned char *)challenge->id,
                       sizeof challenge->id - 1);
}

static bool send_code(const struct exchange *exchange,
                      const struct challenge *challenge, const char *code)
{
    char text[TEXT_SIZE];
    long minutes = (exchange->sandbox->settings.code_life + 59) / 60;
    bool sent;

    if (!challenge->known)
        return true;
    snprintf(text, sizeof text,
             challenge->form[0]
                 ? "Код подтверждения запроса на сертификат: %s. Действует "
                   "%ld мин. Никому его не сообщайте."
                 : "Код для входа в личный кабинет: %s. Действует %ld мин. "
                   "Никому его не сообщайте.",
             code, minutes);
    sent = sms_send(exchange->sandbox->dir, challenge->phone, text);
    sodium_memzero(text, sizeof text);
    return sent;
}

/* A code that is not the first of a challenge makes those before wrong. */
static bool renew_code(struct exchange *exchange, struct challenge *challenge)
{
    char code[CODE_SIZE];
    bool sent;

    snprintf(code, sizeof code, "%06u", (unsigned)randombytes_uniform(1000000));
    hash_code(challenge, code, challenge->code);
    challenge->sent = exchange->now;
    challenge->expires = exchange->now + exchange->sandbox->settings.code_life;
    challenge->attempts = CHALLENGE_ATTEMPTS;
    sent = send_code(exchange, challenge, code);
    sodium_memzero(code, sizeof code);
    return sent;
}

static bool save(struct exchange *exchange, const struct challenge *challenge)
{
    return store_change(
        exchange->sandbox->store,
        "INSERT OR REPLACE INTO challenges (id, phone, form, known, code,"
        " sent, expires, attempts, resends, used)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        VALUES(value_text(challenge->id), value_text(challenge->phone),
               value_text(challenge->form), value_number(challenge->known),
               value_bytes(challenge->code, sizeof challenge->code),
               value_number(challenge->sent), value_number(challenge->expires),
               value_number(challenge->attempts),
               value_number(challenge->resends), value_number(challenge->used)),
        NULL);
}

const char *challenge_open(struct exchange *exchange, const char *phone,
                           const char *form, bool known,
                           struct challenge *challenge)
{
    *challenge =
        (struct challenge){.known = known, .resends = CHALLENGE_RESENDS};
    exchange_new_id(challenge->id);
    snprintf(challenge->phone, sizeof challenge->phone, "%s", phone);
    snprintf(challenge->form, sizeof challenge->form, "%s", form ? form : "");
    if (!store_change(exchange->sandbox->store,
                      "DELETE FROM challenges WHERE expires < ?1",
                      VALUES(value_number(exchange->now - KEPT)), NULL) ||
        !renew_code(exchange, challenge) || !save(exchange, challenge))
        return "internal";
    return NULL;
}

int challenge_load(struct exchange *exchange, const char *id,
                   struct challenge *challenge)
{
    sqlite3_stmt *row;
    int found = store_row(
        exchange->sandbox->store,
        "SELECT phone, form, known, code, sent, expires, attempts, resends,"
        " used FROM challenges WHERE id = ?1",
        VALUES(value_text(id)), &row);

    *challenge = (struct challenge){0};
    if (found != 1)
        return found;
    if (!store_text(row, 0, challenge->phone, sizeof challenge->phone) ||
        !store_text(row, 1, challenge->form, sizeof challenge->form) ||
        sqlite3_column_bytes(row, 3) != STORE_HASH)
        return -1;
    snprintf(challenge->id, sizeof challenge->id, "%s", id);
    challenge->known = sqlite3_column_int(row, 2) != 0;
    memcpy(challenge->code, sqlite3_column_blob(row, 3), STORE_HASH);
    challenge->sent = sqlite3_column_int64(row, 4);
    challenge->expires = sqlite3_column_int64(row, 5);
    challenge->attempts = sqlite3_column_int(row, 6);
    challenge->resends = sqlite3_column_int(row, 7);
    challenge->used = sqlite3_column_int(row, 8) != 0;
    return 1;
}

bool challenge_over(const struct challenge *challenge, time_t now)
{
    return challenge->used || challenge->attempts <= 0 ||
           now >= challenge->expires;
}

static long seconds_left(const struct exchange *exchange,
                         const struct challenge *challenge)
{
    long left =
        (long)(challenge->sent + exchange->sandbox->settings.resend_after -
               exchange->now);

    return left > 0 ? left : 0;
}

const char *challenge_resend(struct exchange *exchange,
                             struct challenge *challenge)
{
    long left = seconds_left(exchange, challenge);

    if (challenge->used)
        return "challengeGone";
    if (challenge->resends <= 0)
        return "resendsExhausted";
    if (left > 0) {
        exchange->retry_after = left;
        return "resendTooEarly";
    }
    challenge->resends--;
    if (!renew_code(exchange, challenge) || !save(exchange, challenge))
        return "internal";
    return NULL;
}

const char *challenge_answer(struct exchange *exchange,
                             struct challenge *challenge, const char *code)
{
    uint8_t hash[STORE_HASH];
    bool right;

    if (challenge->used)
        return "challengeGone";
    if (challenge->attempts <= 0)
        return "attemptsExceeded";
    if (exchange->now >= challenge->expires)
        return "codeExpired";
    hash_code(challenge, code, hash);
    right = sodium_memcmp(hash, challenge->code, sizeof hash) == 0 &&
            challenge->known;
    if (right)
        challenge->used = true;
    else
        challenge->attempts--;
    if (!save(exchange, challenge))
        return "internal";
    if (right)
        return NULL;
    return challenge->attempts > 0 ? "codeInvalid" : "attemptsExceeded";
}

void challenge_refuse(struct exchange *exchange, const char *code,
                      const struct challenge *challenge)
{
    if (strcmp(code, "internal") == 0) {
        exchange_fail(exchange, store_error(exchange->sandbox->store));
        return;
    }
    exchange_refuse(exchange, code, NULL, NULL);
    if (challenge && strcmp(code, "codeInvalid") == 0)
        exchange_put_number(exchange->answer, "attemptsLeft",
                            challenge->attempts);
}

struct json_object *challenge_json(const struct exchange *exchange,
                                   const struct challenge *challenge)
{
    struct json_object *object = json_object_new_object();
    const char *tail = challenge->phone + strlen(challenge->phone) - 4;

    if (object && exchange_put_text(object, "challengeId", challenge->id) &&
        exchange_put_text(object, "phoneTail", tail) &&
        exchange_put_time(object, "expiresAt", challenge->expires) &&
        exchange_put_number(object, "resendAfter",
                            seconds_left(exchange, challenge)) &&
        exchange_put_number(object, "resendsLeft", challenge->resends))
        return object;
    json_object_put(object);
    return NULL;
}
