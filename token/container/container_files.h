/* The six files of a container, in memory: what a medium reads and writes. */
#ifndef TOKEN_CONTAINER_CONTAINER_FILES_H
#define TOKEN_CONTAINER_CONTAINER_FILES_H

#include "keygen/der.h"
#include "keygen/fault.h"
#include "keygen/overview.h"
#include "token/container/header.h"
#include "token/container/masked_key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order in which tokens number them. */
enum container_file {
    CONTAINER_MASKS,
    CONTAINER_PRIMARY,
    CONTAINER_HEADER,
    CONTAINER_MASKS2,
    CONTAINER_PRIMARY2,
    CONTAINER_NAME,
    CONTAINER_FILE_COUNT
};

/* In secret memory: without a password the masked key is as good as plain. A
 * file of size 0 is absent. */
struct container_files {
    struct {
        size_t size;
        uint8_t data[MASKED_KEY_MAX];
    } small[CONTAINER_FILE_COUNT]; /* all but the header */
    size_t header_size;
    uint8_t *header; /* owned */
    /* Where of the header only the parts were read that an overview takes;
     * owned. NULL: all was. */
    struct overview *overview;
    /* Why one is absent; FAULT_PIN_NEEDED: it was not asked for. */
    enum fault fault[CONTAINER_FILE_COUNT];
    /* Why a file that has a reserve copy could not be read, where it is
     * there; for the case that the copy is no better. */
    enum fault unread;
};

MUST_CHECK enum fault container_files_new(struct container_files **files);
void container_files_free(struct container_files **files);

/* "header.key" */
const char *container_files_name(enum container_file file);

/* Room for a file of that size, which replaces what was there. FAULT_MEMORY,
 * FAULT_TOO_LARGE. */
MUST_CHECK enum fault container_files_room(struct container_files *files,
                                           enum container_file file,
                                           size_t size, uint8_t **data);

/* Make a file absent. */
void container_files_drop(struct container_files *files,
                          enum container_file file);

/* The file; left is 0 where it is absent. */
struct der container_files_at(const struct container_files *files,
                              enum container_file file);

/* A sum over the two pairs, out of which the keys come (BLAKE2b, which tells
 * nothing of them). */
void container_files_sum(const struct container_files *files,
                         uint8_t sum[CONTAINER_SUM]);

/* Whether all six are the same, to the byte. */
bool container_files_equal(const struct container_files *a,
                           const struct container_files *b);

#endif
