/* A PKCS#11 module for tests: two tokens that make keys of GOST R 34.10-2012
 * and sign with them, by the constants of the Russian profile (TC 26), as
 * Rutoken's module does. It is as strict as a token may be, and answers with
 * whatever nonsense a test asks for (settings.h). Never installed. */
#ifndef TESTS_PKCS11_MODULE_H
#define TESTS_PKCS11_MODULE_H

#include "tests/pkcs11/token.h"

enum { SESSIONS = 32 };

struct session {
    bool used, writable;
    CK_SLOT_ID slot;
    bool searching;
    size_t found, at;
    CK_OBJECT_HANDLE find[OBJECTS_MAX];
    CK_OBJECT_HANDLE key; /* that signs, 0: none */
    bool authenticated;   /* for one use of the key */
};

/* A call on a session. */
struct visit {
    CK_RV rv; /* of the call, so far; not CKR_OK: there is no session */
    struct session *session;
    struct token *token; /* locked */
};

/* Begin one: note it, read the settings, fail where they say so; then find the
 * session of a handle and its token. */
struct visit module_visit(const char *call, const char *detail,
                          CK_SESSION_HANDLE handle);

/* End it: its rv. */
CK_RV module_leave(struct visit *at);

/* Go on only where something may be made and removed. */
void module_want_rights(struct visit *at);

CK_RV module_create(CK_SESSION_HANDLE, CK_ATTRIBUTE *, CK_ULONG,
                    CK_OBJECT_HANDLE *);
CK_RV module_destroy(CK_SESSION_HANDLE, CK_OBJECT_HANDLE);
CK_RV module_get_value(CK_SESSION_HANDLE, CK_OBJECT_HANDLE, CK_ATTRIBUTE *,
                       CK_ULONG);
CK_RV module_find_init(CK_SESSION_HANDLE, CK_ATTRIBUTE *, CK_ULONG);
CK_RV module_find(CK_SESSION_HANDLE, CK_OBJECT_HANDLE *, CK_ULONG, CK_ULONG *);
CK_RV module_find_final(CK_SESSION_HANDLE);
CK_RV module_generate(CK_SESSION_HANDLE, CK_MECHANISM *, CK_ATTRIBUTE *,
                      CK_ULONG, CK_ATTRIBUTE *, CK_ULONG, CK_OBJECT_HANDLE *,
                      CK_OBJECT_HANDLE *);
CK_RV module_sign_init(CK_SESSION_HANDLE, CK_MECHANISM *, CK_OBJECT_HANDLE);
CK_RV module_sign(CK_SESSION_HANDLE, CK_BYTE *, CK_ULONG, CK_BYTE *,
                  CK_ULONG *);

/* Whether the user is logged in to that token, in this process. */
bool module_is_open(const struct visit *at);

/* An object that this session may see, or NULL. */
struct object *module_object(const struct visit *at, CK_OBJECT_HANDLE handle);

#endif
