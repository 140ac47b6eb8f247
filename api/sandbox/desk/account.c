#include "api/sandbox/desk/account.h"

#include "api/sandbox/desk/challenge.h"
#include "api/sandbox/http/body.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

/* Only the hashes of tokens are stored: who reads the database cannot use
 * them. */
enum { TOKEN_BYTES = 32, TOKEN_TEXT = 2 * TOKEN_BYTES + 1 };

struct pair {
    char sid[TOKEN_TEXT], refresh[TOKEN_TEXT];
    time_t expires;
};

static void hash_token(const char *token, uint8_t hash[STORE_HASH])
{
    crypto_generichash(hash, STORE_HASH, (const unsigned char *)token,
                       strlen(token), NULL, 0);
}

static void make_token(char text[TOKEN_TEXT], uint8_t hash[STORE_HASH])
{
    unsigned char bytes[TOKEN_BYTES];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(text, TOKEN_TEXT, bytes, sizeof bytes);
    hash_token(text, hash);
    sodium_memzero(bytes, sizeof bytes);
}

/* parent: the hash of the session that ends when this one is used; or
 * NULL. */
static bool open_session(struct exchange *exchange, const char *phone,
                         const uint8_t *parent, struct pair *pair)
{
    long life = exchange->sandbox->settings.session_life;
    uint8_t sid[STORE_HASH], refresh[STORE_HASH];

    make_token(pair->sid, sid);
    make_token(pair->refresh, refresh);
    pair->expires = exchange->now + life;
    return store_change(exchange->sandbox->store,
                        "DELETE FROM sessions WHERE refresh_expires < ?1"
                        " OR parent = ?2",
                        VALUES(value_number(exchange->now),
                               value_bytes(parent, STORE_HASH)),
                        NULL) &&
           store_change(
               exchange->sandbox->store,
               "INSERT INTO sessions (sid, refresh, phone, expires,"
               " refresh_expires, parent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
               VALUES(value_bytes(sid, sizeof sid),
                      value_bytes(refresh, sizeof refresh), value_text(phone),
                      value_number(pair->expires),
                      value_number(pair->expires + life / 2),
                      value_bytes(parent, STORE_HASH)),
               NULL);
}

static void answer_pair(struct exchange *exchange, struct pair *pair)
{
    struct json_object *object = json_object_new_object();

    if (object && exchange_put_text(object, "sid", pair->sid) &&
        exchange_put_text(object, "refreshToken", pair->refresh) &&
        exchange_put_time(object, "expiresAt", pair->expires)) {
        exchange_answer(exchange, 200, object);
    } else {
        json_object_put(object);
        exchange_fail(exchange, "no memory");
    }
    sodium_memzero(pair, sizeof *pair);
}

/* What every function here ends with. NULL: the challenge is the answer. */
static void finish(struct exchange *exchange, const char *code,
                   const struct challenge *challenge)
{
    if (code)
        challenge_refuse(exchange, code, challenge);
    else
        exchange_answer(exchange, 200, challenge_json(exchange, challenge));
}

static const char *open_challenge(struct exchange *exchange,
                                  struct challenge *challenge)
{
    const char *phone = body_text(exchange, "phone");
    sqlite3_stmt *row;
    int known = store_row(exchange->sandbox->store,
                          "SELECT 1 FROM subscribers WHERE phone = ?1",
                          VALUES(value_text(phone)), &row);

    return known < 0
               ? "internal"
               : challenge_open(exchange, phone, NULL, known == 1, challenge);
}

void account_request_code(struct exchange *exchange)
{
    struct store *store = exchange->sandbox->store;
    const char *code = "internal";
    struct challenge challenge;

    if (store_begin(store)) {
        code = open_challenge(exchange, &challenge);
        if (!store_end(store, !code))
            code = "internal";
    }
    finish(exchange, code, &challenge);
}

/* The challenge in the path, of a sign-in. */
static const char *find_challenge(struct exchange *exchange,
                                  struct challenge *challenge)
{
    int found = challenge_load(exchange, exchange->id, challenge);

    if (found < 0)
        return "internal";
    return found == 0 || challenge->form[0] ? "challengeGone" : NULL;
}

void account_resend_code(struct exchange *exchange)
{
    struct store *store = exchange->sandbox->store;
    const char *code = "internal";
    struct challenge challenge;

    if (store_begin(store)) {
        code = find_challenge(exchange, &challenge);
        if (!code)
            code = challenge_resend(exchange, &challenge);
        if (!store_end(store, !code))
            code = "internal";
    }
    finish(exchange, code, &challenge);
}

void account_sign_in(struct exchange *exchange)
{
    struct store *store = exchange->sandbox->store;
    const char *code = "internal";
    struct challenge challenge;
    struct pair pair = {0};

    if (store_begin(store)) {
        code = find_challenge(exchange, &challenge);
        if (!code)
            code = challenge_answer(exchange, &challenge,
                                    body_text(exchange, "code"));
        if (!code && !open_session(exchange, challenge.phone, NULL, &pair))
            code = "internal";
        /* Also a wrong code is kept: it has cost an attempt. */
        if (!store_end(store, !code || strcmp(code, "internal") != 0))
            code = "internal";
    }
    if (code)
        challenge_refuse(exchange, code, &challenge);
    else
        answer_pair(exchange, &pair);
}

static const char *refresh(struct exchange *exchange, struct pair *pair)
{
    uint8_t token[STORE_HASH], sid[STORE_HASH];
    char phone[STORE_PHONE];
    sqlite3_stmt *row;
    int found;

    hash_token(body_text(exchange, "refreshToken"), token);
    found = store_row(
        exchange->sandbox->store,
        "SELECT sid, phone FROM sessions"
        " WHERE refresh = ?1 AND refresh_expires > ?2",
        VALUES(value_bytes(token, sizeof token), value_number(exchange->now)),
        &row);
    if (found == 0)
        return "unauthorized";
    if (found < 0 || sqlite3_column_bytes(row, 0) != sizeof sid ||
        !store_text(row, 1, phone, sizeof phone))
        return "internal";
    memcpy(sid, sqlite3_column_blob(row, 0), sizeof sid);
    return open_session(exchange, phone, sid, pair) ? NULL : "internal";
}

void account_refresh(struct exchange *exchange)
{
    struct store *store = exchange->sandbox->store;
    const char *code = "internal";
    struct pair pair = {0};

    if (store_begin(store)) {
        code = refresh(exchange, &pair);
        if (!store_end(store, !code))
            code = "internal";
    }
    if (code)
        challenge_refuse(exchange, code, NULL);
    else
        answer_pair(exchange, &pair);
}

/* 64 hexadecimal digits behind the scheme, or NULL. */
static const char *find_sid(const char *authorization)
{
    static const char scheme[] = "auth.sid ";
    const char *sid;

    if (!authorization ||
        strncmp(authorization, scheme, sizeof scheme - 1) != 0)
        return NULL;
    sid = authorization + sizeof scheme - 1;
    if (strlen(sid) != TOKEN_TEXT - 1 ||
        strspn(sid, "0123456789abcdef") != TOKEN_TEXT - 1)
        return NULL;
    return sid;
}

/* The session before a refresh ends once the new one has been used: so the
 * answer to a refresh may get lost. */
static bool end_parent(struct store *store, const uint8_t sid[STORE_HASH],
                       sqlite3_stmt *row)
{
    uint8_t parent[STORE_HASH];

    if (sqlite3_column_bytes(row, 1) != sizeof parent)
        return true;
    memcpy(parent, sqlite3_column_blob(row, 1), sizeof parent);
    return store_change(store, "DELETE FROM sessions WHERE sid = ?1",
                        VALUES(value_bytes(parent, sizeof parent)), NULL) &&
           store_change(store,
                        "UPDATE sessions SET parent = NULL WHERE sid = ?1",
                        VALUES(value_bytes(sid, STORE_HASH)), NULL);
}

static const char *find_session(struct exchange *exchange, const char *text)
{
    struct store *store = exchange->sandbox->store;
    uint8_t sid[STORE_HASH];
    sqlite3_stmt *row;
    int found;

    hash_token(text, sid);
    found = store_row(
        store,
        "SELECT phone, parent FROM sessions"
        " WHERE sid = ?1 AND expires > ?2",
        VALUES(value_bytes(sid, sizeof sid), value_number(exchange->now)),
        &row);
    if (found == 0)
        return "unauthorized";
    if (found < 0 ||
        !store_text(row, 0, exchange->phone, sizeof exchange->phone) ||
        !end_parent(store, sid, row))
        return "internal";
    return NULL;
}

bool account_authorize(struct exchange *exchange)
{
    struct store *store = exchange->sandbox->store;
    const char *sid = find_sid(exchange->authorization);
    const char *code = sid ? "internal" : "unauthorized";

    if (sid && store_begin(store)) {
        code = find_session(exchange, sid);
        if (!store_end(store, !code))
            code = "internal";
    }
    if (code)
        challenge_refuse(exchange, code, NULL);
    return !code;
}
