#include "token/container/container_copy.h"

#include "token/container/container_reader.h"

#include <string.h>

enum fault container_copy_allowed(const struct container_files *files)
{
    struct container_info info;
    enum fault fault = container_reader_describe(files, &info);

    if (fault == FAULT_NONE && !info.exportable)
        fault = FAULT_NOT_EXPORTABLE;
    container_info_free(&info);
    return fault;
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

    return read_header(a, &one) && read_header(b, &other) &&
           one.fingerprint.at != NULL && other.fingerprint.at != NULL &&
           der_equals(&one.fingerprint, other.fingerprint.at,
                      other.fingerprint.left);
}

bool container_copy_same_header(const struct container_files *a,
                                const struct container_files *b)
{
    struct der one = container_files_at(a, CONTAINER_HEADER);
    struct der other = container_files_at(b, CONTAINER_HEADER);

    return der_equals(&one, other.at, other.left);
}

/* What can be checked without the password. */
static enum fault check_sums(const struct container_files *files)
{
    struct header header;

    return read_header(files, &header) ? FAULT_NONE : FAULT_DAMAGED;
}

static enum fault compare_keys(const struct container_files *original,
                               const struct container *copy,
                               const char *password)
{
    struct container *first;
    enum fault fault = container_reader_open(original, password, &first);

    if (fault == FAULT_NONE &&
        (copy->info.algorithm != first->info.algorithm ||
         memcmp(copy->point, first->point, sizeof copy->point) != 0))
        fault = FAULT_IO;
    container_free(&first);
    return fault;
}

enum fault container_copy_prove(const struct container_files *original,
                                const struct container_files *copy,
                                const char *password, bool *opened)
{
    struct container *container;
    enum fault fault = container_reader_open(copy, password, &container);

    *opened = fault == FAULT_NONE;
    if (fault == FAULT_NONE)
        fault = compare_keys(original, container, password);
    else if ((fault == FAULT_PASSWORD_NEEDED && password == NULL) ||
             fault == FAULT_UNSUPPORTED)
        fault =
            container_files_equal(original, copy) ? check_sums(copy) : FAULT_IO;
    container_free(&container);
    return fault;
}
