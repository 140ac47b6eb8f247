#include "tests/vtoken/vtoken_card.h"

#include <gcrypt.h>
#include <string.h>

enum {
    KIND_PRIVATE = 0x03, /* GOST R 34.10, 256 bits */
    KIND_PUBLIC = 0x13,
    NUMBER = 32,
    POINT = 2 * NUMBER,
    HASH = 32,
    REFERENCE_MAX = 0xFF
};

/* The parameter sets whose number is published. */
static const struct {
    uint8_t number;
    const char *curve;
} curves[] = {
    {0x20, "GOST2001-CryptoPro-A"},
    {0x30, "GOST2001-CryptoPro-B"},
    {0x40, "GOST2001-CryptoPro-C"},
};

static const char *curve_of(const struct vtoken_file *key)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        if (curves[i].number == key->property[1])
            return curves[i].curve;
    }
    return NULL;
}

static struct vtoken_file *folder_of(const struct vtoken *card, uint8_t kind)
{
    return vtoken_tree_find(card, kind == KIND_PRIVATE ? "1000/1000/6002"
                                                       : "1000/1000/6001");
}

static struct vtoken_file *key_of(const struct vtoken *card, uint8_t kind,
                                  unsigned reference)
{
    struct vtoken_file *folder = folder_of(card, kind);

    return folder == NULL ? NULL
                          : vtoken_tree_child(folder, (uint16_t)reference);
}

/* Filed by its kind, whatever folder is current. Kinds and parameter sets
 * that are not published are refused. */
unsigned vtoken_key_create(struct vtoken *card, const struct vtoken_file *like)
{
    uint8_t kind = like->property[0];
    struct vtoken_file *folder = folder_of(card, kind), *made;
    unsigned sw;

    if (card->setup.dialect != VTOKEN_ECP ||
        (kind != KIND_PRIVATE && kind != KIND_PUBLIC))
        return SW_UNSUPPORTED;
    if (curve_of(like) == NULL || like->id == 0 || like->id > REFERENCE_MAX ||
        like->size != (kind == KIND_PRIVATE ? NUMBER : POINT))
        return SW_DATA;
    if (folder == NULL)
        return SW_NO_FILE;
    if (!vtoken_tree_may(card, &folder->security, MAY_CREATE_RSF))
        return SW_RIGHTS;
    sw = vtoken_tree_make(card, folder, like, &made);
    if (sw == SW_GOOD) {
        card->folder = folder;
        card->file = made;
    }
    return sw;
}

unsigned vtoken_key_load(struct vtoken *card, const uint8_t *body, size_t size)
{
    struct vtoken_file *key = card->file;

    if (key == NULL || key->type != FILE_RSF)
        return SW_NO_EF;
    if (!vtoken_tree_may(card, &key->security, MAY_UPDATE))
        return SW_RIGHTS;
    if (size != key->size)
        return SW_DATA;
    memcpy(key->data, body, size);
    key->filled = true;
    return SW_GOOD;
}

/* --- arithmetic: numbers are little-endian -------------------------------- */

static gcry_mpi_t number(const uint8_t *data)
{
    uint8_t turned[NUMBER];
    gcry_mpi_t mpi = NULL;

    for (size_t i = 0; i < NUMBER; i++)
        turned[i] = data[NUMBER - 1 - i];
    (void)gcry_mpi_scan(&mpi, GCRYMPI_FMT_USG, turned, NUMBER, NULL);
    return mpi;
}

static void write_number(gcry_mpi_t mpi, uint8_t *out)
{
    uint8_t turned[NUMBER];
    size_t size = 0;

    memset(out, 0, NUMBER);
    if (gcry_mpi_print(GCRYMPI_FMT_USG, turned, NUMBER, &size, mpi) != 0)
        return;
    for (size_t i = 0; i < size; i++)
        out[i] = turned[size - 1 - i];
}

/* A number from 1 to the order less 1. */
static gcry_mpi_t draw(gcry_mpi_t order)
{
    uint8_t bytes[NUMBER];
    gcry_mpi_t drawn = NULL;

    do {
        gcry_mpi_release(drawn);
        gcry_create_nonce(bytes, sizeof bytes);
        drawn = number(bytes);
    } while (gcry_mpi_cmp_ui(drawn, 0) == 0 || gcry_mpi_cmp(drawn, order) >= 0);
    return drawn;
}

/* The multiple of the base point; y may be NULL. */
static bool multiply(gcry_ctx_t curve, gcry_mpi_t by, gcry_mpi_t x,
                     gcry_mpi_t y)
{
    gcry_mpi_point_t base = gcry_mpi_ec_get_point("g", curve, 1);
    gcry_mpi_point_t point = gcry_mpi_point_new(0);
    bool good;

    gcry_mpi_ec_mul(point, by, base, curve);
    good = gcry_mpi_ec_get_affine(x, y, point, curve) == 0;
    gcry_mpi_point_release(base);
    gcry_mpi_point_release(point);
    return good;
}

static bool make_pair(const char *name, uint8_t *scalar, uint8_t *point)
{
    gcry_ctx_t curve = NULL;
    gcry_mpi_t order, d, x = gcry_mpi_new(0), y = gcry_mpi_new(0);
    bool good;

    if (gcry_mpi_ec_new(&curve, NULL, name) != 0)
        return false;
    order = gcry_mpi_ec_get_mpi("n", curve, 1);
    d = draw(order);
    good = multiply(curve, d, x, y);
    write_number(d, scalar);
    write_number(x, point);
    write_number(y, point + NUMBER);
    gcry_mpi_release(order);
    gcry_mpi_release(d);
    gcry_mpi_release(x);
    gcry_mpi_release(y);
    gcry_ctx_release(curve);
    return good;
}

/* GOST R 34.10-2012, 6.1: r of one k, and s. False: another k is needed. */
static bool sign_with(gcry_ctx_t curve, gcry_mpi_t k, gcry_mpi_t d,
                      gcry_mpi_t e, gcry_mpi_t r, gcry_mpi_t s)
{
    gcry_mpi_t order = gcry_mpi_ec_get_mpi("n", curve, 1);
    gcry_mpi_t ke = gcry_mpi_new(0);
    bool good = multiply(curve, k, r, NULL);

    gcry_mpi_mod(r, r, order);
    gcry_mpi_mulm(s, r, d, order);
    gcry_mpi_mulm(ke, k, e, order);
    gcry_mpi_addm(s, s, ke, order);
    good = good && gcry_mpi_cmp_ui(r, 0) != 0 && gcry_mpi_cmp_ui(s, 0) != 0;
    gcry_mpi_release(ke);
    gcry_mpi_release(order);
    return good;
}

/* The signature as the token gives it: r, then s. */
static bool sign(const char *name, const uint8_t *scalar, const uint8_t *hash,
                 uint8_t *signature)
{
    gcry_mpi_t d = number(scalar), e = number(hash), order, k;
    gcry_mpi_t r = gcry_mpi_new(0), s = gcry_mpi_new(0);
    gcry_ctx_t curve = NULL;
    bool good = false;

    if (gcry_mpi_ec_new(&curve, NULL, name) != 0)
        return false;
    order = gcry_mpi_ec_get_mpi("n", curve, 1);
    gcry_mpi_mod(e, e, order);
    if (gcry_mpi_cmp_ui(e, 0) == 0)
        gcry_mpi_set_ui(e, 1);
    for (int i = 0; i < 8 && !good; i++) {
        k = draw(order);
        good = sign_with(curve, k, d, e, r, s);
        gcry_mpi_release(k);
    }
    write_number(r, signature);
    write_number(s, signature + NUMBER);
    gcry_mpi_release(d);
    gcry_mpi_release(e);
    gcry_mpi_release(r);
    gcry_mpi_release(s);
    gcry_mpi_release(order);
    gcry_ctx_release(curve);
    return good;
}

/* --- commands ------------------------------------------------------------ */

unsigned vtoken_key_generate(struct vtoken *card, const struct command *command,
                             struct answer *answer)
{
    struct vtoken_file *key = key_of(card, KIND_PRIVATE, command->p2);
    struct vtoken_file *pub = key_of(card, KIND_PUBLIC, command->p2);

    if (command->p1 != 0x80)
        return SW_P1P2;
    if (command->has_data || command->le == 0)
        return SW_LENGTH;
    if (key == NULL || pub == NULL)
        return SW_NO_FILE;
    if (key->property[1] != pub->property[1])
        return SW_CONDITIONS;
    if (!vtoken_tree_may(card, &key->security, MAY_UPDATE) ||
        !vtoken_tree_may(card, &pub->security, MAY_UPDATE))
        return SW_RIGHTS;
    /* With T=0 it is made only when its length is asked for. */
    if (card->setup.t0 && command->le != POINT)
        return SW_LE | POINT;
    if (!make_pair(curve_of(key), key->data, pub->data))
        return SW_CONDITIONS;
    key->filled = pub->filled = true;
    memcpy(answer->data, pub->data, POINT);
    answer->size = POINT;
    return SW_GOOD;
}

/* 41 B6 with 84 01 ID sets the key, F4 erases what was set. */
unsigned vtoken_key_environment(struct vtoken *card,
                                const struct command *command,
                                struct answer *answer)
{
    static const uint8_t head[] = {0x84, 0x01};

    (void)answer;
    if (command->p1 == 0xF4) {
        card->key = -1;
        return SW_GOOD;
    }
    if (command->p1 != 0x41 || command->p2 != 0xB6)
        return SW_P1P2;
    if (command->size != 3 || memcmp(command->data, head, sizeof head) != 0)
        return SW_DATA;
    card->key = command->data[2];
    return SW_GOOD;
}

unsigned vtoken_key_sign(struct vtoken *card, const struct command *command,
                         struct answer *answer)
{
    struct vtoken_file *key;

    if (command->p1 != 0x9E || command->p2 != 0x9A)
        return SW_P1P2;
    if (card->key < 0)
        return SW_CONDITIONS;
    key = key_of(card, KIND_PRIVATE, (unsigned)card->key);
    if (key == NULL)
        return SW_NO_OBJECT;
    if (!vtoken_tree_may(card, &key->security, MAY_USE))
        return SW_RIGHTS;
    if (!key->filled)
        return SW_CONDITIONS;
    if (command->size != HASH)
        return SW_LENGTH;
    if (!sign(curve_of(key), key->data, command->data, answer->data))
        return SW_CONDITIONS;
    answer->size = POINT;
    return SW_GOOD;
}
