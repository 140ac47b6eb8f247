/* PKCS#11 modules: the libraries of the vendors of tokens, which persons
 * install themselves. Loaded through p11-kit and kept until the process ends;
 * started while they are used. */
#ifndef TOKEN_PKCS11_PKCS11_MODULE_H
#define TOKEN_PKCS11_PKCS11_MODULE_H

#include "keygen/fault.h"

#include <p11-kit/pkcs11.h>
#include <stddef.h>

enum { PKCS11_SLOTS_MAX = 64 };

struct pkcs11_module {
    CK_FUNCTION_LIST *functions;
    char *path;
    unsigned users; /* 0: it is not started */
};

/* The module of places that name none: its path, or NULL. Without this those
 * that Rutoken's packages install are looked for. */
void pkcs11_module_use(const char *path);

/* The path that would be loaded for places that name none; NULL where no
 * module is known and none is installed. */
const char *pkcs11_module_usual(void);

/* Load a module and start it, once for all that use it at a time; path NULL:
 * the usual one. Let go with pkcs11_module_close, which makes *module NULL.
 * FAULT_MODULE_MISSING, FAULT_MODULE_BAD. */
MUST_CHECK enum fault pkcs11_module_open(const char *path,
                                         const struct pkcs11_module **module);

void pkcs11_module_close(const struct pkcs11_module **module);

/* The slots that have a token, into PKCS11_SLOTS_MAX places. */
MUST_CHECK enum fault pkcs11_module_slots(const struct pkcs11_module *module,
                                          CK_SLOT_ID *slots, size_t *count);

/* What a module's answer means. */
enum fault pkcs11_module_fault(CK_RV rv);

#endif
