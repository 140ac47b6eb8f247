#include "api/base64.h"

#include <gnutls/gnutls.h>
#include <string.h>

static gnutls_datum_t datum(const void *data, size_t size)
{
    return (gnutls_datum_t){(void *)(uintptr_t)data, (unsigned)size};
}

bool base64_write(const uint8_t *bytes, size_t size, char *text)
{
    const gnutls_datum_t from = datum(bytes, size);
    gnutls_datum_t to = {NULL, 0};
    bool ok = size <= UINT32_MAX / 2 && gnutls_base64_encode2(&from, &to) == 0;

    if (ok)
        memcpy(text, to.data, to.size);
    gnutls_free(to.data);
    return ok;
}

/* GnuTLS passes blanks over: a text that has some is longer than its bytes
 * take. */
bool base64_read(const char *text, size_t size, uint8_t *bytes, size_t *count)
{
    const gnutls_datum_t from = datum(text, size);
    gnutls_datum_t to = {NULL, 0};
    bool ok = size > 0 && size <= UINT32_MAX / 2 &&
              gnutls_base64_decode2(&from, &to) == 0 && to.size > 0 &&
              size == BASE64_TEXT((size_t)to.size);

    *count = ok ? to.size : 0;
    if (ok)
        memcpy(bytes, to.data, to.size);
    gnutls_free(to.data);
    return ok;
}
