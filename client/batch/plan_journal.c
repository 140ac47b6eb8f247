/* A plan of the renewals that the journal has open. */
#include "client/batch/plan_parts.h"

#include "client/renewal/journal.h"
#include "client/renewal/policy.h"

#include <string.h>

static enum outcome add(void *context, struct record *record)
{
    struct plan *plan = context;
    const char *id = record_get(record, RECORD_ID);
    const char *container = record_get(record, RECORD_OLD_CONTAINER);
    const size_t rows = plan->rows;
    const struct plan_defaults values = {
        /* One without is damaged, as its run tells. */
        .value = {[PLAN_CONTAINER] = container != NULL ? container : "-",
                  [PLAN_TO] = record_get(record, RECORD_TARGET),
                  [PLAN_PHONE] = record_get(record, RECORD_PHONE),
                  [PLAN_BACKUP] = record_get(record, RECORD_BACKUP),
                  [PLAN_LABEL] = record_get(record, RECORD_LABEL)}};

    plan_add(plan, rows + 1, &values);
    if (plan->rows > rows)
        plan->row[rows].renewal = plan_keep(plan, id, strlen(id));
    return OUTCOME_DONE;
}

static void locate(struct plan *plan, size_t row)
{
    static const enum plan_word places[] = {PLAN_CONTAINER, PLAN_TO,
                                            PLAN_BACKUP};

    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
        if (plan->row[row].at[places[i]] != 0)
            (void)plan_locate(plan, row, places[i]);
}

/* Whether they are due was asked when they were begun: what is looked at is
 * whose they are. A value that a plan would not have is the renewal's to
 * stumble over, for the plan's only use here is to tell rows apart. */
enum outcome plan_of_journal(struct journal *journal, time_t now,
                             const struct plan_watcher *watcher,
                             struct plan **plan)
{
    enum outcome outcome = OUTCOME_MEMORY;

    *plan = plan_new();
    if (*plan != NULL)
        outcome = journal_each_open(journal, add, *plan);
    if (outcome != OUTCOME_DONE)
        return outcome;
    (*plan)->complaints = 0;
    for (size_t i = 0; i < (*plan)->rows; i++)
        locate(*plan, i);
    outcome = plan_look(*plan, journal, now, POLICY_WINDOW_FORCED, watcher);
    for (size_t i = 0; i < (*plan)->rows; i++)
        (*plan)->row[i].offer = OUTCOME_DONE;
    return outcome;
}
