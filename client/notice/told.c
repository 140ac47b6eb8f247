#include "client/notice/told.h"

#include "client/state/paths.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE_ROOM = 96,
    FILE_MAX = TOLD_MAX * LINE_ROOM,
    KEPT = 366 * 24 * 60 * 60 /* seconds after the end */
};

/* A row begins with its thumbprint. */
static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void leave(void *row)
{
    (void)row;
}

void told_free(struct told *told)
{
    tdestroy(told->tree, leave);
    for (size_t i = 0; i < told->count; i++)
        free(told->row[i]);
    free(told->row);
    *told = (struct told){.row = NULL};
}

static bool is_thumbprint(const char *text)
{
    return strlen(text) == THUMBPRINT_TEXT - 1 &&
           strspn(text, "0123456789abcdef") == THUMBPRINT_TEXT - 1;
}

static struct told_row *add(struct told *told, const char *thumbprint,
                            time_t end)
{
    struct told_row *row = calloc(1, sizeof(*row));

    if (row == NULL)
        return NULL;
    row->end = end;
    memcpy(row->thumbprint, thumbprint, THUMBPRINT_TEXT);
    if (tsearch(row, &told->tree, compare) == NULL) {
        free(row);
        return NULL;
    }
    return told->row[told->count++] = row;
}

struct told_row *told_of(struct told *told, const char *thumbprint, time_t end)
{
    struct told_row **found = tfind(thumbprint, &told->tree, compare), **moved;

    if (found != NULL)
        return *found;
    if (told->count == TOLD_MAX || !is_thumbprint(thumbprint))
        return NULL;
    if (told->count == told->room) {
        size_t room = told->room > 0 ? 2 * told->room : 32;

        moved = reallocarray(told->row, room, sizeof(*moved));
        if (moved == NULL)
            return NULL;
        told->row = moved;
        told->room = room;
    }
    return add(told, thumbprint, end);
}

static bool read_line(struct told *told, const char *line)
{
    struct told_row read = {.end = 0}, *row;
    int64_t end;

    if (sscanf(line, "%40s %d %d %" SCNd64, read.thumbprint,
               &read.days[TOLD_DESKTOP], &read.days[TOLD_COMMAND], &end) != 4 ||
        !is_thumbprint(read.thumbprint))
        return true;
    row = told_of(told, read.thumbprint, (time_t)end);
    if (row == NULL)
        return false;
    for (size_t i = 0; i < TOLD_WAYS; i++)
        row->days[i] = read.days[i] > 0 ? read.days[i] : 0;
    return true;
}

enum outcome told_read(struct told *told, const char *path)
{
    size_t size;
    char *text = paths_read(path, FILE_MAX, &size), *rest = text;
    bool good = true;

    *told = (struct told){.row = NULL};
    if (text == NULL)
        return errno == ENOMEM ? OUTCOME_MEMORY : OUTCOME_DONE;
    for (char *line; good && (line = strsep(&rest, "\n")) != NULL;)
        good = read_line(told, line);
    free(text);
    return good ? OUTCOME_DONE : OUTCOME_MEMORY;
}

enum outcome told_write(const struct told *told, const char *path, time_t now)
{
    char *text = calloc(told->count + 1, LINE_ROOM);
    size_t used = 0;
    int written;

    if (text == NULL)
        return OUTCOME_MEMORY;
    for (size_t i = 0; i < told->count; i++) {
        const struct told_row *row = told->row[i];

        if (row->end < now - KEPT)
            continue;
        used +=
            (size_t)snprintf(text + used, LINE_ROOM, "%s %d %d %" PRId64 "\n",
                             row->thumbprint, row->days[TOLD_DESKTOP],
                             row->days[TOLD_COMMAND], (int64_t)row->end);
    }
    written = paths_write(path, text, used);
    free(text);
    return written == 0 ? OUTCOME_DONE : OUTCOME_STATE_UNWRITABLE;
}
