#include "tests/support/cms.h"

#include "keygen/cades.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void cms_sign(const struct pki *pki, bool attached, struct bytes *out)
{
    bytes_init(out, CADES_MAX);
    assert_int_equal(cades_sign(pki->key, pki->certificate, CMS_TEXT,
                                CMS_TEXT_SIZE, attached, PKI_NOW, out),
                     FAULT_NONE);
}

enum fault cms_verify(const void *cms, size_t cms_size, const void *data,
                      size_t size, struct bytes *content)
{
    uint8_t *copy = calloc(1, cms_size + (cms_size == 0));
    struct certificate *signer = NULL;
    enum fault fault;
    time_t when;

    assert_non_null(copy);
    memcpy(copy, cms, cms_size);
    fault = cades_verify(copy, cms_size, data, size, content, &signer, &when);
    assert_int_equal(signer != NULL, fault == FAULT_NONE);
    certificate_free(&signer);
    free(copy);
    return fault;
}
