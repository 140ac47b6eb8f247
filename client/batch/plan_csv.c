/* CSV as RFC 4180 has it. Also with semicolons or tabs between the values,
 * for that is what spreadsheets write where the comma is the decimal point. */
#include "client/batch/plan_parts.h"

#include "client/text.h"

#include <csv.h>
#include <string.h>

enum {
    COLUMNS_MAX = 64,
    /* A quotation mark may take two bytes, and there are two around. */
    RAW_MAX = 2 * PLAN_VALUE_MAX + 2
};

struct reading {
    struct plan *plan;
    const struct plan_source *source;
    struct csv_parser parser;
    enum plan_word column[COLUMNS_MAX]; /* PLAN_WORDS: of no use */
    size_t columns, named;              /* up to the last that has a name */
    size_t field, row;                  /* from 0, of the row that is read */
    struct plan_place at;               /* of the byte that is read */
    struct plan_place start;            /* of the value that is read */
    size_t start_byte;
    bool between; /* values: none has begun */
    bool said;    /* something, by the row that is read */
    bool astray;  /* a value of that row is in no column */
    bool stopped;
    bool listed; /* the names that there may be */
};

/* What is not there any more of the row that is read is told already. */
static void excuse_rest(struct reading *reading)
{
    for (size_t i = reading->field; i < reading->columns; i++)
        if (reading->column[i] != PLAN_WORDS)
            plan_told(reading->plan, reading->column[i]);
}

static void stop(struct reading *reading)
{
    reading->stopped = true;
    if (reading->row > 0 && reading->field > 0)
        excuse_rest(reading);
}

/* --- the header ---------------------------------------------------------- */

/* What there may be is listed once. */
static void complain_of_name(struct reading *reading, const char *name,
                             size_t size)
{
    struct text_line shown;
    struct bytes text;

    bytes_init(&text, 3 * RAW_MAX + 1);
    plan_decode(name, size, reading->source->is_cp1251, &text);
    bytes_put_byte(&text, '\0');
    reading->plan->failed |= text.failed;
    shown = text_clean((const char *)text.data);
    bytes_free(&text);
    if (reading->listed)
        plan_complain(reading->plan, reading->start,
                      _("There is no column of the name \"%s\" either."),
                      shown.text);
    else
        plan_complain(reading->plan, reading->start,
                      _("There is no column of the name \"%s\". The first "
                        "line names the columns; those that may be there: "
                        "container, to, phone, mode, name, backup, pin_file, "
                        "old_pin_file, backup_pin_file, algorithm, on_token, "
                        "label."),
                      shown.text);
    reading->listed = true;
}

/* One without a name is what spreadsheets leave of a column that was emptied:
 * as long as it is empty, it does no harm. */
static void take_heading(struct reading *reading, const char *name, size_t size)
{
    enum plan_word word = plan_word_find(name, size);

    if (reading->columns == COLUMNS_MAX) {
        plan_complain(reading->plan, reading->start, "%s",
                      _("There are too many columns."));
        stop(reading);
        return;
    }
    for (size_t i = 0; i < reading->columns; i++)
        if (word != PLAN_WORDS && reading->column[i] == word)
            plan_complain(reading->plan, reading->start,
                          _("The column \"%s\" stands there twice."),
                          plan_word(word));
    if (size > 0 && word == PLAN_WORDS)
        complain_of_name(reading, name, size);
    reading->column[reading->columns++] = word;
    if (size > 0)
        reading->named = reading->columns;
}

/* --- rows ---------------------------------------------------------------- */

/* The first of a row is enough. */
static void complain_of_astray(struct reading *reading)
{
    if (!reading->astray && reading->field < reading->columns)
        plan_complain(reading->plan, reading->start, "%s",
                      _("The column of this value has no name in the first "
                        "line. Is there a delimiter too many?"));
    else if (!reading->astray)
        plan_complain(reading->plan, reading->start,
                      _("There are more values in this row than columns "
                        "(%zu)."),
                      reading->named);
    reading->astray = true;
}

static void put_value(struct reading *reading, const char *value, size_t size)
{
    const enum plan_word word = reading->field < reading->columns
                                    ? reading->column[reading->field]
                                    : PLAN_WORDS;

    if (word != PLAN_WORDS)
        plan_put(reading->plan, word, reading->start, value, size,
                 reading->source->is_cp1251);
    else if (size > 0)
        complain_of_astray(reading);
}

static void take_value(void *value, size_t size, void *context)
{
    struct reading *reading = context;

    if (reading->stopped)
        return;
    if (reading->row == 0) {
        take_heading(reading, value, size);
    } else {
        if (reading->field == 0 &&
            !plan_begin_row(reading->plan, reading->start.line))
            stop(reading);
        if (!reading->stopped)
            put_value(reading, value, size);
    }
    reading->said |= size > 0;
    reading->field++;
    reading->between = true;
}

static void complain_of_few(struct reading *reading)
{
    plan_complain(reading->plan, reading->at,
                  ngettext("There is only %zu value in this row; there "
                           "are %zu columns.",
                           "There are only %zu values in this row; there "
                           "are %zu columns.",
                           reading->field),
                  reading->field, reading->named);
    excuse_rest(reading);
}

static void end_row(int terminator, void *context)
{
    struct reading *reading = context;

    (void)terminator;
    if (reading->row == 0 && reading->plan->complaints > 0)
        stop(reading);
    if (reading->row > 0 && reading->field > 0 && !reading->said)
        plan_drop_row(reading->plan); /* spreadsheets end with such rows */
    else if (reading->row > 0 && reading->field < reading->named)
        complain_of_few(reading);
    reading->field = 0;
    reading->said = reading->astray = false;
    reading->row++;
}

/* --- the parser ---------------------------------------------------------- */

static int never(unsigned char byte)
{
    (void)byte;
    return 0;
}

/* The first of the three in the first line that is not empty, outside of
 * quotes. */
static char find_delimiter(const struct plan_source *source)
{
    bool quoted = false, begun = false;

    for (size_t i = 0; i < source->size; i++) {
        const char byte = source->data[i];
        const bool ends = byte == '\n' || byte == '\r';

        if (byte == '"')
            quoted = !quoted;
        else if (!quoted && (byte == ',' || byte == ';' || byte == '\t'))
            return byte;
        else if (!quoted && begun && ends)
            break;
        begun |= !ends;
    }
    return ',';
}

static void complain_of_quotes(struct reading *reading)
{
    if (csv_error(&reading->parser) == CSV_ENOMEM ||
        csv_error(&reading->parser) == CSV_ETOOBIG)
        reading->plan->failed = true;
    else
        plan_complain(
            reading->plan, reading->at,
            _("The quotation marks are broken: see the value that begins in "
              "line %zu, column %zu. A value with a quotation mark or a "
              "delimiter in it stands between quotation marks, and each "
              "inside is doubled."),
            reading->start.line, reading->start.column);
    stop(reading);
}

/* A byte at a time, so that the place of everything is known. */
static void feed(struct reading *reading, size_t at)
{
    const char *byte = reading->source->data + at;

    if (reading->between) {
        reading->start = reading->at;
        reading->start_byte = at;
        reading->between = *byte == '\r' || *byte == '\n';
    }
    if (at - reading->start_byte > RAW_MAX) {
        plan_complain(reading->plan, reading->start, "%s",
                      _("This value is too long. A quotation mark may be "
                        "missing at its end."));
        stop(reading);
    } else if (csv_parse(&reading->parser, byte, 1, take_value, end_row,
                         reading) != 1) {
        complain_of_quotes(reading);
    }
    plan_place_pass(&reading->at, reading->source, at);
}

void plan_csv_parse(struct plan *plan, const struct plan_source *source)
{
    struct reading reading = {.plan = plan,
                              .source = source,
                              .at = {1, 1},
                              .start = {1, 1},
                              .between = true};

    if (csv_init(&reading.parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        plan->failed = true;
        return;
    }
    plan->delimiter = find_delimiter(source);
    csv_set_delim(&reading.parser, (unsigned char)plan->delimiter);
    /* Blanks belong to a value (RFC 4180, 2.4). */
    csv_set_space_func(&reading.parser, never);
    for (size_t i = 0; i < source->size && !reading.stopped && !plan->failed;
         i++)
        feed(&reading, i);
    if (!reading.stopped && !plan->failed &&
        csv_fini(&reading.parser, take_value, end_row, &reading) != 0) {
        reading.at = reading.start;
        complain_of_quotes(&reading);
    }
    csv_free(&reading.parser);
}
