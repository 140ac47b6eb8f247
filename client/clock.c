#include "client/clock.h"

#include "client/signals.h"

static time_t now(void *context)
{
    (void)context;
    return time(NULL);
}

static bool doze(void *context, double seconds)
{
    (void)context;
    return signals_sleep((unsigned)(seconds * 1000));
}

const struct clock clock_real = {now, doze, NULL};
