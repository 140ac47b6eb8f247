/* Anything as a request: refused, or its subject is readable. */
#include "keygen/request.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gnutls_x509_crq_t crq = NULL;
    struct name subject;
    const enum fault fault = request_read(data, size, &crq, &subject);

    if ((crq != NULL) != (fault == FAULT_NONE))
        abort();
    /* The parts that a wrong signature hides. */
    if (fault != FAULT_NONE && gnutls_x509_crq_init(&crq) >= 0 &&
        gnutls_x509_crq_import(
            crq, &(gnutls_datum_t){(void *)(uintptr_t)data, (unsigned)size},
            GNUTLS_X509_FMT_DER) >= 0)
        (void)!name_of_request(crq, &subject);
    name_free(&subject);
    if (crq != NULL)
        gnutls_x509_crq_deinit(crq);
    return 0;
}
