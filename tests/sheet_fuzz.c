/* Anything as a statement of a server, and as what kep-statement is given:
 * what stands on the sheet is text without control characters, none of it is
 * lost on the way between the two programs, and nothing else is taken. */
#include "client/paper/sheet.h"

#include "keygen/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 8192 };

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_line(const char *text)
{
    size_t left = strlen(text);
    uint32_t character;

    while (left > 0)
        promise(utf8_read(&text, &left, &character) &&
                !utf8_is_control(character));
}

static void check_sheet(const struct sheet *sheet)
{
    promise(sheet->count <= SHEET_PARTS_MAX);
    check_line(sheet->number);
    check_line(sheet->signer);
    for (size_t i = 0; i < sheet->count; i++) {
        promise((sheet->part[i].label != NULL) ==
                (sheet->part[i].kind == SHEET_ROW));
        check_line(sheet->part[i].text);
        if (sheet->part[i].label != NULL)
            check_line(sheet->part[i].label);
    }
}

static void check_same(const struct sheet *a, const struct sheet *b)
{
    promise(a->count == b->count);
    for (size_t i = 0; i < a->count; i++) {
        promise(a->part[i].kind == b->part[i].kind);
        promise(strcmp(a->part[i].text, b->part[i].text) == 0);
        promise(a->part[i].label == NULL ||
                strcmp(a->part[i].label, b->part[i].label) == 0);
    }
}

static void check_statement(const char *text)
{
    struct sheet *sheet = sheet_new(), *back = NULL;
    struct json_object *json = NULL;

    if (sheet != NULL && sheet_add_statement(sheet, text)) {
        check_sheet(sheet);
        json = sheet_to_json(sheet);
        back = sheet_of_json(json);
        promise((back != NULL) == (sheet->count > 0));
    }
    if (back != NULL)
        check_same(sheet, back);
    json_object_put(json);
    sheet_free(&sheet);
    sheet_free(&back);
}

static void check_json(const char *text)
{
    struct json_object *json = json_tokener_parse(text);
    struct sheet *sheet = sheet_of_json(json);

    if (sheet != NULL)
        check_sheet(sheet);
    json_object_put(json);
    sheet_free(&sheet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_MAX + 1];

    if (size > INPUT_MAX)
        size = INPUT_MAX;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    check_statement(text);
    check_json(text);
    return 0;
}
