/* Working days, as terms of Russian authorities are counted in them.
 *
 * Saturdays, Sundays and the holidays of article 112 of the Labour Code are
 * none. The days that the government moves each year by a decree are not
 * known here, so a term may be taken for shorter than it is by such a day. */
#ifndef CLIENT_WORKDAY_H
#define CLIENT_WORKDAY_H

#include <time.h>

/* The moment, in seconds since 1970, when so many working days are over that
 * follow the day of since, by the time zone of this computer: a term begins
 * on the next day. since itself where the calendar ends. */
time_t workday_after(time_t since, unsigned days);

#endif
