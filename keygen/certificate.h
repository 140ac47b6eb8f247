/* A certificate as read: what is asked of it, copied out and bounded. */
#ifndef KEYGEN_CERTIFICATE_H
#define KEYGEN_CERTIFICATE_H

#include "keygen/algorithm.h"
#include "keygen/fault.h"
#include "keygen/name.h"

#include <gnutls/abstract.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

enum {
    CERTIFICATE_MAX = 64 * 1024, /* bytes of DER; of PEM twice that */
    CERTIFICATE_SERIAL_MAX = 20,
    THUMBPRINT_TEXT = 41
};

struct certificate {
    _Atomic gnutls_x509_crt_t handle; /* certificate_crt has it */
    gnutls_datum_t der;
    char thumbprint[THUMBPRINT_TEXT]; /* lower-case hex SHA-1 of the DER */
    char serial[2 * CERTIFICATE_SERIAL_MAX + 1]; /* lower-case hex */
    const struct algorithm *algorithm;    /* NULL where not computed here */
    uint8_t point[2 * ALGORITHM_KEY_MAX]; /* of its key, X ‖ Y little-endian,
                                             where there is an algorithm */
    time_t not_before, not_after;
    time_t key_not_before, key_not_after; /* 0 where absent */
    struct name subject, issuer;
};

/* DER or PEM (the first certificate of it). Free with certificate_free. */
MUST_CHECK enum fault certificate_read(const void *data, size_t size,
                                       struct certificate **certificate);
MUST_CHECK enum fault certificate_copy(const struct certificate *from,
                                       struct certificate **to);
void certificate_free(struct certificate **certificate);

/* The same for GnuTLS, made when it is asked for first, for most certificates
 * are only looked at; the certificate's own. NULL where there is no memory, or
 * where GnuTLS does not read it, which then is nothing to be relied upon. */
gnutls_x509_crt_t certificate_crt(const struct certificate *certificate);

/* Its key, to be freed with gnutls_pubkey_deinit; NULL on a fault.
 * FAULT_UNSUPPORTED where it is not computed here. */
MUST_CHECK enum fault certificate_public(const struct certificate *certificate,
                                         gnutls_pubkey_t *key);

/* Whether it says that this is its issuer: names and key identifiers. The
 * signature is another matter. */
bool certificate_names(const struct certificate *certificate,
                       const struct certificate *issuer);

/* The end of what it can sign: the earlier of its own end and its key's. */
time_t certificate_signs_until(const struct certificate *certificate);

/* Whether its public key is this point (X ‖ Y, little-endian). */
bool certificate_has_point(const struct certificate *certificate,
                           const uint8_t *point, size_t size);

/* Whether it has the form of a qualified certificate for signing: key usage
 * critical with digitalSignature and nonRepudiation, not a CA, a policy of
 * 1.2.643.100.113, subjectSignTool, issuerSignTool, a known
 * identificationKind if any, СНИЛС. FAULT_PROFILE; *missing then names the
 * first point as a word for the person. */
MUST_CHECK enum fault certificate_profile(const struct certificate *certificate,
                                          const char **missing);

#endif
