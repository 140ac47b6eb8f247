#include "client/report/board.h"

#include "client/columns.h"
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
static void tell_left(const struct ledger *ledger, time_t now, char *out,
                      size_t room)
{
    long left = ledger_left(ledger, now);

    if (ledger->pause > now)
        snprintf(out, room, _("the server asks for a pause: going on %s"),
                 text_in(ledger->pause - now).text);
    else if (left < 0)
        snprintf(out, room, "%s", _("how long it takes is not known yet"));
    else
        snprintf(out, room, _("about %s left"), text_duration(left).text);
}

static void put_bar(const struct ledger *ledger, time_t now, char *out,
                    size_t room)
{
    size_t over = ledger_over(ledger), all = ledger->plan->rows;
    size_t full = all > 0 ? over * BAR / all : 0;
    const long gone = now > ledger->begun ? (long)(now - ledger->begun) : 0;
    char bar[BAR + 1], left[256], time[32];

    memset(bar, '.', BAR);
    memset(bar, '#', full);
    bar[BAR] = '\0';
    tell_left(ledger, now, left, sizeof(left));
    snprintf(time, sizeof(time), "%ld:%02ld:%02ld", gone / 3600, gone / 60 % 60,
             gone % 60);
    snprintf(out, room, _("[%s] %zu of %zu, %s, %s"), bar, over, all, time,
             left);
}

void board_show(struct screen *screen, const struct ledger *ledger, time_t now)
{
    char text[BOARD_ROOM];
    size_t used = put_states(ledger, text, sizeof(text));

    put_bar(ledger, now, text + used, sizeof(text) - used);
    screen_board(screen, text);
}

/* --- the end ------------------------------------------------------------- */

/* The first rows of a group that is to be looked at, by line and name. */
static void name_rows(const struct ledger *ledger,
                      const struct ledger_group *group, char *out, size_t room)
{
    size_t named = 0, used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < ledger->plan->rows && named < NAMED; i++) {
        const char *name = plan_get(ledger->plan, i, PLAN_LABEL);

        if (ledger->row[i].state != group->state ||
            ledger->row[i].outcome != group->outcome)
            continue;
        if (name == NULL && plan_owner(ledger->plan, i)[0] != '\0')
            name = plan_owner(ledger->plan, i);
        if (name == NULL)
            name = plan_get(ledger->plan, i, PLAN_CONTAINER);
        used += (size_t)snprintf(
            out + used, room - used, "%s%u %s", named > 0 ? ", " : " ",
            (unsigned)ledger->plan->row[i].line, text_clean(name).text);
        named++;
    }
    if (group->count > named)
        snprintf(out + used, room - used, " …");
}

static int put_group(const struct ledger *ledger,
                     const struct ledger_group *group)
{
    const struct outcome_row *row = outcome_row(group->outcome);
    char count[32], text[8192], names[4096];
    size_t size;

    snprintf(count, sizeof(count), "%7zu", group->count);
    if (group->state == ROW_FAILED && row->advice != NULL)
        snprintf(text, sizeof(text), "%s %s", _(row->sentence), _(row->advice));
    else
        snprintf(text, sizeof(text), "%s", _(row->sentence));
    if (group->state != ROW_DONE) {
        name_rows(ledger, group, names, sizeof(names));
        size = strlen(text);
        snprintf(text + size, sizeof(text) - size, "\n%s%s", _("Lines:"),
                 names);
    }
    return columns_print(COUNT_AT, count, text);
}

int board_sum_up(const struct ledger *ledger)
{
    struct ledger_group groups[OUTCOME_COUNT];
    size_t count = ledger_groups(ledger, groups);
    size_t left = ledger->plan->rows - ledger_over(ledger);
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
