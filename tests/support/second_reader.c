#include "tests/support/second_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

static uint64_t number(const uint8_t *at, int size)
{
    uint64_t value = 0;

    for (int i = 0; i < size; i++)
        value = 256 * value + at[i];
    return value;
}

static void decrypt(const uint8_t *data, size_t size, const char *passphrase,
                    struct second_archive *archive)
{
    crypto_secretstream_xchacha20poly1305_state state;
    uint8_t keys[64], check[32];
    size_t at = 116, done = 0;

    assert_int_equal(crypto_pwhash_argon2id(
                         keys, sizeof keys, passphrase, strlen(passphrase),
                         data + 28, number(data + 12, 4),
                         1024 * number(data + 16, 4),
                         crypto_pwhash_argon2id_ALG_ARGON2ID13),
                     0);
    crypto_generichash_blake2b(check, 32, data, 68, keys + 32, 32);
    assert_memory_equal(check, data + 68, 32);
    assert_int_equal(crypto_secretstream_xchacha20poly1305_init_pull(
                         &state, data + 44, keys),
                     0);
    while (at < size) {
        size_t chunk = size - at < 65536 + 17 ? size - at : 65536 + 17;
        unsigned long long got;
        uint8_t tag;

        assert_int_equal(crypto_secretstream_xchacha20poly1305_pull(
                             &state, archive->content + done, &got, &tag,
                             data + at, chunk, data, 116),
                         0);
        at += chunk;
        done += got;
        assert_int_equal(tag, at == size ? 3 : 0);
    }
    assert_int_equal(done, archive->size);
}

static struct second_window take(const struct second_archive *archive,
                                 size_t *at, size_t size)
{
    struct second_window window = {archive->content + *at, size};

    assert_true(size <= archive->size - *at);
    *at += size;
    return window;
}

static struct second_window take_sized(const struct second_archive *archive,
                                       size_t *at, int bytes)
{
    struct second_window size = take(archive, at, (size_t)bytes);

    return take(archive, at, (size_t)number(size.at, bytes));
}

static void split(struct second_archive *archive)
{
    size_t at = 8;
    uint8_t kind = 255;

    archive->made = number(archive->content, 8);
    while (kind != 0) {
        struct second_window body;
        size_t inside;

        kind = *take(archive, &at, 1).at;
        body = take_sized(archive, &at, 4);
        inside = (size_t)(body.at - archive->content);
        if (kind == 1) {
            size_t i = archive->containers++;

            assert_true(i < SECOND_MAX);
            archive->container[i].folder = take_sized(archive, &inside, 1);
            for (int f = 0; f < SECOND_FILES; f++)
                archive->container[i].file[f] = take_sized(archive, &inside, 4);
            assert_int_equal(inside, at);
        } else if (kind == 2) {
            assert_true(archive->certificates < SECOND_MAX);
            archive->certificate[archive->certificates++] = body;
        } else {
            assert_int_equal(kind, 0);
            assert_int_equal(body.size, 0);
        }
    }
    assert_int_equal(at, archive->size);
}

void second_read(const uint8_t *data, size_t size, const char *passphrase,
                 struct second_archive *archive)
{
    static const uint8_t magic[] = "\x8BKEP\r\n\x1A\n";
    uint8_t sum[16];

    memset(archive, 0, sizeof *archive);
    assert_true(size > 116);
    assert_memory_equal(data, magic, 8);
    assert_int_equal(number(data + 8, 2), 1);
    assert_int_equal(number(data + 10, 2), 116);
    crypto_generichash_blake2b(sum, 16, data, 100, NULL, 0);
    assert_memory_equal(sum, data + 100, 16);
    archive->size = (size_t)number(data + 20, 8);
    archive->content = calloc(1, archive->size);
    assert_non_null(archive->content);
    decrypt(data, size, passphrase, archive);
    split(archive);
}

void second_free(struct second_archive *archive)
{
    free(archive->content);
    archive->content = NULL;
}
