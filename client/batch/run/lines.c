#include "client/batch/run/lines.h"

#include <stdlib.h>

/* First in, first out; linked by the rows. */
struct list {
    uint32_t first, last; /* LINES_NONE: there is none */
};

struct row {
    uint32_t next; /* of the list that it is in */
    uint32_t line;
};

struct line {
    struct list fresh; /* not begun */
    struct list due;   /* their moment has come; what they need has not */
    struct list looks; /* the same, of those that look again */
    bool looked;       /* and not begun: what was taken last of these two */
    size_t left, runs; /* left: neither over nor running */
    int64_t until;     /* none is taken before */
    bool is_doubted;   /* no more than one at a time is */
    bool is_shut;
};

struct lines {
    struct row *row;
    struct line *line;
    size_t count; /* of those that have been named */
    size_t turn;  /* the one after the one that was served last */
};

struct lines *lines_new(size_t rows, size_t count)
{
    struct lines *lines = calloc(1, sizeof(*lines));

    if (lines == NULL)
        return NULL;
    lines->row = calloc(rows + 1, sizeof(*lines->row));
    lines->line = calloc(count + 1, sizeof(*lines->line));
    if (rows >= LINES_NONE || lines->row == NULL || lines->line == NULL)
        lines_free(&lines);
    return lines;
}

void lines_free(struct lines **lines)
{
    if (*lines == NULL)
        return;
    free((*lines)->row);
    free((*lines)->line);
    free(*lines);
    *lines = NULL;
}

/* --- lists --------------------------------------------------------------- */

static void append(struct lines *lines, struct list *list, uint32_t row)
{
    lines->row[row].next = LINES_NONE;
    if (list->first == LINES_NONE)
        list->first = row;
    else
        lines->row[list->last].next = row;
    list->last = row;
}

/* A row that may be taken: where it stands. */
struct find {
    struct list *list;
    uint32_t before; /* in front of it, LINES_NONE: it is the first */
    uint32_t row;    /* LINES_NONE: there is none */
};

static void take_out(struct lines *lines, const struct find *find)
{
    const uint32_t next = lines->row[find->row].next;

    if (find->before == LINES_NONE)
        find->list->first = next;
    else
        lines->row[find->before].next = next;
    if (find->list->last == find->row)
        find->list->last = find->before;
}

/* One that has not been named before is empty. */
static struct line *named(struct lines *lines, size_t line)
{
    const struct list empty = {LINES_NONE, LINES_NONE};

    for (; lines->count <= line; lines->count++) {
        struct line *new = &lines->line[lines->count];

        new->fresh = new->due = new->looks = empty;
    }
    return &lines->line[line];
}

static struct line *line_of(struct lines *lines, uint32_t row)
{
    return &lines->line[lines->row[row].line];
}

void lines_add(struct lines *lines, uint32_t row, size_t line)
{
    struct line *mine = named(lines, line);

    lines->row[row].line = (uint32_t)line;
    append(lines, &mine->fresh, row);
    mine->left++;
}

/* --- taking -------------------------------------------------------------- */

struct check {
    lines_check *is_free;
    const void *context;
};

static struct find find_free(const struct lines *lines, struct list *list,
                             const struct check *check)
{
    struct find find = {list, LINES_NONE, list->first};

    while (find.row != LINES_NONE &&
           !check->is_free(check->context, find.row)) {
        find.before = find.row;
        find.row = lines->row[find.row].next;
    }
    return find;
}

static bool is_open(const struct line *line, int64_t now)
{
    return !line->is_shut && line->until <= now &&
           (!line->is_doubted || line->runs == 0);
}

/* The one of which the fewest run; a job alone is not spent on one that is
 * doubted while another has rows. */
static bool is_before(const struct line *one, const struct line *other)
{
    return one->runs != other->runs ? one->runs < other->runs
                                    : !one->is_doubted && other->is_doubted;
}

static struct find find_in(const struct lines *lines, struct line *line,
                           bool begin, const struct check *check)
{
    struct list *const lists[] = {&line->due,
                                  line->looked ? &line->fresh : &line->looks,
                                  line->looked ? &line->looks : &line->fresh};
    struct find find = {.row = LINES_NONE};

    for (size_t i = 0; i < 3 && find.row == LINES_NONE; i++)
        if (begin || lists[i] != &line->fresh)
            find = find_free(lines, lists[i], check);
    return find;
}

uint32_t lines_take(struct lines *lines, bool begin, int64_t now,
                    lines_check *is_free, const void *context)
{
    const struct check check = {is_free, context};
    struct find best = {.row = LINES_NONE};
    struct line *of = NULL;

    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->line[(lines->turn + i) % lines->count];
        struct find find;

        if (!is_open(line, now) || (of != NULL && !is_before(line, of)))
            continue;
        find = find_in(lines, line, begin, &check);
        if (find.row != LINES_NONE) {
            best = find;
            of = line;
        }
    }
    if (of == NULL)
        return LINES_NONE;
    take_out(lines, &best);
    if (best.list != &of->due)
        of->looked = best.list == &of->looks;
    lines->turn = (size_t)(of - lines->line) + 1;
    of->left--;
    of->runs++;
    return best.row;
}

/* --- what becomes of a row ----------------------------------------------- */

bool lines_move(struct lines *lines, uint32_t row, size_t line)
{
    const bool moves = lines->row[row].line != line;

    line_of(lines, row)->runs--;
    lines->row[row].line = (uint32_t)line;
    named(lines, line)->runs++;
    return moves;
}

void lines_end(struct lines *lines, uint32_t row)
{
    line_of(lines, row)->runs--;
}

void lines_wait(struct lines *lines, uint32_t row)
{
    line_of(lines, row)->runs--;
    line_of(lines, row)->left++;
}

void lines_due(struct lines *lines, uint32_t row)
{
    append(lines, &line_of(lines, row)->due, row);
}

void lines_look(struct lines *lines, uint32_t row)
{
    append(lines, &line_of(lines, row)->looks, row);
}

/* --- what becomes of a line ---------------------------------------------- */

void lines_doubt(struct lines *lines, size_t line, int64_t until)
{
    named(lines, line)->is_doubted = true;
    named(lines, line)->until = until;
}

bool lines_trust(struct lines *lines, size_t line)
{
    struct line *trusted = named(lines, line);
    const bool was_doubted = trusted->is_doubted;

    trusted->is_doubted = false;
    trusted->until = 0;
    return was_doubted;
}

void lines_shut(struct lines *lines, size_t line)
{
    named(lines, line)->is_shut = true;
}

size_t lines_left(const struct lines *lines)
{
    size_t left = 0;

    for (size_t i = 0; i < lines->count; i++)
        left += lines->line[i].is_shut ? 0 : lines->line[i].left;
    return left;
}

static int64_t earlier(int64_t one, int64_t other)
{
    return one == 0 || other < one ? other : one;
}

int64_t lines_next(const struct lines *lines, int64_t now)
{
    int64_t next = 0;

    for (size_t i = 0; i < lines->count; i++)
        if (!lines->line[i].is_shut && lines->line[i].until > now)
            next = earlier(next, lines->line[i].until);
    return next;
}

int64_t lines_pause(const struct lines *lines, int64_t now)
{
    int64_t pause = 0;

    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->line[i];

        if (line->is_shut || line->left + line->runs == 0)
            continue;
        if (line->until <= now)
            return 0;
        pause = earlier(pause, line->until);
    }
    return pause;
}
