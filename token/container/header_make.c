/* Headers as they are written; header.c reads them. */
#include "token/container/header.h"

#include "token/container/header_field.h"

static const uint8_t zero_key[GOST28147_KEY];

/* The fields that stand in out become a file. */
static enum fault seal(const struct suite *suite, struct bytes *out)
{
    uint8_t mac[GOST28147_MAC];

    der_wrap(out, 0, DER_SEQUENCE);
    if (!out->failed)
        gost28147_mac(suite->sbox, zero_key, out->data, out->size, mac);
    der_put(out, DER_OCTET_STRING, mac, sizeof mac);
    der_wrap(out, 0, DER_SEQUENCE);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}

/* The fields as they stand, the one of that kind with another value: in its
 * place, or before the first of a later kind. */
static void put_with(struct der content, enum header_field kind,
                     const void *value, size_t size, struct bytes *out)
{
    struct der old_one, whole;
    bool done = false;
    uint8_t tag;
    int next = 0;

    while (der_read_any(&content, &tag, &old_one, &whole)) {
        const int found = header_field_find(tag, next);

        if (found != FIELD_KINDS)
            next = found + 1;
        if (!done && found != FIELD_KINDS && found >= (int)kind) {
            der_put(out, header_field_tag[kind], value, size);
            done = true;
        }
        if (found != (int)kind)
            bytes_put(out, whole.at, whole.left);
    }
    if (!done)
        der_put(out, header_field_tag[kind], value, size);
}

enum fault header_replace(const struct header *header, size_t key,
                          const void *certificate, size_t size,
                          struct bytes *out)
{
    if (header->key[key].refused != FAULT_NONE)
        return header->key[key].refused;
    put_with(header->content, header_field_of[key].certificate, certificate,
             size, out);
    return seal(header->suite, out);
}

/* A BIT STRING without the zeros behind its last bit. */
static void put_bits(struct bytes *out, unsigned bits)
{
    uint8_t content[] = {0, (uint8_t)bits};

    while (bits != 0 && (bits >> content[0] & 1U) == 0)
        content[0]++;
    der_put(out, DER_BIT_STRING, content, bits == 0 ? 1 : 2);
}

enum fault header_set_password(const struct header *header, bool has_password,
                               const uint8_t *mac, struct bytes *out)
{
    const unsigned flags = (header->flags & ~(unsigned)FLAG_PASSWORD) |
                           FLAG_RESERVE | (has_password ? FLAG_PASSWORD : 0);
    enum fault fault = FAULT_TOO_LARGE;
    struct bytes bits, changed;

    if (header->suite == NULL || header->key[0].refused != FAULT_NONE)
        return FAULT_UNSUPPORTED;
    bytes_init(&bits, 8);
    bytes_init(&changed, HEADER_MAX);
    put_bits(&bits, flags);
    if (!bits.failed) {
        put_with(header->content, FIELD_FLAGS, bits.data + 2, bits.size - 2,
                 &changed);
        put_with((struct der){changed.data, changed.size}, FIELD_PASSWORD_MAC,
                 mac, GOST28147_MAC, out);
        fault = changed.failed ? FAULT_TOO_LARGE : seal(header->suite, out);
    }
    bytes_free(&bits);
    bytes_free(&changed);
    return fault;
}

static void put_key(const struct header_new_key *key, uint8_t tag,
                    struct bytes *out)
{
    const struct suite *suite = suite_of(key->algorithm);
    const size_t start = out->size;
    size_t algorithm, parameters;

    put_bits(out, key->flags);
    algorithm = out->size;
    der_put_oid(out, (key->flags & CONTAINER_EXCHANGE) != 0
                         ? suite->exchange_oid
                         : suite->signature_oid);
    parameters = out->size;
    der_put_oid(out, key->curve_oid);
    der_put_oid(out, key->algorithm->digest_parameters_oid);
    der_wrap(out, parameters, DER_SEQUENCE);
    der_wrap(out, algorithm, TAG_KEY_ALGORITHM);
    der_wrap(out, start, tag);
}

static void put_extensions(const struct header_content *content,
                           struct bytes *out)
{
    const size_t start = out->size;

    bytes_put(out, content->extensions.at, content->extensions.left);
    extensions_put_period(out, &content->period);
    if (out->size > start)
        der_wrap(out, start, header_field_tag[FIELD_EXTENSIONS]);
}

enum fault header_make(const struct header_content *content, struct bytes *out)
{
    der_put_oid(out, HEADER_FORMAT);
    der_wrap(out, 0, header_field_tag[FIELD_FORMAT]);
    put_bits(out, FLAG_RESERVE | (content->has_password ? FLAG_PASSWORD : 0));
    put_key(&content->key[0], header_field_tag[FIELD_KEY], out);
    der_put(out, header_field_tag[FIELD_PASSWORD_MAC], content->password_mac,
            GOST28147_MAC);
    for (size_t i = 1; i < content->keys; i++)
        put_key(&content->key[i], header_field_tag[header_field_of[i].key],
                out);
    for (size_t i = 0; i < content->keys; i++)
        if (content->key[i].certificate != NULL)
            der_put(out, header_field_tag[header_field_of[i].certificate],
                    content->key[i].certificate->data,
                    content->key[i].certificate->size);
    for (size_t i = 0; i < content->keys; i++)
        der_put(out, header_field_tag[header_field_of[i].fingerprint],
                content->key[i].fingerprint, HEADER_FINGERPRINT);
    put_extensions(content, out);
    return seal(suite_of(content->key[0].algorithm), out);
}

void header_password_mac(const struct suite *suite, const uint8_t *key,
                         uint8_t mac[GOST28147_MAC])
{
    static const uint8_t zero[16];

    gost28147_mac(suite->sbox, key, zero, sizeof zero, mac);
}
