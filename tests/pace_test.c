#include "api/pace.h"

#include "api/retry.h"
#include "tests/support/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_longest_wish_counts(void **state)
{
    struct script script = {.now = 1000};
    const struct timer timer = script_timer(&script);
    struct pace *pace = pace_new();

    (void)state;
    assert_int_equal(pace_left(pace, &timer), 0);
    assert_true(pace_wait(pace, &timer, 0));
    pace_hold(pace, &timer, 30);
    pace_hold(pace, &timer, 5);
    assert_int_equal(pace_left(pace, &timer), 30000);
    script.now += 29000;
    assert_int_equal(pace_left(pace, &timer), 1000);
    script.now += 1000;
    assert_int_equal(pace_left(pace, &timer), 0);
    pace_free(&pace);
    assert_null(pace);
    pace_free(&pace);
}

static void what_is_too_long_is_not_waited_for(void **state)
{
    struct script script = {.now = 1000};
    const struct timer timer = script_timer(&script);
    struct pace *pace = pace_new();

    (void)state;
    pace_hold(pace, &timer, 30);
    assert_false(pace_wait(pace, &timer, 29999));
    assert_int_equal(script.paused, 0);
    assert_true(pace_wait(pace, &timer, 30000));
    assert_int_equal(script.paused, 1);
    assert_true(script.pauses[0] >= 30000);
    assert_int_equal(pace_left(pace, &timer), 0);
    pace_free(&pace);
}

/* --- two who call the same server ---------------------------------------- */

struct caller {
    struct script script;
    struct timer timer;
    struct api *api;
    struct message *in, *out;
};

static void open_caller(struct caller *caller, struct pace *pace)
{
    const struct api_settings settings = {.attempts = 1, .pace = pace};
    struct transport transport = script_transport(&caller->script);

    caller->timer = script_timer(&caller->script);
    assert_int_equal(
        api_new_over(&transport, &caller->timer, &settings, &caller->api),
        API_OK);
    caller->in = message_new();
    caller->out = message_new();
    message_put_text(caller->in, "challengeId", "c1");
    message_put_text(caller->in, "refreshToken", "r1");
}

static void close_caller(struct caller *caller)
{
    message_free(&caller->in);
    message_free(&caller->out);
    api_free(&caller->api);
}

/* Another one asks after the answer: how long it is made to wait. */
static void one_is_refused_the_other_waits(void **state)
{
    static const struct {
        const char *operation;
        struct script_answer answer;
        long wait; /* s */
    } rows[] = {
        {"refreshSession", {.status = 429, .headers = "Retry-After: 30\n"}, 30},
        {"refreshSession", {.status = 503, .headers = "Retry-After: 7\n"}, 7},
        {"refreshSession", {.status = 429}, 0},
        {"refreshSession", {.status = 500, .headers = "Retry-After: 9\n"}, 0},
        {"refreshSession", {.status = 503, .headers = "Retry-After: x\n"}, 0},
        {"refreshSession",
         {.status = 429,
          .headers = "Content-Type: application/json\nRetry-After: 20\n",
          .body = "{\"code\":\"tooManyRequests\"}"},
         20},
        /* That is about one telephone. */
        {"resendCode",
         {.status = 429,
          .headers = "Content-Type: application/json\nRetry-After: 40\n",
          .body = "{\"code\":\"resendTooEarly\"}"},
         0},
        {"refreshSession", {.result = API_UNREACHABLE}, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct pace *pace = pace_new();
        struct caller one = {.script = {.answers = {rows[i].answer}}};
        struct caller other = {.script = {.answers = {{.status = 404}}}};

        open_caller(&one, pace);
        open_caller(&other, pace);
        assert_int_not_equal(
            api_call(one.api, rows[i].operation, one.in, one.out), API_OK);
        api_call(other.api, "refreshSession", other.in, other.out);
        assert_int_equal(other.script.asked, 1);
        if (other.script.now / 1000 != rows[i].wait)
            fail_msg("row %zu: %lld ms", i, other.script.now);
        close_caller(&one);
        close_caller(&other);
        pace_free(&pace);
    }
}

/* What is longer than a call waits when it is told itself is said at once,
 * nothing is sent: the caller has other things to do. */
static void a_long_pause_is_told(void **state)
{
    static const long seconds[] = {RETRY_AFTER_MAX + 1, 60, 3600};

    (void)state;
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        struct pace *pace = pace_new();
        struct caller caller = {.script = {.now = 0}};

        open_caller(&caller, pace);
        pace_hold(pace, &caller.timer, seconds[i]);
        assert_int_equal(
            api_call(caller.api, "refreshSession", caller.in, caller.out),
            API_BUSY);
        assert_int_equal(caller.script.asked, 0);
        assert_int_equal(caller.script.paused, 0);
        assert_int_equal(message_number(caller.out, "retryAfter", 10000, 0),
                         seconds[i] + 1);
        close_caller(&caller);
        pace_free(&pace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_wish_counts),
        cmocka_unit_test(what_is_too_long_is_not_waited_for),
        cmocka_unit_test(one_is_refused_the_other_waits),
        cmocka_unit_test(a_long_pause_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
