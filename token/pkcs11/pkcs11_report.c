#include "token/pkcs11/pkcs11_report.h"

#include "token/container_sign.h"
#include "token/pkcs11/pkcs11_found.h"
#include "token/pkcs11/pkcs11_key.h"
#include "token/pkcs11/pkcs11_listing.h"
#include "token/pkcs11/pkcs11_pin.h"
#include "token/report.h"

#include <stdlib.h>
#include <string.h>

static enum fault describe_on(const struct pkcs11_token *token, const void *id,
                              size_t size, struct container_info *info)
{
    struct pkcs11_found found;
    enum fault fault = pkcs11_found_read(token, id, size, &found);

    memset(info, 0, sizeof *info);
    if (fault == FAULT_NONE)
        fault = pkcs11_found_tell(token, id, size, &found, info);
    pkcs11_found_free(&found);
    return fault;
}

enum fault pkcs11_report_describe(const char *where,
                                  struct container_info *info)
{
    struct pkcs11_token *token;
    struct pkcs11_place place;
    enum fault fault = pkcs11_token_of_key(where, false, &place, &token);

    memset(info, 0, sizeof *info);
    if (fault == FAULT_NONE)
        fault = describe_on(token, place.id, place.id_size, info);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}

/* What cannot be read is told and does not end the walk. alone: no other is
 * meant; of many one is passed over that is none, or no longer there. */
static enum fault visit_key(const struct pkcs11_token *token,
                            const struct pkcs11_listed *key, bool alone,
                            container_visitor *visit, void *context)
{
    struct container_info info;
    char where[LOCATION_MAX];
    enum fault fault =
        pkcs11_place_with_id(token->location, key->id, key->size, where);

    if (fault != FAULT_NONE)
        return fault;
    fault = describe_on(token, key->id, key->size, &info);
    if (fault == FAULT_NOT_FOUND && !alone)
        fault = FAULT_NONE;
    else if (fault != FAULT_MEMORY && fault != FAULT_TOKEN_GONE)
        fault =
            visit(context, where, fault, fault == FAULT_NONE ? &info : NULL);
    container_info_free(&info);
    return fault;
}

static enum fault list_all(const struct pkcs11_token *token,
                           container_visitor *visit, void *context)
{
    struct pkcs11_listing *listing;
    enum fault fault = pkcs11_listing_read(token, &listing);

    if (fault != FAULT_NONE)
        return fault;
    for (size_t i = 0; i < listing->count && fault == FAULT_NONE; i++)
        fault = visit_key(token, &listing->key[i], false, visit, context);
    if (fault == FAULT_NONE && listing->nameless > 0)
        fault = visit(context, token->location, FAULT_UNSUPPORTED, NULL);
    pkcs11_listing_free(&listing);
    return fault;
}

enum fault pkcs11_report_list(const char *location, container_visitor *visit,
                              void *context)
{
    struct pkcs11_listed one = {0};
    struct pkcs11_token *token = NULL;
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(location, &place);

    if (fault == FAULT_NONE)
        fault = pkcs11_token_open(&place, false, &token);
    if (fault == FAULT_NONE && place.id_size > 0) {
        one.size = place.id_size;
        memcpy(one.id, place.id, place.id_size);
        fault = visit_key(token, &one, true, visit, context);
    } else if (fault == FAULT_NONE) {
        fault = list_all(token, visit, context);
    }
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}

/* A key that never leaves its token is tried by letting it sign. One that does
 * not is no fault but what the report says. */
static enum fault prove(struct pkcs11_token **token,
                        const struct pkcs11_place *place,
                        struct report_key *key)
{
    struct container *container = NULL;
    enum fault fault = pkcs11_pin_login(*token);

    if (fault == FAULT_NONE)
        fault = pkcs11_key_adopt(token, place->id, place->id_size, &container);
    if (fault == FAULT_NONE) {
        fault = container_sign_prove(container);
        key->pair[0] = fault == FAULT_NONE ? CHECK_GOOD : CHECK_BAD;
    }
    container_free(&container);
    return fault == FAULT_SIGNATURE ? FAULT_NONE : fault;
}

static enum fault inspect(const char *where, enum medium_depth depth,
                          struct report_key *key)
{
    struct pkcs11_token *token;
    struct pkcs11_place place;
    enum fault fault = pkcs11_token_of_key(where, false, &place, &token);

    if (fault == FAULT_NONE)
        fault = describe_on(token, place.id, place.id_size, &key->info);
    /* With the certificate of another key it is not used at all. */
    if (fault == FAULT_NONE && depth == MEDIUM_WHOLE &&
        key->info.refused == FAULT_NONE && !key->info.misfit)
        fault = prove(&token, &place, key);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}

enum fault pkcs11_report_inspect(const char *where, enum medium_depth depth,
                                 const char *password,
                                 struct container_report **report)
{
    struct container_report *made = calloc(1, sizeof *made);
    struct report_key *key;
    enum fault fault = FAULT_MEMORY;

    (void)password; /* a token has a PIN, which it asks for by itself */
    *report = made;
    if (made == NULL)
        return fault;
    key = &made->key[0];
    made->keys = 1;
    fault = inspect(where, depth, key);
    if (fault != FAULT_NONE) {
        report_free(report);
        return fault;
    }
    memcpy(made->where, key->info.where, sizeof made->where);
    memcpy(made->name, key->info.name, sizeof made->name);
    if (key->info.certificate != NULL && key->info.algorithm != NULL)
        key->certificate = key->info.misfit ? CHECK_BAD : CHECK_GOOD;
    made->whole = key->certificate != CHECK_BAD && key->pair[0] != CHECK_BAD;
    return FAULT_NONE;
}
