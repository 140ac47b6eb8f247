/* The two forms of time that a server sends. Both are read strictly: the
 * exact form, a day that exists, nothing before or behind. */
#ifndef API_DATE_H
#define API_DATE_H

#include <time.h>

/* RFC 3339 in UTC, "2025-03-01T09:30:00Z", with or without a fraction of a
 * second, which is dropped. 0 or -1. */
int date_rfc3339(const char *text, time_t *at);

/* The IMF-fixdate of RFC 9110, "Sat, 01 Mar 2025 09:30:00 GMT". 0 or -1. */
int date_imf(const char *text, time_t *at);

#endif
