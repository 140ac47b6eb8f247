#include "client/renewal/given.h"

#include "client/pin/pin_given.h"
#include "client/program/words.h"
#include "token/medium.h"

#include <stdio.h>
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

/* A name without a beginning is one in the folder where kep was started; a
 * timer starts resume in another. Each of these gives the whole of it, to be
 * freed, or NULL where it is whole or cannot be made so. */
static char *file_in_full(const char *path)
{
    char *here = getcwd(NULL, 0);
    char *full = NULL;

    if (here == NULL || asprintf(&full, "%s/%s", here, path) < 0)
        full = NULL;
    free(here);
    return full;
}

static char *place_in_full(const char *where)
{
    const struct medium_ops *ops = medium_kind(where);
    char canonical[LOCATION_MAX];

    if (ops != NULL && ops != medium_kind("file:"))
        return NULL; /* a token: it is the same wherever kep is */
    return medium_find(where, &ops, canonical) == FAULT_NONE ? strdup(canonical)
                                                             : NULL;
}

/* A program with a slash in its name is not looked for in PATH. The folder in
 * front is quoted; its words stay as they were written. */
static char *command_in_full(const char *command)
{
    struct words words;
    char quoted[WORDS_BYTES];
    char *here, *full = NULL;

    if (words_split(command, &words) != WORDS_OK)
        return NULL;
    here = words.argv[0][0] != '/' && strchr(words.argv[0], '/') != NULL
               ? getcwd(NULL, 0)
               : NULL;
    command += strspn(command, " \t");
    if (here != NULL &&
        asprintf(&full, "'%s/'%s", words_quote(quoted, sizeof(quoted), here),
                 command) < 0)
        full = NULL;
    free(here);
    words_free(&words);
    return full;
}

void given_remember(struct record *record, enum record_field field,
                    const char *value)
{
    static char *(*const in_full[RECORD_FIELDS])(const char *) = {
        [RECORD_SERVER_CA] = file_in_full,
        [RECORD_ROOTS] = file_in_full,
        [RECORD_PIN_FILE] = file_in_full,
        [RECORD_OLD_PIN_FILE] = file_in_full,
        [RECORD_TARGET] = place_in_full,
        [RECORD_BACKUP] = place_in_full,
        [RECORD_DEPLOY] = command_in_full,
        [RECORD_BACKUP_PIN_FILE] = file_in_full,
    };
    const bool is_whole = value[0] == '/' || value[0] == '\0';
    char *full =
        in_full[field] != NULL && !is_whole ? in_full[field](value) : NULL;

    record_set(record, field, full != NULL ? full : value);
    free(full);
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
