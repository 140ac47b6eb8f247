#include "token/rutoken/resident/resident_key.h"

#include "keygen/external_key.h"
#include "token/rutoken/resident/resident_pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which key signs. */
struct signer {
    char serial[TOKEN_SESSION_SERIAL];
    uint8_t id;
};

static enum fault sign(void *context, const uint8_t *digest, uint8_t *signature)
{
    const struct signer *signer = context;
    struct token_session *session = NULL;
    enum fault fault = token_session_enter(signer->serial, &session);

    if (fault == FAULT_NONE)
        fault = resident_pair_sign(session, signer->id, digest, signature);
    token_session_close(&session);
    return fault;
}

static const struct external_ops ops = {.sign = sign, .close = free};

void resident_key_describe(struct resident_record *record, const char *where,
                           struct container_info *info)
{
    const struct algorithm *algorithm = record->algorithm;

    *info = (struct container_info){.algorithm = algorithm,
                                    .key_not_after = record->key_not_after,
                                    .certificate = record->certificate,
                                    .resident = true,
                                    .keys = 1,
                                    .kind = algorithm->word,
                                    .curve = "CryptoPro-XchA"};
    record->certificate = NULL;
    (void)snprintf(info->where, sizeof info->where, "%s", where);
    (void)snprintf(info->name, sizeof info->name, "%s", record->name);
    (void)snprintf(info->algorithm_oid, sizeof info->algorithm_oid, "%s",
                   algorithm->key_oid);
    (void)snprintf(info->curve_oid, sizeof info->curve_oid, "%s",
                   algorithm->curve_oid);
    info->has_fingerprint = true;
    memcpy(info->fingerprint, record->point, sizeof info->fingerprint);
    info->misfit = info->certificate != NULL &&
                   !certificate_has_point(info->certificate, record->point,
                                          sizeof record->point);
}

static enum fault make_key(const struct resident_record *record,
                           const char *serial, uint8_t id,
                           struct container *container)
{
    struct signer *signer = calloc(1, sizeof *signer);
    enum fault fault;

    if (signer == NULL)
        return FAULT_MEMORY;
    signer->id = id;
    memcpy(signer->serial, serial, sizeof signer->serial);
    memcpy(container->point, record->point, sizeof record->point);
    fault = external_key_new(record->algorithm, record->algorithm->curve,
                             record->point, &ops, signer, &container->key,
                             &container->external);
    if (fault == FAULT_NONE)
        fault = external_key_prove(container->external);
    /* What it signs is of another key than the one that is written down. */
    return fault == FAULT_SIGNATURE ? FAULT_DAMAGED : fault;
}

enum fault resident_key_open(struct resident_record *record, const char *serial,
                             uint8_t id, const char *where,
                             struct container **container)
{
    enum fault fault;

    *container = calloc(1, sizeof **container);
    if (*container == NULL)
        return FAULT_MEMORY;
    resident_key_describe(record, where, &(*container)->info);
    fault = (*container)->info.misfit
                ? FAULT_KEY_MISMATCH
                : make_key(record, serial, id, *container);
    if (fault != FAULT_NONE)
        container_free(container);
    return fault;
}

enum fault resident_key_report(struct resident_record *record,
                               const char *where, bool opened,
                               struct container_report **report)
{
    struct report_key *key;

    *report = calloc(1, sizeof **report);
    if (*report == NULL)
        return FAULT_MEMORY;
    key = &(*report)->key[0];
    resident_key_describe(record, where, &key->info);
    (void)snprintf((*report)->where, sizeof(*report)->where, "%s", where);
    memcpy((*report)->name, key->info.name, sizeof(*report)->name);
    (*report)->keys = 1;
    key->pair[0] = opened ? CHECK_GOOD : CHECK_NOT_MADE;
    if (key->info.certificate != NULL)
        key->certificate = key->info.misfit ? CHECK_BAD : CHECK_GOOD;
    (*report)->whole = key->certificate != CHECK_BAD;
    return FAULT_NONE;
}
