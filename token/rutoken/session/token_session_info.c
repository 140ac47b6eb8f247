#include "token/rutoken/session/token_session_info.h"

#include <stdio.h>
#include <string.h>

enum {
    TRIES = 0x63C0,
    BLOCKED = 0x6983,
    GOOD = 0x9000,
    PIN_KIND = 0x01,
    PIN_HEADER = 10,       /* bytes of it that are understood */
    PIN_HEADER_WHOLE = 38, /* as tokens have it, of which T=0 wants to know */
    MEMORY_UNIT = 8 * 1024,
    NEW_GENERATION = 30, /* the firmware of ECP 3.0 */
    PIN_MOST_OLD = 32
};

uint8_t token_session_reference(enum pin_owner owner)
{
    return owner == PIN_OWNER_ADMINISTRATOR ? 0x01 : 0x02;
}

void token_session_location(const struct token_session *session,
                            char location[LOCATION_MAX])
{
    (void)snprintf(location, LOCATION_MAX, "rutoken:%s", session->serial);
}

/* 62 LL 85 06 kind least flags tries …: the tries of an unspent PIN, those
 * that are left. What does not agree with the status word is not believed. */
static enum fault read_header(struct token_session *session,
                              struct pin_state *state)
{
    const struct command command = {
        .ins = 0xCA,
        .p1 = 0x01,
        .p2 = token_session_reference(state->owner),
        .answer = session->transport.t0 ? PIN_HEADER_WHOLE : 256};
    const struct answer *answer = &session->answer;
    enum fault fault =
        transport_send(&session->transport, &command, &session->answer);

    if (fault != FAULT_NONE || answer->status != GOOD ||
        answer->size < PIN_HEADER || answer->data[0] != 0x62 ||
        answer->data[2] != 0x85 || answer->data[3] != 6 ||
        answer->data[4] != PIN_KIND || (answer->data[7] & 0x0F) != state->tries)
        return fault;
    state->least = answer->data[5];
    state->most_tries = answer->data[7] >> 4;
    return FAULT_NONE;
}

enum fault token_session_pin_state(struct token_session *session,
                                   enum pin_owner owner,
                                   struct pin_state *state, bool *logged_in)
{
    const struct command command = {.ins = 0x20,
                                    .p2 = token_session_reference(owner)};
    unsigned status;
    enum fault fault =
        transport_send(&session->transport, &command, &session->answer);

    if (fault != FAULT_NONE)
        return fault;
    status = session->answer.status;
    *logged_in = status == GOOD;
    if (status != GOOD && status != BLOCKED && (status & 0xFFF0) != TRIES)
        return transport_fault(status) == FAULT_PIN_WRONG
                   ? FAULT_TOKEN_ANSWER
                   : transport_fault(status);
    memset(state, 0, sizeof *state);
    state->owner = owner;
    token_session_location(session, state->location);
    (void)snprintf(state->token, sizeof state->token, "%s %s",
                   session->dialect->model, session->serial);
    (void)snprintf(state->factory, sizeof state->factory, "%s",
                   pin_factory(owner));
    state->tries = status == GOOD      ? PIN_TRIES_UNKNOWN
                   : status == BLOCKED ? 0
                                       : (int)(status & 0x0F);
    state->most_tries = PIN_TRIES_UNKNOWN;
    state->least = session->dialect->pin_least;
    state->most = session->dialect->pin_most;
    state->blocked = state->tries == 0;
    state->last = state->tries == 1;
    state->hidden = session->hidden;
    state->low = state->tries > 0 && state->tries <= PIN_TRIES_LOW;
    return session->dialect->pin_header ? read_header(session, state)
                                        : FAULT_NONE;
}

/* Kind, hardware, memory, protocol, firmware in two bytes. */
static enum fault read_info(struct token_session *session,
                            struct medium_info *info)
{
    const struct command command = {.ins = 0xCA,
                                    .p1 = 0x01,
                                    .p2 = 0x89,
                                    .answer = session->dialect->info_size};
    const struct answer *answer = &session->answer;
    enum fault fault =
        transport_send(&session->transport, &command, &session->answer);

    /* Without it the token is as good. */
    if (fault != FAULT_NONE || answer->status != GOOD || answer->size < 6)
        return fault;
    info->memory = (uint64_t)answer->data[2] * MEMORY_UNIT;
    (void)snprintf(info->firmware, sizeof info->firmware, "%u.%02u",
                   answer->data[4], answer->data[5]);
    if (session->dialect->makes_keys && answer->data[4] >= NEW_GENERATION)
        (void)snprintf(info->model, sizeof info->model, "%s 3.0",
                       session->dialect->model);
    else if (session->dialect->makes_keys)
        info->pin_most = PIN_MOST_OLD;
    return FAULT_NONE;
}

static enum fault read_memory(struct token_session *session,
                              struct medium_info *info)
{
    const struct command command = {
        .ins = 0xCA, .p1 = 0x01, .p2 = 0x8A, .answer = 4};
    const uint8_t *data = session->answer.data;
    enum fault fault;

    if (!session->dialect->tells_memory)
        return FAULT_NONE;
    fault = transport_send(&session->transport, &command, &session->answer);
    if (fault == FAULT_NONE && session->answer.status == GOOD &&
        session->answer.size == 4)
        info->memory_free = (uint64_t)data[0] << 24 | (uint64_t)data[1] << 16 |
                            (uint64_t)data[2] << 8 | data[3];
    return fault;
}

static void take_pin(const struct pin_state *state, struct medium_info *info)
{
    info->has_pin = true;
    info->pin_tries = state->tries;
    info->pin_most_tries = state->most_tries;
    info->pin_blocked = state->blocked;
    info->pin_low = state->low;
    info->pin_last = state->last;
    info->pin_least = state->least;
    if (info->pin_most == 0)
        info->pin_most = state->most;
}

enum fault token_session_look(struct token_session *session,
                              struct medium_info *info)
{
    struct pin_state *state = &(struct pin_state){.tries = 0};
    bool logged_in = false;
    enum fault fault;

    *info = (struct medium_info){.makes_keys = session->dialect->makes_keys};
    token_session_location(session, info->location);
    (void)snprintf(info->reader, sizeof info->reader, "%s", session->reader);
    (void)snprintf(info->model, sizeof info->model, "%s",
                   session->dialect->model);
    (void)snprintf(info->serial, sizeof info->serial, "%s", session->serial);
    fault = read_info(session, info);
    if (fault == FAULT_NONE)
        fault = read_memory(session, info);
    if (fault == FAULT_NONE)
        fault =
            token_session_pin_state(session, PIN_OWNER_USER, state, &logged_in);
    if (fault == FAULT_NONE)
        take_pin(state, info);
    return fault;
}
