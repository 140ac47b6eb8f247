#include "token/pkcs11/pkcs11_pin.h"

#include "token/pkcs11/pkcs11_login.h"

#include <stdio.h>
#include <string.h>

/* What tells of a PIN. */
static const struct {
    CK_FLAGS low, last, blocked;
} flag[] = {
    [PIN_OWNER_USER] = {CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY,
                        CKF_USER_PIN_LOCKED},
    [PIN_OWNER_ADMINISTRATOR] = {CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY,
                                 CKF_SO_PIN_LOCKED},
};

/* More than any token takes is no bound. */
static size_t bound(CK_ULONG said)
{
    return said <= PIN_MAX ? said : 0;
}

void pkcs11_pin_read(const CK_TOKEN_INFO *info, struct pin_state *state)
{
    const CK_FLAGS flags = info->flags;

    state->blocked = (flags & flag[state->owner].blocked) != 0;
    state->last = !state->blocked && (flags & flag[state->owner].last) != 0;
    state->low =
        state->blocked || state->last || (flags & flag[state->owner].low) != 0;
    state->tries = state->blocked ? 0 : state->last ? 1 : PIN_TRIES_UNKNOWN;
    state->most_tries = PIN_TRIES_UNKNOWN;
    state->least = bound(info->ulMinPinLen);
    state->most = bound(info->ulMaxPinLen);
    state->pad = (flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
}

/* A token that was changed for another in this slot must not get the PIN. */
enum fault pkcs11_pin_state(struct pkcs11_token *token, enum pin_owner owner,
                            struct pin_state *state)
{
    char model[MEDIUM_LABEL_MAX], serial[MEDIUM_LABEL_MAX];
    enum fault fault = pkcs11_token_renew(token);

    if (fault != FAULT_NONE)
        return fault;
    PKCS11_TOKEN_TEXT(token->info.model, model);
    PKCS11_TOKEN_TEXT(token->info.serialNumber, serial);
    memcpy(state->location, token->location, sizeof state->location);
    state->owner = owner;
    (void)snprintf(state->token, sizeof state->token, "%.60s %.60s", model,
                   serial);
    pkcs11_pin_read(&token->info, state);
    /* By it the flag "to be changed" is explained. */
    if (strncmp(model, "Rutoken", 7) == 0)
        (void)snprintf(state->factory, sizeof state->factory, "%s",
                       pin_factory(owner));
    return owner == PIN_OWNER_USER &&
                   (token->info.flags & CKF_USER_PIN_INITIALIZED) == 0
               ? FAULT_TOKEN_REFUSED
               : FAULT_NONE;
}

static enum fault look(void *token, struct pin_state *state)
{
    return pkcs11_pin_state(token, PIN_OWNER_USER, state);
}

static CK_RV send(struct pkcs11_token *token, CK_USER_TYPE user,
                  const char *pin, size_t size)
{
    return token->call->C_Login(token->session, user,
                                (CK_UTF8CHAR *)(uintptr_t)pin, size);
}

/* Where another session is logged in the module does not look at it. */
static enum fault verify_as(struct pkcs11_token *token, CK_USER_TYPE user,
                            const char *pin, size_t size)
{
    const CK_RV rv = send(token, user, pin, size);

    if (rv == CKR_OK)
        pkcs11_login_begin(token, true);
    return rv == CKR_USER_ALREADY_LOGGED_IN ? FAULT_PIN_UNSEEN
                                            : pkcs11_module_fault(rv);
}

static enum fault verify(void *token, const char *pin, size_t size)
{
    return verify_as(token, CKU_USER, pin, size);
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
    enum fault fault = FAULT_PIN_UNSEEN;

    if (token->logged_in || !(token->info.flags & CKF_LOGIN_REQUIRED))
        return FAULT_NONE;
    if (!is_open(token))
        fault = pin_enter(&door, token);
    if (fault != FAULT_PIN_UNSEEN)
        return fault;
    pkcs11_login_begin(token, false);
    return FAULT_NONE;
}

/* --- whether it is right -------------------------------------------------- */

/* A PIN that has to be changed before it opens anything is a right one. */
static enum fault verify_alone(void *context, const char *pin, size_t size)
{
    const enum fault fault = verify(context, pin, size);

    return fault == FAULT_PIN_CHANGE ? FAULT_NONE : fault;
}

/* The administrator's. What may be done with one that has to be changed first
 * differs, so that it is none to work with. */
static enum fault look_for_administrator(void *token, struct pin_state *state)
{
    return pkcs11_pin_state(token, PIN_OWNER_ADMINISTRATOR, state);
}

static enum fault verify_administrator(void *token, const char *pin,
                                       size_t size)
{
    return verify_as(token, CKU_SO, pin, size);
}

static enum fault enter_administrator(struct pkcs11_token *token)
{
    static const struct pin_door door = {.look = look_for_administrator,
                                         .verify = verify_administrator};

    return pin_enter(&door, token);
}

enum fault pkcs11_pin_check(struct pkcs11_token *token, enum pin_owner owner)
{
    static const struct pin_door door = {.look = look, .verify = verify_alone};

    return owner == PIN_OWNER_USER ? pin_enter(&door, token)
                                   : enter_administrator(token);
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

/* --- another one --------------------------------------------------------- */

/* The old PIN is sent together with the new one, and only once. */
struct change {
    struct pkcs11_token *token;
    enum pin_owner owner;
    const char *new_one;
};

static enum fault look_for_change(void *context, struct pin_state *state)
{
    const struct change *change = context;

    return pkcs11_pin_state(change->token, change->owner, state);
}

/* Who may put the user's in, and which, is the token's policy. */
static enum fault fault_of_change(CK_RV rv, enum pin_owner owner)
{
    static const struct {
        CK_RV rv;
        enum fault fault;
    } rows[] = {
        {CKR_PIN_INVALID, FAULT_PIN_WEAK},
        /* Rutoken's CKR_INAPPROPRIATE_PIN and CKR_PIN_IN_HISTORY. */
        {CKR_VENDOR_DEFINED + 10, FAULT_PIN_WEAK},
        {CKR_VENDOR_DEFINED + 11, FAULT_PIN_WEAK},
    };

    if (rv == CKR_ACTION_PROHIBITED && owner == PIN_OWNER_USER)
        return FAULT_PIN_RIGHT;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].rv == rv)
            return rows[i].fault;
    return pkcs11_module_fault(rv);
}

static CK_ULONG size_of(const char *pin)
{
    return pin == NULL ? 0 : strlen(pin);
}

/* C_SetPIN changes the PIN of whoever is logged in, and the user's where
 * nobody is. */
static enum fault verify_and_change(void *context, const char *pin, size_t size)
{
    const struct change *change = context;
    struct pkcs11_token *token = change->token;
    enum fault fault = change->owner == PIN_OWNER_USER
                           ? FAULT_NONE
                           : verify_administrator(token, pin, size);

    return fault != FAULT_NONE
               ? fault
               : fault_of_change(token->call->C_SetPIN(
                                     token->session,
                                     (CK_UTF8CHAR *)(uintptr_t)pin, size,
                                     (CK_UTF8CHAR *)(uintptr_t)change->new_one,
                                     size_of(change->new_one)),
                                 change->owner);
}

/* NULL: it is entered at the reader, and only there. */
static enum fault check_new(const struct pin_state *state, const char *new_one)
{
    if (state->pad != (new_one == NULL))
        return FAULT_ARGUMENT;
    return new_one == NULL ? FAULT_NONE : pin_check(state, new_one);
}

static enum fault know(const struct pkcs11_token *token, enum pin_owner owner,
                       const char *new_one)
{
    return new_one == NULL ? FAULT_NONE
                           : pin_know(token->location, owner, new_one);
}

enum fault pkcs11_pin_set(struct pkcs11_token *token, enum pin_owner owner,
                          const char *new_one)
{
    static const struct pin_door door = {.look = look_for_change,
                                         .verify = verify_and_change};
    struct change change = {token, owner, new_one};
    struct pin_state state = {.tries = 0};
    enum fault fault = pkcs11_pin_state(token, owner, &state);

    if (fault == FAULT_NONE)
        fault = check_new(&state, new_one);
    if (fault == FAULT_NONE)
        fault = pin_enter(&door, &change);
    return fault == FAULT_NONE ? know(token, owner, new_one) : fault;
}

/* What a token says of a user's PIN that is not there yet is as good. */
static enum fault look_at_user(struct pkcs11_token *token,
                               struct pin_state *state)
{
    enum fault fault = pkcs11_pin_state(token, PIN_OWNER_USER, state);

    return fault == FAULT_TOKEN_REFUSED ? FAULT_NONE : fault;
}

enum fault pkcs11_pin_unblock(struct pkcs11_token *token, const char *new_one)
{
    struct pin_state state = {.tries = 0};
    enum fault fault = look_at_user(token, &state);

    if (fault == FAULT_NONE)
        fault = check_new(&state, new_one);
    if (fault == FAULT_NONE)
        fault = enter_administrator(token);
    if (fault == FAULT_NONE)
        fault = fault_of_change(
            token->call->C_InitPIN(token->session,
                                   (CK_UTF8CHAR *)(uintptr_t)new_one,
                                   size_of(new_one)),
            PIN_OWNER_USER);
    if (fault == FAULT_NONE)
        fault = look_at_user(token, &state);
    /* Said to be done, and not done. */
    if (fault == FAULT_NONE && state.blocked)
        fault = FAULT_TOKEN_ANSWER;
    return fault == FAULT_NONE ? know(token, PIN_OWNER_USER, new_one) : fault;
}
