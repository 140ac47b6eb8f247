/* Anything as a certificate: what is read keeps the promises of
 * keygen/certificate.h and keygen/name.h. */
#include "keygen/chain.h"
#include "keygen/outline.h"
#include "keygen/utf8.h"

#include "tests/support/second_outline.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_name(const struct name *name)
{
    for (size_t i = 0; i < NAME_COUNT; i++) {
        const char *at = name->value[i];
        size_t left = at != NULL ? strlen(at) : 0;
        uint32_t character;

        promise(at == NULL || (left > 0 && left < 4096));
        while (left > 0)
            promise(utf8_read(&at, &left, &character) &&
                    !utf8_is_control(character));
    }
}

static void check(const struct certificate *one)
{
    struct identity identity;
    struct outline outline;
    const char *missing;

    promise(!outline_read(one->der.data, one->der.size, &outline) ||
            second_outline_agrees(one->der.data, one->der.size, &outline));
    promise(strlen(one->thumbprint) == THUMBPRINT_TEXT - 1);
    promise(strlen(one->serial) >= 2 &&
            strlen(one->serial) <= 2 * CERTIFICATE_SERIAL_MAX);
    promise(one->der.size <= CERTIFICATE_MAX);
    promise(certificate_signs_until(one) <= one->not_after);
    check_name(&one->subject);
    check_name(&one->issuer);
    promise((certificate_profile(one, &missing) == FAULT_NONE) ==
            (missing == NULL));
    if (name_identity(&one->subject, &identity) == FAULT_NONE)
        promise(identity_compare(&identity, &identity) == IDENTITY_SAME);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chain chain = {0};

    if (chain_read(&chain, data, size) == FAULT_NONE) {
        promise(chain.count > 0 && chain.count <= CHAIN_MAX);
        for (size_t i = 0; i < chain.count; i++)
            check(chain.certificate[i]);
        (void)!chain_verify(chain.certificate[0], &chain, &chain, NULL,
                            chain.certificate[0]->not_before);
    } else {
        promise(chain.count == 0);
    }
    chain_free(&chain);
    return 0;
}
