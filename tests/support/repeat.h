/* Long texts of little. */
#ifndef TESTS_SUPPORT_REPEAT_H
#define TESTS_SUPPORT_REPEAT_H

#include <stddef.h>

/* text, many times over, between two others; the caller frees it. */
char *repeat_text(const char *before, const char *text, size_t count,
                  const char *after);

#endif
