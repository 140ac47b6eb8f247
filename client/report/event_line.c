#include "client/report/event_line.h"

#include "client/renewal/result.h"
#include "client/text.h"
#include "client/view/view_put.h"

#include <string.h>

static const char *outcome_word(const struct ledger_row *row)
{
    return row->over ? outcome_row(row->outcome)->word : NULL;
}

struct json_object *event_line_row(const struct ledger *ledger, size_t i)
{
    struct json_object *object = json_object_new_object();
    const struct ledger_row *row = &ledger->row[i];
    const struct plan *plan = ledger->plan;

    view_put_count(object, "line", plan->row[i].line);
    view_put_text(object, "label", plan_get(plan, i, PLAN_LABEL));
    view_put_text(object, "container", plan_get(plan, i, PLAN_CONTAINER));
    view_put_filled(object, "owner", plan_owner(plan, i));
    view_put_text(object, "state", ledger_state_word(row->state));
    view_put_text(object, "outcome", outcome_word(row));
    view_put_text(object, "message", ledger_message(row));
    view_put_text(object, "advice", ledger_advice(row));
    view_put_text(object, "renewal", row->renewal);
    view_put_text(object, "traceId", row->trace_id);
    view_put_text(object, "newContainer", row->new_container);
    view_put_time(object, "newNotAfter", row->new_not_after);
    view_put_text(object, "backupContainer", row->backup_container);
    view_put_time(object, "until", row->until);
    view_put(object, "seconds",
             ledger_seconds(row) >= 0
                 ? json_object_new_int64(ledger_seconds(row))
                 : NULL);
    return object;
}

struct json_object *event_line_sum(const struct ledger *ledger)
{
    struct json_object *object = json_object_new_object();
    struct json_object *states = json_object_new_object();
    struct json_object *outcomes = json_object_new_array();
    struct ledger_group groups[OUTCOME_COUNT];
    size_t count = ledger_groups(ledger, groups);

    view_put_text(object, "outcome", outcome_row(ledger->outcome)->word);
    view_put_text(object, "message", ledger_why(ledger));
    view_put_count(object, "rows", ledger->plan->rows);
    for (enum row_state state = 0; state < ROW_STATES; state++)
        view_put_count(states, ledger_state_word(state), ledger->count[state]);
    view_put(object, "states", states);
    for (size_t i = 0; i < count; i++) {
        struct json_object *group = json_object_new_object();

        view_put_text(group, "outcome", outcome_row(groups[i].outcome)->word);
        view_put_text(group, "state", ledger_state_word(groups[i].state));
        view_put_count(group, "count", groups[i].count);
        json_object_array_add(outcomes, group);
    }
    view_put(object, "outcomes", outcomes);
    view_put_time(object, "began", ledger->begun);
    view_put_time(object, "ended", ledger->ended);
    return object;
}

/* --- lines --------------------------------------------------------------- */

/* All of a row when it is over, before that what is new. */
static struct json_object *row_line(const struct ledger *ledger,
                                    const struct event *event)
{
    const struct ledger_row *row = &ledger->row[event->row];
    struct json_object *object;

    if (outcome_word(row) != NULL)
        return event_line_row(ledger, event->row);
    object = json_object_new_object();
    view_put_count(object, "line", ledger->plan->row[event->row].line);
    view_put_text(object, "label",
                  plan_get(ledger->plan, event->row, PLAN_LABEL));
    view_put_text(object, "state", ledger_state_word(event->state));
    view_put_text(object, "step", event->step);
    view_put_text(object, "message", event->message);
    view_put_text(object, "renewal", row->renewal);
    view_put_time(object, "until", event->until);
    return object;
}

static struct json_object *ask_line(const struct ledger *ledger,
                                    const struct event *event)
{
    struct json_object *object = json_object_new_object();

    view_put_count(object, "line", ledger->plan->row[event->row].line);
    view_put_text(object, "label",
                  plan_get(ledger->plan, event->row, PLAN_LABEL));
    return object;
}

static struct json_object *untold_line(const struct ledger *ledger,
                                       const struct event *event)
{
    struct json_object *object = ask_line(ledger, event);

    view_put_text(object, "message", event->message);
    return object;
}

static struct json_object *pause_line(const struct ledger *ledger,
                                      const struct event *event)
{
    struct json_object *object = json_object_new_object();

    (void)ledger;
    view_put_time(object, "until", event->until);
    return object;
}

static struct json_object *check_line(const struct ledger *ledger,
                                      const struct event *event)
{
    struct json_object *object = json_object_new_object();

    (void)ledger;
    view_put_count(object, "rows", event->rows);
    view_put_count(object, "checked", event->checked);
    return object;
}

static struct json_object *begin_line(const struct ledger *ledger,
                                      const struct event *event)
{
    struct json_object *object = json_object_new_object();

    (void)event;
    view_put_count(object, "rows", ledger->plan->rows);
    view_put_count(object, "jobs", ledger->jobs);
    return object;
}

static struct json_object *end_line(const struct ledger *ledger,
                                    const struct event *event)
{
    (void)event;
    return event_line_sum(ledger);
}

int event_line_print(const struct ledger *ledger, const struct event *event)
{
    static const struct {
        const char *word;
        struct json_object *(*make)(const struct ledger *ledger,
                                    const struct event *event);
    } kinds[EVENT_KINDS] = {
        [EVENT_CHECK] = {"check", check_line},
        [EVENT_BEGIN] = {"begin", begin_line},
        [EVENT_ROW] = {"row", row_line},
        [EVENT_PAUSE] = {"pause", pause_line},
        [EVENT_ASK] = {"ask", ask_line},
        [EVENT_ASKED] = {"asked", ask_line},
        [EVENT_UNTOLD] = {"untold", untold_line},
        [EVENT_END] = {"end", end_line},
    };
    struct json_object *object, *line;
    int written;

    if (kinds[event->kind].make == NULL)
        return 0; /* it is for a person */
    object = kinds[event->kind].make(ledger, event);
    line = json_object_new_object();
    view_put_text(line, "event", kinds[event->kind].word);
    view_put_time(line, "time", event->when);
    json_object_object_foreach(object, word, value)
    {
        view_put(line, word, json_object_get(value));
    }
    json_object_put(object);
    written = result_print(line);
    json_object_put(line);
    return written;
}
