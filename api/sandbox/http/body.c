#include "api/sandbox/http/body.h"

#include "api/sandbox/http/route.h"
#include "keygen/name.h"
#include "keygen/requisite/esia.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"
#define HEX DIGITS "abcdef"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static const char *const modes[] = {"express", "normal", "paper", NULL};
static const char *const kinds[] = {"passport", "snils", "statement", NULL};

static const struct {
    size_t min, max;      /* bytes */
    const char *alphabet; /* NULL: all but control characters */
    const char *prefix;
    const char *const *words; /* one of these */
} rules[BODY_RULES] = {
    [BODY_PHONE] = {11, 11, DIGITS, "79", NULL},
    [BODY_CODE] = {6, 6, DIGITS, "", NULL},
    [BODY_TOKEN] = {64, 64, HEX, "", NULL},
    [BODY_EXTERNAL_ID] = {1, 256, DIGITS LETTERS "_", "", NULL},
    [BODY_THUMBPRINT] = {40, 40, HEX, "", NULL},
    [BODY_MODE] = {5, 7, LETTERS, "", modes},
    [BODY_CMS] = {4, 349528, DIGITS LETTERS "+/=", "", NULL},
    [BODY_VERSION] = {1, 32, DIGITS LETTERS ".-", "", NULL},
    /* 512 characters of up to four bytes; the characters are counted. */
    [BODY_VALUE] = {0, 4 * 512, NULL, "", NULL},
};

static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        if (((unsigned char)*text & 0xC0) != 0x80)
            count++;
    return count;
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return false;
    return true;
}

static bool is_listed(const char *const *words, const char *text)
{
    while (*words && strcmp(*words, text) != 0)
        words++;
    return *words != NULL;
}

static bool is_text(enum body_rule rule, struct json_object *value)
{
    const char *text = json_object_get_string(value);
    size_t size = (size_t)json_object_get_string_len(value);
    const char *prefix = rules[rule].prefix;

    if (!json_object_is_type(value, json_type_string) || strlen(text) != size ||
        size < rules[rule].min || size > rules[rule].max)
        return false;
    if (!rules[rule].alphabet)
        return is_plain(text) && characters(text) <= rules[rule].max / 4;
    return strspn(text, rules[rule].alphabet) == size &&
           strncmp(text, prefix, strlen(prefix)) == 0 &&
           (!rules[rule].words || is_listed(rules[rule].words, text));
}

static bool is_data(struct json_object *object, int (*find)(const char *word))
{
    if (!json_object_is_type(object, json_type_object))
        return false;
    json_object_object_foreach(object, word, value)
    {
        if (find(word) < 0 || !is_text(BODY_VALUE, value))
            return false;
    }
    return true;
}

static bool is_optional(enum body_rule rule)
{
    return rule == BODY_DATA || rule == BODY_ESIA;
}

static bool obeys(enum body_rule rule, struct json_object *value)
{
    if (rule == BODY_TRUE)
        return json_object_is_type(value, json_type_boolean) &&
               json_object_get_boolean(value);
    if (is_optional(rule))
        return is_data(value, rule == BODY_DATA ? name_find : esia_find);
    return is_text(rule, value);
}

static size_t count_fields(const struct exchange *exchange)
{
    size_t count = 0;

    while (count < BODY_FIELDS && exchange->route->fields[count].word)
        count++;
    return count;
}

/* Every field is right where it is there, and there where it is needed;
 * *known counts those that are there. */
static bool check_fields(struct exchange *exchange, int *known)
{
    const struct body_field *fields = exchange->route->fields;
    size_t count = count_fields(exchange);

    *known = 0;
    for (size_t i = 0; i < count; i++) {
        struct json_object *value = NULL;
        bool there =
            json_object_object_get_ex(exchange->body, fields[i].word, &value);

        *known += there;
        if (there ? obeys(fields[i].rule, value) : is_optional(fields[i].rule))
            continue;
        exchange_refuse(exchange, "badRequest", fields[i].word, NULL);
        return false;
    }
    return true;
}

static bool check_members(struct exchange *exchange)
{
    int known;

    if (!check_fields(exchange, &known))
        return false;
    if (json_object_object_length(exchange->body) == known)
        return true;
    exchange_refuse(exchange, "badRequest", NULL, NULL);
    return false;
}

static struct json_object *parse(const void *data, size_t size)
{
    struct json_tokener *tokener = json_tokener_new_ex(BODY_DEPTH);
    struct json_object *object = NULL;

    if (!tokener)
        return NULL;
    json_tokener_set_flags(tokener,
                           JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    object = json_tokener_parse_ex(tokener, data, (int)size);
    if (json_tokener_get_error(tokener) != json_tokener_success ||
        json_tokener_get_parse_end(tokener) != size ||
        !json_object_is_type(object, json_type_object)) {
        json_object_put(object);
        object = NULL;
    }
    json_tokener_free(tokener);
    return object;
}

static bool is_json(const char *content_type)
{
    static const char json[] = "application/json";

    return content_type &&
           strncasecmp(content_type, json, sizeof json - 1) == 0 &&
           strchr("; ", content_type[sizeof json - 1]);
}

static bool is_scan(const char *content_type)
{
    static const char *const types[] = {"application/pdf", "image/jpeg",
                                        "image/png"};

    for (size_t i = 0; content_type && i < sizeof types / sizeof *types; i++)
        if (strcasecmp(content_type, types[i]) == 0)
            return true;
    return false;
}

static bool check_scan(struct exchange *exchange)
{
    crypto_generichash_state state;

    exchange->body = json_object_new_object();
    if (!exchange->body ||
        !exchange_put_text(exchange->body, "kind", exchange->word)) {
        exchange_fail(exchange, "no memory");
        return false;
    }
    if (!is_listed(kinds, exchange->word) || exchange->upload_size == 0 ||
        !is_scan(exchange->content_type)) {
        exchange_refuse(exchange, "badRequest",
                        !is_listed(kinds, exchange->word) ? "kind"
                        : exchange->upload_size == 0      ? "content"
                                                          : "Content-Type",
                        NULL);
        return false;
    }
    crypto_generichash_init(&state, NULL, 0, sizeof exchange->digest);
    crypto_generichash_update(&state, (const uint8_t *)exchange->word,
                              strlen(exchange->word) + 1);
    crypto_generichash_update(&state, exchange->upload, exchange->upload_size);
    crypto_generichash_final(&state, exchange->digest, sizeof exchange->digest);
    return true;
}

bool body_check(struct exchange *exchange)
{
    bool empty = exchange->upload_size == 0;
    const char *text;

    if (exchange->route->takes_scan)
        return check_scan(exchange);
    if (!empty && strcmp(exchange->route->method, "GET") == 0) {
        exchange_refuse(exchange, "badRequest", NULL, NULL);
        return false;
    }
    if (!empty && !is_json(exchange->content_type)) {
        exchange_refuse(exchange, "badRequest", "Content-Type", NULL);
        return false;
    }
    exchange->body = empty ? json_object_new_object()
                           : parse(exchange->upload, exchange->upload_size);
    if (!exchange->body) {
        exchange_refuse(exchange, "badRequest", NULL, "Это не JSON.");
        return false;
    }
    if (!check_members(exchange))
        return false;
    text =
        json_object_to_json_string_ext(exchange->body, JSON_C_TO_STRING_PLAIN);
    crypto_generichash(exchange->digest, sizeof exchange->digest,
                       (const unsigned char *)text, strlen(text), NULL, 0);
    return true;
}

const char *body_text(const struct exchange *exchange, const char *word)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(exchange->body, word, &value);
    return json_object_get_string(value);
}
