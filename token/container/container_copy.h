/* Copies of containers, file by file: whether one may be made, whether it is
 * a good one. */
#ifndef TOKEN_CONTAINER_CONTAINER_COPY_H
#define TOKEN_CONTAINER_CONTAINER_COPY_H

#include "keygen/fault.h"
#include "token/container/container_files.h"

#include <stdbool.h>

/* FAULT_NOT_EXPORTABLE where one of its keys is marked so. */
MUST_CHECK enum fault container_copy_allowed(const struct header *header);

/* Whether both headers name the same keys, by their fingerprints. */
bool container_copy_same_keys(const struct container_files *a,
                              const struct container_files *b);

/* Whether both have the same header: also the same certificates. */
bool container_copy_same_header(const struct container_files *a,
                                const struct container_files *b);

/* How a copy was proven. */
struct container_proof {
    bool opened;       /* else it was compared to the byte */
    bool from_reserve; /* a first copy of a key of the original is damaged */
};

/* Prove a copy of original: it is opened, every key's public one is derived
 * and compared with what original gives. opened: the original's key, where it
 * is open already (NULL: it is not): then it has only to come out of a copy
 * that is the same to the byte. Where opening takes a password that is not
 * given (NULL), or arithmetic that is not there, it must be the same to the
 * byte and its checksums right. FAULT_IO where the two differ,
 * FAULT_PASSWORD_WRONG, FAULT_DAMAGED … */
MUST_CHECK enum fault
container_copy_prove(const struct container_files *original,
                     const struct container_files *copy, const char *password,
                     const struct container *opened,
                     struct container_proof *proof);

#endif
