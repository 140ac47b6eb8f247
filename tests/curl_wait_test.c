#include "api/api.h"

#include "tests/support/hostile.h"

#include <curl/curl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

CURLMcode __real_curl_multi_poll(CURLM *multi, struct curl_waitfd *others,
                                 unsigned count, int most, int *ready);
CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd *others,
                                 unsigned count, int most, int *ready);

static unsigned left; /* of the waits, up to the one that goes wrong */
static CURLMcode wrong;

CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd *others,
                                 unsigned count, int most, int *ready)
{
    return left > 0 && --left == 0
               ? wrong
               : __real_curl_multi_poll(multi, others, count, most, ready);
}

static enum api_result call(const char *url, const char *ca_file)
{
    const struct api_settings settings = {
        .url = url, .ca_file = ca_file, .total_seconds = 30, .attempts = 1};
    struct message *in = message_new(), *out = message_new();
    struct api *api = NULL;
    enum api_result result = api_new(&settings, &api);

    assert_int_equal(result, API_OK);
    message_put_text(in, "refreshToken", "r1");
    result = api_call(api, "refreshSession", in, out);
    api_free(&api);
    message_free(&in);
    message_free(&out);
    return result;
}

/* Nothing is known of an answer then, least of all that it was too large. */
static void cannot_wait(void **state)
{
    const struct hostile_plan plan = {.hold = 1};
    struct hostile *hostile;
    char *root_file;

    (void)state;
    assert_int_equal(hostile_prepare(&root_file), 0);
    hostile = hostile_start(&plan);
    /* For the connection, for the handshake, for the answer. */
    for (unsigned n = 1; hostile_requests(hostile) == 0; n++) {
        left = n;
        wrong = CURLM_UNRECOVERABLE_POLL;
        assert_int_equal(call(hostile_url(hostile), root_file),
                         API_UNREACHABLE);
        assert_int_equal(left, 0);
        assert_true(n < 20);
    }
    left = 1;
    wrong = CURLM_OUT_OF_MEMORY;
    assert_int_equal(call(hostile_url(hostile), root_file), API_MEMORY);
    hostile_stop(&hostile);
    unlink(root_file);
    free(root_file);
    hostile_finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cannot_wait)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
