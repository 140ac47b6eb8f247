#include "api/sandbox/ca.h"

#include "api/sandbox/authority.h"
#include "api/sandbox/order.h"
#include "api/sandbox/revocation.h"
#include "api/sandbox/shelf.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIST_NAME_SIZE = 32 };

struct ca {
    int folder; /* DIR/ca */
    struct authority authority[AUTHORITY_COUNT];
    /* Views on the certificates of the authorities. */
    struct chain chain;
    struct chain roots;
};

time_t ca_months(time_t from, int months)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct tm tm;
    int month, year, last;

    if (gmtime_r(&from, &tm) == NULL)
        return from;
    month = tm.tm_mon + months;
    tm.tm_year += month / 12 - (month % 12 < 0);
    tm.tm_mon = (month % 12 + 12) % 12;
    year = tm.tm_year + 1900;
    last = days[tm.tm_mon];
    if (tm.tm_mon == 1 &&
        ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
        last++;
    if (tm.tm_mday > last)
        tm.tm_mday = last;
    return timegm(&tm);
}

/* --- the list of revoked certificates ---------------------------------- */

static enum fault read_list(const struct ca *ca, const char *word,
                            gnutls_x509_crl_t *list)
{
    char name[LIST_NAME_SIZE];
    struct bytes der;
    enum fault fault;

    *list = NULL;
    snprintf(name, sizeof name, "%s.crl", word);
    bytes_init(&der, REVOCATION_MAX);
    fault = shelf_read(ca->folder, name, &der);
    if (fault == FAULT_NONE) {
        gnutls_datum_t datum = {der.data, (unsigned)der.size};

        if (gnutls_x509_crl_init(list) != 0)
            fault = FAULT_MEMORY;
        else if (gnutls_x509_crl_import(*list, &datum, GNUTLS_X509_FMT_DER) !=
                 0)
            fault = FAULT_DAMAGED;
    }
    bytes_free(&der);
    if (fault != FAULT_NONE && *list != NULL) {
        gnutls_x509_crl_deinit(*list);
        *list = NULL;
    }
    return fault;
}

/* In one form under one name. */
static enum fault export_list(const struct ca *ca, gnutls_x509_crl_t list,
                              gnutls_x509_crt_fmt_t format, const char *word,
                              const char *ending)
{
    char name[LIST_NAME_SIZE];
    gnutls_datum_t text = {NULL, 0};
    enum fault fault;

    if (gnutls_x509_crl_export2(list, format, &text) != 0)
        return FAULT_LIBRARY;
    snprintf(name, sizeof name, "%s.%s", word, ending);
    fault = shelf_replace(ca->folder, name, text.data, text.size, 0644);
    gnutls_free(text.data);
    return fault;
}

/* The DER is the truth and comes last: where it is new, the PEM is too. */
static enum fault write_list(const struct ca *ca, const char *word,
                             gnutls_x509_crl_t list)
{
    enum fault fault =
        export_list(ca, list, GNUTLS_X509_FMT_PEM, word, "crl.pem");

    if (fault == FAULT_NONE)
        fault = export_list(ca, list, GNUTLS_X509_FMT_DER, word, "crl");
    return fault;
}

/* Write the next list where there is something to say: none yet, over, or a
 * serial that is not in it. The folder is locked. */
static enum fault update_list(const struct ca *ca,
                              const struct authority *authority,
                              const struct revocation *what)
{
    gnutls_x509_crl_t last = NULL, next = NULL;
    enum fault fault = read_list(ca, authority->word, &last);
    bool nothing;

    if (fault != FAULT_NONE && fault != FAULT_NOT_FOUND)
        return fault;
    fault = FAULT_NONE;
    nothing = last != NULL &&
              (what->serial == NULL
                   ? !revocation_over(last, what->now)
                   : revocation_has(last, what->serial, what->serial_size));
    if (!nothing)
        fault =
            revocation_next(last, what, certificate_crt(authority->certificate),
                            authority->key, &next);
    if (next != NULL) {
        fault = write_list(ca, authority->word, next);
        gnutls_x509_crl_deinit(next);
    }
    if (last != NULL)
        gnutls_x509_crl_deinit(last);
    return fault;
}

static enum fault update_locked(const struct ca *ca,
                                const struct revocation *what)
{
    enum fault fault;
    int lock;

    fault = shelf_lock(ca->folder, "lock", &lock);
    if (fault != FAULT_NONE)
        return fault;
    fault = update_list(ca, &ca->authority[AUTHORITY_ISSUING], what);
    close(lock);
    return fault;
}

enum fault ca_revoke(const struct ca *ca, const char *serial, time_t when)
{
    uint8_t number[CERTIFICATE_SERIAL_MAX];
    struct revocation what = {number, 0, when, when};
    const char *end = NULL;

    if (sodium_hex2bin(number, sizeof number, serial, strlen(serial), NULL,
                       &what.serial_size, &end) != 0 ||
        *end != '\0' || what.serial_size == 0)
        return FAULT_ARGUMENT;
    return update_locked(ca, &what);
}

enum fault ca_crl(const struct ca *ca, time_t now, gnutls_x509_crl_t *crl)
{
    const char *word = ca->authority[AUTHORITY_ISSUING].word;
    const struct revocation renew = {NULL, 0, 0, now};
    enum fault fault = read_list(ca, word, crl);

    if (fault != FAULT_NONE || !revocation_over(*crl, now))
        return fault;
    gnutls_x509_crl_deinit(*crl);
    *crl = NULL;
    fault = update_locked(ca, &renew);
    return fault == FAULT_NONE ? read_list(ca, word, crl) : fault;
}

/* --- opening ------------------------------------------------------------ */

static enum fault open_authorities(struct ca *ca, time_t now)
{
    const struct revocation renew = {NULL, 0, 0, now};
    struct authority *all = ca->authority;
    enum fault fault = FAULT_NONE;

    for (int i = 0; i < AUTHORITY_COUNT && fault == FAULT_NONE; i++)
        fault = authority_open(
            ca->folder, (enum authority_role)i,
            i == AUTHORITY_ISSUING ? &all[AUTHORITY_ROOT] : NULL, now, &all[i]);
    if (fault == FAULT_NONE)
        fault = update_list(ca, &all[AUTHORITY_ROOT], &renew);
    if (fault == FAULT_NONE)
        fault = update_list(ca, &all[AUTHORITY_ISSUING], &renew);
    return fault;
}

static enum fault open_folder(const char *dir, int *folder)
{
    enum fault fault;
    int parent;

    fault = shelf_open(AT_FDCWD, dir, &parent);
    if (fault != FAULT_NONE)
        return fault;
    fault = shelf_open(parent, "ca", folder);
    close(parent);
    return fault;
}

enum fault ca_open(const char *dir, time_t now, struct ca **ca)
{
    struct ca *one = calloc(1, sizeof *one);
    enum fault fault;
    int lock = -1;

    *ca = NULL;
    if (one == NULL)
        return FAULT_MEMORY;
    one->folder = -1;
    if ((fault = open_folder(dir, &one->folder)) != FAULT_NONE ||
        (fault = shelf_lock(one->folder, "lock", &lock)) != FAULT_NONE ||
        (fault = open_authorities(one, now)) != FAULT_NONE)
        goto out;
    one->chain.certificate[0] = one->authority[AUTHORITY_ISSUING].certificate;
    one->chain.certificate[1] = one->authority[AUTHORITY_ROOT].certificate;
    one->chain.count = 2;
    one->roots.certificate[0] = one->authority[AUTHORITY_ROOT].certificate;
    one->roots.count = 1;
    *ca = one;
    one = NULL;
out:
    if (lock >= 0)
        close(lock);
    ca_close(&one);
    return fault;
}

void ca_close(struct ca **ca)
{
    if (*ca == NULL)
        return;
    for (int i = 0; i < AUTHORITY_COUNT; i++)
        authority_close(&(*ca)->authority[i]);
    if ((*ca)->folder >= 0)
        close((*ca)->folder);
    free(*ca);
    *ca = NULL;
}

enum fault ca_issue(const struct ca *ca, const struct ca_order *order,
                    time_t now, struct certificate **certificate)
{
    const struct authority *issuer =
        &ca->authority[order->flaws & CA_OTHER_CA ? AUTHORITY_STRANGER
                                                  : AUTHORITY_ISSUING];
    gnutls_x509_crt_t crt = NULL;
    enum fault fault;

    *certificate = NULL;
    if (gnutls_x509_crt_init(&crt) != 0)
        return FAULT_MEMORY;
    fault = order_fill(order, now, crt);
    if (fault == FAULT_NONE)
        fault = authority_certify(issuer, crt, certificate);
    gnutls_x509_crt_deinit(crt);
    return fault;
}

const struct chain *ca_chain(const struct ca *ca)
{
    return &ca->chain;
}

const struct chain *ca_roots(const struct ca *ca)
{
    return &ca->roots;
}
