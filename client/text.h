/* What people read: translations, times, and foreign text made harmless.
 *
 * Inside the program all text is UTF-8, whatever the terminal speaks;
 * text_print and the functions of client/screen recode at the border. */
#ifndef CLIENT_TEXT_H
#define CLIENT_TEXT_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define _(text) gettext(text)
#define N_(text) (text) /* marks a message that is looked up later */

/* First thing in main. Chooses the language that LC_ALL, LC_MESSAGES, LANG
 * and LANGUAGE wish, also where its locale is not generated, and finds the
 * messages: beside the program, else in LOCALEDIR. Cannot fail: without
 * messages people read English. */
void text_start(void);

/* Printed text, returned by value so that it may stand among the arguments
 * of one printf: printf("%s\n", text_moment(now).text). It lives until the
 * end of that statement. */
struct text_short {
    char text[96];
};
struct text_line {
    char text[512];
};

/* "23 November 2026", in the local time zone. Times are seconds since 1970;
 * those before year 1 or after 9999 are shown as the nearest one inside. */
struct text_short text_date(int64_t time);

/* "23 November 2026, 14:05 MSK". */
struct text_short text_moment(int64_t time);

/* "23 November 2026 (30 days left)"; on the last day when on it: "23 November
 * 2026, 14:05 MSK (less than a day left)". days: whole ones. */
struct text_line text_end(int64_t time, long days);

/* "2026-11-23T11:05:00Z" (RFC 3339, for programs). */
struct text_short text_rfc3339(int64_t time);

/* "20 minutes": one unit, from seconds to days, rounded up but for a sixtieth
 * of it; negative is 0. */
struct text_short text_duration(int64_t seconds);

/* The same as what stands behind "when": "in 20 minutes". */
struct text_short text_in(int64_t seconds);

/* A label as it stands inside of a sentence: its first letter is small, Latin
 * or Russian, unless the second is a capital too: "date of birth", "SNILS". */
struct text_line text_inside(const char *label);

/* Foreign text (of a server, a certificate, a container, a file) as one line
 * that does nothing to a terminal: what is not UTF-8, control characters,
 * bidirectional and invisible marks become U+FFFD, line breaks and tabs a
 * blank; too long ends in an ellipsis. NULL gives "". */
struct text_line text_clean(const char *text);

/* The same into out (size bytes, at least 8). Returns out. */
char *text_clean_into(char *out, size_t size, const char *text);

/* The same where lines stay lines: '\n' is kept. */
char *text_clean_lines(char *out, size_t size, const char *text);

/* Whether they are the same, or both NULL. */
bool text_is_same(const char *one, const char *other);

/* Columns that text takes on a terminal; what is not printable takes 1. */
size_t text_width(const char *text);

/* Text broken at blanks into lines of at most width columns (0: no limit),
 * '\n' inside kept, every line but the first indented; a longer word stays
 * whole, and so does a command of kep ("kep backup 'file:/x' --to FOLDER"), for
 * they may have to be copied. Owned by the caller, free() it; NULL without
 * memory. */
char *text_wrap(const char *text, size_t width, size_t indent);

/* text in the terminal's charset, what it lacks replaced. Owned by the caller,
 * free() it; NULL without memory or where text is not UTF-8. */
char *text_shown(const char *text);

/* printf in the terminal's charset. Not cleaned: for output of programs and
 * of tables whose foreign cells went through text_clean. 0, or -1 where it
 * could not all be written. */
int text_print(FILE *stream, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What a person typed, size bytes, from the terminal's charset into UTF-8
 * and NUL-terminated. -1 where it does not fit or is not of that charset. */
int text_typed(const char *typed, size_t size, char *out, size_t room);

#endif
