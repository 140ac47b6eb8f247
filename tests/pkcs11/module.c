#include "tests/pkcs11/module.h"

#include "tests/pkcs11/settings.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { COUNTED = 64 };

enum { NOBODY, USER, ADMINISTRATOR };

static bool initialized;
static int logged_in[SLOTS];
static struct session sessions[SESSIONS];

static struct {
    char call[32];
    unsigned long times;
} counted[COUNTED];

static unsigned long count(const char *call)
{
    size_t i = 0;

    while (i < COUNTED - 1 && counted[i].call[0] != '\0' &&
           strcmp(counted[i].call, call) != 0)
        i++;
    snprintf(counted[i].call, sizeof counted[i].call, "%s", call);
    return ++counted[i].times;
}

static CK_RV begin(const char *call, const char *detail)
{
    const unsigned long times = count(call);
    const struct setting *fail, *kill, *pull;

    settings_read();
    token_note(call, detail);
    kill = settings_find("kill", call);
    if (kill != NULL && times == settings_number(kill, 2, 1))
        raise(SIGKILL);
    pull = settings_find("pull", call);
    if (pull != NULL && times >= settings_number(pull, 2, 1))
        token_pull(true);
    else if (!settings_has("pull"))
        token_pull(false);
    fail = settings_find("fail", call);
    if (fail != NULL && fail->words > 2 &&
        (fail->words > 4 ? times == settings_number(fail, 3, 1)
                         : times >= settings_number(fail, 3, 1)))
        return settings_number(fail, 2, CKR_GENERAL_ERROR);
    return initialized || strcmp(call, "C_Initialize") == 0
               ? CKR_OK
               : CKR_CRYPTOKI_NOT_INITIALIZED;
}

static void drop(CK_SLOT_ID slot)
{
    for (size_t i = 0; i < SESSIONS; i++)
        if (sessions[i].slot == slot)
            sessions[i].used = false;
    if (slot < SLOTS)
        logged_in[slot] = NOBODY;
}

static CK_RV enter(struct visit *at, CK_SESSION_HANDLE handle)
{
    if (handle == 0 || handle > SESSIONS || !sessions[handle - 1].used)
        return CKR_SESSION_HANDLE_INVALID;
    at->session = &sessions[handle - 1];
    at->token = token_enter(at->session->slot);
    if (at->token != NULL)
        return CKR_OK;
    drop(at->session->slot);
    return CKR_DEVICE_REMOVED;
}

struct visit module_visit(const char *call, const char *detail,
                          CK_SESSION_HANDLE handle)
{
    struct visit at = {.rv = begin(call, detail)};

    if (at.rv == CKR_OK)
        at.rv = enter(&at, handle);
    return at;
}

CK_RV module_leave(struct visit *at)
{
    token_leave();
    return at->rv;
}

bool module_is_open(const struct visit *at)
{
    return logged_in[at->session->slot] == USER;
}

void module_want_rights(struct visit *at)
{
    if (at->rv == CKR_OK && !at->session->writable)
        at->rv = CKR_SESSION_READ_ONLY;
    else if (at->rv == CKR_OK && !module_is_open(at))
        at->rv = CKR_USER_NOT_LOGGED_IN;
}

static void pad(CK_UTF8CHAR *field, size_t size, const char *text)
{
    memset(field, settings_has("zeros") ? 0 : ' ', size);
    memcpy(field, text, strnlen(text, size));
    if (settings_has("garbage"))
        memset(field, 0xFF, size);
}

/* --- the module ---------------------------------------------------------- */

static CK_RV initialize(void *arguments)
{
    CK_RV rv = begin("C_Initialize", "");

    (void)arguments;
    if (rv == CKR_OK && initialized)
        rv = CKR_CRYPTOKI_ALREADY_INITIALIZED;
    if (rv == CKR_OK)
        initialized = true;
    return rv;
}

static CK_RV finalize(void *reserved)
{
    CK_RV rv = begin("C_Finalize", "");

    (void)reserved;
    initialized = false;
    for (CK_SLOT_ID slot = 0; slot < SLOTS; slot++)
        drop(slot);
    return rv;
}

static CK_RV get_info(CK_INFO *info)
{
    CK_RV rv = begin("C_GetInfo", "");

    *info = (CK_INFO){.cryptokiVersion = {2, 40}};
    pad(info->manufacturerID, sizeof info->manufacturerID, "kep tests");
    pad(info->libraryDescription, sizeof info->libraryDescription, "tokens");
    return rv;
}

/* --- slots --------------------------------------------------------------- */

static CK_RV get_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *number)
{
    CK_RV rv = begin("C_GetSlotList", "");
    CK_ULONG there = 0;
    CK_SLOT_ID list[SLOTS];

    if (rv != CKR_OK)
        return rv;
    for (CK_SLOT_ID slot = 0; slot < SLOTS; slot++) {
        if (!present || token_enter(slot) != NULL)
            list[there++] = slot;
        token_leave();
    }
    if (slots != NULL && *number < there) {
        *number = there;
        return CKR_BUFFER_TOO_SMALL;
    }
    if (slots != NULL)
        memcpy(slots, list, there * sizeof *slots);
    *number = settings_number(settings_find("slots", NULL), 1, there);
    return CKR_OK;
}

static CK_RV get_slot(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    CK_RV rv = begin("C_GetSlotInfo", "");

    if (rv == CKR_OK && slot >= SLOTS)
        rv = CKR_SLOT_ID_INVALID;
    if (rv != CKR_OK)
        return rv;
    *info = (CK_SLOT_INFO){.flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT};
    pad(info->slotDescription, sizeof info->slotDescription,
        "Aktiv Rutoken ECP 00 00");
    pad(info->manufacturerID, sizeof info->manufacturerID, "kep tests");
    if (token_enter(slot) != NULL)
        info->flags |= CKF_TOKEN_PRESENT;
    token_leave();
    return CKR_OK;
}

/* The flags of the user's PIN; those of the administrator's stand four bits
 * behind them. */
static CK_FLAGS flags_of_pin(const struct pin *pin)
{
    CK_FLAGS flags = pin->factory ? CKF_USER_PIN_TO_BE_CHANGED : 0;

    if (pin->tries < TRIES)
        flags |= CKF_USER_PIN_COUNT_LOW;
    if (pin->tries == 1)
        flags |= CKF_USER_PIN_FINAL_TRY;
    if (pin->tries == 0)
        flags |= CKF_USER_PIN_LOCKED;
    return flags;
}

static CK_FLAGS flags_of(const struct token *token)
{
    const CK_FLAGS flags = CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED |
                           CKF_TOKEN_INITIALIZED | flags_of_pin(&token->user) |
                           flags_of_pin(&token->administrator) << 4;

    return flags |
           (settings_has("pad") ? CKF_PROTECTED_AUTHENTICATION_PATH : 0) |
           settings_number(settings_find("flags", NULL), 1, 0);
}

static CK_RV get_token(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    static const char *const labels[] = {"first", "second"};
    static const char *const serials[] = {"48e243b5", "48e243b6"};
    CK_RV rv = begin("C_GetTokenInfo", "");
    const struct token *token;

    if (rv == CKR_OK && slot >= SLOTS)
        rv = CKR_SLOT_ID_INVALID;
    if (rv != CKR_OK)
        return rv;
    token = token_enter(slot);
    if (token == NULL)
        return CKR_TOKEN_NOT_PRESENT;
    *info = (CK_TOKEN_INFO){.flags = flags_of(token),
                            .ulMaxPinLen = PIN_MAX,
                            .ulMinPinLen = PIN_MIN,
                            .ulTotalPublicMemory = 131072,
                            .ulFreePublicMemory = 65536,
                            .firmwareVersion = {30, 2}};
    pad(info->label, sizeof info->label, settings_text("label", labels[slot]));
    pad(info->serialNumber, sizeof info->serialNumber,
        settings_text("serial", serials[slot]));
    pad(info->manufacturerID, sizeof info->manufacturerID, "kep tests");
    pad(info->model, sizeof info->model, "Rutoken ECP");
    token_leave();
    return CKR_OK;
}

static const struct {
    CK_MECHANISM_TYPE type;
    CK_ULONG bits;
    CK_FLAGS flags;
} mechanisms[] = {
    {CKM_GOSTR3410_KEY_PAIR_GEN, 256, CKF_HW | CKF_GENERATE_KEY_PAIR},
    {CKM_GOSTR3410, 256, CKF_HW | CKF_SIGN},
    {CKM_GOSTR3410_512_KEY_PAIR_GEN, 512, CKF_HW | CKF_GENERATE_KEY_PAIR},
    {CKM_GOSTR3410_512, 512, CKF_HW | CKF_SIGN},
};

enum { MECHANISMS = sizeof mechanisms / sizeof mechanisms[0] };

static CK_RV get_mechanisms(CK_SLOT_ID slot, CK_MECHANISM_TYPE *list,
                            CK_ULONG *number)
{
    CK_RV rv = begin("C_GetMechanismList", "");
    const CK_ULONG room = *number;
    const CK_ULONG there = settings_has("noMechanisms") ? 0 : MECHANISMS;

    if (rv != CKR_OK || slot >= SLOTS)
        return rv != CKR_OK ? rv : CKR_SLOT_ID_INVALID;
    *number = there;
    if (list != NULL && room < there)
        return CKR_BUFFER_TOO_SMALL;
    for (size_t i = 0; list != NULL && i < there; i++)
        list[i] = mechanisms[i].type;
    return CKR_OK;
}

static CK_RV get_mechanism(CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
                           CK_MECHANISM_INFO *info)
{
    CK_RV rv = begin("C_GetMechanismInfo", "");

    (void)slot;
    if (rv != CKR_OK)
        return rv;
    for (size_t i = 0; i < MECHANISMS; i++)
        if (mechanisms[i].type == type && !settings_has("noMechanisms")) {
            *info = (CK_MECHANISM_INFO){mechanisms[i].bits, mechanisms[i].bits,
                                        mechanisms[i].flags};
            return CKR_OK;
        }
    return CKR_MECHANISM_INVALID;
}

/* --- sessions ------------------------------------------------------------ */

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application,
                          CK_NOTIFY notify, CK_SESSION_HANDLE *handle)
{
    CK_RV rv = begin("C_OpenSession", flags & CKF_RW_SESSION ? "rw" : "");
    bool there;

    (void)application;
    (void)notify;
    if (settings_has("careless"))
        *handle = 1;
    if (rv == CKR_OK && !(flags & CKF_SERIAL_SESSION))
        rv = CKR_SESSION_PARALLEL_NOT_SUPPORTED;
    if (rv != CKR_OK)
        return rv;
    there = token_enter(slot) != NULL;
    token_leave();
    if (!there)
        return CKR_TOKEN_NOT_PRESENT;
    for (CK_SESSION_HANDLE i = 0; i < SESSIONS; i++)
        if (!sessions[i].used) {
            sessions[i] =
                (struct session){.used = true,
                                 .writable = (flags & CKF_RW_SESSION) != 0,
                                 .slot = slot};
            *handle = i + 1;
            return CKR_OK;
        }
    return CKR_SESSION_COUNT;
}

static CK_RV close_session(CK_SESSION_HANDLE handle)
{
    CK_RV rv = begin("C_CloseSession", "");
    bool others = false;

    if (rv != CKR_OK)
        return rv;
    if (handle == 0 || handle > SESSIONS || !sessions[handle - 1].used)
        return CKR_SESSION_HANDLE_INVALID;
    sessions[handle - 1].used = false;
    for (size_t i = 0; i < SESSIONS; i++)
        others |=
            sessions[i].used && sessions[i].slot == sessions[handle - 1].slot;
    if (!others)
        drop(sessions[handle - 1].slot);
    return CKR_OK;
}

static CK_RV close_sessions(CK_SLOT_ID slot)
{
    CK_RV rv = begin("C_CloseAllSessions", "");

    drop(slot);
    return rv;
}

static CK_RV get_session(CK_SESSION_HANDLE handle, CK_SESSION_INFO *info)
{
    static const CK_STATE states[][2] = {
        [NOBODY] = {CKS_RO_PUBLIC_SESSION, CKS_RW_PUBLIC_SESSION},
        [USER] = {CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS},
        [ADMINISTRATOR] = {CKS_RW_SO_FUNCTIONS, CKS_RW_SO_FUNCTIONS}};
    struct visit at = module_visit("C_GetSessionInfo", "", handle);
    const struct session *session = at.session;

    if (at.rv == CKR_OK)
        *info = (CK_SESSION_INFO){
            session->slot, states[logged_in[session->slot]][session->writable],
            CKF_SERIAL_SESSION | (session->writable ? CKF_RW_SESSION : 0), 0};
    return module_leave(&at);
}

/* --- the PIN ------------------------------------------------------------- */

/* What is entered at the reader as the nth; CKR_OK also for one that was
 * passed, unless the token takes none. */
static CK_RV take_pin(size_t nth, CK_UTF8CHAR **pin, CK_ULONG *size)
{
    const struct setting *pad = settings_find("pad", NULL);

    if ((pad != NULL) != (*pin == NULL))
        return CKR_ARGUMENTS_BAD;
    if (pad == NULL)
        return CKR_OK;
    if (pad->words <= nth)
        return CKR_FUNCTION_CANCELED;
    *pin = (CK_UTF8CHAR *)(uintptr_t)pad->word[nth];
    *size = strlen(pad->word[nth]);
    return CKR_OK;
}

static CK_RV check_pin(struct pin *own, const CK_UTF8CHAR *pin, CK_ULONG size)
{
    if (own->tries == 0)
        return CKR_PIN_LOCKED;
    if (size < PIN_MIN || size > PIN_MAX)
        return CKR_PIN_LEN_RANGE;
    if (size != own->size || memcmp(pin, own->text, size) != 0) {
        own->tries--;
        return own->tries == 0 ? CKR_PIN_LOCKED : CKR_PIN_INCORRECT;
    }
    own->tries = TRIES;
    return CKR_OK;
}

/* Whether somebody may log in through that session. */
static CK_RV check_login(const struct session *session, CK_USER_TYPE user)
{
    const int now = logged_in[session->slot];

    if (user == CKU_CONTEXT_SPECIFIC)
        return CKR_OK;
    if (user != CKU_USER && user != CKU_SO)
        return CKR_USER_TYPE_INVALID;
    if (now != NOBODY)
        return (now == ADMINISTRATOR) == (user == CKU_SO)
                   ? CKR_USER_ALREADY_LOGGED_IN
                   : CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
    for (size_t i = 0; user == CKU_SO && i < SESSIONS; i++)
        if (sessions[i].used && sessions[i].slot == session->slot &&
            !sessions[i].writable)
            return CKR_SESSION_READ_ONLY_EXISTS;
    return CKR_OK;
}

static CK_RV login(CK_SESSION_HANDLE handle, CK_USER_TYPE user,
                   CK_UTF8CHAR *pin, CK_ULONG size)
{
    struct visit at = module_visit("C_Login",
                                   user == CKU_CONTEXT_SPECIFIC ? "again"
                                   : user == CKU_SO ? "administrator"
                                                    : "",
                                   handle);

    if (at.rv == CKR_OK)
        at.rv = check_login(at.session, user);
    if (at.rv == CKR_OK)
        at.rv = take_pin(1, &pin, &size);
    if (at.rv == CKR_OK)
        at.rv = check_pin(user == CKU_SO ? &at.token->administrator
                                         : &at.token->user,
                          pin, size);
    if (at.rv == CKR_OK && user == CKU_CONTEXT_SPECIFIC)
        at.session->authenticated = true;
    else if (at.rv == CKR_OK)
        logged_in[at.session->slot] = user == CKU_SO ? ADMINISTRATOR : USER;
    return module_leave(&at);
}

static CK_RV logout(CK_SESSION_HANDLE handle)
{
    struct visit at = module_visit("C_Logout", "", handle);

    if (at.rv == CKR_OK && logged_in[at.session->slot] == NOBODY)
        at.rv = CKR_USER_NOT_LOGGED_IN;
    if (at.rv == CKR_OK)
        logged_in[at.session->slot] = NOBODY;
    return module_leave(&at);
}

static CK_RV check_new(const CK_UTF8CHAR *pin, CK_ULONG size)
{
    return pin == NULL || size < PIN_MIN || size > PIN_MAX ? CKR_PIN_LEN_RANGE
                                                           : CKR_OK;
}

static CK_RV set_pin(CK_SESSION_HANDLE handle, CK_UTF8CHAR *old_one,
                     CK_ULONG old_size, CK_UTF8CHAR *new_one, CK_ULONG new_size)
{
    struct visit at = module_visit("C_SetPIN", "", handle);
    struct pin *pin = NULL;

    if (at.rv == CKR_OK)
        pin = logged_in[at.session->slot] == ADMINISTRATOR
                  ? &at.token->administrator
                  : &at.token->user;
    if (at.rv == CKR_OK && !at.session->writable)
        at.rv = CKR_SESSION_READ_ONLY;
    if (at.rv == CKR_OK)
        at.rv = take_pin(1, &old_one, &old_size);
    if (at.rv == CKR_OK)
        at.rv = take_pin(2, &new_one, &new_size);
    if (at.rv == CKR_OK)
        at.rv = check_new(new_one, new_size);
    if (at.rv == CKR_OK)
        at.rv = check_pin(pin, old_one, old_size);
    if (at.rv == CKR_OK)
        token_pin_set(pin, new_one, new_size);
    return module_leave(&at);
}

static CK_RV init_pin(CK_SESSION_HANDLE handle, CK_UTF8CHAR *pin, CK_ULONG size)
{
    struct visit at = module_visit("C_InitPIN", "", handle);

    if (at.rv == CKR_OK)
        at.rv = take_pin(2, &pin, &size);
    if (at.rv == CKR_OK && logged_in[at.session->slot] != ADMINISTRATOR)
        at.rv = CKR_USER_NOT_LOGGED_IN;
    if (at.rv == CKR_OK)
        at.rv = check_new(pin, size);
    if (at.rv == CKR_OK)
        token_pin_set(&at.token->user, pin, size);
    return module_leave(&at);
}

/* --- the table ----------------------------------------------------------- */

static CK_RV unsupported(void)
{
    return CKR_FUNCTION_NOT_SUPPORTED;
}

/* What is called with arguments that it does not look at. */
#define NONE(name) .name = (CK_##name)(void (*)(void))unsupported

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **list);

static CK_FUNCTION_LIST functions = {
    .version = {2, 40},
    .C_Initialize = initialize,
    .C_Finalize = finalize,
    .C_GetInfo = get_info,
    .C_GetFunctionList = C_GetFunctionList,
    .C_GetSlotList = get_slots,
    .C_GetSlotInfo = get_slot,
    .C_GetTokenInfo = get_token,
    .C_GetMechanismList = get_mechanisms,
    .C_GetMechanismInfo = get_mechanism,
    NONE(C_InitToken),
    .C_InitPIN = init_pin,
    .C_SetPIN = set_pin,
    .C_OpenSession = open_session,
    .C_CloseSession = close_session,
    .C_CloseAllSessions = close_sessions,
    .C_GetSessionInfo = get_session,
    NONE(C_GetOperationState),
    NONE(C_SetOperationState),
    .C_Login = login,
    .C_Logout = logout,
    .C_CreateObject = module_create,
    NONE(C_CopyObject),
    .C_DestroyObject = module_destroy,
    NONE(C_GetObjectSize),
    .C_GetAttributeValue = module_get_value,
    NONE(C_SetAttributeValue),
    .C_FindObjectsInit = module_find_init,
    .C_FindObjects = module_find,
    .C_FindObjectsFinal = module_find_final,
    NONE(C_EncryptInit),
    NONE(C_Encrypt),
    NONE(C_EncryptUpdate),
    NONE(C_EncryptFinal),
    NONE(C_DecryptInit),
    NONE(C_Decrypt),
    NONE(C_DecryptUpdate),
    NONE(C_DecryptFinal),
    NONE(C_DigestInit),
    NONE(C_Digest),
    NONE(C_DigestUpdate),
    NONE(C_DigestKey),
    NONE(C_DigestFinal),
    .C_SignInit = module_sign_init,
    .C_Sign = module_sign,
    NONE(C_SignUpdate),
    NONE(C_SignFinal),
    NONE(C_SignRecoverInit),
    NONE(C_SignRecover),
    NONE(C_VerifyInit),
    NONE(C_Verify),
    NONE(C_VerifyUpdate),
    NONE(C_VerifyFinal),
    NONE(C_VerifyRecoverInit),
    NONE(C_VerifyRecover),
    NONE(C_DigestEncryptUpdate),
    NONE(C_DecryptDigestUpdate),
    NONE(C_SignEncryptUpdate),
    NONE(C_DecryptVerifyUpdate),
    NONE(C_GenerateKey),
    .C_GenerateKeyPair = module_generate,
    NONE(C_WrapKey),
    NONE(C_UnwrapKey),
    NONE(C_DeriveKey),
    NONE(C_SeedRandom),
    NONE(C_GenerateRandom),
    NONE(C_GetFunctionStatus),
    NONE(C_CancelFunction),
    NONE(C_WaitForSlotEvent),
};

__attribute__((visibility("default"))) CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **list)
{
    *list = &functions;
    return CKR_OK;
}
