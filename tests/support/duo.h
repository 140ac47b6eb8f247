/* What a container with an exchange and a signature key holds. */
#ifndef TESTS_SUPPORT_DUO_H
#define TESTS_SUPPORT_DUO_H

#include "token/material.h"

/* Keys of that kind with their certificates, exportable, and a chain of two.
 * Free with material_free. */
struct material *duo_new(const char *kind);

/* The same without the first key: a container of a signature key alone. */
struct material *duo_signature_new(const char *kind);

#endif
