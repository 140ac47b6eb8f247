#include "client/renewal/renewal_record.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[RECORD_FIELDS] = {
    [RECORD_ID] = "id",
    [RECORD_STEP] = "step",
    [RECORD_CREATED] = "created",
    [RECORD_UPDATED] = "updated",
    [RECORD_NOT_BEFORE] = "not_before",
    [RECORD_WAITING_SINCE] = "waiting_since",
    [RECORD_OUTCOME] = "outcome",
    [RECORD_MESSAGE] = "message",
    [RECORD_TRACE_ID] = "trace_id",
    [RECORD_SERVER] = "server",
    [RECORD_SERVER_CA] = "server_ca",
    [RECORD_ROOTS] = "roots",
    [RECORD_PHONE] = "phone",
    [RECORD_OLD_CONTAINER] = "old_container",
    [RECORD_OLD_THUMBPRINT] = "old_thumbprint",
    [RECORD_OLD_NOT_AFTER] = "old_not_after",
    [RECORD_OLD_PIN_FILE] = "old_pin_file",
    [RECORD_MODE] = "mode",
    [RECORD_FORM] = "form",
    [RECORD_DATA] = "data",
    [RECORD_ACCEPTED_AT] = "accepted_at",
    [RECORD_STATEMENT_CONSENT] = "statement_consent",
    [RECORD_STATEMENT_CONSENT_VERSION] = "statement_consent_version",
    [RECORD_STATEMENT_CONSENT_AT] = "statement_consent_at",
    [RECORD_RELEASE_CONSENT] = "release_consent",
    [RECORD_RELEASE_CONSENT_VERSION] = "release_consent_version",
    [RECORD_RELEASE_CONSENT_AT] = "release_consent_at",
    [RECORD_TARGET] = "target",
    [RECORD_NAME] = "name",
    [RECORD_FOLDER] = "folder",
    [RECORD_ALGORITHM] = "algorithm",
    [RECORD_COPYING] = "copying",
    [RECORD_PIN_FILE] = "pin_file",
    [RECORD_NEW_CONTAINER] = "new_container",
    [RECORD_NEW_POINT] = "new_point",
    [RECORD_NEW_THUMBPRINT] = "new_thumbprint",
    [RECORD_NEW_NOT_AFTER] = "new_not_after",
    [RECORD_NEW_CERTIFICATE] = "new_certificate",
    [RECORD_BACKUP] = "backup",
    [RECORD_BACKUP_CONTAINER] = "backup_container",
    [RECORD_DRAFT] = "draft",
    [RECORD_STATEMENT] = "statement",
    [RECORD_FAILED_TOLD] = "failed_told",
    [RECORD_LABEL] = "label",
    [RECORD_REASON] = "reason",
    [RECORD_DEPLOY] = "deploy",
    [RECORD_NEW_SUM] = "new_sum",
    [RECORD_BACKUP_PIN_FILE] = "backup_pin_file",
};

const char *record_column(enum record_field field)
{
    return columns[field];
}

const char *record_get(const struct record *record, enum record_field field)
{
    return record->field[field];
}

void record_set(struct record *record, enum record_field field,
                const char *value)
{
    char *copy = value != NULL ? strdup(value) : NULL;

    if (value != NULL && copy == NULL) {
        record->failed = true;
        return;
    }
    if (record->field[field] != NULL)
        sodium_memzero(record->field[field], strlen(record->field[field]));
    free(record->field[field]);
    record->field[field] = copy;
}

void record_set_time(struct record *record, enum record_field field,
                     time_t when)
{
    char text[24];

    snprintf(text, sizeof(text), "%lld", (long long)when);
    record_set(record, field, text);
}

time_t record_time(const struct record *record, enum record_field field)
{
    const time_t most = 253402300799; /* the end of 9999 */
    const char *text = record->field[field];
    long long when = text != NULL ? strtoll(text, NULL, 10) : 0;

    return when < 0 || when > most ? 0 : (time_t)when;
}

bool record_is_mode(const struct record *record, const char *mode)
{
    const char *known = record->field[RECORD_MODE];

    return known != NULL && strcmp(known, mode) == 0;
}

bool record_is_on_paper(const struct record *record)
{
    return record->field[RECORD_STATEMENT] != NULL ||
           record_is_mode(record, "paper");
}

void record_free(struct record *record)
{
    for (int i = 0; i < RECORD_FIELDS; i++)
        record_set(record, (enum record_field)i, NULL);
    record->failed = false;
}
