#include "client/batch/run/telephone.h"

#include <stddef.h>

/* 10 to the power of digits. */
static uint64_t power(unsigned digits)
{
    uint64_t power = 1;

    for (; digits > 0; digits--)
        power *= 10;
    return power;
}

static struct telephone last(struct telephone telephone, unsigned digits)
{
    if (telephone.digits <= digits)
        return telephone;
    return (struct telephone){telephone.number % power(digits), digits};
}

struct telephone telephone_of(const char *text)
{
    struct telephone telephone = {0, 0};

    for (; text != NULL && *text != '\0'; text++)
        if (*text >= '0' && *text <= '9')
            telephone = last((struct telephone){10 * telephone.number +
                                                    (uint64_t)(*text - '0'),
                                                telephone.digits + 1},
                             TELEPHONE_DIGITS);
    return telephone;
}

struct telephone telephone_end(struct telephone telephone)
{
    return last(telephone, TELEPHONE_END);
}

bool telephone_meets(struct telephone one, struct telephone other)
{
    const unsigned digits =
        one.digits < other.digits ? one.digits : other.digits;

    return digits > 0 && last(one, digits).number == last(other, digits).number;
}
