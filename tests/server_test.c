#include "client/batch/run/server.h"

#include "api/api.h"
#include "api/pace.h"
#include "api/timer.h"
#include "api/transport.h"
#include "client/batch/run/course.h"
#include "client/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MINUTE = 60 * 1000, START = 1700000000 };

#define URL "https://one.example"

static long long minutes; /* that have passed */

static long long now(void *self)
{
    (void)self;
    return minutes * MINUTE;
}

static time_t moment(void *context)
{
    (void)context;
    return START;
}

static const struct timer timer = {.now = now};
static const struct clock hour = {.now = moment};

/* --- what it connects by -------------------------------------------------- */

static struct api_settings asked; /* of the last connection */

static void close_way(void *self)
{
    (void)self;
}

enum api_result __wrap_transport_curl(const struct api_settings *settings,
                                      struct transport *transport);

enum api_result __wrap_transport_curl(const struct api_settings *settings,
                                      struct transport *transport)
{
    asked = *settings;
    *transport = (struct transport){.close = close_way};
    return strcmp(settings->url, "nonsense") == 0 ? API_CONFIGURATION : API_OK;
}

static void connect_to(const struct server *server, enum outcome wanted)
{
    struct api *api;

    assert_int_equal(server_connect(server, &api), wanted);
    assert_int_equal(api != NULL, wanted == OUTCOME_DONE);
    api_free(&api);
}

static struct server *server_of(long wait)
{
    static struct options options;
    static const struct batch batch = {
        .options = &options, .clock = &hour, .timer = &timer, .jobs = 1};
    struct server *server;

    options.wait = wait;
    minutes = 0;
    server = server_new(&batch, URL, "ca.pem");
    assert_non_null(server);
    connect_to(server, OUTCOME_DONE);
    return server;
}

static void it_is_known_by_its_address_and_its_root(void **state)
{
    static const struct {
        const char *url, *ca;
        bool is;
    } rows[] = {
        {URL, "ca.pem", true},   {URL, "other.pem", false},
        {URL, NULL, false},      {URL "/", "ca.pem", false},
        {NULL, "ca.pem", false}, {NULL, NULL, false},
        {"", "ca.pem", false},   {URL "0", "ca.pem", false},
        {URL, "", false},        {"https://other.example", "ca.pem", false},
    };
    struct server *server = server_of(0), *none = server_new(NULL, NULL, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(server_is(server, rows[i].url, rows[i].ca),
                         rows[i].is);
    assert_true(server_is(none, NULL, NULL));
    assert_false(server_is(none, URL, NULL));
    assert_false(server_is(none, NULL, "ca.pem"));
    server_free(&server);
    server_free(&none);
    assert_null(server);
    server_free(&server);
}

static void all_connections_share_its_pace(void **state)
{
    struct server *one = server_of(0), *other;
    struct pace *pace = asked.pace;
    struct server *bad = server_new(NULL, "nonsense", NULL);

    (void)state;
    assert_non_null(pace);
    assert_string_equal(asked.url, URL);
    assert_string_equal(asked.ca_file, "ca.pem");
    connect_to(one, OUTCOME_DONE);
    assert_ptr_equal(asked.pace, pace);
    other = server_of(0);
    assert_ptr_not_equal(asked.pace, pace);
    pace_hold(pace, &timer_system, 10);
    assert_in_range(server_pause(one), 9000, 10000);
    assert_int_equal(server_pause(other), 0);
    connect_to(bad, OUTCOME_CONFIGURATION);
    assert_null(asked.ca_file);
    server_free(&one);
    server_free(&other);
    server_free(&bad);
}

/* --- what is thought of it ------------------------------------------------ */

/* What rows came to, one after the other: an empty outcome ends it. */
struct note {
    long after; /* minutes since the one before */
    enum outcome outcome;
    bool answered;
    enum server_state state;
};

static const struct {
    const char *name;
    struct note notes[12];
} courses[] = {
    {"all is well",
     {{0, OUTCOME_RENEWED, true, SERVER_GOOD},
      {1000, OUTCOME_WAITING, true, SERVER_GOOD},
      {1000, OUTCOME_REJECTED, true, SERVER_GOOD}}},
    {"it never came so far",
     {{0, OUTCOME_KEY_LOST, false, SERVER_GOOD},
      {20, OUTCOME_NO_TOKEN, false, SERVER_GOOD}}},
    {"nobody reaches it",
     {{0, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {5, OUTCOME_TIMEOUT, false, SERVER_DOUBTED},
      {5, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {5, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED}, /* 15 and no more */
      {1, OUTCOME_TIMEOUT, false, SERVER_LEFT},
      {0, OUTCOME_RENEWED, true, SERVER_LEFT}}},
    {"what never came so far says nothing of it",
     {{0, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {4, OUTCOME_KEY_LOST, false, SERVER_DOUBTED},
      {4, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {4, OUTCOME_NO_TOKEN, false, SERVER_DOUBTED},
      {4, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {1, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {1, OUTCOME_UNREACHABLE, false, SERVER_LEFT}}},
    {"it was tried twice in an hour",
     {{0, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {60, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {0, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {0, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {0, OUTCOME_UNREACHABLE, false, SERVER_LEFT}}},
    {"an answer counts, whatever it is",
     {{0, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {14, OUTCOME_SERVER_ERROR, true, SERVER_GOOD},
      {14, OUTCOME_UNREACHABLE, false, SERVER_DOUBTED},
      {14, OUTCOME_UNREACHABLE, true, SERVER_DOUBTED}, /* lost on the way */
      {14, OUTCOME_TIMEOUT, false, SERVER_DOUBTED},
      {0, OUTCOME_TIMEOUT, false, SERVER_DOUBTED},
      {0, OUTCOME_TIMEOUT, false, SERVER_DOUBTED},
      {2, OUTCOME_TIMEOUT, false, SERVER_LEFT}}},
    {"it times out by itself",
     {{0, OUTCOME_TIMEOUT, true, SERVER_DOUBTED},
      {20, OUTCOME_TIMEOUT, true, SERVER_DOUBTED},
      {20, OUTCOME_TIMEOUT, true, SERVER_DOUBTED},
      {20, OUTCOME_TIMEOUT, true, SERVER_DOUBTED},
      {20, OUTCOME_TIMEOUT, true, SERVER_DOUBTED},
      {20, OUTCOME_TIMEOUT, true, SERVER_DOUBTED}}},
    {"it is not trusted",
     {{0, OUTCOME_RENEWED, true, SERVER_GOOD},
      {0, OUTCOME_SERVER_UNTRUSTED, false, SERVER_LEFT},
      {0, OUTCOME_RENEWED, true, SERVER_LEFT}}},
    {"a message was asked for too soon",
     {{0, OUTCOME_SERVER_BUSY, true, SERVER_GOOD}}},
};

static void what_rows_come_to_tells(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(courses) / sizeof(courses[0]); i++) {
        struct server *server = server_of(0);
        const struct note *note = courses[i].notes;

        for (; note->outcome != OUTCOME_DONE; note++) {
            minutes += note->after;
            if (server_note(server, note->outcome, note->answered) !=
                note->state)
                fail_msg("%s: note %zu", courses[i].name,
                         (size_t)(note - courses[i].notes));
            assert_int_equal(server_held_until(server, note->outcome), 0);
        }
        server_free(&server);
    }
}

/* It is left alone, and what is longer than anybody waits ends it. */
static void a_pause_is_obeyed(void **state)
{
    static const struct {
        long wait, pause; /* s */
        enum outcome outcome;
        enum server_state state;
    } rows[] = {
        {0, COURSE_PEACE, OUTCOME_SERVER_BUSY, SERVER_DOUBTED},
        {0, COURSE_PEACE + 2, OUTCOME_SERVER_BUSY, SERVER_LEFT},
        {600, COURSE_PEACE + 2, OUTCOME_SERVER_BUSY, SERVER_DOUBTED},
        {600, 602, OUTCOME_SERVER_BUSY, SERVER_LEFT},
        {600, 86400, OUTCOME_SERVER_BUSY, SERVER_LEFT},
        /* Another row has come so far before it asked. */
        {0, 86400, OUTCOME_RENEWED, SERVER_DOUBTED},
        {0, 86400, OUTCOME_UNREACHABLE, SERVER_DOUBTED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct server *server = server_of(rows[i].wait);
        time_t until;

        pace_hold(asked.pace, &timer_system, rows[i].pause);
        assert_int_equal(server_note(server, rows[i].outcome, true),
                         rows[i].state);
        until = server_held_until(server, rows[i].outcome);
        assert_int_equal(server_held_until(server, OUTCOME_RENEWED), 0);
        if (rows[i].state == SERVER_LEFT)
            assert_in_range(until, START + rows[i].pause - 1,
                            START + rows[i].pause + 1);
        else
            assert_int_equal(until, 0);
        server_free(&server);
    }
}

static void the_longest_pause_counts(void **state)
{
    struct server *server = server_of(0);

    (void)state;
    for (long pause = 3600; pause <= 7200; pause += 3600) {
        pace_hold(asked.pace, &timer_system, pause);
        assert_int_equal(server_note(server, OUTCOME_SERVER_BUSY, true),
                         SERVER_LEFT);
    }
    assert_in_range(server_held_until(server, OUTCOME_SERVER_BUSY),
                    START + 7199, START + 7201);
    server_free(&server);
}

/* --- what is said --------------------------------------------------------- */

static void assert_said(struct server *server, enum outcome why,
                        const char *sentence)
{
    char said[1024] = "";

    assert_int_equal(server_why(server, said, sizeof(said)), why);
    assert_string_equal(said, sentence);
    /* Into less room than it takes. */
    assert_int_equal(server_why(server, said, 8), why);
    assert_in_range(strlen(said), 0, 7);
}

static void it_is_said_why(void **state)
{
    struct server *server = server_of(0);

    (void)state;
    assert_said(server, OUTCOME_DONE, "");
    for (int i = 0; i < 5; i++, minutes += 4)
        server_note(server, OUTCOME_UNREACHABLE, false);
    assert_said(server, OUTCOME_UNREACHABLE,
                "For 15 minutes nobody has reached the server " URL
                ": the rest of its renewals was left for later.");
    /* The first reason is the reason. */
    server_note(server, OUTCOME_SERVER_UNTRUSTED, false);
    assert_said(server, OUTCOME_UNREACHABLE,
                "For 15 minutes nobody has reached the server " URL
                ": the rest of its renewals was left for later.");
    server_free(&server);

    server = server_of(0);
    server_note(server, OUTCOME_SERVER_UNTRUSTED, false);
    assert_said(server, OUTCOME_SERVER_UNTRUSTED,
                "The server " URL
                " could not prove that it is the one it should be: the rest of "
                "its renewals was left.");
    server_free(&server);
}

/* A minute that has begun is not over: who comes at its beginning is asked to
 * go once more. START is one that begins. */
static void the_minute_that_is_said_is_none_too_early(void **state)
{
    struct server *server = server_of(0);
    const struct text_short wanted = text_moment(START / 60 * 60 + 3660);
    char said[1024];

    (void)state;
    pace_hold(asked.pace, &timer_system, 3600 + 30);
    server_note(server, OUTCOME_SERVER_BUSY, true);
    assert_int_equal(server_why(server, said, sizeof(said)),
                     OUTCOME_SERVER_BUSY);
    assert_non_null(strstr(said, wanted.text));
    server_free(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_known_by_its_address_and_its_root),
        cmocka_unit_test(all_connections_share_its_pace),
        cmocka_unit_test(what_rows_come_to_tells),
        cmocka_unit_test(a_pause_is_obeyed),
        cmocka_unit_test(the_longest_pause_counts),
        cmocka_unit_test(it_is_said_why),
        cmocka_unit_test(the_minute_that_is_said_is_none_too_early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
