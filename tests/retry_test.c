#include "api/retry.h"

#include "tests/support/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SESSION                                                                \
    "{\"sid\":"                                                                \
    "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\","    \
    "\"refreshToken\":\"r\",\"expiresAt\":\"2025-03-01T09:30:00Z\"}"

static const struct script_answer good = {.status = 200, .body = SESSION};

struct scripted {
    struct script script;
    struct timer timer;
    struct api *api;
    struct message *in, *out;
};

static void begin(struct scripted *it, unsigned attempts, long seconds)
{
    const struct api_settings settings = {.attempts = attempts,
                                          .total_seconds = seconds};
    struct transport transport = script_transport(&it->script);

    it->timer = script_timer(&it->script);
    assert_int_equal(api_new_over(&transport, &it->timer, &settings, &it->api),
                     API_OK);
    it->in = message_new();
    it->out = message_new();
    message_put_text(it->in, "phone", "79001234567");
    message_put_text(it->in, "challengeId", "c1");
    message_put_text(it->in, "formId", "f1");
    message_put_text(it->in, "sid", "s1");
    message_put_text(it->in, "code", "123456");
    message_put_text(it->in, "refreshToken", "r1");
}

static void end(struct scripted *it)
{
    message_free(&it->in);
    message_free(&it->out);
    api_free(&it->api);
    assert_true(it->script.closed);
    assert_null(it->api);
}

/* --- which ----------------------------------------------------------------
 * An operation that may be repeated, and one that may not. */

static void repeats_what_it_may(void **state)
{
    static const struct {
        struct script_answer answer;
        enum api_result result;  /* when all attempts end in it */
        size_t repeatable, once; /* attempts of 4 */
    } rows[] = {
        {{.result = API_UNREACHABLE, .unsent = true}, API_UNREACHABLE, 4, 4},
        {{.result = API_UNREACHABLE}, API_UNREACHABLE, 4, 1},
        {{.result = API_TIMEOUT, .unsent = true}, API_TIMEOUT, 4, 4},
        {{.result = API_TIMEOUT}, API_TIMEOUT, 4, 1},
        {{.result = API_UNREACHABLE, .status = 503}, API_UNREACHABLE, 4, 1},
        {{.result = API_TLS, .unsent = true}, API_TLS, 1, 1},
        {{.result = API_TOO_LARGE}, API_TOO_LARGE, 1, 1},
        {{.result = API_GARBAGE}, API_GARBAGE, 1, 1},
        {{.result = API_MEMORY}, API_MEMORY, 1, 1},
        {{.result = API_CONFIGURATION}, API_CONFIGURATION, 1, 1},
        {{.result = API_CANCELLED}, API_CANCELLED, 1, 1},
        {{.status = 408}, API_TIMEOUT, 4, 4},
        {{.status = 429}, API_BUSY, 4, 4},
        {{.status = 429, .body = "{\"code\":\"tooManyRequests\"}"},
         API_BUSY,
         4,
         4},
        {{.status = 429, .body = "{\"code\":\"resendTooEarly\"}"},
         API_REFUSED,
         1,
         1},
        {{.status = 500}, API_SERVER, 4, 1},
        {{.status = 500, .body = "{\"code\":\"internal\"}"}, API_SERVER, 4, 1},
        {{.status = 501}, API_SERVER, 1, 1},
        {{.status = 502,
          .headers = "Content-Type: text/html",
          .body = "<html>Bad Gateway"},
         API_SERVER,
         4,
         1},
        {{.status = 503}, API_BUSY, 4, 4},
        {{.status = 503, .body = "{\"code\":\"unavailable\"}"}, API_BUSY, 4, 4},
        {{.status = 504}, API_SERVER, 4, 1},
        {{.status = 505}, API_SERVER, 1, 1},
        {{.status = 599}, API_SERVER, 1, 1},
        {{.status = 400, .body = "{\"code\":\"badRequest\"}"},
         API_REFUSED,
         1,
         1},
        {{.status = 401, .body = "{\"code\":\"unauthorized\"}"},
         API_REFUSED,
         1,
         1},
        {{.status = 423, .body = "{\"code\":\"attemptsExceeded\"}"},
         API_REFUSED,
         1,
         1},
        {{.status = 404}, API_GARBAGE, 1, 1}, /* without words */
        {{.status = 302}, API_GARBAGE, 1, 1},
        {{.status = 200}, API_GARBAGE, 1, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int once = 0; once < 2; once++) {
            struct scripted it = {0};
            enum api_result result;

            for (size_t j = 0; j < SCRIPT_MAX; j++)
                it.script.answers[j] = rows[i].answer;
            begin(&it, 0, 0);
            result = api_call(it.api, once ? "signIn" : "refreshSession", it.in,
                              it.out);
            if (result != rows[i].result ||
                it.script.asked != (once ? rows[i].once : rows[i].repeatable))
                fail_msg("row %zu%s: %d after %zu attempts", i,
                         once ? ", once" : "", (int)result, it.script.asked);
            assert_int_equal(it.script.paused, it.script.asked - 1);
            assert_false(message_failed(it.out));
            end(&it);
        }
    }
}

static void which_are_done_once(void **state)
{
    static const char *const once[] = {"requestCode", "resendCode", "signIn",
                                       "resendConfirmation"};
    const struct operation *operation;

    (void)state;
    for (size_t i = 0; (operation = operation_at(i)) != NULL; i++) {
        bool listed = false;

        for (size_t j = 0; j < sizeof once / sizeof *once; j++)
            listed |= strcmp(once[j], operation->name) == 0;
        assert_int_equal(operation->once, listed);
    }
}

static void ends_with_the_first_success(void **state)
{
    struct scripted it = {.script.answers = {{.result = API_UNREACHABLE},
                                             {.status = 503},
                                             good,
                                             {.status = 500}}};

    (void)state;
    begin(&it, 0, 0);
    assert_int_equal(api_call(it.api, "refreshSession", it.in, it.out), API_OK);
    assert_int_equal(it.script.asked, 3);
    assert_string_equal(it.script.request[0].data, it.script.request[2].data);
    /* nothing of what failed before */
    assert_null(message_text(it.out, "status"));
    assert_string_equal(message_text(it.out, "refreshToken"), "r");
    end(&it);
}

static void obeys_the_number_of_attempts(void **state)
{
    (void)state;
    for (unsigned attempts = 1; attempts < 8; attempts++) {
        struct scripted it = {0};

        for (size_t j = 0; j < SCRIPT_MAX; j++)
            it.script.answers[j].result = API_UNREACHABLE;
        begin(&it, attempts, 0);
        assert_int_equal(api_call(it.api, "refreshSession", it.in, it.out),
                         API_UNREACHABLE);
        assert_int_equal(it.script.asked, attempts);
        end(&it);
    }
}

/* --- when ----------------------------------------------------------------- */

static void doubles_its_pauses(void **state)
{
    static const long least[] = {500, 1000, 2000, 4000, 8000, 16000, 16000};

    (void)state;
    for (long chance = 0; chance <= 100; chance += 50) {
        struct scripted it = {.script.chance = chance};

        for (size_t j = 0; j < SCRIPT_MAX; j++)
            it.script.answers[j].result = API_UNREACHABLE;
        begin(&it, 8, 0);
        assert_int_equal(api_call(it.api, "refreshSession", it.in, it.out),
                         API_UNREACHABLE);
        assert_int_equal(it.script.paused, 7);
        for (size_t j = 0; j < 7; j++)
            assert_int_equal(it.script.pauses[j],
                             least[j] + least[j] / 2 * chance / 100);
        end(&it);
    }
}

#define DATE "Date: Sat, 01 Mar 2025 09:30:00 GMT\n"

static void obeys_retry_after(void **state)
{
    static const struct {
        const char *headers;
        long pause; /* ms before the second attempt; -1: not waited */
        const char *field;
    } rows[] = {
        {"Retry-After: 0", 500, NULL},
        {"Retry-After: 1", 1000, NULL},
        {"Retry-After: 30", 30000, NULL},
        {"Retry-After: 31", -1, "31"},
        {"Retry-After: 3600", -1, "3600"},
        {"Retry-After: 86400", -1, "86400"},
        {"Retry-After: 86401", -1, "86400"},
        {"Retry-After: 99999999999999999999", -1, "86400"},
        {DATE "Retry-After: Sat, 01 Mar 2025 09:30:20 GMT", 20000, NULL},
        {DATE "Retry-After: Sat, 01 Mar 2025 09:29:00 GMT", 500, NULL},
        {DATE "Retry-After: Sat, 01 Mar 2025 10:30:00 GMT", -1, "3600"},
        {DATE "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", -1, "86400"},
        {"Retry-After: Sat, 01 Mar 2025 09:30:20 GMT", 500, NULL}, /* past */
        {"Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", -1, "86400"},
        {"Retry-After: -5", 500, NULL},
        {"Retry-After: +5", 500, NULL},
        {"Retry-After: 5.5", 500, NULL},
        {"Retry-After: 5s", 500, NULL},
        {"Retry-After: soon", 500, NULL},
        {"Retry-After: Sat, 01 Mar 2025", 500, NULL},
        {"Retry-After: ", 500, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (long status = 429; status <= 503; status += 503 - 429) {
            struct scripted it = {
                .script.answers = {
                    {.status = status, .headers = rows[i].headers}, good}};
            enum api_result result;

            begin(&it, 0, 0);
            result = api_call(it.api, "refreshSession", it.in, it.out);
            if (rows[i].pause < 0) {
                assert_int_equal(result, API_BUSY);
                assert_int_equal(it.script.paused, 0);
                assert_string_equal(message_text(it.out, "retryAfter"),
                                    rows[i].field);
            } else if (result != API_OK ||
                       it.script.pauses[0] != rows[i].pause) {
                fail_msg("%s: %ld", rows[i].headers, it.script.pauses[0]);
            }
            end(&it);
        }
    }
}

static void tells_when_a_refusal_ends(void **state)
{
    struct scripted it = {
        .script.answers = {{.status = 429,
                            .headers = "Content-Type: application/json\n"
                                       "Retry-After: 40",
                            .body = "{\"code\":\"resendTooEarly\"}"}}};

    (void)state;
    begin(&it, 0, 0);
    assert_int_equal(api_call(it.api, "resendCode", it.in, it.out),
                     API_REFUSED);
    assert_string_equal(message_text(it.out, "code"), "resendTooEarly");
    assert_string_equal(message_text(it.out, "retryAfter"), "40");
    assert_string_equal(message_text(it.out, "status"), "429");
    end(&it);
}

static void takes_two_minutes_at_most(void **state)
{
    static const struct script_answer slow[] = {
        {.result = API_TIMEOUT, .takes = 1000000},
        {.result = API_UNREACHABLE, .takes = 50000},
        {.status = 503, .headers = "Retry-After: 30", .takes = 100},
        {.status = 503, .headers = "Retry-After: 30", .takes = 45000},
        {.status = 500, .takes = 59999},
    };

    (void)state;
    for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
        struct scripted it = {.script.chance = 100};

        for (size_t j = 0; j < SCRIPT_MAX; j++)
            it.script.answers[j] = slow[i];
        begin(&it, 16, 0);
        assert_int_not_equal(api_call(it.api, "refreshSession", it.in, it.out),
                             API_OK);
        assert_in_range(it.script.asked, 2, 8);
        assert_in_range((uintmax_t)it.script.now, 60000, RETRY_TOTAL);
        assert_int_equal(it.script.limit[0], 60000);
        for (size_t j = 0; j < it.script.asked; j++)
            assert_in_range((uintmax_t)it.script.limit[j], RETRY_LEAST, 60000);
        end(&it);
    }
}

static void obeys_the_time_of_an_exchange(void **state)
{
    struct scripted it = {.script.answers = {good}};

    (void)state;
    begin(&it, 1, 7);
    assert_int_equal(api_call(it.api, "refreshSession", it.in, it.out), API_OK);
    assert_int_equal(it.script.limit[0], 7000);
    end(&it);
}

/* --- a person's wish to stop; sticky, so it is the last ------------------- */

static void cancel_in_pause(void *self, long milliseconds)
{
    struct script *script = self;

    script->pauses[script->paused++] = milliseconds;
    api_cancel();
}

static void ends_when_cancelled(void **state)
{
    struct scripted it = {.script.answers = {{.result = API_UNREACHABLE}}};

    (void)state;
    begin(&it, 0, 0);
    it.timer.pause = cancel_in_pause;
    assert_int_equal(api_call(it.api, "refreshSession", it.in, it.out),
                     API_CANCELLED);
    assert_int_equal(it.script.asked, 1);
    assert_int_equal(api_call(it.api, "refreshSession", it.in, it.out),
                     API_CANCELLED);
    assert_int_equal(it.script.asked, 1);
    timer_system.pause(NULL, 3600 * 1000L); /* returns at once */
    end(&it);
}

static void has_a_clock(void **state)
{
    long long before = timer_system.now(NULL);

    (void)state;
    timer_system.pause(NULL, 60);
    assert_in_range((uintmax_t)(timer_system.now(NULL) - before), 60, 120000);
    for (int i = 0; i < 100; i++)
        assert_in_range((uintmax_t)timer_system.random(NULL, 3), 0, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_what_it_may),
        cmocka_unit_test(which_are_done_once),
        cmocka_unit_test(ends_with_the_first_success),
        cmocka_unit_test(obeys_the_number_of_attempts),
        cmocka_unit_test(doubles_its_pauses),
        cmocka_unit_test(obeys_retry_after),
        cmocka_unit_test(tells_when_a_refusal_ends),
        cmocka_unit_test(takes_two_minutes_at_most),
        cmocka_unit_test(obeys_the_time_of_an_exchange),
        cmocka_unit_test(has_a_clock),
        cmocka_unit_test(ends_when_cancelled),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
