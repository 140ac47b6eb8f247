#include "token/pkcs11/pkcs11_token.h"

#include "keygen/utf8.h"
#include "token/pkcs11/pkcs11_login.h"
#include "token/pkcs11/pkcs11_pin.h"

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
        PKCS11_TOKEN_TEXT(slot.slotDescription, info->reader);
    PKCS11_TOKEN_TEXT(said->model, info->model);
    PKCS11_TOKEN_TEXT(said->label, info->label);
    PKCS11_TOKEN_TEXT(said->serialNumber, info->serial);
    /* 0.0 is what modules say that do not know. */
    if (said->firmwareVersion.major != 0 || said->firmwareVersion.minor != 0)
        (void)snprintf(info->firmware, sizeof info->firmware, "%u.%02u",
                       said->firmwareVersion.major,
                       said->firmwareVersion.minor);
    info->memory = memory_of(said->ulTotalPublicMemory);
    info->memory_free = memory_of(said->ulFreePublicMemory);
    info->makes_keys = pkcs11_token_makes(token, CKM_GOSTR3410_KEY_PAIR_GEN);
    pkcs11_pin_tries(said->flags, &state);
    info->has_pin = (said->flags & CKF_LOGIN_REQUIRED) != 0;
    info->pin_pad = (said->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
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
