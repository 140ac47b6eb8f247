#include "token/rutoken/session/token_session_pin.h"

#include "keygen/secret.h"
#include "token/rutoken/session/token_session_info.h"

#include <string.h>

enum fault token_session_pin_change(struct token_session *session,
                                    enum pin_owner owner, const char *pin)
{
    const size_t size = strlen(pin);
    uint8_t *body = secret_new(6 + PIN_MAX);
    struct command command = {.ins = 0x24,
                              .p1 = 0x01,
                              .p2 = token_session_reference(owner),
                              .data = body};
    /* The length of all that follows, then as much of it as fits. */
    const uint8_t head[6] = {0x80,          0x02, 0x00,
                             (uint8_t)size, 0xA5, (uint8_t)size};
    const size_t prefix = session->dialect->bare_pin ? 0 : sizeof head;
    enum fault fault = FAULT_MEMORY;

    if (body == NULL)
        return fault;
    fault = size == 0 || size > PIN_MAX ? FAULT_PIN_LENGTH : FAULT_NONE;
    if (fault == FAULT_NONE) {
        memcpy(body, head, prefix);
        memcpy(body + prefix, pin, size);
        command.size = prefix + size;
        fault = token_session_do(session, &command);
    }
    secret_free(&body);
    /* Who may put one in is set when a token is formatted. */
    if (fault == FAULT_NO_ACCESS)
        fault = owner == PIN_OWNER_USER ? FAULT_PIN_RIGHT : FAULT_TOKEN_REFUSED;
    return fault;
}

enum fault token_session_pin_unblock(struct token_session *session)
{
    const struct command command = {
        .ins = 0x2C, .p1 = 0x03, .p2 = token_session_reference(PIN_OWNER_USER)};
    struct pin_state state = {.tries = 0};
    bool logged_in = false;
    enum fault fault = token_session_do(session, &command);

    if (fault == FAULT_NONE)
        fault = token_session_pin_state(session, PIN_OWNER_USER, &state,
                                        &logged_in);
    /* Said to be done, and not done. */
    if (fault == FAULT_NONE && state.blocked)
        fault = FAULT_TOKEN_ANSWER;
    return fault == FAULT_NO_ACCESS ? FAULT_TOKEN_REFUSED : fault;
}
