#include "token/pfx/pfx_bag.h"

#include "keygen/dirstring.h"
#include "keygen/secret.h"
#include "token/pfx/cp_key.h"
#include "token/pfx/private_key.h"

#include <sodium.h>
#include <string.h>

enum {
    TAG_VALUE = 0xA0,
    TAG_BMP_STRING = 0x1E,
    KEY_SPEC = 4,          /* bytes of a localKeyId that says the kind */
    KEY_SPEC_SIGNATURE = 2 /* AT_SIGNATURE, little-endian */
};

/* What the attributes of a bag say. */
struct attributes {
    char name[4 * CONTAINER_NAME_MAX];
    bool signature;
};

/* --- what goes into the pfx ---------------------------------------------- */

static bool has_key(const struct pfx *pfx, const struct material_key *key)
{
    for (size_t i = 0; i < pfx->keys; i++) {
        const struct material_key *one = &pfx->key[i].key;

        if (one->algorithm == key->algorithm &&
            sodium_memcmp(one->scalar, key->scalar, key->algorithm->key_size) ==
                0)
            return true;
    }
    return false;
}

/* The key that was read into the place behind the last; its fault. */
static enum fault add_key(struct pfx_bags *bags, enum fault fault)
{
    struct pfx *pfx = bags->pfx;

    if (fault == FAULT_UNSUPPORTED) {
        pfx->refused++;
        fault = FAULT_NONE;
    } else if (fault == FAULT_NONE && !has_key(pfx, &pfx->key[pfx->keys].key)) {
        pfx->keys++;
        return FAULT_NONE;
    }
    sodium_memzero(&pfx->key[pfx->keys], sizeof pfx->key[0]);
    return fault;
}

static enum fault room_for_key(const struct pfx *pfx)
{
    return pfx->keys < PFX_KEYS_MAX && pfx->refused < PFX_KEYS_MAX
               ? FAULT_NONE
               : FAULT_TOO_LARGE;
}

/* CryptoPro's own kind says in the key itself what it is for; then both
 * agree. */
static void describe_key(struct pfx_bags *bags, size_t before,
                         const struct attributes *attributes)
{
    struct pfx_key *key;

    if (bags->pfx->keys == before)
        return;
    key = &bags->pfx->key[before];
    memcpy(key->name, attributes->name, sizeof key->name);
    if (attributes->signature)
        key->key.flags &= ~(unsigned)CONTAINER_EXCHANGE;
}

static bool has_certificate(const struct pfx *pfx,
                            const struct certificate *one)
{
    for (size_t i = 0; i < pfx->certificates; i++)
        if (der_equals(&(struct der){one->der.data, one->der.size},
                       pfx->certificate[i]->der.data,
                       pfx->certificate[i]->der.size))
            return true;
    return false;
}

enum fault pfx_bag_certificate(struct pfx_bags *bags, struct der der)
{
    struct pfx *pfx = bags->pfx;
    struct certificate *one = NULL;
    enum fault fault = certificate_read(der.at, der.left, &one);

    if (fault == FAULT_NONE && !has_certificate(pfx, one)) {
        if (pfx->certificates == PFX_CERTIFICATES_MAX) {
            certificate_free(&one);
            return FAULT_TOO_LARGE;
        }
        pfx->certificate[pfx->certificates++] = one;
        return FAULT_NONE;
    }
    certificate_free(&one);
    return fault == FAULT_MEMORY ? fault : FAULT_NONE;
}

/* --- keys ---------------------------------------------------------------- */

enum fault pfx_bag_plain(struct pfx_bags *bags, struct der in)
{
    struct pfx_key *key = &bags->pfx->key[bags->pfx->keys];
    enum fault fault = room_for_key(bags->pfx);

    if (fault != FAULT_NONE)
        return fault;
    /* A plain key can be copied by everybody, so it says nothing else. */
    key->key.flags = CONTAINER_EXPORTABLE | CONTAINER_EXCHANGE;
    fault = private_key_read(in, &key->key);
    return add_key(bags, fault);
}

static enum fault take_cryptopro(struct pfx_bags *bags, struct der in,
                                 const uint8_t *kek)
{
    enum fault fault = room_for_key(bags->pfx);

    if (fault == FAULT_NONE)
        fault = add_key(bags,
                        cp_key_read(in, kek, &bags->pfx->key[bags->pfx->keys]));
    return fault;
}

/* What comes out of a stream cipher under a wrong password is no DER. */
static bool is_key(struct der in)
{
    struct private_key_info info;

    return private_key_split(in, &info);
}

static enum fault take_opened_key(struct pfx_bags *bags, const struct pbe *pbe,
                                  struct der plain)
{
    if (!is_key(plain))
        return FAULT_PASSWORD_WRONG;
    bags->opened = true;
    if (pbe->cryptopro)
        return take_cryptopro(bags, plain, pbe->key);
    return pfx_bag_plain(bags, plain);
}

static enum fault take_opened_contents(struct pfx_bags *bags,
                                       const struct pbe *pbe, struct der plain)
{
    struct der rest = plain, list;

    (void)pbe;
    if (!der_read(&rest, DER_SEQUENCE, &list) || !der_at_end(&rest))
        return FAULT_PASSWORD_WRONG;
    bags->opened = true;
    return pfx_bag_contents(bags, plain);
}

/* Decrypt, and give what comes out to a function. */
static enum fault
open_with(struct pfx_bags *bags, struct der algorithm, struct der data,
          enum fault (*take)(struct pfx_bags *, const struct pbe *, struct der))
{
    struct pbe *pbe = NULL;
    uint8_t *plain = NULL;
    size_t size;
    enum fault fault = pbe_read(algorithm, bags->password, bags->budget, &pbe);

    if (fault != FAULT_NONE)
        return fault;
    fault = FAULT_MEMORY;
    plain = secret_new(data.left + 1);
    if (plain == NULL)
        goto out;
    fault = pbe_decrypt(pbe, data, plain, &size);
    if (fault == FAULT_NONE)
        fault = take(bags, pbe, (struct der){plain, size});
out:
    secret_free(&plain);
    secret_free(&pbe);
    return fault;
}

enum fault pfx_bag_encrypted(struct pfx_bags *bags, struct der algorithm,
                             struct der data)
{
    return open_with(bags, algorithm, data, take_opened_contents);
}

static bool split_shrouded(struct der in, struct der *algorithm,
                           struct der *data)
{
    struct der list;

    return der_read(&in, DER_SEQUENCE, &list) && der_at_end(&in) &&
           der_read(&list, DER_SEQUENCE, algorithm) &&
           der_read(&list, DER_OCTET_STRING, data) && der_at_end(&list);
}

bool pfx_bag_is_shrouded(struct der in)
{
    struct der algorithm, data;

    return split_shrouded(in, &algorithm, &data);
}

enum fault pfx_bag_shrouded(struct pfx_bags *bags, struct der in)
{
    struct der algorithm, data;
    enum fault fault;

    if (!split_shrouded(in, &algorithm, &data))
        return FAULT_DAMAGED;
    fault = open_with(bags, algorithm, data, take_opened_key);
    if (fault == FAULT_UNSUPPORTED) { /* its protection; others may open */
        bags->pfx->refused++;
        return room_for_key(bags->pfx);
    }
    return fault;
}

/* --- bags ---------------------------------------------------------------- */

/* friendlyName, cut where it is longer than a container's name may be. */
static void read_name(struct der set, struct attributes *attributes)
{
    struct der text, whole;
    struct bytes name;
    uint8_t tag;

    if (!der_read_any(&set, &tag, &text, &whole) || tag != TAG_BMP_STRING)
        return;
    if (text.left > 2 * (CONTAINER_NAME_MAX - 1))
        text.left = 2 * (CONTAINER_NAME_MAX - 1);
    bytes_init(&name, sizeof attributes->name - 1);
    dirstring_read(tag, text.at, text.left, &name);
    if (!name.failed && name.size > 0) {
        memcpy(attributes->name, name.data, name.size);
        attributes->name[name.size] = '\0';
    }
    bytes_free(&name);
}

static void read_id(struct der set, struct attributes *attributes)
{
    static const uint8_t signature[KEY_SPEC] = {KEY_SPEC_SIGNATURE};
    struct der id;

    if (der_read(&set, DER_OCTET_STRING, &id))
        attributes->signature = der_equals(&id, signature, sizeof signature);
}

static bool read_attributes(struct der set, struct attributes *attributes)
{
    *attributes = (struct attributes){.signature = false};
    while (!der_at_end(&set)) {
        struct der one, oid, values;

        if (!der_read(&set, DER_SEQUENCE, &one) ||
            !der_read(&one, DER_OID, &oid) ||
            !der_read(&one, DER_SET, &values) || !der_at_end(&one))
            return false;
        if (der_is_oid(&oid, "1.2.840.113549.1.9.20"))
            read_name(values, attributes);
        else if (der_is_oid(&oid, "1.2.840.113549.1.9.21"))
            read_id(values, attributes);
    }
    return true;
}

/* CertBag ::= SEQUENCE { x509Certificate, [0] OCTET STRING }. */
static enum fault take_certificate(struct pfx_bags *bags, struct der in)
{
    struct der list, oid, value, der;

    if (!der_read(&in, DER_SEQUENCE, &list) || !der_at_end(&in) ||
        !der_read(&list, DER_OID, &oid) ||
        !der_read(&list, TAG_VALUE, &value) || !der_at_end(&list))
        return FAULT_DAMAGED;
    if (!der_is_oid(&oid, "1.2.840.113549.1.9.22.1"))
        return FAULT_NONE;
    if (!der_read(&value, DER_OCTET_STRING, &der) || !der_at_end(&value))
        return FAULT_DAMAGED;
    return pfx_bag_certificate(bags, der);
}

static const struct {
    const char *oid;
    enum fault (*take)(struct pfx_bags *bags, struct der in);
} kinds[] = {
    {"1.2.840.113549.1.12.10.1.1", pfx_bag_plain},
    {"1.2.840.113549.1.12.10.1.2", pfx_bag_shrouded},
    {"1.2.840.113549.1.12.10.1.3", take_certificate},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* Revocation lists, secrets and bags in bags are passed over. */
static enum fault take_bag(struct pfx_bags *bags, struct der bag)
{
    const size_t before = bags->pfx->keys;
    struct attributes attributes = {.signature = false};
    struct der oid, value, set;
    enum fault fault = FAULT_NONE;

    if (!der_read(&bag, DER_OID, &oid) || !der_read(&bag, TAG_VALUE, &value) ||
        !der_read_optional(&bag, DER_SET, &set) || !der_at_end(&bag) ||
        (set.at != NULL && !read_attributes(set, &attributes)))
        return FAULT_DAMAGED;
    for (size_t i = 0; i < KINDS && fault == FAULT_NONE; i++)
        if (der_is_oid(&oid, kinds[i].oid))
            fault = kinds[i].take(bags, value);
    if (fault == FAULT_NONE)
        describe_key(bags, before, &attributes);
    return fault;
}

enum fault pfx_bag_contents(struct pfx_bags *bags, struct der in)
{
    enum fault fault = FAULT_NONE;
    struct der list, bag;

    if (!der_read(&in, DER_SEQUENCE, &list) || !der_at_end(&in))
        return FAULT_DAMAGED;
    while (!der_at_end(&list) && fault == FAULT_NONE)
        fault = der_read(&list, DER_SEQUENCE, &bag) ? take_bag(bags, bag)
                                                    : FAULT_DAMAGED;
    return fault;
}
