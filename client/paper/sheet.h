/* A sheet to be printed and signed by hand: what stands on it, in order. It
 * is made of a statement's text, and goes as JSON to the program that sets it
 * (client/paper/main.c). */
#ifndef CLIENT_PAPER_SHEET_H
#define CLIENT_PAPER_SHEET_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    SHEET_PARTS_MAX = 512,
    SHEET_TEXT_MAX = 64 * 1024, /* bytes of a statement */
    SHEET_JSON_MAX = 512 * 1024,
    SHEET_LABEL_MAX = 120 /* bytes of what stands before a colon */
};

enum sheet_kind {
    SHEET_TITLE,
    SHEET_ROW, /* of a table: a label and a text */
    SHEET_TEXT,
    SHEET_KINDS
};

struct sheet_part {
    enum sheet_kind kind;
    char *label; /* of a row; else NULL */
    char *text;
};

/* All of it UTF-8 in single lines without control characters, owned. */
struct sheet {
    struct sheet_part part[SHEET_PARTS_MAX];
    size_t count;
    char *number; /* of the application, for the foot of each page */
    char *signer; /* who signs: "Иванова А. П."; "" where it is not known */
};

/* An empty one; NULL without memory. */
struct sheet *sheet_new(void);
void sheet_free(struct sheet **sheet);

/* Append a part; false without memory or room, and for text that is not UTF-8
 * or has control characters. */
bool sheet_add(struct sheet *sheet, enum sheet_kind kind, const char *label,
               const char *text);

/* Append a statement as a certification centre words it: the first paragraph
 * is its title, lines of "label: value" are rows of a table, the rest is text.
 * Nothing is left out; control characters become blanks or U+FFFD. False
 * without memory or room. */
bool sheet_add_statement(struct sheet *sheet, const char *statement);

/* Number and signer; false as above. */
bool sheet_set(struct sheet *sheet, const char *number, const char *signer);

/* {"number", "signer", "parts":[[word, label, text]…]}; the caller puts it. */
struct json_object *sheet_to_json(const struct sheet *sheet);

/* The way back: anything else than what sheet_to_json makes is NULL. */
struct sheet *sheet_of_json(struct json_object *json);

#endif
