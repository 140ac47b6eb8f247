#include "token/rutoken/rutoken_container.h"

#include "token/rutoken/resident/resident_key.h"
#include "token/rutoken/rutoken_work.h"

#include <string.h>

/* What is wanted of a container, and where it goes. */
struct wish {
    const char *where, *password;
    enum medium_depth depth;
    struct container_info *info;
    struct container **container;
    struct material **material;
    struct container_files **files;
    struct container_report **report;
    struct signer {
        struct resident_record record;
        struct rutoken_place place;
        char plain[LOCATION_MAX];
    } signer; /* of a key inside */
};

static bool is_inside(const char *where)
{
    struct rutoken_place place;

    return rutoken_place_of(where, &place) == FAULT_NONE && place.key != 0;
}

/* --- what anybody may read ----------------------------------------------- */

static enum fault describe(struct rutoken_work *work, void *context)
{
    const struct wish *wish = context;
    struct resident_record record;
    enum fault fault;

    if (work->place.key == 0)
        return stored_describe(&work->reader, wish->where, wish->info);
    fault = resident_read(work->session, work->place.key, &record);
    if (fault == FAULT_NONE)
        resident_key_describe(&record, work->plain, wish->info);
    return fault;
}

enum fault rutoken_container_describe(const char *where,
                                      struct container_info *info)
{
    struct wish wish = {.where = where, .info = info};

    *info = (struct container_info){.algorithm = NULL};
    return rutoken_work_in(where, false, describe, &wish);
}

/* --- a key inside -------------------------------------------------------- */

static enum fault read_record(struct rutoken_work *work, void *context)
{
    struct signer *signer = &((struct wish *)context)->signer;

    signer->place = work->place;
    memcpy(signer->plain, work->plain, sizeof signer->plain);
    return resident_read(work->session, work->place.key, &signer->record);
}

/* The record takes no PIN; the key asks for it by itself. */
static enum fault open_inside(const char *where, struct container **container)
{
    struct wish wish = {.where = where};
    struct signer *signer = &wish.signer;
    enum fault fault = rutoken_work_in(where, false, read_record, &wish);

    if (fault == FAULT_NONE)
        fault = resident_key_open(&signer->record, signer->place.serial,
                                  signer->place.key, signer->plain, container);
    resident_record_free(&signer->record);
    return fault;
}

static enum fault inspect_inside(const char *where, enum medium_depth depth,
                                 struct container_report **report)
{
    struct wish wish = {.where = where};
    struct signer *signer = &wish.signer;
    struct container *container = NULL;
    bool opened = false;
    enum fault fault = FAULT_NONE;

    if (depth == MEDIUM_WHOLE) {
        fault = open_inside(where, &container);
        opened = fault == FAULT_NONE;
        container_free(&container);
    }
    if (fault == FAULT_NONE || fault == FAULT_KEY_MISMATCH)
        fault = rutoken_work_in(where, false, read_record, &wish);
    if (fault == FAULT_NONE)
        fault =
            resident_key_report(&signer->record, signer->plain, opened, report);
    resident_record_free(&signer->record);
    return fault;
}

/* --- a container --------------------------------------------------------- */

static enum fault open_files(struct rutoken_work *work, void *context)
{
    const struct wish *wish = context;

    return stored_open(&work->reader, wish->where, wish->password,
                       wish->container);
}

enum fault rutoken_container_open(const char *where, const char *password,
                                  struct container **container)
{
    struct wish wish = {
        .where = where, .password = password, .container = container};

    *container = NULL;
    return is_inside(where) ? open_inside(where, container)
                            : rutoken_work_in(where, true, open_files, &wish);
}

static enum fault take_out(struct rutoken_work *work, void *context)
{
    const struct wish *wish = context;

    return stored_take_out(&work->reader, wish->where, wish->password,
                           wish->material);
}

enum fault rutoken_container_take_out(const char *where, const char *password,
                                      struct material **material)
{
    struct wish wish = {
        .where = where, .password = password, .material = material};

    *material = NULL;
    return is_inside(where) ? FAULT_RESIDENT
                            : rutoken_work_in(where, true, take_out, &wish);
}

/* A file that cannot be read must not be left out in silence. */
static enum fault read_files(struct rutoken_work *work, void *context)
{
    struct container_files **files = ((struct wish *)context)->files;
    enum fault fault = slot_read(work->session, work->slot, STORED_ALL, files);

    if (fault == FAULT_NONE && (*files)->unread != FAULT_NONE) {
        fault = (*files)->unread;
        container_files_free(files);
    }
    return fault;
}

enum fault rutoken_container_files(const char *where,
                                   struct container_files **files)
{
    struct wish wish = {.files = files};

    *files = NULL;
    return is_inside(where) ? FAULT_RESIDENT
                            : rutoken_work_in(where, true, read_files, &wish);
}

static enum fault inspect(struct rutoken_work *work, void *context)
{
    const struct wish *wish = context;
    const enum stored_part part =
        wish->depth == MEDIUM_WHOLE ? STORED_ALL : STORED_HEADER;

    return stored_inspect(&work->reader, wish->where, part, wish->password,
                          wish->report);
}

enum fault rutoken_container_inspect(const char *where, enum medium_depth depth,
                                     const char *password,
                                     struct container_report **report)
{
    struct wish wish = {
        .where = where, .password = password, .depth = depth, .report = report};

    *report = NULL;
    return is_inside(where)
               ? inspect_inside(where, depth, report)
               : rutoken_work_in(where, depth == MEDIUM_WHOLE, inspect, &wish);
}
