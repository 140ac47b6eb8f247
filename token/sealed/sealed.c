#include "token/sealed/sealed.h"

#include "keygen/secret.h"

#include <stdbool.h>
#include <string.h>

enum { FORMAT_VERSION = 1, CHECKSUM = crypto_generichash_BYTES_MIN };

/* The numbers are big-endian. The first three and the checksum at the end
 * stay where they are in every version. */
enum {
    AT_MAGIC = 0,         /* 8 */
    AT_VERSION = 8,       /* 2 */
    AT_HEADER_SIZE = 10,  /* 2 */
    AT_PASSES = 12,       /* 4 */
    AT_MEMORY = 16,       /* 4 */
    AT_CONTENT_SIZE = 20, /* 8 */
    AT_SALT = 28,         /* crypto_pwhash_SALTBYTES */
    AT_STREAM = 44,       /* crypto_secretstream_…_HEADERBYTES */
    AT_KEY_CHECK = 68,    /* crypto_generichash_BYTES */
    AT_CHECKSUM = 100,    /* CHECKSUM */
    FIXED_SIZE = AT_PASSES + CHECKSUM,
    HEADER_SIZE_MAX = 4096
};

/* A transfer as text changes it, and nothing that is text begins so. */
static const uint8_t magic[8] = {0x8B, 'K', 'E', 'P', '\r', '\n', 0x1A, '\n'};

const struct sealed_cost sealed_cost_usual = {
    crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
    crypto_pwhash_argon2id_MEMLIMIT_MODERATE / 1024};

/* What the passphrase gives; in secret memory. */
struct keys {
    uint8_t stream[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    uint8_t check[crypto_generichash_KEYBYTES];
};

static void put(uint8_t *at, unsigned size, uint64_t value)
{
    while (size-- > 0) {
        at[size] = (uint8_t)value;
        value >>= 8;
    }
}

static uint64_t get(const uint8_t *at, unsigned size)
{
    uint64_t value = 0;

    while (size-- > 0)
        value = value << 8 | *at++;
    return value;
}

/* All of a sealed file that holds so much. */
static uint64_t whole_size(uint64_t content)
{
    return SEALED_HEADER + content +
           (content + SEALED_CHUNK - 1) / SEALED_CHUNK * SEALED_CHUNK_MORE;
}

static enum fault derive(const char *passphrase, const uint8_t *header,
                         struct keys **keys)
{
    const size_t size = strnlen(passphrase, SEALED_PASSPHRASE_MAX + 1);

    *keys = NULL;
    if (size == 0 || size > SEALED_PASSPHRASE_MAX)
        return FAULT_ARGUMENT;
    *keys = secret_new(sizeof **keys);
    if (*keys == NULL)
        return FAULT_MEMORY;
    /* With parameters inside its bounds it can only lack memory. */
    if (crypto_pwhash((*keys)->stream, sizeof **keys, passphrase, size,
                      header + AT_SALT, get(header + AT_PASSES, 4),
                      (size_t)get(header + AT_MEMORY, 4) * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) == 0)
        return FAULT_NONE;
    secret_free(keys);
    return FAULT_MEMORY;
}

/* Tells the right passphrase, and binds the keys to this header. */
static void key_check(const struct keys *keys, const uint8_t *header,
                      uint8_t check[crypto_generichash_BYTES])
{
    (void)crypto_generichash(check, crypto_generichash_BYTES, header,
                             AT_KEY_CHECK, keys->check, sizeof keys->check);
}

/* Over what stands before it: tells damage without the passphrase. */
static void checksum(const uint8_t *header, size_t size, uint8_t *sum)
{
    (void)crypto_generichash(sum, CHECKSUM, header, size - CHECKSUM, NULL, 0);
}

/* --- making -------------------------------------------------------------- */

static void begin_header(uint8_t *header, size_t content_size,
                         const struct sealed_cost *cost)
{
    memcpy(header + AT_MAGIC, magic, sizeof magic);
    put(header + AT_VERSION, 2, FORMAT_VERSION);
    put(header + AT_HEADER_SIZE, 2, SEALED_HEADER);
    put(header + AT_PASSES, 4, cost->passes);
    put(header + AT_MEMORY, 4, cost->memory);
    put(header + AT_CONTENT_SIZE, 8, content_size);
    randombytes_buf(header + AT_SALT, crypto_pwhash_SALTBYTES);
}

static enum fault
seal_chunks(crypto_secretstream_xchacha20poly1305_state *state,
            const uint8_t *header, const uint8_t *content, size_t size,
            struct bytes *out)
{
    uint8_t *chunk = secret_new(SEALED_CHUNK + SEALED_CHUNK_MORE);
    enum fault fault = chunk == NULL ? FAULT_MEMORY : FAULT_NONE;

    while (fault == FAULT_NONE && size > 0) {
        const size_t one = size < SEALED_CHUNK ? size : SEALED_CHUNK;
        const uint8_t tag =
            one == size ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                        : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;

        if (crypto_secretstream_xchacha20poly1305_push(state, chunk, NULL,
                                                       content, one, header,
                                                       SEALED_HEADER, tag) != 0)
            fault = FAULT_LIBRARY;
        else
            bytes_put(out, chunk, one + SEALED_CHUNK_MORE);
        content += one;
        size -= one;
    }
    secret_free(&chunk);
    return fault;
}

enum fault sealed_make(const uint8_t *content, size_t size,
                       const char *passphrase, const struct sealed_cost *cost,
                       struct bytes *out)
{
    crypto_secretstream_xchacha20poly1305_state *state;
    uint8_t header[SEALED_HEADER] = {0};
    enum fault fault = FAULT_ARGUMENT;
    struct keys *keys = NULL;

    if (size > SEALED_CONTENT_MAX)
        return FAULT_TOO_LARGE;
    if (size == 0 || cost->passes == 0 || cost->passes > SEALED_PASSES_MAX ||
        cost->memory > SEALED_MEMORY_MAX ||
        cost->memory < crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024)
        return fault;
    state = secret_new(sizeof *state);
    if (state == NULL)
        return FAULT_MEMORY;
    begin_header(header, size, cost);
    fault = derive(passphrase, header, &keys);
    if (fault != FAULT_NONE)
        goto out;
    fault = FAULT_LIBRARY;
    if (crypto_secretstream_xchacha20poly1305_init_push(
            state, header + AT_STREAM, keys->stream) != 0)
        goto out;
    key_check(keys, header, header + AT_KEY_CHECK);
    checksum(header, sizeof header, header + AT_CHECKSUM);
    bytes_put(out, header, sizeof header);
    fault = seal_chunks(state, header, content, size, out);
    if (fault == FAULT_NONE && out->failed)
        fault = FAULT_MEMORY;
out:
    secret_free(&keys);
    secret_free(&state);
    return fault;
}

/* --- opening ------------------------------------------------------------- */

/* What every version has: the magic, a size and a checksum. */
static enum fault check_frame(const uint8_t *data, size_t size)
{
    uint8_t sum[CHECKSUM];
    size_t header_size;

    if (size == 0 ||
        memcmp(data, magic, size < sizeof magic ? size : sizeof magic))
        return FAULT_NOT_ARCHIVE;
    if (size < FIXED_SIZE)
        return FAULT_ARCHIVE_CUT;
    header_size = (size_t)get(data + AT_HEADER_SIZE, 2);
    if (header_size < FIXED_SIZE || header_size > HEADER_SIZE_MAX ||
        (get(data + AT_VERSION, 2) == FORMAT_VERSION &&
         header_size != SEALED_HEADER))
        return FAULT_ARCHIVE_DAMAGED;
    if (size < header_size)
        return FAULT_ARCHIVE_CUT;
    checksum(data, header_size, sum);
    return memcmp(sum, data + header_size - CHECKSUM, CHECKSUM) == 0
               ? FAULT_NONE
               : FAULT_ARCHIVE_DAMAGED;
}

enum fault sealed_check(const uint8_t *data, size_t size)
{
    enum fault fault = check_frame(data, size);
    uint64_t passes, memory, content;

    if (fault != FAULT_NONE)
        return fault;
    if (get(data + AT_VERSION, 2) != FORMAT_VERSION)
        return FAULT_ARCHIVE_NEWER;
    passes = get(data + AT_PASSES, 4);
    memory = get(data + AT_MEMORY, 4);
    content = get(data + AT_CONTENT_SIZE, 8);
    if (passes > SEALED_PASSES_MAX || memory > SEALED_MEMORY_MAX ||
        content > SEALED_CONTENT_MAX)
        return FAULT_ARCHIVE_NEWER;
    if (passes == 0 || content == 0 ||
        memory < crypto_pwhash_argon2id_MEMLIMIT_MIN / 1024 ||
        size > whole_size(content))
        return FAULT_ARCHIVE_DAMAGED;
    return size < whole_size(content) ? FAULT_ARCHIVE_CUT : FAULT_NONE;
}

/* Into room for all of the content. */
static bool open_chunks(crypto_secretstream_xchacha20poly1305_state *state,
                        const uint8_t *data, uint8_t *content, size_t size)
{
    const uint8_t *at = data + SEALED_HEADER;

    while (size > 0) {
        const size_t one = size < SEALED_CHUNK ? size : SEALED_CHUNK;
        const uint8_t wanted =
            one == size ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                        : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
        uint8_t tag;

        if (crypto_secretstream_xchacha20poly1305_pull(
                state, content, NULL, &tag, at, one + SEALED_CHUNK_MORE, data,
                SEALED_HEADER) != 0 ||
            tag != wanted)
            return false;
        at += one + SEALED_CHUNK_MORE;
        content += one;
        size -= one;
    }
    return true;
}

static enum fault unlock(const uint8_t *data, const char *passphrase,
                         crypto_secretstream_xchacha20poly1305_state *state)
{
    uint8_t check[crypto_generichash_BYTES];
    struct keys *keys;
    enum fault fault = derive(passphrase, data, &keys);

    /* None that could have sealed it. */
    if (fault == FAULT_ARGUMENT)
        return FAULT_PASSPHRASE;
    if (fault != FAULT_NONE)
        return fault;
    key_check(keys, data, check);
    if (sodium_memcmp(check, data + AT_KEY_CHECK, sizeof check) != 0)
        fault = FAULT_PASSPHRASE;
    else if (crypto_secretstream_xchacha20poly1305_init_pull(
                 state, data + AT_STREAM, keys->stream) != 0)
        fault = FAULT_ARCHIVE_DAMAGED;
    secret_free(&keys);
    return fault;
}

enum fault sealed_open(const uint8_t *data, size_t size, const char *passphrase,
                       uint8_t **content, size_t *content_size)
{
    crypto_secretstream_xchacha20poly1305_state *state = NULL;
    enum fault fault = sealed_check(data, size);

    *content = NULL;
    *content_size = 0;
    if (fault != FAULT_NONE)
        return fault;
    fault = FAULT_MEMORY;
    state = secret_new(sizeof *state);
    if (state == NULL)
        goto out;
    fault = unlock(data, passphrase, state);
    if (fault != FAULT_NONE)
        goto out;
    *content_size = (size_t)get(data + AT_CONTENT_SIZE, 8);
    *content = secret_new(*content_size);
    if (*content == NULL)
        fault = FAULT_MEMORY;
    else if (!open_chunks(state, data, *content, *content_size))
        fault = FAULT_ARCHIVE_DAMAGED;
out:
    if (fault != FAULT_NONE)
        secret_free(content);
    secret_free(&state);
    return fault;
}
