/* A server that asks to be left alone (429, 503 with Retry-After) means all
 * who call it: those that share a pace obey together. Several threads may use
 * one at once. */
#ifndef API_PACE_H
#define API_PACE_H

#include <stdbool.h>

struct timer;
struct pace;

/* NULL without memory. It must outlive every api that shares it. */
struct pace *pace_new(void);
void pace_free(struct pace **pace);

/* Nobody calls for so many seconds from now; what was asked for before and
 * lasts longer stays. */
void pace_hold(struct pace *pace, const struct timer *timer, long seconds);

/* Milliseconds until the server may be called, 0: now. */
long pace_left(struct pace *pace, const struct timer *timer);

/* Waits until it may be called, a little longer at random so that not all come
 * back at once. False where that is beyond most milliseconds (nothing was
 * waited for), or when cancelled. */
bool pace_wait(struct pace *pace, const struct timer *timer, long most);

#endif
