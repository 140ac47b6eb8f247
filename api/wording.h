/* The form of a statement (readStatement of api/openapi.yaml): the sandbox
 * writes it, a client signs nothing that has another one. UTF-8; every line
 * ends in '\n'. */
#ifndef API_WORDING_H
#define API_WORDING_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDING_DATA = 16, WORDING_TIME = 32 };

/* What the lines say that hold no data. */
extern const char wording_title[];
extern const char wording_request[];

/* The labels of the lines of the application itself. */
extern const char wording_form[];
extern const char wording_time[];
extern const char wording_thumbprint[];

/* The data, in the order in which they stand; word as in the form's data.
 * Those that the form does not have are left out. */
struct wording_row {
    const char *word;
    const char *label;
};
extern const struct wording_row wording_data[WORDING_DATA];

/* Whether size bytes are a time as a statement may hold it: RFC 3339 in UTC,
 * or "31.12.2025 23:59 МСК", where a comma may stand behind the date. */
bool wording_is_time(const char *text, size_t size);

#endif
