#include "client/screen/prompt.h"
#include "client/screen/terminal.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

/* The terminal gives every key, so that the time left can be written again
 * without spoiling what is half typed. */

enum {
    DIGITS = 6,
    TYPED_MAX = 32, /* kept of what is typed, to refuse it */
    CTRL_D = 0x04,
    CTRL_U = 0x15,
    CTRL_W = 0x17,
    BACKSPACE = 0x08,
    DELETE = 0x7F,
    ESCAPE = 0x1B
};

struct entering {
    struct screen *screen;
    const struct prompt_code *wanted;
    int64_t started, until; /* INT64_MAX: the time is not known */
    char *typed;            /* secret memory; no control characters */
    size_t size;
    int64_t shown; /* time left */
    bool stale;    /* what stands on the terminal */
    enum { TEXT, AFTER_ESCAPE, IN_SEQUENCE } escape;
    enum prompt_end end;
    bool ended;
};

/* What is left, in steps that do not flicker: minutes, tens of seconds, and
 * at the end each second. */
static int64_t time_left(const struct entering *entering)
{
    int64_t left;

    if (entering->until == INT64_MAX)
        return 0;
    left = (entering->until - terminal_now() + 999) / 1000;
    if (left > 60)
        return (left + 59) / 60 * 60;
    return left > 10 ? (left + 9) / 10 * 10 : left;
}

/* Written again only where it changed: a screen reader reads it out. */
static void show(struct entering *entering)
{
    int64_t left = time_left(entering);

    if (!entering->stale && left == entering->shown)
        return;
    entering->stale = false;
    entering->shown = left;
    if (entering->until == INT64_MAX)
        screen_redraw(entering->screen, entering->typed, "%s: ", _("Code"));
    else
        screen_redraw(entering->screen, entering->typed,
                      /* TRANSLATORS: "4 minutes" are left to type it. */
                      _("Code (%s left): "), text_duration(left).text);
}

static void forget(struct entering *entering)
{
    sodium_memzero(entering->typed, TYPED_MAX + 1);
    entering->size = 0;
}

static void finish(struct entering *entering, enum prompt_end end)
{
    entering->end = end;
    entering->ended = true;
    screen_ask_end(entering->screen);
}

static void complain(struct entering *entering, const char *sentence)
{
    screen_ask_end(entering->screen);
    screen_ask(entering->screen, "%s\n", sentence);
    forget(entering);
}

static void ask_another(struct entering *entering)
{
    const struct prompt_code *wanted = entering->wanted;
    int64_t passed = (terminal_now() - entering->started) / 1000;

    if (wanted->resends == 0) {
        complain(entering,
                 _("No more codes can be asked for. Please type the last one; "
                   "if none has come, contact the technical support of your "
                   "certification centre."));
    } else if (passed < (int64_t)wanted->resend) {
        screen_ask_end(entering->screen);
        screen_ask(entering->screen, _("Another code can be asked for %s.\n"),
                   text_in((int64_t)wanted->resend - passed).text);
    } else {
        finish(entering, PROMPT_RESEND);
    }
}

/* The words that are taken at every question. */
static bool take_word(struct entering *entering)
{
    char word[4 * TYPED_MAX + 1];
    bool taken = true;

    if (text_typed(entering->typed, entering->size, word, sizeof(word)) != 0)
        taken = false;
    else if (prompt_is_cancel(word))
        finish(entering, PROMPT_CANCELLED);
    else if (!prompt_is_back(word))
        taken = false;
    else if (walk_refuse_back(entering->screen) != NULL)
        complain(entering, walk_refuse_back(entering->screen));
    else
        finish(entering, PROMPT_BACK);
    sodium_memzero(word, sizeof(word));
    return taken;
}

/* A key of a keyboard that was switched wrongly before. */
static void drop_letters_beyond_ascii(struct entering *entering)
{
    size_t kept = 0;

    for (size_t i = 0; i < entering->size; i++)
        if ((unsigned char)entering->typed[i] < DELETE)
            entering->typed[kept++] = entering->typed[i];
    sodium_memzero(entering->typed + kept, TYPED_MAX - kept);
    entering->size = kept;
}

static void on_enter(struct entering *entering)
{
    if (take_word(entering))
        return;
    drop_letters_beyond_ascii(entering);
    if (entering->size == 0)
        ask_another(entering);
    else if (entering->size == DIGITS &&
             strspn(entering->typed, "0123456789") == DIGITS)
        finish(entering, PROMPT_OK);
    else
        complain(entering, _("The code has six digits. Please type it again."));
}

/* Swallows ESC [ … final and ESC O x; true while inside of one. */
static bool in_escape(struct entering *entering, unsigned char key)
{
    switch (entering->escape) {
    case AFTER_ESCAPE:
        entering->escape = key == '[' || key == 'O' ? IN_SEQUENCE : TEXT;
        return true;
    case IN_SEQUENCE:
        if (key >= '@' && key <= '~')
            entering->escape = TEXT;
        return true;
    default:
        if (key == ESCAPE)
            entering->escape = AFTER_ESCAPE;
        return key == ESCAPE;
    }
}

/* A character of UTF-8 goes as a whole. */
static void take_last(struct entering *entering)
{
    unsigned char last = 0x80;

    while (entering->size > 0 && (last & 0xC0U) == 0x80U) {
        last = (unsigned char)entering->typed[--entering->size];
        entering->typed[entering->size] = '\0';
    }
}

static void on_key(struct entering *entering, unsigned char key)
{
    entering->stale = true;
    if (in_escape(entering, key))
        return;
    if (key == '\n' || key == '\r') {
        on_enter(entering);
    } else if (key == CTRL_D && entering->size == 0) {
        finish(entering, PROMPT_CANCELLED);
    } else if (key == CTRL_U || key == CTRL_W) {
        forget(entering);
    } else if (key == BACKSPACE || key == DELETE) {
        take_last(entering);
    } else if (key > ' ' && key != DELETE && key != '-' &&
               entering->size < TYPED_MAX) {
        entering->typed[entering->size++] = (char)key;
    }
}

/* The moment when the shown time changes, or a second at most. */
static int64_t next_look(const struct entering *entering)
{
    int64_t soon = terminal_now() + 1000;

    return soon < entering->until ? soon : entering->until;
}

static void enter(struct entering *entering)
{
    int fd = screen_keyboard(entering->screen);
    char key = '\0';

    while (!entering->ended) {
        show(entering);
        switch (terminal_wait(fd, next_look(entering))) {
        case TERMINAL_TYPED:
            if (terminal_read(fd, &key, 1) == 1)
                on_key(entering, (unsigned char)key);
            else
                finish(entering, PROMPT_SIGNAL);
            break;
        case TERMINAL_LATE:
            if (terminal_now() >= entering->until)
                finish(entering, PROMPT_LATE);
            break;
        default:
            finish(entering, PROMPT_SIGNAL);
        }
    }
    sodium_memzero(&key, sizeof(key));
}

static void introduce(const struct entering *entering)
{
    screen_ask(entering->screen, "%s\n", entering->wanted->question);
    if (entering->wanted->resends > 0)
        screen_ask(entering->screen, "%s\n",
                   _("Type the six digits and press Enter. Enter alone asks "
                     "for another SMS."));
    else
        screen_ask(entering->screen, "%s\n",
                   _("Type the six digits and press Enter."));
}

enum prompt_end prompt_code(struct screen *screen,
                            const struct prompt_code *wanted, char **code)
{
    struct entering entering = {.screen = screen,
                                .wanted = wanted,
                                .started = terminal_now(),
                                .until = INT64_MAX,
                                .stale = true,
                                .end = PROMPT_FAILED};

    *code = NULL;
    if (!screen_interactive(screen))
        return PROMPT_NOBODY;
    if (wanted->seconds > 0)
        entering.until = entering.started + (int64_t)wanted->seconds * 1000;
    entering.typed = secret_new(TYPED_MAX + 1);
    if (entering.typed != NULL &&
        terminal_enter(screen_keyboard(screen), TERMINAL_KEYS) == 0) {
        introduce(&entering);
        enter(&entering);
        terminal_leave();
    } else if (entering.typed != NULL) {
        entering.end = PROMPT_SIGNAL;
    }
    if (entering.end == PROMPT_OK)
        walk_answered(screen);
    if (entering.end == PROMPT_BACK)
        walk_turn_back(screen);
    if (entering.end == PROMPT_OK)
        *code = entering.typed;
    else
        secret_free(&entering.typed);
    return entering.end;
}
