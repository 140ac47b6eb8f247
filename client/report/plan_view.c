#include "client/report/plan_view.h"

#include "client/columns.h"
#include "client/text.h"
#include "client/view/page.h"
#include "client/view/view_put.h"

#include <stdio.h>
#include <string.h>

enum { DAY = 24 * 60 * 60, TEXT_ROOM = 4096, TEXT_AT = 9 };

/* --- mistakes ------------------------------------------------------------ */

static size_t kept(const struct plan *plan)
{
    return plan->complaints < PLAN_COMPLAINTS_MAX ? plan->complaints
                                                  : PLAN_COMPLAINTS_MAX;
}

void plan_view_complain(struct screen *screen, const char *path,
                        const struct plan *plan)
{
    size_t more = plan->complaints - kept(plan);

    for (size_t i = 0; i < kept(plan); i++) {
        const struct plan_complaint *one = &plan->complaint[i];

        if (one->line > 0)
            screen_say(screen, "%s:%zu:%zu: %s", text_clean(path).text,
                       one->line, one->column, one->sentence);
        else
            screen_say(screen, "%s: %s", text_clean(path).text, one->sentence);
    }
    if (more > 0)
        screen_say(screen,
                   ngettext("… and %zu mistake more.",
                            "… and %zu mistakes more.", more),
                   more);
}

struct json_object *plan_view_complaints(const struct plan *plan)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < kept(plan); i++) {
        const struct plan_complaint *one = &plan->complaint[i];
        struct json_object *object = json_object_new_object();

        view_put_count(object, "line", one->line);
        view_put_count(object, "column", one->column);
        view_put_text(object, "message", one->sentence);
        json_object_array_add(list, object);
    }
    return list;
}

/* --- what would be done -------------------------------------------------- */

static long days_left(const struct plan_row *row, time_t now)
{
    long left = (long)(row->signs_until - now);

    return left >= 0 ? left / DAY : -((-left + DAY - 1) / DAY);
}

/* "Owner, label (container)", as far as they are known. */
static void name_row(const struct plan *plan, size_t row, char *out,
                     size_t room)
{
    const char *owner = plan_owner(plan, row);
    const char *label = plan_get(plan, row, PLAN_LABEL);
    const char *container = plan_get(plan, row, PLAN_CONTAINER);

    snprintf(out, room, "%s%s%s%s%s", text_clean(owner).text,
             owner[0] != '\0' && label != NULL ? ", " : "",
             text_clean(label).text,
             owner[0] != '\0' || label != NULL ? ": " : "",
             text_clean(container).text);
}

static int print_row(const struct plan *plan, size_t i, enum outcome offer,
                     time_t now)
{
    const struct plan_row *row = &plan->row[i];
    char line[32], name[TEXT_ROOM / 2], why[TEXT_ROOM / 2], text[TEXT_ROOM];

    name_row(plan, i, name, sizeof(name));
    snprintf(line, sizeof(line), "%7u", (unsigned)row->line);
    if (offer == OUTCOME_DONE)
        snprintf(text, sizeof(text),
                 row->loses_lock
                     ? _("%s. Until %s. The new container will have no "
                         "password.")
                     : _("%s. Until %s."),
                 name, text_end(row->signs_until, days_left(row, now)).text);
    else
        snprintf(text, sizeof(text), "%s. %s", name,
                 plan_reason(row->said, offer, why, sizeof(why)));
    return columns_print(TEXT_AT, line, text);
}

static int print_part(const struct plan *plan, struct journal *journal,
                      time_t now, bool due, struct page *page)
{
    const char *title = !due             ? N_("Not to be renewed now:")
                        : plan->is_found ? N_("Due:")
                                         : N_("Due; the numbers are lines of "
                                              "the plan:");
    int written = 0;
    size_t shown = 0;

    for (size_t i = 0; i < plan->rows; i++) {
        enum outcome offer = plan_offer(plan, i, journal);

        if ((offer == OUTCOME_DONE) != due)
            continue;
        if (shown++ == 0)
            page_title(page, _(title));
        if (print_row(plan, i, offer, now) != 0)
            written = -1;
    }
    return page->written != 0 ? -1 : written;
}

int plan_view_print(const struct plan *plan, struct journal *journal,
                    time_t now)
{
    struct page page = {.titles = 0};
    int due = print_part(plan, journal, now, true, &page);
    int others = print_part(plan, journal, now, false, &page);

    /* The sentence that sums it up goes to standard error, behind it. */
    return fflush(stdout) == 0 && due == 0 && others == 0 ? 0 : -1;
}

struct json_object *plan_view_rows(const struct plan *plan,
                                   struct journal *journal, time_t now)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < plan->rows; i++) {
        struct json_object *object = json_object_new_object();
        const struct plan_row *row = &plan->row[i];
        enum outcome offer = plan_offer(plan, i, journal);
        bool due = offer == OUTCOME_DONE;

        view_put_count(object, "line", row->line);
        view_put_text(object, "label", plan_get(plan, i, PLAN_LABEL));
        view_put_text(object, "container", plan_get(plan, i, PLAN_CONTAINER));
        view_put_filled(object, "owner", plan_owner(plan, i));
        view_put(object, "daysLeft",
                 row->signs_until != 0
                     ? json_object_new_int64(days_left(row, now))
                     : NULL);
        view_put_flag(object, "due", due);
        view_put_flag(object, "losesPassword", row->loses_lock);
        view_put_text(object, "reason", due ? NULL : outcome_row(offer)->word);
        json_object_array_add(list, object);
    }
    return list;
}

void plan_view_sum(const struct plan *plan, struct journal *journal,
                   struct failure *failure)
{
    size_t due = 0, failing = 0;

    for (size_t i = 0; i < plan->rows; i++) {
        const enum outcome offer = plan_offer(plan, i, journal);

        due += offer == OUTCOME_DONE;
        failing += outcome_row(offer)->status != 0;
    }
    *failure = (struct failure){.outcome = failing > 0 ? OUTCOME_ROWS_NOT_READY
                                           : due > 0   ? OUTCOME_WOULD_RENEW
                                                       : OUTCOME_NOTHING_DUE};
    if (failing > 0)
        snprintf(failure->detail, sizeof(failure->detail),
                 ngettext("%zu row cannot be renewed as it is: the reason "
                          "stands beside it.",
                          "%zu rows cannot be renewed as they are: the reasons "
                          "stand beside them.",
                          failing),
                 failing);
}
