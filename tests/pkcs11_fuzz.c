/* A PKCS#11 module that answers whatever the input says: the first byte is
 * what is done with it, the others are its answers, one after the other.
 * Where a byte asks for it an answer is a good one, so that what stands
 * behind it is reached. */
#include "token/pkcs11/pkcs11_medium.h"

#include "keygen/external_key.h"
#include "keygen/secret.h"
#include "tests/support/pki.h"
#include "token/pin.h"
#include "token/pkcs11/pkcs11_module.h"
#include "token/report.h"

#include <p11-kit/pkcs11x.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GOOD = 0x80 /* answers above are good ones */, CALLS_MAX = 4096 };

static const uint8_t *answers;
static size_t left;
static unsigned calls;
static bool found;     /* the good answer to what there is: one object */
static struct pki pki; /* its point and certificate are the good answers */

static void require(bool holds)
{
    if (!holds)
        abort();
}

/* --- answers ------------------------------------------------------------- */

static uint8_t next(void)
{
    if (left == 0)
        return GOOD;
    left--;
    return *answers++;
}

static void fill(void *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((uint8_t *)out)[i] = next();
}

/* What a call returns; in the end nothing works, so that all comes to one. */
static CK_RV result(void)
{
    static const CK_RV some[] = {
        CKR_GENERAL_ERROR,         CKR_DEVICE_REMOVED,
        CKR_DEVICE_MEMORY,         CKR_SESSION_HANDLE_INVALID,
        CKR_TOKEN_NOT_PRESENT,     CKR_USER_NOT_LOGGED_IN,
        CKR_PIN_INCORRECT,         CKR_PIN_LOCKED,
        CKR_BUFFER_TOO_SMALL,      CKR_ATTRIBUTE_TYPE_INVALID,
        CKR_ATTRIBUTE_SENSITIVE,   CKR_USER_ALREADY_LOGGED_IN,
        CKR_DOMAIN_PARAMS_INVALID, CKR_MECHANISM_INVALID,
        CKR_VENDOR_DEFINED,        ~0UL};
    const uint8_t byte = next();

    if (++calls > CALLS_MAX)
        return CKR_GENERAL_ERROR;
    return byte >= 16 ? CKR_OK : some[byte];
}

static CK_ULONG number(void)
{
    const uint8_t byte = next();
    CK_ULONG whole = 0;

    if (byte < 0xF0)
        return byte;
    fill(&whole, sizeof whole);
    return whole;
}

/* --- the module ---------------------------------------------------------- */

static CK_RV get_slots(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
    const CK_ULONG room = *count;

    (void)present;
    *count = next() >= GOOD ? 1 : number();
    for (CK_ULONG i = 0; slots != NULL && i < *count && i < room; i++)
        slots[i] = i;
    return result();
}

static CK_RV get_slot(CK_SLOT_ID slot, CK_SLOT_INFO *info)
{
    (void)slot;
    fill(info, sizeof *info);
    return result();
}

static CK_RV get_token(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    (void)slot;
    if (next() >= GOOD) {
        memset(info, ' ', sizeof *info);
        memcpy(info->serialNumber, "48e243b5", 8);
        memcpy(info->model, "Rutoken ECP", 11);
        info->flags = CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED;
        info->ulMinPinLen = 6;
        info->ulMaxPinLen = 32;
    } else {
        fill(info, sizeof *info);
    }
    return result();
}

static CK_RV get_mechanism(CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
                           CK_MECHANISM_INFO *info)
{
    (void)slot;
    (void)type;
    fill(info, sizeof *info);
    return result();
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application,
                          CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
    (void)slot;
    (void)flags;
    (void)application;
    (void)notify;
    *session = next();
    return result();
}

static CK_RV with_session(CK_SESSION_HANDLE session)
{
    (void)session;
    return result();
}

static CK_RV get_session(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
    (void)session;
    info->state = next();
    return result();
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user,
                   CK_UTF8CHAR *pin, CK_ULONG size)
{
    (void)session;
    (void)user;
    /* None where it is entered at the reader. */
    require(pin != NULL ? size >= 1 && size <= PIN_MAX : size == 0);
    return result();
}

static CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *old_one,
                     CK_ULONG old_size, CK_UTF8CHAR *new_one, CK_ULONG new_size)
{
    (void)session;
    /* None where both are entered at the reader. */
    require((old_one != NULL) == (new_one != NULL));
    require(old_one != NULL || (old_size == 0 && new_size == 0));
    require(old_size <= PIN_MAX && new_size <= PIN_MAX);
    return result();
}

static CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR *new_one,
                      CK_ULONG new_size)
{
    (void)session;
    require(new_one != NULL || new_size == 0);
    require(new_size <= PIN_MAX);
    return result();
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template,
                       CK_ULONG count)
{
    (void)session;
    (void)template;
    (void)count;
    found = false;
    return result();
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects,
                  CK_ULONG room, CK_ULONG *count)
{
    (void)session;
    *count = next() >= GOOD ? !found : number();
    found = true;
    for (CK_ULONG i = 0; i < *count && i < room; i++)
        objects[i] = next();
    return result();
}

/* The good answer to a question; false where there is none. */
static bool good(CK_ATTRIBUTE *row)
{
    static const uint8_t curve[] = {0x06, 0x07, 0x2A, 0x85, 0x03,
                                    0x02, 0x02, 0x24, 0x00};
    static const CK_ULONG type = CKK_GOSTR3410;
    const struct {
        CK_ATTRIBUTE_TYPE type;
        const void *value;
        size_t size;
    } rows[] = {
        {CKA_KEY_TYPE, &type, sizeof type},
        {CKA_GOSTR3410_PARAMS, curve, sizeof curve},
        {CKA_ID, "k", 1},
        {CKA_LABEL, "key", 3},
        {CKA_VALUE, pki.point, 64},
        {CKA_VALUE, pki.certificate->der.data, pki.certificate->der.size},
    };
    /* A value of a large size is asked for a certificate's. */
    const size_t from =
        row->type == CKA_VALUE && row->ulValueLen > 1024 ? 5 : 0;

    for (size_t i = from; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].type != row->type || rows[i].size > row->ulValueLen)
            continue;
        memcpy(row->pValue, rows[i].value, rows[i].size);
        row->ulValueLen = rows[i].size;
        return true;
    }
    return false;
}

static CK_RV get_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                       CK_ATTRIBUTE *template, CK_ULONG count)
{
    (void)session;
    (void)object;
    for (CK_ULONG i = 0; i < count; i++) {
        const CK_ULONG room = template[i].ulValueLen;

        if (next() >= GOOD && good(&template[i]))
            continue;
        template[i].ulValueLen = number();
        fill(template[i].pValue,
             template[i].ulValueLen < room ? template[i].ulValueLen : room);
    }
    return result();
}

static CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                      CK_ATTRIBUTE *public, CK_ULONG public_count,
                      CK_ATTRIBUTE *private, CK_ULONG private_count,
                      CK_OBJECT_HANDLE *made_public,
                      CK_OBJECT_HANDLE *made_private)
{
    (void)session;
    (void)mechanism;
    (void)public;
    (void)public_count;
    (void)private;
    (void)private_count;
    *made_public = next();
    *made_private = next();
    return result();
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *mechanism,
                       CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)mechanism;
    (void)key;
    return result();
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE *digest, CK_ULONG size,
                  CK_BYTE *signature, CK_ULONG *signature_size)
{
    const gnutls_datum_t hash = {digest, (unsigned)size};
    gnutls_datum_t made = {NULL, 0};

    (void)session;
    require(*signature_size == 2 * size);
    if (next() >= GOOD && size == 32 &&
        gnutls_privkey_sign_hash2(pki.key, pki.algorithm->sign, 0, &hash,
                                  &made) >= 0) {
        memcpy(signature, made.data, made.size);
        gnutls_free(made.data);
    } else {
        fill(signature, *signature_size);
        *signature_size = next() >= GOOD ? *signature_size : number();
    }
    return result();
}

static CK_RV create(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template,
                    CK_ULONG count, CK_OBJECT_HANDLE *made)
{
    (void)session;
    (void)template;
    (void)count;
    *made = next();
    return result();
}

static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    (void)session;
    (void)object;
    return result();
}

static CK_FUNCTION_LIST functions = {
    .C_GetSlotList = get_slots,
    .C_GetSlotInfo = get_slot,
    .C_GetTokenInfo = get_token,
    .C_GetMechanismInfo = get_mechanism,
    .C_OpenSession = open_session,
    .C_CloseSession = with_session,
    .C_GetSessionInfo = get_session,
    .C_Login = login,
    .C_Logout = with_session,
    .C_InitPIN = init_pin,
    .C_SetPIN = set_pin,
    .C_FindObjectsInit = find_init,
    .C_FindObjects = find,
    .C_FindObjectsFinal = with_session,
    .C_GetAttributeValue = get_value,
    .C_GenerateKeyPair = generate,
    .C_SignInit = sign_init,
    .C_Sign = sign,
    .C_CreateObject = create,
    .C_DestroyObject = destroy,
};

enum fault __wrap_pkcs11_module_open(const char *path,
                                     const struct pkcs11_module **module);

enum fault __wrap_pkcs11_module_open(const char *path,
                                     const struct pkcs11_module **module)
{
    static const struct pkcs11_module fake = {.functions = &functions};

    (void)path;
    *module = &fake;
    return FAULT_NONE;
}

/* --- what is done with it ------------------------------------------------ */

static enum fault ask(void *context, struct pin_question *question, char **pin)
{
    (void)context;
    if (question->wrong)
        return FAULT_PIN_WRONG;
    *pin = secret_copy("12345678", 8);
    return *pin != NULL ? FAULT_NONE : FAULT_MEMORY;
}

static const char token[] = "pkcs11:serial=48e243b5";
static const char key[] = "pkcs11:serial=48e243b5;id=k";

static enum fault see(void *context, const char *where, enum fault fault,
                      const struct container_info *info)
{
    (void)context;
    require(strncmp(where, "pkcs11:", 7) == 0);
    require((info != NULL) == (fault == FAULT_NONE));
    require(info == NULL ||
            strnlen(info->name, sizeof info->name) < sizeof info->name);
    return FAULT_NONE;
}

static void list(void)
{
    (void)pkcs11_medium.list(token, see, NULL);
    (void)pkcs11_medium.list(key, see, NULL);
}

static enum fault see_token(void *context, const char *where, enum fault fault,
                            const struct medium_info *info)
{
    (void)context;
    require(strncmp(where, "pkcs11:", 7) == 0);
    require((info != NULL) == (fault == FAULT_NONE));
    require(info == NULL || strcmp(info->location, where) == 0);
    require(info == NULL ||
            (info->pin_least <= PIN_MAX && info->pin_most <= PIN_MAX));
    return FAULT_NONE;
}

static void look(void)
{
    char canonical[LOCATION_MAX];
    struct medium_info info;

    (void)pkcs11_medium.look(token, &info);
    (void)pkcs11_medium.present(see_token, NULL);
    if (pkcs11_medium_resolve("", canonical) == FAULT_NONE)
        require(strncmp(canonical, "pkcs11:", 7) == 0);
}

static void inspect(void)
{
    struct container_report *report;

    if (pkcs11_medium.inspect(key, MEDIUM_WHOLE, NULL, &report) == FAULT_NONE)
        require(report->keys == 1);
    report_free(&report);
}

/* A key that was opened and proven is the one of the point. */
static void open_it(void)
{
    struct container *container;

    if (pkcs11_medium.open(key, NULL, &container) == FAULT_NONE &&
        external_key_prove(container->external) == FAULT_NONE)
        require(memcmp(container->point, pki.point, 64) == 0);
    container_free(&container);
}

static void make(void)
{
    const struct container_spec spec = {
        .folder_name = "k", .name = "k", .algorithm = pki.algorithm};
    struct container *container;

    if (pkcs11_medium.generate(token, &spec, NULL, &container) == FAULT_NONE)
        require(memcmp(container->point, pki.point, 64) == 0);
    container_free(&container);
}

static void certify(void)
{
    (void)pkcs11_medium.write_certificate(key, pki.certificate);
}

static void change(void)
{
    (void)pkcs11_medium.change_pin(token, PIN_OWNER_USER, "another-one");
    (void)pkcs11_medium.enter(token, PIN_OWNER_USER);
    (void)pkcs11_medium.unblock(token, "another-one");
    (void)pkcs11_medium.change_pin(token, PIN_OWNER_ADMINISTRATOR,
                                   "another-one");
}

static void rest(void)
{
    (void)pkcs11_medium.probe(token, "k");
    (void)pkcs11_medium.remove(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const uses[])(void) = {list, look,    inspect, open_it,
                                         make, certify, change,  rest};
    static const struct pin_source source = {.ask = ask};

    if (size < 1)
        return 0;
    if (pki.key == NULL) {
        pki_make(&pki, &(struct pki_spec){.name = NULL});
        pin_use(&source);
    }
    answers = data + 1;
    left = size - 1;
    calls = 0;
    pin_forget(NULL);
    uses[data[0] % (sizeof uses / sizeof uses[0])]();
    return 0;
}
