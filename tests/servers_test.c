#include "client/batch/run/servers.h"

#include "api/api.h"
#include "api/timer.h"
#include "api/transport.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { JOBS = 4, ROWS = 1000, LINE = 1024 };

/* --- connections that lead nowhere ---------------------------------------- */

/* Its exchanges all fail, and tell whose they are. */
struct way {
    char url[64];
    unsigned used; /* by one thread at a time */
};

static atomic_int made, freed;
static _Thread_local char called[64]; /* the last that was */

static enum api_result exchange(void *self, const struct inquiry *inquiry,
                                long milliseconds, struct answer *answer)
{
    struct way *way = self;

    (void)inquiry, (void)milliseconds, (void)answer;
    way->used++;
    snprintf(called, sizeof(called), "%s", way->url);
    return API_TLS;
}

static void close_way(void *self)
{
    freed++;
    free(self);
}

enum api_result __wrap_transport_curl(const struct api_settings *settings,
                                      struct transport *transport);

enum api_result __wrap_transport_curl(const struct api_settings *settings,
                                      struct transport *transport)
{
    struct way *way;

    if (settings->url == NULL)
        return API_CONFIGURATION;
    way = calloc(1, sizeof(*way));
    if (way == NULL)
        return API_MEMORY;
    snprintf(way->url, sizeof(way->url), "%s", settings->url);
    *transport = (struct transport){exchange, close_way, way};
    made++;
    return API_OK;
}

/* Whether it leads there. */
static bool leads_to(struct api *api, const char *url)
{
    struct message *in = message_new(), *out = message_new();
    bool leads = false;

    called[0] = '\0';
    if (in != NULL && out != NULL) {
        message_put_text(in, "refreshToken", "r1");
        leads = api_call(api, "refreshSession", in, out) == API_TLS &&
                strcmp(called, url) == 0;
    }
    message_free(&in);
    message_free(&out);
    return leads;
}

static struct servers *all(void)
{
    static struct options options;
    static struct plan plan = {.rows = ROWS};
    static const struct batch batch = {.options = &options,
                                       .plan = &plan,
                                       .timer = &timer_system,
                                       .jobs = JOBS};
    struct servers *servers = servers_new(&batch);

    assert_non_null(servers);
    made = freed = 0;
    return servers;
}

static void free_all(struct servers **servers)
{
    servers_free(servers);
    assert_null(*servers);
    assert_int_equal(made, freed);
}

/* --- numbers -------------------------------------------------------------- */

static void each_has_its_number(void **state)
{
    static const struct {
        const char *url, *ca;
        long number;
    } rows[] = {
        {"https://a", NULL, 0}, {"https://b", NULL, 1}, {"https://a", NULL, 0},
        {"https://a", "ca", 2}, {NULL, NULL, 3},        {"https://a", "", 4},
        {"", NULL, 5},          {"https://b", NULL, 1}, {NULL, "ca", 6},
        {NULL, NULL, 3},        {"https://a", "ca", 2}, {"HTTPS://A", NULL, 7},
    };
    struct servers *servers = all();

    (void)state;
    assert_int_equal(servers_count(servers), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const long number = servers_find(servers, rows[i].url, rows[i].ca);

        assert_int_equal(number, rows[i].number);
        assert_true(
            server_is(servers_at(servers, number), rows[i].url, rows[i].ca));
    }
    assert_int_equal(servers_count(servers), 8);
    free_all(&servers);
}

/* Of as many as there can be each is found, and one more is none. */
static void there_are_no_more_than_there_can_be(void **state)
{
    struct servers *servers = all();
    char url[32];

    (void)state;
    for (int round = 0; round < 2; round++)
        for (long i = 0; i < 2 * ROWS + 2; i++) {
            snprintf(url, sizeof(url), "https://%ld", i);
            assert_int_equal(servers_find(servers, url, NULL), i);
        }
    assert_int_equal(servers_find(servers, "https://more", NULL), SERVERS_NONE);
    assert_int_equal(servers_find(servers, "https://0", NULL), 0);
    free_all(&servers);
}

/* --- connections ---------------------------------------------------------- */

static struct api *lent(struct servers *servers, const char *url)
{
    const long number = servers_find(servers, url, NULL);
    struct api *api = NULL;

    assert_int_equal(servers_lend(servers, number, &api), OUTCOME_DONE);
    assert_true(leads_to(api, url));
    return api;
}

static void give_back(struct servers *servers, const char *url, struct api *api)
{
    servers_return(servers, servers_find(servers, url, NULL), &api);
    assert_null(api);
}

static void visit_one(struct servers *servers, const char *url)
{
    give_back(servers, url, lent(servers, url));
}

static void one_serves_row_after_row(void **state)
{
    struct servers *servers = all();

    (void)state;
    for (int i = 0; i < 100; i++) {
        visit_one(servers, "https://a");
        visit_one(servers, "https://b");
    }
    assert_int_equal(made, 2);
    assert_int_equal(freed, 0);
    free_all(&servers);
}

static void the_one_used_last_is_lent(void **state)
{
    struct servers *servers = all();
    struct api *one = lent(servers, "https://a");
    struct api *other = lent(servers, "https://a");

    (void)state;
    assert_ptr_not_equal(one, other);
    give_back(servers, "https://a", other);
    give_back(servers, "https://a", one);
    visit_one(servers, "https://b");
    assert_ptr_equal(lent(servers, "https://a"), one);
    assert_ptr_equal(lent(servers, "https://a"), other);
    give_back(servers, "https://a", one);
    give_back(servers, "https://a", other);
    free_all(&servers);
}

/* No more than there are jobs are kept: the oldest goes. */
static void those_that_nobody_uses_go(void **state)
{
    struct servers *servers = all();
    char url[32];

    (void)state;
    for (int i = 0; i < 20; i++) {
        snprintf(url, sizeof(url), "https://%d", i);
        visit_one(servers, url);
        assert_in_range(made - freed, 1, JOBS);
    }
    assert_int_equal(made - freed, JOBS);
    visit_one(servers, "https://16");
    assert_int_equal(made, 20);
    visit_one(servers, "https://15");
    assert_int_equal(made, 21);
    free_all(&servers);
}

static void what_is_none_is_not_lent(void **state)
{
    struct servers *servers = all();
    struct api *api = (struct api *)servers;

    (void)state;
    assert_int_equal(
        servers_lend(servers, servers_find(servers, NULL, NULL), &api),
        OUTCOME_CONFIGURATION);
    assert_null(api);
    servers_return(servers, SERVERS_NONE, &api);
    free_all(&servers);
}

/* --- reasons -------------------------------------------------------------- */

static void nothing_is_said_of_good_ones(void **state)
{
    struct servers *servers = all();
    char said[LINE] = "x";

    (void)state;
    assert_int_equal(servers_why(servers, said, sizeof(said)), OUTCOME_DONE);
    assert_string_equal(said, "");
    server_note(servers_at(servers, servers_find(servers, "https://a", NULL)),
                OUTCOME_REJECTED, true);
    assert_int_equal(servers_why(servers, said, sizeof(said)), OUTCOME_DONE);
    assert_string_equal(said, "");
    free_all(&servers);
}

/* As many whole sentences as fit. */
static void each_that_is_left_is_named(void **state)
{
    static const char sentence[] =
        "The server https://%d could not prove that it is the one it should "
        "be: the rest of its renewals was left.";
    struct servers *servers = all();
    char url[32], said[LINE], one[200];
    size_t named = 0;

    (void)state;
    for (int i = 0; i < 100; i++) {
        snprintf(url, sizeof(url), "https://%d", i);
        if (i % 2 == 0)
            server_note(servers_at(servers, servers_find(servers, url, NULL)),
                        OUTCOME_SERVER_UNTRUSTED, false);
        else
            servers_find(servers, url, NULL);
    }
    assert_int_equal(servers_why(servers, said, sizeof(said)),
                     OUTCOME_SERVER_UNTRUSTED);
    assert_in_range(strlen(said), LINE - 130, LINE - 1);
    for (int i = 0; i < 100; i++) {
        snprintf(one, sizeof(one), sentence, i);
        named += strstr(said, one) != NULL;
        assert_true(i % 2 == 0 || strstr(said, one) == NULL);
    }
    assert_in_range(named, 8, 12);
    assert_string_equal(said + strlen(said) - 5, "left.");
    free_all(&servers);
}

/* --- many ----------------------------------------------------------------- */

enum { THREADS = 8, VISITS = 500, HOSTS = 5 };

static atomic_int wrong;

static void *visit(void *context)
{
    struct servers *servers = context;
    unsigned chance = (unsigned)(uintptr_t)&chance;

    for (int i = 0; i < VISITS; i++) {
        struct api *api = NULL;
        char url[32];
        long number;

        chance = chance * 1103515245 + 12345;
        snprintf(url, sizeof(url), "https://%u", chance / 65536 % HOSTS);
        number = servers_find(servers, url, NULL);
        if (servers_lend(servers, number, &api) != OUTCOME_DONE ||
            !leads_to(api, url))
            wrong++;
        servers_return(servers, number, &api);
    }
    return NULL;
}

static void threads_share_them(void **state)
{
    struct servers *servers = all();
    pthread_t threads[THREADS];

    (void)state;
    wrong = 0;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, visit, servers), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    assert_int_equal(servers_count(servers), HOSTS);
    free_all(&servers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_its_number),
        cmocka_unit_test(there_are_no_more_than_there_can_be),
        cmocka_unit_test(one_serves_row_after_row),
        cmocka_unit_test(the_one_used_last_is_lent),
        cmocka_unit_test(those_that_nobody_uses_go),
        cmocka_unit_test(what_is_none_is_not_lent),
        cmocka_unit_test(nothing_is_said_of_good_ones),
        cmocka_unit_test(each_that_is_left_is_named),
        cmocka_unit_test(threads_share_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
