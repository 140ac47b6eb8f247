#include "api/sandbox/examine.h"

#include "api/sandbox/profile.h"
#include "keygen/cades.h"
#include "keygen/chain.h"
#include "keygen/keypair.h"
#include "keygen/request.h"
#include "keygen/signed_data.h"

#include <gnutls/crypto.h>
#include <sodium.h>
#include <stdint.h>
#include <string.h>

/* The target of each difference between two people. */
static const char *const targets[] = {
    [IDENTITY_SAME] = NULL,
    [IDENTITY_FULL_NAME] = "fullName",
    [IDENTITY_SNILS] = "snils",
    [IDENTITY_INN] = "inn",
    [IDENTITY_ORGANIZATION_INN] = "organizationInn",
};

struct fault_reason {
    enum fault fault;
    enum reason reason;
};

/* A fault of the row that has it, or else INTERNAL; ends with FAULT_NONE. */
static enum reason find(const struct fault_reason *row, enum fault fault)
{
    if (fault == FAULT_NONE)
        return ACCEPTED;
    for (; row->fault != FAULT_NONE; row++)
        if (row->fault == fault)
            return row->reason;
    return INTERNAL;
}

/* --- the signature ------------------------------------------------------ */

/* Whether the letter's digest is of these data. */
static bool is_of(const struct signed_data *letter, const void *data,
                  size_t size)
{
    struct signed_attributes attributes;
    uint8_t hash[64];

    if (!signed_data_attributes(letter, &attributes))
        return false;
    for (size_t i = 0; algorithm_all()[i] != NULL; i++) {
        gnutls_digest_algorithm_t digest = algorithm_all()[i]->digest;

        if (gnutls_hash_fast(digest, data, size, hash) == 0 &&
            der_equals(&attributes.message_digest, hash,
                       gnutls_hash_get_len(digest)))
            return true;
    }
    return false;
}

static enum reason reason_of_signature(enum fault fault)
{
    static const struct fault_reason rows[] = {
        {FAULT_SIGNATURE, SIGNATURE_INVALID},
        {FAULT_UNSUPPORTED, SIGNATURE_INVALID},
        {FAULT_SIGNER, SIGNER_MISMATCH},
        {FAULT_CERTIFICATE, CMS_UNREADABLE},
        {FAULT_TOO_LARGE, CMS_UNREADABLE},
        {FAULT_NONE, INTERNAL},
    };

    return find(rows, fault);
}

/* --- the signer --------------------------------------------------------- */

static bool is_within(time_t now, time_t from, time_t until)
{
    return (from == 0 || now >= from) && (until == 0 || now <= until);
}

static enum reason check_chain(const struct ca *ca,
                               const struct certificate *old, time_t now)
{
    static const struct fault_reason rows[] = {
        {FAULT_CHAIN, SIGNER_CHAIN},
        {FAULT_EXPIRED, SIGNER_EXPIRED},
        {FAULT_REVOKED, SIGNER_REVOKED},
        {FAULT_NONE, INTERNAL},
    };
    gnutls_x509_crl_t crl = NULL;
    enum fault fault = ca_crl(ca, now, &crl);

    if (fault != FAULT_NONE)
        return INTERNAL;
    fault = chain_verify(old, ca_chain(ca), ca_roots(ca), crl, now);
    gnutls_x509_crl_deinit(crl);
    return find(rows, fault);
}

static enum reason check_signer(const struct ca *ca,
                                const struct certificate *signer,
                                const struct certificate *old, time_t now)
{
    enum reason reason;

    if (signer->der.size != old->der.size ||
        memcmp(signer->der.data, old->der.data, old->der.size) != 0)
        return SIGNER_MISMATCH;
    if (!is_within(now, old->not_before, old->not_after))
        return SIGNER_EXPIRED;
    reason = check_chain(ca, old, now);
    if (reason == ACCEPTED &&
        !is_within(now, old->key_not_before, old->key_not_after))
        return SIGNER_KEY_PERIOD;
    return reason;
}

/* data NULL: an attached signature, whose content is appended. */
static enum reason check_signature(const struct ca *ca, struct der cms,
                                   const struct der *data,
                                   struct bytes *content,
                                   const struct certificate *old, time_t now)
{
    const void *detached = data == NULL ? NULL : data->at;
    size_t size = data == NULL ? 0 : data->left;
    struct certificate *signer = NULL;
    struct signed_data letter;
    enum reason reason;
    time_t when;

    if (cms.left > CADES_MAX || !signed_data_parse(cms.at, cms.left, &letter))
        return CMS_UNREADABLE;
    if ((letter.content.at != NULL) != (data == NULL))
        return data == NULL ? NOT_ATTACHED : NOT_DETACHED;
    reason = reason_of_signature(cades_verify(cms.at, cms.left, detached, size,
                                              content, &signer, &when));
    if (reason == SIGNATURE_INVALID && data != NULL &&
        !is_of(&letter, detached, size))
        reason = CONTENT_MISMATCH;
    if (reason == ACCEPTED)
        reason = check_signer(ca, signer, old, now);
    certificate_free(&signer);
    return reason;
}

/* --- the request -------------------------------------------------------- */

static enum reason read_request(const struct bytes *der, gnutls_x509_crq_t *crq,
                                struct name *subject)
{
    static const struct fault_reason rows[] = {
        {FAULT_REQUEST, REQUEST_UNREADABLE},
        {FAULT_TOO_LARGE, REQUEST_UNREADABLE},
        {FAULT_NAME, REQUEST_UNREADABLE},
        {FAULT_SIGNATURE, REQUEST_SIGNATURE},
        {FAULT_UNSUPPORTED, REQUEST_KEY},
        {FAULT_NONE, INTERNAL},
    };

    return find(rows, request_read(der->data, der->size, crq, subject));
}

/* The point is looked at and not its encoding: a curve has several names. */
static enum reason check_key(gnutls_x509_crq_t crq,
                             const struct certificate *old,
                             char key_id[EXAMINE_KEY_ID])
{
    uint8_t point[2 * ALGORITHM_KEY_MAX], hash[crypto_hash_sha256_BYTES];
    const struct algorithm *algorithm = NULL;
    gnutls_pubkey_t key = NULL;
    enum reason reason = INTERNAL;

    if (gnutls_pubkey_init(&key) != 0)
        return INTERNAL;
    if (gnutls_pubkey_import_x509_crq(key, crq, 0) == 0)
        algorithm = algorithm_of_key(key);
    if (algorithm == NULL) {
        reason = REQUEST_KEY;
    } else if (keypair_point(key, algorithm, point) == FAULT_NONE) {
        crypto_hash_sha256(hash, point, 2 * algorithm->key_size);
        sodium_bin2hex(key_id, EXAMINE_KEY_ID, hash, sizeof hash);
        reason = certificate_has_point(old, point, 2 * algorithm->key_size)
                     ? SAME_KEY
                     : ACCEPTED;
    }
    gnutls_pubkey_deinit(key);
    return reason;
}

/* Where two names are of two people, or NULL. */
static enum reason compare_people(const struct name *a, const struct name *b,
                                  enum reason otherwise, const char **target)
{
    struct identity first, second;
    enum identity_difference difference;

    if (name_identity(a, &first) != FAULT_NONE ||
        name_identity(b, &second) != FAULT_NONE)
        return INTERNAL;
    difference = identity_compare(&first, &second);
    *target = targets[difference];
    return difference == IDENTITY_SAME ? ACCEPTED : otherwise;
}

/* old NULL: it may be another person. */
static enum reason check_subject(const struct name *subject,
                                 const struct name *data,
                                 const struct certificate *old,
                                 const char **target)
{
    enum reason reason = compare_people(data, subject, REQUEST_SUBJECT, target);

    if (reason != ACCEPTED)
        return reason;
    for (int i = 0; i < NAME_COUNT; i++) {
        const char *want = data->value[i], *got = subject->value[i];

        if ((want == NULL) != (got == NULL) ||
            (want != NULL && strcmp(want, got) != 0)) {
            *target = name_rule((enum name_attribute)i)->word;
            return REQUEST_SUBJECT;
        }
    }
    return old == NULL
               ? ACCEPTED
               : compare_people(&old->subject, subject, OTHER_PERSON, target);
}

static enum reason check_request(const struct bytes *der,
                                 const struct name *data,
                                 const struct certificate *old,
                                 bool same_person, char key_id[EXAMINE_KEY_ID],
                                 const char **target)
{
    gnutls_x509_crq_t crq = NULL;
    struct name subject = {{NULL}};
    struct profile profile;
    enum reason reason = read_request(der, &crq, &subject);

    if (reason != ACCEPTED)
        return reason;
    reason = check_key(crq, old, key_id);
    if (reason == ACCEPTED)
        reason =
            check_subject(&subject, data, same_person ? old : NULL, target);
    if (reason == ACCEPTED && profile_of_request(crq, &profile) != FAULT_NONE)
        reason = REQUEST_EXTENSIONS;
    name_free(&subject);
    gnutls_x509_crq_deinit(crq);
    return reason;
}

/* --- what is asked ------------------------------------------------------ */

bool examine_statement(const struct ca *ca, const void *cms, size_t cms_size,
                       const void *statement, size_t statement_size,
                       const struct certificate *old, time_t now,
                       struct refusal *refusal)
{
    const struct der data = {statement, statement_size};
    enum reason reason =
        check_signature(ca, (struct der){cms, cms_size}, &data, NULL, old, now);

    return refusal_set(reason, NULL, refusal);
}

bool examine_request(const struct ca *ca, const void *cms, size_t cms_size,
                     const struct name *data, const struct certificate *old,
                     time_t now, struct bytes *request,
                     char key_id[EXAMINE_KEY_ID], struct refusal *refusal)
{
    const char *target = NULL;
    struct bytes content;
    enum reason reason;

    bytes_init(&content, CADES_MAX);
    reason = check_signature(ca, (struct der){cms, cms_size}, NULL, &content,
                             old, now);
    if (reason == ACCEPTED)
        reason = check_request(&content, data, old, true, key_id, &target);
    if (reason == ACCEPTED) {
        bytes_put(request, content.data, content.size);
        if (request->failed)
            reason = INTERNAL;
    }
    bytes_free(&content);
    return refusal_set(reason, target, refusal);
}

bool examine_plain_request(const void *der, size_t size,
                           const struct name *data,
                           const struct certificate *old, struct bytes *request,
                           char key_id[EXAMINE_KEY_ID], struct refusal *refusal)
{
    const char *target = NULL;
    enum reason reason = REQUEST_UNREADABLE;

    if (size <= REQUEST_MAX) {
        bytes_put(request, der, size);
        reason = request->failed ? INTERNAL
                                 : check_request(request, data, old, false,
                                                 key_id, &target);
    }
    return refusal_set(reason, target, refusal);
}
