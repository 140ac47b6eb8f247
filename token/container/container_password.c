#include "token/container/container_password.h"

#include "keygen/secret.h"
#include "keygen/utf8.h"
#include "token/container/codepage.h"

#include <sodium.h>
#include <string.h>

static void put_cell(struct container_password *password, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        password->cells[password->size++] = (uint8_t)(value >> 8 * i);
}

/* Characters of UTF-8, or -1 where it is none; whether all are ASCII. */
static int count(const char *text, bool *ascii)
{
    size_t left = strlen(text);
    int characters = 0;
    uint32_t character;

    *ascii = true;
    while (characters <= CONTAINER_PASSWORD_MAX &&
           utf8_read(&text, &left, &character)) {
        *ascii &= character < 0x80;
        characters++;
    }
    return left > 0 && characters <= CONTAINER_PASSWORD_MAX ? -1 : characters;
}

static enum fault put_bytes(const uint8_t *bytes, size_t size,
                            struct container_password *password)
{
    if (size > sizeof password->cells / 4)
        return FAULT_TOO_LARGE;
    for (size_t i = 0; i < size; i++)
        put_cell(password, bytes[i]);
    return FAULT_NONE;
}

static enum fault from_utf32(const char *text,
                             struct container_password *password)
{
    size_t left = strlen(text);
    uint32_t character;

    while (utf8_read(&text, &left, &character))
        put_cell(password, character);
    return FAULT_NONE;
}

static enum fault from_cp1251(const char *text,
                              struct container_password *password)
{
    uint8_t *bytes = secret_new(CONTAINER_PASSWORD_MAX);
    enum fault fault = FAULT_MEMORY;
    size_t size;

    if (bytes == NULL)
        return fault;
    fault = codepage_encode(text, bytes, CONTAINER_PASSWORD_MAX, &size);
    if (fault == FAULT_NONE)
        fault = put_bytes(bytes, size, password);
    secret_free(&bytes);
    return fault;
}

static enum fault from_bytes(const char *text,
                             struct container_password *password)
{
    return put_bytes((const uint8_t *)text, strlen(text), password);
}

static enum fault (*const fill[CONTAINER_PASSWORD_FORMS])(
    const char *text, struct container_password *password) = {
    [CONTAINER_PASSWORD_UTF32] = from_utf32,
    [CONTAINER_PASSWORD_CP1251] = from_cp1251,
    [CONTAINER_PASSWORD_BYTES] = from_bytes,
};

enum fault container_password_cells(const char *text,
                                    enum container_password_form form,
                                    struct container_password **password)
{
    enum fault fault = FAULT_MEMORY;
    bool ascii;
    int characters = count(text, &ascii);

    *password = NULL;
    if (characters > CONTAINER_PASSWORD_MAX)
        return FAULT_TOO_LARGE;
    if (characters < 0 ? form != CONTAINER_PASSWORD_BYTES
                       : ascii && form != CONTAINER_PASSWORD_UTF32)
        return FAULT_ARGUMENT;
    *password = secret_new(sizeof **password);
    if (*password != NULL)
        fault = fill[form](text, *password);
    if (fault != FAULT_NONE)
        secret_free(password);
    return fault;
}

/* The one that was derived so, or NULL. */
static const struct container_password_key *
find_key(const struct container_password *password,
         const struct cpkdf_hash *hash, const uint8_t *salt, size_t salt_size)
{
    for (unsigned i = 0; i < CONTAINER_PASSWORD_KEYS && i < password->derived;
         i++) {
        const struct container_password_key *one = &password->key[i];

        if (one->hash.digest == hash->digest &&
            one->hash.block == hash->block && one->salt_size == salt_size &&
            memcmp(one->salt, salt, salt_size) == 0)
            return one;
    }
    return NULL;
}

static enum fault derive_key(struct container_password *password,
                             const struct cpkdf_hash *hash, const uint8_t *salt,
                             size_t salt_size, uint8_t *key)
{
    struct container_password_key *one =
        &password->key[password->derived % CONTAINER_PASSWORD_KEYS];
    enum fault fault =
        cpkdf(hash, password->cells, password->size, salt, salt_size, key);

    if (fault != FAULT_NONE)
        return fault;
    one->hash = *hash;
    memcpy(one->salt, salt, salt_size);
    one->salt_size = salt_size;
    secret_move(one->key, key, CPKDF_KEY);
    password->derived++;
    return FAULT_NONE;
}

enum fault container_password_key(struct container_password *password,
                                  const struct cpkdf_hash *hash,
                                  const uint8_t *salt, size_t salt_size,
                                  uint8_t *key)
{
    const struct container_password_key *known =
        find_key(password, hash, salt, salt_size);

    if (known == NULL)
        return derive_key(password, hash, salt, salt_size, key);
    secret_move(key, known->key, CPKDF_KEY);
    return FAULT_NONE;
}

void container_password_forget(struct container_password *password)
{
    sodium_memzero(password->key, sizeof(password->key));
    password->derived = 0;
}

enum fault container_password_check(const char *text)
{
    size_t size = strnlen(text, CONTAINER_PASSWORD_MAX + 1);

    if (size > CONTAINER_PASSWORD_MAX)
        return FAULT_TOO_LARGE;
    for (size_t i = 0; i < size; i++)
        if (text[i] < ' ' || text[i] > '~')
            return FAULT_ARGUMENT;
    return FAULT_NONE;
}

enum fault container_password_new(const char *text,
                                  struct container_password **password)
{
    enum fault fault;

    *password = NULL;
    text = text == NULL ? "" : text;
    fault = container_password_check(text);
    return fault == FAULT_NONE ? container_password_cells(
                                     text, CONTAINER_PASSWORD_UTF32, password)
                               : fault;
}
