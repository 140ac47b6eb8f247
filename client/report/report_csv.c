/* The report as a table, for spreadsheets: RFC 4180 with a byte order mark,
 * for without one they take UTF-8 for something else. */
#include "client/report/report.h"

#include "client/text.h"

#include <csv.h>
#include <string.h>

static const char *const columns[] = {
    "line",          "label",         "container",        "owner",   "state",
    "outcome",       "message",       "advice",           "renewal", "trace_id",
    "new_container", "new_not_after", "backup_container", "seconds",
};

/* What begins so is a formula to a spreadsheet, the full-width ones included,
 * and most of what is in here was written by others. */
static bool is_formula(const char *text)
{
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};

    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
        return true;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    return false;
}

struct table {
    FILE *out;
    char delimiter;
    bool begun; /* the row */
};

static void put(struct table *table, const char *text)
{
    char safe[4096];

    if (table->begun)
        fputc(table->delimiter, table->out);
    table->begun = true;
    if (text == NULL)
        return;
    snprintf(safe, sizeof(safe), "%s%s", is_formula(text) ? "'" : "", text);
    csv_fwrite(table->out, safe, strlen(safe));
}

static void put_number(struct table *table, size_t number)
{
    char text[32];

    snprintf(text, sizeof(text), "%zu", number);
    put(table, text);
}

static void end_row(struct table *table)
{
    fputs("\r\n", table->out);
    table->begun = false;
}

static void put_row(struct table *table, const struct ledger *ledger, size_t i)
{
    const struct ledger_row *row = &ledger->row[i];
    const struct plan *plan = ledger->plan;

    put_number(table, plan->row[i].line);
    put(table, plan_get(plan, i, PLAN_LABEL));
    put(table, plan_get(plan, i, PLAN_CONTAINER));
    put(table, plan_owner(plan, i));
    put(table, ledger_state_word(row->state));
    put(table, row->over ? outcome_row(row->outcome)->word : NULL);
    put(table, ledger_message(row));
    put(table, ledger_advice(row));
    put(table, row->renewal);
    put(table, row->trace_id);
    put(table, row->new_container);
    put(table,
        row->new_not_after != 0 ? text_rfc3339(row->new_not_after).text : NULL);
    put(table, row->backup_container);
    if (ledger_seconds(row) >= 0)
        put_number(table, (size_t)ledger_seconds(row));
    else
        put(table, NULL);
    end_row(table);
}

void report_csv(const struct ledger *ledger, FILE *out)
{
    struct table table = {out, ledger->plan->delimiter, false};

    fputs("\xEF\xBB\xBF", out);
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        put(&table, columns[i]);
    end_row(&table);
    for (size_t i = 0; i < ledger->plan->rows; i++)
        put_row(&table, ledger, i);
}
