#include "tests/witness/witness_pfx.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHA1 = 20,
    BLOCK = 64,
    PASSWORD_MAX = 600,
    SALT_MAX = 64,
    BLOB_MAX = 1024,
    KEY = 1,
    IV = 2,
    MAC = 3
};

/* What a derivation takes. */
struct protection {
    char oid[ASN1_OID_TEXT];
    struct span salt;
    unsigned iterations;
};

static unsigned number_of(struct span integer)
{
    unsigned value = 0;

    for (size_t i = 0; i < integer.size && i < 4; i++)
        value = value << 8 | integer.at[i];
    return value;
}

static bool is(struct span oid, const char *wanted)
{
    char text[ASN1_OID_TEXT];

    return asn1_oid(oid, text) && strcmp(text, wanted) == 0;
}

static bool read_protection(struct span in, struct protection *protection)
{
    struct span oid, list, iterations;

    if (!asn1_take(&in, 0x06, &oid) || !asn1_oid(oid, protection->oid) ||
        !asn1_take(&in, 0x30, &list) || in.size != 0 ||
        !asn1_take(&list, 0x04, &protection->salt) ||
        !asn1_take(&list, 0x02, &iterations) || list.size != 0 ||
        protection->salt.size > SALT_MAX)
        return false;
    protection->iterations = number_of(iterations);
    return true;
}

/* --- RFC 7292 B, with SHA-1 and one block of output at most --------------- */

static size_t fill(uint8_t *out, struct span with)
{
    const size_t size = (with.size + BLOCK - 1) / BLOCK * BLOCK;

    for (size_t i = 0; i < size; i++)
        out[i] = with.at[i % with.size];
    return size;
}

static bool derive(const struct protection *protection, struct span password,
                   uint8_t id, uint8_t out[SHA1])
{
    uint8_t mix[BLOCK + SALT_MAX + BLOCK + PASSWORD_MAX + 2 + BLOCK];
    uint8_t wide[PASSWORD_MAX + 2] = {0};
    size_t size = BLOCK;

    if (password.size > PASSWORD_MAX)
        return false;
    for (size_t i = 0; i < password.size; i++)
        wide[i] = password.at[i ^ 1];
    memset(mix, id, BLOCK);
    size += fill(mix + size, protection->salt);
    size += fill(mix + size, (struct span){wide, password.size + 2});
    gcry_md_hash_buffer(GCRY_MD_SHA1, out, mix, size);
    for (unsigned i = 1; i < protection->iterations; i++)
        gcry_md_hash_buffer(GCRY_MD_SHA1, out, out, SHA1);
    return true;
}

static bool mac_agrees(struct span mac_data, struct span password,
                       struct span data)
{
    struct protection protection;
    struct span info, algorithm, oid, digest, count;
    uint8_t key[SHA1];
    gcry_mac_hd_t mac;
    bool good;

    if (!asn1_take(&mac_data, 0x30, &info) ||
        !asn1_take(&info, 0x30, &algorithm) ||
        !asn1_take(&algorithm, 0x06, &oid) || !is(oid, "1.3.14.3.2.26") ||
        !asn1_take(&info, 0x04, &digest) ||
        !asn1_take(&mac_data, 0x04, &protection.salt) ||
        protection.salt.size > SALT_MAX || !asn1_take(&mac_data, 0x02, &count))
        return false;
    protection.iterations = number_of(count);
    if (!derive(&protection, password, MAC, key) ||
        gcry_mac_open(&mac, GCRY_MAC_HMAC_SHA1, 0, NULL) != 0)
        return false;
    good = gcry_mac_setkey(mac, key, sizeof key) == 0 &&
           gcry_mac_write(mac, data.at, data.size) == 0 &&
           gcry_mac_verify(mac, digest.at, digest.size) == 0;
    gcry_mac_close(mac);
    return good;
}

/* --- the key ------------------------------------------------------------- */

/* GOST R 34.11-94 over and over. */
static bool derive_cryptopro(const struct protection *protection,
                             struct span password, uint8_t key[GOST_KEY])
{
    struct span before = password;
    gcry_md_hd_t md;

    if (gcry_md_open(&md, GCRY_MD_GOSTR3411_CP, 0) != 0)
        return false;
    for (unsigned i = 1; i <= protection->iterations; i++) {
        const uint8_t count[] = {(uint8_t)(i >> 8), (uint8_t)i};

        gcry_md_write(md, before.at, before.size);
        gcry_md_write(md, protection->salt.at, protection->salt.size);
        gcry_md_write(md, count, sizeof count);
        memcpy(key, gcry_md_read(md, 0), GOST_KEY);
        gcry_md_reset(md);
        before = (struct span){key, GOST_KEY};
    }
    gcry_md_close(md);
    return true;
}

/* mode of a cipher backwards. */
static bool decrypt(int cipher, int mode, struct span key, const uint8_t *iv,
                    struct span in, uint8_t *out)
{
    gcry_cipher_hd_t handle;
    bool good;

    if (gcry_cipher_open(&handle, cipher, mode, 0) != 0)
        return false;
    good = (cipher != GCRY_CIPHER_GOST28147 ||
            gcry_cipher_ctl(handle, GCRYCTL_SET_SBOX,
                            (void *)(uintptr_t)gost_2001.sbox, 0) == 0) &&
           gcry_cipher_setkey(handle, key.at, key.size) == 0 &&
           gcry_cipher_setiv(handle, iv, 8) == 0 &&
           gcry_cipher_decrypt(handle, out, in.size, in.at, in.size) == 0;
    gcry_cipher_close(handle);
    return good;
}

/* HMAC-Streebog-256 of R 50.1.113 4.5. */
static bool own_key(const uint8_t *kek, struct span ukm, uint8_t out[GOST_KEY])
{
    static const uint8_t label[] = {0x01, 0x26, 0xBD, 0xB8, 0x78, 0x00};
    static const uint8_t length[] = {0x01, 0x00};
    size_t size = GOST_KEY;
    gcry_mac_hd_t mac;
    bool good;

    if (gcry_mac_open(&mac, GCRY_MAC_HMAC_STRIBOG256, 0, NULL) != 0)
        return false;
    good = gcry_mac_setkey(mac, kek, GOST_KEY) == 0 &&
           gcry_mac_write(mac, label, sizeof label) == 0 &&
           gcry_mac_write(mac, ukm.at, ukm.size) == 0 &&
           gcry_mac_write(mac, length, sizeof length) == 0 &&
           gcry_mac_read(mac, out, &size) == 0;
    gcry_mac_close(mac);
    return good;
}

/* RFC 4357 6.1, 6.2: the checksum begins with the UKM. */
static const char *unwrap(struct witness_pfx *pfx, const uint8_t *own,
                          struct span ukm, struct span wrapped, struct span mac)
{
    uint8_t begun[GOST_NUMBER], sum[GOST_MAC];

    pfx->size = wrapped.size;
    if (wrapped.size > GOST_NUMBER || ukm.size != 8 || mac.size != GOST_MAC ||
        !gost_decrypt(&gost_2001, own, wrapped, pfx->scalar))
        return "the wrapped key is malformed";
    memcpy(begun, pfx->scalar, pfx->size);
    for (size_t i = 0; i < 8; i++)
        begun[i] ^= ukm.at[i];
    if (!gost_checksum(&gost_2001, own, (struct span){begun, pfx->size}, sum) ||
        memcmp(sum, mac.at, sizeof sum) != 0)
        return "the checksum of the key is wrong";
    return NULL;
}

static bool read_parameters(struct witness_pfx *pfx, struct span in)
{
    struct span bits, kind, oid, list;

    if (!asn1_take(&in, 0x03, &bits) || !asn1_take(&in, 0xA0, &kind) ||
        in.size != 0 || !asn1_take(&kind, 0x06, &oid) ||
        !asn1_oid(oid, pfx->agreement) || !asn1_take(&kind, 0x30, &list) ||
        kind.size != 0 || !asn1_take(&list, 0x06, &oid) ||
        !asn1_oid(oid, pfx->curve))
        return false;
    pfx->attributes = bits.size > 1 ? bits.at[1] : 0;
    return true;
}

static const char *read_blob(struct witness_pfx *pfx, struct span in,
                             const uint8_t *kek)
{
    static const uint8_t type[] = {0x07, 0x20, 0, 0};
    static const uint8_t magic[] = {'M', 'A', 'G', '1', 0x20, 0, 0, 0};
    struct span outer, list, ukm, wrap, wrapped, mac, parameters, sum, whole;
    uint8_t own[GOST_KEY], check[GOST_MAC];

    if (in.size < 16 || memcmp(in.at, type, sizeof type) != 0 ||
        memcmp(in.at + 8, magic, sizeof magic) != 0)
        return "not a blob of CSP";
    pfx->number = (uint32_t)(in.at[4] | in.at[5] << 8 | in.at[6] << 16);
    in = (struct span){in.at + 16, in.size - 16};
    if (!asn1_take(&in, 0x30, &outer) || in.size != 0)
        return "the blob is malformed";
    whole.at = outer.at;
    if (!asn1_take(&outer, 0x30, &list))
        return "the blob is malformed";
    whole.size = (size_t)(outer.at - whole.at);
    if (!asn1_take(&outer, 0x04, &sum) || outer.size != 0 ||
        sum.size != GOST_MAC || !asn1_take(&list, 0x04, &ukm) ||
        !asn1_take(&list, 0x30, &wrap) ||
        !asn1_take(&list, 0xA0, &parameters) || list.size != 0 ||
        !asn1_take(&wrap, 0x04, &wrapped) || !asn1_take(&wrap, 0x04, &mac) ||
        wrap.size != 0 || !read_parameters(pfx, parameters))
        return "the blob is malformed";
    if (!own_key(kek, ukm, own) ||
        !gost_checksum(&gost_2001, own, whole, check) ||
        memcmp(check, sum.at, sizeof check) != 0)
        return "the checksum of the blob is wrong";
    return unwrap(pfx, own, ukm, wrapped, mac);
}

/* PrivateKeyInfo with the period among its attributes. */
static const char *read_key_info(struct witness_pfx *pfx, struct span in,
                                 const uint8_t *kek)
{
    struct span list, version, kind, oid, blob, attributes, one, set, period;
    struct span end;

    if (!asn1_take(&in, 0x30, &list) || in.size != 0 ||
        !asn1_take(&list, 0x02, &version) || number_of(version) != 0 ||
        !asn1_take(&list, 0x30, &kind) || !asn1_take(&kind, 0x06, &oid) ||
        kind.size != 0 || !asn1_oid(oid, pfx->algorithm) ||
        !asn1_take(&list, 0x04, &blob) ||
        !asn1_maybe(&list, 0xA0, &attributes) || list.size != 0)
        return "not a PrivateKeyInfo";
    if (attributes.at != NULL &&
        (!asn1_take(&attributes, 0x30, &one) || attributes.size != 0 ||
         !asn1_take(&one, 0x06, &oid) || !is(oid, "1.2.643.2.2.37.3.10") ||
         !asn1_take(&one, 0x31, &set) || one.size != 0 ||
         !asn1_take(&set, 0x30, &period) || set.size != 0 ||
         !asn1_take(&period, 0x81, &end) || period.size != 0 ||
         end.size >= sizeof pfx->not_after))
        return "the period is malformed";
    if (attributes.at != NULL)
        memcpy(pfx->not_after, end.at, end.size);
    return read_blob(pfx, blob, kek);
}

static const char *read_shrouded(struct witness_pfx *pfx, struct span in,
                                 struct span password)
{
    struct protection protection;
    struct span list, algorithm, data;
    uint8_t kek[GOST_KEY], plain[BLOB_MAX];

    if (!asn1_take(&in, 0x30, &list) || in.size != 0 ||
        !asn1_take(&list, 0x30, &algorithm) || !asn1_take(&list, 0x04, &data) ||
        list.size != 0 || data.size > sizeof plain ||
        !read_protection(algorithm, &protection) ||
        strcmp(protection.oid, "1.2.840.113549.1.12.1.80") != 0 ||
        protection.salt.size != 16 || protection.iterations != 2000)
        return "the key is not protected as CSP does it";
    if (!derive_cryptopro(&protection, password, kek) ||
        !decrypt(GCRY_CIPHER_GOST28147, GCRY_CIPHER_MODE_CFB,
                 (struct span){kek, sizeof kek}, protection.salt.at, data,
                 plain))
        return "the key cannot be decrypted";
    return read_key_info(pfx, (struct span){plain, data.size}, kek);
}

/* --- bags ---------------------------------------------------------------- */

static void narrow(char out[WITNESS_PFX_TEXT], struct span set)
{
    struct span text;

    if (!asn1_take(&set, 0x1E, &text))
        return;
    for (size_t i = 0; i < text.size / 2 && i + 1 < WITNESS_PFX_TEXT; i++)
        out[i] = text.at[2 * i] == 0 ? (char)text.at[2 * i + 1] : '?';
}

static bool read_attributes(struct witness_pfx *pfx, struct span in)
{
    while (in.size > 0) {
        struct span one, oid, set, id;

        if (!asn1_take(&in, 0x30, &one) || !asn1_take(&one, 0x06, &oid) ||
            !asn1_take(&one, 0x31, &set) || one.size != 0)
            return false;
        if (is(oid, "1.2.840.113549.1.9.20"))
            narrow(pfx->name, set);
        if (is(oid, "1.3.6.1.4.1.311.17.1"))
            narrow(pfx->provider, set);
        if (is(oid, "1.2.840.113549.1.9.21")) {
            if (!asn1_take(&set, 0x04, &id) || id.size != 4)
                return false;
            pfx->key_spec = id.at[0];
        }
    }
    return true;
}

static const char *read_certificate(struct witness_pfx *pfx, struct span in)
{
    struct span list, oid, value, der;

    if (!asn1_take(&in, 0x30, &list) || in.size != 0 ||
        !asn1_take(&list, 0x06, &oid) || !is(oid, "1.2.840.113549.1.9.22.1") ||
        !asn1_take(&list, 0xA0, &value) || list.size != 0 ||
        !asn1_take(&value, 0x04, &der) || value.size != 0)
        return "the certificate is malformed";
    if (pfx->certificates++ == 0)
        pfx->certificate = der;
    return NULL;
}

static const char *read_bags(struct witness_pfx *pfx, struct span in,
                             struct span password)
{
    const char *wrong = NULL;
    struct span list;

    if (!asn1_take(&in, 0x30, &list) || in.size != 0)
        return "not a SafeContents";
    while (list.size > 0 && wrong == NULL) {
        struct span bag, oid, value, attributes;

        if (!asn1_take(&list, 0x30, &bag) || !asn1_take(&bag, 0x06, &oid) ||
            !asn1_take(&bag, 0xA0, &value) ||
            !asn1_maybe(&bag, 0x31, &attributes) || bag.size != 0)
            return "a bag is malformed";
        if (is(oid, "1.2.840.113549.1.12.10.1.3")) {
            wrong = read_certificate(pfx, value);
        } else if (pfx->keys++ == 0) {
            wrong = read_shrouded(pfx, value, password);
            if (wrong == NULL && !read_attributes(pfx, attributes))
                wrong = "the attributes are malformed";
        }
    }
    return wrong;
}

/* The certificates: 40-bit RC2. */
static const char *read_encrypted(struct witness_pfx *pfx, struct span in,
                                  struct span password)
{
    struct span content, list, version, part, oid, algorithm, data;
    struct protection protection;
    uint8_t key[SHA1], iv[SHA1];
    size_t size;

    if (!asn1_take(&in, 0xA0, &content) || in.size != 0 ||
        !asn1_take(&content, 0x30, &list) || content.size != 0 ||
        !asn1_take(&list, 0x02, &version) || !asn1_take(&list, 0x30, &part) ||
        list.size != 0 || !asn1_take(&part, 0x06, &oid) ||
        !asn1_take(&part, 0x30, &algorithm) || !asn1_take(&part, 0x80, &data) ||
        part.size != 0 || data.size == 0 ||
        !read_protection(algorithm, &protection) ||
        strcmp(protection.oid, "1.2.840.113549.1.12.1.6") != 0)
        return "the certificates are not protected as CSP does it";
    pfx->plain = calloc(1, data.size);
    if (pfx->plain == NULL || !derive(&protection, password, KEY, key) ||
        !derive(&protection, password, IV, iv) ||
        !decrypt(GCRY_CIPHER_RFC2268_40, GCRY_CIPHER_MODE_CBC,
                 (struct span){key, 5}, iv, data, pfx->plain))
        return "the certificates cannot be decrypted";
    size = data.size - pfx->plain[data.size - 1];
    return read_bags(pfx, (struct span){pfx->plain, size}, password);
}

static const char *read_safe(struct witness_pfx *pfx, struct span safe,
                             struct span password)
{
    struct span list, first, second, oid, content, bags;
    const char *wrong;

    if (!asn1_take(&safe, 0x30, &list) || safe.size != 0 ||
        !asn1_take(&list, 0x30, &first) || !asn1_take(&first, 0x06, &oid) ||
        !is(oid, "1.2.840.113549.1.7.1") ||
        !asn1_take(&first, 0xA0, &content) || !asn1_take(&content, 0x04, &bags))
        return "the keys do not come first";
    wrong = read_bags(pfx, bags, password);
    if (wrong != NULL || list.size == 0)
        return wrong;
    if (!asn1_take(&list, 0x30, &second) || list.size != 0 ||
        !asn1_take(&second, 0x06, &oid) || !is(oid, "1.2.840.113549.1.7.6"))
        return "the certificates do not come second";
    return read_encrypted(pfx, second, password);
}

const char *witness_pfx_open(struct witness_pfx *pfx, struct span file,
                             struct span password)
{
    struct span list, version, info, oid, content, safe, mac;

    memset(pfx, 0, sizeof *pfx);
    if (!gost_prepare() || !asn1_take(&file, 0x30, &list) || file.size != 0 ||
        !asn1_take(&list, 0x02, &version) || number_of(version) != 3 ||
        !asn1_take(&list, 0x30, &info) || !asn1_take(&info, 0x06, &oid) ||
        !is(oid, "1.2.840.113549.1.7.1") || !asn1_take(&info, 0xA0, &content) ||
        info.size != 0 || !asn1_take(&content, 0x04, &safe) ||
        content.size != 0 || !asn1_take(&list, 0x30, &mac) || list.size != 0)
        return "not a PFX";
    if (!mac_agrees(mac, password, safe))
        return "the checksum of the file is wrong";
    return read_safe(pfx, safe, password);
}
