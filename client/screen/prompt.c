#include "client/screen/prompt.h"

#include "client/program/words.h"
#include "client/screen/terminal.h"
#include "client/screen/walk.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TYPED_MAX = 4096, /* a terminal keeps no longer line */
    ANSWER_MAX = 64,  /* of yes, no and numbers */
    SECRET_MAX = 256,
    CHOICES_SHOWN = 999,
    TRIES = 10
};

static const char blanks[] = " \t";

/* One question and what was typed. */
struct asking {
    struct screen *screen;
    enum terminal_mode mode;
    int64_t until;
    char *typed; /* TYPED_MAX bytes of secret memory */
    size_t size;
};

static enum prompt_end start(struct asking *asking, struct screen *screen,
                             enum terminal_mode mode, unsigned seconds)
{
    *asking = (struct asking){.screen = screen, .mode = mode};
    if (!screen_interactive(screen))
        return PROMPT_NOBODY;
    asking->until =
        seconds > 0 ? terminal_now() + (int64_t)seconds * 1000 : INT64_MAX;
    asking->typed = secret_new(TYPED_MAX);
    return asking->typed != NULL ? PROMPT_OK : PROMPT_FAILED;
}

/* Until the line's end. Ctrl-D gives an empty read: the end of input, or of
 * a line that it was typed behind. */
static enum prompt_end read_line(struct asking *asking)
{
    static const enum prompt_end ends[] = {[TERMINAL_SIGNAL] = PROMPT_SIGNAL,
                                           [TERMINAL_LATE] = PROMPT_LATE,
                                           [TERMINAL_GONE] = PROMPT_SIGNAL};
    int fd = screen_keyboard(asking->screen), got;

    asking->size = 0;
    while (asking->size < TYPED_MAX) {
        enum terminal_event event = terminal_wait(fd, asking->until);

        if (event != TERMINAL_TYPED)
            return ends[event];
        got = terminal_read(fd, asking->typed + asking->size,
                            TYPED_MAX - asking->size);
        if (got < 0)
            return PROMPT_SIGNAL;
        if (got == 0 && asking->size == 0)
            return PROMPT_CANCELLED;
        if (got == 0)
            break;
        asking->size += (size_t)got;
        if (asking->typed[asking->size - 1] == '\n') {
            asking->size--;
            return PROMPT_OK;
        }
    }
    screen_ask_end(asking->screen);
    return PROMPT_OK;
}

/* The question is shown when the terminal is ready for its answer. */
static enum prompt_end ask(struct asking *asking, const char *question,
                           const char *preset)
{
    enum prompt_end end;

    sodium_memzero(asking->typed, TYPED_MAX);
    if (terminal_enter(screen_keyboard(asking->screen), asking->mode) != 0)
        return PROMPT_SIGNAL;
    if (preset != NULL)
        screen_ask(asking->screen, "%s [%s]: ", question, preset);
    else
        screen_ask(asking->screen, "%s: ", question);
    end = read_line(asking);
    terminal_leave();
    if (end != PROMPT_OK)
        screen_ask_end(asking->screen);
    return end;
}

/* What was typed as text into answer, blanks around it dropped. */
static int take_line(struct asking *asking, char *answer, size_t room)
{
    size_t size = terminal_strip(asking->typed, asking->size);
    const char *line = asking->typed;

    while (size > 0 && memchr(blanks, line[size - 1], 2) != NULL)
        size--;
    while (size > 0 && memchr(blanks, *line, 2) != NULL) {
        line++;
        size--;
    }
    return text_typed(line, size, answer, room);
}

/* A file that is dragged into a terminal comes between quotes. */
static void take_quotes_off(char *path, size_t room)
{
    struct words words = {.count = 0};

    if ((*path == '\'' || *path == '"') &&
        words_split(path, &words) == WORDS_OK && words.count == 1)
        snprintf(path, room, "%s", words.argv[0]);
    words_free(&words);
}

/* NULL when the line will do. */
static const char *refuse_line(struct asking *asking,
                               const struct prompt_line *line, char *answer,
                               size_t size)
{
    if (take_line(asking, answer, size) != 0)
        return _("That is too long, or not text. Please type it again.");
    if (*answer == '\0' && line->preset != NULL)
        snprintf(answer, size, "%s", line->preset);
    else if (*answer == '\0')
        return line->may_be_empty
                   ? NULL
                   : _("Please type an answer, or \"cancel\" to stop.");
    if (line->is_path)
        take_quotes_off(answer, size);
    if (prompt_is_cancel(answer))
        return NULL;
    if (prompt_is_back(answer))
        return walk_refuse_back(asking->screen);
    return line->check == NULL ? NULL : line->check(answer, line->data);
}

/* For the walk that the question is on. */
static enum prompt_end note_end(struct screen *screen, enum prompt_end end)
{
    if (end == PROMPT_OK)
        walk_answered(screen);
    else if (end == PROMPT_BACK)
        walk_turn_back(screen);
    return end;
}

enum prompt_end prompt_line(struct screen *screen,
                            const struct prompt_line *line, char *answer,
                            size_t size)
{
    struct asking asking;
    enum prompt_end end = start(&asking, screen, TERMINAL_LINE, line->seconds);
    const char *refusal = "";

    *answer = '\0';
    for (int i = 0; end == PROMPT_OK && refusal != NULL && i < TRIES; i++) {
        end = ask(&asking, line->question, line->preset);
        if (end != PROMPT_OK)
            break;
        refusal = refuse_line(&asking, line, answer, size);
        if (refusal != NULL)
            screen_ask(screen, "%s\n", refusal);
    }
    if (end == PROMPT_OK && (refusal != NULL || prompt_is_cancel(answer)))
        end = PROMPT_CANCELLED;
    if (end == PROMPT_OK && prompt_is_back(answer))
        end = PROMPT_BACK;
    secret_free(&asking.typed);
    return note_end(screen, end);
}

/* --- one of several --- */

/* The number in answer, from 1 to count; 0 where it is none. */
static size_t parse_number(const char *answer, size_t count)
{
    size_t number = 0;

    if (*answer == '\0' || strlen(answer) > 3 ||
        answer[strspn(answer, "0123456789")] != '\0')
        return 0;
    for (; *answer != '\0'; answer++)
        number = 10 * number + (size_t)(*answer - '0');
    return number <= count ? number : 0;
}

static const char *check_number(const char *answer, void *data)
{
    const size_t *count = data;

    return parse_number(answer, *count) > 0
               ? NULL
               : _("Please type one of the numbers in the list.");
}

enum prompt_end prompt_choose(struct screen *screen, const char *question,
                              const char *const *items, size_t count,
                              size_t *chosen)
{
    char answer[ANSWER_MAX], preset[16];
    struct prompt_line line = {
        .question = question, .check = check_number, .data = &count};
    enum prompt_end end;

    if (count == 0 || count > CHOICES_SHOWN)
        return PROMPT_FAILED;
    if (!screen_interactive(screen))
        return PROMPT_NOBODY;
    for (size_t i = 0; i < count; i++)
        screen_ask_item(screen, i + 1, items[i]);
    snprintf(preset, sizeof(preset), "%zu", *chosen + 1);
    line.preset = *chosen < count ? preset : NULL;
    end = prompt_line(screen, &line, answer, sizeof(answer));
    if (end == PROMPT_OK)
        *chosen = parse_number(answer, count) - 1;
    return end;
}

/* --- secrets --- */

/* Marks of pasting are dropped; an arrow key in a password would be a
 * password that cannot be typed again. Nothing is trimmed. */
static const char *take_secret(struct asking *asking, char *secret, size_t room)
{
    static const char *const marks[] = {"\033[200~", "\033[201~"};
    size_t size = asking->size;

    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(marks[i]);
        char *mark = memmem(asking->typed, size, marks[i], length);

        if (mark != NULL) {
            size -= length;
            memmove(mark, mark + length, size - (size_t)(mark - asking->typed));
        }
    }
    if (terminal_strip(asking->typed, size) != size)
        return _("An arrow or another special key was pressed. Please type "
                 "it again.");
    if (text_typed(asking->typed, size, secret, room) != 0)
        return _("That is too long. Please type it again.");
    return NULL;
}

static bool is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

/* A word that leads away may also be the secret: only the person knows. *end is
 * how the question ended. */
static const char *refuse_word(struct asking *asking,
                               const struct prompt_secret *wanted,
                               const char *secret, enum prompt_end *end)
{
    const bool back = prompt_is_back(secret), cancel = prompt_is_cancel(secret);
    const char *refusal = NULL;
    bool meant = false;

    if (!back && !cancel)
        return NULL;
    *end = prompt_yes(asking->screen,
                      back ? _("That is the word that leads back. Is it the "
                               "PIN or password itself?")
                           : _("That is the word that stops. Is it the PIN or "
                               "password itself?"),
                      wanted->seconds, &meant);
    if (*end != PROMPT_OK || meant)
        return NULL;
    if (back)
        refusal = walk_refuse_back(asking->screen);
    if (refusal == NULL)
        *end = back ? PROMPT_BACK : PROMPT_CANCELLED;
    return refusal;
}

/* NULL when it will do. *end: how a question about it ended. */
static const char *refuse_secret(struct asking *asking,
                                 const struct prompt_secret *wanted,
                                 char *secret, enum prompt_end *end)
{
    size_t max =
        wanted->max > 0 && wanted->max < SECRET_MAX ? wanted->max : SECRET_MAX;
    const char *refusal = take_secret(asking, secret, max + 1);
    bool sure = false;

    if (refusal != NULL)
        return refusal;
    if (*secret == '\0' && !wanted->may_be_empty)
        return _("Nothing was typed. Press Ctrl-D to stop.");
    refusal = refuse_word(asking, wanted, secret, end);
    if (refusal == NULL && *end == PROMPT_OK && wanted->check != NULL)
        refusal = wanted->check(secret, wanted->data);
    if (refusal != NULL || *end != PROMPT_OK)
        return refusal;
    if (!is_ascii(secret)) {
        *end = prompt_yes(asking->screen,
                          _("There are letters in it that are not Latin. "
                            "The keyboard may be switched to Russian. Use "
                            "it as it was typed?"),
                          wanted->seconds, &sure);
        if (!sure)
            return _("Please type it again.");
    }
    return NULL;
}

/* The second time. The word that leads back leads to the first, which is no
 * mistake: *refusal is then empty. */
static enum prompt_end repeat(struct asking *asking, const char *question,
                              const char *secret, const char **refusal)
{
    enum prompt_end end = ask(asking, question, NULL);
    char *second = NULL;

    if (end != PROMPT_OK)
        return end;
    second = secret_new(SECRET_MAX + 1);
    if (second == NULL)
        return PROMPT_FAILED;
    *refusal = take_secret(asking, second, SECRET_MAX + 1);
    if (*refusal == NULL && strcmp(secret, second) != 0) {
        if (prompt_is_cancel(second))
            end = PROMPT_CANCELLED;
        *refusal = prompt_is_back(second)
                       ? ""
                       : _("The two are different. Please type both again.");
    }
    secret_free(&second);
    return end;
}

static enum prompt_end ask_secret(struct asking *asking,
                                  const struct prompt_secret *wanted,
                                  char *secret)
{
    enum prompt_end end = PROMPT_OK;
    const char *refusal = "";
    int tries = 0;

    while (end == PROMPT_OK && refusal != NULL && tries < TRIES) {
        end = ask(asking, wanted->question, NULL);
        if (end != PROMPT_OK)
            break;
        refusal = refuse_secret(asking, wanted, secret, &end);
        /* None at all cannot be mistyped. */
        if (refusal == NULL && end == PROMPT_OK && wanted->again != NULL &&
            *secret != '\0')
            end = repeat(asking, wanted->again, secret, &refusal);
        if (refusal != NULL && *refusal != '\0' && end == PROMPT_OK) {
            screen_ask(asking->screen, "%s\n", refusal);
            tries++;
        }
    }
    return end == PROMPT_OK && refusal != NULL ? PROMPT_CANCELLED : end;
}

enum prompt_end prompt_secret(struct screen *screen,
                              const struct prompt_secret *wanted, char **secret)
{
    struct asking asking;
    enum prompt_end end =
        start(&asking, screen, TERMINAL_SECRET, wanted->seconds);

    *secret = NULL;
    if (end == PROMPT_OK) {
        *secret = secret_new(SECRET_MAX + 1);
        end = *secret != NULL ? ask_secret(&asking, wanted, *secret)
                              : PROMPT_FAILED;
    }
    if (end != PROMPT_OK)
        secret_free(secret);
    secret_free(&asking.typed);
    return note_end(screen, end);
}
