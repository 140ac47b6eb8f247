#include "token/container_sign.h"

#include "keygen/cades.h"
#include "keygen/external_key.h"

/* GnuTLS says only that a key did not sign. */
static enum fault explain(const struct container *container, enum fault fault)
{
    const enum fault why = container_fault(container);

    return fault == FAULT_LIBRARY && why != FAULT_NONE ? why : fault;
}

enum fault container_sign_public(const struct container *container,
                                 gnutls_pubkey_t *public)
{
    *public = NULL;
    if (container->external != NULL)
        return external_key_public(container->external, public);
    if (gnutls_pubkey_init(public) < 0)
        return FAULT_MEMORY;
    if (gnutls_pubkey_import_privkey(*public, container->key, 0, 0) >= 0)
        return FAULT_NONE;
    gnutls_pubkey_deinit(*public);
    *public = NULL;
    return FAULT_LIBRARY;
}

enum fault container_sign_request(const struct container *container,
                                  const struct request_content *content,
                                  struct bytes *out)
{
    gnutls_pubkey_t public;
    enum fault fault = container_sign_public(container, &public);

    if (fault != FAULT_NONE)
        return fault;
    fault = request_make_for(public, container->key, container->info.algorithm,
                             content, out);
    gnutls_pubkey_deinit(public);
    return explain(container, fault);
}

enum fault container_sign_cades(const struct container *container,
                                const void *data, size_t size, bool attached,
                                time_t when, struct bytes *out)
{
    if (container->info.certificate == NULL)
        return FAULT_NO_CERTIFICATE;
    return explain(container,
                   cades_sign(container->key, container->info.certificate, data,
                              size, attached, when, out));
}

enum fault container_sign_prove(const struct container *container)
{
    return container->external == NULL
               ? FAULT_NONE
               : external_key_prove(container->external);
}
