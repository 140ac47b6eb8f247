#include "token/rutoken/rutoken_pin.h"

#include "token/pin.h"
#include "token/rutoken/rutoken_place.h"
#include "token/rutoken/session/token_session_info.h"
#include "token/rutoken/session/token_session_pin.h"

/* At the token of a place, with that PIN. */
static enum fault begin(const char *location, enum pin_owner owner,
                        struct token_session **session)
{
    struct rutoken_place place;
    enum fault fault = rutoken_place_of(location, &place);

    *session = NULL;
    return fault == FAULT_NONE
               ? token_session_enter_as(place.serial, owner, session)
               : fault;
}

/* The PIN that is in from now on is not asked for again. */
static enum fault put_in(struct token_session *session, enum pin_owner owner,
                         const char *new_one)
{
    char location[LOCATION_MAX];
    enum fault fault = token_session_pin_change(session, owner, new_one);

    if (fault != FAULT_NONE)
        return fault;
    token_session_location(session, location);
    return pin_know(location, owner, new_one);
}

enum fault rutoken_pin_enter(const char *location, enum pin_owner owner)
{
    struct token_session *session;
    enum fault fault = begin(location, owner, &session);

    token_session_close(&session);
    return fault;
}

enum fault rutoken_pin_change(const char *location, enum pin_owner owner,
                              const char *new_one)
{
    struct token_session *session;
    enum fault fault = begin(location, owner, &session);

    if (fault == FAULT_NONE)
        fault = put_in(session, owner, new_one);
    token_session_close(&session);
    return fault;
}

/* The tries first: a token that is pulled out between the two can be used with
 * the old PIN. */
enum fault rutoken_pin_unblock(const char *location, const char *new_one)
{
    struct token_session *session;
    enum fault fault = begin(location, PIN_OWNER_ADMINISTRATOR, &session);

    if (fault == FAULT_NONE)
        fault = token_session_pin_unblock(session);
    if (fault == FAULT_NONE && new_one != NULL)
        fault = put_in(session, PIN_OWNER_USER, new_one);
    token_session_close(&session);
    return fault;
}
