#include "client/renewal/result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct json_object *at(struct json_object *json, const char *path)
{
    char word[64];
    size_t size;

    for (; *path != '\0'; path += size + (path[size] == '.')) {
        size = strcspn(path, ".");
        snprintf(word, sizeof word, "%.*s", (int)size, path);
        if (!json_object_object_get_ex(json, word, &json))
            fail_msg("there is no %s", word);
    }
    return json;
}

static void assert_at(struct json_object *json, const char *path,
                      const char *text)
{
    struct json_object *value = at(json, path);

    if (text == NULL)
        assert_null(value);
    else
        assert_string_equal(json_object_get_string(value), text);
}

static void fill(struct renewal *renewal)
{
    static const struct {
        enum record_field field;
        const char *value;
    } fields[] = {
        {RECORD_ID, "0123"},
        {RECORD_FORM, "4567"},
        {RECORD_TRACE_ID, "89ab"},
        {RECORD_OLD_THUMBPRINT, "aa"},
        {RECORD_OLD_CONTAINER, "file:/old"},
        {RECORD_OLD_NOT_AFTER, "1767225600"},
        {RECORD_NEW_THUMBPRINT, "bb"},
        {RECORD_NEW_CONTAINER, "file:/new"},
        {RECORD_NEW_NOT_AFTER, "1798761600"},
        {RECORD_NEW_CERTIFICATE, "/archive/bb.cer"},
        {RECORD_BACKUP_CONTAINER, "file:/backup"},
    };

    *renewal = (struct renewal){.journal = NULL};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        record_set(&renewal->record, fields[i].field, fields[i].value);
}

static void it_has_what_the_manual_says(void **state)
{
    static const struct {
        const char *path, *text;
    } rows[] = {
        {"outcome", "renewed"},
        {"renewal", "0123"},
        {"form", "4567"},
        {"traceId", "89ab"},
        {"old.thumbprint", "aa"},
        {"old.container", "file:/old"},
        {"old.notAfter", "2026-01-01T00:00:00Z"},
        {"new.thumbprint", "bb"},
        {"new.container", "file:/new"},
        {"new.notAfter", "2027-01-01T00:00:00Z"},
        {"new.certificate", "/archive/bb.cer"},
        {"backup.container", "file:/backup"},
        {"backup.verified", "true"},
    };
    struct renewal renewal;
    struct json_object *json;

    (void)state;
    fill(&renewal);
    json = result_json(&renewal, OUTCOME_RENEWED);
    assert_non_null(json);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_at(json, rows[i].path, rows[i].text);
    assert_false(json_object_object_get_ex(json, "message", NULL));
    json_object_put(json);
    record_free(&renewal.record);
}

static void what_is_not_known_is_null(void **state)
{
    struct renewal renewal = {.journal = NULL};
    struct json_object *json;

    (void)state;
    json = result_json(&renewal, OUTCOME_UNREACHABLE);
    assert_at(json, "outcome", "unreachable");
    assert_at(json, "renewal", NULL);
    assert_at(json, "new", NULL);
    assert_at(json, "backup", NULL);
    assert_at(json, "old.thumbprint", NULL);
    assert_at(json, "old.notAfter", NULL);
    assert_true(strlen(json_object_get_string(at(json, "message"))) > 20);
    json_object_put(json);
}

/* The sentence, the detail, the server's words, the advice, the number. */
static void the_message_says_all_that_is_known(void **state)
{
    struct failure failure = {.outcome = OUTCOME_SERVER_REFUSED,
                              .detail = "the detail",
                              .server = "the server's words",
                              .trace_id = "0123abcd"};
    struct json_object *json = result_json_plain(&failure);
    const char *message = json_object_get_string(at(json, "message"));
    const char *const parts[] = {"The server refused", failure.detail,
                                 failure.server, "Contact the support",
                                 failure.trace_id};
    const char *last = message;

    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *found = strstr(last, parts[i]);

        if (found == NULL)
            fail_msg("%s: not in its place", parts[i]);
        last = found;
    }
    json_object_put(json);
}

static void every_outcome_is_one_line_of_json(void **state)
{
    (void)state;
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        struct failure failure = {.outcome = (enum outcome)i,
                                  .detail = "a \"quoted\" /path\\ё"};
        struct json_object *json = result_json_plain(&failure), *again;
        const char *text =
            json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);

        assert_null(strchr(text, '\n'));
        again = json_tokener_parse(text);
        assert_non_null(again);
        assert_at(again, "outcome", outcome_row((enum outcome)i)->word);
        json_object_put(again);
        json_object_put(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_has_what_the_manual_says),
        cmocka_unit_test(what_is_not_known_is_null),
        cmocka_unit_test(the_message_says_all_that_is_known),
        cmocka_unit_test(every_outcome_is_one_line_of_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
