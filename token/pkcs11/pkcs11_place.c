#include "token/pkcs11/pkcs11_place.h"

#include "token/medium.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands in a place and is no part of which key it is. */
static void drop_others(P11KitUri *uri)
{
    p11_kit_uri_clear_attribute(uri, CKA_CLASS);
    p11_kit_uri_clear_attribute(uri, CKA_LABEL);
}

/* Behind the question mark only the module's path: a PIN never stands in a
 * place, and p11-kit would keep what is mistyped. Before it p11-kit would
 * take a slash for a part of a value, which it never is. */
static bool has_good_form(const char *text)
{
    static const char path[] = "?module-path=";
    const char *query = text + strcspn(text, "?");

    return memchr(text, '/', (size_t)(query - text)) == NULL &&
           (*query == '\0' || (strncmp(query, path, sizeof path - 1) == 0 &&
                               strchr(query, '&') == NULL));
}

static bool is_allowed(P11KitUri *uri)
{
    const char *path = p11_kit_uri_get_module_path(uri);

    return !p11_kit_uri_any_unrecognized(uri) &&
           (path == NULL || path[0] == '/');
}

/* A label without an id would name another key tomorrow. */
static enum fault take_id(struct pkcs11_place *place)
{
    const CK_ATTRIBUTE *id = p11_kit_uri_get_attribute(place->uri, CKA_ID);

    if (id == NULL)
        return p11_kit_uri_get_attribute(place->uri, CKA_LABEL) == NULL
                   ? FAULT_NONE
                   : FAULT_LOCATION;
    if (id->ulValueLen == 0 || id->ulValueLen > PKCS11_ID_MAX)
        return FAULT_LOCATION;
    place->id_size = id->ulValueLen;
    memcpy(place->id, id->pValue, id->ulValueLen);
    return FAULT_NONE;
}

enum fault pkcs11_place_read(const char *text, struct pkcs11_place *place)
{
    enum fault fault = FAULT_LOCATION;

    memset(place, 0, sizeof *place);
    if (strnlen(text, LOCATION_MAX) == LOCATION_MAX)
        return FAULT_TOO_LARGE;
    if (!has_good_form(text))
        return fault;
    place->uri = p11_kit_uri_new();
    if (place->uri == NULL)
        return FAULT_MEMORY;
    if (p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, place->uri) !=
            P11_KIT_URI_OK ||
        !is_allowed(place->uri))
        return fault;
    fault = take_id(place);
    drop_others(place->uri);
    return fault;
}

void pkcs11_place_free(struct pkcs11_place *place)
{
    if (place->uri != NULL)
        p11_kit_uri_free(place->uri);
    place->uri = NULL;
}

const char *pkcs11_place_module(const struct pkcs11_place *place)
{
    return p11_kit_uri_get_module_path(place->uri);
}

/* p11-kit keeps what was not said as zeros. */
bool pkcs11_place_has_serial(const struct pkcs11_place *place)
{
    return p11_kit_uri_get_token_info(place->uri)->serialNumber[0] != 0;
}

bool pkcs11_place_fits(const struct pkcs11_place *place,
                       const CK_TOKEN_INFO *info)
{
    return p11_kit_uri_match_token_info(place->uri, info) != 0;
}

static bool is_blank(const CK_UTF8CHAR *field, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (field[i] != ' ' && field[i] != 0)
            return false;
    return true;
}

void pkcs11_place_set_token(struct pkcs11_place *place,
                            const CK_TOKEN_INFO *info, bool alone)
{
    CK_TOKEN_INFO *said = p11_kit_uri_get_token_info(place->uri);
    const bool numbered =
        !is_blank(info->serialNumber, sizeof info->serialNumber);

    memset(said, 0, sizeof *said);
    if (numbered)
        memcpy(said->serialNumber, info->serialNumber,
               sizeof said->serialNumber);
    if (numbered && alone)
        return;
    memcpy(said->label, info->label, sizeof said->label);
    memcpy(said->model, info->model, sizeof said->model);
    memcpy(said->manufacturerID, info->manufacturerID,
           sizeof said->manufacturerID);
}

enum fault pkcs11_place_set_id(struct pkcs11_place *place, const void *id,
                               size_t size)
{
    CK_ATTRIBUTE attribute = {CKA_ID, place->id, size};

    if (size > PKCS11_ID_MAX)
        return FAULT_TOO_LARGE;
    place->id_size = size;
    if (size > 0)
        memmove(place->id, id, size);
    if (size == 0)
        p11_kit_uri_clear_attribute(place->uri, CKA_ID);
    else if (p11_kit_uri_set_attribute(place->uri, &attribute) !=
             P11_KIT_URI_OK)
        return FAULT_MEMORY;
    return FAULT_NONE;
}

/* Whether a character may stand for itself: in a query a slash too. */
static bool is_plain(char character, bool in_query)
{
    return (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') ||
           (character != '\0' && strchr("-._~", character) != NULL) ||
           (in_query && character == '/');
}

/* p11-kit escapes more than has to be (RFC 7512 2.3): all of an id, and the
 * slashes of a path. People are to read it. */
static void unescape(char *text)
{
    const char *from = text;
    unsigned character;
    char *to = text;

    while (*from != '\0') {
        const bool in_query = memchr(text, '?', (size_t)(to - text)) != NULL;

        if (from[0] == '%' && sscanf(from + 1, "%2x", &character) == 1 &&
            is_plain((char)character, in_query)) {
            *to++ = (char)character;
            from += 3;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

enum fault pkcs11_place_write(const struct pkcs11_place *place, char *text)
{
    char *made = NULL;
    enum fault fault = FAULT_TOO_LARGE;

    if (p11_kit_uri_format(place->uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN,
                           &made) != P11_KIT_URI_OK)
        return FAULT_MEMORY;
    if (strlen(made) < LOCATION_MAX) {
        memcpy(text, made, strlen(made) + 1);
        unescape(text);
        fault = FAULT_NONE;
    }
    free(made);
    return fault;
}

enum fault pkcs11_place_with_id(const char *from, const void *id, size_t size,
                                char *to)
{
    struct pkcs11_place place;
    enum fault fault = pkcs11_place_read(from, &place);

    if (fault == FAULT_NONE)
        fault = pkcs11_place_set_id(&place, id, size);
    if (fault == FAULT_NONE)
        fault = pkcs11_place_write(&place, to);
    pkcs11_place_free(&place);
    return fault;
}

void pkcs11_place_key(const struct pkcs11_place *place, char *key, size_t room)
{
    const CK_UTF8CHAR *serial =
        p11_kit_uri_get_token_info(place->uri)->serialNumber;
    size_t size = sizeof((CK_TOKEN_INFO *)NULL)->serialNumber;

    key[0] = '\0';
    while (size > 0 && (serial[size - 1] == ' ' || serial[size - 1] == '\0'))
        size--;
    if (size > 0)
        (void)snprintf(key, room, "token:%.*s", (int)size,
                       (const char *)serial);
}
