/* Where the names of an object's members stand. */
#include "client/batch/plan_parts.h"

#include <string.h>

/* Columns are characters: a byte that goes on with one is none. */
static void pass(struct plan_names *names)
{
    names->column += ((unsigned char)names->line[names->at++] & 0xC0) != 0x80;
}

/* From a quotation mark behind the one that it belongs to. */
static void pass_text(struct plan_names *names)
{
    pass(names);
    while (names->at < names->size && names->line[names->at] != '"') {
        if (names->line[names->at] == '\\' && names->at + 1 < names->size)
            pass(names);
        pass(names);
    }
    if (names->at < names->size)
        pass(names);
}

static bool is_before_colon(const struct plan_names *names)
{
    size_t at = names->at;

    while (at < names->size && strchr(" \t\r", names->line[at]) != NULL)
        at++;
    return at < names->size && names->line[at] == ':';
}

bool plan_names_next(struct plan_names *names, struct plan_name *name)
{
    while (names->at < names->size) {
        const char byte = names->line[names->at];
        const size_t begin = names->at, column = names->column;

        if (byte != '"') {
            names->depth += byte == '{' || byte == '[';
            names->depth -= byte == '}' || byte == ']';
            pass(names);
            continue;
        }
        pass_text(names);
        if (names->depth == 1 && is_before_colon(names)) {
            *name = (struct plan_name){names->line + begin + 1,
                                       names->at - begin - 2, column + 1};
            return true;
        }
    }
    return false;
}
