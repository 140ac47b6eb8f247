#include "token/pkcs11/pkcs11_token.h"

#include "keygen/secret.h"
#include "keygen/utf8.h"
#include "token/pkcs11/pkcs11_login.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- strings ------------------------------------------------------------- */

void pkcs11_token_text(const CK_UTF8CHAR *field, size_t size, char *text,
                       size_t room)
{
    while (size > 0 && (field[size - 1] == ' ' || field[size - 1] == '\0'))
        size--;
    text[0] = '\0';
    if (size >= room || !utf8_is_line((const char *)field, size, size))
        return;
    memcpy(text, field, size);
    text[size] = '\0';
}

#define TEXT(field, text)                                                      \
    pkcs11_token_text(field, sizeof(field), text, sizeof(text))

/* --- finding ------------------------------------------------------------- */

/* The one of a place among those that are there. */
static enum fault choose(const struct pkcs11_place *place,
                         struct pkcs11_token *token)
{
    CK_SLOT_ID slots[PKCS11_SLOTS_MAX];
    enum fault other = FAULT_NO_TOKEN;
    size_t count, found = 0;
    enum fault fault = pkcs11_module_slots(token->module, slots, &count);

    for (size_t i = 0; i < count && fault == FAULT_NONE; i++) {
        CK_TOKEN_INFO info = {.flags = 0};
        const CK_RV rv = token->call->C_GetTokenInfo(slots[i], &info);

        if (rv != CKR_OK) {
            other = pkcs11_module_fault(rv);
            continue;
        }
        if (!pkcs11_place_fits(place, &info))
            continue;
        if (found++ > 0)
            fault = FAULT_TOKEN_SEVERAL;
        token->slot = slots[i];
        token->info = info;
    }
    if (fault == FAULT_NONE && found == 0)
        fault = other;
    return fault;
}

/* Its place without a key, by its number. */
static enum fault name_it(const struct pkcs11_place *place,
                          struct pkcs11_token *token)
{
    char text[LOCATION_MAX];
    enum fault fault = pkcs11_place_write(place, text);

    if (fault == FAULT_NONE)
        fault = pkcs11_place_read(text, &token->place);
    if (fault == FAULT_NONE)
        fault = pkcs11_place_set_id(&token->place, NULL, 0);
    if (fault != FAULT_NONE)
        return fault;
    pkcs11_place_set_token(&token->place, &token->info);
    return pkcs11_place_write(&token->place, token->location);
}

enum fault pkcs11_token_find(const struct pkcs11_place *place,
                             struct pkcs11_token **token)
{
    enum fault fault = FAULT_MEMORY;

    *token = calloc(1, sizeof **token);
    if (*token == NULL)
        return fault;
    fault = pkcs11_module_open(pkcs11_place_module(place), &(*token)->module);
    if (fault == FAULT_NONE) {
        (*token)->call = (*token)->module->functions;
        fault = choose(place, *token);
    }
    if (fault == FAULT_NONE)
        fault = name_it(place, *token);
    if (fault != FAULT_NONE)
        pkcs11_token_close(token);
    return fault;
}

/* --- sessions ------------------------------------------------------------ */

enum fault pkcs11_token_open(const struct pkcs11_place *place, bool writable,
                             struct pkcs11_token **token)
{
    const CK_FLAGS flags = CKF_SERIAL_SESSION | (writable ? CKF_RW_SESSION : 0);
    CK_SESSION_HANDLE session = 0;
    enum fault fault = pkcs11_token_find(place, token);
    CK_RV rv;

    if (fault != FAULT_NONE)
        return fault;
    rv = (*token)->call->C_OpenSession((*token)->slot, flags, NULL, NULL,
                                       &session);
    if (rv == CKR_OK && session == 0)
        rv = CKR_GENERAL_ERROR;
    (*token)->session = session;
    if (rv != CKR_OK)
        pkcs11_token_close(token);
    return pkcs11_module_fault(rv);
}

void pkcs11_token_close(struct pkcs11_token **token)
{
    struct pkcs11_token *one = *token;

    if (one == NULL)
        return;
    if (one->logged_in && pkcs11_login_end(one))
        (void)one->call->C_Logout(one->session);
    if (one->session != 0)
        (void)one->call->C_CloseSession(one->session);
    pkcs11_module_close(&one->module);
    pkcs11_place_free(&one->place);
    free(one);
    *token = NULL;
}

/* --- the PIN ------------------------------------------------------------- */

/* That of a new Rutoken, by which the flag "to be changed" is explained. */
static void put_factory(const CK_TOKEN_INFO *info, struct pin_state *state)
{
    char model[MEDIUM_LABEL_MAX];

    TEXT(info->model, model);
    if (strncmp(model, "Rutoken", 7) == 0)
        (void)snprintf(state->factory, sizeof state->factory, "12345678");
}

static void put_tries(CK_FLAGS flags, struct pin_state *state)
{
    state->blocked = (flags & CKF_USER_PIN_LOCKED) != 0;
    state->last = !state->blocked && (flags & CKF_USER_PIN_FINAL_TRY) != 0;
    state->low =
        state->blocked || state->last || (flags & CKF_USER_PIN_COUNT_LOW) != 0;
    state->tries = state->blocked ? 0 : state->last ? 1 : PIN_TRIES_UNKNOWN;
    state->most_tries = PIN_TRIES_UNKNOWN;
}

/* A token that was changed for another in this slot must not get the PIN. */
enum fault pkcs11_token_pin_state(struct pkcs11_token *token,
                                  struct pin_state *state)
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
    TEXT(info.model, model);
    TEXT(info.serialNumber, serial);
    memcpy(state->location, token->location, sizeof state->location);
    (void)snprintf(state->token, sizeof state->token, "%.60s %.60s", model,
                   serial);
    put_tries(info.flags, state);
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
    return pkcs11_token_pin_state(token, state);
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

enum fault pkcs11_token_login(struct pkcs11_token *token)
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

enum fault pkcs11_token_check_pin(struct pkcs11_token *token)
{
    static const struct pin_door door = {.look = look, .verify = verify_alone};

    return pin_enter(&door, token);
}

static enum fault verify_again(void *context, const char *pin, size_t size)
{
    return pkcs11_module_fault(send(context, CKU_CONTEXT_SPECIFIC, pin, size));
}

enum fault pkcs11_token_login_again(struct pkcs11_token *token)
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

    return pkcs11_token_pin_state(change->token, state);
}

static enum fault verify_and_change(void *context, const char *pin, size_t size)
{
    const struct change *change = context;
    struct pkcs11_token *token = change->token;

    return pkcs11_module_fault(token->call->C_SetPIN(
        token->session, (CK_UTF8CHAR *)(uintptr_t)pin, size,
        (CK_UTF8CHAR *)(uintptr_t)change->new_one, strlen(change->new_one)));
}

enum fault pkcs11_token_set_pin(struct pkcs11_token *token, const char *new_one)
{
    static const struct pin_door door = {.look = look_for_change,
                                         .verify = verify_and_change};
    struct change change = {token, new_one};
    struct pin_state state = {.tries = 0};
    enum fault fault = pkcs11_token_pin_state(token, &state);

    if (fault == FAULT_NONE)
        fault = pin_check(&state, new_one);
    if (fault == FAULT_NONE)
        fault = pin_enter(&door, &change);
    return fault == FAULT_NONE ? pin_know(token->location, new_one) : fault;
}

/* --- what it says -------------------------------------------------------- */

bool pkcs11_token_makes(const struct pkcs11_token *token,
                        CK_MECHANISM_TYPE mechanism)
{
    CK_MECHANISM_INFO info = {.flags = 0};

    return token->call->C_GetMechanismInfo(token->slot, mechanism, &info) ==
           CKR_OK;
}

static uint64_t memory_of(CK_ULONG bytes)
{
    return bytes == CK_UNAVAILABLE_INFORMATION ? 0 : bytes;
}

enum fault pkcs11_token_look(const struct pkcs11_token *token,
                             struct medium_info *info)
{
    const CK_TOKEN_INFO *said = &token->info;
    struct pin_state state = {.tries = 0};
    CK_SLOT_INFO slot = {.flags = 0};

    memset(info, 0, sizeof *info);
    memcpy(info->location, token->location, sizeof info->location);
    if (token->call->C_GetSlotInfo(token->slot, &slot) == CKR_OK)
        TEXT(slot.slotDescription, info->reader);
    TEXT(said->model, info->model);
    TEXT(said->label, info->label);
    TEXT(said->serialNumber, info->serial);
    /* 0.0 is what modules say that do not know. */
    if (said->firmwareVersion.major != 0 || said->firmwareVersion.minor != 0)
        (void)snprintf(info->firmware, sizeof info->firmware, "%u.%02u",
                       said->firmwareVersion.major,
                       said->firmwareVersion.minor);
    info->memory = memory_of(said->ulTotalPublicMemory);
    info->memory_free = memory_of(said->ulFreePublicMemory);
    info->makes_keys = pkcs11_token_makes(token, CKM_GOSTR3410_KEY_PAIR_GEN);
    put_tries(said->flags, &state);
    info->has_pin = (said->flags & CKF_LOGIN_REQUIRED) != 0;
    info->pin_blocked = state.blocked;
    info->pin_low = state.low;
    info->pin_last = state.last;
    info->pin_factory = (said->flags & CKF_USER_PIN_TO_BE_CHANGED) != 0;
    info->pin_tries = state.tries;
    info->pin_most_tries = state.most_tries;
    info->pin_least = said->ulMinPinLen;
    info->pin_most = said->ulMaxPinLen;
    return FAULT_NONE;
}
