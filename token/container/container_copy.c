#include "token/container/container_copy.h"

#include "token/container/container_reader.h"

#include <stdlib.h>
#include <string.h>

enum fault container_copy_allowed(const struct header *header)
{
    for (size_t i = 0; i < header->keys; i++)
        if ((header->key[i].flags & CONTAINER_EXPORTABLE) == 0)
            return FAULT_NOT_EXPORTABLE;
    return FAULT_NONE;
}

static bool read_header(const struct container_files *files,
                        struct header *header)
{
    struct der file = container_files_at(files, CONTAINER_HEADER);

    return header_read(&file, header) == FAULT_NONE;
}

bool container_copy_same_keys(const struct container_files *a,
                              const struct container_files *b)
{
    struct header one, other;
    bool same = read_header(a, &one) && read_header(b, &other) &&
                one.keys == other.keys;

    for (size_t i = 0; same && i < one.keys; i++) {
        const struct der *first = &one.key[i].fingerprint;
        const struct der *second = &other.key[i].fingerprint;

        same = first->at != NULL && second->at != NULL &&
               der_equals(first, second->at, second->left);
    }
    return same;
}

bool container_copy_same_header(const struct container_files *a,
                                const struct container_files *b)
{
    struct der one = container_files_at(a, CONTAINER_HEADER);
    struct der other = container_files_at(b, CONTAINER_HEADER);

    return der_equals(&one, other.at, other.left);
}

/* Whether a pair is there and its masks are as they were. */
static bool pair_is_good(const struct container_report *report, size_t pair)
{
    const bool first = pair == 0;

    return report->file[first ? CONTAINER_PRIMARY : CONTAINER_PRIMARY2].size >
               0 &&
           report->file[first ? CONTAINER_MASKS : CONTAINER_MASKS2].size > 0 &&
           report->mask_mac[pair] != CHECK_BAD;
}

/* What can be checked without the password: the header, and one pair at
 * least. */
static enum fault check_sums(const struct container_files *files)
{
    struct container_report *report = calloc(1, sizeof *report);
    enum fault fault = FAULT_MEMORY;

    if (report == NULL)
        return fault;
    fault = container_reader_report(files, NULL, report);
    if (fault == FAULT_NONE)
        fault = report->header;
    if (fault == FAULT_NONE && !pair_is_good(report, 0) &&
        !pair_is_good(report, 1))
        fault = FAULT_DAMAGED;
    report_free(&report);
    return fault;
}

/* Open a key of the copy, and compare its public one with the original's. Of
 * files that are the same to the byte, opening them once tells of both. */
static enum fault compare_key(const struct container_files *original,
                              const struct container_files *copy, size_t key,
                              const char *password, size_t *keys,
                              bool *from_reserve)
{
    struct container *first = NULL, *second = NULL;
    enum fault fault = container_reader_open(copy, key, password, &second);

    if (fault == FAULT_NONE && !container_files_equal(original, copy)) {
        fault = container_reader_open(original, key, password, &first);
        if (fault == FAULT_NONE &&
            (second->info.algorithm != first->info.algorithm ||
             memcmp(second->point, first->point, sizeof second->point) != 0))
            fault = FAULT_IO;
    }
    if (fault == FAULT_NONE) {
        *keys = second->info.keys;
        *from_reserve |=
            second->from_reserve || (first != NULL && first->from_reserve);
    }
    container_free(&first);
    container_free(&second);
    return fault;
}

enum fault container_copy_prove(const struct container_files *original,
                                const struct container_files *copy,
                                const char *password,
                                const struct container *opened,
                                struct container_proof *proof)
{
    enum fault fault = FAULT_NONE;

    *proof = (struct container_proof){.opened = false};
    if (opened != NULL && container_files_equal(original, copy) &&
        container_reader_is(copy, opened)) {
        proof->opened = true;
        return fault;
    }
    for (size_t key = 0, keys = 1; key < keys && fault == FAULT_NONE; key++)
        fault = compare_key(original, copy, key, password, &keys,
                            &proof->from_reserve);
    proof->opened = fault == FAULT_NONE;
    if ((fault == FAULT_PASSWORD_NEEDED && password == NULL) ||
        fault == FAULT_UNSUPPORTED)
        fault =
            container_files_equal(original, copy) ? check_sums(copy) : FAULT_IO;
    return fault;
}
