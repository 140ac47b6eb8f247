/* Randomness from a person: keys and the mouse until the bar is full. */
#ifndef CLIENT_SCREEN_ENTROPY_BAR_H
#define CLIENT_SCREEN_ENTROPY_BAR_H

#include "client/screen/prompt.h"
#include "keygen/entropy.h"

/* Feeds the pool with keys and mouse movements and their moments until
 * ENTROPY_WANTED bits are counted. Ctrl-C, Ctrl-D and Esc cancel. What was
 * typed is wiped and forgotten; keys still on their way are not left for the
 * next question. PROMPT_FAILED sets *fault (a health test: FAULT_ENTROPY),
 * every other end FAULT_NONE. seconds: time limit, 0 for none. */
enum prompt_end entropy_bar_fill(struct screen *screen, struct entropy *pool,
                                 unsigned seconds, enum fault *fault);

#endif
