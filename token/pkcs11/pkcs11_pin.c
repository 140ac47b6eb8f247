#include "token/pkcs11/pkcs11_pin.h"

#include "token/pkcs11/pkcs11_login.h"

#include <stdio.h>
#include <string.h>

/* That of a new Rutoken, by which the flag "to be changed" is explained. */
static void put_factory(const CK_TOKEN_INFO *info, struct pin_state *state)
{
    char model[MEDIUM_LABEL_MAX];

    PKCS11_TOKEN_TEXT(info->model, model);
    if (strncmp(model, "Rutoken", 7) == 0)
        (void)snprintf(state->factory, sizeof state->factory, "12345678");
}

void pkcs11_pin_tries(CK_FLAGS flags, struct pin_state *state)
{
    state->blocked = (flags & CKF_USER_PIN_LOCKED) != 0;
    state->last = !state->blocked && (flags & CKF_USER_PIN_FINAL_TRY) != 0;
    state->low =
        state->blocked || state->last || (flags & CKF_USER_PIN_COUNT_LOW) != 0;
    state->tries = state->blocked ? 0 : state->last ? 1 : PIN_TRIES_UNKNOWN;
    state->most_tries = PIN_TRIES_UNKNOWN;
}

/* A token that was changed for another in this slot must not get the PIN. */
enum fault pkcs11_pin_state(struct pkcs11_token *token, struct pin_state *state)
{
    char model[MEDIUM_LABEL_MAX], serial[MEDIUM_LABEL_MAX];
    CK_TOKEN_INFO info = {.flags = 0};
    const CK_RV rv = token->call->C_GetTokenInfo(token->slot, &info);

    if (rv != CKR_OK)
        return rv == CKR_TOKEN_NOT_PRESENT ? FAULT_TOKEN_GONE
                                           : pkcs11_module_fault(rv);
    if (!pkcs11_place_fits(&token->place, &info))
        return FAULT_TOKEN_GONE;
    token->info = info;
    PKCS11_TOKEN_TEXT(info.model, model);
    PKCS11_TOKEN_TEXT(info.serialNumber, serial);
    memcpy(state->location, token->location, sizeof state->location);
    (void)snprintf(state->token, sizeof state->token, "%.60s %.60s", model,
                   serial);
    pkcs11_pin_tries(info.flags, state);
    put_factory(&info, state);
    state->least = info.ulMinPinLen <= PIN_MAX ? info.ulMinPinLen : 0;
    state->most = info.ulMaxPinLen <= PIN_MAX ? info.ulMaxPinLen : 0;
    /* One with a PIN pad would not take what is typed here. */
    return (info.flags & CKF_USER_PIN_INITIALIZED) != 0 &&
                   (info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) == 0
               ? FAULT_NONE
               : FAULT_TOKEN_REFUSED;
}

static enum fault look(void *token, struct pin_state *state)
{
    return pkcs11_pin_state(token, state);
}

static CK_RV send(struct pkcs11_token *token, CK_USER_TYPE user,
                  const char *pin, size_t size)
{
    return token->call->C_Login(token->session, user,
                                (CK_UTF8CHAR *)(uintptr_t)pin, size);
}

static enum fault verify(void *context, const char *pin, size_t size)
{
    struct pkcs11_token *token = context;
    const CK_RV rv = send(token, CKU_USER, pin, size);

    if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
        pkcs11_login_begin(token, rv == CKR_OK);
    return rv == CKR_USER_ALREADY_LOGGED_IN ? FAULT_NONE
                                            : pkcs11_module_fault(rv);
}

/* Whether another session of this process is logged in. */
static bool is_open(const struct pkcs11_token *token)
{
    CK_SESSION_INFO info = {.state = 0};

    return token->call->C_GetSessionInfo(token->session, &info) == CKR_OK &&
           (info.state == CKS_RO_USER_FUNCTIONS ||
            info.state == CKS_RW_USER_FUNCTIONS);
}

enum fault pkcs11_pin_login(struct pkcs11_token *token)
{
    static const struct pin_door door = {.look = look, .verify = verify};

    if (token->logged_in || !(token->info.flags & CKF_LOGIN_REQUIRED))
        return FAULT_NONE;
    if (!is_open(token))
        return pin_enter(&door, token);
    pkcs11_login_begin(token, false);
    return FAULT_NONE;
}

/* A PIN that has to be changed before it opens anything is a right one. */
static enum fault verify_alone(void *context, const char *pin, size_t size)
{
    const enum fault fault = verify(context, pin, size);

    return fault == FAULT_PIN_CHANGE ? FAULT_NONE : fault;
}

enum fault pkcs11_pin_check(struct pkcs11_token *token)
{
    static const struct pin_door door = {.look = look, .verify = verify_alone};

    return pin_enter(&door, token);
}

static enum fault verify_again(void *context, const char *pin, size_t size)
{
    return pkcs11_module_fault(send(context, CKU_CONTEXT_SPECIFIC, pin, size));
}

enum fault pkcs11_pin_login_again(struct pkcs11_token *token)
{
    static const struct pin_door door = {.look = look, .verify = verify_again};

    return pin_enter(&door, token);
}

/* The old PIN is sent together with the new one, and only once. */
struct change {
    struct pkcs11_token *token;
    const char *new_one;
};

static enum fault look_for_change(void *context, struct pin_state *state)
{
    const struct change *change = context;

    return pkcs11_pin_state(change->token, state);
}

static enum fault verify_and_change(void *context, const char *pin, size_t size)
{
    const struct change *change = context;
    struct pkcs11_token *token = change->token;

    return pkcs11_module_fault(token->call->C_SetPIN(
        token->session, (CK_UTF8CHAR *)(uintptr_t)pin, size,
        (CK_UTF8CHAR *)(uintptr_t)change->new_one, strlen(change->new_one)));
}

enum fault pkcs11_pin_set(struct pkcs11_token *token, const char *new_one)
{
    static const struct pin_door door = {.look = look_for_change,
                                         .verify = verify_and_change};
    struct change change = {token, new_one};
    struct pin_state state = {.tries = 0};
    enum fault fault = pkcs11_pin_state(token, &state);

    if (fault == FAULT_NONE)
        fault = pin_check(&state, new_one);
    if (fault == FAULT_NONE)
        fault = pin_enter(&door, &change);
    return fault == FAULT_NONE ? pin_know(token->location, new_one) : fault;
}
