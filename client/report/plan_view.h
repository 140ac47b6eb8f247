/* A plan before it is run: what is wrong with it, what is due, what is not
 * and why. For people and as JSON. */
#ifndef CLIENT_REPORT_PLAN_VIEW_H
#define CLIENT_REPORT_PLAN_VIEW_H

#include "client/batch/plan.h"
#include "client/outcome/failure.h"
#include "client/renewal/journal.h"
#include "client/screen/screen.h"

#include <json-c/json.h>

/* Each complaint as "PATH:LINE:COLUMN: sentence". */
void plan_view_complain(struct screen *screen, const char *path,
                        const struct plan *plan);
/* [{"line", "column", "message"}]; the caller puts it. */
struct json_object *plan_view_complaints(const struct plan *plan);

/* On standard output; -1 where that failed. now: of the days left. */
int plan_view_print(const struct plan *plan, struct journal *journal,
                    time_t now);
/* [{"line", "label", "container", "owner", "daysLeft", "due",
 * "losesPassword", "reason"}]; the caller puts it. */
struct json_object *plan_view_rows(const struct plan *plan,
                                   struct journal *journal, time_t now);

/* What comes of it all, were it run: OUTCOME_WOULD_RENEW, OUTCOME_NOTHING_DUE,
 * or, where there are rows that ought to be renewed and cannot,
 * OUTCOME_ROWS_NOT_READY and how many. */
void plan_view_sum(const struct plan *plan, struct journal *journal,
                   struct failure *failure);

#endif
