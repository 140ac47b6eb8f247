#include "token/rutoken/rutoken_work.h"

#include <string.h>

/* Faults after which no other container can be read either. */
static bool is_end(enum fault fault)
{
    static const enum fault ends[] = {
        FAULT_MEMORY,    FAULT_TOKEN_GONE, FAULT_NO_SERVICE,
        FAULT_NO_READER, FAULT_NO_TOKEN,   FAULT_TOKEN_BUSY,
        FAULT_IO,        FAULT_ARGUMENT,   FAULT_INTERRUPTED};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (ends[i] == fault)
            return true;
    return false;
}

/* A session whose PIN was not entered has let go of its token. */
static enum fault log_in(struct rutoken_work *work)
{
    enum fault fault;

    work->session->hidden = true;
    fault = token_session_login(work->session);

    if (fault == FAULT_NONE)
        return fault;
    token_session_close(&work->session);
    work->gone =
        token_session_open(work->place.serial, READER_SHARED, &work->session);
    return fault;
}

static enum fault read_with_pin(struct rutoken_work *work, uint16_t slot,
                                enum stored_part part,
                                struct container_files **files)
{
    if (work->login == FAULT_NONE)
        work->login = log_in(work);
    return work->login == FAULT_NONE
               ? slot_read(work->session, slot, part, files)
               : work->login;
}

static enum fault read_plain(void *context, const char *plain,
                             enum stored_part part,
                             struct container_files **files)
{
    struct rutoken_work *work = context;
    struct rutoken_place place;
    uint16_t slot = 0;
    enum fault fault = rutoken_place_of(plain, &place);

    if (fault == FAULT_NONE)
        fault = slot_find(work->session->dialect, place.name, &slot);
    if (fault == FAULT_NONE)
        fault = slot_read(work->session, slot, part, files);
    if (fault == FAULT_NO_ACCESS && !work->session->logged_in)
        fault = read_with_pin(work, slot, part, files);
    if (is_end(fault))
        work->gone = fault;
    return fault;
}

enum fault rutoken_work_begin(struct rutoken_work *work, const char *where,
                              bool with_pin)
{
    enum fault fault;

    memset(work, 0, sizeof *work);
    work->reader = (struct stored_reader){read_plain, work};
    (void)stored_plain(where, work->plain);
    fault = rutoken_place_of(work->plain, &work->place);
    if (fault == FAULT_NONE)
        fault = with_pin
                    ? token_session_enter(work->place.serial, &work->session)
                    : token_session_open(work->place.serial, READER_SHARED,
                                         &work->session);
    if (fault == FAULT_NONE && work->place.name[0] != '\0' &&
        work->place.key == 0)
        fault =
            slot_find(work->session->dialect, work->place.name, &work->slot);
    return fault;
}

/* The token itself is FAULT_NOT_CONTAINER, before anybody is asked for a PIN.
 */
static enum fault begin_in(struct rutoken_work *work, const char *where,
                           bool with_pin)
{
    char plain[LOCATION_MAX];
    enum fault fault;

    memset(work, 0, sizeof *work);
    (void)stored_plain(where, plain);
    fault = rutoken_place_of(plain, &work->place);
    if (fault == FAULT_NONE && work->place.name[0] == '\0')
        fault = FAULT_NOT_CONTAINER;
    return fault == FAULT_NONE ? rutoken_work_begin(work, where, with_pin)
                               : fault;
}

void rutoken_work_end(struct rutoken_work *work)
{
    token_session_close(&work->session);
}

static enum fault act_and_end(enum fault begun, struct rutoken_work *work,
                              rutoken_act *act, void *context)
{
    const enum fault fault = begun == FAULT_NONE ? act(work, context) : begun;

    rutoken_work_end(work);
    return fault;
}

enum fault rutoken_work_at(const char *where, bool with_pin, rutoken_act *act,
                           void *context)
{
    struct rutoken_work work;

    return act_and_end(rutoken_work_begin(&work, where, with_pin), &work, act,
                       context);
}

enum fault rutoken_work_in(const char *where, bool with_pin, rutoken_act *act,
                           void *context)
{
    struct rutoken_work work;

    return act_and_end(begin_in(&work, where, with_pin), &work, act, context);
}
