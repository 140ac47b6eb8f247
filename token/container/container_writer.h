/* The six files of a new container, and a new certificate for an old one. */
#ifndef TOKEN_CONTAINER_CONTAINER_WRITER_H
#define TOKEN_CONTAINER_CONTAINER_WRITER_H

#include "keygen/bytes.h"
#include "keygen/entropy.h"
#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/medium.h"

/* Two pairs with a mask each, a header, a name; point becomes the key's
 * public one (2 * ALGORITHM_KEY_MAX bytes). FAULT_ARGUMENT where the name is
 * empty or not of CP1251, the password not of printable ASCII, the scalar
 * none; FAULT_TOO_LARGE; FAULT_KEY_MISMATCH where the certificate is for
 * another key. The folder's name is not looked at. Free files with
 * container_files_free. */
MUST_CHECK enum fault container_writer_make(const struct container_spec *spec,
                                            const uint8_t *scalar,
                                            struct entropy *pool,
                                            struct container_files **files,
                                            uint8_t *point);

/* The header with this certificate, appended to out, which is empty; nothing
 * else in it changes. FAULT_KEY_MISMATCH where the container's fingerprint is
 * of another key. */
MUST_CHECK enum fault
container_writer_certify(const struct container_files *files,
                         const struct certificate *certificate,
                         struct bytes *out);

#endif
