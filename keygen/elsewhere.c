#include "keygen/elsewhere.h"

#include "keygen/utf8.h"

#include <string.h>

/* Region and issuer together; the issuer's name in lower case. */
static const struct {
    int region;
    const char *issuer;
} rows[] = {
    {78, "центринформ"},
    {47, "центринформ"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int elsewhere_region(const struct name *subject)
{
    const char *state = subject->value[NAME_STATE];

    if (state == NULL || !is_digit(state[0]) || !is_digit(state[1]) ||
        is_digit(state[2]))
        return -1;
    return 10 * (state[0] - '0') + (state[1] - '0');
}

/* Whether the words stand at the beginning of text, in either case. */
static bool begins(const char *text, size_t left, const char *words)
{
    size_t size = strlen(words);
    uint32_t a, b;

    while (size > 0)
        if (!utf8_read(&words, &size, &b) || !utf8_read(&text, &left, &a) ||
            utf8_fold(a) != b)
            return false;
    return true;
}

static bool contains(const char *text, const char *words)
{
    size_t left = text != NULL ? strlen(text) : 0;
    uint32_t character;

    while (left > 0) {
        if (begins(text, left, words))
            return true;
        if (!utf8_read(&text, &left, &character))
            return false;
    }
    return false;
}

bool elsewhere_renewed(const struct name *subject, const struct name *issuer)
{
    int region = elsewhere_region(subject);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].region == region &&
            (contains(issuer->value[NAME_COMMON_NAME], rows[i].issuer) ||
             contains(issuer->value[NAME_ORGANIZATION], rows[i].issuer)))
            return true;
    return false;
}
