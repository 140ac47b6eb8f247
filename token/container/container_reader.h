/* What the six files of a container say, and its keys. */
#ifndef TOKEN_CONTAINER_CONTAINER_READER_H
#define TOKEN_CONTAINER_CONTAINER_READER_H

#include "keygen/fault.h"
#include "token/container/container_files.h"
#include "token/container/container_password.h"
#include "token/container/header.h"
#include "token/material.h"
#include "token/medium.h"
#include "token/report.h"

#include <stdbool.h>

/* Fill all of info but where, or what goes with an overview, which stays, for a
 * key: 0, or 1 for the second (FAULT_NOT_FOUND where there is none). The
 * algorithm is NULL where container_reader_open would answer info->refused. A
 * name.key that cannot be read gives an empty name: nothing depends on it. Free
 * with container_info_free. */
MUST_CHECK enum fault
container_reader_describe(const struct container_files *files, size_t key,
                          struct container_info *info);

/* The same from a header that was read, whatever its checksum. */
MUST_CHECK enum fault container_reader_fill(const struct container_files *files,
                                            const struct header *header,
                                            size_t key,
                                            struct container_info *info);

/* Open a key, where stays empty. The reserve copy is taken where the first
 * pair fails its checks; the key's public point is compared with the
 * fingerprint and with the certificate. FAULT_PASSWORD_NEEDED,
 * FAULT_PASSWORD_WRONG, FAULT_DAMAGED, FAULT_KEY_MISMATCH,
 * FAULT_UNSUPPORTED, FAULT_OLD_FORMAT, FAULT_NOT_FOUND. */
MUST_CHECK enum fault container_reader_open(const struct container_files *files,
                                            size_t key, const char *password,
                                            struct container **container);

/* All keys and what belongs to them, whatever their policy. Free with
 * material_free. */
MUST_CHECK enum fault
container_reader_material(const struct container_files *files,
                          const char *password, struct material **material);

/* Whether these keys (NULL: none), and no others, come out of both pairs with
 * the password that they were made with, and the header says the same of it.
 * Its keys are derived anew, for what was wrong when they were made would be
 * wrong in the same way. What the files say of each becomes its info; that is
 * all that container_reader_open would give besides. FAULT_DAMAGED where a key
 * is another; FAULT_PASSWORD_WRONG; the same as there. */
MUST_CHECK enum fault
container_reader_verify(const struct container_files *files,
                        struct container_password *password,
                        struct container *const key[CONTAINER_KEYS]);

/* Whether these are the files of a container of one key that is known (open, or
 * of container_reader_recall): its pairs are the same, and the header has its
 * fingerprint and its certificate. They give that key then, for they did. */
bool container_reader_is(const struct container_files *files,
                         const struct container *known);

/* A container of one key, of which it is known that files with this sum give
 * the key with that point (2 * key_size bytes). It is not opened, which takes
 * its password: it has no key that could sign, and no scalar. FAULT_DAMAGED
 * where its pairs or its header are others now. */
MUST_CHECK enum fault
container_reader_recall(const struct container_files *files,
                        const uint8_t sum[CONTAINER_SUM], const uint8_t *point,
                        size_t size, struct container **container);

/* Everything there is to say, but where and the files; see inspect of
 * token/medium.h. */
MUST_CHECK enum fault
container_reader_report(const struct container_files *files,
                        const char *password, struct container_report *report);

#endif
