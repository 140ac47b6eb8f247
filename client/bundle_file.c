#include "client/bundle_file.h"

#include "client/state/paths.h"
#include "keygen/der.h"
#include "keygen/request.h"

#include <errno.h>
#include <stdlib.h>

static enum fault fault_of_errno(int error)
{
    switch (error) {
    case EFBIG:
        return FAULT_TOO_LARGE;
    case EACCES:
    case EPERM:
        return FAULT_NO_ACCESS;
    case ENOENT:
    case ENOTDIR:
        return FAULT_NOT_FOUND;
    case EINVAL: /* not a regular file */
    case EISDIR:
        return FAULT_CERTIFICATE;
    default:
        return error == ENOMEM ? FAULT_MEMORY : FAULT_IO;
    }
}

enum fault bundle_file_read(const char *path, struct chain *chain)
{
    enum fault fault;
    size_t size;
    char *data = paths_read(path, BUNDLE_MAX, &size);

    if (data == NULL)
        return fault_of_errno(errno);
    fault = bundle_read(chain, data, size);
    free(data);
    return fault;
}

static bool unwrap_pem(const gnutls_datum_t *text, gnutls_datum_t *der)
{
    return gnutls_pem_base64_decode2("CERTIFICATE REQUEST", text, der) >= 0 ||
           gnutls_pem_base64_decode2("NEW CERTIFICATE REQUEST", text, der) >= 0;
}

enum fault bundle_file_read_request(const char *path, gnutls_x509_crq_t *crq,
                                    struct name *subject)
{
    gnutls_datum_t der = {NULL, 0}, text;
    enum fault fault = FAULT_REQUEST;
    size_t size;
    char *data = paths_read(path, (size_t)2 * REQUEST_MAX, &size);

    *crq = NULL;
    *subject = (struct name){{NULL}};
    if (data == NULL)
        return fault_of_errno(errno);
    text = (gnutls_datum_t){(unsigned char *)data, (unsigned)size};
    if (size > 0 && text.data[0] == DER_SEQUENCE)
        fault = request_read(data, size, crq, subject);
    else if (unwrap_pem(&text, &der))
        fault = request_read(der.data, der.size, crq, subject);
    gnutls_free(der.data);
    free(data);
    return fault;
}
