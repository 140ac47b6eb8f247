#include "client/report/board.h"

#include "client/columns.h"
#include "client/outcome/failure.h"
#include "client/text.h"

#include <stdio.h>
#include <string.h>

enum {
    BAR = 20,
    LABEL = 40,
    NAMED = 5,
    NAME = 160,
    BOARD_ROOM = 2048,
    COUNT_AT = 9
};

/* In the order in which rows go through them. */
static const struct {
    enum row_state state;
    const char *label;
} lines[] = {
    {ROW_QUEUED, N_("still to begin")},
    {ROW_RUNNING, N_("at work")},
    {ROW_WAITING, N_("waiting for the certification centre")},
    {ROW_NEEDS, N_("waiting for a person")},
    {ROW_DONE, N_("renewed")},
    {ROW_FAILED, N_("not finished")},
    {ROW_EXCLUDED, N_("not to be renewed now")},
};

static size_t put_states(const struct ledger *ledger, char *out, size_t room)
{
    size_t used = 0;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (ledger->count[lines[i].state] > 0)
            used += (size_t)snprintf(out + used, room - used, "%7zu  %s\n",
                                     ledger->count[lines[i].state],
                                     _(lines[i].label));
    return used;
}

/* What is left, in words. */
static void tell_left(const struct ledger *ledger, int64_t at, char *out,
                      size_t room)
{
    long left = ledger_left(ledger, at);

    if (ledger->pause > at)
        snprintf(out, room, _("the server asks for a pause: going on %s"),
                 text_in((ledger->pause - at + 999) / 1000).text);
    else if (ledger->lost)
        snprintf(out, room, "%s", _("no server is reached: trying again"));
    else if (left < 0)
        snprintf(out, room, "%s", _("how long it takes is not known yet"));
    else if (left == 0)
        snprintf(out, room, "%s", _("nearly done"));
    else
        snprintf(out, room, _("about %s left"), text_duration(left).text);
}

static void put_bar(const struct ledger *ledger, int64_t at, char *out,
                    size_t room)
{
    size_t over = ledger->over, all = ledger->plan->rows;
    size_t full = all > 0 ? over * BAR / all : 0;
    const long gone = (long)((at - ledger->begun_at) / 1000);
    char bar[BAR + 1], left[256], time[32];

    memset(bar, '.', BAR);
    memset(bar, '#', full);
    bar[BAR] = '\0';
    tell_left(ledger, at, left, sizeof(left));
    snprintf(time, sizeof(time), "%ld:%02ld:%02ld", gone / 3600, gone / 60 % 60,
             gone % 60);
    snprintf(out, room, _("[%s] %zu of %zu, %s, %s"), bar, over, all, time,
             left);
}

void board_show(struct screen *screen, const struct ledger *ledger, int64_t at)
{
    char text[BOARD_ROOM];
    size_t used = put_states(ledger, text, sizeof(text));

    put_bar(ledger, at, text + used, sizeof(text) - used);
    screen_board(screen, text);
}

/* --- the end ------------------------------------------------------------- */

static bool is_of(const struct ledger *ledger, size_t row,
                  const struct ledger_group *group)
{
    return ledger->row[row].state == group->state &&
           ledger->row[row].outcome == group->outcome;
}

static const char *name_of(const struct ledger *ledger, size_t row)
{
    const struct plan *plan = ledger->plan;
    const char *name = plan_get(plan, row, PLAN_LABEL);

    if (name == NULL && plan_owner(plan, row)[0] != '\0')
        name = plan_owner(plan, row);
    return name != NULL ? name : plan_get(plan, row, PLAN_CONTAINER);
}

/* How a person finds a row again: by its line, or where there is no plan to
 * look into by what kep resume and kep cancel take. */
static void put_number(const struct ledger *ledger, size_t row, char *out,
                       size_t room)
{
    const char *renewal = plan_renewal(ledger->plan, row);

    if (renewal[0] != '\0')
        snprintf(out, room, "%.8s", renewal);
    else
        snprintf(out, room, "%u", (unsigned)ledger->plan->row[row].line);
}

/* The first rows of a group that is to be looked at, by number and name. */
static void name_rows(const struct ledger *ledger,
                      const struct ledger_group *group, char *out, size_t room)
{
    size_t named = 0, used = 0;
    char number[16];

    out[0] = '\0';
    for (size_t i = 0; i < ledger->plan->rows && named < NAMED; i++) {
        if (!is_of(ledger, i, group))
            continue;
        put_number(ledger, i, number, sizeof(number));
        used += (size_t)snprintf(out + used, room - used, "%s%s %s",
                                 named > 0 ? ", " : " ", number,
                                 text_clean(name_of(ledger, i)).text);
        named++;
    }
    if (group->count > named)
        snprintf(out + used, room - used, " …");
}

/* What is told of each row of a group, NULL: not the same of all. */
static const char *told_of_each(const struct ledger *ledger,
                                const struct ledger_group *group)
{
    const char *told = NULL;

    for (size_t i = 0; i < ledger->plan->rows; i++) {
        const char *message = ledger->row[i].message;

        if (!is_of(ledger, i, group))
            continue;
        if (message == NULL || (told != NULL && strcmp(told, message) != 0))
            return NULL;
        told = message;
    }
    return told;
}

static void put_sentence(const struct ledger *ledger,
                         const struct ledger_group *group, char *out,
                         size_t room)
{
    const struct outcome_row *row = outcome_row(group->outcome);
    const char *told = told_of_each(ledger, group);

    if (told != NULL)
        snprintf(out, room, "%s", told);
    else if (row->status != 0 && row->advice != NULL)
        snprintf(out, room, "%s %s", _(row->sentence), _(row->advice));
    else
        snprintf(out, room, "%s", _(row->sentence));
}

static int put_group(const struct ledger *ledger,
                     const struct ledger_group *group)
{
    const bool begun_before = plan_renewal(ledger->plan, 0)[0] != '\0';
    char count[32], names[4096], text[SENTENCE_MAX + sizeof(names) + 64];
    size_t size;

    snprintf(count, sizeof(count), "%7zu", group->count);
    put_sentence(ledger, group, text, sizeof(text));
    if (group->state != ROW_DONE || begun_before) {
        name_rows(ledger, group, names, sizeof(names));
        size = strlen(text);
        snprintf(text + size, sizeof(text) - size, "\n%s%s",
                 begun_before ? _("Renewals:") : _("Lines:"), names);
    }
    return columns_print(COUNT_AT, count, text);
}

int board_sum_up(const struct ledger *ledger)
{
    struct ledger_group groups[OUTCOME_COUNT];
    size_t count = ledger_groups(ledger, groups);
    size_t left = ledger->plan->rows - ledger->over;
    char number[32], rest[1024];
    int written = 0;

    for (size_t i = 0; i < count; i++)
        if (put_group(ledger, &groups[i]) != 0)
            written = -1;
    snprintf(number, sizeof(number), "%7zu", left);
    snprintf(rest, sizeof(rest), "%s %s", ledger_why(ledger),
             _("Not begun or not finished in this run. Run the same command "
               "again: what is done is not done twice."));
    if (left > 0 && columns_print(COUNT_AT, number, rest) != 0)
        written = -1;
    return written;
}
