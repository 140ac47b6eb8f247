#include "token/rutoken/rutoken_medium.h"

#include "token/rutoken/rutoken_container.h"
#include "token/rutoken/rutoken_list.h"
#include "token/rutoken/rutoken_pin.h"
#include "token/rutoken/rutoken_store.h"
#include "token/rutoken/rutoken_work.h"

#include <stdio.h>
#include <string.h>

/* --- the token ----------------------------------------------------------- */

static enum fault look_at(struct rutoken_work *work, void *context)
{
    return token_session_look(work->session, context);
}

static enum fault look(const char *location, struct medium_info *info)
{
    return rutoken_work_at(location, false, look_at, info);
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

    if (rutoken_place_of(location, &place) != FAULT_NONE)
        return;
    if (place.serial[0] == '\0')
        (void)snprintf(key, MEDIUM_KEY_MAX, MEDIUM_KEY_ANY);
    else
        (void)snprintf(key, MEDIUM_KEY_MAX, "token:%s", place.serial);
}

/* --- which --------------------------------------------------------------- */

/* The n-th slot that is free; where there are fewer, one that was begun and
 * left. One by one: the first is found with fewer commands than a list takes.
 */
static enum fault choose_slot(struct token_session *session, unsigned n,
                              char *folder)
{
    const size_t slots = session->dialect->slots;
    bool used[DIALECT_SLOTS_MAX];
    enum fault fault = FAULT_NONE;

    for (size_t i = 0; i < slots && fault == FAULT_NONE; i++) {
        fault = slot_is_used(session, i, &used[i]);
        if (fault == FAULT_NONE && !used[i] && n-- == 0) {
            slot_name(dialect_slot(i), folder);
            return FAULT_NONE;
        }
    }
    for (size_t i = 0; i < slots && fault == FAULT_NONE; i++) {
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

struct naming {
    const struct algorithm *inside;
    unsigned n;
    char *folder;
};

static enum fault choose(struct rutoken_work *work, void *context)
{
    const struct naming *naming = context;
    uint8_t id;
    enum fault fault;

    if (naming->inside == NULL)
        return choose_slot(work->session, naming->n, naming->folder);
    fault = resident_makes(work->session, naming->inside)
                ? resident_free_id(work->session, naming->n, &id)
                : FAULT_NOT_RESIDENT;
    if (fault == FAULT_NONE)
        resident_name(id, naming->folder);
    return fault;
}

static enum fault choose_name(const char *location, const char *wanted,
                              const struct algorithm *inside, unsigned n,
                              char *folder)
{
    struct naming naming = {inside, n, folder};

    (void)wanted;
    return rutoken_work_at(location, false, choose, &naming);
}

/* A key or a container at that place. */
static enum fault probe_place(const struct rutoken_work *work)
{
    struct resident_record record = {.counter = 0};
    struct container_files *files = NULL;
    enum fault fault;

    if (work->place.key != 0 && !work->session->dialect->makes_keys)
        return FAULT_ARGUMENT;
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

/* folder_name: what a container is to have; NULL: any. */
static enum fault look_for_room(struct rutoken_work *work, void *context)
{
    const char *folder_name = context;
    char folder[CONTAINER_FOLDER_MAX];
    struct medium_info info;
    enum fault fault = FAULT_NONE;

    if (folder_name == NULL && work->place.name[0] != '\0')
        fault = FAULT_LOCATION; /* nothing is put into a container */
    if (fault == FAULT_NONE)
        fault = token_session_look(work->session, &info);
    if (fault == FAULT_NONE && info.pin_blocked)
        fault = FAULT_PIN_BLOCKED;
    if (fault == FAULT_NONE)
        fault = folder_name == NULL ? choose_slot(work->session, 0, folder)
                                    : probe_place(work);
    return fault;
}

static enum fault probe(const char *location, const char *folder_name)
{
    char where[LOCATION_MAX], name[CONTAINER_FOLDER_MAX];
    enum fault fault = FAULT_NONE;

    if (folder_name == NULL)
        return rutoken_work_at(location, false, look_for_room, NULL);
    if (snprintf(name, sizeof name, "%s", folder_name) >= (int)sizeof name)
        return FAULT_ARGUMENT;
    fault = medium_join(&rutoken_medium, location, name, where);
    if (fault == FAULT_NONE)
        fault = rutoken_work_at(where, false, look_for_room, name);
    return fault == FAULT_NOT_FOUND ? FAULT_ARGUMENT : fault;
}

const struct medium_ops rutoken_medium = {
    .kind = "rutoken",
    .present = token_session_each,
    .look = look,
    .enter = rutoken_pin_enter,
    .change_pin = rutoken_pin_change,
    .unblock = rutoken_pin_unblock,
    .await = await,
    .exclusive = exclusive,
    .home = home,
    .name = choose_name,
    .list = rutoken_list,
    .overview = rutoken_list_overview,
    .describe = rutoken_container_describe,
    .open = rutoken_container_open,
    .generate = rutoken_store_generate,
    .store = rutoken_store_key,
    .write_certificate = rutoken_store_certificate,
    .take_out = rutoken_container_take_out,
    .put_in = rutoken_store_put_in,
    .read_files = rutoken_container_files,
    .write_files = rutoken_store_files,
    .inspect = rutoken_container_inspect,
    .set_password = rutoken_store_password,
    .probe = probe,
    .remove = rutoken_store_remove,
};
