#include "token/rutoken/rutoken_medium.h"

#include "token/pin.h"
#include "token/rutoken/resident/resident_key.h"
#include "token/rutoken/rutoken_list.h"
#include "token/rutoken/rutoken_store.h"
#include "token/rutoken/rutoken_work.h"

#include <stdio.h>
#include <string.h>

/* --- the token ----------------------------------------------------------- */

static enum fault look(const char *location, struct medium_info *info)
{
    struct rutoken_work work;
    enum fault fault = rutoken_work_begin(&work, location, false);

    if (fault == FAULT_NONE)
        fault = token_session_look(work.session, info);
    rutoken_work_end(&work);
    return fault;
}

static enum fault enter(const char *location)
{
    struct rutoken_work work;
    enum fault fault = rutoken_work_begin(&work, location, true);

    rutoken_work_end(&work);
    return fault;
}

static enum fault change_pin(const char *location, const char *new_one)
{
    struct rutoken_work work;
    char own[LOCATION_MAX];
    enum fault fault = rutoken_work_begin(&work, location, true);

    if (fault == FAULT_NONE) {
        (void)snprintf(own, sizeof own, "rutoken:%s", work.session->serial);
        fault = token_session_change_pin(work.session, new_one);
    }
    if (fault == FAULT_NONE)
        fault = pin_know(own, new_one);
    rutoken_work_end(&work);
    return fault;
}

static enum fault await(const char *location, medium_stop *stop, void *context)
{
    struct rutoken_place place;
    enum fault fault = rutoken_place_of(location, &place);

    return fault == FAULT_NONE
               ? token_session_await(place.serial, stop, context)
               : fault;
}

/* Of the token itself too. */
static enum fault home(const char *where, char *location)
{
    struct rutoken_place place;
    char plain[LOCATION_MAX];
    enum fault fault;

    (void)stored_plain(where, plain);
    fault = rutoken_place_of(plain, &place);
    if (fault == FAULT_NONE && place.serial[0] == '\0')
        fault = FAULT_LOCATION;
    if (fault == FAULT_NONE)
        (void)snprintf(location, LOCATION_MAX, "rutoken:%s", place.serial);
    return fault;
}

/* A token has one key, however it is reached: its serial number. */
static void exclusive(const char *location, char *key)
{
    struct rutoken_place place;

    if (rutoken_place_of(location, &place) == FAULT_NONE)
        (void)snprintf(key, MEDIUM_KEY_MAX, "token:%s", place.serial);
}

/* --- which --------------------------------------------------------------- */

/* The n-th slot that is free; where there are fewer, one that was begun and
 * left. */
static enum fault choose_slot(struct token_session *session, unsigned n,
                              char *folder)
{
    bool used[DIALECT_SLOTS_MAX];
    enum fault fault = slot_list(session, used);

    for (size_t i = 0; i < session->dialect->slots && fault == FAULT_NONE; i++)
        if (!used[i] && n-- == 0) {
            slot_name(dialect_slot(i), folder);
            return FAULT_NONE;
        }
    for (size_t i = 0; i < session->dialect->slots && fault == FAULT_NONE;
         i++) {
        struct container_files *files = NULL;

        if (!used[i])
            continue;
        fault = slot_read(session, dialect_slot(i), STORED_HEADER, &files);
        container_files_free(&files);
        if (fault == FAULT_UNFINISHED && n-- == 0) {
            slot_name(dialect_slot(i), folder);
            return FAULT_NONE;
        }
        if (fault == FAULT_UNFINISHED || fault == FAULT_DAMAGED)
            fault = FAULT_NONE;
    }
    return fault == FAULT_NONE ? FAULT_SLOTS : fault;
}

static enum fault choose_name(const char *location, const char *wanted,
                              bool resident, unsigned n, char *folder)
{
    struct rutoken_work work;
    uint8_t id;
    enum fault fault = rutoken_work_begin(&work, location, false);

    (void)wanted;
    if (fault == FAULT_NONE && resident) {
        fault = resident_free_id(work.session, n, &id);
        if (fault == FAULT_NONE)
            resident_name(id, folder);
    } else if (fault == FAULT_NONE) {
        fault = choose_slot(work.session, n, folder);
    }
    rutoken_work_end(&work);
    return fault;
}

/* A key or a container at that place. */
static enum fault probe_place(const struct rutoken_work *work)
{
    struct resident_record record = {.counter = 0};
    struct container_files *files = NULL;
    enum fault fault;

    if (work->place.key != 0) {
        fault = resident_read(work->session, work->place.key, &record);
        resident_record_free(&record);
    } else {
        fault = slot_probe(work->session, work->slot);
        if (fault == FAULT_NONE)
            fault = slot_read(work->session, work->slot, STORED_HEADER, &files);
        container_files_free(&files);
    }
    if (fault == FAULT_NOT_FOUND || fault == FAULT_UNFINISHED)
        return FAULT_NONE;
    return fault == FAULT_NONE || fault == FAULT_DAMAGED ? FAULT_EXISTS : fault;
}

static enum fault probe(const char *location, const char *folder_name)
{
    char where[LOCATION_MAX], folder[CONTAINER_FOLDER_MAX];
    struct medium_info info;
    struct rutoken_work work;
    enum fault fault = FAULT_NONE;

    (void)snprintf(where, sizeof where, "%s", location);
    if (folder_name != NULL)
        fault = medium_join(&rutoken_medium, location, folder_name, where);
    memset(&work, 0, sizeof work);
    if (fault == FAULT_NONE)
        fault = rutoken_work_begin(&work, where, false);
    if (fault == FAULT_NONE && folder_name == NULL &&
        work.place.name[0] != '\0')
        fault = FAULT_LOCATION; /* nothing is put into a container */
    if (fault == FAULT_NONE)
        fault = token_session_look(work.session, &info);
    if (fault == FAULT_NONE && info.pin_blocked)
        fault = FAULT_PIN_BLOCKED;
    if (fault == FAULT_NONE)
        fault = folder_name == NULL ? choose_slot(work.session, 0, folder)
                                    : probe_place(&work);
    rutoken_work_end(&work);
    return fault;
}

/* --- one container ------------------------------------------------------- */

static enum fault describe(const char *where, struct container_info *info)
{
    struct resident_record record;
    struct rutoken_work work;
    enum fault fault = rutoken_work_begin_in(&work, where, false);

    *info = (struct container_info){.algorithm = NULL};
    if (fault == FAULT_NONE && work.place.key != 0) {
        fault = resident_read(work.session, work.place.key, &record);
        if (fault == FAULT_NONE)
            resident_key_describe(&record, work.plain, info);
    } else if (fault == FAULT_NONE) {
        fault = stored_describe(&work.reader, where, info);
    }
    rutoken_work_end(&work);
    return fault;
}

/* The record takes no PIN; the key asks for it by itself. */
static enum fault open_inside(const char *where, struct container **container)
{
    struct resident_record record = {.counter = 0};
    struct rutoken_work work;
    enum fault fault = rutoken_work_begin_in(&work, where, false);

    if (fault == FAULT_NONE)
        fault = resident_read(work.session, work.place.key, &record);
    rutoken_work_end(&work);
    if (fault == FAULT_NONE)
        fault = resident_key_open(&record, work.place.serial, work.place.key,
                                  work.plain, container);
    resident_record_free(&record);
    return fault;
}

static bool is_inside(const char *where)
{
    struct rutoken_place place;

    return rutoken_place_of(where, &place) == FAULT_NONE && place.key != 0;
}

static enum fault open_container(const char *where, const char *password,
                                 struct container **container)
{
    struct rutoken_work work;
    enum fault fault;

    *container = NULL;
    if (is_inside(where))
        return open_inside(where, container);
    fault = rutoken_work_begin_in(&work, where, true);
    if (fault == FAULT_NONE)
        fault = stored_open(&work.reader, where, password, container);
    rutoken_work_end(&work);
    return fault;
}

static enum fault take_out(const char *where, const char *password,
                           struct material **material)
{
    struct rutoken_work work;
    enum fault fault;

    *material = NULL;
    if (is_inside(where))
        return FAULT_RESIDENT;
    fault = rutoken_work_begin_in(&work, where, true);
    if (fault == FAULT_NONE)
        fault = stored_take_out(&work.reader, where, password, material);
    rutoken_work_end(&work);
    return fault;
}

static enum fault read_files(const char *where, struct container_files **files)
{
    struct rutoken_work work;
    enum fault fault;

    *files = NULL;
    if (is_inside(where))
        return FAULT_RESIDENT;
    fault = rutoken_work_begin_in(&work, where, true);
    if (fault == FAULT_NONE)
        fault = slot_read(work.session, work.slot, STORED_ALL, files);
    /* A file that cannot be read must not be left out in silence. */
    if (fault == FAULT_NONE && (*files)->unread != FAULT_NONE) {
        fault = (*files)->unread;
        container_files_free(files);
    }
    rutoken_work_end(&work);
    return fault;
}

static enum fault inspect_inside(const char *where,
                                 struct container_report **report)
{
    struct container *container = NULL;
    struct resident_record record = {.counter = 0};
    struct rutoken_work work;
    enum fault fault = open_inside(where, &container);
    const bool opened = fault == FAULT_NONE;

    container_free(&container);
    if (!opened && fault != FAULT_KEY_MISMATCH)
        return fault;
    fault = rutoken_work_begin_in(&work, where, false);
    if (fault == FAULT_NONE)
        fault = resident_read(work.session, work.place.key, &record);
    if (fault == FAULT_NONE)
        fault = resident_key_report(&record, work.plain, opened, report);
    resident_record_free(&record);
    rutoken_work_end(&work);
    return fault;
}

static enum fault inspect(const char *where, const char *password,
                          struct container_report **report)
{
    struct rutoken_work work;
    enum fault fault;

    *report = NULL;
    if (is_inside(where))
        return inspect_inside(where, report);
    fault = rutoken_work_begin_in(&work, where, true);
    if (fault == FAULT_NONE)
        fault = stored_inspect(&work.reader, where, password, report);
    rutoken_work_end(&work);
    return fault;
}

const struct medium_ops rutoken_medium = {
    .kind = "rutoken",
    .present = token_session_each,
    .look = look,
    .enter = enter,
    .change_pin = change_pin,
    .await = await,
    .exclusive = exclusive,
    .home = home,
    .name = choose_name,
    .list = rutoken_list,
    .describe = describe,
    .open = open_container,
    .generate = rutoken_store_generate,
    .store = rutoken_store_key,
    .write_certificate = rutoken_store_certificate,
    .take_out = take_out,
    .put_in = rutoken_store_put_in,
    .read_files = read_files,
    .write_files = rutoken_store_files,
    .inspect = inspect,
    .set_password = rutoken_store_password,
    .probe = probe,
    .remove = rutoken_store_remove,
};
