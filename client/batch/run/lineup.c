#include "client/batch/run/lineup.h"

#include "client/batch/run/course.h"
#include "client/batch/run/job.h"
#include "client/renewal/given.h"

static void note_tokens(const struct lineup *lineup, size_t row)
{
    static const enum plan_word places[] = {PLAN_CONTAINER, PLAN_TO,
                                            PLAN_BACKUP};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        queue_needs(lineup->queue, row,
                    plan_token(lineup->batch->plan, row, places[i]));
}

/* Until it has signed in, lest two codes be taken for each other. One that was
 * begun may need no code, having its session yet, and asks for the telephone
 * when it does. */
static void note_telephone(const struct lineup *lineup, size_t row)
{
    char phone[REQUISITE_MAX];

    /* The same one may be written in several ways. */
    if (plan_phone(lineup->batch->plan, row, phone))
        queue_wants(lineup->queue, row,
                    job_telephone(lineup->batch->options, phone));
}

static bool was_vain(const struct record *record)
{
    const char *word = record_get(record, RECORD_OUTCOME);

    return word != NULL && fetching_was_vain(outcome_by_word(word));
}

/* What was renewed before is told as that, whatever became of it since. */
static bool was_renewed(const struct lineup *lineup, size_t row)
{
    return plan_offer(lineup->batch->plan, row, lineup->batch->journal) ==
           OUTCOME_ALREADY_RENEWED;
}

/* One that is not begun has the server of the options. */
static long find_server(const struct lineup *lineup,
                        const struct record *record)
{
    const struct options *options = lineup->batch->options;

    return servers_find(
        lineup->servers,
        given_value(record, RECORD_SERVER, options, &options->server),
        given_value(record, RECORD_SERVER_CA, options, &options->server_ca));
}

static enum outcome add(const struct lineup *lineup, size_t row, long server)
{
    if (server == SERVERS_NONE)
        return OUTCOME_MEMORY;
    queue_add(lineup->queue, row, (size_t)server);
    return OUTCOME_DONE;
}

enum outcome lineup_row(const struct lineup *lineup, size_t row, bool *late)
{
    const struct plan_row *planned = &lineup->batch->plan->row[row];
    struct record record = {.failed = false};
    const bool begun =
        plan_find_begun(lineup->batch->plan, row, lineup->batch->journal,
                        &record) == OUTCOME_DONE;
    enum outcome outcome = planned->offer;

    if (begun || (planned->unread == OUTCOME_DONE &&
                  course_way(planned->offer) == COURSE_NEEDS))
        outcome = OUTCOME_DONE;
    else if (outcome != OUTCOME_DONE && was_renewed(lineup, row))
        outcome = OUTCOME_DONE;
    if (begun && late != NULL && was_vain(&record)) {
        *late = true;
    } else if (outcome == OUTCOME_DONE) {
        note_tokens(lineup, row);
        if (!begun)
            note_telephone(lineup, row);
        outcome = add(lineup, row, find_server(lineup, &record));
    }
    record_free(&record);
    return outcome;
}

enum outcome lineup_told(const struct lineup *lineup, size_t row)
{
    return add(lineup, row, servers_find(lineup->servers, NULL, NULL));
}

/* --- what becomes of the lines ------------------------------------------- */

struct lineup_verdict lineup_judge(const struct lineup *lineup,
                                   const struct job_result *result)
{
    struct server *server;
    enum server_state state;

    if (result->server == SERVERS_NONE)
        return (struct lineup_verdict){.left = false};
    server = servers_at(lineup->servers, result->server);
    state = server_note(server, result->outcome, result->answered);
    if (state == SERVER_LEFT)
        queue_shut(lineup->queue, (size_t)result->server);
    else if (state == SERVER_DOUBTED)
        queue_doubt(lineup->queue, (size_t)result->server,
                    queue_now() + server_pause(server));
    else
        queue_trust(lineup->queue, (size_t)result->server);
    return (struct lineup_verdict){state == SERVER_LEFT,
                                   server_held_until(server, result->outcome)};
}

void lineup_heed(const struct lineup *lineup)
{
    const long count = servers_count(lineup->servers);

    for (long i = 0; i < count; i++) {
        const long left = server_pause(servers_at(lineup->servers, i));

        if (left > 0)
            queue_doubt(lineup->queue, (size_t)i, queue_now() + left);
    }
}
