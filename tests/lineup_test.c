#include "client/batch/run/lineup.h"

#include "api/api.h"
#include "api/pace.h"
#include "api/timer.h"
#include "api/transport.h"
#include "client/batch/plan_parts.h"
#include "client/batch/run/job.h"
#include "tests/support/ledger.h"
#include "tests/support/queued.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { START = 1700000000, SECOND = 1000, ROWS = 8 };

#define URL "https://one.example"
#define OWN "https://own.example"
#define TOKEN "rutoken:00000001"

static struct {
    struct options options;
    struct journal *journal;
    struct plan *plan;
    struct batch batch;
    struct queue *queue;
    struct servers *servers;
    struct lineup lineup;
} hall;

static time_t moment(void *context)
{
    (void)context;
    return START;
}

static const struct clock hour = {.now = moment};

static int open_hall(void **state)
{
    ledger_begin(state);
    hall.options = (struct options){.server = URL, .server_ca = "ca.pem"};
    hall.journal = ledger_open();
    hall.plan = plan_new();
    return 0;
}

/* For the rows that the plan has by now. */
static void line_up(void)
{
    hall.batch = (struct batch){.journal = hall.journal,
                                .plan = hall.plan,
                                .options = &hall.options,
                                .clock = &hour,
                                .timer = &timer_system,
                                .jobs = 1};
    hall.servers = servers_new(&hall.batch);
    hall.queue = queue_new(hall.plan->rows, servers_most(&hall.batch));
    hall.lineup = (struct lineup){&hall.batch, hall.queue, hall.servers};
}

static int close_hall(void **state)
{
    queue_free(&hall.queue);
    servers_free(&hall.servers);
    plan_free(&hall.plan);
    journal_close(&hall.journal);
    return ledger_end(state);
}

/* Its certificate is due. */
static struct plan_row *add_row(enum plan_word word, const char *value)
{
    struct plan_defaults values = {.value = {[PLAN_CONTAINER] = "/k/a.000"}};
    const size_t row = hall.plan->rows;

    values.value[word] = value;
    plan_add(hall.plan, row + 1, &values);
    if (word != PLAN_PHONE)
        assert_int_equal(plan_locate(hall.plan, row, word), FAULT_NONE);
    snprintf(hall.plan->row[row].thumbprint, THUMBPRINT_TEXT, "%040zu", row);
    return &hall.plan->row[row];
}

/* What the journal has of a row. */
static void note(size_t row, const char *step, enum outcome outcome,
                 const char *server)
{
    struct record record = {.failed = false};

    record_set(&record, RECORD_ID, ledger_id((unsigned)row));
    record_set(&record, RECORD_STEP, step);
    record_set(&record, RECORD_OUTCOME, outcome_row(outcome)->word);
    record_set(&record, RECORD_OLD_THUMBPRINT, hall.plan->row[row].thumbprint);
    record_set(&record, RECORD_SERVER, server);
    assert_int_equal(journal_save(hall.journal, &record), OUTCOME_DONE);
    record_free(&record);
}

static void add_all(void)
{
    bool late = false;

    line_up();
    for (size_t i = 0; i < hall.plan->rows; i++)
        assert_int_equal(lineup_row(&hall.lineup, i, &late), OUTCOME_DONE);
    assert_false(late);
}

/* The rows that are taken now, a digit each; none ends. */
static void assert_taken(const char *rows)
{
    for (; *rows != '\0'; rows++)
        assert_int_equal(taken(hall.queue, true), *rows - '0');
}

/* --- which are added ------------------------------------------------------ */

static const struct {
    const char *name;
    enum outcome unread, offer;
    const char *step; /* in the journal, NULL: it is not there */
    enum outcome ended;
    enum outcome outcome; /* DONE: it is added */
    bool late;            /* it is not, where it may go behind the others */
} rows[] = {
    {.name = "due"},
    {.name = "not due", .offer = OUTCOME_NOT_DUE, .outcome = OUTCOME_NOT_DUE},
    {.name = "no PIN",
     .offer = OUTCOME_PIN_NEEDED,
     .outcome = OUTCOME_PIN_NEEDED},
    {.name = "no container",
     .offer = OUTCOME_CONTAINER_NOT_FOUND,
     .outcome = OUTCOME_CONTAINER_NOT_FOUND},
    {.name = "its token may come", .offer = OUTCOME_NO_TOKEN},
    {.name = "its reader may come", .offer = OUTCOME_NO_READER},
    {.name = "its token was found unreadable",
     .unread = OUTCOME_NO_TOKEN,
     .offer = OUTCOME_NO_TOKEN,
     .outcome = OUTCOME_NO_TOKEN},
    {.name = "begun", .step = "awaitIssue", .ended = OUTCOME_WAITING},
    {.name = "begun, and not due any more",
     .offer = OUTCOME_NOT_DUE,
     .step = "awaitIssue",
     .ended = OUTCOME_WAITING},
    {.name = "begun, and unreadable",
     .unread = OUTCOME_CONTAINER_DAMAGED,
     .offer = OUTCOME_CONTAINER_DAMAGED,
     .step = "awaitIssue",
     .ended = OUTCOME_WAITING},
    {.name = "renewed, and so not due",
     .offer = OUTCOME_NOT_DUE,
     .step = "done",
     .ended = OUTCOME_RENEWED},
    {.name = "renewed, and no PIN",
     .offer = OUTCOME_PIN_NEEDED,
     .step = "done",
     .ended = OUTCOME_RENEWED},
    {.name = "refused, and not due",
     .offer = OUTCOME_NOT_DUE,
     .step = "ended",
     .ended = OUTCOME_REJECTED,
     .outcome = OUTCOME_NOT_DUE},
    {.name = "no code came",
     .step = "signIn",
     .ended = OUTCOME_CODE_NOT_RECEIVED,
     .late = true},
    {.name = "no code was right, and it is not due any more",
     .offer = OUTCOME_NOT_DUE,
     .step = "confirm",
     .ended = OUTCOME_CODE_ATTEMPTS,
     .late = true},
    {.name = "no code came, and then it was renewed",
     .step = "done",
     .ended = OUTCOME_CODE_NOT_RECEIVED},
    {.name = "no code came, and it is over",
     .step = "ended",
     .ended = OUTCOME_CODE_NOT_RECEIVED},
    {.name = "it never came to a code",
     .step = "signIn",
     .ended = OUTCOME_UNREACHABLE},
};

static void check_row(size_t i, bool may_be_late)
{
    const bool is_late = may_be_late && rows[i].late;
    bool late = false;

    line_up();
    if (lineup_row(&hall.lineup, 0, may_be_late ? &late : NULL) !=
            rows[i].outcome ||
        late != is_late)
        fail_msg("%s", rows[i].name);
    /* Nothing is in it. */
    if (queue_over(hall.queue, 0) !=
        (rows[i].outcome != OUTCOME_DONE || is_late))
        fail_msg("%s: in the queue", rows[i].name);
    if (!queue_over(hall.queue, 0))
        assert_taken("0");
    queue_free(&hall.queue);
    servers_free(&hall.servers);
}

static void what_is_renewed_is_added(void **state)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct plan_row *row;

        open_hall(state);
        row = add_row(PLAN_TO, "/tmp");
        row->unread = rows[i].unread;
        row->offer = rows[i].offer;
        if (rows[i].step != NULL)
            note(0, rows[i].step, rows[i].ended, OWN);
        check_row(i, true);
        check_row(i, false);
        close_hall(state);
    }
}

/* What it would be without a certificate that is known. */
static void the_journal_is_asked_by_the_certificate(void **state)
{
    bool late = false;

    (void)state;
    add_row(PLAN_TO, "/tmp")->offer = OUTCOME_CONTAINER_NOT_FOUND;
    note(0, "awaitIssue", OUTCOME_WAITING, OWN);
    hall.plan->row[0].thumbprint[0] = '\0';
    line_up();
    assert_int_equal(lineup_row(&hall.lineup, 0, &late),
                     OUTCOME_CONTAINER_NOT_FOUND);
    assert_true(queue_over(hall.queue, 0));
}

/* --- what each needs ------------------------------------------------------ */

static void a_token_is_one_rows_alone_wherever_it_stands(void **state)
{
    static const enum plan_word words[] = {PLAN_CONTAINER, PLAN_TO,
                                           PLAN_BACKUP};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        add_row(words[i], TOKEN);
    add_row(PLAN_TO, "rutoken:00000002");
    add_row(PLAN_TO, "/tmp");
    add_row(PLAN_TO, "/tmp");
    add_all();
    assert_taken("0345");
    queue_end(hall.queue, 0);
    assert_taken("1");
    queue_end(hall.queue, 1);
    assert_taken("2");
}

static void a_telephone_is_one_rows_alone_until_it_has_signed_in(void **state)
{
    static const struct {
        const char *phone; /* of another row than that of 79120000001 */
        bool by_command, begun;
        const char *taken;
    } cases[] = {
        {"79120000001", false, false, "02"},
        {"8 (912) 000-00-01", false, false, "02"},
        {"79130000001", false, false, "01"},
        {"79130000001", true, false, "02"}, /* it is told the end alone */
        {"79130000007", true, false, "01"},
        {"79120000001", false, true, "01"},
        {"none", false, false, "01"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        open_hall(state);
        hall.options.code_command = cases[i].by_command ? "true" : NULL;
        add_row(PLAN_PHONE, "79120000001");
        add_row(PLAN_PHONE, cases[i].phone);
        add_row(PLAN_PHONE, "79120000003");
        if (cases[i].begun)
            note(1, "signIn", OUTCOME_UNREACHABLE, NULL);
        add_all();
        assert_taken(cases[i].taken);
        close_hall(state);
    }
}

/* --- at which server ------------------------------------------------------ */

static void each_is_at_its_server(void **state)
{
    static const struct {
        const char *given; /* by the options */
        bool begun;
        const char *own, *url; /* NULL: none */
    } cases[] = {
        {URL, false, NULL, URL}, {NULL, false, NULL, NULL},
        {URL, true, OWN, URL},   {NULL, true, OWN, OWN},
        {URL, true, NULL, URL},  {NULL, true, NULL, NULL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        open_hall(state);
        hall.options.server = cases[i].given;
        add_row(PLAN_TO, "/tmp");
        if (cases[i].begun)
            note(0, "signIn", OUTCOME_UNREACHABLE, cases[i].own);
        add_all();
        assert_int_equal(servers_count(hall.servers), 1);
        assert_true(
            server_is(servers_at(hall.servers, 0), cases[i].url, "ca.pem"));
        close_hall(state);
    }
}

static void rows_of_one_server_stand_in_one_line(void **state)
{
    (void)state;
    hall.options.server = NULL;
    for (size_t i = 0; i < 5; i++)
        add_row(PLAN_TO, "/tmp");
    note(1, "signIn", OUTCOME_UNREACHABLE, OWN);
    note(2, "signIn", OUTCOME_UNREACHABLE, URL);
    note(4, "signIn", OUTCOME_UNREACHABLE, OWN);
    add_all();
    assert_int_equal(servers_count(hall.servers), 3);
    queue_shut(hall.queue, 1); /* that of row 1, and of row 4 */
    assert_taken("023");
    for (size_t i = 0; i < 4; i++)
        if (i != 1)
            queue_end(hall.queue, i);
    assert_true(queue_over(hall.queue, 0));
}

static void what_is_told_alone_needs_no_server(void **state)
{
    (void)state;
    add_row(PLAN_TO, TOKEN)->offer = OUTCOME_NOT_DUE;
    line_up();
    assert_int_equal(lineup_told(&hall.lineup, 0), OUTCOME_DONE);
    assert_int_equal(servers_count(hall.servers), 1);
    assert_true(server_is(servers_at(hall.servers, 0), NULL, NULL));
    assert_taken("0");
}

/* As without memory: there is room for no further server. */
static void without_a_server_it_is_not_added(void **state)
{
    char url[] = "https://0.example";

    (void)state;
    add_row(PLAN_TO, "/tmp");
    line_up();
    for (size_t i = 0; i < servers_most(&hall.batch); i++, url[8]++)
        assert_int_not_equal(servers_find(hall.servers, url, NULL),
                             SERVERS_NONE);
    assert_int_equal(lineup_row(&hall.lineup, 0, NULL), OUTCOME_MEMORY);
    assert_int_equal(lineup_told(&hall.lineup, 0), OUTCOME_MEMORY);
    assert_true(queue_over(hall.queue, 0));
}

/* --- what becomes of the lines -------------------------------------------- */

static struct pace *pace; /* of the server that was connected with last */

static void close_way(void *self)
{
    (void)self;
}

enum api_result __wrap_transport_curl(const struct api_settings *settings,
                                      struct transport *transport);

enum api_result __wrap_transport_curl(const struct api_settings *settings,
                                      struct transport *transport)
{
    pace = settings->pace;
    *transport = (struct transport){.close = close_way};
    return API_OK;
}

static void ask_for_pause(long server, long pause)
{
    struct api *api;

    assert_int_equal(server_connect(servers_at(hall.servers, server), &api),
                     OUTCOME_DONE);
    pace_hold(pace, &timer_system, pause);
    api_free(&api);
}

/* Those of even numbers are at server 0, the others at server 1. */
static void line_up_two(void)
{
    for (size_t i = 0; i < ROWS; i++)
        add_row(PLAN_TO, "/tmp");
    line_up();
    assert_int_equal(servers_find(hall.servers, URL, NULL), 0);
    assert_int_equal(servers_find(hall.servers, OWN, NULL), 1);
    for (size_t i = 0; i < ROWS; i++)
        queue_add(hall.queue, i, i % 2);
}

/* Of the line of server 0, when the others of server 1 are over: that nothing
 * more comes of it, or not before a moment, or that something does. */
enum rest { SHUT, PAUSED, OPEN };

static void assert_rest(enum rest rest, long pause)
{
    const int64_t now = queue_now();

    for (size_t i = 1; i < ROWS; i += 2)
        queue_end(hall.queue, i);
    assert_int_equal(queue_over(hall.queue, 0), rest == SHUT);
    if (rest == PAUSED)
        assert_in_range(queue_pause(hall.queue) - now, 1, pause * SECOND);
    else
        assert_int_equal(queue_pause(hall.queue), 0);
}

static const struct {
    struct job_result result;
    long pause; /* that server 0 asks for */
    bool left;
    time_t held; /* for so long */
    const char *taken;
    enum rest rest;
} verdicts[] = {
    {{OUTCOME_RENEWED, 0, 0, true}, 0, false, 0, "01234567", OPEN},
    {{OUTCOME_REJECTED, 0, 0, true}, 0, false, 0, "01234567", OPEN},
    /* It is said of the row alone. */
    {{OUTCOME_SERVER_BUSY, 0, 0, true}, 0, false, 0, "01234567", OPEN},
    /* It is tried by one row at a time. */
    {{OUTCOME_UNREACHABLE, 0, 0, false}, 0, false, 0, "10357", OPEN},
    {{OUTCOME_TIMEOUT, 0, 0, true}, 0, false, 0, "10357", OPEN},
    {{OUTCOME_SERVER_BUSY, 0, 0, true}, 50, false, 0, "1357", PAUSED},
    {{OUTCOME_RENEWED, 0, 0, true}, 50, false, 0, "1357", PAUSED},
    {{OUTCOME_RENEWED, 0, 0, true}, 3600, false, 0, "1357", PAUSED},
    {{OUTCOME_SERVER_BUSY, 0, 0, true}, 3600, true, 3600, "1357", SHUT},
    {{OUTCOME_SERVER_UNTRUSTED, 0, 0, false}, 0, true, 0, "1357", SHUT},
    {{OUTCOME_SERVER_UNTRUSTED, 0, 0, false}, 3600, true, 0, "1357", SHUT},
    /* It did not come as far as a server. */
    {{OUTCOME_SERVER_UNTRUSTED, 0, SERVERS_NONE, false},
     0,
     false,
     0,
     "01234567",
     OPEN},
    {{OUTCOME_SERVER_BUSY, 0, SERVERS_NONE, false},
     3600,
     false,
     0,
     "01234567",
     OPEN},
    /* Of the other server. */
    {{OUTCOME_RENEWED, 0, 1, true}, 3600, false, 0, "01234567", OPEN},
};

static void what_a_row_comes_to_may_concern_its_line(void **state)
{
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        struct lineup_verdict verdict;

        print_message("# verdict %zu\n", i);
        open_hall(state);
        line_up_two();
        if (verdicts[i].pause > 0)
            ask_for_pause(0, verdicts[i].pause);
        verdict = lineup_judge(&hall.lineup, &verdicts[i].result);
        assert_int_equal(verdict.left, verdicts[i].left);
        if (verdicts[i].held == 0)
            assert_int_equal(verdict.held_until, 0);
        else
            assert_in_range(verdict.held_until, START + 1,
                            START + verdicts[i].held + 1);
        assert_taken(verdicts[i].taken);
        assert_rest(verdicts[i].rest, verdicts[i].pause);
        close_hall(state);
    }
}

static void one_that_answers_again_is_trusted(void **state)
{
    const struct job_result lost = {.outcome = OUTCOME_UNREACHABLE},
                            found = {.outcome = OUTCOME_RENEWED,
                                     .answered = true};

    (void)state;
    line_up_two();
    lineup_judge(&hall.lineup, &lost);
    assert_taken("10357");
    lineup_judge(&hall.lineup, &found);
    assert_taken("246");
}

static void one_that_is_left_stays_so(void **state)
{
    const struct job_result bad = {.outcome = OUTCOME_SERVER_UNTRUSTED},
                            good = {.outcome = OUTCOME_RENEWED,
                                    .answered = true};

    (void)state;
    line_up_two();
    assert_true(lineup_judge(&hall.lineup, &bad).left);
    assert_true(lineup_judge(&hall.lineup, &good).left);
    assert_taken("1357");
    assert_rest(SHUT, 0);
}

static void a_pause_is_heeded_before_a_row_meets_it(void **state)
{
    static const struct {
        long pause[2]; /* of each server, 0: it asks for none */
        const char *taken;
    } cases[] = {{{0, 0}, "01234567"}, {{50, 0}, "1357"}, {{0, 50}, "0246"}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        open_hall(state);
        line_up_two();
        for (long server = 0; server < 2; server++)
            if (cases[i].pause[server] > 0)
                ask_for_pause(server, cases[i].pause[server]);
        lineup_heed(&hall.lineup);
        assert_taken(cases[i].taken);
        close_hall(state);
    }
}

#define HALL(test) cmocka_unit_test_setup_teardown(test, open_hall, close_hall)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_renewed_is_added),
        HALL(the_journal_is_asked_by_the_certificate),
        HALL(a_token_is_one_rows_alone_wherever_it_stands),
        cmocka_unit_test(a_telephone_is_one_rows_alone_until_it_has_signed_in),
        cmocka_unit_test(each_is_at_its_server),
        HALL(rows_of_one_server_stand_in_one_line),
        HALL(what_is_told_alone_needs_no_server),
        HALL(without_a_server_it_is_not_added),
        cmocka_unit_test(what_a_row_comes_to_may_concern_its_line),
        HALL(one_that_answers_again_is_trusted),
        HALL(one_that_is_left_stays_so),
        cmocka_unit_test(a_pause_is_heeded_before_a_row_meets_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
