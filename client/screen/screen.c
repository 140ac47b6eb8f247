#include "client/screen/screen.h"

#include "client/screen/channel.h"
#include "client/screen/terminal.h"
#include "client/text.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PAIR_COLUMN = 24,
    STEP_INDENT = 4,
    ITEM_INDENT = 5,
    REWRITE_MS = 1000, /* on a terminal */
    REPEAT_MS = 30000, /* elsewhere */
    PROGRESS_ROOM = 256
};

struct screen {
    struct channel out;  /* stderr */
    struct channel tty;  /* where stderr is no terminal: the terminal */
    struct channel *ask; /* one of these two */
    int in;              /* the keyboard, -1: none */
    int opened;          /* /dev/tty, to be closed; -1 */
    bool bold, progress, silent;
    bool moves;      /* the cursor, where it is told to */
    int64_t written; /* the moment of the last progress, 0: none */
    char last[PROGRESS_ROOM];
    struct screen_way way;
};

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0';
}

static bool can_write(int fd)
{
    return (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR;
}

/* Where people read no terminal, the one that is typed at must show the
 * questions. */
static void find_keyboard(struct screen *screen,
                          const struct screen_settings *settings)
{
    screen->ask = &screen->out;
    if (settings->never_ask || settings->silent)
        return;
    if (settings->in > 0) {
        screen->in = settings->in;
    } else if (isatty(STDIN_FILENO) &&
               (screen->out.terminal || can_write(STDIN_FILENO))) {
        screen->in = STDIN_FILENO;
    } else {
        screen->opened = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
        screen->in = screen->opened;
    }
    if (screen->in >= 0 && !screen->out.terminal) {
        screen->tty = (struct channel){.fd = screen->in, .terminal = true};
        screen->ask = &screen->tty;
    }
}

struct screen *screen_new(const struct screen_settings *settings)
{
    static bool registered;
    struct screen *screen = calloc(1, sizeof(*screen));
    const char *terminal = getenv("TERM");

    if (screen == NULL)
        return NULL;
    screen->out.fd = settings->out > 0 ? settings->out : STDERR_FILENO;
    screen->out.terminal = isatty(screen->out.fd) != 0;
    screen->in = -1;
    screen->opened = -1;
    find_keyboard(screen, settings);
    screen->moves = screen->out.terminal && terminal != NULL &&
                    strcmp(terminal, "dumb") != 0;
    screen->bold = screen->moves && !is_set("NO_COLOR");
    screen->progress =
        settings->progress == SCREEN_ALWAYS ||
        (settings->progress == SCREEN_AUTO && screen->out.terminal);
    screen->silent = settings->silent;
    screen->progress = screen->progress && !settings->silent;
    if (!registered)
        registered = atexit(terminal_restore) == 0;
    return screen;
}

void screen_free(struct screen **screen)
{
    if (*screen == NULL)
        return;
    terminal_restore();
    screen_progress_end(*screen);
    if ((*screen)->opened >= 0)
        close((*screen)->opened);
    free(*screen);
    *screen = NULL;
}

bool screen_progress_parse(const char *word, enum screen_progress *progress)
{
    static const char *const words[] = {[SCREEN_AUTO] = "auto",
                                        [SCREEN_NEVER] = "never",
                                        [SCREEN_ALWAYS] = "always"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcmp(word, words[i]) == 0) {
            *progress = (enum screen_progress)i;
            return true;
        }
    }
    return false;
}

bool screen_interactive(const struct screen *screen)
{
    return screen->in >= 0;
}

struct screen_way *screen_way(struct screen *screen)
{
    return &screen->way;
}

int screen_keyboard(const struct screen *screen)
{
    return screen->in;
}

size_t screen_width(const struct screen *screen)
{
    return channel_columns(screen->ask);
}

/* --- composing and putting --- */

/* The message with nothing in it that moves a cursor; NULL without memory. */
static char *compose(const char *format, va_list values)
{
    char *text = NULL, *clean = NULL;
    int length = vasprintf(&text, format, values);

    if (length >= 0)
        clean = calloc(3, (size_t)length + 3); /* U+FFFD has three bytes */
    if (clean != NULL)
        text_clean_lines(clean, 3 * ((size_t)length + 3), text);
    if (length >= 0)
        free(text);
    return clean;
}

/* --- what is said --- */

static void say(struct screen *screen, const char *before, const char *after,
                const char *format, va_list values)
{
    char *text;

    if (screen->silent)
        return;
    text = compose(format, values);
    if (text != NULL)
        channel_say(&screen->out, 0, before, text, after);
    free(text);
}

void screen_say(struct screen *screen, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    say(screen, "", "\n", format, values);
    va_end(values);
}

void screen_heading(struct screen *screen, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    say(screen, screen->bold ? "\n\033[1m" : "\n",
        screen->bold ? "\033[0m\n" : "\n", format, values);
    va_end(values);
}

void screen_pair(struct screen *screen, const char *label, const char *format,
                 ...)
{
    struct text_line name;
    char *text, *line = NULL;
    va_list values;
    size_t width;

    if (screen->silent)
        return;
    name = text_clean(label);
    width = text_width(name.text) + 1;
    va_start(values, format);
    text = compose(format, values);
    va_end(values);
    if (text != NULL &&
        asprintf(&line, "%s%s%*s%s", name.text, width > 1 ? ":" : " ",
                 width < PAIR_COLUMN ? (int)(PAIR_COLUMN - width) : 1, "",
                 text) >= 0) {
        channel_say(&screen->out, PAIR_COLUMN, "", line, "\n");
        free(line);
    }
    free(text);
}

void screen_step(struct screen *screen, unsigned number, unsigned total,
                 const char *format, ...)
{
    char place[32];
    va_list values;
    char *text, *line = NULL;

    if (!screen->progress)
        return;
    snprintf(place, sizeof(place), "%u/%u", number, total);
    va_start(values, format);
    text = compose(format, values);
    va_end(values);
    if (text != NULL && asprintf(&line, "%s %s", place, text) >= 0) {
        channel_say(&screen->out, STEP_INDENT, "", line, "\n");
        free(line);
    }
    free(text);
}

/* Not counting the numbers in them. */
static bool is_same(const char *a, const char *b)
{
    static const char digits[] = "0123456789";

    while (*a != '\0' && *b != '\0') {
        size_t a_digits = strspn(a, digits), b_digits = strspn(b, digits);

        if ((a_digits > 0) != (b_digits > 0))
            return false;
        if (a_digits == 0 && *a != *b)
            return false;
        a += a_digits > 0 ? a_digits : 1;
        b += b_digits > 0 ? b_digits : 1;
    }
    return *a == *b;
}

/* A new message at once, new numbers in it now and then. */
static bool is_due(const struct screen *screen, const char *text)
{
    int64_t pause = screen->out.terminal ? REWRITE_MS : REPEAT_MS;

    return screen->written == 0 || !is_same(screen->last, text) ||
           terminal_now() - screen->written >= pause;
}

void screen_progress(struct screen *screen, const char *format, ...)
{
    va_list values;
    char *text;

    if (!screen->progress)
        return;
    va_start(values, format);
    text = compose(format, values);
    va_end(values);
    if (text != NULL && is_due(screen, text)) {
        text_clean_into(screen->last, sizeof(screen->last), text);
        if (screen->out.terminal)
            channel_rewrite(&screen->out, text, "");
        else
            channel_say(&screen->out, STEP_INDENT, "", text, "\n");
        screen->written = terminal_now();
    }
    free(text);
}

void screen_board(struct screen *screen, const char *lines)
{
    const char *last = strrchr(lines, '\n');
    bool due = terminal_now() - screen->written >= REWRITE_MS;

    if (screen->progress && screen->moves && (screen->written == 0 || due)) {
        channel_board(&screen->out, lines);
        screen->written = terminal_now();
    } else if (screen->progress && !screen->moves) {
        screen_progress(screen, "%s", last != NULL ? last + 1 : lines);
    }
}

void screen_progress_end(struct screen *screen)
{
    if (screen->silent)
        return;
    channel_erase(&screen->out);
    screen->written = 0;
}

/* --- what is asked --- */

void screen_ask(struct screen *screen, const char *format, ...)
{
    va_list values;
    char *text;

    screen_progress_end(screen);
    va_start(values, format);
    text = compose(format, values);
    va_end(values);
    if (text != NULL)
        channel_say(screen->ask, 0, "", text, "");
    free(text);
}

void screen_ask_item(struct screen *screen, size_t number, const char *text)
{
    char *line = NULL;

    screen_progress_end(screen);
    if (asprintf(&line, "%3zu  %s", number, text_clean(text).text) >= 0) {
        channel_say(screen->ask, ITEM_INDENT, "", line, "\n");
        free(line);
    }
}

void screen_redraw(struct screen *screen, const char *tail, const char *format,
                   ...)
{
    va_list values;
    char *text;

    va_start(values, format);
    text = compose(format, values);
    va_end(values);
    if (text != NULL)
        channel_rewrite(screen->ask, text, tail);
    free(text);
}

void screen_ask_end(struct screen *screen)
{
    channel_put(screen->ask, "\n");
    screen->ask->shown = 0;
}
