#include "client/options.h"

#include "tests/support/nobody.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROOM = 1024 };

static char problem[ROOM];

/* A command line of two words at most. */
static void parse(struct options *options, const char *option,
                  const char *value)
{
    static char name[] = "kep", words[2][64]; /* options point into them */
    char *argv[] = {name, words[0], words[1], NULL};

    snprintf(words[0], sizeof words[0], "%s", option);
    snprintf(words[1], sizeof words[1], "%s", value);
    options_init(options);
    problem[0] = '\0';
    assert_true(options_parse(options, COMMAND_RENEW, option[0] != '\0' ? 3 : 1,
                              argv, problem, ROOM));
}

static bool configure(struct options *options, const char *option,
                      const char *value, const char *text, size_t size)
{
    scratch_write("config.json", text, size);
    parse(options, option, value);
    return options_configure(options, scratch_file("config.json"), problem,
                             ROOM);
}

static void it_completes_the_command_line(void **state)
{
    static const char text[] =
        "/* ours */ {\"server\": \"https://a\", // theirs\n"
        "\"serverCa\": \"/ca\", \"roots\": \"/roots\", \"phone\": \"7912\",\n"
        "\"codeCommand\": \"cat x\", \"window\": 30,\n"
        "\"jobs\": 3} // the end\n/* … */ ";
    struct options o;

    (void)state;
    if (!configure(&o, "--phone", "8", text, sizeof text - 1))
        fail_msg("%s", problem);
    assert_string_equal(o.server, "https://a");
    assert_string_equal(o.server_ca, "/ca");
    assert_string_equal(o.roots, "/roots");
    assert_string_equal(o.phone, "8"); /* said already */
    assert_true(options_is_configured(&o, &o.server));
    assert_true(options_is_configured(&o, &o.roots));
    assert_false(options_is_configured(&o, &o.phone));
    assert_false(options_is_configured(&o, &o.codes));
    assert_string_equal(o.code_command, "cat x");
    assert_int_equal(o.window, 30);
    assert_int_equal(o.jobs, 3);
    options_free(&o);
    assert_true(configure(&o, "--window", "5", text, sizeof text - 1));
    assert_int_equal(o.window, 5);
    options_free(&o);
    parse(&o, "--server", "https://a");
    assert_false(options_is_configured(&o, &o.server)); /* there is none */
    options_free(&o);
}

/* The same value too, once somebody says it. */
static void what_is_said_is_not_configured(void **state)
{
    static const char text[] = "{\"server\": \"https://a\", \"phone\": \"7\"}";
    struct options o, copy;

    (void)state;
    assert_true(configure(&o, "--server", "https://a", text, sizeof text - 1));
    assert_false(options_is_configured(&o, &o.server));
    assert_true(options_is_configured(&o, &o.phone));
    copy = o;
    options_say(&copy, &copy.phone, o.phone);
    assert_ptr_equal(copy.phone, o.phone);
    assert_false(options_is_configured(&copy, &copy.phone));
    assert_true(options_is_configured(&o, &o.phone));
    options_free(&o);
    assert_false(configure(&o, "", "", "{\"phone\": \"\"}", 13));
    assert_false(options_is_configured(&o, &o.phone));
    options_free(&o);
}

/* Codes come one way: the one that is said, whatever is configured. */
static void a_way_to_codes_that_is_said_counts(void **state)
{
    static const char text[] = "{\"codes\": \"/sms\", \"codeCommand\": \"x\"}";
    struct options o;

    (void)state;
    assert_true(configure(&o, "--codes", "/here", text, sizeof text - 1));
    assert_string_equal(o.codes, "/here");
    assert_null(o.code_command);
    options_free(&o);
    assert_true(configure(&o, "--code-command", "y", text, sizeof text - 1));
    assert_string_equal(o.code_command, "y");
    assert_null(o.codes);
    options_free(&o);
    assert_true(configure(&o, "--window", "5", text, sizeof text - 1));
    assert_string_equal(o.code_command, "x");
    assert_string_equal(o.codes, "/sms");
    options_free(&o);
}

/* HERE is the folder of the configuration. */
static const struct {
    const char *word, *value, *full;
} names[] = {
    {"serverCa", "ca.pem", "HERE/ca.pem"},
    {"serverCa", "/etc/ca.pem", "/etc/ca.pem"},
    {"roots", "../roots.pem", "HERE/../roots.pem"},
    {"codes", "sms", "HERE/sms"},
    {"pkcs11Module", "libpkcs11.so", "libpkcs11.so"},
    {"pkcs11Module", "./libpkcs11.so", "HERE/./libpkcs11.so"},
    {"codeCommand", "./code 'a b' c/d", "'HERE/'./code 'a b' c/d"},
    {"codeCommand", "code a/b", "code a/b"},
    {"deployCommand", "put/it", "'HERE/'put/it"},
    {"deployCommand", "put 'it", "put 'it"},
    {"failedCommand", "/bin/tell ./x", "/bin/tell ./x"},
    {"server", "https://a/b", "https://a/b"},
    {"phone", "7912", "7912"},
};

static const char *value_of(const struct options *options, const char *word)
{
    const struct {
        const char *word, *value;
    } values[] = {
        {"serverCa", options->server_ca},
        {"roots", options->roots},
        {"codes", options->codes},
        {"pkcs11Module", options->pkcs11_module},
        {"codeCommand", options->code_command},
        {"deployCommand", options->deploy_command},
        {"failedCommand", options->failed_command},
        {"server", options->server},
        {"phone", options->phone},
    };

    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (strcmp(values[i].word, word) == 0)
            return values[i].value;
    return NULL;
}

/* Wherever kep is started: it may be a drive of somebody else's. */
static void what_is_named_lies_beside_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *mark = strstr(names[i].full, "HERE");
        char text[256], full[1024];
        struct options o;
        int size = snprintf(text, sizeof text, "{\"%s\": \"%s\"}",
                            names[i].word, names[i].value);

        (void)snprintf(full, sizeof full, "%.*s%s%s",
                       mark != NULL ? (int)(mark - names[i].full) : 0,
                       names[i].full, mark != NULL ? scratch_folder : "",
                       mark != NULL ? mark + 4 : names[i].full);
        assert_true(configure(&o, "--window", "5", text, (size_t)size));
        assert_string_equal(value_of(&o, names[i].word), full);
        options_free(&o);
    }
}

static void good_ones_are_taken(void **state)
{
    static const char *const texts[] = {
        "{}",
        " \n\t{ } \n",
        "// nothing\n{}",
        "{\"window\": 0}",
        "{\"server\": \"\\u0430\"}",
        "{\"phone\": \"а\"}",
        "\xEF\xBB\xBF{\"window\": 3}",
        "\xEF\xBB\xBF\r\n// nothing\r\n{}\r\n// more\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct options o;

        if (!configure(&o, "", "", texts[i], strlen(texts[i])))
            fail_msg("%s: %s", texts[i], problem);
        options_free(&o);
    }
}

#define TEXT(text) text, sizeof(text) - 1

static const struct {
    const char *text;
    size_t size;
} bad[] = {
    {TEXT("")},
    {TEXT(" \n")},
    {TEXT("// {}")},
    {TEXT("{")},
    {TEXT("{}}")},
    {TEXT("{} {}")},
    {TEXT("{} x")},
    {TEXT("{}\0{}")},
    {TEXT("[]")},
    {TEXT("[{\"server\": \"a\"}]")},
    {TEXT("7")},
    {TEXT("null")},
    {TEXT("\"server\"")},
    {TEXT("{\"server\": 7}")},
    {TEXT("{\"server\": null}")},
    {TEXT("{\"server\": true}")},
    {TEXT("{\"server\": \"\"}")},
    {TEXT("{\"server\": [\"a\"]}")},
    {TEXT("{\"server\": {\"a\": \"b\"}}")},
    {TEXT("{\"window\": \"30\"}")},
    {TEXT("{\"window\": 3651}")},
    {TEXT("{\"jobs\": 0}")},
    {TEXT("{\"jobs\": 21}")},
    {TEXT("{\"window\": -1}")},
    {TEXT("{\"window\": 1.5}")},
    {TEXT("{\"window\": 1e2}")},
    {TEXT("{\"window\": 99999999999999999999}")},
    {TEXT("{\"window\": null}")},
    {TEXT("{\"unknown\": \"a\"}")},
    {TEXT("{\"Server\": \"a\"}")},
    {TEXT("{\"server-ca\": \"a\"}")},
    {TEXT("{\"pinFile\": \"a\"}")}, /* belongs to one container */
    {TEXT("{\"acceptData\": true}")},
    {TEXT("{\"\": \"a\"}")},
    {TEXT("{\"server\": \"\xC3\x28\"}")},
    {TEXT("{\"server\" \"a\"}")},
    {TEXT("server = a")},
    {TEXT("\xEF\xBB\xBF")},
    {TEXT("\xEF\xBB\xBF\xEF\xBB\xBF{}")},
    {TEXT("\xEF\xBB{}")},
    {TEXT("{}\xEF\xBB\xBF")},
    {TEXT("\xFF\xFE{\0}\0")},
};

static void bad_ones_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct options o;

        if (configure(&o, "", "", bad[i].text, bad[i].size))
            fail_msg("taken: %s", bad[i].text);
        if (strstr(problem, "config.json") == NULL)
            fail_msg("not said which file: %s", bad[i].text);
        options_free(&o);
    }
}

static void it_may_be_too_deep(void **state)
{
    static char text[4000] = "{\"server\":";
    struct options o;

    (void)state;
    memset(text + strlen(text), '[', 2000);
    assert_false(configure(&o, "", "", text, strlen(text)));
    options_free(&o);
}

static void it_may_be_too_large(void **state)
{
    static char text[OPTIONS_CONFIG_MAX + 2];
    struct options o;

    (void)state;
    memset(text, ' ', sizeof text);
    memcpy(text, "{}", 2);
    assert_true(configure(&o, "", "", text, OPTIONS_CONFIG_MAX));
    options_free(&o);
    assert_false(configure(&o, "", "", text, OPTIONS_CONFIG_MAX + 1));
    assert_non_null(strstr(problem, "config.json"));
    options_free(&o);
}

static bool configure_with(const char *path)
{
    struct options o;
    bool good;

    parse(&o, "", "");
    good = options_configure(&o, path, problem, ROOM);
    options_free(&o);
    return good;
}

static int cannot_configure(const void *path)
{
    return configure_with(path);
}

static void other_files_are_not_read(void **state)
{
    const char *path = scratch_file("config.json");

    (void)state;
    assert_true(configure_with(path)); /* there is none */
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(configure_with(path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(configure_with(path));
    assert_int_equal(rmdir(path), 0);
    assert_false(configure_with("/dev/zero"));
    scratch_write("config.json", "{}", 2);
    assert_int_equal(chmod(scratch_folder, 0711), 0);
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(nobody_does(cannot_configure, path), false);
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(nobody_does(cannot_configure, path), true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(it_completes_the_command_line),
        SCRATCH_TEST(what_is_said_is_not_configured),
        SCRATCH_TEST(a_way_to_codes_that_is_said_counts),
        SCRATCH_TEST(what_is_named_lies_beside_it),
        SCRATCH_TEST(good_ones_are_taken),
        SCRATCH_TEST(bad_ones_are_refused),
        SCRATCH_TEST(it_may_be_too_deep),
        SCRATCH_TEST(it_may_be_too_large),
        SCRATCH_TEST(other_files_are_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
