#include "token/pkcs11/pkcs11_key.h"

#include "keygen/external_key.h"
#include "token/pkcs11/pkcs11_found.h"
#include "token/pkcs11/pkcs11_pin.h"

#include <stdlib.h>
#include <string.h>

/* --- signing ------------------------------------------------------------- */

/* What GnuTLS's key holds: the session ends with it. */
struct held {
    struct pkcs11_token *token; /* owned; NULL: it is to be found again */
    char where[LOCATION_MAX];
    CK_OBJECT_HANDLE private;
    size_t key_size;
    bool each_time; /* the PIN is to be given at each use */
};

static void close_it(void *context)
{
    struct held *held = context;

    pkcs11_token_close(&held->token);
    free(held);
}

/* The token was pulled out meanwhile and put in again, or the session is no
 * longer good for anything. What it signs then is verified as before. */
static enum fault find_again(struct held *held)
{
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(held->where, &place);

    pkcs11_token_close(&held->token);
    if (fault == FAULT_NONE)
        fault = pkcs11_token_open(&place, false, &held->token);
    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(held->token);
    if (fault == FAULT_NONE)
        fault = pkcs11_object_first(held->token, CKO_PRIVATE_KEY, place.id,
                                    place.id_size, &held->private);
    if (fault == FAULT_NONE && held->private == 0)
        fault = FAULT_NOT_FOUND;
    if (fault != FAULT_NONE)
        pkcs11_token_close(&held->token);
    pkcs11_place_free(&place);
    return fault;
}

static enum fault sign_once(struct held *held, const uint8_t *digest,
                            uint8_t *signature)
{
    CK_MECHANISM mechanism = {
        held->key_size == 32 ? CKM_GOSTR3410 : CKM_GOSTR3410_512, NULL, 0};
    CK_ULONG size = 2 * held->key_size;
    const struct pkcs11_token *token = held->token;
    enum fault fault = pkcs11_module_fault(
        token->call->C_SignInit(token->session, &mechanism, held->private));

    if (fault == FAULT_NONE && held->each_time)
        fault = pkcs11_pin_login_again(held->token);
    if (fault == FAULT_NONE)
        fault = pkcs11_module_fault(
            token->call->C_Sign(token->session, (CK_BYTE *)(uintptr_t)digest,
                                held->key_size, signature, &size));
    if (fault == FAULT_NONE && size != 2 * held->key_size)
        fault = FAULT_TOKEN_ANSWER;
    return fault;
}

static enum fault sign(void *context, const uint8_t *digest, uint8_t *signature)
{
    struct held *held = context;
    const bool lost = held->token == NULL;
    enum fault fault = lost ? find_again(held) : FAULT_NONE;

    if (fault == FAULT_NONE)
        fault = sign_once(held, digest, signature);
    if (!lost && (fault == FAULT_TOKEN_GONE || fault == FAULT_PIN_NEEDED)) {
        fault = find_again(held);
        if (fault == FAULT_NONE)
            fault = sign_once(held, digest, signature);
    }
    /* What a session is in the middle of nobody knows. */
    if (fault != FAULT_NONE)
        pkcs11_token_close(&held->token);
    return fault;
}

static enum fault hold(struct pkcs11_token **token,
                       const struct pkcs11_found *found,
                       struct container *container)
{
    static const struct external_ops ops = {sign, close_it};
    const struct pkcs11_public *public = &found->public;
    struct held *held = calloc(1, sizeof *held);

    if (held == NULL)
        return FAULT_MEMORY;
    memcpy(held->where, container->info.where, sizeof held->where);
    held->private = found->private;
    held->key_size = public->algorithm->key_size;
    held->each_time =
        pkcs11_object_flag(*token, found->private, CKA_ALWAYS_AUTHENTICATE);
    held->token = *token;
    *token = NULL;
    memcpy(container->point, public->point, 2 * held->key_size);
    return external_key_new(public->algorithm, public->curve, public->point,
                            &ops, held, &container->key, &container->external);
}

enum fault pkcs11_key_adopt(struct pkcs11_token **token, const void *id,
                            size_t size, struct container **container)
{
    struct pkcs11_found found;
    enum fault fault = pkcs11_found_read(*token, id, size, &found);

    *container = NULL;
    if (fault == FAULT_NONE && found.private == 0)
        fault = FAULT_NOT_FOUND;
    if (fault == FAULT_NONE)
        fault = found.public.refused;
    if (fault == FAULT_NONE && found.misfit)
        fault = FAULT_KEY_MISMATCH;
    if (fault == FAULT_NONE) {
        *container = calloc(1, sizeof **container);
        fault = *container != NULL ? FAULT_NONE : FAULT_MEMORY;
    }
    if (fault == FAULT_NONE)
        fault =
            pkcs11_found_tell(*token, id, size, &found, &(*container)->info);
    if (fault == FAULT_NONE)
        fault = hold(token, &found, *container);
    if (fault != FAULT_NONE)
        container_free(container);
    pkcs11_found_free(&found);
    return fault;
}

enum fault pkcs11_key_open(const char *where, const char *password,
                           struct container **container)
{
    struct pkcs11_token *token;
    struct pkcs11_place place;
    enum fault fault = pkcs11_token_of_key(where, false, &place, &token);

    (void)password; /* a token has a PIN, which it asks for by itself */
    *container = NULL;
    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(token);
    if (fault == FAULT_NONE)
        fault = pkcs11_key_adopt(&token, place.id, place.id_size, container);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}

/* --- removing ------------------------------------------------------------ */

/* What has that id; done counts it. */
static enum fault destroy(const struct pkcs11_token *token,
                          const struct pkcs11_place *place,
                          CK_OBJECT_CLASS class, size_t *done)
{
    struct pkcs11_objects objects;
    enum fault fault =
        pkcs11_object_find(token, class, place->id, place->id_size, &objects);

    for (size_t i = 0; i < objects.count && fault == FAULT_NONE; i++) {
        fault = pkcs11_module_fault(
            token->call->C_DestroyObject(token->session, objects.at[i]));
        (*done)++;
    }
    return fault;
}

enum fault pkcs11_key_remove(const char *where)
{
    static const CK_OBJECT_CLASS classes[] = {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY,
                                              CKO_CERTIFICATE};
    struct pkcs11_token *token;
    struct pkcs11_place place;
    size_t done = 0;
    enum fault fault = pkcs11_token_of_key(where, true, &place, &token);

    if (fault == FAULT_NONE)
        fault = pkcs11_pin_login(token);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (fault == FAULT_NONE)
            fault = destroy(token, &place, classes[i], &done);
    if (fault == FAULT_NONE && done == 0)
        fault = FAULT_NOT_FOUND;
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}
