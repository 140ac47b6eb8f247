#include "client/renewal/given.h"

#include "client/pin/pin_given.h"
#include "client/program/full_name.h"
#include "token/medium.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool given_is_obeyed(const struct record *record, const struct options *options,
                     const char *const *option)
{
    return *option != NULL && (record_get(record, RECORD_FORM) == NULL ||
                               !options_is_configured(options, option));
}

const char *given_value(const struct record *record, enum record_field field,
                        const struct options *options,
                        const char *const *option)
{
    return given_is_obeyed(record, options, option) ? *option
                                                    : record_get(record, field);
}

/* --- what is remembered -------------------------------------------------- */

/* "The only token that is there" is the one that is there now: when it is
 * written to, which may be days later, another one may be plugged in. */
static char *place_in_full(const char *folder, const char *where)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];

    (void)folder; /* it is where kep is now */
    return where[0] != '/' && where[0] != '\0' &&
                   medium_find(where, &ops, canonical) == FAULT_NONE
               ? strdup(canonical)
               : NULL;
}

void given_remember(struct record *record, enum record_field field,
                    const char *value)
{
    static char *(*const in_full[RECORD_FIELDS])(const char *, const char *) = {
        [RECORD_SERVER_CA] = full_name_of_file,
        [RECORD_ROOTS] = full_name_of_file,
        [RECORD_PIN_FILE] = full_name_of_file,
        [RECORD_OLD_PIN_FILE] = full_name_of_file,
        [RECORD_TARGET] = place_in_full,
        [RECORD_BACKUP] = place_in_full,
        [RECORD_DEPLOY] = full_name_of_command,
        [RECORD_BACKUP_PIN_FILE] = full_name_of_file,
    };
    char *here = in_full[field] != NULL ? getcwd(NULL, 0) : NULL;
    char *full = here != NULL ? in_full[field](here, value) : NULL;

    record_set(record, field, full != NULL ? full : value);
    free(full);
    free(here);
}

void given_forget_wrong_pins(struct record *record)
{
    static const struct {
        enum record_field place, file;
    } rows[] = {
        {RECORD_OLD_CONTAINER, RECORD_OLD_PIN_FILE},
        {RECORD_TARGET, RECORD_PIN_FILE},
        {RECORD_NEW_CONTAINER, RECORD_PIN_FILE},
        {RECORD_BACKUP, RECORD_BACKUP_PIN_FILE},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *place = record_get(record, rows[i].place);
        const char *file = record_get(record, rows[i].file);

        if (place != NULL && file != NULL && pin_given_was_wrong(place, file))
            record_set(record, rows[i].file, NULL);
    }
}
