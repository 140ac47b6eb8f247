#include "client/columns.h"

#include "client/text.h"

#include <stdlib.h>
#include <string.h>

int columns_print(size_t at, const char *label, const char *text)
{
    char *wrapped = text_wrap(text, COLUMNS_WIDTH - at, 0);
    char *rest = wrapped;
    int done = wrapped != NULL ? 0 : -1;

    for (char *part; (part = strsep(&rest, "\n")) != NULL; label = "") {
        size_t width = text_width(label);

        if (text_print(stdout, "%s%*s%s\n", label,
                       width < at ? (int)(at - width) : 1, "", part) != 0)
            done = -1;
    }
    free(wrapped);
    return done;
}
