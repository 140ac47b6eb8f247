#include "client/screen/walk.h"

#include "client/text.h"

#include <stdio.h>

/* --- what the prompts tell ------------------------------------------------ */

const char *walk_refuse_back(struct screen *screen)
{
    static _Thread_local char sentence[512];
    const struct screen_way *way = screen_way(screen);

    if (way->open > 0)
        return NULL;
    snprintf(sentence, sizeof(sentence), "%s %s",
             way->barred != NULL ? way->barred
                                 : _("There is no way back from here."),
             _("Answer the question, or type \"cancel\" to stop."));
    return sentence;
}

void walk_answered(struct screen *screen)
{
    screen_way(screen)->asked++;
}

void walk_turn_back(struct screen *screen)
{
    screen_way(screen)->back = true;
}

bool walk_is_open(struct screen *screen)
{
    return screen_way(screen)->open > 0;
}

bool walk_is_turning(struct screen *screen)
{
    return screen_way(screen)->back;
}

void walk_bar(struct screen *screen, const char *why)
{
    struct screen_way *way = screen_way(screen);

    if (!screen_interactive(screen))
        return; /* several threads may share it */
    way->open = 0;
    way->bars++;
    way->barred = why;
}

/* --- a list --------------------------------------------------------------- */

void walk_begin(struct walk *walk, struct screen *screen)
{
    *walk = (struct walk){.screen = screen, .bars = screen_way(screen)->bars};
}

/* What lies behind a bar is no longer on the way. */
static void heed_bars(struct walk *walk)
{
    const struct screen_way *way = screen_way(walk->screen);

    if (walk->bars != way->bars)
        walk->count = 0;
    walk->bars = way->bars;
}

void walk_enter(struct walk *walk)
{
    walk->asked = screen_way(walk->screen)->asked;
}

bool walk_leave(struct walk *walk, size_t row)
{
    struct screen_way *way = screen_way(walk->screen);
    const bool barred = walk->bars != way->bars;

    heed_bars(walk);
    if (walk->asked == way->asked)
        return false;
    if (!barred && walk->count < WALK_MAX) {
        walk->trail[walk->count++] = row;
        way->open++;
    }
    return true;
}

bool walk_further(struct walk *walk, size_t *row)
{
    heed_bars(walk);
    if (walk->count == 0)
        return false;
    *row = walk->trail[--walk->count];
    screen_way(walk->screen)->open--;
    return true;
}

bool walk_back(struct walk *walk, size_t *row)
{
    struct screen_way *way = screen_way(walk->screen);

    if (!way->back || !walk_further(walk, row))
        return false;
    way->back = false;
    return true;
}

void walk_end(struct walk *walk)
{
    heed_bars(walk);
    if (walk->count > 0)
        screen_way(walk->screen)->open -= walk->count;
    walk->count = 0;
}

bool walk_run(struct screen *screen, size_t rows, walk_ask *ask, void *context)
{
    struct walk walk;
    size_t row = 0;
    bool again = false, answered = true;

    walk_begin(&walk, screen);
    while (answered && row < rows) {
        walk_enter(&walk);
        answered = ask(context, row, again);
        if (!answered) {
            answered = again = walk_back(&walk, &row);
        } else if (walk_leave(&walk, row) || !again ||
                   !walk_further(&walk, &row)) {
            again = false;
            row++;
        }
    }
    walk_end(&walk);
    return answered;
}
