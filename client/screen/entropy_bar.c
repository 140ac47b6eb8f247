#include "client/screen/entropy_bar.h"

#include "client/screen/terminal.h"
#include "client/text.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    BATCH = 64,   /* bytes of keys and reports read at once */
    ALONE = 50,   /* ms after which an Esc is no beginning of a report */
    REDRAW = 200, /* ms between two drawings */
    QUIET = 300,  /* ms without a key after which hands are at rest */
    QUIET_MAX = 3000,
    CELLS = 40,
    CTRL_C = 0x03,
    CTRL_D = 0x04,
    ESCAPE = 0x1B
};

struct filling {
    struct screen *screen;
    struct entropy *pool;
    int fd;
    int64_t until, drawn; /* moments of terminal_now */
    unsigned percent;     /* as drawn */
    uint8_t batch[BATCH], before[BATCH];
    size_t size, before_size;
    enum fault fault;
};

static uint64_t nanoseconds(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

static unsigned percent(const struct filling *filling)
{
    return entropy_bits(filling->pool) * 100 / ENTROPY_WANTED;
}

static bool is_full(const struct filling *filling)
{
    return entropy_bits(filling->pool) >= ENTROPY_WANTED;
}

/* "[########............]  20 %", on a narrow terminal without the bar. */
static void draw(struct filling *filling)
{
    size_t width = screen_width(filling->screen), cells = CELLS, full;
    char bar[CELLS + 1] = "";

    filling->percent = percent(filling);
    filling->drawn = terminal_now();
    if (width < CELLS + 10)
        cells = width > 30 ? width - 20 : 0;
    full = cells * filling->percent / 100;
    memset(bar, '.', cells);
    memset(bar, '#', full);
    if (cells > 0)
        screen_redraw(filling->screen, "", "[%s] %3u %%", bar,
                      filling->percent);
    else
        screen_redraw(filling->screen, "", "%3u %%", filling->percent);
}

static void draw_when_due(struct filling *filling)
{
    if (percent(filling) != filling->percent &&
        (is_full(filling) || terminal_now() - filling->drawn >= REDRAW))
        draw(filling);
}

/* An Esc that begins a report has the rest of it right behind. */
static bool is_cancel(const struct filling *filling)
{
    const uint8_t *batch = filling->batch;

    if (memchr(batch, CTRL_C, filling->size) != NULL ||
        memchr(batch, CTRL_D, filling->size) != NULL)
        return true;
    return batch[filling->size - 1] == ESCAPE &&
           terminal_wait(filling->fd, terminal_now() + ALONE) == TERMINAL_LATE;
}

/* What one read gave is one event. A held key repeats itself and is none. */
static enum fault feed(struct filling *filling)
{
    bool repeated = filling->size == filling->before_size &&
                    memcmp(filling->batch, filling->before, filling->size) == 0;

    if (repeated)
        return FAULT_NONE;
    memcpy(filling->before, filling->batch, filling->size);
    filling->before_size = filling->size;
    return entropy_event(filling->pool, filling->batch, filling->size,
                         nanoseconds());
}

static enum prompt_end take(struct filling *filling)
{
    int got = terminal_read(filling->fd, (char *)filling->batch, BATCH);

    if (got <= 0)
        return PROMPT_SIGNAL;
    filling->size = (size_t)got;
    if (is_cancel(filling))
        return PROMPT_CANCELLED;
    filling->fault = feed(filling);
    return filling->fault == FAULT_NONE ? PROMPT_OK : PROMPT_FAILED;
}

static enum prompt_end fill(struct filling *filling)
{
    enum prompt_end end = PROMPT_OK;

    while (end == PROMPT_OK && !is_full(filling)) {
        int64_t soon = terminal_now() + REDRAW;

        switch (terminal_wait(filling->fd,
                              soon < filling->until ? soon : filling->until)) {
        case TERMINAL_TYPED:
            end = take(filling);
            break;
        case TERMINAL_LATE:
            if (terminal_now() >= filling->until)
                end = PROMPT_LATE;
            break;
        default:
            end = PROMPT_SIGNAL;
        }
        draw_when_due(filling);
    }
    return end;
}

/* Hands do not stop the moment the bar is full. */
static void settle(struct filling *filling)
{
    int64_t until = terminal_now() + QUIET_MAX, quiet;
    int got = 1;

    do {
        quiet = terminal_now() + QUIET;
        if (terminal_wait(filling->fd, quiet < until ? quiet : until) !=
            TERMINAL_TYPED)
            break;
        got = terminal_read(filling->fd, (char *)filling->batch, BATCH);
    } while (got > 0 && terminal_now() < until);
}

static void introduce(struct screen *screen)
{
    screen_ask(screen, "%s\n",
               /* xgettext:no-c-format */
               _("Your new key needs randomness. Press different keys, or "
                 "move the mouse over this window, until 100 % is reached. "
                 "Esc stops."));
}

enum prompt_end entropy_bar_fill(struct screen *screen, struct entropy *pool,
                                 unsigned seconds, enum fault *fault)
{
    struct filling filling = {.screen = screen,
                              .pool = pool,
                              .fd = screen_keyboard(screen),
                              .until = INT64_MAX};
    enum prompt_end end = PROMPT_FAILED;

    *fault = FAULT_NONE;
    if (!screen_interactive(screen))
        return PROMPT_NOBODY;
    if (seconds > 0)
        filling.until = terminal_now() + (int64_t)seconds * 1000;
    if (terminal_enter(filling.fd, TERMINAL_RAW) == 0) {
        introduce(screen);
        draw(&filling);
        end = fill(&filling);
        if (end == PROMPT_OK)
            settle(&filling);
        terminal_leave();
        screen_ask_end(screen);
    } else {
        end = PROMPT_SIGNAL;
    }
    *fault = filling.fault;
    sodium_memzero(filling.batch, sizeof(filling.batch));
    sodium_memzero(filling.before, sizeof(filling.before));
    return end;
}
