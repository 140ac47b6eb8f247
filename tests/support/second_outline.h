/* A certificate read by GnuTLS alone, beside its outline. */
#ifndef TESTS_SUPPORT_SECOND_OUTLINE_H
#define TESTS_SUPPORT_SECOND_OUTLINE_H

#include "keygen/outline.h"

/* Whether GnuTLS reads the certificate, and everything of it as the outline
 * says. */
bool second_outline_agrees(const void *der, size_t size,
                           const struct outline *outline);

#endif
