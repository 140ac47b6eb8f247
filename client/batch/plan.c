#include "client/batch/plan.h"

#include "client/batch/plan_parts.h"
#include "client/text.h"
#include "keygen/dirstring.h"
#include "keygen/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TELETEX_STRING = 0x14, /* read as CP1251 by keygen/dirstring.h */
    TEXT_MAX = 1 << 30,    /* of all values: offsets have 32 bits */
    REPLACEMENT = 0xFFFD
};

static const char *const words[PLAN_WORDS] = {
    [PLAN_CONTAINER] = "container",
    [PLAN_TO] = "to",
    [PLAN_PHONE] = "phone",
    [PLAN_MODE] = "mode",
    [PLAN_NAME] = "name",
    [PLAN_BACKUP] = "backup",
    [PLAN_PIN_FILE] = "pin_file",
    [PLAN_OLD_PIN_FILE] = "old_pin_file",
    [PLAN_BACKUP_PIN_FILE] = "backup_pin_file",
    [PLAN_ALGORITHM] = "algorithm",
    [PLAN_ON_TOKEN] = "on_token",
    [PLAN_LABEL] = "label",
};

const char *plan_word(enum plan_word word)
{
    return words[word];
}

enum plan_word plan_word_find(const char *text, size_t size)
{
    for (enum plan_word word = 0; word < PLAN_WORDS; word++)
        if (strlen(words[word]) == size && memcmp(words[word], text, size) == 0)
            return word;
    return PLAN_WORDS;
}

struct plan *plan_new(void)
{
    struct plan *plan = calloc(1, sizeof(*plan));

    if (plan != NULL) {
        plan->complaint = calloc(PLAN_COMPLAINTS_MAX, sizeof(*plan->complaint));
        plan->delimiter = ',';
    }
    /* Offset 0 is kept for what is not given. */
    if (plan != NULL && (plan->complaint == NULL ||
                         plan_keep(plan, "", 0) != 0 || plan->failed))
        plan_free(&plan);
    return plan;
}

void plan_free(struct plan **plan)
{
    if (*plan == NULL)
        return;
    free((*plan)->row);
    free((*plan)->text);
    free((*plan)->complaint);
    free(*plan);
    *plan = NULL;
}

/* --- complaints ---------------------------------------------------------- */

void plan_complain(struct plan *plan, struct plan_place place,
                   const char *format, ...)
{
    struct plan_complaint *complaint;
    va_list values;

    if (plan->complaints++ >= PLAN_COMPLAINTS_MAX)
        return;
    complaint = &plan->complaint[plan->complaints - 1];
    complaint->line = place.line;
    complaint->column = place.column;
    va_start(values, format);
    vsnprintf(complaint->sentence, sizeof(complaint->sentence), format, values);
    va_end(values);
}

struct plan_place plan_place_of(const struct plan *plan, size_t row,
                                enum plan_word word)
{
    uint32_t column = plan->row[row].column[word];

    return (struct plan_place){plan->row[row].line, column > 0 ? column : 1};
}

static int compare(const void *a, const void *b)
{
    const struct plan_complaint *one = a, *other = b;

    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    if (one->column != other->column)
        return one->column < other->column ? -1 : 1;
    return strcmp(one->sentence, other->sentence);
}

void plan_sort(struct plan *plan)
{
    size_t kept = plan->complaints < PLAN_COMPLAINTS_MAX ? plan->complaints
                                                         : PLAN_COMPLAINTS_MAX;

    qsort(plan->complaint, kept, sizeof(*plan->complaint), compare);
}

/* --- rows and values ----------------------------------------------------- */

/* One more thing of size bytes behind count; NULL without memory. */
static void *make_room(void *things, size_t count, size_t *room, size_t wanted,
                       size_t size)
{
    size_t larger = *room > 0 ? *room : 64;
    void *moved;

    if (count + wanted <= *room)
        return things;
    while (larger < count + wanted)
        larger *= 2;
    moved = reallocarray(things, larger, size);
    if (moved != NULL)
        *room = larger;
    return moved;
}

uint32_t plan_keep(struct plan *plan, const char *text, size_t size)
{
    uint32_t at = (uint32_t)plan->text_size;
    char *moved;

    if (plan->failed || plan->text_size + size + 1 > TEXT_MAX) {
        plan->failed = true;
        return 0;
    }
    moved =
        make_room(plan->text, plan->text_size, &plan->text_room, size + 1, 1);
    if (moved == NULL) {
        plan->failed = true;
        return 0;
    }
    plan->text = moved;
    memcpy(moved + at, text, size);
    moved[at + size] = '\0';
    plan->text_size += size + 1;
    return at;
}

bool plan_begin_row(struct plan *plan, size_t line)
{
    struct plan_row *moved;

    if (plan->rows == PLAN_ROWS_MAX) {
        plan_complain(plan, (struct plan_place){line, 1},
                      _("A plan may have %d rows. Make several plans of it."),
                      PLAN_ROWS_MAX);
        return false;
    }
    moved = make_room(plan->row, plan->rows, &plan->row_room, 1,
                      sizeof(*plan->row));
    if (moved == NULL) {
        plan->failed = true;
        return false;
    }
    plan->row = moved;
    moved[plan->rows++] = (struct plan_row){.line = (uint32_t)line};
    return true;
}

void plan_drop_row(struct plan *plan)
{
    if (plan->rows > 0)
        plan->rows--;
}

/* NULL, or why such a value is not taken; size bytes of UTF-8. */
static const char *flaw_of(const char *value, size_t size)
{
    uint32_t character = 0;

    if (size > PLAN_VALUE_MAX)
        return N_("The value is too long.");
    if (value[0] == ' ' || value[size - 1] == ' ')
        return N_("The value begins or ends with a blank.");
    /* First: a value with one is not decoded, see has_break. */
    if (memchr(value, '\n', size) != NULL || memchr(value, '\r', size) != NULL)
        return N_("The value has a line break in it. A quotation mark may "
                  "be missing.");
    while (size > 0) {
        if (!utf8_read(&value, &size, &character))
            return N_("The value is not text in UTF-8 or Windows-1251.");
        if (character == REPLACEMENT || utf8_is_control(character))
            return N_("The value has a character in it that cannot be shown.");
    }
    return NULL;
}

/* In CP1251 line breaks would be blanks after decoding. */
static bool has_break(const char *value, size_t size)
{
    return memchr(value, '\n', size) != NULL ||
           memchr(value, '\r', size) != NULL || memchr(value, '\0', size);
}

void plan_told(struct plan *plan, enum plan_word word)
{
    plan->row[plan->rows - 1].told |= 1U << word;
}

void plan_decode(const char *bytes, size_t size, bool is_cp1251,
                 struct bytes *text)
{
    if (is_cp1251)
        dirstring_read(TELETEX_STRING, bytes, size, text);
    else
        bytes_put(text, bytes, size);
}

void plan_put(struct plan *plan, enum plan_word word, struct plan_place place,
              const char *value, size_t size, bool is_cp1251)
{
    struct plan_row *row = &plan->row[plan->rows - 1];
    struct bytes text;
    const char *flaw;

    bytes_init(&text, 3 * PLAN_VALUE_MAX);
    if (size > 0 && is_cp1251 && !has_break(value, size) &&
        size <= PLAN_VALUE_MAX) {
        plan_decode(value, size, true, &text);
        plan->failed |= text.failed;
        value = (const char *)text.data;
        size = text.size;
    }
    flaw = size > 0 && !plan->failed ? flaw_of(value, size) : NULL;
    row->column[word] = (uint32_t)place.column;
    if (flaw != NULL) {
        plan_complain(plan, place, "%s: %s", words[word], _(flaw));
        plan_told(plan, word);
    } else if (size > 0 && !plan->failed) {
        row->at[word] = plan_keep(plan, value, size);
    }
    bytes_free(&text);
}

void plan_add(struct plan *plan, size_t line,
              const struct plan_defaults *values)
{
    if (!plan_begin_row(plan, line))
        return;
    for (enum plan_word word = 0; word < PLAN_WORDS; word++)
        if (values->value[word] != NULL)
            plan_put(plan, word, (struct plan_place){line, 0},
                     values->value[word], strlen(values->value[word]), false);
}

void plan_put_unread(struct plan *plan, const char *where, enum outcome why)
{
    struct plan_row *row = &plan->row[plan->rows - 1];
    char shown[PLAN_VALUE_MAX];

    row->unread = why;
    text_clean_into(shown, sizeof(shown), where);
    row->at[PLAN_CONTAINER] = plan_keep(plan, shown, strlen(shown));
}

const char *plan_get(const struct plan *plan, size_t row, enum plan_word word)
{
    uint32_t at = plan->row[row].at[word];

    return at != 0 ? plan->text + at : NULL;
}

const char *plan_place(const struct plan *plan, size_t row, enum plan_word word)
{
    uint32_t at = plan->row[row].place[word];

    return at != 0 ? plan->text + at : plan_get(plan, row, word);
}

bool plan_is_inside(const struct plan *plan, size_t row)
{
    const char *inside = plan_get(plan, row, PLAN_ON_TOKEN);

    return inside != NULL && strcmp(inside, "yes") == 0;
}

const char *plan_token(const struct plan *plan, size_t row, enum plan_word word)
{
    uint32_t at = plan->row[row].token[word];

    return at != 0 ? plan->text + at : "";
}

const char *plan_renewal(const struct plan *plan, size_t row)
{
    return plan->text + plan->row[row].renewal;
}

const char *plan_owner(const struct plan *plan, size_t row)
{
    return plan->text + plan->row[row].owner;
}

/* --- a file -------------------------------------------------------------- */

static void fill_in(struct plan *plan, const struct plan_defaults *defaults)
{
    for (enum plan_word word = 0; word < PLAN_WORDS; word++) {
        const char *value = defaults->value[word];
        uint32_t at = value != NULL ? plan_keep(plan, value, strlen(value)) : 0;

        for (size_t i = 0; i < plan->rows && at != 0; i++)
            if (plan->row[i].at[word] == 0 &&
                plan->row[i].unread == OUTCOME_DONE) {
                plan->row[i].at[word] = at;
                plan->row[i].column[word] = 0;
            }
    }
}

enum outcome plan_read(const char *path, const struct plan_defaults *defaults,
                       struct plan **plan)
{
    struct plan_source source;
    char *data = NULL;
    size_t size = 0;
    enum outcome outcome = OUTCOME_MEMORY;

    *plan = plan_new();
    if (*plan != NULL)
        outcome = plan_source_read(path, *plan, &data, &size);
    if (outcome != OUTCOME_DONE)
        goto out;
    (*plan)->has_no_copies = defaults->has_no_copies;
    if (plan_source_decode(*plan, data, size, &source)) {
        if (source.is_json)
            plan_json_parse(*plan, &source);
        else
            plan_csv_parse(*plan, &source);
        fill_in(*plan, defaults);
        if ((*plan)->rows == 0 && (*plan)->complaints == 0 &&
            !(*plan)->is_status)
            plan_complain(*plan, (struct plan_place){0, 0}, "%s",
                          _("There are no rows in the plan."));
    }
    outcome = plan_check(*plan);
out:
    free(data);
    return outcome;
}
