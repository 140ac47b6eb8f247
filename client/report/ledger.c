#include "client/report/ledger.h"

#include "client/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    SECOND = 1000,      /* ms */
    ENOUGH_ENDS = 5,    /* for a first estimate */
    ENOUGH_SECONDS = 5, /* since the first of them, for the same */
};

bool ledger_init(struct ledger *ledger, const struct plan *plan)
{
    *ledger = (struct ledger){.plan = plan};
    ledger->row = calloc(plan->rows + 1, sizeof(*ledger->row));
    ledger->count[ROW_QUEUED] = plan->rows;
    return ledger->row != NULL;
}

void ledger_free(struct ledger *ledger)
{
    for (size_t i = 0; ledger->row != NULL && i < ledger->plan->rows; i++) {
        struct ledger_row *row = &ledger->row[i];

        free(row->message);
        free(row->renewal);
        free(row->trace_id);
        free(row->new_container);
        free(row->backup_container);
    }
    free(ledger->row);
    free(ledger->complaint);
    free(ledger->why);
    *ledger = (struct ledger){.row = NULL};
}

const char *ledger_state_word(enum row_state state)
{
    static const char *const words[ROW_STATES] = {
        [ROW_QUEUED] = "queued",     [ROW_RUNNING] = "running",
        [ROW_WAITING] = "waiting",   [ROW_NEEDS] = "needs",
        [ROW_DONE] = "done",         [ROW_FAILED] = "failed",
        [ROW_EXCLUDED] = "excluded",
    };

    return words[state];
}

/* --- taking -------------------------------------------------------------- */

static void keep(struct ledger *ledger, char **text, const char *value)
{
    if (value == NULL || (*text != NULL && strcmp(*text, value) == 0))
        return;
    free(*text);
    *text = strdup(value);
    ledger->failed |= *text == NULL;
}

static void keep_record(struct ledger *ledger, struct ledger_row *row,
                        const struct record *record)
{
    keep(ledger, &row->renewal, record_get(record, RECORD_ID));
    keep(ledger, &row->trace_id, record_get(record, RECORD_TRACE_ID));
    keep(ledger, &row->new_container, record_get(record, RECORD_NEW_CONTAINER));
    keep(ledger, &row->backup_container,
         record_get(record, RECORD_BACKUP_CONTAINER));
    row->new_not_after = record_time(record, RECORD_NEW_NOT_AFTER);
}

static bool tells(const struct ledger_row *row)
{
    return row->over && row->state != ROW_DONE;
}

static void end_row(struct ledger *ledger, struct ledger_row *row,
                    const struct event *event)
{
    row->over = true;
    row->outcome = event->outcome;
    row->ended = event->at;
    ledger->over++;
    if (tells(row))
        keep(ledger, &row->message, event->message);
    /* What was over before it began says nothing of the pace. */
    if (row->begun == 0)
        return;
    ledger->pace[ledger->paced++ % LEDGER_PACE] = event->at;
    ledger->lasted = event->at - row->begun;
}

static bool is_end(const struct event *event)
{
    return event->state == ROW_DONE || event->state == ROW_FAILED ||
           event->state == ROW_EXCLUDED ||
           (event->state == ROW_WAITING && event->over);
}

/* What begins, or fails for another reason, says nothing of the server. */
static void note_server(struct ledger *ledger, const struct event *event)
{
    if (event->outcome == OUTCOME_UNREACHABLE ||
        event->outcome == OUTCOME_TIMEOUT)
        ledger->lost = true;
    else if (event->state == ROW_WAITING || event->state == ROW_DONE)
        ledger->lost = false;
}

/* A moment that the event names, by its at; 0: it names none. */
static int64_t moment_of(const struct event *event)
{
    return event->until != 0 ? event->at + SECOND * (event->until - event->when)
                             : 0;
}

static void take_row(struct ledger *ledger, const struct event *event)
{
    struct ledger_row *row;

    if (event->row >= ledger->plan->rows || event->state >= ROW_STATES)
        return;
    row = &ledger->row[event->row];
    ledger->count[row->state]--;
    ledger->count[event->state]++;
    row->state = event->state;
    row->until = event->until;
    row->waits = moment_of(event);
    if (event->state == ROW_RUNNING && row->begun == 0)
        row->begun = event->at;
    if (event->record != NULL)
        keep_record(ledger, row, event->record);
    note_server(ledger, event);
    if (is_end(event))
        end_row(ledger, row, event);
}

/* Of a row that is at work. */
static void move(struct ledger *ledger, const struct event *event,
                 enum row_state state)
{
    struct ledger_row *row = &ledger->row[event->row];

    if (event->row >= ledger->plan->rows || row->over)
        return;
    ledger->count[row->state]--;
    ledger->count[state]++;
    row->state = state;
}

static void take_ask(struct ledger *ledger, const struct event *event)
{
    move(ledger, event, ROW_NEEDS);
}

static void take_asked(struct ledger *ledger, const struct event *event)
{
    move(ledger, event, ROW_RUNNING);
}

static void take_begin(struct ledger *ledger, const struct event *event)
{
    ledger->begun = event->when;
    ledger->begun_at = event->at;
    ledger->jobs = event->jobs;
}

static void take_pause(struct ledger *ledger, const struct event *event)
{
    ledger->pause = moment_of(event);
}

static void take_untold(struct ledger *ledger, const struct event *event)
{
    if (event->row < ledger->plan->rows)
        ledger->row[event->row].untold = true;
    if (ledger->complaint == NULL)
        keep(ledger, &ledger->complaint, event->message);
}

static void take_end(struct ledger *ledger, const struct event *event)
{
    ledger->ended = event->when;
    ledger->outcome = event->outcome;
    keep(ledger, &ledger->why, event->message);
}

void ledger_take(struct ledger *ledger, const struct event *event)
{
    static void (*const takes[EVENT_KINDS])(struct ledger * ledger,
                                            const struct event *event) = {
        [EVENT_BEGIN] = take_begin, [EVENT_ROW] = take_row,
        [EVENT_PAUSE] = take_pause, [EVENT_ASK] = take_ask,
        [EVENT_ASKED] = take_asked, [EVENT_UNTOLD] = take_untold,
        [EVENT_END] = take_end,
    };

    if (event->kind < EVENT_KINDS && takes[event->kind] != NULL)
        takes[event->kind](ledger, event);
}

/* --- telling ------------------------------------------------------------- */

const char *ledger_why(const struct ledger *ledger)
{
    return ledger->why != NULL ? ledger->why
                               : _(outcome_row(ledger->outcome)->sentence);
}

const char *ledger_message(const struct ledger_row *row)
{
    return !tells(row)            ? NULL
           : row->message != NULL ? row->message
                                  : _(outcome_row(row->outcome)->sentence);
}

const char *ledger_advice(const struct ledger_row *row)
{
    const char *advice = outcome_row(row->outcome)->advice;

    return tells(row) && advice != NULL ? _(advice) : NULL;
}

long ledger_seconds(const struct ledger_row *row)
{
    return row->begun != 0 && row->over
               ? (long)((row->ended - row->begun) / SECOND)
               : -1;
}

/* The furthest moment before which some row cannot go on. */
static int64_t last_wait(const struct ledger *ledger)
{
    int64_t last = ledger->pause;

    for (size_t i = 0; i < ledger->plan->rows; i++)
        if (ledger->row[i].state == ROW_WAITING && !ledger->row[i].over &&
            ledger->row[i].waits > last)
            last = ledger->row[i].waits;
    return last;
}

/* The time since the oldest end that is kept goes on while nothing ends, so
 * a batch that stands still promises less and less. What went before the first
 * end is no pace: while the centre issues the first certificate the others are
 * under way. But a row that is not begun has all of it before it. */
long ledger_left(const struct ledger *ledger, int64_t at)
{
    size_t ends = ledger->paced < LEDGER_PACE ? ledger->paced : LEDGER_PACE;
    size_t left = ledger->plan->rows - ledger->over;
    int64_t since = ledger->paced < LEDGER_PACE
                        ? ledger->pace[0]
                        : ledger->pace[ledger->paced % LEDGER_PACE];
    int64_t least = last_wait(ledger) - at, pace;

    if (left == 0)
        return 0;
    if (ends < ENOUGH_ENDS ||
        (ends < LEDGER_PACE && at - since < ENOUGH_SECONDS * SECOND))
        return -1;
    if (ledger->count[ROW_QUEUED] > 0 && ledger->lasted > least)
        least = ledger->lasted;
    /* Of so many ends there is one interval less. */
    pace = (int64_t)((double)left * (double)(at - since) / (double)(ends - 1));
    return (long)((least > pace ? least : pace) / SECOND);
}

/* The worst first: by exit status, then by how many. */
static int compare(const void *a, const void *b)
{
    static const int places[ROW_STATES] = {[ROW_FAILED] = 0,
                                           [ROW_WAITING] = 1,
                                           [ROW_DONE] = 2,
                                           [ROW_EXCLUDED] = 3};
    const struct ledger_group *one = a, *other = b;
    int worse = outcome_row(one->outcome)->status,
        better = outcome_row(other->outcome)->status;

    if (one->state != other->state)
        return places[one->state] - places[other->state];
    if (worse != better)
        return worse > better ? -1 : 1;
    return one->count != other->count ? (one->count > other->count ? -1 : 1)
                                      : (int)one->outcome - (int)other->outcome;
}

static void count_in(struct ledger_group *groups, size_t *count,
                     const struct ledger_row *row)
{
    for (size_t i = 0; i < *count; i++)
        if (groups[i].outcome == row->outcome &&
            groups[i].state == row->state) {
            groups[i].count++;
            return;
        }
    if (*count < OUTCOME_COUNT)
        groups[(*count)++] = (struct ledger_group){row->outcome, row->state, 1};
}

size_t ledger_groups(const struct ledger *ledger,
                     struct ledger_group groups[OUTCOME_COUNT])
{
    size_t count = 0;

    for (size_t i = 0; i < ledger->plan->rows; i++)
        if (ledger->row[i].over)
            count_in(groups, &count, &ledger->row[i]);
    qsort(groups, count, sizeof(*groups), compare);
    return count;
}
