#include "client/screen/channel.h"

#include "client/screen/terminal.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 80, COLUMNS_MIN = 20, LINE_ROOM = 256 };

size_t channel_columns(const struct channel *channel)
{
    size_t width = channel->terminal ? terminal_width(channel->fd) : 80;

    return width > COLUMNS_MAX   ? COLUMNS_MAX
           : width < COLUMNS_MIN ? COLUMNS_MIN
                                 : width;
}

void channel_put(const struct channel *channel, const char *text)
{
    char *shown = text_shown(text);

    if (shown != NULL && channel->fd >= 0)
        terminal_write(channel->fd, shown, strlen(shown));
    free(shown);
}

/* Takes the rewritten line away: what comes next begins in its place. */
void channel_erase(struct channel *channel)
{
    char line[COLUMNS_MAX + 3];

    if (channel->above > 0) {
        snprintf(line, sizeof(line), "\r\033[%zuA\033[J", channel->above);
        channel_put(channel, line);
        channel->above = 0;
    }
    if (channel->shown > 0)
        snprintf(line, sizeof(line), "\r%*s\r", (int)channel->shown, "");
    if (channel->shown > 0)
        channel_put(channel, line);
    channel->shown = 0;
}

/* before, text wrapped to the width, after. */
void channel_say(struct channel *channel, size_t indent, const char *before,
                 const char *text, const char *after)
{
    char *wrapped = text_wrap(text, channel_columns(channel), indent);
    char *whole = NULL;

    channel_erase(channel);
    if (wrapped != NULL &&
        asprintf(&whole, "%s%s%s", before, wrapped, after) >= 0) {
        channel_put(channel, whole);
        free(whole);
    }
    free(wrapped);
}

/* text cut to room columns. */
static void cut(char *text, size_t room)
{
    size_t size = strlen(text);

    while (size > 0 && text_width(text) > room) {
        while (((unsigned char)text[--size] & 0xC0U) == 0x80U) {
            /* to the first byte of the character */
        }
        text[size] = '\0';
    }
}

/* In place of the line before: blanks over the rest of that, and back. */
void channel_rewrite(struct channel *channel, const char *text,
                     const char *tail)
{
    char line[LINE_ROOM], rest[2 * COLUMNS_MAX + 1] = "";
    size_t width, blanks, room = channel_columns(channel) - 1;

    text_clean_into(line, sizeof(line), text);
    cut(line, room > strlen(tail) ? room - strlen(tail) : 0);
    width = text_width(line) + strlen(tail);
    blanks = channel->shown > width ? channel->shown - width : 0;
    memset(rest, ' ', blanks);
    memset(rest + blanks, '\b', blanks);
    channel_put(channel, "\r");
    channel_put(channel, line);
    terminal_write(channel->fd, tail, strlen(tail));
    channel_put(channel, rest);
    channel->shown = width;
}

/* One of the board, on several where it is too long, and how many. */
static size_t put_board_line(const struct channel *channel, const char *text)
{
    const size_t width = channel_columns(channel) - 1;
    char *wrapped = text_wrap(text, width, 0), *rest = wrapped;
    size_t count = 0;

    for (char *line; (line = strsep(&rest, "\n")) != NULL; count++) {
        cut(line, width);
        channel_put(channel, line);
        channel_put(channel, "\033[K\n");
    }
    free(wrapped);
    return count;
}

/* Each line over the one that was there, so that nothing flickers. */
void channel_board(struct channel *channel, const char *lines)
{
    char up[32], line[LINE_ROOM];
    size_t above = 0;

    if (channel->above > 0) {
        snprintf(up, sizeof(up), "\r\033[%zuA", channel->above);
        channel_put(channel, up);
    } else {
        channel_erase(channel);
    }
    for (const char *end; *lines != '\0';
         lines = *end == '\n' ? end + 1 : end) {
        char one[LINE_ROOM];

        end = lines + strcspn(lines, "\n");
        snprintf(one, sizeof(one), "%.*s", (int)(end - lines), lines);
        text_clean_into(line, sizeof(line), one);
        above += put_board_line(channel, line);
    }
    if (above < channel->above)
        channel_put(channel, "\033[J");
    channel->above = above;
}
