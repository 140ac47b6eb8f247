#include "api/transport.h"

#include "tests/support/contract.h"
#include "tests/support/hostile.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

static char *root_file;

static int prepare(void **state)
{
    (void)state;
    /* What the person has set must not decide these tests. */
    unsetenv("https_proxy");
    unsetenv("HTTPS_PROXY");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    return hostile_prepare(&root_file);
}

static int finish(void **state)
{
    (void)state;
    unlink(root_file);
    free(root_file);
    hostile_finish();
    return 0;
}

static long memory_peak(void)
{
    struct rusage usage = {0};

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss; /* KiB */
}

/* AddressSanitizer keeps what was freed for a while. */
#ifdef __SANITIZE_ADDRESS__
enum { MEMORY_MAX = 512 * 1024 };
#else
enum { MEMORY_MAX = 64 * 1024 }; /* KiB */
#endif

/* Seconds; long enough for a machine that checks every byte of memory. */
enum { PATIENT = 120 };

/* One call over a new connection to a url. */
static enum api_result call_url(const char *url, const char *ca_file,
                                long seconds, struct message *out)
{
    const struct api_settings settings = {.url = url,
                                          .ca_file = ca_file,
                                          .connect_seconds = seconds,
                                          .total_seconds = seconds,
                                          .attempts = 1};
    struct message *in = message_new();
    struct api *api = NULL;
    enum api_result result = api_new(&settings, &api);

    message_put_text(in, "refreshToken", "r1");
    if (result == API_OK)
        result = api_call(api, "refreshSession", in, out);
    api_free(&api);
    message_free(&in);
    return result;
}

#define OK "HTTP/1.1 200 OK\r\n"
#define JSON "Content-Type: application/json\r\n"
#define SESSION                                                                \
    "{\"sid\":\"" ID64 "\",\"refreshToken\":\"r\",\"expiresAt\":\"" TIME "\"}"
#define CHUNKED OK JSON "Transfer-Encoding: chunked\r\n\r\n"
#define KIB                                                                    \
    LONG64 LONG64 LONG64 LONG64 LONG64 LONG64 LONG64 LONG64 LONG64 LONG64      \
        LONG64 LONG64 LONG64 LONG64 LONG64 LONG64

struct row {
    const char *what;
    struct hostile_plan plan;
    enum api_result result;
};

static void check(const struct row *row)
{
    struct hostile *hostile = hostile_start(&row->plan);
    struct message *out = message_new();
    long long begin = timer_system.now(NULL);
    long memory = memory_peak();
    long seconds = row->result == API_TIMEOUT ? 1 : PATIENT;
    enum api_result result;

    result = call_url(hostile_url(hostile), root_file, seconds, out);
    if (result != row->result)
        fail_msg("%s: %d", row->what, (int)result);
    if (timer_system.now(NULL) - begin > 1000 * seconds + 30000)
        fail_msg("%s: took %lld ms", row->what, timer_system.now(NULL) - begin);
    if (memory_peak() - memory > MEMORY_MAX)
        fail_msg("%s: took %ld KiB", row->what, memory_peak() - memory);
    if (result != API_OK)
        assert_null(message_text(out, "sid"));
    message_free(&out);
    hostile_stop(&hostile);
}

#define CHECK(rows)                                                            \
    for (size_t i = 0; i < sizeof(rows) / sizeof *(rows); i++)                 \
    check(&(rows)[i])

static void trusts_only_its_root(void **state)
{
    static const char good[] = OK JSON "\r\n" SESSION;
    static const struct row rows[] = {
        {"good", {.say = good}, API_OK},
        {"TLS 1.2",
         {.say = good, .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.2"},
         API_OK},
        {"another name",
         {.say = good, .certificate = HOSTILE_OTHER_NAME},
         API_TLS},
        {"expired", {.say = good, .certificate = HOSTILE_EXPIRED}, API_TLS},
        {"not yet", {.say = good, .certificate = HOSTILE_FUTURE}, API_TLS},
        {"self-signed",
         {.say = good, .certificate = HOSTILE_SELF_SIGNED},
         API_TLS},
        {"another root",
         {.say = good, .certificate = HOSTILE_OTHER_ROOT},
         API_TLS},
        {"TLS 1.1",
         {.say = good, .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.1"},
         API_UNREACHABLE},
        {"TLS 1.0",
         {.say = good, .priority = "NORMAL:-VERS-ALL:+VERS-TLS1.0"},
         API_UNREACHABLE},
        {"no certificate",
         {.say = good,
          .priority = "NORMAL:-KX-ALL:+ANON-ECDH"
                      ":-VERS-ALL:+VERS-TLS1.2"},
         API_UNREACHABLE},
    };

    (void)state;
    CHECK(rows);
}

static void survives_lost_connections(void **state)
{
    static const struct row rows[] = {
        {"closed at once", {.stage = HOSTILE_CLOSE}, API_UNREACHABLE},
        {"no handshake", {.stage = HOSTILE_SILENT}, API_TIMEOUT},
        {"closed in the handshake", {.stage = HOSTILE_HELLO}, API_UNREACHABLE},
        {"closed behind it", {.stage = HOSTILE_SHAKE}, API_UNREACHABLE},
        {"no TLS",
         {.stage = HOSTILE_PLAIN, .say = OK "\r\n{}"},
         API_UNREACHABLE},
        {"SSH",
         {.stage = HOSTILE_PLAIN, .say = "SSH-2.0-x\r\n", .hold = 1},
         API_UNREACHABLE},
        {"no answer", {.hold = 1}, API_TIMEOUT},
        {"closed without one", {.say = NULL}, API_UNREACHABLE},
        {"torn without one", {.abrupt = 1}, API_UNREACHABLE},
        {"in the status", {.say = "HTTP/1."}, API_UNREACHABLE},
        {"in the header", {.say = OK "Content-Ty"}, API_UNREACHABLE},
        {"in an empty line", {.say = OK JSON "\r"}, API_UNREACHABLE},
        {"behind the header",
         {.say = OK JSON "Content-Length: 5\r\n\r\n"},
         API_UNREACHABLE},
        {"in the body",
         {.say = OK JSON "Content-Length: 500\r\n\r\n" SESSION},
         API_UNREACHABLE},
        {"held in the body",
         {.say = OK JSON "Content-Length: 500\r\n\r\n" SESSION, .hold = 1},
         API_TIMEOUT},
        {"torn, length unknown",
         {.say = OK JSON "\r\n" SESSION, .abrupt = 1},
         API_UNREACHABLE},
        {"cut, length unknown", {.say = OK JSON "\r\n{\"sid\":"}, API_GARBAGE},
        {"in a chunk", {.say = CHUNKED "fff\r\n" SESSION}, API_UNREACHABLE},
        {"between chunks", {.say = CHUNKED "1\r\n{\r\n"}, API_UNREACHABLE},
    };

    (void)state;
    CHECK(rows);
}

static void bounds_time_and_size(void **state)
{
    static const struct row rows[] = {
        {"slow status",
         {.say = "HTTP/1.1 200 ", .again = "x", .times = 100, .pause = 100},
         API_TIMEOUT},
        {"slow header",
         {.say = OK, .again = "X: y\r\n", .times = 90, .pause = 100},
         API_TIMEOUT},
        {"slow body",
         {.say = OK JSON "\r\n", .again = " ", .times = 100, .pause = 100},
         API_TIMEOUT},
        {"120 headers",
         {.say = OK, .again = "X: y\r\n", .times = 120},
         API_TOO_LARGE},
        {"40 KiB of headers",
         {.say = OK, .again = "X: " KIB "\r\n", .times = 40},
         API_TOO_LARGE},
        {"endless headers",
         {.say = OK, .again = "X: y\r\n", .times = 100000},
         API_TOO_LARGE},
        {"long headers",
         {.say = OK, .again = "X: " KIB "\r\n", .times = 1000},
         API_TOO_LARGE},
        {"one endless header",
         {.say = OK "X: ", .again = KIB, .times = 102400},
         API_TOO_LARGE},
        {"endless status",
         {.say = "HTTP/1.1 200 ", .again = KIB, .times = 102400},
         API_TOO_LARGE},
        {"endless interim answers",
         {.again = "HTTP/1.1 100 Continue\r\n\r\n", .times = 1000000},
         API_TOO_LARGE},
        {"100 MB",
         {.say = OK JSON "\r\n", .again = KIB, .times = 102400},
         API_TOO_LARGE},
        {"100 MB announced",
         {.say = OK JSON "Content-Length: 104857600\r\n\r\n",
          .again = KIB,
          .times = 102400},
         API_TOO_LARGE},
        {"100 MB in chunks",
         {.say = CHUNKED, .again = "400\r\n" KIB "\r\n", .times = 102400},
         API_TOO_LARGE},
        {"more than any number",
         {.say = OK JSON
          "Content-Length: 99999999999999999999999999\r\n\r\n" SESSION,
          .hold = 1},
         API_TOO_LARGE},
        {"100 MB of trailers",
         {.say = CHUNKED "0\r\n", .again = "X: " KIB "\r\n", .times = 102400},
         API_TOO_LARGE},
    };

    (void)state;
    CHECK(rows);
}

static void refuses_what_is_no_answer(void **state)
{
    static const struct row rows[] = {
        {"HTTP/0.9", {.say = SESSION}, API_GARBAGE},
        {"HTML alone", {.say = "<html></html>"}, API_GARBAGE},
        {"no HTTP", {.say = "220 mail ESMTP\r\n"}, API_GARBAGE},
        {"status of letters", {.say = "HTTP/1.1 abc\r\n\r\n"}, API_GARBAGE},
        {"status 99", {.say = "HTTP/1.1 99 X\r\n\r\n"}, API_GARBAGE},
        {"status 1000",
         {.say = "HTTP/1.1 1000 X\r\n" JSON "\r\n" SESSION},
         API_GARBAGE},
        {"HTTP/9",
         {.say = "HTTP/9.9 200 OK\r\n" JSON "\r\n" SESSION},
         API_GARBAGE},
        {"HTML",
         {.say = OK "Content-Type: text/html\r\n\r\n<html>"},
         API_GARBAGE},
        {"no type", {.say = OK "\r\n" SESSION}, API_GARBAGE},
        {"no body", {.say = OK JSON "Content-Length: 0\r\n\r\n"}, API_GARBAGE},
        {"short by its length",
         {.say = OK JSON "Content-Length: 20\r\n\r\n" SESSION},
         API_GARBAGE},
        {"negative length",
         {.say = OK JSON "Content-Length: -5\r\n\r\n" SESSION},
         API_GARBAGE},
        {"chunks of letters",
         {.say = CHUNKED "xyz\r\n" SESSION},
         API_UNREACHABLE},
        {"endless chunk size",
         {.say = CHUNKED, .again = "1", .times = 1000},
         API_UNREACHABLE},
        {"compressed all the same",
         {.say = OK JSON "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08"},
         API_GARBAGE},
        {"unauthorised by a proxy",
         {.say = "HTTP/1.1 407 X\r\nContent-Type: text/html\r\n\r\n<html>"},
         API_GARBAGE},
        {"redirect to another host",
         {.say = "HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\n"
                 "Content-Length: 0\r\n\r\n"},
         API_GARBAGE},
        {"redirect to plain http",
         {.say = "HTTP/1.1 307 X\r\nLocation: http://127.0.0.1:1/\r\n" JSON
                 "\r\n" SESSION},
         API_GARBAGE},
        {"redirect to a file",
         {.say = "HTTP/1.1 301 X\r\nLocation: file:///etc/passwd\r\n"
                 "Content-Length: 0\r\n\r\n"},
         API_GARBAGE},
        {"another protocol",
         {.say = "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", .hold = 1},
         API_TIMEOUT},
        {"interim, then good",
         {.say = "HTTP/1.1 100 Continue\r\nX-Trace-Id: no\r\n\r\n" OK JSON
                 "\r\n" SESSION},
         API_OK},
        {"chunked and good",
         {.say = CHUNKED "5\r\n{    \r\n1\r\n}\r\n0\r\n\r\n"},
         API_GARBAGE},
    };

    (void)state;
    CHECK(rows);
}

static void reaches_nobody(void **state)
{
    struct message *out = message_new();
    struct hostile_plan plan = {0};
    struct hostile *hostile = hostile_start(&plan);
    long long begin = timer_system.now(NULL);
    enum api_result result;
    char url[64];

    (void)state;
    snprintf(url, sizeof url, "%s", hostile_url(hostile));
    hostile_stop(&hostile); /* nobody listens there any more */
    assert_int_equal(call_url(url, root_file, PATIENT, out), API_UNREACHABLE);
    result = call_url("https://no-such-host.invalid", root_file, 20, out);
    assert_true(result == API_UNREACHABLE || result == API_TIMEOUT);
    assert_true(timer_system.now(NULL) - begin < 100000);
    message_free(&out);
}

static void wants_a_usable_configuration(void **state)
{
    static const char *const urls[] = {NULL, "", "http://127.0.0.1",
                                       "https://127.0.0.1/v1", "127.0.0.1"};
    struct hostile_plan plan = {.say = OK JSON "\r\n" SESSION};
    struct hostile *hostile = hostile_start(&plan);
    struct message *out = message_new();

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        assert_int_equal(call_url(urls[i], NULL, PATIENT, out),
                         API_CONFIGURATION);
    assert_int_equal(
        call_url(hostile_url(hostile), "/nonexistent", PATIENT, out),
        API_CONFIGURATION);
    assert_int_equal(call_url(hostile_url(hostile), "Makefile", PATIENT, out),
                     API_CONFIGURATION); /* no PEM */
    assert_int_equal(call_url(hostile_url(hostile), "/dev/null", PATIENT, out),
                     API_CONFIGURATION);
    assert_int_equal(hostile_requests(hostile), 0);
    /* The system's own store knows nothing of this root. */
    assert_int_equal(call_url(hostile_url(hostile), NULL, PATIENT, out),
                     API_TLS);
    message_free(&out);
    hostile_stop(&hostile);
}

/* --- what goes out -------------------------------------------------------- */

struct calls {
    struct hostile *hostile;
    struct api *api;
    struct message *in, *out;
};

static void open_calls(struct calls *calls, const struct hostile_plan *plan)
{
    struct api_settings settings = {.ca_file = root_file,
                                    .user_agent = "test/1",
                                    .total_seconds = PATIENT,
                                    .attempts = 1};

    calls->hostile = hostile_start(plan);
    settings.url = hostile_url(calls->hostile);
    assert_int_equal(api_new(&settings, &calls->api), API_OK);
    calls->in = message_new();
    calls->out = message_new();
    message_put_text(calls->in, "sid", ID64);
    message_put_text(calls->in, "formId", "f1");
    message_put_text(calls->in, "challengeId", "c1");
    message_put_text(calls->in, "etag", "3-ab");
    message_put_text(calls->in, "code", "123456");
    message_put_text(calls->in, "phone", "79120000001");
    message_put_text(calls->in, "refreshToken", "r1");
}

static void close_calls(struct calls *calls)
{
    api_free(&calls->api);
    hostile_stop(&calls->hostile);
    message_free(&calls->in);
    message_free(&calls->out);
}

static void sends_what_the_contract_says(void **state)
{
    static const struct {
        const char *operation, *request; /* behind Host and User-Agent */
    } rows[] = {
        {"readForm", "GET /v1/certificate-forms/f1 HTTP/1.1\r\n"
                     "Host: @\r\nUser-Agent: test/1\r\n"
                     "Accept: application/json\r\n"
                     "Authorization: auth.sid " ID64 "\r\n"
                     "If-None-Match: \"3-ab\"\r\n\r\n"},
        {"submitForm", "POST /v1/certificate-forms/f1/submit HTTP/1.1\r\n"
                       "Host: @\r\nUser-Agent: test/1\r\n"
                       "Accept: application/json\r\n"
                       "Content-Type: application/json\r\n"
                       "Authorization: auth.sid " ID64 "\r\n"
                       "If-Match: \"3-ab\"\r\n"
                       "Content-Length: 2\r\n\r\n{}"},
        {"changeData", "PATCH /v1/certificate-forms/f1/data HTTP/1.1\r\n"
                       "Host: @\r\nUser-Agent: test/1\r\n"
                       "Accept: application/json\r\n"
                       "Content-Type: application/json\r\n"
                       "Authorization: auth.sid " ID64 "\r\n"
                       "If-Match: \"3-ab\"\r\n"
                       "Content-Length: 2\r\n\r\n{}"},
        {"resendCode", "POST /v1/auth/sms/c1/resend HTTP/1.1\r\n"
                       "Host: @\r\nUser-Agent: test/1\r\n"
                       "Accept: application/json\r\n"
                       "Content-Length: 0\r\n\r\n"},
        {"readForm", "GET /v1/certificate-forms/f1 HTTP/1.1\r\n"
                     "Host: @\r\nUser-Agent: test/1\r\n"
                     "Accept: application/json\r\n"
                     "Authorization: auth.sid " ID64 "\r\n"
                     "If-None-Match: \"3-ab\"\r\n\r\n"},
    };
    struct hostile_plan plan = {
        .say = "HTTP/1.1 304 Not Modified\r\nETag: \"4-cd\"\r\n\r\n",
        .keep = 1};
    struct calls calls;
    char wanted[1024];

    (void)state;
    open_calls(&calls, &plan);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *at = strchr(rows[i].request, '@');

        api_call(calls.api, rows[i].operation, calls.in, calls.out);
        snprintf(wanted, sizeof wanted, "%.*s%s%s", (int)(at - rows[i].request),
                 rows[i].request,
                 hostile_url(calls.hostile) + strlen("https://"), at + 1);
        assert_string_equal(hostile_request(calls.hostile), wanted);
    }
    assert_int_equal(hostile_requests(calls.hostile), 5);
    close_calls(&calls);
}

#define KEPT OK JSON "Content-Length: 128\r\n\r\n" SESSION

static void keeps_its_connection(void **state)
{
    struct hostile_plan plan = {.say = KEPT, .keep = 1};
    struct calls calls;

    (void)state;
    assert_int_equal(strlen(SESSION), 128);
    open_calls(&calls, &plan);
    for (int i = 0; i < 60; i++)
        assert_int_equal(
            api_call(calls.api, "refreshSession", calls.in, calls.out), API_OK);
    assert_int_equal(hostile_connections(calls.hostile), 1);
    assert_int_equal(hostile_requests(calls.hostile), 60);
    close_calls(&calls);
}

/* On a kept connection that is closed under a request curl would send again
 * by itself, and a code would be used up twice. */
static void sends_once_what_is_done_once(void **state)
{
    static const char *const once[] = {"signIn", "requestCode", "resendCode"};
    const struct hostile_plan good = {.say = KEPT, .keep = 1};
    const struct hostile_plan lost = {.abrupt = 1};

    (void)state;
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        struct calls calls;

        open_calls(&calls, &good);
        assert_int_equal(
            api_call(calls.api, "refreshSession", calls.in, calls.out), API_OK);
        hostile_plan(calls.hostile, &lost);
        assert_int_equal(api_call(calls.api, once[i], calls.in, calls.out),
                         API_UNREACHABLE);
        assert_int_equal(hostile_requests(calls.hostile), 2);
        close_calls(&calls);
    }
}

/* A server closes what nobody uses, and one that has been left alone may be
 * closing just now: what is done once takes a new connection then. */
static void trusts_no_idle_one_with_what_is_done_once(void **state)
{
    static const struct {
        const char *operation;
        long pause; /* ms before it */
        size_t connections;
    } rows[] = {
        {"signIn", 0, 1},
        {"signIn", 0, 1},
        {"refreshSession", 3200, 1},
        {"signIn", 3200, 2},
    };
    struct hostile_plan plan = {.say = KEPT, .keep = 1};
    struct calls calls;

    (void)state;
    open_calls(&calls, &plan);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        timer_system.pause(NULL, rows[i].pause);
        assert_int_equal(
            api_call(calls.api, rows[i].operation, calls.in, calls.out),
            API_OK);
        assert_int_equal(hostile_connections(calls.hostile),
                         rows[i].connections);
    }
    close_calls(&calls);
}

static void connects_again_when_closed(void **state)
{
    struct hostile_plan plan = {.say = KEPT};
    struct calls calls;

    (void)state;
    open_calls(&calls, &plan);
    for (int i = 0; i < 3; i++)
        assert_int_equal(
            api_call(calls.api, "refreshSession", calls.in, calls.out), API_OK);
    assert_int_equal(hostile_requests(calls.hostile), 3);
    close_calls(&calls);
}

/* --- a person's wish to stop; sticky, so it is the last ------------------- */

static void interrupt(int number)
{
    (void)number;
    api_cancel();
}

static void ends_when_cancelled(void **state)
{
    const struct itimerval soon = {.it_value = {.tv_usec = 200000}};
    struct hostile_plan plan = {.hold = 1};
    long long begin = timer_system.now(NULL);
    struct calls calls;

    (void)state;
    open_calls(&calls, &plan);
    signal(SIGALRM, interrupt);
    setitimer(ITIMER_REAL, &soon, NULL);
    assert_int_equal(api_call(calls.api, "refreshSession", calls.in, calls.out),
                     API_CANCELLED);
    assert_true(timer_system.now(NULL) - begin < 60000);
    close_calls(&calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trusts_only_its_root),
        cmocka_unit_test(survives_lost_connections),
        cmocka_unit_test(bounds_time_and_size),
        cmocka_unit_test(refuses_what_is_no_answer),
        cmocka_unit_test(reaches_nobody),
        cmocka_unit_test(wants_a_usable_configuration),
        cmocka_unit_test(sends_what_the_contract_says),
        cmocka_unit_test(keeps_its_connection),
        cmocka_unit_test(sends_once_what_is_done_once),
        cmocka_unit_test(trusts_no_idle_one_with_what_is_done_once),
        cmocka_unit_test(connects_again_when_closed),
        cmocka_unit_test(ends_when_cancelled),
    };

    return cmocka_run_group_tests(tests, prepare, finish);
}
