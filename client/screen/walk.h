/* The way back through questions that are asked one after another.
 *
 * A walk is a list of rows, each of which asks something or finds that it need
 * not. The word "back" at a question ends it as "cancel" would, through
 * whatever lies between (a medium, a token's PIN), and the walk then goes to
 * the row before that asked: it asks again, with its former answer. Walks may
 * stand inside of the rows of others; the way leads out of them too.
 *
 * What cannot be undone bars the way: at a question behind it the word is
 * answered by the sentence that says why. */
#ifndef CLIENT_SCREEN_WALK_H
#define CLIENT_SCREEN_WALK_H

#include "client/screen/screen.h"

enum { WALK_MAX = 64 /* rows of one walk */ };

/* Ask what the row is about, or find that it need not be asked. again: the
 * person has come back to it. False: it did not end in an answer. */
typedef bool walk_ask(void *context, size_t row, bool again);

/* Every row, from the first. False: one of them did not end in an answer,
 * and there is no row to go back to in this walk. At most WALK_MAX rows. */
bool walk_run(struct screen *screen, size_t rows, walk_ask *ask, void *context);

/* There is no way back behind this moment; why: the translated sentence. */
void walk_bar(struct screen *screen, const char *why);

/* Whether there is a question to go back to; whether the person has typed the
 * word and no walk has led there yet. */
bool walk_is_open(struct screen *screen);
bool walk_is_turning(struct screen *screen);

/* --- for a list that is walked elsewhere --- */

struct walk {
    struct screen *screen;
    size_t trail[WALK_MAX]; /* rows that asked */
    size_t count;
    unsigned long bars, asked;
};

void walk_begin(struct walk *walk, struct screen *screen);
/* Before a row. */
void walk_enter(struct walk *walk);
/* After one that ended well: whether it asked anything. */
bool walk_leave(struct walk *walk, size_t row);
/* After one that did not: true where the person wants to go back, and *row is
 * where to. */
bool walk_back(struct walk *walk, size_t *row);
/* The row that was come back to had nothing to ask: the one before it. */
bool walk_further(struct walk *walk, size_t *row);
void walk_end(struct walk *walk);

/* --- for the prompts --- */

/* NULL where "back" is taken now, else the translated sentence why not. */
const char *walk_refuse_back(struct screen *screen);
/* A question has been answered; "back" has been typed. */
void walk_answered(struct screen *screen);
void walk_turn_back(struct screen *screen);

#endif
