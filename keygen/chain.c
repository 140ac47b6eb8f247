#include "keygen/chain.h"

#include "keygen/der.h"

#include <gnutls/crypto.h>
#include <string.h>

enum {
    EXTENSIONS_MAX = 64,
    OID_TEXT_MAX = 64,
    /* Signatures looked at for one leaf: cross-signed intermediates could
     * make the number of paths grow with their factorial. */
    SIGNATURES_MAX = 64
};

static const char pem_begin[] = "-----BEGIN CERTIFICATE-----";
static const char pem_end[] = "-----END CERTIFICATE-----";

static size_t most(const struct chain *chain)
{
    return chain->most > 0 ? chain->most : CHAIN_MAX;
}

enum fault chain_add(struct chain *chain, struct certificate *one)
{
    if (chain->count == most(chain))
        return FAULT_TOO_LARGE;
    chain->certificate[chain->count++] = one;
    return FAULT_NONE;
}

void chain_free(struct chain *chain)
{
    while (chain->count > 0)
        certificate_free(&chain->certificate[--chain->count]);
}

static enum fault read_one(struct chain *chain, const void *data, size_t size)
{
    struct certificate *one;
    enum fault fault = certificate_read(data, size, &one);

    if (fault != FAULT_NONE)
        return fault;
    fault = chain_add(chain, one);
    if (fault != FAULT_NONE)
        certificate_free(&one);
    return fault;
}

static enum fault read_der(struct chain *chain, struct der in)
{
    struct der content, whole;
    uint8_t tag;
    enum fault fault = FAULT_NONE;

    while (!der_at_end(&in) && fault == FAULT_NONE) {
        if (!der_read_any(&in, &tag, &content, &whole))
            return FAULT_CERTIFICATE;
        fault = read_one(chain, whole.at, whole.left);
    }
    return fault;
}

static enum fault read_pem(struct chain *chain, const char *at, size_t left)
{
    enum fault fault = FAULT_CERTIFICATE;
    const char *begin, *end;

    while ((begin = memmem(at, left, pem_begin, sizeof pem_begin - 1))) {
        left -= (size_t)(begin - at);
        end = memmem(begin, left, pem_end, sizeof pem_end - 1);
        if (end == NULL)
            return FAULT_CERTIFICATE;
        end += sizeof pem_end - 1;
        fault = read_one(chain, begin, (size_t)(end - begin));
        if (fault != FAULT_NONE)
            break;
        left -= (size_t)(end - begin);
        at = end;
    }
    return fault;
}

enum fault chain_read(struct chain *chain, const void *data, size_t size)
{
    const size_t before = chain->count;
    enum fault fault = FAULT_CERTIFICATE;

    if (size > most(chain) * 2 * CERTIFICATE_MAX)
        return FAULT_TOO_LARGE;
    if (size > 0 && *(const uint8_t *)data == DER_SEQUENCE)
        fault = read_der(chain, (struct der){data, size});
    else if (size > 0)
        fault = read_pem(chain, data, size);
    while (fault != FAULT_NONE && chain->count > before)
        certificate_free(&chain->certificate[--chain->count]);
    return fault;
}

/* The way up: what was used, what is left to spend, what stood in the way. */
struct walk {
    const struct chain *intermediates, *roots;
    time_t when;
    bool used[CHAIN_ROOTS_MAX]; /* of the intermediates */
    unsigned between;           /* intermediates that are not self-issued */
    unsigned budget;            /* signatures that may still be computed */
    bool late;                  /* a way failed by dates alone */
    const struct certificate *issuer; /* of the leaf */
};

static bool is_valid_at(const struct certificate *one, time_t when)
{
    return one->not_before <= when && when <= one->not_after;
}

/* The parts of a Certificate (RFC 5280 4.1) or a CertificateList (5.1): what
 * is signed and the signature. Both places that name the algorithm must
 * agree. */
static bool split(const gnutls_datum_t *der, struct der *tbs,
                  struct der *signature)
{
    struct der in = {der->data, der->size}, outer, body, skipped;
    struct der inside, outside;
    uint8_t tag;

    return der_read(&in, DER_SEQUENCE, &outer) &&
           der_read_any(&outer, &tag, &body, tbs) &&
           der_read_any(&outer, &tag, &skipped, &outside) &&
           der_read(&outer, DER_BIT_STRING, signature) && der_at_end(&outer) &&
           signature->left > 1 && signature->at[0] == 0 &&
           der_read_optional(&body, 0xA0, &skipped) &&
           der_read_optional(&body, DER_INTEGER, &skipped) &&
           der_read_any(&body, &tag, &skipped, &inside) &&
           der_equals(&inside, outside.at, outside.left);
}

/* Whether the issuer's key made the signature; sign is its algorithm as
 * GnuTLS read it. */
static bool is_signed_by(const gnutls_datum_t *der, int sign,
                         const struct certificate *issuer)
{
    gnutls_datum_t data, value;
    gnutls_pubkey_t key = NULL;
    struct der tbs, signature;
    bool verified = false;

    if (sign != (int)issuer->algorithm->sign || !split(der, &tbs, &signature))
        return false;
    data = (gnutls_datum_t){(void *)(uintptr_t)tbs.at, (unsigned)tbs.left};
    value = (gnutls_datum_t){(void *)(uintptr_t)(signature.at + 1),
                             (unsigned)signature.left - 1};
    if (certificate_public(issuer, &key) == FAULT_NONE)
        verified = gnutls_pubkey_verify_data2(key, issuer->algorithm->sign, 0,
                                              &data, &value) >= 0;
    gnutls_pubkey_deinit(key);
    return verified;
}

/* Critical extensions that are understood, or looked at here. */
static bool is_known(const char *oid)
{
    static const char *const known[] = {
        "2.5.29.15", /* keyUsage */
        "2.5.29.16", /* privateKeyUsagePeriod */
        "2.5.29.17", /* subjectAltName */
        "2.5.29.19", /* basicConstraints */
        "2.5.29.32", /* certificatePolicies */
        "2.5.29.37", /* extKeyUsage */
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(known[i], oid) == 0)
            return true;
    }
    return false;
}

/* Constraints on names are not computed here, so whoever has them is not
 * believed. */
static bool extensions_are_known(const struct certificate *one)
{
    for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
        char oid[OID_TEXT_MAX];
        size_t size = sizeof oid;
        unsigned critical = 0;
        const int got = gnutls_x509_crt_get_extension_info(
            certificate_crt(one), i, oid, &size, &critical);

        if (got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            return true;
        if (got < 0 || strcmp(oid, "2.5.29.30") == 0 ||
            (critical != 0 && !is_known(oid)))
            return false;
    }
    return false;
}

static bool may(const struct certificate *one, unsigned wanted)
{
    unsigned usage = 0;
    const int got =
        gnutls_x509_crt_get_key_usage(certificate_crt(one), &usage, NULL);

    return got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ||
           (got >= 0 && (usage & wanted) != 0);
}

static bool is_authority(const struct certificate *one, unsigned between)
{
    unsigned authority = 0;
    int path = -1;

    return gnutls_x509_crt_get_basic_constraints(certificate_crt(one), NULL,
                                                 &authority, &path) >= 0 &&
           authority != 0 && (path < 0 || (unsigned)path >= between) &&
           may(one, GNUTLS_KEY_KEY_CERT_SIGN);
}

static bool counts(const struct certificate *one)
{
    return one->algorithm != NULL && !one->algorithm->retired;
}

bool chain_is_root(const struct certificate *one, time_t when)
{
    return counts(one) && is_valid_at(one, when) && is_authority(one, 0) &&
           extensions_are_known(one);
}

/* Whether candidate issued one, dates apart. */
static bool issued(struct walk *walk, const struct certificate *candidate,
                   const struct certificate *one)
{
    if (!counts(candidate) || walk->budget == 0 ||
        !certificate_names(one, candidate) ||
        !is_authority(candidate, walk->between) ||
        !extensions_are_known(candidate))
        return false;
    walk->budget--;
    return is_signed_by(
        &one->der,
        gnutls_x509_crt_get_signature_algorithm(certificate_crt(one)),
        candidate);
}

/* issued, and the dates. */
static bool accept(struct walk *walk, const struct certificate *candidate,
                   const struct certificate *one)
{
    if (!issued(walk, candidate, one))
        return false;
    if (is_valid_at(candidate, walk->when))
        return true;
    walk->late = true;
    return false;
}

static bool reaches_root(struct walk *walk, const struct certificate *one)
{
    for (size_t i = 0; i < walk->roots->count; i++) {
        if (accept(walk, walk->roots->certificate[i], one)) {
            walk->issuer = walk->roots->certificate[i];
            return true;
        }
    }
    return false;
}

/* RFC 5280 4.2.1.9: a self-issued certificate does not count. */
static unsigned length_of(const struct certificate *one)
{
    return certificate_names(one, one) ? 0 : 1;
}

/* Depth first; every intermediate is used once, so this ends. */
static bool climb(struct walk *walk, const struct certificate *one)
{
    const struct chain *between = walk->intermediates;

    if (reaches_root(walk, one))
        return true;
    for (size_t i = 0; between != NULL && i < between->count; i++) {
        const struct certificate *next = between->certificate[i];

        if (walk->used[i] || !accept(walk, next, one))
            continue;
        walk->used[i] = true;
        walk->between += length_of(next);
        if (climb(walk, next)) {
            walk->issuer = next;
            return true;
        }
        walk->between -= length_of(next);
        walk->used[i] = false;
    }
    return false;
}

/* Any critical extension says that the list is of another kind: partial, or
 * of changes only. */
static bool is_whole(gnutls_x509_crl_t crl)
{
    for (unsigned i = 0; i < EXTENSIONS_MAX; i++) {
        char oid[OID_TEXT_MAX];
        size_t size = sizeof oid;
        unsigned critical = 0;
        const int got =
            gnutls_x509_crl_get_extension_info(crl, i, oid, &size, &critical);

        if (got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            return true;
        if (got < 0 || critical != 0)
            return false;
    }
    return false;
}

static bool is_list_by(gnutls_x509_crl_t crl, const struct certificate *issuer)
{
    gnutls_datum_t der = {NULL, 0};
    bool by = false;

    if (certificate_crt(issuer) != NULL &&
        gnutls_x509_crl_check_issuer(crl, certificate_crt(issuer)) &&
        may(issuer, GNUTLS_KEY_CRL_SIGN) &&
        gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_DER, &der) >= 0)
        by = is_signed_by(&der, gnutls_x509_crl_get_signature_algorithm(crl),
                          issuer);
    gnutls_free(der.data);
    return by;
}

/* A list by another key, over, or partial says nothing about the leaf. */
static bool list_counts(gnutls_x509_crl_t crl, const struct certificate *issuer,
                        time_t when)
{
    const time_t from = gnutls_x509_crl_get_this_update(crl);
    const time_t until = gnutls_x509_crl_get_next_update(crl);

    return from != (time_t)-1 && until != (time_t)-1 && from <= when &&
           when <= until && is_whole(crl) && is_list_by(crl, issuer);
}

static bool is_listed(gnutls_x509_crl_t crl, const struct certificate *leaf)
{
    uint8_t own[CERTIFICATE_SERIAL_MAX + 1];
    uint8_t serial[CERTIFICATE_SERIAL_MAX + 1];
    size_t own_size = sizeof own, size = sizeof serial;
    gnutls_x509_crl_iter_t iter = NULL;
    bool listed = false;
    int got;

    if (gnutls_x509_crt_get_serial(certificate_crt(leaf), own, &own_size) < 0)
        return true;
    while (!listed) {
        size = sizeof serial;
        got = gnutls_x509_crl_iter_crt_serial(crl, &iter, serial, &size, NULL);
        if (got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
        listed =
            got < 0 || (size == own_size && memcmp(serial, own, size) == 0);
    }
    gnutls_x509_crl_iter_deinit(iter);
    return listed;
}

enum fault chain_verify(const struct certificate *leaf,
                        const struct chain *intermediates,
                        const struct chain *roots, gnutls_x509_crl_t crl,
                        time_t when)
{
    struct walk walk = {
        .intermediates = intermediates,
        .roots = roots,
        .when = when,
        .budget = SIGNATURES_MAX,
    };

    if (!climb(&walk, leaf) || !extensions_are_known(leaf))
        return walk.late ? FAULT_EXPIRED : FAULT_CHAIN;
    if (!is_valid_at(leaf, when))
        return FAULT_EXPIRED;
    if (crl == NULL)
        return FAULT_NONE;
    if (!list_counts(crl, walk.issuer, when))
        return FAULT_CHAIN;
    return is_listed(crl, leaf) ? FAULT_REVOKED : FAULT_NONE;
}
