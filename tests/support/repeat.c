#include "tests/support/repeat.h"

#include "api/buffer.h"

#include <stdlib.h>

char *repeat_text(const char *before, const char *text, size_t count,
                  const char *after)
{
    struct buffer buffer = {.max = 64 * 1024 * 1024};

    buffer_put_text(&buffer, before);
    while (count-- > 0)
        buffer_put_text(&buffer, text);
    buffer_put_text(&buffer, after);
    if (buffer.failed)
        abort();
    return buffer.data;
}
