/* Keys with certificates to be put into PFX files. Whatever fails ends the
 * test. */
#ifndef TESTS_SUPPORT_PFX_SAMPLE_H
#define TESTS_SUPPORT_PFX_SAMPLE_H

#include "token/pfx/pfx.h"

enum { PFX_SAMPLE_NOT_AFTER = 1830297600 };

/* One key, exchange and exportable, named "Ключ № 1 (key)", on the usual
 * curve, with its certificate where its algorithm is not retired. Free with
 * pfx_free. */
struct pfx *pfx_sample_new(const struct algorithm *algorithm,
                           struct entropy *pool);

/* One more key, for signatures. */
void pfx_sample_add(struct pfx *pfx, const struct algorithm *algorithm,
                    struct entropy *pool);

/* One more certificate, of no key. */
void pfx_sample_add_certificate(struct pfx *pfx, struct entropy *pool);

/* Every key of a is in b, the same in all that a file keeps; and the
 * certificates. */
void pfx_sample_compare(const struct pfx *a, const struct pfx *b);

#endif
