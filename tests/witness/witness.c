#include "tests/witness/witness.h"

#include "tests/witness/witness_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 128 * 1024, CELLS_MAX = 4 * 256, SALT = 12 };

enum { HEADER, NAME, MASKS, PRIMARY, MASKS2, PRIMARY2 };

static const char *const names[WITNESS_FILES] = {"header.key", "name.key",
                                                 "masks.key",  "primary.key",
                                                 "masks2.key", "primary2.key"};

static bool read_file(const char *folder, const char *name, struct span *file)
{
    uint8_t *data = calloc(1, FILE_MAX);
    char path[4096];
    FILE *stream;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    stream = fopen(path, "rb");
    if (stream == NULL || data == NULL) {
        free(data);
        return false;
    }
    *file = (struct span){data, fread(data, 1, FILE_MAX, stream)};
    fclose(stream);
    return true;
}

/* Behind the outer sequence tokens put FF, other programs 00. */
static bool outer(struct span file, struct span *content)
{
    if (!asn1_take(&file, 0x30, content))
        return false;
    for (size_t i = 0; i < file.size; i++)
        if (file.at[i] != file.at[0] || (file.at[0] != 0 && file.at[0] != 0xFF))
            return false;
    return true;
}

static const char *read_name(struct witness *witness)
{
    struct span list, name;

    if (!outer(witness->file[NAME], &list) || !asn1_take(&list, 0x16, &name) ||
        name.size >= WITNESS_NAME)
        return "name.key is malformed";
    memcpy(witness->name, name.at, name.size);
    return NULL;
}

/* --- the password ------------------------------------------------------- */

/* UTF-8 to four bytes a character, little-endian. */
static bool cells_of(const char *password, uint8_t *cells, size_t *size)
{
    const uint8_t *at = (const uint8_t *)password;

    for (*size = 0; *at != 0; *size += 4) {
        int more = *at < 0x80 ? 0 : *at < 0xE0 ? 1 : *at < 0xF0 ? 2 : 3;
        uint32_t value = more == 0 ? *at : *at & (0x3FU >> more);

        if (*size + 4 > CELLS_MAX)
            return false;
        for (at++; more > 0; more--)
            value = value << 6 | (*at++ & 0x3FU);
        for (int i = 0; i < 4; i++)
            cells[*size + (size_t)i] = (uint8_t)(value >> 8 * i);
    }
    return true;
}

static const char *check_password(const struct witness *witness,
                                  struct span cells)
{
    static const uint8_t zero[16];
    uint8_t key[GOST_KEY], mac[GOST_MAC] = {0};
    const struct witness_key *first = &witness->key[0];

    if (witness->password_seal.size != GOST_MAC)
        return "there is no checksum of the password";
    if (witness->has_password &&
        (!gost_derive(first->profile, cells, first->fingerprint, key) ||
         !gost_checksum(first->profile, key, (struct span){zero, sizeof zero},
                        mac)))
        return "libgcrypt fails";
    if (memcmp(mac, witness->password_seal.at, sizeof mac) != 0)
        return "the password is wrong";
    return NULL;
}

/* --- the keys ----------------------------------------------------------- */

struct pair {
    struct span mask, salt, seal, key[WITNESS_KEYS];
};

static const char *read_pair(const struct witness *witness, int number,
                             struct pair *pair)
{
    struct span masks, primary;

    if (!outer(witness->file[number == 0 ? MASKS : MASKS2], &masks) ||
        !asn1_take(&masks, 0x04, &pair->mask) ||
        !asn1_take(&masks, 0x04, &pair->salt) ||
        !asn1_take(&masks, 0x04, &pair->seal) || masks.size != 0 ||
        pair->salt.size != SALT || pair->seal.size != GOST_MAC)
        return "masks.key is malformed";
    if (!outer(witness->file[number == 0 ? PRIMARY : PRIMARY2], &primary) ||
        !asn1_take(&primary, 0x04, &pair->key[0]) ||
        !asn1_maybe(&primary, 0x80, &pair->key[1]) || primary.size != 0)
        return "primary.key is malformed";
    for (int i = 0; i < WITNESS_KEYS; i++)
        if (witness->key[i].present != (pair->key[i].at != NULL) ||
            (pair->key[i].at != NULL &&
             (pair->key[i].size != witness->key[i].size ||
              pair->mask.size != witness->key[i].size)))
            return "the header has other keys than primary.key";
    return NULL;
}

/* The first copy sets the scalar, the second must have the same. */
static const char *open_key(struct witness_key *key, const struct pair *pair,
                            struct span sealed, const uint8_t *storage,
                            int number)
{
    uint8_t *masked = key->masked[number], scalar[GOST_NUMBER];

    if (!gost_decrypt(key->profile, storage, sealed, masked) ||
        !gost_unmask(key->curve, (struct span){masked, key->size}, pair->mask,
                     scalar))
        return "a key cannot be unmasked";
    if (number == 0)
        memcpy(key->scalar, scalar, key->size);
    return memcmp(key->scalar, scalar, key->size) == 0
               ? NULL
               : "the reserve copy is of another key";
}

static const char *open_pair(struct witness *witness, int number,
                             struct span cells)
{
    const struct gost_profile *profile = witness->key[0].profile;
    uint8_t *storage = witness->storage[number], mac[GOST_MAC];
    struct pair pair;
    const char *wrong = read_pair(witness, number, &pair);

    if (wrong != NULL)
        return wrong;
    if (!gost_checksum(profile, pair.mask.at + pair.mask.size - GOST_KEY,
                       pair.salt, mac) ||
        memcmp(mac, pair.seal.at, sizeof mac) != 0)
        return "the checksum of masks.key is wrong";
    if (!gost_derive(profile, cells, pair.salt, storage))
        return "libgcrypt fails";
    for (int i = 0; wrong == NULL && i < WITNESS_KEYS; i++)
        if (witness->key[i].present)
            wrong =
                open_key(&witness->key[i], &pair, pair.key[i], storage, number);
    return wrong;
}

static const char *check_key(struct witness_key *key)
{
    struct span x, y;

    if (!gost_point(key->curve, key->scalar, key->size, key->x, key->y))
        return "libgcrypt does not compute this curve";
    if (memcmp(key->fingerprint.at, key->x, key->fingerprint.size) != 0)
        return "the fingerprint is of another key";
    if (key->certificate.at == NULL)
        return NULL;
    if (!witness_header_point(key->certificate, key->size, &x, &y))
        return "the certificate is malformed";
    return memcmp(x.at, key->x, key->size) == 0 &&
                   memcmp(y.at, key->y, key->size) == 0
               ? NULL
               : "the certificate is of another key";
}

/* --- all of it ---------------------------------------------------------- */

static const char *read_files(struct witness *witness, const char *folder)
{
    struct span header;

    for (int i = HEADER; i <= PRIMARY; i++)
        if (!read_file(folder, names[i], &witness->file[i]))
            return "a file is missing";
    if (!outer(witness->file[HEADER], &header) ||
        !witness_header_read(witness, header))
        return "header.key is malformed";
    for (int i = MASKS2; i <= PRIMARY2; i++)
        if (read_file(folder, names[i], &witness->file[i]) !=
            witness->has_reserve)
            return "the header says another thing of a reserve copy";
    return NULL;
}

static const char *check_seal(const struct witness *witness)
{
    static const uint8_t zero[GOST_KEY];
    uint8_t mac[GOST_MAC];

    return gost_checksum(witness->key[0].profile, zero, witness->content,
                         mac) &&
                   memcmp(mac, witness->seal.at, sizeof mac) == 0
               ? NULL
               : "the checksum of header.key is wrong";
}

const char *witness_open(struct witness *witness, const char *folder,
                         const char *password, int pairs)
{
    uint8_t cells[CELLS_MAX];
    struct span typed = {cells, 0};
    const char *wrong;

    memset(witness, 0, sizeof *witness);
    if (!gost_prepare())
        return "libgcrypt is not ready";
    wrong = read_files(witness, folder);
    if (wrong == NULL)
        wrong = check_seal(witness);
    if (wrong == NULL)
        wrong = read_name(witness);
    if (wrong == NULL && witness->has_password &&
        (password == NULL || !cells_of(password, cells, &typed.size)))
        wrong = "a password is needed";
    if (wrong == NULL)
        wrong = check_password(witness, typed);
    for (int i = 0; wrong == NULL && i < (witness->has_reserve ? pairs : 1);
         i++)
        wrong = open_pair(witness, i, typed);
    for (int i = 0; wrong == NULL && i < WITNESS_KEYS; i++)
        if (witness->key[i].present)
            wrong = check_key(&witness->key[i]);
    return wrong;
}

void witness_close(struct witness *witness)
{
    for (int i = 0; i < WITNESS_FILES; i++)
        free((void *)(uintptr_t)witness->file[i].at);
    memset(witness, 0, sizeof *witness);
}
