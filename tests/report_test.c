#include "client/report/report.h"

#include "tests/support/scratch.h"

#include <csv.h>
#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { BEGUN = 1767225600 };

static const char hostile[] = "<script>alert(\"1\")</script>&\xE2\x80\xAE";
static const char formula[] = "=HYPERLINK(\"http://x\";\"y\")";

static struct plan *plan;
static struct ledger ledger;

static void add(const char *container, const char *label)
{
    const struct plan_defaults values = {.value = {[PLAN_CONTAINER] = container,
                                                   [PLAN_TO] = "/new",
                                                   [PLAN_PHONE] = "79120000001",
                                                   [PLAN_LABEL] = label}};

    plan_add(plan, plan->rows + 2, &values);
}

static void end_row(size_t number, enum row_state state, enum outcome outcome,
                    const char *message, const struct record *record)
{
    ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                         .when = BEGUN,
                                         .at = 7000,
                                         .row = number,
                                         .state = ROW_RUNNING});
    ledger_take(&ledger, &(struct event){.kind = EVENT_ROW,
                                         .when = BEGUN + 65,
                                         .at = 7000 + 65 * 1000,
                                         .row = number,
                                         .state = state,
                                         .outcome = outcome,
                                         .message = message,
                                         .record = record});
}

/* Rows: renewed, rejected with a server's words, not due, never begun. */
static int set_up(void **state)
{
    struct record record = {.failed = false};

    scratch_begin(state);
    plan = plan_new();
    add("/k/a.000", "ООО \"Ромашка\"");
    add("/k/b;,<b>.000", formula);
    add("/k/c.000", NULL);
    add("/k/d.000", "@x");
    assert_true(ledger_init(&ledger, plan));
    ledger_take(&ledger, &(struct event){.kind = EVENT_BEGIN,
                                         .when = BEGUN,
                                         .at = 7000,
                                         .rows = 4,
                                         .jobs = 2});
    record_set(&record, RECORD_ID, "0123456789abcdef0123456789abcdef");
    record_set(&record, RECORD_NEW_CONTAINER, "file:/new/n.000");
    record_set_time(&record, RECORD_NEW_NOT_AFTER, BEGUN + 1000);
    end_row(0, ROW_DONE, OUTCOME_RENEWED, NULL, &record);
    end_row(1, ROW_FAILED, OUTCOME_REJECTED, hostile, NULL);
    end_row(2, ROW_EXCLUDED, OUTCOME_NOT_DUE, NULL, NULL);
    record_free(&record);
    ledger_take(&ledger, &(struct event){.kind = EVENT_END,
                                         .when = BEGUN + 70,
                                         .at = 7000 + 70 * 1000,
                                         .outcome = OUTCOME_REJECTED});
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ledger_free(&ledger);
    plan_free(&plan);
    return scratch_end(state);
}

static char *written(void (*write)(const struct ledger *, FILE *))
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    write(&ledger, out);
    assert_int_equal(fclose(out), 0);
    return text;
}

/* --- CSV ----------------------------------------------------------------- */

enum { CELLS = 14, LINES = 5, LINES_MAX = 20 };

static struct {
    char cell[LINES_MAX][CELLS][256];
    size_t line, column;
} table;

static void take_cell(void *text, size_t size, void *context)
{
    (void)context;
    assert_true(table.line < LINES_MAX && table.column < CELLS && size < 256);
    snprintf(table.cell[table.line][table.column++], 256, "%.*s", (int)size,
             size > 0 ? (char *)text : "");
}

static void take_line(int terminator, void *context)
{
    (void)terminator;
    (void)context;
    assert_int_equal(table.column, CELLS);
    table.line++;
    table.column = 0;
}

/* What a reader of CSV makes of the ledger. */
static void read_table(char delimiter)
{
    struct csv_parser parser;
    char *text;

    plan->delimiter = delimiter;
    text = written(report_csv);
    assert_memory_equal(text, "\xEF\xBB\xBFline", 3);
    memset(&table, 0, sizeof table);
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser, (unsigned char)delimiter);
    assert_int_equal(csv_parse(&parser, text + 3, strlen(text + 3), take_cell,
                               take_line, NULL),
                     strlen(text + 3));
    assert_int_equal(csv_fini(&parser, take_cell, take_line, NULL), 0);
    csv_free(&parser);
    free(text);
}

static void the_table_is_csv(void **state)
{
    static const char delimiters[] = ",;\t";

    (void)state;
    for (size_t i = 0; i < sizeof delimiters - 1; i++) {
        read_table(delimiters[i]);
        assert_int_equal(table.line, LINES);
        assert_string_equal(table.cell[0][0], "line");
        assert_string_equal(table.cell[1][1], "ООО \"Ромашка\"");
        assert_string_equal(table.cell[1][4], "done");
        assert_string_equal(table.cell[1][5], "renewed");
        assert_string_equal(table.cell[1][6], "");
        assert_string_equal(table.cell[1][10], "file:/new/n.000");
        assert_string_equal(table.cell[1][11], "2026-01-01T00:16:40Z");
        assert_string_equal(table.cell[1][13], "65");
        assert_string_equal(table.cell[2][2], "/k/b;,<b>.000");
        assert_string_equal(table.cell[2][5], "rejected");
        assert_string_equal(table.cell[3][5], "notDue");
        assert_string_equal(table.cell[4][4], "queued");
        assert_string_equal(table.cell[4][5], "");
        /* Nothing in it is a formula. */
        for (size_t line = 0; line < LINES; line++)
            for (size_t column = 0; column < CELLS; column++)
                assert_true(table.cell[line][column][0] == '\0' ||
                            strchr("=+-@", table.cell[line][column][0]) ==
                                NULL);
    }
}

/* The rows with these labels alone, as the table has them. */
static void read_labels(const char *const *labels, size_t count)
{
    ledger_free(&ledger);
    plan_free(&plan);
    plan = plan_new();
    for (size_t i = 0; i < count; i++)
        add("/k/a.000", labels[i]);
    assert_true(ledger_init(&ledger, plan));
    read_table(',');
    assert_int_equal(table.line, count + 1);
}

/* Whatever a spreadsheet would compute is a text to it, and nothing else is
 * changed. */
static void no_label_is_a_formula(void **state)
{
    static const char *const bad[] = {
        "=1+1",    "+7 912",  "-1",      "@sum", "\uFF1D1+1",
        "\uFF0B7", "\uFF0D1", "\uFF20s", "=",    "=cmd|'/C calc'!A0"};
    static const char *const good[] = {"5-1", "a=1",    "\uFF1C", "№ 1",
                                       "'=1", "\"=1\"", "#1"};
    char wanted[64];

    (void)state;
    read_labels(bad, sizeof bad / sizeof *bad);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(wanted, sizeof wanted, "'%s", bad[i]);
        assert_string_equal(table.cell[i + 1][1], wanted);
    }
    read_labels(good, sizeof good / sizeof *good);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_string_equal(table.cell[i + 1][1], good[i]);
}

/* --- JSON ---------------------------------------------------------------- */

static const char *text_at(struct json_object *object, const char *pointer)
{
    struct json_object *found = NULL;

    assert_int_equal(json_pointer_get(object, pointer, &found), 0);
    return json_object_get_string(found);
}

static void the_json_is_whole(void **state)
{
    char *text = written(report_json);
    struct json_object *object = json_tokener_parse(text);

    (void)state;
    assert_non_null(object);
    assert_string_equal(text_at(object, "/outcome"), "rejected");
    assert_string_equal(text_at(object, "/rows"), "4");
    assert_string_equal(text_at(object, "/states/done"), "1");
    assert_string_equal(text_at(object, "/states/queued"), "1");
    assert_string_equal(text_at(object, "/outcomes/0/outcome"), "rejected");
    assert_string_equal(text_at(object, "/results/0/state"), "done");
    assert_string_equal(text_at(object, "/results/0/newNotAfter"),
                        "2026-01-01T00:16:40Z");
    assert_string_equal(text_at(object, "/results/1/label"), formula);
    assert_string_equal(text_at(object, "/results/1/message"), hostile);
    assert_string_equal(text_at(object, "/results/3/state"), "queued");
    assert_null(text_at(object, "/results/3/outcome"));
    json_object_put(object);
    free(text);
}

/* --- HTML ---------------------------------------------------------------- */

static void the_page_says_what_to_do(void **state)
{
    char *text = written(report_html);

    (void)state;
    assert_non_null(strstr(text, "The certification centre rejected the "
                                 "application (1)</h3>"));
    assert_non_null(strstr(text, "What to do: Contact your service centre"));
    assert_non_null(strstr(text, "ООО &quot;Ромашка&quot;"));
    assert_non_null(strstr(text, "Not begun, or not finished"));
    assert_non_null(strstr(text, "1 January 2026"));
    /* A location breaks behind its slashes; what is empty is seen to be so. */
    assert_non_null(strstr(text, "/<wbr>"));
    assert_null(strstr(text, "<wbr></td>"));
    assert_non_null(strstr(text, "<td>—</td>"));
    assert_null(strstr(text, "<td></td>"));
    assert_null(strstr(text, "<td> </td>"));
    free(text);
}

static void nothing_foreign_acts_in_the_page(void **state)
{
    char *text = written(report_html);

    (void)state;
    assert_null(strstr(text, "<script"));
    assert_null(strstr(text, "<b>"));
    assert_null(strstr(text, "\xE2\x80\xAE"));
    assert_non_null(strstr(text, "&lt;script&gt;"));
    assert_non_null(strstr(text, "default-src 'none'"));
    free(text);
}

/* --- files --------------------------------------------------------------- */

static size_t count_files(const char *path)
{
    DIR *dir = opendir(path);
    size_t count = 0;

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void three_files_are_written_each_time(void **state)
{
    const char *place = scratch_file("a/b");
    char path[REPORT_PATH_MAX];
    struct stat about;

    (void)state;
    assert_int_equal(report_write(&ledger, place, path), OUTCOME_DONE);
    assert_int_equal(count_files(place), 3);
    assert_non_null(strstr(path, ".html"));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    /* The same second: nothing is overwritten. */
    assert_int_equal(report_write(&ledger, place, path), OUTCOME_DONE);
    assert_int_equal(count_files(place), 6);
    assert_non_null(strstr(path, "-2.html"));
}

static void a_place_that_is_none_is_told(void **state)
{
    char path[REPORT_PATH_MAX];

    (void)state;
    scratch_text("file", "");
    assert_int_equal(report_write(&ledger, scratch_file("file"), path),
                     OUTCOME_REPORT_UNWRITABLE);
    assert_int_equal(report_write(&ledger, scratch_file("file/below"), path),
                     OUTCOME_REPORT_UNWRITABLE);
    assert_int_equal(errno, ENOTDIR);
}

static int write_with_little_room(void)
{
    const struct rlimit limit = {64, 64};
    char path[REPORT_PATH_MAX];

    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    return report_write(&ledger, scratch_file("r"), path) ==
               OUTCOME_REPORT_UNWRITABLE &&
           errno == EFBIG;
}

/* No part of a report is taken for one. */
static void on_a_full_disk_there_is_none(void **state)
{
    int status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0)
        _exit(write_with_little_room());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_int_equal(count_files(scratch_file("r")), 0);
}

#define REPORT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPORT(the_table_is_csv),
        REPORT(no_label_is_a_formula),
        REPORT(the_json_is_whole),
        REPORT(the_page_says_what_to_do),
        REPORT(nothing_foreign_acts_in_the_page),
        REPORT(three_files_are_written_each_time),
        REPORT(a_place_that_is_none_is_told),
        REPORT(on_a_full_disk_there_is_none),
    };

    setenv("TZ", "UTC", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
