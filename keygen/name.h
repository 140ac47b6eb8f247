/* The name in a qualified certificate: which attributes there are, their
 * types and lengths (RFC 9215 section 5, order 795 of the FSB as amended by
 * order 31), and the identity that old and new certificate must share. */
#ifndef KEYGEN_NAME_H
#define KEYGEN_NAME_H

#include "keygen/bytes.h"
#include "keygen/fault.h"

#include <gnutls/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which they are written into a name. */
enum name_attribute {
    NAME_COUNTRY,
    NAME_STATE,
    NAME_LOCALITY,
    NAME_STREET,
    NAME_ORGANIZATION,
    NAME_UNIT,
    NAME_TITLE,
    NAME_COMMON_NAME,
    NAME_SURNAME,
    NAME_GIVEN_NAME,
    NAME_EMAIL,
    NAME_INN,
    NAME_INNLE,
    NAME_SNILS,
    NAME_OGRN,
    NAME_OGRNIP,
    NAME_COUNT
};

struct name_rule {
    const char *word; /* as in the API: "commonName", "snils", "innle" … */
    const char *oid;
    uint8_t tag;     /* DER type that is written */
    size_t min, max; /* characters */
};

const struct name_rule *name_rule(enum name_attribute attribute);

/* The attribute of an API word, or -1. */
int name_find(const char *word);

/* Values in UTF-8 without control characters, owned; NULL where absent. */
struct name {
    char *value[NAME_COUNT];
};

void name_free(struct name *name);
MUST_CHECK enum fault name_copy(const struct name *from, struct name *to);

/* Set one value of size bytes of UTF-8. FAULT_NAME where it breaks its rule:
 * length, alphabet, control characters, invalid UTF-8. */
MUST_CHECK enum fault name_set(struct name *name, enum name_attribute attribute,
                               const char *value, size_t size);

/* As read: foreign DER types of strings are accepted and converted; the
 * first of several values counts; unknown attributes are passed over. */
MUST_CHECK enum fault name_read(const void *der, size_t size,
                                struct name *name);
MUST_CHECK enum fault name_of_certificate(gnutls_x509_crt_t certificate,
                                          bool issuer, struct name *name);
MUST_CHECK enum fault name_of_request(gnutls_x509_crq_t request,
                                      struct name *name);

/* Append its DER (RFC 5280 4.1.2.4), the attributes in the order above. After
 * FAULT_NAME, a value that breaks its rule, out ends anywhere. */
MUST_CHECK enum fault name_put(const struct name *name, struct bytes *out);

/* RFC 4514 text in which each value is exact DER, for gnutls_x509_*_set_dn;
 * the caller frees it. */
MUST_CHECK enum fault name_to_rfc4514(const struct name *name, char **text);

/* The same values in every attribute. */
bool name_equal(const struct name *a, const struct name *b);

/* Who somebody is, for the rule that old and new agree: never compared by DN
 * bytes. Normalised: full name trimmed, single spaces, case folded, ё = е;
 * СНИЛС 11 digits; ИНН of the person (12 digits, not 00…); ИНН of the
 * organisation (10 digits, of ИННЮЛ or "00" ‖ ИНН10). Empty where absent. */
struct identity {
    char full_name[512];
    char snils[12];
    char inn[13];
    char organization_inn[11];
};

MUST_CHECK enum fault name_identity(const struct name *name,
                                    struct identity *identity);

/* Whether two values say the same, whatever the case, the spaces and ё; one
 * that is NULL is the same as another that is. */
bool name_same_words(const char *a, const char *b);

enum identity_difference {
    IDENTITY_SAME,
    IDENTITY_FULL_NAME,
    IDENTITY_SNILS,
    IDENTITY_INN,
    IDENTITY_ORGANIZATION_INN
};

/* The first difference. A value that is absent in old and present in new is
 * a difference, for it cannot be proven. */
enum identity_difference identity_compare(const struct identity *old_one,
                                          const struct identity *new_one);

#endif
