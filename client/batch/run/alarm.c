#include "client/batch/run/alarm.h"

bool alarm_is_due(const struct alarm *alarm, enum outcome outcome)
{
    return alarm->failing.options->failed_command != NULL &&
           failing_counts(outcome);
}

/* All that is known of a row whose renewal never began. */
static void describe(const struct alarm *alarm, size_t row,
                     struct record *record, enum outcome outcome,
                     const char *message)
{
    const struct plan_row *planned = &alarm->plan->row[row];

    record_set(record, RECORD_LABEL, plan_get(alarm->plan, row, PLAN_LABEL));
    record_set(record, RECORD_OLD_CONTAINER,
               plan_place(alarm->plan, row, PLAN_CONTAINER));
    if (planned->thumbprint[0] != '\0')
        record_set(record, RECORD_OLD_THUMBPRINT, planned->thumbprint);
    record_set(record, RECORD_OUTCOME, outcome_row(outcome)->word);
    record_set(record, RECORD_MESSAGE, message);
}

struct listening {
    struct alarm *alarm;
    size_t row;
};

static void hear(void *context, const char *line)
{
    const struct listening *listening = context;

    teller_tell(listening->alarm->teller, &(struct event){.kind = EVENT_HEARD,
                                                          .row = listening->row,
                                                          .message = line});
}

/* Of a renewal that began the journal knows what was told. */
static bool tell(struct alarm *alarm, size_t row, struct record *record,
                 enum outcome outcome, char *problem)
{
    const char *where = plan_place(alarm->plan, row, PLAN_CONTAINER);
    struct unbegun *unbegun =
        record_get(record, RECORD_ID) == NULL ? alarm->unbegun : NULL;
    const time_t now = clock_now(alarm->teller->batch->clock);
    struct listening listening = {alarm, row};
    const struct program_ear ear = {hear, &listening};

    problem[0] = '\0';
    if (unbegun != NULL && unbegun_was_told(unbegun, where, outcome, now))
        return true;
    if (!failing_tell(&alarm->failing, record, outcome,
                      alarm->hears ? &ear : NULL, problem))
        return false;
    if (unbegun != NULL)
        unbegun_tell(unbegun, where, outcome, now);
    return true;
}

void alarm_raise(struct alarm *alarm, size_t row, struct record *record,
                 enum outcome outcome, const char *message)
{
    char problem[HOOK_PROBLEM];
    struct event event = {.kind = EVENT_UNTOLD, .row = row};

    if (!alarm_is_due(alarm, outcome))
        return;
    if (record_get(record, RECORD_ID) == NULL)
        describe(alarm, row, record, outcome, message);
    if (tell(alarm, row, record, outcome, problem))
        return;
    event.message = problem[0] != '\0' ? problem : NULL;
    teller_tell(alarm->teller, &event);
}
