#include "client/report/report.h"

#include "client/report/event_line.h"
#include "client/state/paths.h"
#include "client/view/view_put.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 100 /* of names, where several end in one second */ };

static const struct {
    const char *ending;
    void (*write)(const struct ledger *ledger, FILE *out);
} forms[] = {{"csv", report_csv}, {"json", report_json}, {"html", report_html}};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

void report_json(const struct ledger *ledger, FILE *out)
{
    struct json_object *object = event_line_sum(ledger);
    struct json_object *rows = json_object_new_array();

    for (size_t i = 0; i < ledger->plan->rows; i++)
        json_object_array_add(rows, event_line_row(ledger, i));
    view_put(object, "results", rows);
    fprintf(out, "%s\n",
            json_object_to_json_string_ext(
                object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                            JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
}

/* "FOLDER/batch-20261127-222503[-N]", for which none of the forms is there. */
static bool find_name(const struct ledger *ledger, const char *folder,
                      char *base, size_t room)
{
    char stamp[32], path[REPORT_PATH_MAX];
    struct tm moment;

    localtime_r(&ledger->ended, &moment);
    strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &moment);
    for (int i = 1; i <= TRIES; i++) {
        char number[16] = "";
        size_t taken = 0;

        if (i > 1)
            snprintf(number, sizeof(number), "-%d", i);
        if (snprintf(base, room, "%s/batch-%s%s", folder, stamp, number) >=
            (int)room) {
            errno = ENAMETOOLONG;
            return false;
        }
        for (size_t j = 0; j < FORMS; j++)
            taken += snprintf(path, sizeof(path), "%s.%s", base,
                              forms[j].ending) >= (int)sizeof(path) ||
                     access(path, F_OK) == 0;
        if (taken == 0)
            return true;
    }
    errno = EEXIST;
    return false;
}

static enum outcome write_form(const struct ledger *ledger, size_t form,
                               const char *path)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    enum outcome outcome = OUTCOME_MEMORY;

    if (out == NULL)
        return outcome;
    forms[form].write(ledger, out);
    if (fclose(out) == 0 && text != NULL)
        outcome = paths_write(path, text, size) == 0
                      ? OUTCOME_DONE
                      : OUTCOME_REPORT_UNWRITABLE;
    free(text);
    return outcome;
}

enum outcome report_write(const struct ledger *ledger, const char *folder,
                          char *path)
{
    char base[REPORT_PATH_MAX - 16];
    enum outcome outcome = OUTCOME_DONE;

    if (ledger->failed)
        return OUTCOME_MEMORY;
    if (paths_make(folder) != 0 ||
        !find_name(ledger, folder, base, sizeof(base)))
        return OUTCOME_REPORT_UNWRITABLE;
    for (size_t i = 0; i < FORMS && outcome == OUTCOME_DONE; i++) {
        snprintf(path, REPORT_PATH_MAX, "%s.%s", base, forms[i].ending);
        outcome = write_form(ledger, i, path);
    }
    return outcome;
}
