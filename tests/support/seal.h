/* Checksums of a container's files made right, for fuzzers: or nothing gets
 * behind them. */
#ifndef TESTS_SUPPORT_SEAL_H
#define TESTS_SUPPORT_SEAL_H

#include "token/container/container_files.h"

/* Of header.key, by the S-box of keys of 2012. */
void seal_header(struct container_files *files);

/* Of CONTAINER_MASKS or CONTAINER_MASKS2. */
void seal_masks(struct container_files *files, enum container_file file);

#endif
