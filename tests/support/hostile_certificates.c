#include "tests/support/hostile_certificates.h"

#include <arpa/inet.h>
#include <gnutls/x509.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct identity {
    gnutls_x509_crt_t certificate;
    gnutls_x509_privkey_t key;
};

static struct identity root, others[HOSTILE_CERTIFICATES];
static gnutls_certificate_credentials_t credentials[HOSTILE_CERTIFICATES];

static int make_key(struct identity *identity)
{
    return gnutls_x509_privkey_init(&identity->key) < 0 ||
                   gnutls_x509_privkey_generate(
                       identity->key, GNUTLS_PK_ECDSA,
                       GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) < 0
               ? -1
               : 0;
}

static int make_certificate(struct identity *identity, const char *name,
                            time_t from, time_t until, bool ca,
                            const struct identity *issuer)
{
    const uint8_t serial[] = {1, (uint8_t)(identity - others)};
    struct in_addr address = {.s_addr = htonl(INADDR_LOOPBACK)};
    gnutls_x509_crt_t it;
    bool bad = gnutls_x509_crt_init(&identity->certificate) < 0;

    it = identity->certificate;
    bad = bad || gnutls_x509_crt_set_version(it, 3) < 0 ||
          gnutls_x509_crt_set_serial(it, serial, sizeof serial) < 0 ||
          gnutls_x509_crt_set_activation_time(it, from) < 0 ||
          gnutls_x509_crt_set_expiration_time(it, until) < 0 ||
          gnutls_x509_crt_set_key(it, identity->key) < 0 ||
          gnutls_x509_crt_set_basic_constraints(it, ca, -1) < 0 ||
          gnutls_x509_crt_set_dn_by_oid(it, GNUTLS_OID_X520_COMMON_NAME, 0,
                                        name, (unsigned)strlen(name)) < 0;
    if (!ca)
        bad = bad || gnutls_x509_crt_set_subject_alt_name(
                         it, GNUTLS_SAN_DNSNAME, name, (unsigned)strlen(name),
                         GNUTLS_FSAN_SET) < 0;
    if (strcmp(name, "localhost") == 0)
        bad = bad || gnutls_x509_crt_set_subject_alt_name(
                         it, GNUTLS_SAN_IPADDRESS, &address, sizeof address,
                         GNUTLS_FSAN_APPEND) < 0;
    if (ca)
        bad = bad ||
              gnutls_x509_crt_set_key_usage(it, GNUTLS_KEY_KEY_CERT_SIGN) < 0;
    bad = bad || gnutls_x509_crt_sign2(it, issuer->certificate, issuer->key,
                                       GNUTLS_DIG_SHA256, 0) < 0;
    return bad ? -1 : 0;
}

static void free_identity(struct identity *identity)
{
    if (identity->certificate != NULL)
        gnutls_x509_crt_deinit(identity->certificate);
    if (identity->key != NULL)
        gnutls_x509_privkey_deinit(identity->key);
    *identity = (struct identity){0};
}

static int make_root(struct identity *identity)
{
    time_t now = time(NULL);

    return make_key(identity) != 0 ||
                   make_certificate(identity, "Root", now - 864000,
                                    now + 864000, true, identity) != 0
               ? -1
               : 0;
}

static int write_root(char **file)
{
    gnutls_datum_t pem = {0};
    char path[] = "/tmp/kep-root-XXXXXX";
    int fd = mkstemp(path), ok = -1;

    *file = NULL;
    if (fd < 0)
        return -1;
    if (gnutls_x509_crt_export2(root.certificate, GNUTLS_X509_FMT_PEM, &pem) <
            0 ||
        write(fd, pem.data, pem.size) != (ssize_t)pem.size)
        goto out;
    *file = strdup(path);
    ok = *file == NULL ? -1 : 0;
out:
    close(fd);
    gnutls_free(pem.data);
    return ok;
}

int hostile_prepare(char **file)
{
    static const struct {
        const char *name;
        long from, until; /* seconds from now */
    } rows[] = {
        [HOSTILE_GOOD] = {"localhost", -3600, 86400},
        [HOSTILE_OTHER_NAME] = {"other.example", -3600, 86400},
        [HOSTILE_EXPIRED] = {"localhost", -172800, -86400},
        [HOSTILE_FUTURE] = {"localhost", 86400, 172800},
        [HOSTILE_SELF_SIGNED] = {"localhost", -3600, 86400},
        [HOSTILE_OTHER_ROOT] = {"localhost", -3600, 86400},
    };
    struct identity other = {0};
    time_t now = time(NULL);
    int result = -1;

    if (make_root(&root) != 0 || make_root(&other) != 0)
        goto out;
    for (size_t i = 0; i < HOSTILE_CERTIFICATES; i++) {
        const struct identity *issuer = i == HOSTILE_SELF_SIGNED  ? &others[i]
                                        : i == HOSTILE_OTHER_ROOT ? &other
                                                                  : &root;
        if (make_key(&others[i]) != 0 ||
            make_certificate(&others[i], rows[i].name, now + rows[i].from,
                             now + rows[i].until, false, issuer) != 0 ||
            gnutls_certificate_allocate_credentials(&credentials[i]) < 0 ||
            gnutls_certificate_set_x509_key(
                credentials[i], &others[i].certificate, 1, others[i].key) < 0)
            goto out;
    }
    result = write_root(file);
out:
    free_identity(&other);
    return result;
}

void hostile_finish(void)
{
    for (size_t i = 0; i < HOSTILE_CERTIFICATES; i++) {
        free_identity(&others[i]);
        if (credentials[i] != NULL)
            gnutls_certificate_free_credentials(credentials[i]);
        credentials[i] = NULL;
    }
    free_identity(&root);
}

gnutls_certificate_credentials_t
hostile_credentials(enum hostile_certificate certificate)
{
    return credentials[certificate];
}
