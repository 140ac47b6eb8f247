/* The address of a server: "https://host[:port]", a slash behind it allowed,
 * nothing else. */
#ifndef API_URL_H
#define API_URL_H

#include <stddef.h>

enum { URL_MAX = 300 }; /* bytes, with the NUL */

/* Without the slash. 0, or -1 where it is no such address. */
int url_origin(const char *url, char origin[URL_MAX]);

#endif
