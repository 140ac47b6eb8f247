#include "api/sandbox/authority.h"

#include "api/sandbox/profile.h"
#include "api/sandbox/shelf.h"
#include "keygen/keypair.h"
#include "keygen/name.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A reserved domain (RFC 2606) that is never found: nobody is asked. */
#define BASE_URL "http://kep-sandbox.invalid/ca/"

enum {
    DAY = 24 * 60 * 60,
    DAYS_BEFORE = 5 * 365, /* old certificates began in its time too */
    DAYS_AFTER = 15 * 365,
    SERIAL_SIZE = 20,
    KEY_ID_SIZE = 64,
    KEY_SIZE = 32,
    TRIES = 16, /* one key in 155 is short */
    FILE_NAME_SIZE = 32,
    URL_SIZE = 128
};

struct form {
    const char *word;
    const char *common_name;
    int path_length;
};

static const struct form forms[AUTHORITY_COUNT] = {
    [AUTHORITY_ROOT] = {"root", "Песочница kep: корень, не для работы", 1},
    [AUTHORITY_ISSUING] = {"issuing", "Песочница kep: УЦ, не для работы", 0},
    [AUTHORITY_STRANGER] = {"stranger",
                            "Песочница kep: чужой УЦ, не для работы", 0},
};

/* The organisation that all of them belong to. */
static const char *const owner[NAME_COUNT] = {
    [NAME_COUNTRY] = "RU",
    [NAME_STATE] = "66 Свердловская область",
    [NAME_LOCALITY] = "Екатеринбург",
    [NAME_STREET] = "ул. Учебная, д. 0",
    [NAME_ORGANIZATION] = "Песочница kep, не для работы",
    [NAME_OGRN] = "1209700000014",
    [NAME_INNLE] = "9700000010",
};

static enum fault set_subject(gnutls_x509_crt_t crt, const struct form *form)
{
    struct name name = {{NULL}};
    char *text = NULL;
    enum fault fault = name_set(&name, NAME_COMMON_NAME, form->common_name,
                                strlen(form->common_name));

    for (int i = 0; i < NAME_COUNT && fault == FAULT_NONE; i++)
        if (owner[i] != NULL)
            fault = name_set(&name, (enum name_attribute)i, owner[i],
                             strlen(owner[i]));
    if (fault == FAULT_NONE)
        fault = name_to_rfc4514(&name, &text);
    if (fault == FAULT_NONE && gnutls_x509_crt_set_dn(crt, text, NULL) != 0)
        fault = FAULT_LIBRARY;
    free(text);
    name_free(&name);
    return fault;
}

static enum fault put_serial(gnutls_x509_crt_t crt)
{
    uint8_t serial[SERIAL_SIZE];

    randombytes_buf(serial, sizeof serial);
    /* Positive, and never shorter for a leading zero. */
    serial[0] = (uint8_t)(1 + serial[0] % 0x7F);
    return gnutls_x509_crt_set_serial(crt, serial, sizeof serial) == 0
               ? FAULT_NONE
               : FAULT_LIBRARY;
}

static enum fault put_key_ids(gnutls_x509_crt_t crt, gnutls_x509_crt_t issuer)
{
    uint8_t id[KEY_ID_SIZE];
    size_t size = sizeof id;

    if (gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA1, id, &size) !=
            0 ||
        gnutls_x509_crt_set_subject_key_id(crt, id, size) != 0)
        return FAULT_LIBRARY;
    size = sizeof id;
    if (gnutls_x509_crt_get_subject_key_id(issuer, id, &size, NULL) != 0 ||
        gnutls_x509_crt_set_authority_key_id(crt, id, size) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

static enum fault put_places(gnutls_x509_crt_t crt, const char *word)
{
    char list[URL_SIZE], issuer[URL_SIZE];
    int size = snprintf(issuer, sizeof issuer, BASE_URL "%s.cer", word);
    gnutls_datum_t place = {(unsigned char *)issuer, (unsigned)size};

    snprintf(list, sizeof list, BASE_URL "%s.crl", word);
    if (gnutls_x509_crt_set_crl_dist_points2(crt, GNUTLS_SAN_URI, list,
                                             (unsigned)strlen(list), 0) != 0 ||
        gnutls_x509_crt_set_authority_info_access(crt, GNUTLS_IA_CAISSUERS_URI,
                                                  &place) != 0)
        return FAULT_LIBRARY;
    return FAULT_NONE;
}

static enum fault read_back(gnutls_x509_crt_t crt,
                            struct certificate **certificate)
{
    gnutls_datum_t der = {NULL, 0};
    enum fault fault;

    if (gnutls_x509_crt_export2(crt, GNUTLS_X509_FMT_DER, &der) != 0)
        return FAULT_LIBRARY;
    fault = certificate_read(der.data, der.size, certificate);
    gnutls_free(der.data);
    return fault;
}

enum fault authority_certify(const struct authority *issuer,
                             gnutls_x509_crt_t crt,
                             struct certificate **certificate)
{
    bool itself = issuer->certificate == NULL;
    gnutls_x509_crt_t by = itself ? crt : certificate_crt(issuer->certificate);
    enum fault fault;

    if (gnutls_x509_crt_set_version(crt, 3) != 0)
        return FAULT_LIBRARY;
    if ((fault = put_serial(crt)) != FAULT_NONE ||
        (fault = put_key_ids(crt, by)) != FAULT_NONE)
        return fault;
    if (!itself && (fault = put_places(crt, issuer->word)) != FAULT_NONE)
        return fault;
    if (gnutls_x509_crt_privkey_sign(crt, by, issuer->key,
                                     GNUTLS_DIG_STREEBOG_256, 0) != 0)
        return FAULT_LIBRARY;
    return read_back(crt, certificate);
}

/* Whether a key's number has all its bytes: GnuTLS writes none for the zeros
 * at its end, and OpenSSL does not read a file that is short of one. */
static bool is_long(gnutls_x509_privkey_t key)
{
    gnutls_datum_t number = {NULL, 0};
    const bool is = gnutls_x509_privkey_export_gost_raw(
                        key, NULL, NULL, NULL, NULL, NULL, &number) == 0 &&
                    number.size == KEY_SIZE;

    if (number.data != NULL)
        gnutls_memset(number.data, 0, number.size);
    gnutls_free(number.data);
    return is;
}

enum fault authority_make_key(gnutls_x509_privkey_t *key)
{
    const unsigned curve =
        (unsigned)GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_GOST256CPXA);

    for (int i = 0; i < TRIES; i++) {
        if (gnutls_x509_privkey_init(key) != 0)
            return FAULT_MEMORY;
        if (gnutls_x509_privkey_generate(*key, GNUTLS_PK_GOST_12_256, curve,
                                         0) == 0 &&
            is_long(*key))
            return FAULT_NONE;
        gnutls_x509_privkey_deinit(*key);
        *key = NULL;
    }
    return FAULT_LIBRARY;
}

/* All of an authority's own certificate but what authority_certify puts. */
static enum fault describe(gnutls_x509_crt_t crt, const struct form *form,
                           gnutls_x509_privkey_t key, time_t now)
{
    const unsigned usage = GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN |
                           GNUTLS_KEY_DIGITAL_SIGNATURE;
    enum fault fault = set_subject(crt, form);

    if (fault != FAULT_NONE)
        return fault;
    if (gnutls_x509_crt_set_key(crt, key) != 0 ||
        gnutls_x509_crt_set_activation_time(crt, now - DAYS_BEFORE * DAY) !=
            0 ||
        gnutls_x509_crt_set_expiration_time(crt, now + DAYS_AFTER * DAY) != 0 ||
        gnutls_x509_crt_set_basic_constraints(crt, 1, form->path_length) != 0 ||
        gnutls_x509_crt_set_key_usage(crt, usage) != 0)
        return FAULT_LIBRARY;
    return profile_put_authority(crt);
}

static enum fault certify(const struct form *form, gnutls_x509_privkey_t key,
                          const struct authority *parent, time_t now,
                          struct authority *authority)
{
    gnutls_x509_crt_t crt = NULL;
    enum fault fault = FAULT_LIBRARY;

    if (gnutls_x509_crt_init(&crt) != 0)
        return FAULT_MEMORY;
    if (gnutls_privkey_init(&authority->key) != 0 ||
        gnutls_privkey_import_x509(authority->key, key,
                                   GNUTLS_PRIVKEY_IMPORT_COPY) != 0)
        goto out;
    fault = describe(crt, form, key, now);
    if (fault == FAULT_NONE)
        fault = authority_certify(parent == NULL ? authority : parent, crt,
                                  &authority->certificate);
out:
    gnutls_x509_crt_deinit(crt);
    return fault;
}

static void file_name(char out[FILE_NAME_SIZE], const char *word,
                      const char *ending)
{
    snprintf(out, FILE_NAME_SIZE, "%s.%s", word, ending);
}

static enum fault write_key(int folder, const char *word,
                            gnutls_x509_privkey_t key)
{
    gnutls_datum_t pem = {NULL, 0};
    char name[FILE_NAME_SIZE];
    enum fault fault;

    if (gnutls_x509_privkey_export2_pkcs8(key, GNUTLS_X509_FMT_PEM, NULL,
                                          GNUTLS_PKCS_PLAIN, &pem) != 0)
        return FAULT_LIBRARY;
    file_name(name, word, "key");
    fault = shelf_replace(folder, name, pem.data, pem.size, 0600);
    gnutls_memset(pem.data, 0, pem.size);
    gnutls_free(pem.data);
    return fault;
}

static enum fault write_certificate(int folder, const char *word,
                                    const struct certificate *certificate)
{
    gnutls_datum_t pem = {NULL, 0};
    char name[FILE_NAME_SIZE];
    enum fault fault;

    if (gnutls_x509_crt_export2(certificate_crt(certificate),
                                GNUTLS_X509_FMT_PEM, &pem) != 0)
        return FAULT_LIBRARY;
    file_name(name, word, "pem");
    fault = shelf_replace(folder, name, pem.data, pem.size, 0644);
    gnutls_free(pem.data);
    return fault;
}

/* The certificate is written last: where it is, the key is too. */
static enum fault make(int folder, const struct form *form,
                       const struct authority *parent, time_t now,
                       struct authority *authority)
{
    gnutls_x509_privkey_t key = NULL;
    enum fault fault = authority_make_key(&key);

    if (fault != FAULT_NONE)
        return fault;
    if ((fault = certify(form, key, parent, now, authority)) == FAULT_NONE &&
        (fault = write_key(folder, form->word, key)) == FAULT_NONE)
        fault = write_certificate(folder, form->word, authority->certificate);
    gnutls_x509_privkey_deinit(key);
    return fault;
}

static enum fault load_key(int folder, const char *word, gnutls_privkey_t *key)
{
    char name[FILE_NAME_SIZE];
    struct bytes pem;
    enum fault fault;

    bytes_init(&pem, CERTIFICATE_MAX);
    file_name(name, word, "key");
    fault = shelf_read(folder, name, &pem);
    if (fault == FAULT_NONE) {
        gnutls_datum_t datum = {pem.data, (unsigned)pem.size};

        if (gnutls_privkey_init(key) != 0)
            fault = FAULT_MEMORY;
        else if (gnutls_privkey_import_x509_raw(
                     *key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0) != 0)
            fault = FAULT_DAMAGED;
    }
    bytes_free(&pem);
    return fault;
}

static enum fault load_certificate(int folder, const char *word,
                                   struct certificate **certificate)
{
    char name[FILE_NAME_SIZE];
    struct bytes pem;
    enum fault fault;

    bytes_init(&pem, CERTIFICATE_MAX);
    file_name(name, word, "pem");
    fault = shelf_read(folder, name, &pem);
    if (fault == FAULT_NONE)
        fault = certificate_read(pem.data, pem.size, certificate);
    bytes_free(&pem);
    return fault;
}

static enum fault compare(const struct authority *authority)
{
    uint8_t point[2 * ALGORITHM_KEY_MAX];
    const struct algorithm *algorithm = authority->certificate->algorithm;
    enum fault fault;

    if (algorithm == NULL)
        return FAULT_UNSUPPORTED;
    fault = keypair_public(authority->key, algorithm, point);
    if (fault == FAULT_NONE &&
        !certificate_has_point(authority->certificate, point,
                               2 * algorithm->key_size))
        fault = FAULT_KEY_MISMATCH;
    return fault;
}

enum fault authority_open(int folder, enum authority_role role,
                          const struct authority *parent, time_t now,
                          struct authority *authority)
{
    const struct form *form = &forms[role];
    enum fault fault;

    *authority = (struct authority){.word = form->word};
    fault = load_certificate(folder, form->word, &authority->certificate);
    if (fault == FAULT_NOT_FOUND) {
        fault = make(folder, form, parent, now, authority);
    } else if (fault == FAULT_NONE) {
        fault = load_key(folder, form->word, &authority->key);
        if (fault == FAULT_NOT_FOUND)
            fault = FAULT_KEY_MISMATCH;
        if (fault == FAULT_NONE)
            fault = compare(authority);
    }
    if (fault != FAULT_NONE)
        authority_close(authority);
    return fault;
}

void authority_close(struct authority *authority)
{
    if (authority->key != NULL)
        gnutls_privkey_deinit(authority->key);
    authority->key = NULL;
    certificate_free(&authority->certificate);
}
