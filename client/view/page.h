/* What a command says on standard output, for people: titles, and lines of a
 * label and a value beside it. */
#ifndef CLIENT_VIEW_PAGE_H
#define CLIENT_VIEW_PAGE_H

#include <stddef.h>

/* How it went so far. */
struct page {
    size_t titles;
    int written; /* -1: standard output failed */
};

/* A line by itself, a blank one before all but the first. */
void page_title(struct page *page, const char *title);

/* "  label:    value", wrapped; value is ready for a terminal. */
void page_line(struct page *page, const char *label, const char *value);

/* The same of foreign text; nothing where it is NULL or empty. */
void page_foreign(struct page *page, const char *label, const char *value);

#endif
