#include "api/sandbox/http/tls.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DAY = 24 * 3600, AUTHORITY_DAYS = 3650, SERVER_DAYS = 90, SERIAL = 16 };

static const char *const words[] = {
    [TLS_GOOD] = "good",
    [TLS_UNTRUSTED] = "untrusted",
    [TLS_EXPIRED] = "expired",
    [TLS_OTHER_NAME] = "other-name",
};

/* A key and its certificate while they are worked with. */
struct pair {
    gnutls_x509_privkey_t key;
    gnutls_x509_crt_t certificate;
};

enum tls_flaw tls_find(const char *word)
{
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return (enum tls_flaw)i;
    return TLS_GOOD;
}

void tls_free(struct tls *tls)
{
    if (tls->key)
        sodium_memzero(tls->key, strlen(tls->key));
    free(tls->authority);
    free(tls->certificate);
    free(tls->key);
    *tls = (struct tls){0};
}

static void free_pair(struct pair *pair)
{
    if (pair->key)
        gnutls_x509_privkey_deinit(pair->key);
    if (pair->certificate)
        gnutls_x509_crt_deinit(pair->certificate);
    *pair = (struct pair){0};
}

static bool init_pair(struct pair *pair)
{
    *pair = (struct pair){0};
    return gnutls_x509_privkey_init(&pair->key) == 0 &&
           gnutls_x509_crt_init(&pair->certificate) == 0;
}

/* What a certificate has in both roles; from: days after now. */
static bool begin(struct pair *pair, const char *dn, int from, int to)
{
    unsigned char serial[SERIAL];
    const char *error;
    time_t now = time(NULL);

    randombytes_buf(serial, sizeof serial);
    serial[0] = (serial[0] & 0x7F) | 1;
    return gnutls_x509_privkey_generate(
               pair->key, GNUTLS_PK_ECDSA,
               GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) == 0 &&
           gnutls_x509_crt_set_version(pair->certificate, 3) == 0 &&
           gnutls_x509_crt_set_serial(pair->certificate, serial,
                                      sizeof serial) == 0 &&
           gnutls_x509_crt_set_dn(pair->certificate, dn, &error) == 0 &&
           gnutls_x509_crt_set_activation_time(pair->certificate,
                                               now + (time_t)from * DAY) == 0 &&
           gnutls_x509_crt_set_expiration_time(pair->certificate,
                                               now + (time_t)to * DAY) == 0 &&
           gnutls_x509_crt_set_key(pair->certificate, pair->key) == 0;
}

static bool set_key_id(gnutls_x509_crt_t of, gnutls_x509_crt_t to,
                       int (*set)(gnutls_x509_crt_t, const void *, size_t))
{
    unsigned char id[64];
    size_t size = sizeof id;

    return gnutls_x509_crt_get_key_id(of, GNUTLS_KEYID_USE_SHA1, id, &size) ==
               0 &&
           set(to, id, size) == 0;
}

static bool sign(struct pair *pair, const struct pair *authority)
{
    return set_key_id(pair->certificate, pair->certificate,
                      gnutls_x509_crt_set_subject_key_id) &&
           set_key_id(authority->certificate, pair->certificate,
                      gnutls_x509_crt_set_authority_key_id) &&
           gnutls_x509_crt_sign2(pair->certificate, authority->certificate,
                                 authority->key, GNUTLS_DIG_SHA256, 0) == 0;
}

static bool make_authority(struct pair *pair)
{
    return init_pair(pair) &&
           begin(pair, "CN=kep-sandbox TLS authority", 0, AUTHORITY_DAYS) &&
           gnutls_x509_crt_set_basic_constraints(pair->certificate, 1, 0) ==
               0 &&
           gnutls_x509_crt_set_key_usage(pair->certificate,
                                         GNUTLS_KEY_KEY_CERT_SIGN |
                                             GNUTLS_KEY_CRL_SIGN) == 0 &&
           sign(pair, pair);
}

static bool make_server(struct pair *pair, const struct pair *authority,
                        enum tls_flaw flaw)
{
    static const unsigned char address[] = {127, 0, 0, 1};
    static const char *const names[] = {"localhost", "elsewhere.invalid"};
    const char *name = names[flaw == TLS_OTHER_NAME];
    int from = flaw == TLS_EXPIRED ? -SERVER_DAYS : 0;

    if (!init_pair(pair) ||
        !begin(pair, "CN=kep-sandbox", from,
               flaw == TLS_EXPIRED ? -1 : SERVER_DAYS) ||
        gnutls_x509_crt_set_subject_alt_name(
            pair->certificate, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
            GNUTLS_FSAN_SET) != 0)
        return false;
    if (flaw != TLS_OTHER_NAME &&
        gnutls_x509_crt_set_subject_alt_name(
            pair->certificate, GNUTLS_SAN_IPADDRESS, address, sizeof address,
            GNUTLS_FSAN_APPEND) != 0)
        return false;
    return gnutls_x509_crt_set_basic_constraints(pair->certificate, 0, -1) ==
               0 &&
           gnutls_x509_crt_set_key_usage(pair->certificate,
                                         GNUTLS_KEY_DIGITAL_SIGNATURE) == 0 &&
           gnutls_x509_crt_set_key_purpose_oid(
               pair->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0) == 0 &&
           sign(pair, authority);
}

/* A copy with a NUL behind it that the caller frees. */
static char *take(gnutls_datum_t *datum)
{
    char *text = calloc(1, (size_t)datum->size + 1);

    if (text)
        memcpy(text, datum->data, datum->size);
    sodium_memzero(datum->data, datum->size);
    gnutls_free(datum->data);
    return text;
}

static char *certificate_pem(const struct pair *pair)
{
    gnutls_datum_t pem;

    return gnutls_x509_crt_export2(pair->certificate, GNUTLS_X509_FMT_PEM,
                                   &pem) == 0
               ? take(&pem)
               : NULL;
}

static char *key_pem(const struct pair *pair)
{
    gnutls_datum_t pem;

    return gnutls_x509_privkey_export2(pair->key, GNUTLS_X509_FMT_PEM, &pem) ==
                   0
               ? take(&pem)
               : NULL;
}

/* --- the store ----------------------------------------------------------- */

static bool keep(struct store *store, const char *word, char *pem)
{
    bool ok =
        pem && store_change(store,
                            "INSERT INTO secrets (word, value)"
                            " VALUES (?1, ?2)",
                            VALUES(value_text(word), value_text(pem)), NULL);

    if (pem)
        sodium_memzero(pem, strlen(pem));
    free(pem);
    return ok;
}

/* 1, 0 where it has not been made, -1. */
static int find(struct store *store, const char *word, gnutls_datum_t *pem)
{
    sqlite3_stmt *row;
    int found = store_row(store, "SELECT value FROM secrets WHERE word = ?1",
                          VALUES(value_text(word)), &row);

    if (found == 1) {
        pem->data = gnutls_malloc((size_t)sqlite3_column_bytes(row, 0));
        pem->size = (unsigned)sqlite3_column_bytes(row, 0);
        if (!pem->data)
            return -1;
        memcpy(pem->data, sqlite3_column_blob(row, 0), pem->size);
    }
    return found;
}

static bool import(struct pair *pair, const gnutls_datum_t *key,
                   const gnutls_datum_t *certificate)
{
    return init_pair(pair) &&
           gnutls_x509_privkey_import(pair->key, key, GNUTLS_X509_FMT_PEM) ==
               0 &&
           gnutls_x509_crt_import(pair->certificate, certificate,
                                  GNUTLS_X509_FMT_PEM) == 0;
}

static bool load_authority(struct store *store, struct pair *pair)
{
    gnutls_datum_t key = {0}, certificate = {0};
    int found = find(store, "tls-key", &key);
    bool ok = false;

    if (found == 1)
        ok = find(store, "tls-certificate", &certificate) == 1 &&
             import(pair, &key, &certificate);
    else if (found == 0)
        ok = make_authority(pair) && keep(store, "tls-key", key_pem(pair)) &&
             keep(store, "tls-certificate", certificate_pem(pair));
    if (key.data)
        sodium_memzero(key.data, key.size);
    gnutls_free(key.data);
    gnutls_free(certificate.data);
    return ok;
}

static bool open_authority(struct store *store, struct pair *pair)
{
    bool ok;

    if (!store_begin(store))
        return false;
    ok = load_authority(store, pair);
    return store_end(store, ok) && ok;
}

bool tls_prepare(struct store *store, enum tls_flaw flaw, struct tls *tls)
{
    struct pair authority = {0}, stranger = {0}, server = {0};
    bool untrusted = flaw == TLS_UNTRUSTED;
    bool ok = open_authority(store, &authority) &&
              (!untrusted || make_authority(&stranger)) &&
              make_server(&server, untrusted ? &stranger : &authority, flaw);

    *tls = (struct tls){0};
    if (ok) {
        tls->authority = certificate_pem(&authority);
        tls->certificate = certificate_pem(&server);
        tls->key = key_pem(&server);
        ok = tls->authority && tls->certificate && tls->key;
    }
    free_pair(&authority);
    free_pair(&stranger);
    free_pair(&server);
    if (!ok)
        tls_free(tls);
    return ok;
}
