#include "token/pkcs11/pkcs11_medium.h"

#include "token/file/folder_name.h"
#include "token/pkcs11/pkcs11_certificate.h"
#include "token/pkcs11/pkcs11_found.h"
#include "token/pkcs11/pkcs11_key.h"
#include "token/pkcs11/pkcs11_pair.h"
#include "token/pkcs11/pkcs11_pin.h"
#include "token/pkcs11/pkcs11_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* --- places -------------------------------------------------------------- */

enum fault pkcs11_medium_resolve(const char *rest, char *canonical)
{
    struct pkcs11_token *token = NULL;
    struct pkcs11_place place;
    char text[LOCATION_MAX];
    const int size = snprintf(text, sizeof text, PKCS11_ANY "%s", rest);
    enum fault fault = FAULT_TOO_LARGE;

    if (size < 0 || (size_t)size >= sizeof text)
        return fault;
    fault = pkcs11_place_read(text, &place);
    if (fault == FAULT_NONE && !pkcs11_place_has_serial(&place)) {
        fault = pkcs11_token_find(&place, &token);
        if (fault == FAULT_NONE)
            fault = pkcs11_place_with_id(token->location, place.id,
                                         place.id_size, canonical);
    } else if (fault == FAULT_NONE) {
        fault = pkcs11_place_write(&place, canonical);
    }
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}

static enum fault join(const char *location, const char *folder, char *where)
{
    return folder[0] == '\0'
               ? FAULT_ARGUMENT
               : pkcs11_place_with_id(location, folder, strlen(folder), where);
}

static enum fault home(const char *where, char *location)
{
    return pkcs11_place_with_id(where, NULL, 0, location);
}

/* By its number, whichever way it is reached. */
static void exclusive(const char *location, char *key)
{
    struct pkcs11_place place;

    if (pkcs11_place_read(location, &place) == FAULT_NONE)
        pkcs11_place_key(&place, key, MEDIUM_KEY_MAX);
    pkcs11_place_free(&place);
}

/* --- tokens -------------------------------------------------------------- */

/* What is to be done with a token: looked at without a session, read,
 * changed. */
enum use { LOOK, READ, CHANGE };

static enum fault reach(const char *location, enum use use,
                        struct pkcs11_token **token)
{
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(location, &place);

    *token = NULL;
    if (fault == FAULT_NONE)
        fault = use == LOOK ? pkcs11_token_find(&place, token)
                            : pkcs11_token_open(&place, use == CHANGE, token);
    pkcs11_place_free(&place);
    return fault;
}

/* The id of a new key is its name: that is known before it is made. */
static enum fault name(const char *location, const char *wanted,
                       const struct algorithm *inside, unsigned n, char *folder)
{
    struct pkcs11_token *token = NULL;
    enum fault fault = FAULT_NONE;

    if (inside != NULL) {
        fault = reach(location, LOOK, &token);
        if (fault == FAULT_NONE &&
            !pkcs11_token_makes(token, pkcs11_pair_mechanism(inside)))
            fault = FAULT_NOT_RESIDENT;
        pkcs11_token_close(&token);
    }
    if (wanted != NULL && n == 0 && wanted[0] != '\0' &&
        strlen(wanted) < CONTAINER_FOLDER_MAX)
        memcpy(folder, wanted, strlen(wanted) + 1);
    else
        folder_name_invent(folder);
    return fault;
}

static enum fault look(const char *location, struct medium_info *info)
{
    struct pkcs11_token *token;
    enum fault fault = reach(location, LOOK, &token);

    if (fault == FAULT_NONE)
        pkcs11_token_look(token, info);
    pkcs11_token_close(&token);
    return fault;
}

/* An administrator has no session that only reads. */
static enum fault enter(const char *location, enum pin_owner owner)
{
    struct pkcs11_token *token;
    enum fault fault = reach(
        location, owner == PIN_OWNER_ADMINISTRATOR ? CHANGE : READ, &token);

    if (fault == FAULT_NONE)
        fault = pkcs11_pin_check(token, owner);
    pkcs11_token_close(&token);
    return fault;
}

static enum fault change_pin(const char *location, enum pin_owner owner,
                             const char *new_one)
{
    struct pkcs11_token *token;
    enum fault fault = reach(location, CHANGE, &token);

    if (fault == FAULT_NONE)
        fault = pkcs11_pin_set(token, owner, new_one);
    pkcs11_token_close(&token);
    return fault;
}

/* Tries alone are given back by no call of PKCS#11. */
static enum fault unblock(const char *location, const char *new_one)
{
    struct pkcs11_token *token;
    enum fault fault = reach(location, CHANGE, &token);

    if (fault == FAULT_NONE)
        fault = pkcs11_pin_unblock(token, new_one);
    pkcs11_token_close(&token);
    return fault;
}

/* What another slot cannot say, or this one while a token is plugged in, is
 * none of its own. */
static bool is_absent(enum fault fault)
{
    return fault == FAULT_NO_TOKEN || fault == FAULT_TOKEN_UNKNOWN ||
           fault == FAULT_TOKEN_ANSWER;
}

static enum fault wait_for(const char *location, medium_stop *stop,
                           void *context)
{
    static const struct timespec while_out = {.tv_nsec = 250000000};
    struct pkcs11_token *token = NULL;
    enum fault fault;

    for (;;) {
        fault = reach(location, LOOK, &token);
        pkcs11_token_close(&token);
        if (!is_absent(fault))
            return fault;
        if (stop(context))
            return FAULT_INTERRUPTED;
        nanosleep(&while_out, NULL);
    }
}

/* A module may be waited in only as long as nothing can end that, so it is
 * asked again and again, and stays started meanwhile. */
static enum fault await(const char *location, medium_stop *stop, void *context)
{
    const struct pkcs11_module *module = NULL;
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(location, &place);

    if (fault == FAULT_NONE)
        fault = pkcs11_module_open(pkcs11_place_module(&place), &module);
    if (fault == FAULT_NONE)
        fault = wait_for(location, stop, context);
    pkcs11_module_close(&module);
    pkcs11_place_free(&place);
    return fault;
}

/* --- making room --------------------------------------------------------- */

static enum fault probe_on(const struct pkcs11_token *token,
                           const char *folder_name)
{
    struct pkcs11_found found = {.has_key = false};
    enum fault fault = FAULT_NOT_FOUND;

    if ((token->info.flags & CKF_WRITE_PROTECTED) != 0)
        return FAULT_READ_ONLY;
    if (!pkcs11_token_makes(token,
                            pkcs11_pair_mechanism(algorithm_by_word(NULL))))
        return FAULT_NOT_RESIDENT;
    if (folder_name != NULL)
        fault =
            pkcs11_found_read(token, folder_name, strlen(folder_name), &found);
    pkcs11_found_free(&found);
    return fault == FAULT_NONE        ? FAULT_EXISTS
           : fault == FAULT_NOT_FOUND ? FAULT_NONE
                                      : fault;
}

/* The place of a key is none for another one. */
static enum fault probe(const char *location, const char *folder_name)
{
    struct pkcs11_token *token = NULL;
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(location, &place);

    if (fault == FAULT_NONE && place.id_size > 0)
        fault = FAULT_LOCATION;
    if (fault == FAULT_NONE)
        fault = pkcs11_token_open(&place, false, &token);
    if (fault == FAULT_NONE)
        fault = probe_on(token, folder_name);
    pkcs11_token_close(&token);
    pkcs11_place_free(&place);
    return fault;
}

/* --- what is not done ---------------------------------------------------- */

static enum fault take_out(const char *where, const char *password,
                           struct material **material)
{
    (void)where;
    (void)password;
    *material = NULL;
    return FAULT_RESIDENT;
}

static enum fault read_files(const char *where, struct container_files **files)
{
    (void)where;
    *files = NULL;
    return FAULT_RESIDENT;
}

static enum fault store(const char *location, const struct container_spec *spec,
                        const uint8_t *scalar, struct entropy *pool,
                        struct container **container)
{
    (void)location;
    (void)spec;
    (void)scalar;
    (void)pool;
    *container = NULL;
    return FAULT_INSIDE_ONLY;
}

static enum fault put_in(const char *location, const char *folder_name,
                         const struct material *material, const char *password,
                         struct entropy *pool, struct container **container)
{
    (void)location;
    (void)folder_name;
    (void)material;
    (void)password;
    (void)pool;
    *container = NULL;
    return FAULT_INSIDE_ONLY;
}

static enum fault write_files(const char *location, const char *folder_name,
                              const struct container_files *files,
                              container_check *check, void *context)
{
    (void)location;
    (void)folder_name;
    (void)files;
    (void)check;
    (void)context;
    return FAULT_INSIDE_ONLY;
}

static enum fault set_password(const char *where, const char *old_one,
                               const char *new_one, struct entropy *pool)
{
    (void)where;
    (void)old_one;
    (void)new_one;
    (void)pool;
    return FAULT_PIN_INSTEAD;
}

const struct medium_ops pkcs11_medium = {
    .kind = "pkcs11",
    .inside_only = true,
    .present = pkcs11_token_walk,
    .look = look,
    .enter = enter,
    .change_pin = change_pin,
    .unblock = unblock,
    .unblocks_anew = true,
    .await = await,
    .exclusive = exclusive,
    .join = join,
    .home = home,
    .name = name,
    .list = pkcs11_report_list,
    .describe = pkcs11_report_describe,
    .open = pkcs11_key_open,
    .generate = pkcs11_pair_generate,
    .store = store,
    .write_certificate = pkcs11_certificate_write,
    .take_out = take_out,
    .put_in = put_in,
    .read_files = read_files,
    .write_files = write_files,
    .inspect = pkcs11_report_inspect,
    .set_password = set_password,
    .probe = probe,
    .remove = pkcs11_key_remove,
};
