#include "token/file/file_store.h"

#include "keygen/keypair.h"
#include "token/container/container_reader.h"
#include "token/container/container_writer.h"
#include "token/file/folder.h"
#include "token/file/folder_name.h"
#include "token/file/found.h"
#include "token/file/place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct expected {
    const struct material *material;
    const char *password;
    const struct container_points *points;
    struct container **container; /* gets what was read back */
};

/* Open what was written, and compare the public key of every key. */
static enum fault check(const void *context,
                        const struct container_files *files)
{
    const struct expected *expected = context;
    struct container *opened[CONTAINER_KEYS];
    enum fault fault =
        container_reader_verify(files, expected->password, opened);

    for (size_t i = 0; i < expected->material->keys && fault == FAULT_NONE; i++)
        if (opened[i] == NULL ||
            memcmp(opened[i]->point, expected->points->point[i],
                   2 * expected->material->key[i].algorithm->key_size) != 0)
            fault = FAULT_IO;
    if (fault == FAULT_NONE) {
        *expected->container = opened[0];
        opened[0] = NULL;
    }
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        container_free(&opened[i]);
    return fault;
}

static enum fault publish(const char *location, const char *folder_name,
                          const struct container_files *files,
                          const struct expected *expected)
{
    const char *path;
    int fd = -1;
    enum fault fault = place_path(location, &path);

    if (fault == FAULT_NONE)
        fault = place_open_new(path, &fd);
    if (fault == FAULT_NONE)
        fault = folder_create(fd, folder_name, files, check, expected);
    if (fd >= 0)
        close(fd);
    return fault;
}

enum fault file_store_put_in(const char *location, const char *folder_name,
                             const struct material *material,
                             const char *password, struct entropy *pool,
                             struct container **container)
{
    struct container_points points;
    const struct expected expected = {material, password, &points, container};
    struct container_files *files = NULL;
    char where[LOCATION_MAX];
    enum fault fault = FAULT_ARGUMENT;
    int size;

    *container = NULL;
    if (!folder_name_valid(folder_name))
        return fault;
    size = snprintf(where, sizeof where, "%s/%s", location, folder_name);
    if (size < 0 || size >= LOCATION_MAX)
        return FAULT_TOO_LARGE;
    fault = container_writer_make(material, password, pool, &files, &points);
    if (fault == FAULT_NONE)
        fault = publish(location, folder_name, files, &expected);
    if (fault == FAULT_NONE)
        memcpy((*container)->info.where, where, sizeof where);
    else
        container_free(container);
    container_files_free(&files);
    return fault;
}

enum fault file_store_generate(const char *location,
                               const struct container_spec *spec,
                               struct entropy *pool,
                               struct container **container)
{
    struct material *material;
    enum fault fault = FAULT_UNSUPPORTED;

    *container = NULL;
    if (spec->algorithm->retired)
        return fault;
    fault = material_of_spec(spec, NULL, &material);
    if (fault == FAULT_NONE)
        fault = keypair_make(spec->algorithm, pool, material->key[0].scalar);
    if (fault == FAULT_NONE)
        fault = file_store_put_in(location, spec->folder_name, material,
                                  spec->password, pool, container);
    material_free(&material);
    return fault;
}

enum fault file_store_key(const char *location,
                          const struct container_spec *spec,
                          const uint8_t *scalar, struct entropy *pool,
                          struct container **container)
{
    struct material *material;
    enum fault fault = material_of_spec(spec, scalar, &material);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault = file_store_put_in(location, spec->folder_name, material,
                                  spec->password, pool, container);
    material_free(&material);
    return fault;
}

enum fault file_store_certificate(const char *where,
                                  const struct certificate *certificate)
{
    struct bytes header;
    struct found found;
    enum fault fault = found_open(&found, where);

    bytes_init(&header, HEADER_MAX);
    if (fault == FAULT_NONE)
        fault = container_writer_certify(found.files, found.key, certificate,
                                         &header);
    if (fault == FAULT_NONE)
        fault = folder_replace(found.folder, CONTAINER_HEADER, header.data,
                               header.size);
    bytes_free(&header);
    found_close(&found);
    return fault;
}

static enum fault replace(int folder, enum container_file file,
                          const struct container_files *files,
                          enum container_file from)
{
    const struct der data = container_files_at(files, from);

    return folder_replace(folder, file, data.at, data.left);
}

/* The reserve copy is whole and the first pair is not: before the reserve is
 * written, the first must be able to stand in for it. */
static enum fault repair(const struct found *found)
{
    enum fault fault =
        replace(found->folder, CONTAINER_MASKS, found->files, CONTAINER_MASKS2);

    if (fault == FAULT_NONE)
        fault = replace(found->folder, CONTAINER_PRIMARY, found->files,
                        CONTAINER_PRIMARY2);
    return fault;
}

/* Until the header is replaced the old password opens the first pair; from
 * then on the new one opens the reserve copy. */
static enum fault write_relocked(int folder,
                                 const struct container_files *files)
{
    static const enum container_file order[] = {
        CONTAINER_MASKS2, CONTAINER_PRIMARY2, CONTAINER_HEADER, CONTAINER_MASKS,
        CONTAINER_PRIMARY};
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (fault == FAULT_NONE)
            fault = replace(folder, order[i], files, order[i]);
    return fault;
}

enum fault file_store_password(const char *where, const char *old_one,
                               const char *new_one, struct entropy *pool)
{
    struct container *opened[CONTAINER_KEYS] = {NULL};
    struct container_files *files = NULL;
    struct material *material = NULL;
    struct found found;
    enum fault fault = found_open(&found, where);

    if (fault == FAULT_NONE)
        fault = container_reader_material(found.files, old_one, &material);
    if (fault == FAULT_NONE && material->from_reserve > 0 &&
        material->from_reserve < material->keys)
        fault = FAULT_DAMAGED; /* neither pair is whole */
    if (fault == FAULT_NONE)
        fault = container_writer_relock(found.files, material, new_one, pool,
                                        &files);
    if (fault == FAULT_NONE)
        fault = container_reader_verify(files, new_one, opened);
    if (fault == FAULT_NONE && material->from_reserve > 0)
        fault = repair(&found);
    if (fault == FAULT_NONE)
        fault = write_relocked(found.folder, files);
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        container_free(&opened[i]);
    container_files_free(&files);
    material_free(&material);
    found_close(&found);
    return fault;
}
