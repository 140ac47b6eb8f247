#include "token/file/file_store.h"

#include "token/file/file_medium.h"
#include "token/file/folder.h"
#include "token/file/folder_name.h"
#include "token/file/found.h"
#include "token/file/place.h"
#include "token/stored.h"

#include <string.h>
#include <unistd.h>

static enum fault check(const void *context,
                        const struct container_files *files)
{
    struct stored_wish *const *wish = context;

    return stored_check(*wish, files);
}

static enum fault publish(const char *location, const char *folder_name,
                          const struct container_files *files,
                          struct stored_wish *wish)
{
    char where[LOCATION_MAX], path[LOCATION_MAX];
    int fd = -1;
    enum fault fault = FAULT_ARGUMENT;

    if (!folder_name_valid(folder_name))
        return fault;
    fault = medium_join(&file_medium, location, folder_name, where);
    if (fault == FAULT_NONE)
        fault = place_path(location, path);
    if (fault == FAULT_NONE)
        fault = place_open_new(path, &fd);
    if (fault == FAULT_NONE)
        fault = folder_create(fd, folder_name, files, check, &wish);
    if (fault == FAULT_NONE)
        memcpy(wish->key[0]->info.where, where, sizeof where);
    if (fd >= 0)
        close(fd);
    return fault;
}

static const struct stored_writer writer = {publish};

enum fault file_store_put_in(const char *location, const char *folder_name,
                             const struct material *material,
                             const char *password, struct entropy *pool,
                             struct container **container)
{
    return stored_put_in(&writer, location, folder_name, material, password,
                         pool, container);
}

enum fault file_store_generate(const char *location,
                               const struct container_spec *spec,
                               struct entropy *pool,
                               struct container **container)
{
    return stored_generate(&writer, location, spec, pool, container);
}

enum fault file_store_key(const char *location,
                          const struct container_spec *spec,
                          const uint8_t *scalar, struct entropy *pool,
                          struct container **container)
{
    return stored_store(&writer, location, spec, scalar, pool, container);
}

/* --- changing ------------------------------------------------------------ */

static enum fault replace(void *context, enum container_file file,
                          const uint8_t *data, size_t size)
{
    const struct found *found = context;

    return folder_replace(found->folder, file, data, size);
}

enum fault file_store_certificate(const char *where,
                                  const struct certificate *certificate)
{
    struct found found;
    const struct stored_changer changer = {replace, &found};
    enum fault fault = found_look(&found, where);

    if (fault == FAULT_NONE)
        fault = stored_certify(&changer, found.files, found.key, certificate);
    found_close(&found);
    return fault;
}

enum fault file_store_password(const char *where, const char *old_one,
                               const char *new_one, struct entropy *pool)
{
    struct found found;
    const struct stored_changer changer = {replace, &found};
    enum fault fault = found_open(&found, where);

    if (fault == FAULT_NONE)
        fault = stored_relock(&changer, found.files, old_one, new_one, pool);
    found_close(&found);
    return fault;
}
