/* The certificates of the hostile server. */
#ifndef TESTS_SUPPORT_HOSTILE_CERTIFICATES_H
#define TESTS_SUPPORT_HOSTILE_CERTIFICATES_H

#include "tests/support/hostile.h"

#include <gnutls/gnutls.h>

/* Between hostile_prepare and hostile_finish. */
gnutls_certificate_credentials_t
hostile_credentials(enum hostile_certificate certificate);

#endif
