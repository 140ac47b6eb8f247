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

/* --- slots --------------------------------------------------------------- */

/* What is in one of them. */
struct slot {
    CK_SLOT_ID id;
    enum fault fault; /* why it says nothing */
    CK_TOKEN_INFO info;
};

struct slots {
    size_t count;
    struct slot at[PKCS11_SLOTS_MAX];
};

/* Some end a string with zeros where blanks belong. */
static void tidy(CK_UTF8CHAR *field, size_t size)
{
    const size_t used = strnlen((const char *)field, size);

    memset(field + used, ' ', size - used);
}

/* One that nothing was done with yet is not there, rather than gone. */
static enum fault before(enum fault fault)
{
    return fault == FAULT_TOKEN_GONE ? FAULT_NO_TOKEN : fault;
}

static enum fault read_info(const struct pkcs11_module *module, CK_SLOT_ID slot,
                            CK_TOKEN_INFO *info)
{
    CK_RV rv;

    memset(info, 0, sizeof *info);
    rv = module->functions->C_GetTokenInfo(slot, info);
    tidy(info->label, sizeof info->label);
    tidy(info->manufacturerID, sizeof info->manufacturerID);
    tidy(info->model, sizeof info->model);
    tidy(info->serialNumber, sizeof info->serialNumber);
    return pkcs11_module_fault(rv);
}

static enum fault read_slots(const struct pkcs11_module *module,
                             struct slots *slots)
{
    CK_SLOT_ID ids[PKCS11_SLOTS_MAX];
    enum fault fault = pkcs11_module_slots(module, ids, &slots->count);

    for (size_t i = 0; i < slots->count; i++) {
        struct slot *slot = &slots->at[i];

        slot->id = ids[i];
        slot->fault = before(read_info(module, ids[i], &slot->info));
    }
    return before(fault);
}

/* Whether its number is no other's. */
static bool is_alone(const struct slots *slots, size_t which)
{
    const CK_TOKEN_INFO *info = &slots->at[which].info;

    for (size_t i = 0; i < slots->count; i++)
        if (i != which && slots->at[i].fault == FAULT_NONE &&
            memcmp(slots->at[i].info.serialNumber, info->serialNumber,
                   sizeof info->serialNumber) == 0)
            return false;
    return true;
}

/* Take the token in a slot; place: a way to it, which says the module. */
static enum fault take(const struct slots *slots, size_t which,
                       const struct pkcs11_place *place,
                       struct pkcs11_token *token)
{
    char text[LOCATION_MAX];
    enum fault fault = pkcs11_place_write(place, text);

    token->slot = slots->at[which].id;
    token->info = slots->at[which].info;
    if (fault == FAULT_NONE)
        fault = pkcs11_place_read(text, &token->place);
    if (fault == FAULT_NONE)
        fault = pkcs11_place_set_id(&token->place, NULL, 0);
    if (fault != FAULT_NONE)
        return fault;
    pkcs11_place_set_token(&token->place, &token->info, is_alone(slots, which));
    return pkcs11_place_write(&token->place, token->location);
}

/* --- finding ------------------------------------------------------------- */

/* The one of a place among those that are there. */
static enum fault choose(const struct pkcs11_place *place,
                         struct pkcs11_token *token)
{
    struct slots slots;
    enum fault other = FAULT_NO_TOKEN;
    size_t found = 0, which = 0;
    enum fault fault = read_slots(token->module, &slots);

    for (size_t i = 0; i < slots.count; i++) {
        if (slots.at[i].fault != FAULT_NONE) {
            other = slots.at[i].fault;
        } else if (pkcs11_place_fits(place, &slots.at[i].info)) {
            which = i;
            found++;
        }
    }
    if (fault == FAULT_NONE && found != 1)
        fault = found > 1 ? FAULT_TOKEN_SEVERAL : other;
    return fault == FAULT_NONE ? take(&slots, which, place, token) : fault;
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
    if (fault != FAULT_NONE)
        pkcs11_token_close(token);
    return fault;
}

/* What is pulled out at that moment is not there. */
static enum fault visit_slot(const struct pkcs11_module *module,
                             const struct pkcs11_place *any,
                             const struct slots *slots, size_t which,
                             medium_visitor *visit, void *context)
{
    struct pkcs11_token token = {.module = module, .call = module->functions};
    struct medium_info info;
    enum fault fault = slots->at[which].fault;

    if (fault == FAULT_NO_TOKEN)
        return FAULT_NONE;
    if (fault == FAULT_NONE)
        fault = take(slots, which, any, &token);
    if (fault == FAULT_NONE)
        pkcs11_token_look(&token, &info);
    pkcs11_place_free(&token.place);
    if (fault == FAULT_MEMORY)
        return fault;
    return fault == FAULT_NONE
               ? visit(context, token.location, FAULT_NONE, &info)
               : visit(context, PKCS11_ANY, fault, NULL);
}

enum fault pkcs11_token_walk(medium_visitor *visit, void *context)
{
    const struct pkcs11_module *module = NULL;
    struct slots slots = {.count = 0};
    struct pkcs11_place any;
    enum fault fault = pkcs11_place_read(PKCS11_ANY, &any);

    if (fault == FAULT_NONE)
        fault = pkcs11_module_open(NULL, &module);
    if (fault == FAULT_NONE)
        fault = read_slots(module, &slots);
    for (size_t i = 0; i < slots.count && fault == FAULT_NONE; i++)
        fault = visit_slot(module, &any, &slots, i, visit, context);
    pkcs11_module_close(&module);
    pkcs11_place_free(&any);
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
    /* A handle that comes with an error may be another session's. */
    if (rv == CKR_OK)
        (*token)->session = session;
    else
        pkcs11_token_close(token);
    return before(pkcs11_module_fault(rv));
}

enum fault pkcs11_token_of_key(const char *where, bool writable,
                               struct pkcs11_place *place,
                               struct pkcs11_token **token)
{
    enum fault fault = pkcs11_place_read(where, place);

    *token = NULL;
    if (fault == FAULT_NONE && place->id_size == 0)
        fault = FAULT_NOT_FOUND;
    if (fault == FAULT_NONE)
        fault = pkcs11_token_open(place, writable, token);
    return fault;
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

/* A place may fit others that do not say who they are. */
static bool is_same(const struct pkcs11_token *token, const CK_TOKEN_INFO *info)
{
    const CK_TOKEN_INFO *was = &token->info;

    return pkcs11_place_fits(&token->place, info) &&
           memcmp(was->serialNumber, info->serialNumber,
                  sizeof info->serialNumber) == 0 &&
           memcmp(was->model, info->model, sizeof info->model) == 0 &&
           memcmp(was->manufacturerID, info->manufacturerID,
                  sizeof info->manufacturerID) == 0;
}

enum fault pkcs11_token_renew(struct pkcs11_token *token)
{
    CK_TOKEN_INFO info;
    enum fault fault = read_info(token->module, token->slot, &info);

    if (fault == FAULT_NONE && !is_same(token, &info))
        fault = FAULT_TOKEN_GONE;
    if (fault == FAULT_NONE)
        token->info = info;
    return fault;
}

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

void pkcs11_token_look(const struct pkcs11_token *token,
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
    info->has_pin = (said->flags & CKF_LOGIN_REQUIRED) != 0;
    info->pin_factory = (said->flags & CKF_USER_PIN_TO_BE_CHANGED) != 0;
    pkcs11_pin_read(said, &state);
    info->pin_pad = state.pad;
    info->pin_blocked = state.blocked;
    info->pin_low = state.low;
    info->pin_last = state.last;
    info->pin_tries = state.tries;
    info->pin_most_tries = state.most_tries;
    info->pin_least = state.least;
    info->pin_most = state.most;
}
