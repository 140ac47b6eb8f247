/* The sandbox's certificate authority: a root and an issuing authority with
 * GOST R 34.10-2012 keys of 256 bits, and a stranger that nobody trusts.
 *
 * DIR/ca/root.pem, issuing.pem, stranger.pem   certificates
 * DIR/ca/root.crl, issuing.crl (DER) and .crl.pem   what was revoked
 * DIR/ca/NAME.key   private keys, PKCS#8 PEM, mode 0600
 *
 * The lists of revoked certificates are the only state that changes; they
 * are read from the folder each time and replaced whole, under a lock on
 * DIR/ca/lock. So several processes and threads may use one folder. */
#ifndef API_SANDBOX_CA_H
#define API_SANDBOX_CA_H

#include "keygen/certificate.h"
#include "keygen/chain.h"
#include "keygen/fault.h"
#include "keygen/name.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <time.h>

/* A key's own period, and a certificate's where nothing else is ordered
 * (RFC 9215: at most 15 months). */
enum { CA_PERIOD_MONTHS = 15 };

struct ca;

/* Open the authority of DIR, making DIR, DIR/ca and all that is missing on
 * first use; exactly one of several processes that open it at once makes it.
 * Lists of revoked certificates that are over at this moment are renewed. */
MUST_CHECK enum fault ca_open(const char *dir, time_t now, struct ca **ca);
void ca_close(struct ca **ca);

/* Ways in which a certificate can be wrong, to see what a client makes of
 * it. They may be combined with |. */
enum ca_flaw {
    CA_OTHER_KEY = 1,      /* for a key that nobody has */
    CA_OTHER_PERSON = 2,   /* ФИО, СНИЛС, ИНН of another */
    CA_OTHER_CA = 4,       /* signed by the stranger */
    CA_EXPIRED = 8,        /* ended yesterday */
    CA_NOT_YET_VALID = 16, /* begins in a year */
    CA_NO_PROFILE = 32     /* not of the qualified form */
};

struct ca_order {
    /* Whom it is for: a key, or where that is NULL the DER of a PKCS#10 that
     * examine_request accepted. */
    gnutls_pubkey_t key;
    const void *request;
    size_t request_size;

    const struct name *subject;

    time_t not_before;     /* 0: now */
    time_t not_after;      /* 0: CA_PERIOD_MONTHS after not_before */
    time_t key_not_before; /* 0: not_before */
    time_t key_not_after;  /* 0: CA_PERIOD_MONTHS after key_not_before */

    int identification_kind; /* RFC 9215: 0 personal, 1 by a valid КЭП */
    const char *sign_tool;   /* subjectSignTool; NULL: of the request, or
                              * the sandbox's own words */
    unsigned classes;        /* КС1 up to this many, 1 to 6; 0: 1 */
    unsigned flaws;          /* of enum ca_flaw */
};

/* A new certificate with a random serial number. FAULT_REQUEST, FAULT_NAME,
 * FAULT_UNSUPPORTED (a key of none of the algorithms), FAULT_ARGUMENT (it
 * would end before it begins). Free with certificate_free. */
MUST_CHECK enum fault ca_issue(const struct ca *ca,
                               const struct ca_order *order, time_t now,
                               struct certificate **certificate);

/* Revoke a certificate of the issuing authority by its serial number in
 * hexadecimal (struct certificate's serial), as of a moment. On return the
 * new list, with the next number, is on the disk. A serial that is revoked
 * already: nothing changes. FAULT_ARGUMENT on anything but a serial. */
MUST_CHECK enum fault ca_revoke(const struct ca *ca, const char *serial,
                                time_t when);

/* The issuing authority's list as it is on the disk now, renewed first where
 * it is over at this moment; free with gnutls_x509_crl_deinit. */
MUST_CHECK enum fault ca_crl(const struct ca *ca, time_t now,
                             gnutls_x509_crl_t *crl);

/* What goes with every certificate: issuing, root. The CA's own: not to be
 * changed or freed. */
const struct chain *ca_chain(const struct ca *ca);

/* What is trusted: the root alone. The CA's own. */
const struct chain *ca_roots(const struct ca *ca);

/* A moment some calendar months later (earlier where negative), in UTC; the
 * 31st of a shorter month is its last day. */
time_t ca_months(time_t from, int months);

#endif
