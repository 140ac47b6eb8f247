#include "token/rutoken/rutoken_store.h"

#include "token/rutoken/resident/resident_key.h"
#include "token/rutoken/rutoken_medium.h"
#include "token/rutoken/rutoken_work.h"

#include <stdio.h>
#include <string.h>

/* --- new containers ------------------------------------------------------ */

/* At the place of a container that is to be made. */
static enum fault begin_new(struct rutoken_work *work, const char *location,
                            const char *folder_name, char where[LOCATION_MAX])
{
    enum fault fault =
        medium_join(&rutoken_medium, location, folder_name, where);

    memset(work, 0, sizeof *work);
    if (fault == FAULT_NONE)
        fault = rutoken_work_begin(work, where, true);
    /* A name that this token cannot have, or of a key. */
    return fault == FAULT_NOT_FOUND || fault == FAULT_LOCATION ? FAULT_ARGUMENT
                                                               : fault;
}

/* Makes it with these files, and says where it is. */
static enum fault create(const char *location, const char *folder_name,
                         const struct container_files *files,
                         container_check *check, void *context,
                         char where[LOCATION_MAX])
{
    struct rutoken_work work;
    enum fault fault = begin_new(&work, location, folder_name, where);

    if (fault == FAULT_NONE && work.place.key != 0)
        fault = FAULT_ARGUMENT;
    if (fault == FAULT_NONE)
        fault = slot_create(work.session, work.slot, files, check, context);
    rutoken_work_end(&work);
    return fault;
}

static enum fault publish(const char *location, const char *folder_name,
                          const struct container_files *files,
                          struct stored_wish *wish)
{
    char where[LOCATION_MAX];
    enum fault fault =
        create(location, folder_name, files, stored_check, wish, where);

    if (fault == FAULT_NONE)
        memcpy(wish->key[0]->info.where, where, sizeof where);
    return fault;
}

static const struct stored_writer writer = {publish};

enum fault rutoken_store_put_in(const char *location, const char *folder_name,
                                const struct material *material,
                                const char *password, struct entropy *pool,
                                struct container **container)
{
    return stored_put_in(&writer, location, folder_name, material, password,
                         pool, container);
}

enum fault rutoken_store_key(const char *location,
                             const struct container_spec *spec,
                             const uint8_t *scalar, struct entropy *pool,
                             struct container **container)
{
    return stored_store(&writer, location, spec, scalar, pool, container);
}

enum fault rutoken_store_files(const char *location, const char *folder_name,
                               const struct container_files *files,
                               container_check *check, void *context)
{
    char where[LOCATION_MAX];

    return create(location, folder_name, files, check, context, where);
}

/* --- keys inside --------------------------------------------------------- */

static enum fault generate_inside(const char *location,
                                  const struct container_spec *spec,
                                  struct container **container)
{
    struct resident_record record = {.algorithm = spec->algorithm,
                                     .key_not_after = spec->key_not_after};
    char where[LOCATION_MAX];
    struct rutoken_work work;
    enum fault fault = begin_new(&work, location, spec->folder_name, where);

    if (fault == FAULT_NONE && work.place.key == 0)
        fault = FAULT_ARGUMENT;
    if (fault == FAULT_NONE && snprintf(record.name, sizeof record.name, "%s",
                                        spec->name) >= (int)sizeof record.name)
        fault = FAULT_TOO_LARGE;
    if (fault == FAULT_NONE)
        fault = resident_make(work.session, work.place.key, &record);
    rutoken_work_end(&work);
    /* It is proven by a signature, in a session of its own. */
    if (fault == FAULT_NONE)
        fault = resident_key_open(&record, work.place.serial, work.place.key,
                                  where, container);
    resident_record_free(&record);
    return fault;
}

enum fault rutoken_store_generate(const char *location,
                                  const struct container_spec *spec,
                                  struct entropy *pool,
                                  struct container **container)
{
    *container = NULL;
    return spec->resident
               ? generate_inside(location, spec, container)
               : stored_generate(&writer, location, spec, pool, container);
}

/* --- changing ------------------------------------------------------------ */

/* What another content is made of. */
struct change {
    const char *where, *old_one, *new_one;
    const struct certificate *certificate;
    struct entropy *pool;
};

static enum fault replace(void *context, enum container_file file,
                          const uint8_t *data, size_t size)
{
    const struct rutoken_work *work = context;

    return slot_replace(work->session, work->slot, file, data, size);
}

static enum fault certify(struct rutoken_work *work, void *context)
{
    const struct change *change = context;
    const struct stored_changer changer = {replace, work};
    struct container_files *files = NULL;
    char plain[LOCATION_MAX];
    enum fault fault;

    if (work->place.key != 0)
        return resident_certify(work->session, work->place.key,
                                change->certificate);
    fault = slot_read(work->session, work->slot, STORED_HEADER, &files);
    if (fault == FAULT_NONE)
        fault =
            stored_certify(&changer, files, stored_plain(change->where, plain),
                           change->certificate);
    container_files_free(&files);
    return fault;
}

enum fault rutoken_store_certificate(const char *where,
                                     const struct certificate *certificate)
{
    struct change change = {.where = where, .certificate = certificate};

    return rutoken_work_in(where, true, certify, &change);
}

static enum fault relock(struct rutoken_work *work, void *context)
{
    const struct change *change = context;
    const struct stored_changer changer = {replace, work};
    struct container_files *files = NULL;
    enum fault fault;

    if (work->place.key != 0)
        return FAULT_PIN_INSTEAD;
    fault = slot_read(work->session, work->slot, STORED_ALL, &files);
    if (fault == FAULT_NONE)
        fault = stored_relock(&changer, files, change->old_one, change->new_one,
                              change->pool);
    container_files_free(&files);
    return fault;
}

enum fault rutoken_store_password(const char *where, const char *old_one,
                                  const char *new_one, struct entropy *pool)
{
    struct change change = {
        .old_one = old_one, .new_one = new_one, .pool = pool};

    return rutoken_work_in(where, true, relock, &change);
}

static enum fault take_away(struct rutoken_work *work, void *context)
{
    (void)context;
    return work->place.key != 0
               ? resident_remove(work->session, work->place.key)
               : slot_remove(work->session, work->slot);
}

enum fault rutoken_store_remove(const char *where)
{
    return rutoken_work_in(where, true, take_away, NULL);
}
