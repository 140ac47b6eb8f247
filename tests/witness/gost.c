#include "tests/witness/gost.h"

#include <gcrypt.h>
#include <string.h>

enum { ROUNDS = 2000, ROUNDS_EMPTY = 2, BLOCK_MAX = 64 };

const struct gost_profile gost_2001 = {GCRY_MD_GOSTR3411_CP, 32,
                                       "1.2.643.2.2.31.1"};
const struct gost_profile gost_2012 = {GCRY_MD_STRIBOG256, 64,
                                       "1.2.643.7.1.2.5.1.1"};

bool gost_prepare(void)
{
    if (gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P))
        return true;
    return gcry_check_version("1.10.0") != NULL &&
           gcry_control(GCRYCTL_DISABLE_SECMEM, 0) == 0 &&
           gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0) == 0;
}

static void finish(gcry_md_hd_t md, uint8_t out[GOST_KEY])
{
    memcpy(out, gcry_md_read(md, 0), GOST_KEY);
    gcry_md_reset(md);
}

static void write_span(gcry_md_hd_t md, struct span data)
{
    if (data.size > 0)
        gcry_md_write(md, data.at, data.size);
}

static void write_xored(gcry_md_hd_t md, const uint8_t *data, size_t size,
                        uint8_t with)
{
    uint8_t block[BLOCK_MAX];

    for (size_t i = 0; i < size; i++)
        block[i] = data[i] ^ with;
    gcry_md_write(md, block, size);
}

bool gost_derive(const struct gost_profile *profile, struct span password,
                 struct span salt, uint8_t key[GOST_KEY])
{
    uint8_t c[BLOCK_MAX] = "DENEFH028.760246785.IUEFHWUIO.EF", h[GOST_KEY];
    gcry_md_hd_t md;

    if (gcry_md_open(&md, profile->hash, 0) != 0)
        return false;
    write_span(md, salt);
    write_span(md, password);
    finish(md, h);
    for (int i = password.size == 0 ? ROUNDS_EMPTY : ROUNDS; i > 0; i--) {
        write_xored(md, c, profile->block, 0x36);
        gcry_md_write(md, h, sizeof h);
        write_xored(md, c, profile->block, 0x5C);
        gcry_md_write(md, h, sizeof h);
        finish(md, c); /* what is behind stays zero */
    }
    write_xored(md, c, GOST_KEY, 0x36);
    write_span(md, salt);
    write_xored(md, c, GOST_KEY, 0x5C);
    write_span(md, password);
    finish(md, h);
    gcry_md_write(md, h, sizeof h);
    finish(md, key);
    gcry_md_close(md);
    return true;
}

/* libgcrypt takes it as a pointer that it does not write through. */
static void *sbox_of(const struct gost_profile *profile)
{
    return (void *)(uintptr_t)profile->sbox;
}

bool gost_decrypt(const struct gost_profile *profile,
                  const uint8_t key[GOST_KEY], struct span in, uint8_t *out)
{
    gcry_cipher_hd_t cipher;
    bool good;

    if (gcry_cipher_open(&cipher, GCRY_CIPHER_GOST28147, GCRY_CIPHER_MODE_ECB,
                         0) != 0)
        return false;
    good =
        gcry_cipher_ctl(cipher, GCRYCTL_SET_SBOX, sbox_of(profile), 0) == 0 &&
        gcry_cipher_setkey(cipher, key, GOST_KEY) == 0 &&
        gcry_cipher_decrypt(cipher, out, in.size, in.at, in.size) == 0;
    gcry_cipher_close(cipher);
    return good;
}

bool gost_checksum(const struct gost_profile *profile,
                   const uint8_t key[GOST_KEY], struct span data,
                   uint8_t mac[GOST_MAC])
{
    size_t size = GOST_MAC;
    gcry_mac_hd_t handle;
    bool good;

    if (gcry_mac_open(&handle, GCRY_MAC_GOST28147_IMIT, 0, NULL) != 0)
        return false;
    good = gcry_mac_ctl(handle, GCRYCTL_SET_SBOX, sbox_of(profile), 0) == 0 &&
           gcry_mac_setkey(handle, key, GOST_KEY) == 0 &&
           gcry_mac_write(handle, data.at, data.size) == 0 &&
           gcry_mac_read(handle, mac, &size) == 0;
    gcry_mac_close(handle);
    return good && size == GOST_MAC;
}

/* --- numbers ------------------------------------------------------------ */

static gcry_mpi_t number(const uint8_t *data, size_t size)
{
    uint8_t turned[GOST_NUMBER];
    gcry_mpi_t mpi = NULL;

    for (size_t i = 0; i < size; i++)
        turned[i] = data[size - 1 - i];
    if (gcry_mpi_scan(&mpi, GCRYMPI_FMT_USG, turned, size, NULL) != 0)
        return NULL;
    return mpi;
}

static bool write_number(gcry_mpi_t mpi, uint8_t *out, size_t size)
{
    uint8_t turned[GOST_NUMBER];
    size_t used = 0;

    if (gcry_mpi_print(GCRYMPI_FMT_USG, turned, size, &used, mpi) != 0)
        return false;
    memset(out, 0, size);
    for (size_t i = 0; i < used; i++)
        out[i] = turned[used - 1 - i];
    return true;
}

static bool is_scalar(gcry_mpi_t number, gcry_mpi_t order)
{
    return number != NULL && gcry_mpi_cmp_ui(number, 0) > 0 &&
           gcry_mpi_cmp(number, order) < 0;
}

bool gost_unmask(const char *curve, struct span masked, struct span mask,
                 uint8_t *scalar)
{
    gcry_ctx_t context = NULL;
    gcry_mpi_t order = NULL, p, m, d;
    bool good = false;

    if (masked.size > GOST_NUMBER || mask.size != masked.size ||
        gcry_mpi_ec_new(&context, NULL, curve) != 0)
        return false;
    order = gcry_mpi_ec_get_mpi("n", context, 1);
    p = number(masked.at, masked.size);
    m = number(mask.at, mask.size);
    d = gcry_mpi_new(0);
    if (is_scalar(m, order) && p != NULL && gcry_mpi_invm(d, m, order)) {
        gcry_mpi_mulm(d, d, p, order);
        good = is_scalar(d, order) && write_number(d, scalar, masked.size);
    }
    gcry_mpi_release(p);
    gcry_mpi_release(m);
    gcry_mpi_release(d);
    gcry_mpi_release(order);
    gcry_ctx_release(context);
    return good;
}

bool gost_point(const char *curve, const uint8_t *scalar, size_t size,
                uint8_t *x, uint8_t *y)
{
    gcry_ctx_t context = NULL;
    gcry_mpi_point_t base, point;
    gcry_mpi_t d, ax, ay;
    bool good;

    if (size > GOST_NUMBER || gcry_mpi_ec_new(&context, NULL, curve) != 0)
        return false;
    base = gcry_mpi_ec_get_point("g", context, 1);
    point = gcry_mpi_point_new(0);
    d = number(scalar, size);
    ax = gcry_mpi_new(0);
    ay = gcry_mpi_new(0);
    gcry_mpi_ec_mul(point, d, base, context);
    good = gcry_mpi_ec_get_affine(ax, ay, point, context) == 0 &&
           write_number(ax, x, size) && write_number(ay, y, size);
    gcry_mpi_release(d);
    gcry_mpi_release(ax);
    gcry_mpi_release(ay);
    gcry_mpi_point_release(base);
    gcry_mpi_point_release(point);
    gcry_ctx_release(context);
    return good;
}
