/* A plan of what is due in places that are looked through. */
#include "client/batch/plan_parts.h"

#include "client/renewal/standing.h"
#include "client/scan/scan.h"
#include "client/text.h"

#include <string.h>
#include <sys/stat.h>

struct looking {
    struct plan *plan;
    const struct plan_defaults *defaults;
    struct journal *journal;
    time_t now;
    long window;
};

static bool is_wanted(const struct looking *looking, const struct find *find)
{
    struct standing standing;
    bool wanted;

    /* A key without a certificate is the new one of a request that waits. */
    if (find->container == NULL || find->certificate == NULL)
        return false;
    standing_find(&standing, looking->journal, find->certificate, true,
                  looking->now, looking->window);
    wanted = standing.state == STANDING_DUE ||
             standing.state == STANDING_BEGUN ||
             standing.state == STANDING_REQUESTED ||
             standing.state == STANDING_RECEIVED;
    standing_free(&standing);
    return wanted;
}

static enum fault take_find(void *context, const struct find *find)
{
    struct looking *looking = context;
    struct plan *plan = looking->plan;
    struct plan_defaults values = *looking->defaults;

    if (find->fault != FAULT_NONE) {
        if (!find->is_file && plan_begin_row(plan, plan->rows + 1))
            plan_put_unread(plan, find->where, outcome_of_fault(find->fault));
    } else if (is_wanted(looking, find)) {
        values.value[PLAN_CONTAINER] = find->where;
        plan_add(plan, plan->rows + 1, &values);
    }
    return plan->failed ? FAULT_MEMORY : FAULT_NONE;
}

/* No file has a key: it is a plan, or a certificate that lies by itself. */
static void complain_of_files(struct plan *plan, const char *const *place,
                              size_t places)
{
    struct stat about;

    for (size_t i = 0; i < places; i++)
        if (stat(place[i], &about) == 0 && S_ISREG(about.st_mode))
            plan_complain(plan, (struct plan_place){0, 0},
                          _("%s is a file. What is due is looked for in "
                            "folders, in containers and on tokens; to run a "
                            "plan, leave --from-status out."),
                          text_clean(place[i]).text);
}

enum outcome plan_of_places(const char *const *place, size_t places,
                            const struct plan_defaults *defaults,
                            struct journal *journal, time_t now, long window,
                            const char **unread, struct plan **plan)
{
    struct looking looking = {plan_new(), defaults, journal, now, window};
    enum fault fault = FAULT_NONE;

    *unread = "";
    *plan = looking.plan;
    if (*plan == NULL)
        return OUTCOME_MEMORY;
    looking.plan->is_found = true;
    complain_of_files(*plan, place, places);
    if ((*plan)->complaints > 0)
        return OUTCOME_PLAN_WRONG;
    journal_hold(journal, true);
    if (places == 0)
        fault = scan_usual(take_find, &looking);
    for (size_t i = 0; i < places && fault == FAULT_NONE; i++) {
        fault = scan_place(place[i], take_find, &looking);
        if (fault != FAULT_NONE)
            *unread = place[i];
    }
    journal_hold(journal, false);
    return fault == FAULT_NONE ? plan_check(*plan) : outcome_of_fault(fault);
}
