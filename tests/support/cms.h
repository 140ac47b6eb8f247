/* Signatures of one text, made and looked at. */
#ifndef TESTS_SUPPORT_CMS_H
#define TESTS_SUPPORT_CMS_H

#include "tests/support/pki.h"

#define CMS_TEXT "Прошу выдать сертификат."

enum { CMS_TEXT_SIZE = sizeof CMS_TEXT - 1 };

/* out is made here: free with bytes_free. Ends the test where it fails. */
void cms_sign(const struct pki *pki, bool attached, struct bytes *out);

/* cades_verify from memory that is exact, so that the sanitizer sees a step
 * over the end; the signer that comes out goes. */
enum fault cms_verify(const void *cms, size_t cms_size, const void *data,
                      size_t size, struct bytes *content);

#endif
