#include "keygen/extension.h"

enum extension_result extension_find(const struct certificate *certificate,
                                     const char *oid,
                                     uint8_t value[EXTENSION_MAX],
                                     struct der *in)
{
    size_t size = EXTENSION_MAX;
    const int got = gnutls_x509_crt_get_extension_by_oid(
        certificate_crt(certificate), oid, 0, value, &size, NULL);

    *in = (struct der){value, got >= 0 ? size : 0};
    return got >= 0                                       ? EXTENSION_FOUND
           : got == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE ? EXTENSION_ABSENT
                                                          : EXTENSION_BAD;
}
