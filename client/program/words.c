#include "client/program/words.h"

#include "client/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == '\x7F';
}

/* The word at *from into to, which has room for it and a NUL; both move on.
 * Adjoining pieces ("a"'b'c) are one word. */
static enum words_result take(const char **from, char **to)
{
    const char *in = *from;
    char *out = *to, quote = '\0';

    for (; *in != '\0' && (quote != '\0' || !is_blank(*in)); in++) {
        if (quote == '\0' && (*in == '\'' || *in == '"')) {
            quote = *in;
        } else if (*in == quote) {
            quote = '\0';
        } else if (*in == '\\' && quote != '\'' &&
                   (quote == '\0' || in[1] == '"' || in[1] == '\\')) {
            if (*++in == '\0')
                return WORDS_BACKSLASH;
            *out++ = *in;
        } else {
            *out++ = *in;
        }
    }
    *out++ = '\0';
    *from = in;
    *to = out;
    return quote == '\0' ? WORDS_OK : WORDS_QUOTE;
}

static enum words_result check(const char *command)
{
    size_t size = strnlen(command, WORDS_BYTES + 1);

    if (size > WORDS_BYTES)
        return WORDS_TOO_LONG;
    for (size_t i = 0; i < size; i++) {
        if (is_control(command[i]))
            return WORDS_CONTROL;
    }
    return WORDS_OK;
}

/* The pointers and behind them the words themselves, in one piece. */
static enum words_result split(const char *command, struct words *words)
{
    enum words_result result = WORDS_OK;
    char *text;

    words->argv =
        calloc(1, (WORDS_MAX + 1) * sizeof(*words->argv) + strlen(command) + 1);
    if (words->argv == NULL)
        return WORDS_MEMORY;
    text = (char *)(words->argv + WORDS_MAX + 1);
    while (result == WORDS_OK) {
        while (is_blank(*command))
            command++;
        if (*command == '\0')
            break;
        if (words->count == WORDS_MAX)
            return WORDS_TOO_MANY;
        words->argv[words->count++] = text;
        result = take(&command, &text);
    }
    return result == WORDS_OK && words->count == 0 ? WORDS_NONE : result;
}

enum words_result words_split(const char *command, struct words *words)
{
    enum words_result result = check(command);

    *words = (struct words){0};
    if (result == WORDS_OK)
        result = split(command, words);
    if (result != WORDS_OK)
        words_free(words);
    return result;
}

void words_free(struct words *words)
{
    free(words->argv);
    *words = (struct words){0};
}

char *words_quote(char *out, size_t size, const char *text)
{
    size_t used = 0;

    for (; *text != '\0'; text++) {
        const char part[] = {*text, '\0'};
        const char *put = *text == '\'' ? "'\\''" : part;

        if (used + strlen(put) >= size)
            break;
        memcpy(out + used, put, strlen(put));
        used += strlen(put);
    }
    out[used] = '\0';
    return out;
}

const char *words_sentence(enum words_result result)
{
    static const char *const sentences[] = {
        [WORDS_OK] = N_("The command is in order."),
        [WORDS_NONE] = N_("The command is empty."),
        [WORDS_QUOTE] = N_("A quotation mark in the command is not closed."),
        [WORDS_BACKSLASH] = N_("The command ends in a backslash."),
        [WORDS_TOO_MANY] = N_("The command has too many words."),
        [WORDS_TOO_LONG] = N_("The command is too long."),
        [WORDS_CONTROL] = N_("The command holds a line break or another "
                             "control character."),
        [WORDS_MEMORY] = N_("There is not enough memory."),
    };

    return result <= WORDS_MEMORY ? _(sentences[result]) : "";
}
