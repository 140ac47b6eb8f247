/* The passing of time, behind a small table so that a test can script it,
 * and the wish of a person to stop waiting. */
#ifndef API_TIMER_H
#define API_TIMER_H

#include <stdbool.h>

struct timer {
    long long (*now)(void *self);                 /* monotonic, in ms */
    void (*pause)(void *self, long milliseconds); /* less when cancelled */
    long (*random)(void *self, long below);       /* 0 to below - 1 */
    void *self;
};

extern const struct timer timer_system;

/* Whether api_cancel (api/api.h) was called. */
bool timer_cancelled(void);

#endif
