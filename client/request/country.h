/* Countries as a name in a certificate has them: two Latin letters. */
#ifndef CLIENT_REQUEST_COUNTRY_H
#define CLIENT_REQUEST_COUNTRY_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is one of that code of size bytes, in capitals: ISO 3166-1
 * and, beyond it, the Russian classification OK 025-2001. */
bool country_exists(const char *code, size_t size);

#endif
