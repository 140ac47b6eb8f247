/* Something that people read: a terminal or a file. Every text is recoded
 * to its charset here; control sequences come only from here. */
#ifndef CLIENT_SCREEN_CHANNEL_H
#define CLIENT_SCREEN_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>

struct channel {
    int fd; /* -1: nothing */
    bool terminal;
    size_t shown; /* columns of the line that is rewritten, 0: none */
    size_t above; /* lines of a board above the cursor, 0: none */
};

/* Columns of lines. */
size_t channel_columns(const struct channel *channel);

/* text as it is. */
void channel_put(const struct channel *channel, const char *text);

/* Takes the rewritten line or the board away: what comes next begins in its
 * place. */
void channel_erase(struct channel *channel);

/* before, text wrapped to the width, after. */
void channel_say(struct channel *channel, size_t indent, const char *before,
                 const char *text, const char *after);

/* In place of the line before, cut to the width, then tail, which is as
 * it was typed and may be secret: no copy of it is made. */
void channel_rewrite(struct channel *channel, const char *text,
                     const char *tail);

/* Lines in place of the board before, each wrapped to the width; for terminals
 * that move the cursor where they are told to. */
void channel_board(struct channel *channel, const char *lines);

#endif
