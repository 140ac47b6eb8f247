#include "token/rutoken/rutoken_place.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char word[] = "rutoken:";

enum {
    WORD = sizeof word - 1,
    DECIMAL = 10, /* digits of a serial number in decimal */
    HEX = 8,
    HEX_LONG = 16
};

/* Ten digits are decimal, as some are labelled. */
static bool read_decimal(const char *digits, char *serial)
{
    uint64_t number = 0;

    for (size_t i = 0; i < DECIMAL; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        number = 10 * number + (uint64_t)(digits[i] - '0');
    }
    if (number > UINT32_MAX)
        return false;
    (void)snprintf(serial, TOKEN_SESSION_SERIAL, "%08lx",
                   (unsigned long)number);
    return true;
}

static bool read_serial(const char *text, size_t size, char *serial)
{
    if (size == DECIMAL)
        return read_decimal(text, serial);
    if (size != HEX && size != HEX_LONG)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (!isxdigit((unsigned char)text[i]))
            return false;
        serial[i] = (char)tolower((unsigned char)text[i]);
    }
    serial[size] = '\0';
    return true;
}

/* A slot is written in capitals, a key in small letters. */
static bool read_name(const char *text, struct rutoken_place *place)
{
    const size_t size = strlen(text);
    const bool slot = size == SLOT_NAME - 1;

    if (!slot && size != RESIDENT_NAME - 1)
        return false;
    for (size_t i = 0; i < size; i++)
        place->name[i] = (char)(slot ? toupper((unsigned char)text[i])
                                     : tolower((unsigned char)text[i]));
    place->name[size] = '\0';
    if (!slot)
        return resident_find(place->name, &place->key);
    return strspn(place->name, "0123456789ABCDEF") == size;
}

/* What follows the word, as a person gives it. */
static enum fault read_rest(const char *rest, struct rutoken_place *place)
{
    const size_t size = strcspn(rest, "/");
    const char *name = rest + size + (rest[size] == '/');

    *place = (struct rutoken_place){.key = 0};
    if (size > 0 && !read_serial(rest, size, place->serial))
        return FAULT_LOCATION;
    if (*name != '\0' && !read_name(name, place))
        return FAULT_LOCATION;
    return FAULT_NONE;
}

enum fault rutoken_place_of(const char *where, struct rutoken_place *place)
{
    return strncmp(where, word, WORD) == 0 ? read_rest(where + WORD, place)
                                           : FAULT_LOCATION;
}

static enum fault find_only_one(char *serial)
{
    struct token_session *session = NULL;
    enum fault fault = token_session_open("", READER_SHARED, &session);

    if (fault == FAULT_NONE)
        memcpy(serial, session->serial, TOKEN_SESSION_SERIAL);
    token_session_close(&session);
    return fault;
}

enum fault rutoken_place_resolve(const char *rest, char *canonical)
{
    struct rutoken_place place;
    enum fault fault = read_rest(rest, &place);

    if (fault == FAULT_NONE && place.serial[0] == '\0')
        fault = find_only_one(place.serial);
    if (fault == FAULT_NONE)
        (void)snprintf(canonical, LOCATION_MAX, "%s%s%s%s", word, place.serial,
                       place.name[0] == '\0' ? "" : "/", place.name);
    return fault;
}
