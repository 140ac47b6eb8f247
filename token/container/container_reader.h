/* What the six files of a container say, and its key. */
#ifndef TOKEN_CONTAINER_CONTAINER_READER_H
#define TOKEN_CONTAINER_CONTAINER_READER_H

#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/medium.h"

/* Fill all of info but where, which stays. The algorithm is NULL where
 * container_reader_open would answer FAULT_UNSUPPORTED or FAULT_OLD_FORMAT.
 * A name.key that cannot be read gives an empty name: nothing depends on it.
 * Free with container_info_free. */
MUST_CHECK enum fault
container_reader_describe(const struct container_files *files,
                          struct container_info *info);

/* Open it, where stays empty. The reserve copy is taken where the first pair
 * fails its checks; the key's public point is compared with the fingerprint
 * and with the certificate. FAULT_PASSWORD_NEEDED, FAULT_PASSWORD_WRONG,
 * FAULT_DAMAGED, FAULT_KEY_MISMATCH, FAULT_UNSUPPORTED, FAULT_OLD_FORMAT. */
MUST_CHECK enum fault container_reader_open(const struct container_files *files,
                                            const char *password,
                                            struct container **container);

#endif
