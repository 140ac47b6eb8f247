#include "token/pkcs11/pkcs11_module.h"

#include <limits.h>
#include <p11-kit/p11-kit.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MODULES_MAX = 8 /* kinds of tokens in one run */ };

/* Where Rutoken's packages put theirs. */
static const char *const installed[] = {
    "/usr/lib/librtpkcs11ecp.so",
    "/usr/lib64/librtpkcs11ecp.so",
    "/usr/lib/x86_64-linux-gnu/librtpkcs11ecp.so",
    "/usr/lib/aarch64-linux-gnu/librtpkcs11ecp.so",
    "/opt/aktivco/rutokenecp/amd64/librtpkcs11ecp.so",
    "/opt/aktivco/rutokenecp/x86_64/librtpkcs11ecp.so",
    "/opt/aktivco/rutokenecp/arm64/librtpkcs11ecp.so",
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct pkcs11_module modules[MODULES_MAX];
static size_t loaded;
static char configured[PATH_MAX]; /* "": none */

/* A path that leads nowhere stays as it was said, and fails later. */
void pkcs11_module_use(const char *path)
{
    configured[0] = '\0';
    if (path != NULL && realpath(path, configured) == NULL)
        (void)snprintf(configured, sizeof configured, "%s", path);
}

const char *pkcs11_module_usual(void)
{
    if (configured[0] != '\0')
        return configured;
    for (size_t i = 0; i < sizeof installed / sizeof installed[0]; i++)
        if (access(installed[i], F_OK) == 0)
            return installed[i];
    return NULL;
}

/* --- starting and ending; under the mutex -------------------------------- */

/* It logs out, closes its sessions and lets go of its tokens. */
static void stop(struct pkcs11_module *module)
{
    if (module->users > 0)
        (void)p11_kit_module_finalize(module->functions);
    module->users = 0;
}

static void end_all(void)
{
    while (loaded > 0) {
        struct pkcs11_module *module = &modules[--loaded];

        stop(module);
        p11_kit_module_release(module->functions);
        free(module->path);
    }
}

static enum fault load(const char *path, struct pkcs11_module *module)
{
    *module = (struct pkcs11_module){.path = strdup(path)};
    if (module->path == NULL)
        return FAULT_MEMORY;
    module->functions = p11_kit_module_load(path, 0);
    if (module->functions != NULL)
        return FAULT_NONE;
    free(module->path);
    return FAULT_MODULE_BAD;
}

static enum fault find(const char *path, struct pkcs11_module **module)
{
    enum fault fault = FAULT_TOO_LARGE;

    for (size_t i = 0; i < loaded; i++)
        if (strcmp(modules[i].path, path) == 0) {
            *module = &modules[i];
            return FAULT_NONE;
        }
    if (loaded == MODULES_MAX)
        return fault;
    if (access(path, F_OK) != 0)
        return FAULT_MODULE_MISSING;
    fault = load(path, &modules[loaded]);
    if (fault != FAULT_NONE)
        return fault;
    if (loaded == 0)
        (void)atexit(end_all);
    *module = &modules[loaded++];
    return FAULT_NONE;
}

static enum fault use(const char *path, const struct pkcs11_module **module)
{
    struct pkcs11_module *found = NULL;
    enum fault fault = find(path, &found);

    if (fault == FAULT_NONE && found->users == 0 &&
        p11_kit_module_initialize(found->functions) != CKR_OK)
        fault = FAULT_MODULE_BAD;
    if (fault == FAULT_NONE) {
        found->users++;
        *module = found;
    }
    return fault;
}

enum fault pkcs11_module_open(const char *path,
                              const struct pkcs11_module **module)
{
    enum fault fault = FAULT_MODULE_MISSING;

    *module = NULL;
    if (path == NULL)
        path = pkcs11_module_usual();
    /* A bare name would be looked for in folders that nobody named. */
    if (path == NULL || path[0] != '/')
        return fault;
    pthread_mutex_lock(&mutex);
    fault = use(path, module);
    pthread_mutex_unlock(&mutex);
    return fault;
}

/* Between two uses it holds no token: other ways to it may be waiting. */
void pkcs11_module_close(const struct pkcs11_module **module)
{
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < loaded; i++) {
        if (*module != &modules[i])
            continue;
        if (modules[i].users <= 1)
            stop(&modules[i]);
        else
            modules[i].users--;
    }
    pthread_mutex_unlock(&mutex);
    *module = NULL;
}

/* --- its slots ----------------------------------------------------------- */

enum fault pkcs11_module_slots(const struct pkcs11_module *module,
                               CK_SLOT_ID *slots, size_t *count)
{
    CK_ULONG number = 0;
    /* Only asked for their number some look for readers anew. */
    CK_RV rv = module->functions->C_GetSlotList(CK_TRUE, NULL, &number);

    *count = 0;
    number = PKCS11_SLOTS_MAX;
    if (rv == CKR_OK)
        rv = module->functions->C_GetSlotList(CK_TRUE, slots, &number);
    if (rv == CKR_BUFFER_TOO_SMALL)
        return FAULT_TOO_LARGE;
    if (rv != CKR_OK)
        return pkcs11_module_fault(rv);
    if (number > PKCS11_SLOTS_MAX)
        return FAULT_TOKEN_ANSWER;
    *count = number;
    return FAULT_NONE;
}

/* --- its answers --------------------------------------------------------- */

/* PKCS#11 2.40, appendix B; p11-kit 0.24 has another number. */
enum { PIN_TOO_WEAK = 0x1B8 };

enum fault pkcs11_module_fault(CK_RV rv)
{
    static const struct {
        CK_RV rv;
        enum fault fault;
    } rows[] = {
        {CKR_OK, FAULT_NONE},
        {CKR_HOST_MEMORY, FAULT_MEMORY},
        {CKR_DEVICE_MEMORY, FAULT_TOKEN_SPACE},
        {CKR_DEVICE_REMOVED, FAULT_TOKEN_GONE},
        {CKR_SESSION_HANDLE_INVALID, FAULT_TOKEN_GONE},
        {CKR_SESSION_CLOSED, FAULT_TOKEN_GONE},
        {CKR_CRYPTOKI_NOT_INITIALIZED, FAULT_TOKEN_GONE},
        {CKR_SLOT_ID_INVALID, FAULT_TOKEN_GONE},
        {CKR_TOKEN_NOT_PRESENT, FAULT_TOKEN_GONE},
        {CKR_TOKEN_NOT_RECOGNIZED, FAULT_TOKEN_UNKNOWN},
        {CKR_SESSION_COUNT, FAULT_TOKEN_BUSY},
        {CKR_SESSION_EXISTS, FAULT_TOKEN_BUSY},
        {CKR_USER_ANOTHER_ALREADY_LOGGED_IN, FAULT_TOKEN_BUSY},
        {CKR_USER_TOO_MANY_TYPES, FAULT_TOKEN_BUSY},
        {CKR_SESSION_READ_ONLY_EXISTS, FAULT_TOKEN_BUSY},
        {CKR_FUNCTION_CANCELED, FAULT_CANCELLED},
        {CKR_FUNCTION_REJECTED, FAULT_CANCELLED}, /* by the person there */
        {CKR_PIN_INCORRECT, FAULT_PIN_WRONG},
        {CKR_PIN_INVALID, FAULT_PIN_LENGTH},
        {CKR_PIN_LEN_RANGE, FAULT_PIN_LENGTH},
        {PIN_TOO_WEAK, FAULT_PIN_WEAK},
        {CKR_PIN_EXPIRED, FAULT_PIN_CHANGE},
        {CKR_PIN_LOCKED, FAULT_PIN_BLOCKED},
        {CKR_USER_NOT_LOGGED_IN, FAULT_PIN_NEEDED},
        {CKR_USER_PIN_NOT_INITIALIZED, FAULT_TOKEN_REFUSED},
        {CKR_FUNCTION_NOT_SUPPORTED, FAULT_TOKEN_REFUSED},
        {CKR_KEY_FUNCTION_NOT_PERMITTED, FAULT_TOKEN_REFUSED},
        {CKR_ATTRIBUTE_READ_ONLY, FAULT_TOKEN_REFUSED},
        {CKR_TEMPLATE_INCONSISTENT, FAULT_TOKEN_REFUSED},
        {CKR_TEMPLATE_INCOMPLETE, FAULT_TOKEN_REFUSED},
        {CKR_ATTRIBUTE_TYPE_INVALID, FAULT_TOKEN_REFUSED},
        {CKR_ATTRIBUTE_VALUE_INVALID, FAULT_TOKEN_REFUSED},
        {CKR_DOMAIN_PARAMS_INVALID, FAULT_TOKEN_REFUSED},
        {CKR_MECHANISM_PARAM_INVALID, FAULT_TOKEN_REFUSED},
        {CKR_KEY_TYPE_INCONSISTENT, FAULT_TOKEN_REFUSED},
        {CKR_ACTION_PROHIBITED, FAULT_TOKEN_REFUSED},
        {CKR_SESSION_READ_ONLY, FAULT_READ_ONLY},
        {CKR_TOKEN_WRITE_PROTECTED, FAULT_READ_ONLY},
        {CKR_MECHANISM_INVALID, FAULT_NOT_RESIDENT},
        {CKR_OBJECT_HANDLE_INVALID, FAULT_NOT_FOUND},
        {CKR_KEY_HANDLE_INVALID, FAULT_NOT_FOUND},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].rv == rv)
            return rows[i].fault;
    return FAULT_TOKEN_ANSWER;
}
