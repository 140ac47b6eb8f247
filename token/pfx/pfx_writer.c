/* PKCS#12 files (RFC 7292) for CryptoPro CSP and by R 50.1.112: the keys, each
 * encrypted, then the certificates, encrypted together. */
#include "keygen/secret.h"
#include "keygen/utf8.h"
#include "token/pfx/cp_key.h"
#include "token/pfx/pfx.h"
#include "token/pfx/pfx_mac.h"
#include "token/pfx/private_key.h"

#include <string.h>

enum {
    TAG_VALUE = 0xA0,
    TAG_ENCRYPTED = 0x80,
    TAG_BMP_STRING = 0x1E,
    KEY_SPEC = 4,
    KEY_MAX = 1024 /* bytes of a PrivateKeyInfo */
};

/* How a format protects its parts. */
static const struct kind {
    enum pbe_kind key, certificates;
    enum pfx_mac_kind mac;
} kinds[] = {
    [PFX_CRYPTOPRO] = {PBE_CRYPTOPRO, PBE_RC2, PFX_MAC_SHA1},
    [PFX_TC26] = {PBE_TC26, PBE_TC26, PFX_MAC_STREEBOG_512},
};

struct writer {
    const struct kind *kind;
    enum pfx_format format;
    const char *password;
    struct entropy *pool;
    struct bytes *out;
};

/* --- attributes ---------------------------------------------------------- */

static void put_attribute(struct bytes *out, const char *oid, uint8_t tag,
                          const void *value, size_t size)
{
    const size_t start = out->size;
    size_t set;

    der_put_oid(out, oid);
    set = out->size;
    der_put(out, tag, value, size);
    der_wrap(out, set, DER_SET);
    der_wrap(out, start, DER_SEQUENCE);
}

/* BMPString; what is beyond it becomes a replacement character. */
static void put_text(struct bytes *out, const char *oid, const char *text)
{
    uint8_t wide[2 * 4 * CONTAINER_NAME_MAX];
    size_t left = strlen(text), size = 0;
    uint32_t character;

    while (size + 2 <= sizeof wide && utf8_read(&text, &left, &character)) {
        if (character > 0xFFFF)
            character = 0xFFFD;
        wide[size++] = (uint8_t)(character >> 8);
        wide[size++] = (uint8_t)character;
    }
    if (size > 0)
        put_attribute(out, oid, TAG_BMP_STRING, wide, size);
}

/* What binds a certificate to its key; CSP takes the kind of key from it. */
static void put_id(struct bytes *out, const struct pfx_key *key)
{
    const uint8_t id[KEY_SPEC] = {
        (key->key.flags & CONTAINER_EXCHANGE) != 0 ? 1 : 2};

    put_attribute(out, "1.2.840.113549.1.9.21", DER_OCTET_STRING, id,
                  sizeof id);
}

static void put_attributes(struct writer *writer, const struct pfx_key *key,
                           bool certificate)
{
    const size_t start = writer->out->size;

    put_id(writer->out, key);
    put_text(writer->out, "1.2.840.113549.1.9.20", key->name);
    if (writer->format == PFX_CRYPTOPRO && !certificate)
        put_text(writer->out, "1.3.6.1.4.1.311.17.1",
                 cp_key_provider(&key->key));
    der_wrap(writer->out, start, DER_SET);
}

/* --- keys ---------------------------------------------------------------- */

/* The PrivateKeyInfo in secret memory, for its bytes are the key. */
static enum fault put_plain(const struct writer *writer, const struct pbe *pbe,
                            const struct pfx_key *key)
{
    const size_t size = key->key.algorithm->key_size;
    enum fault fault = FAULT_MEMORY;
    uint8_t *plain = secret_new(KEY_MAX);
    struct bytes shell;

    bytes_init(&shell, KEY_MAX);
    private_key_put_shell(&key->key, &shell);
    if (plain != NULL && !shell.failed) {
        memcpy(plain, shell.data, shell.size);
        memcpy(plain + shell.size - size, key->key.scalar, size);
        fault =
            pbe_encrypt(pbe, DER_OCTET_STRING, plain, shell.size, writer->out);
    }
    bytes_free(&shell);
    secret_free(&plain);
    return fault;
}

static enum fault put_wrapped(const struct writer *writer,
                              const struct pbe *pbe, const struct pfx_key *key)
{
    struct bytes blob;
    enum fault fault;

    bytes_init(&blob, KEY_MAX);
    fault = cp_key_put(key, pbe->key, writer->pool, &blob);
    if (fault == FAULT_NONE)
        fault = pbe_encrypt(pbe, DER_OCTET_STRING, blob.data, blob.size,
                            writer->out);
    bytes_free(&blob);
    return fault;
}

static enum fault put_key(struct writer *writer, const struct pfx_key *key)
{
    struct bytes *out = writer->out;
    const size_t start = out->size;
    struct pbe *pbe = NULL;
    enum fault fault;
    size_t value;

    der_put_oid(out, "1.2.840.113549.1.12.10.1.2"); /* pkcs8ShroudedKeyBag */
    value = out->size;
    fault =
        pbe_make(writer->kind->key, writer->password, writer->pool, out, &pbe);
    if (fault == FAULT_NONE)
        fault = pbe->cryptopro ? put_wrapped(writer, pbe, key)
                               : put_plain(writer, pbe, key);
    der_wrap(out, value, DER_SEQUENCE);
    der_wrap(out, value, TAG_VALUE);
    put_attributes(writer, key, false);
    der_wrap(out, start, DER_SEQUENCE);
    secret_free(&pbe);
    return fault;
}

/* --- certificates -------------------------------------------------------- */

static void put_certificate(struct writer *writer,
                            const struct certificate *certificate,
                            const struct pfx_key *key)
{
    struct bytes *out = writer->out;
    const size_t start = out->size;
    size_t value, inner;

    der_put_oid(out, "1.2.840.113549.1.12.10.1.3"); /* certBag */
    value = out->size;
    der_put_oid(out, "1.2.840.113549.1.9.22.1"); /* x509Certificate */
    inner = out->size;
    der_put(out, DER_OCTET_STRING, certificate->der.data,
            certificate->der.size);
    der_wrap(out, inner, TAG_VALUE);
    der_wrap(out, value, DER_SEQUENCE);
    der_wrap(out, value, TAG_VALUE);
    if (key != NULL)
        put_attributes(writer, key, true);
    der_wrap(out, start, DER_SEQUENCE);
}

/* The SafeContents of all of them: of the keys first. */
static void put_certificates(struct writer *writer, const struct pfx *pfx)
{
    const size_t start = writer->out->size;

    for (size_t i = 0; i < pfx->keys; i++)
        if (pfx->key[i].key.certificate != NULL)
            put_certificate(writer, pfx->key[i].key.certificate, &pfx->key[i]);
    for (size_t i = 0; i < pfx->certificates; i++)
        put_certificate(writer, pfx->certificate[i], NULL);
    der_wrap(writer->out, start, DER_SEQUENCE);
}

static bool has_certificates(const struct pfx *pfx)
{
    for (size_t i = 0; i < pfx->keys; i++)
        if (pfx->key[i].key.certificate != NULL)
            return true;
    return pfx->certificates > 0;
}

/* --- the whole ----------------------------------------------------------- */

/* ContentInfo of data around what stands from start on. */
static void wrap_data(struct bytes *out, size_t start)
{
    struct bytes oid;

    der_wrap(out, start, DER_OCTET_STRING);
    der_wrap(out, start, TAG_VALUE);
    bytes_init(&oid, 32);
    der_put_oid(&oid, "1.2.840.113549.1.7.1");
    bytes_insert(out, start, oid.data, oid.size);
    bytes_free(&oid);
    der_wrap(out, start, DER_SEQUENCE);
}

static enum fault put_keys(struct writer *writer, const struct pfx *pfx)
{
    const size_t start = writer->out->size;
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < pfx->keys && fault == FAULT_NONE; i++)
        fault = put_key(writer, &pfx->key[i]);
    der_wrap(writer->out, start, DER_SEQUENCE);
    wrap_data(writer->out, start);
    return fault;
}

/* ContentInfo of EncryptedData of the certificates. */
static enum fault put_encrypted(struct writer *writer, const struct pfx *pfx)
{
    static const uint8_t version;
    struct bytes plain, *out = writer->out;
    const size_t start = out->size;
    struct pbe *pbe = NULL;
    size_t content, part;
    enum fault fault;

    bytes_init(&plain, PFX_MAX);
    writer->out = &plain;
    put_certificates(writer, pfx);
    writer->out = out;
    der_put_oid(out, "1.2.840.113549.1.7.6");
    content = out->size;
    der_put(out, DER_INTEGER, &version, 1);
    part = out->size;
    der_put_oid(out, "1.2.840.113549.1.7.1");
    fault = plain.failed ? FAULT_TOO_LARGE
                         : pbe_make(writer->kind->certificates,
                                    writer->password, writer->pool, out, &pbe);
    if (fault == FAULT_NONE)
        fault = pbe_encrypt(pbe, TAG_ENCRYPTED, plain.data, plain.size, out);
    der_wrap(out, part, DER_SEQUENCE);
    der_wrap(out, content, DER_SEQUENCE);
    der_wrap(out, content, TAG_VALUE);
    der_wrap(out, start, DER_SEQUENCE);
    secret_free(&pbe);
    bytes_free(&plain);
    return fault;
}

/* The whole file, from what its checksum is over. */
static enum fault put_file(struct writer *writer, struct bytes *out)
{
    static const uint8_t version = 3;
    const struct der safe = {writer->out->data, writer->out->size};
    const size_t start = out->size;
    size_t part;
    enum fault fault;

    der_put(out, DER_INTEGER, &version, 1);
    part = out->size;
    bytes_put(out, safe.at, safe.left);
    wrap_data(out, part);
    fault = pfx_mac_put(writer->kind->mac, writer->password, writer->pool, safe,
                        out);
    der_wrap(out, start, DER_SEQUENCE);
    return fault == FAULT_NONE && out->failed ? FAULT_TOO_LARGE : fault;
}

static enum fault check(const struct pfx *pfx)
{
    if (pfx->keys == 0)
        return FAULT_ARGUMENT;
    for (size_t i = 0; i < pfx->keys; i++)
        if ((pfx->key[i].key.flags & CONTAINER_EXPORTABLE) == 0)
            return FAULT_NOT_EXPORTABLE;
    return FAULT_NONE;
}

enum fault pfx_write(const struct pfx *pfx, enum pfx_format format,
                     const char *password, struct entropy *pool,
                     struct bytes *out)
{
    struct bytes safe;
    struct writer writer = {&kinds[format], format, password, pool, &safe};
    enum fault fault = check(pfx);

    bytes_init(&safe, PFX_MAX);
    if (fault == FAULT_NONE)
        fault = put_keys(&writer, pfx);
    if (fault == FAULT_NONE && has_certificates(pfx))
        fault = put_encrypted(&writer, pfx);
    der_wrap(&safe, 0, DER_SEQUENCE);
    if (fault == FAULT_NONE && safe.failed)
        fault = FAULT_TOO_LARGE;
    if (fault == FAULT_NONE)
        fault = put_file(&writer, out);
    bytes_free(&safe);
    return fault;
}
