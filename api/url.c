#include "api/url.h"

#include <stdbool.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* The size of the host that text begins with, or 0. */
static size_t host(const char *text)
{
    size_t size;

    if (text[0] == '[') {
        size = strspn(text + 1, DIGITS ":.abcdefABCDEF");
        return size > 1 && text[1 + size] == ']' ? size + 2 : 0;
    }
    size = strspn(text, DIGITS LETTERS "-.");
    if (size == 0 || size > 253 || text[0] == '-' || text[0] == '.')
        return 0;
    return size;
}

/* The size of ":port" that text begins with; 0 without one or with one that
 * does not exist, which then stands where nothing may stand. */
static size_t port(const char *text)
{
    size_t digits = text[0] == ':' ? strspn(text + 1, DIGITS) : 0;
    long number = 0;

    if (digits == 0 || digits > 5)
        return 0;
    for (size_t i = 1; i <= digits; i++)
        number = number * 10 + (text[i] - '0');
    return number >= 1 && number <= 65535 ? digits + 1 : 0;
}

int url_origin(const char *url, char origin[URL_MAX])
{
    static const char scheme[] = "https://";
    size_t size = sizeof scheme - 1;
    size_t length;

    if (strncmp(url, scheme, size) != 0)
        return -1;
    length = host(url + size);
    if (length == 0)
        return -1;
    size += length;
    size += port(url + size);
    if ((url[size] != '\0' && strcmp(url + size, "/") != 0) || size >= URL_MAX)
        return -1;
    memcpy(origin, url, size);
    origin[size] = '\0';
    return 0;
}
