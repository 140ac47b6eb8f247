/* SignedData of CMS (RFC 5652 section 5) taken apart: DER, one signer, named
 * by issuer and serial number. Nothing is verified here. */
#ifndef KEYGEN_SIGNED_DATA_H
#define KEYGEN_SIGNED_DATA_H

#include "keygen/der.h"

#include <stdbool.h>
#include <time.h>

/* Windows on the bytes that were parsed. */
struct signed_data {
    struct der content_type;      /* OID of what is signed */
    struct der content;           /* at is NULL where detached */
    struct der certificates;      /* elements of the set; NULL where none */
    struct der issuer, serial;    /* of the signer: Name whole, INTEGER */
    struct der digest_oid;        /* of the signer */
    struct der signature_oid;     /* with or without its digest */
    struct der signed_attributes; /* whole, with the tag [0] */
    struct der signature;
};

/* The values of the signed attributes; at is NULL where absent. Each may be
 * there once, with one value. */
struct signed_attributes {
    struct der content_type;     /* OID */
    struct der message_digest;   /* OCTET STRING */
    struct der signing_time;     /* the time whole */
    struct der certificate_hash; /* of the first ESSCertIDv2 */
    struct der hash_oid;         /* of it; NULL: the default, SHA-256 */
    struct der issuer, serial;   /* of it; NULL where left out */
};

bool signed_data_parse(const void *der, size_t size, struct signed_data *out);

/* False also where there are none at all. */
bool signed_data_attributes(const struct signed_data *data,
                            struct signed_attributes *out);

/* The certificate (whole) that its issuer and serial number name. */
bool signed_data_signer(const struct signed_data *data, struct der *out);

/* Issuer (whole) and serial number (content) of a certificate. */
bool signed_data_id(struct der certificate, struct der *issuer,
                    struct der *serial);

/* What a new one is put together of: data of RFC 5652 section 4, one signer,
 * its certificate. */
struct signed_data_parts {
    const char *digest_oid, *signature_oid;
    struct der content;     /* at NULL: detached */
    struct der certificate; /* whole */
    struct der attributes;  /* that were signed: elements in the order of DER */
    struct der signature;
};

/* Append it; out->failed where the certificate has no issuer or number. */
void signed_data_put(struct bytes *out, const struct signed_data_parts *parts);

#endif
