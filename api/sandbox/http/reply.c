#include "api/sandbox/http/reply.h"

#include "api/sandbox/ca.h"
#include "keygen/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { DEEP = 100000, HUGE_SIZE = 100 * 1000 * 1000, BODY_MAX_OUT = 4 << 20 };

static const char escape[] =
    "\x1b[2J\x1b]0;owned\x07\x1b[31m\xE2\x80\xAE"; /* RLO */
static const char bad_utf8[] = "\xC3\x28\xFF\xFE\xED\xA0\x80";
static const char path[] = "../../../../etc/passwd";
static const char html[] =
    "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>"
    "<body><h1>Welcome to the guest network</h1></body></html>\n";
static const char elsewhere[] = "https://elsewhere.invalid/v1/";

static bool set_body(struct reply *reply, const char *text)
{
    free(reply->body);
    reply->body = strdup(text);
    reply->size = reply->body ? strlen(text) : 0;
    reply->promised = reply->size;
    return reply->body != NULL;
}

/* --- spoiling the object ------------------------------------------------- */

/* Words whose text a program might make a path or an address of. */
static bool is_id(const char *word)
{
    static const char *const words[] = {
        "id",      "challengeId",   "externalId",   "traceId",
        "etag",    "oldThumbprint", "thumbprint",   "serialNumber",
        "version", "phoneTail",     "refreshToken", "sid"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

/* Words whose text a person reads. */
static bool is_told(const char *word)
{
    static const char *const words[] = {
        "message",          "text",         "issuer",
        "commonName",       "surname",      "givenName",
        "organizationName", "title",        "organizationalUnitName",
        "localityName",     "streetAddress"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static struct json_object *spoil_text(enum mischief_kind kind, const char *word,
                                      const char *text)
{
    struct bytes bytes;
    struct json_object *spoilt;
    const char *with = kind == MISCHIEF_ESCAPE && is_told(word) ? escape
                       : kind == MISCHIEF_BAD_UTF8              ? bad_utf8
                                                                : "";

    if (kind == MISCHIEF_WRONG_TYPES)
        return json_object_new_int(7);
    if (kind == MISCHIEF_PATH && is_id(word))
        return json_object_new_string(path);
    bytes_init(&bytes, BODY_MAX_OUT);
    bytes_put(&bytes, with, strlen(with));
    bytes_put(&bytes, text, strlen(text));
    bytes_put(&bytes, with, strlen(with) + 1);
    spoilt =
        bytes.failed ? NULL : json_object_new_string((const char *)bytes.data);
    bytes_free(&bytes);
    return spoilt;
}

static struct json_object *spoil_object(enum mischief_kind kind,
                                        const char *word,
                                        struct json_object *object);

static struct json_object *spoil_members(enum mischief_kind kind,
                                         struct json_object *object)
{
    struct json_object *spoilt = json_object_new_object();

    if (!spoilt)
        return NULL;
    json_object_object_foreach(object, word, value)
    {
        exchange_put(spoilt, word, spoil_object(kind, word, value));
    }
    return spoilt;
}

static struct json_object *spoil_items(enum mischief_kind kind,
                                       const char *word,
                                       struct json_object *array)
{
    struct json_object *spoilt = json_object_new_array();

    for (size_t i = 0; spoilt && i < json_object_array_length(array); i++)
        json_object_array_add(
            spoilt,
            spoil_object(kind, word, json_object_array_get_idx(array, i)));
    return spoilt;
}

/* A spoilt copy; the depth is that of our own answers. */
static struct json_object *spoil_object(enum mischief_kind kind,
                                        const char *word,
                                        struct json_object *object)
{
    bool wrong = kind == MISCHIEF_WRONG_TYPES;

    switch (json_object_get_type(object)) {
    case json_type_object:
        return spoil_members(kind, object);
    case json_type_array:
        return wrong ? json_object_new_string("list")
                     : spoil_items(kind, word, object);
    case json_type_string:
        return spoil_text(kind, word, json_object_get_string(object));
    default:
        return wrong ? json_object_new_array() : json_object_get(object);
    }
}

/* A statement is no JSON: what makes sense there is put before it. */
static bool spoil_plain(struct reply *reply, enum mischief_kind kind)
{
    const char *with = kind == MISCHIEF_ESCAPE     ? escape
                       : kind == MISCHIEF_BAD_UTF8 ? bad_utf8
                                                   : "";
    struct bytes bytes;
    bool ok;

    bytes_init(&bytes, BODY_MAX_OUT);
    bytes_put(&bytes, with, strlen(with));
    bytes_put(&bytes, reply->body, reply->size);
    bytes_put_byte(&bytes, 0);
    ok = !bytes.failed && set_body(reply, (const char *)bytes.data);
    bytes_free(&bytes);
    return ok;
}

static bool spoil_json(struct exchange *exchange, struct reply *reply,
                       const struct mischief_rule *rule)
{
    struct json_object *spoilt;
    bool ok;

    if (!exchange->answer)
        return spoil_plain(reply, rule->kind);
    spoilt = spoil_object(rule->kind, "", exchange->answer);
    ok = spoilt && set_body(reply, json_object_to_json_string_ext(
                                       spoilt, JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(spoilt);
    return ok;
}

/* --- spoiling the bytes -------------------------------------------------- */

static bool spoil_deep(struct exchange *exchange, struct reply *reply,
                       const struct mischief_rule *rule)
{
    struct bytes bytes;
    bool ok;

    (void)exchange;
    (void)rule;
    bytes_init(&bytes, BODY_MAX_OUT);
    for (int i = 0; i < DEEP; i++)
        bytes_put(&bytes, "{\"id\":", 6);
    bytes_put_byte(&bytes, '1');
    for (int i = 0; i < DEEP; i++)
        bytes_put_byte(&bytes, '}');
    bytes_put_byte(&bytes, 0);
    ok = !bytes.failed && set_body(reply, (const char *)bytes.data);
    bytes_free(&bytes);
    return ok;
}

static bool spoil_huge(struct exchange *exchange, struct reply *reply,
                       const struct mischief_rule *rule)
{
    (void)exchange;
    (void)rule;
    if (!set_body(reply, "{\"id\":\""))
        return false;
    reply->promised = HUGE_SIZE;
    reply->filled = true;
    return true;
}

static bool spoil_truncated(struct exchange *exchange, struct reply *reply,
                            const struct mischief_rule *rule)
{
    (void)exchange;
    (void)rule;
    reply->size /= 2;
    return true;
}

static bool spoil_html(struct exchange *exchange, struct reply *reply,
                       const struct mischief_rule *rule)
{
    (void)exchange;
    (void)rule;
    reply->type = "text/html; charset=utf-8";
    return set_body(reply, html);
}

static bool spoil_empty(struct exchange *exchange, struct reply *reply,
                        const struct mischief_rule *rule)
{
    (void)exchange;
    (void)rule;
    return set_body(reply, "");
}

static bool spoil_redirect(struct exchange *exchange, struct reply *reply,
                           const struct mischief_rule *rule)
{
    (void)exchange;
    (void)rule;
    reply->status = 302;
    reply->location = elsewhere;
    return set_body(reply, "");
}

static bool spoil_drop(struct exchange *exchange, struct reply *reply,
                       const struct mischief_rule *rule)
{
    (void)exchange;
    (void)rule;
    reply->dropped = true;
    return true;
}

/* --- the table ----------------------------------------------------------- */

static const struct {
    bool instead; /* the operation is not done; 200 unless it says else */
    unsigned flaws;
    bool (*spoil)(struct exchange *exchange, struct reply *reply,
                  const struct mischief_rule *rule);
} ways[MISCHIEF_KINDS] = {
    [MISCHIEF_DROP] = {true, 0, spoil_drop},
    [MISCHIEF_DROP_AFTER] = {false, 0, spoil_drop},
    [MISCHIEF_STATUS] = {true, 0, NULL},
    [MISCHIEF_RETRY_AFTER] = {true, 0, NULL},
    [MISCHIEF_HTML] = {true, 0, spoil_html},
    [MISCHIEF_HUGE] = {true, 0, spoil_huge},
    [MISCHIEF_TRUNCATED] = {false, 0, spoil_truncated},
    [MISCHIEF_DEEP] = {true, 0, spoil_deep},
    [MISCHIEF_WRONG_TYPES] = {false, 0, spoil_json},
    [MISCHIEF_EMPTY] = {true, 0, spoil_empty},
    [MISCHIEF_REDIRECT] = {true, 0, spoil_redirect},
    [MISCHIEF_BAD_UTF8] = {false, 0, spoil_json},
    [MISCHIEF_ESCAPE] = {false, 0, spoil_json},
    [MISCHIEF_PATH] = {false, 0, spoil_json},
    [MISCHIEF_OTHER_KEY] = {false, CA_OTHER_KEY, NULL},
    [MISCHIEF_OTHER_PERSON] = {false, CA_OTHER_PERSON, NULL},
    [MISCHIEF_OTHER_CA] = {false, CA_OTHER_CA, NULL},
    [MISCHIEF_EXPIRED_CERTIFICATE] = {false, CA_EXPIRED, NULL},
    [MISCHIEF_NOT_YET_VALID] = {false, CA_NOT_YET_VALID, NULL},
    [MISCHIEF_NO_PROFILE] = {false, CA_NO_PROFILE, NULL},
};

bool reply_prepare(struct exchange *exchange, const struct mischief_rule *rule)
{
    if (!rule)
        return true;
    exchange->flaws = ways[rule->kind].flaws;
    exchange->garbage = rule->kind == MISCHIEF_GARBAGE_CERTIFICATE;
    exchange->no_chain = rule->kind == MISCHIEF_NO_CHAIN;
    if (rule->kind == MISCHIEF_RETRY_AFTER) {
        exchange->retry_after = rule->argument;
        exchange_refuse(exchange, "unavailable", NULL, NULL);
    } else if (rule->kind == MISCHIEF_STATUS) {
        exchange_refuse(exchange, exchange_code((unsigned)rule->argument), NULL,
                        NULL);
    } else if (ways[rule->kind].instead) {
        exchange->status = 200;
    }
    return !ways[rule->kind].instead;
}

bool reply_make(struct exchange *exchange, const struct mischief_rule *rule,
                struct reply *reply)
{
    const char *text = exchange->text;

    *reply = (struct reply){.status = exchange->status};
    if (exchange->answer) {
        reply->type = "application/json";
        text = json_object_to_json_string_ext(exchange->answer,
                                              JSON_C_TO_STRING_NOSLASHESCAPE);
    } else if (text) {
        reply->type = "text/plain; charset=utf-8";
    } else if (exchange->status == 200) {
        reply->type = "application/json";
    }
    return set_body(reply, text ? text : "") &&
           (!rule || !ways[rule->kind].spoil ||
            ways[rule->kind].spoil(exchange, reply, rule));
}
