/* Foreign text as it is shown, and a command as it is split: whatever comes,
 * nothing reaches a terminal that acts on it, and no bound is passed. */
#include "client/program/words.h"
#include "client/screen/terminal.h"
#include "client/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_clean(const char *text)
{
    char narrow[16], lines[64], again[sizeof(lines)];
    struct text_line line = text_clean(text);

    for (const char *at = line.text; *at != '\0'; at++)
        promise((unsigned char)*at >= ' ' && *at != '\x7F');
    promise(strstr(line.text, "\xE2\x80\xAE") == NULL);
    text_clean_into(narrow, sizeof(narrow), text);
    promise(strlen(narrow) < sizeof(narrow));
    text_clean_lines(lines, sizeof(lines), text);
    promise(strchr(lines, '\033') == NULL);
    text_clean_lines(again, sizeof(again), lines);
    promise(strcmp(lines, again) == 0);
}

static void check_wrap(const char *text)
{
    const bool commands =
        strstr(text, "kep ") != NULL || strstr(text, "sudo ") != NULL;
    char *wrapped = text_wrap(text, 20, 4);

    if (wrapped == NULL)
        return;
    for (const char *at = wrapped; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        char *line = strndup(at, size);

        /* Only a word that is longer than the line passes its end, or a
         * command. */
        promise(commands || line == NULL || text_width(line) <= 20 ||
                strchr(line + strspn(line, " "), ' ') == NULL);
        free(line);
        at += size + (at[size] == '\n');
    }
    free(wrapped);
}

static void check_words(const char *text)
{
    struct words words;
    enum words_result result = words_split(text, &words);
    size_t size = 0;

    promise((result == WORDS_OK) == (words.argv != NULL));
    promise(words.count <= WORDS_MAX);
    for (size_t i = 0; i < words.count; i++)
        size += strlen(words.argv[i]);
    promise(size <= WORDS_BYTES);
    promise(*words_sentence(result) != '\0');
    words_free(&words);
}

static void check_strip(char *text)
{
    size_t size = terminal_strip(text, strlen(text));

    promise(memchr(text, '\033', size) == NULL);
    promise(memchr(text, '\n', size) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    char *text = calloc(1, size + 1);

    if (!started)
        text_start();
    started = true;
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    check_clean(text);
    check_wrap(text);
    check_words(text);
    check_strip(text);
    free(text);
    return 0;
}
