/* Anything as a signature: attached, and detached from some text. */
#include "keygen/cades.h"

#include "keygen/moment.h"
#include "keygen/signed_data.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_verify(const uint8_t *cms, size_t size, const void *text)
{
    struct certificate *signer = NULL;
    struct bytes content;
    enum fault fault;
    time_t when;

    bytes_init(&content, 64);
    fault = cades_verify(cms, size, text, text != NULL ? 4 : 0, &content,
                         &signer, &when);
    if ((signer != NULL) != (fault == FAULT_NONE) ||
        (fault != FAULT_NONE && fault != FAULT_TOO_LARGE && content.size != 0))
        abort();
    certificate_free(&signer);
    bytes_free(&content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct signed_attributes attributes;
    struct signed_data parsed;
    struct der signer;
    time_t when;

    try_verify(data, size, NULL);
    try_verify(data, size, "text");
    /* The parts that a wrong digest hides. */
    if (signed_data_parse(data, size, &parsed) &&
        signed_data_attributes(&parsed, &attributes) &&
        attributes.signing_time.at != NULL)
        (void)!moment_read(&attributes.signing_time, &when);
    if (signed_data_parse(data, size, &parsed))
        (void)!signed_data_signer(&parsed, &signer);
    return 0;
}
