#include "client/columns.h"

#include "client/screen/terminal.h"
#include "client/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEAST = 12 /* columns of text */ };

static size_t room_beside(size_t at)
{
    const size_t terminal = terminal_width(STDOUT_FILENO) - 1;
    const size_t width = terminal < COLUMNS_WIDTH ? terminal : COLUMNS_WIDTH;

    return width < at + LEAST ? LEAST : width - at;
}

int columns_print(size_t at, const char *label, const char *text)
{
    char *wrapped = text_wrap(text, room_beside(at), 0);
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
