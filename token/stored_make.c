/* Containers of files: making them and changing what is in them. */
#include "token/stored.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "token/container/container_reader.h"
#include "token/container/container_writer.h"
#include "token/material.h"

#include <string.h>

static void free_keys(struct container *key[CONTAINER_KEYS])
{
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        container_free(&key[i]);
}

enum fault stored_put_in(const struct stored_writer *writer,
                         const char *location, const char *folder_name,
                         const struct material *material, const char *password,
                         struct entropy *pool, struct container **container)
{
    struct stored_wish wish = {.password = NULL};
    struct container_files *files = NULL;
    enum fault fault = container_password_new(password, &wish.password);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault = material_keys(material, wish.key);
    if (fault == FAULT_NONE)
        fault = container_writer_make(material, wish.key, wish.password, pool,
                                      &files);
    if (fault == FAULT_NONE)
        fault = writer->publish(location, folder_name, files, &wish);
    if (fault == FAULT_NONE) {
        *container = wish.key[0];
        wish.key[0] = NULL;
    }
    free_keys(wish.key);
    secret_free(&wish.password);
    container_files_free(&files);
    return fault;
}

enum fault stored_generate(const struct stored_writer *writer,
                           const char *location,
                           const struct container_spec *spec,
                           struct entropy *pool, struct container **container)
{
    struct material *material = NULL;
    enum fault fault = FAULT_NONE;

    *container = NULL;
    if (spec->algorithm->retired)
        fault = FAULT_UNSUPPORTED;
    else if (spec->resident)
        fault = FAULT_NOT_RESIDENT;
    if (fault == FAULT_NONE)
        fault = material_of_spec(spec, NULL, &material);
    if (fault == FAULT_NONE)
        fault = keypair_make(spec->algorithm, pool, material->key[0].scalar);
    if (fault == FAULT_NONE)
        fault = stored_put_in(writer, location, spec->folder_name, material,
                              spec->password, pool, container);
    material_free(&material);
    return fault;
}

enum fault stored_store(const struct stored_writer *writer,
                        const char *location, const struct container_spec *spec,
                        const uint8_t *scalar, struct entropy *pool,
                        struct container **container)
{
    struct material *material = NULL;
    enum fault fault = material_of_spec(spec, scalar, &material);

    *container = NULL;
    if (fault == FAULT_NONE)
        fault = stored_put_in(writer, location, spec->folder_name, material,
                              spec->password, pool, container);
    material_free(&material);
    return fault;
}

/* --- changing ------------------------------------------------------------ */

enum fault stored_certify(const struct stored_changer *changer,
                          const struct container_files *files, size_t key,
                          const struct certificate *certificate)
{
    struct bytes header;
    enum fault fault;

    bytes_init(&header, HEADER_MAX);
    fault = container_writer_certify(files, key, certificate, &header);
    if (fault == FAULT_NONE)
        fault = changer->replace(changer->context, CONTAINER_HEADER,
                                 header.data, header.size);
    bytes_free(&header);
    return fault;
}

static enum fault replace(const struct stored_changer *changer,
                          enum container_file file,
                          const struct container_files *files,
                          enum container_file from)
{
    const struct der data = container_files_at(files, from);

    return changer->replace(changer->context, file, data.at, data.left);
}

/* The reserve copy is whole and the first pair is not: before the reserve is
 * written, the first must be able to stand in for it. */
static enum fault repair(const struct stored_changer *changer,
                         const struct container_files *files)
{
    enum fault fault =
        replace(changer, CONTAINER_MASKS, files, CONTAINER_MASKS2);

    if (fault == FAULT_NONE)
        fault = replace(changer, CONTAINER_PRIMARY, files, CONTAINER_PRIMARY2);
    return fault;
}

/* Until the header is replaced the old password opens the first pair; from
 * then on the new one opens the reserve copy. */
static enum fault write_relocked(const struct stored_changer *changer,
                                 const struct container_files *files)
{
    static const enum container_file order[] = {
        CONTAINER_MASKS2, CONTAINER_PRIMARY2, CONTAINER_HEADER, CONTAINER_MASKS,
        CONTAINER_PRIMARY};
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (fault == FAULT_NONE)
            fault = replace(changer, order[i], files, order[i]);
    return fault;
}

enum fault stored_relock(const struct stored_changer *changer,
                         const struct container_files *files,
                         const char *old_one, const char *new_one,
                         struct entropy *pool)
{
    struct container *key[CONTAINER_KEYS] = {NULL};
    struct container_password *password = NULL;
    struct container_files *made = NULL;
    struct material *material = NULL;
    enum fault fault = container_reader_material(files, old_one, &material);

    if (fault == FAULT_NONE && material->from_reserve > 0 &&
        material->from_reserve < material->keys)
        fault = FAULT_DAMAGED; /* neither pair is whole */
    if (fault == FAULT_NONE)
        fault = container_password_new(new_one, &password);
    if (fault == FAULT_NONE)
        fault = container_writer_relock(files, material, password, pool, &made);
    if (fault == FAULT_NONE)
        fault = material_keys(material, key);
    if (fault == FAULT_NONE)
        fault = container_reader_verify(made, password, key);
    if (fault == FAULT_NONE && material->from_reserve > 0)
        fault = repair(changer, files);
    if (fault == FAULT_NONE)
        fault = write_relocked(changer, made);
    free_keys(key);
    secret_free(&password);
    container_files_free(&made);
    material_free(&material);
    return fault;
}
