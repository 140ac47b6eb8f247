#include "token/pfx/pfx.h"

#include "keygen/secret.h"

enum fault pfx_new(struct pfx **pfx)
{
    *pfx = secret_new(sizeof **pfx);
    return *pfx != NULL ? FAULT_NONE : FAULT_MEMORY;
}

void pfx_free(struct pfx **pfx)
{
    if (*pfx == NULL)
        return;
    for (size_t i = 0; i < (*pfx)->keys; i++)
        certificate_free(&(*pfx)->key[i].key.certificate);
    for (size_t i = 0; i < (*pfx)->certificates; i++)
        certificate_free(&(*pfx)->certificate[i]);
    secret_free(pfx);
}
