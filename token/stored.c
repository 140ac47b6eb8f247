#include "token/stored.h"

#include "token/container/container_reader.h"
#include "token/container/container_writer.h"
#include "token/material.h"
#include "token/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- places -------------------------------------------------------------- */

size_t stored_plain(const char *where, char *plain)
{
    static const char second[] = CONTAINER_SECOND;
    const size_t tail = sizeof second - 1;
    size_t size = strnlen(where, LOCATION_MAX - 1);
    const size_t key =
        size > tail && memcmp(where + size - tail, second, tail) == 0;

    if (key > 0)
        size -= tail;
    memcpy(plain, where, size);
    plain[size] = '\0';
    return key;
}

enum fault stored_place(const char *plain, size_t key, char *where)
{
    int size = snprintf(where, LOCATION_MAX, "%s%s", plain,
                        key == 0 ? "" : CONTAINER_SECOND);

    return size < 0 || size >= LOCATION_MAX ? FAULT_TOO_LARGE : FAULT_NONE;
}

/* --- one container ------------------------------------------------------- */

/* What was read of a place. */
struct found {
    char plain[LOCATION_MAX];
    size_t key; /* which of its keys is meant */
    struct container_files *files;
};

static enum fault find(struct found *found, const struct stored_reader *reader,
                       const char *where, enum stored_part part)
{
    found->files = NULL;
    found->key = stored_plain(where, found->plain);
    return reader->read(reader->context, found->plain, part, &found->files);
}

static enum fault describe_key(const struct found *found, size_t key,
                               const char *where, struct container_info *info)
{
    enum fault fault;

    *info = (struct container_info){.algorithm = NULL};
    fault = container_reader_describe(found->files, key, info);
    if (fault == FAULT_NONE)
        (void)snprintf(info->where, sizeof info->where, "%s", where);
    else
        container_info_free(info);
    return fault;
}

enum fault stored_describe(const struct stored_reader *reader,
                           const char *where, struct container_info *info)
{
    struct found found;
    enum fault fault = find(&found, reader, where, STORED_HEADER);

    *info = (struct container_info){.algorithm = NULL};
    if (fault == FAULT_NONE)
        fault = describe_key(&found, found.key, where, info);
    container_files_free(&found.files);
    return fault;
}

enum fault stored_open(const struct stored_reader *reader, const char *where,
                       const char *password, struct container **container)
{
    struct found found;
    enum fault fault = find(&found, reader, where, STORED_ALL);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault =
            container_reader_open(found.files, found.key, password, container);
    if (fault == FAULT_NONE)
        (void)snprintf((*container)->info.where, sizeof(*container)->info.where,
                       "%s", where);
    container_files_free(&found.files);
    return fault;
}

enum fault stored_take_out(const struct stored_reader *reader,
                           const char *where, const char *password,
                           struct material **material)
{
    struct container_info info;
    struct found found;
    enum fault fault = find(&found, reader, where, STORED_ALL);

    *material = NULL;
    for (size_t key = 0, keys = 1; key < keys && fault == FAULT_NONE; key++) {
        fault = describe_key(&found, key, where, &info);
        if (fault == FAULT_NONE && !info.exportable)
            fault = FAULT_NOT_EXPORTABLE;
        keys = info.keys;
        container_info_free(&info);
    }
    if (fault == FAULT_NONE)
        fault = container_reader_material(found.files, password, material);
    container_files_free(&found.files);
    return fault;
}

enum fault stored_inspect(const struct stored_reader *reader, const char *where,
                          enum stored_part part, const char *password,
                          struct container_report **report)
{
    struct found found;
    enum fault fault = find(&found, reader, where, part);

    *report = NULL;
    if (fault == FAULT_NONE) {
        *report = calloc(1, sizeof **report);
        fault = *report == NULL ? FAULT_MEMORY : FAULT_NONE;
    }
    if (fault == FAULT_NONE) {
        memcpy((*report)->where, found.plain, sizeof(*report)->where);
        fault = container_reader_report(found.files, password, *report);
    }
    for (size_t i = 0; fault == FAULT_NONE && i < (*report)->keys; i++)
        fault = stored_place(found.plain, i, (*report)->key[i].info.where);
    if (fault != FAULT_NONE)
        report_free(report);
    container_files_free(&found.files);
    return fault;
}

/* --- each key ------------------------------------------------------------ */

static enum fault visit_key(const struct found *found, size_t key,
                            const char *where, container_visitor *visit,
                            void *context, unsigned *keys)
{
    struct container_info *info = calloc(1, sizeof *info);
    enum fault fault = FAULT_MEMORY;

    if (info == NULL)
        return fault;
    fault = describe_key(found, key, where, info);
    if (fault == FAULT_NONE)
        *keys = info->keys;
    fault = visit(context, where, fault, fault == FAULT_NONE ? info : NULL);
    container_info_free(info);
    free(info);
    return fault;
}

enum fault stored_visit(const struct stored_reader *reader, const char *where,
                        enum stored_part part, container_visitor *visit,
                        void *context)
{
    char second[LOCATION_MAX];
    struct found found;
    unsigned keys = 1;
    enum fault fault = find(&found, reader, where, part);

    if (fault != FAULT_NONE) {
        container_files_free(&found.files);
        return visit(context, where, fault, NULL);
    }
    fault = visit_key(&found, found.key, where, visit, context, &keys);
    if (fault == FAULT_NONE && found.key == 0 && keys > 1)
        fault = stored_place(where, 1, second);
    if (fault == FAULT_NONE && found.key == 0 && keys > 1)
        fault = visit_key(&found, 1, second, visit, context, &keys);
    container_files_free(&found.files);
    return fault;
}

/* --- a new one ----------------------------------------------------------- */

enum fault stored_check(void *context, const struct container_files *files)
{
    const struct stored_wish *wish = context;

    return container_reader_verify(files, wish->password, wish->key);
}
