#include "client/renewal/given.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum source { NOWHERE, SAID, CONFIGURED };

static const struct {
    const char *own, *form;
    enum source source;
    const char *value; /* what the renewal has then */
} rows[] = {
    {NULL, NULL, NOWHERE, NULL},
    {"https://own", NULL, NOWHERE, "https://own"},
    {"https://own", "f1", NOWHERE, "https://own"},
    {NULL, NULL, SAID, "https://given"},
    {"https://own", NULL, SAID, "https://given"},
    {"https://own", "f1", SAID, "https://given"},
    {NULL, NULL, CONFIGURED, "https://given"},
    {"https://own", NULL, CONFIGURED, "https://given"},
    {"https://own", "f1", CONFIGURED, "https://own"},
    {NULL, "f1", CONFIGURED, NULL},
};

/* Options that have the server from there. */
static void options_from(enum source source, struct options *options)
{
    const char *path = scratch_text("c", "{\"server\":\"https://given\"}");
    char problem[512];

    options_init(options);
    if (source == SAID)
        options_say(options, &options->server, "https://given");
    if (source == CONFIGURED)
        assert_true(options_configure(options, path, problem, sizeof(problem)));
}

static void an_application_stays_where_it_was_made(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct record record = {.failed = false};
        struct options options;
        const char *value;

        options_from(rows[i].source, &options);
        record_set(&record, RECORD_SERVER, rows[i].own);
        record_set(&record, RECORD_FORM, rows[i].form);
        value = given_value(&record, RECORD_SERVER, &options, &options.server);
        if (rows[i].value == NULL)
            assert_null(value);
        else
            assert_string_equal(value, rows[i].value);
        assert_int_equal(given_is_obeyed(&record, &options, &options.server),
                         value != NULL && value == options.server);
        record_free(&record);
        options_free(&options);
    }
}

/* Said in a folder, and read in another: HERE stands for the first. */
static const struct {
    enum record_field field;
    const char *said, *kept;
} names[] = {
    {RECORD_SERVER_CA, "ca.pem", "HERE/ca.pem"},
    {RECORD_ROOTS, "../roots.pem", "HERE/../roots.pem"},
    {RECORD_ROOTS, "/etc/roots.pem", "/etc/roots.pem"},
    {RECORD_PIN_FILE, "pins/new", "HERE/pins/new"},
    {RECORD_OLD_PIN_FILE, "./old", "HERE/./old"},
    {RECORD_BACKUP_PIN_FILE, "copy", "HERE/copy"},
    {RECORD_TARGET, "new", "file:HERE/new"},
    {RECORD_TARGET, "file:not there", "file:HERE/not there"},
    {RECORD_TARGET, "rutoken:48e243b5", "rutoken:48e243b5"},
    {RECORD_TARGET, "pkcs11:serial=1", "pkcs11:serial=1"},
    {RECORD_TARGET, "somewhere:else", "somewhere:else"},
    {RECORD_BACKUP, "copies", "file:HERE/copies"},
    {RECORD_BACKUP, "", ""},
    {RECORD_DEPLOY, "./put.sh 'a b' ./c", "'HERE/'./put.sh 'a b' ./c"},
    {RECORD_DEPLOY, "\"my tools/put\" x", "'HERE/'\"my tools/put\" x"},
    {RECORD_DEPLOY, "true", "true"},
    {RECORD_DEPLOY, "'/usr/bin/put' a/b", "'/usr/bin/put' a/b"},
    {RECORD_DEPLOY, "./put 'open", "./put 'open"},
    {RECORD_PHONE, "79120000001", "79120000001"},
};

static void what_is_remembered_is_found_from_every_folder(void **state)
{
    char *folder = scratch_new();
    char *here = realpath(folder, NULL);

    (void)state;
    assert_non_null(here);
    assert_return_code(chdir(here), errno);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct record record = {.failed = false};
        const char *mark = strstr(names[i].kept, "HERE");
        char kept[8192];

        (void)snprintf(kept, sizeof(kept), "%.*s%s%s",
                       mark != NULL ? (int)(mark - names[i].kept) : 0,
                       names[i].kept, mark != NULL ? here : "",
                       mark != NULL ? mark + 4 : names[i].kept);
        given_remember(&record, names[i].field, names[i].said);
        assert_false(record.failed);
        assert_string_equal(record_get(&record, names[i].field), kept);
        record_free(&record);
    }
    assert_return_code(chdir("/"), errno);
    free(here);
    scratch_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(an_application_stays_where_it_was_made),
        SCRATCH_TEST(what_is_remembered_is_found_from_every_folder),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
