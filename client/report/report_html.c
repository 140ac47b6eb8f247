/* The report as a page to read and to print. It takes nothing from
 * elsewhere, and what others wrote can do nothing in it: all of it is
 * escaped, and the policy at its head allows no script. */
#include "client/report/report.h"

#include "client/text.h"
#include "token/medium.h"

#include <stdlib.h>
#include <string.h>

static const char style[] =
    "body{font:10pt/1.35 sans-serif;color:#000;background:#fff;"
    "max-width:60em;margin:1.5em auto;padding:0 1em}\n"
    "h1{font-size:1.6em;margin:0 0 .3em}\n"
    "h2{font-size:1.25em;margin:1.6em 0 .4em;border-bottom:2px solid #000;"
    "break-after:avoid}\n"
    "h3{font-size:1.05em;margin:1.2em 0 .2em;break-after:avoid}\n"
    "p{margin:.3em 0}\n"
    ".do{border-left:4px solid #000;padding-left:.6em;break-after:avoid}\n"
    "table{border-collapse:collapse;table-layout:fixed;width:100%;"
    "margin:.5em 0}\n"
    "th,td{text-align:left;vertical-align:top;padding:.2em .5em .2em 0;"
    "border-bottom:1px solid #bbb;overflow-wrap:anywhere}\n"
    "th{border-bottom:1px solid #000}\n"
    ".n{text-align:right;white-space:nowrap;width:3.5em;"
    "padding-right:1em}\n"
    "th:nth-child(2){width:20%}\n"
    "thead{display:table-header-group}\n"
    "tr{break-inside:avoid}\n"
    "footer{margin-top:2em;font-size:.9em}\n"
    "@page{size:A4;margin:15mm}\n"
    "@media print{body{max-width:none;margin:0;padding:0}}\n";

/* Only what has a meaning in HTML is replaced; the text has been cleaned. */
static void put(FILE *out, const char *text)
{
    static const struct {
        char character;
        const char *instead;
    } rows[] = {{'&', "&amp;"},
                {'<', "&lt;"},
                {'>', "&gt;"},
                {'"', "&quot;"},
                {'\'', "&#39;"}};

    for (; text != NULL && *text != '\0'; text++) {
        const char *instead = NULL;

        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            if (rows[i].character == *text)
                instead = rows[i].instead;
        if (instead != NULL)
            fputs(instead, out);
        else
            fputc(*text, out);
    }
}

static void put_foreign(FILE *out, const char *text)
{
    char *clean = text != NULL ? calloc(3, strlen(text) + 3) : NULL;

    if (clean != NULL)
        put(out, text_clean_into(clean, 3 * (strlen(text) + 3), text));
    free(clean);
}

static void put_element(FILE *out, const char *element, const char *text)
{
    fprintf(out, "<%s>", element);
    put(out, text);
    fprintf(out, "</%.*s>\n", (int)strcspn(element, " "), element);
}

/* What is empty is seen to be so. */
static void put_cell(FILE *out, const char *text)
{
    fputs("<td>", out);
    put_foreign(out, text != NULL && text[0] != '\0' ? text : "—");
    fputs("</td>", out);
}

/* A location, which breaks behind its slashes rather than anywhere. */
static void put_place(FILE *out, const char *place)
{
    char part[LOCATION_MAX];

    if (place == NULL || place[0] == '\0') {
        put_cell(out, NULL);
        return;
    }
    fputs("<td>", out);
    while (*place != '\0') {
        const size_t name = strcspn(place, "/");
        const size_t size = place[name] == '/' ? name + 1 : name;

        snprintf(part, sizeof(part), "%.*s", (int)size, place);
        put_foreign(out, part);
        place += size;
        if (*place != '\0')
            fputs("<wbr>", out);
    }
    fputs("</td>", out);
}

static void put_number(FILE *out, size_t number)
{
    fprintf(out, "<td class=n>%zu</td>", number);
}

/* Whether somebody has written it, who can look a line up there. */
static bool has_lines(const struct plan *plan)
{
    return !plan->is_found && plan->rows > 0 &&
           plan_renewal(plan, 0)[0] == '\0';
}

static void begin_table(FILE *out, const struct plan *plan,
                        const char *const *heads, size_t count)
{
    fputs("<table><thead><tr>", out);
    for (size_t i = 0; i < count; i++) {
        fputs(i == 0 ? "<th class=n>" : "<th>", out);
        put(out, i == 0 && !has_lines(plan) ? _("No.") : _(heads[i]));
        fputs("</th>", out);
    }
    fputs("</tr></thead><tbody>\n", out);
}

static void end_table(FILE *out)
{
    fputs("</tbody></table>\n", out);
}

/* --- rows ---------------------------------------------------------------- */

/* What the message of a row says beyond the sentence and the advice, which
 * stand above the table; allocated, NULL for nothing. */
static char *detail_of(const struct ledger_row *row)
{
    const struct outcome_row *outcome = outcome_row(row->outcome);
    const char *sentence = _(outcome->sentence);
    const char *advice = outcome->advice != NULL ? _(outcome->advice) : "";
    const char *message = row->message, *found;
    char *detail;

    if (message == NULL)
        return NULL;
    if (strncmp(message, sentence, strlen(sentence)) == 0)
        message += strlen(sentence);
    detail = calloc(1, strlen(message) + 1);
    if (detail == NULL)
        return NULL;
    found = advice[0] != '\0' ? strstr(message, advice) : NULL;
    if (found != NULL) {
        memcpy(detail, message, (size_t)(found - message));
        memcpy(detail + (found - message), found + strlen(advice),
               strlen(found + strlen(advice)));
    } else {
        memcpy(detail, message, strlen(message));
    }
    return detail;
}

/* The words that are told of each row: which, whose, where. */
static void put_who(FILE *out, const struct ledger *ledger, size_t i)
{
    const struct plan *plan = ledger->plan;
    const char *renewal = plan_renewal(plan, i);

    if (renewal[0] != '\0') /* as kep resume and kep cancel take it */
        fprintf(out, "<td class=n>%.8s</td>", renewal);
    else
        put_number(out, plan->row[i].line);
    put_cell(out, plan_get(plan, i, PLAN_LABEL));
    put_cell(out, plan_owner(plan, i));
}

static void put_failed(FILE *out, const struct ledger *ledger, size_t i)
{
    char *detail = detail_of(&ledger->row[i]);

    put_who(out, ledger, i);
    put_place(out, plan_get(ledger->plan, i, PLAN_CONTAINER));
    put_cell(out, detail != NULL ? detail + strspn(detail, " ") : NULL);
    free(detail);
}

static void put_done(FILE *out, const struct ledger *ledger, size_t i)
{
    const struct ledger_row *row = &ledger->row[i];

    put_who(out, ledger, i);
    put_place(out, row->new_container);
    put_cell(out, row->new_not_after != 0 ? text_date(row->new_not_after).text
                                          : NULL);
    put_place(out, row->backup_container);
}

static const char *const failed_heads[] = {N_("Line"), N_("Label"), N_("Owner"),
                                           N_("Container"), N_("Details")};
static const char *const done_heads[] = {N_("Line"),        N_("Label"),
                                         N_("Owner"),       N_("New container"),
                                         N_("Valid until"), N_("Copy")};

/* --- parts --------------------------------------------------------------- */

static void put_group_head(FILE *out, const struct ledger_group *group)
{
    const struct outcome_row *outcome = outcome_row(group->outcome);
    char title[1024];

    fputs("<h3>", out);
    snprintf(title, sizeof(title), "%s", _(outcome->sentence));
    if (title[0] != '\0' && title[strlen(title) - 1] == '.')
        title[strlen(title) - 1] = '\0';
    put(out, title);
    fprintf(out, " (%zu)</h3>\n", group->count);
    if (outcome->advice == NULL || group->state == ROW_DONE)
        return;
    fputs("<p class=do>", out);
    put(out, _("What to do: "));
    put(out, _(outcome->advice));
    fputs("</p>\n", out);
}

static void put_group(FILE *out, const struct ledger *ledger,
                      const struct ledger_group *group)
{
    bool done = group->state == ROW_DONE;

    put_group_head(out, group);
    begin_table(out, ledger->plan, done ? done_heads : failed_heads,
                done ? sizeof(done_heads) / sizeof(done_heads[0])
                     : sizeof(failed_heads) / sizeof(failed_heads[0]));
    for (size_t i = 0; i < ledger->plan->rows; i++) {
        const struct ledger_row *row = &ledger->row[i];

        if (row->state != group->state || row->outcome != group->outcome)
            continue;
        fputs("<tr>", out);
        if (done)
            put_done(out, ledger, i);
        else
            put_failed(out, ledger, i);
        fputs("</tr>\n", out);
    }
    end_table(out);
}

/* The rows that ended in a state. */
static size_t ended_in(const struct ledger *ledger, enum row_state state)
{
    struct ledger_group groups[OUTCOME_COUNT];
    const size_t count = ledger_groups(ledger, groups);
    size_t ended = 0;

    for (size_t i = 0; i < count; i++)
        if (groups[i].state == state)
            ended += groups[i].count;
    return ended;
}

static void put_part(FILE *out, const struct ledger *ledger,
                     enum row_state state, const char *title)
{
    struct ledger_group groups[OUTCOME_COUNT];
    size_t count = ledger_groups(ledger, groups);

    if (ended_in(ledger, state) == 0)
        return;
    put_element(out, "h2", title);
    for (size_t i = 0; i < count; i++)
        if (groups[i].state == state)
            put_group(out, ledger, &groups[i]);
}

static void put_rest(FILE *out, const struct ledger *ledger)
{
    if (ledger->over == ledger->plan->rows)
        return;
    put_element(out, "h2", _("Not begun, or not finished in this run"));
    put_element(out, "p", ledger_why(ledger));
    put_element(out, "p",
                _("Run the same command again: what is done is not done "
                  "twice."));
    begin_table(out, ledger->plan, failed_heads, 4);
    for (size_t i = 0; i < ledger->plan->rows; i++) {
        if (ledger->row[i].over)
            continue;
        fputs("<tr>", out);
        put_who(out, ledger, i);
        put_place(out, plan_get(ledger->plan, i, PLAN_CONTAINER));
        fputs("</tr>\n", out);
    }
    end_table(out);
}

static void put_counts(FILE *out, const struct ledger *ledger)
{
    const struct {
        size_t count;
        const char *label;
    } rows[] = {
        {ledger->plan->rows, has_lines(ledger->plan) ? N_("Rows of the plan")
                                                     : N_("Renewals in all")},
        {ledger->count[ROW_DONE], N_("Renewed")},
        {ledger->count[ROW_FAILED], N_("Need attention")},
        {ended_in(ledger, ROW_WAITING),
         N_("Waiting for the certification centre")},
        {ledger->count[ROW_EXCLUDED], N_("Not to be renewed now")},
        {ledger->plan->rows - ledger->over,
         N_("Not begun, or not finished in this run")},
    };

    fputs("<table><tbody>\n", out);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (i > 0 && rows[i].count == 0)
            continue;
        fputs("<tr>", out);
        put_number(out, rows[i].count);
        put_cell(out, _(rows[i].label));
        fputs("</tr>\n", out);
    }
    end_table(out);
}

static void put_head(FILE *out)
{
    /* TRANSLATORS: the code of this language, for the page's head. */
    fprintf(out, "<!DOCTYPE html>\n<html lang=\"%s\"><head>\n", _("en"));
    fputs("<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" "
          "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width\">\n",
          out);
    put_element(out, "title", _("Renewal of certificates: report"));
    fprintf(out, "<style>\n%s</style>\n</head><body>\n", style);
}

void report_html(const struct ledger *ledger, FILE *out)
{
    char moments[256];

    put_head(out);
    put_element(out, "h1", _("Renewal of certificates: report"));
    snprintf(moments, sizeof(moments), _("From %s to %s."),
             text_moment(ledger->begun).text, text_moment(ledger->ended).text);
    put_element(out, "p", moments);
    put_counts(out, ledger);
    put_part(out, ledger, ROW_FAILED, _("What needs attention"));
    put_part(out, ledger, ROW_WAITING,
             _("Waiting for the certification centre"));
    put_rest(out, ledger);
    put_part(out, ledger, ROW_EXCLUDED, _("Not to be renewed now"));
    put_part(out, ledger, ROW_DONE, _("Renewed"));
    fprintf(out, "<footer>kep %s</footer>\n</body></html>\n", VERSION);
}
