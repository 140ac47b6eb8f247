#include "client/renewal/given.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(an_application_stays_where_it_was_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
