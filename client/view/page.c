#include "client/view/page.h"

#include "client/columns.h"
#include "client/text.h"

enum { VALUES_AT = 30 };

void page_title(struct page *page, const char *title)
{
    if (text_print(stdout, "%s%s\n", page->titles++ > 0 ? "\n" : "", title) !=
        0)
        page->written = -1;
}

void page_line(struct page *page, const char *label, const char *value)
{
    char left[128];

    snprintf(left, sizeof(left), "  %s:", label);
    if (columns_print(VALUES_AT, left, value) != 0)
        page->written = -1;
}

void page_foreign(struct page *page, const char *label, const char *value)
{
    if (value != NULL && value[0] != '\0')
        page_line(page, label, text_clean(value).text);
}
