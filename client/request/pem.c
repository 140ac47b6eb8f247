#include "client/request/pem.h"

#include <gnutls/x509.h>

enum fault pem_put(const char *label, const struct bytes *der,
                   struct bytes *out)
{
    const gnutls_datum_t data = {der->data, (unsigned)der->size};
    gnutls_datum_t pem = {NULL, 0};

    if (gnutls_pem_base64_encode2(label, &data, &pem) < 0)
        return FAULT_LIBRARY;
    bytes_put(out, pem.data, pem.size);
    gnutls_free(pem.data);
    return out->failed ? FAULT_TOO_LARGE : FAULT_NONE;
}
