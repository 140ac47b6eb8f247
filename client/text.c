#include "client/text.h"

#include "keygen/utf8.h"

#include <glob.h>
#include <iconv.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char domain[] = "kep";

/* Of the terminal; what is inside the program is UTF-8. */
static char codeset[32] = "UTF-8";

static const char *first_set(const char *a, const char *b, const char *c)
{
    const char *const names[] = {a, b, c};

    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && *value != '\0')
            return value;
    }
    return NULL;
}

static void set_codeset(const char *name, size_t size)
{
    iconv_t known;

    if (size == 0 || size >= sizeof(codeset))
        return;
    memcpy(codeset, name, size);
    codeset[size] = '\0';
    known = iconv_open("UTF-8", codeset);
    if (known == (iconv_t)-1 || strcmp(codeset, "ANSI_X3.4-1968") == 0)
        memcpy(codeset, "UTF-8", sizeof("UTF-8"));
    if (known != (iconv_t)-1)
        iconv_close(known);
}

/* The charset is taken from the wish even where its locale is not generated.
 * A plain C locale says nothing about it: then it is UTF-8, as nearly
 * everywhere. */
static void start_charset(void)
{
    const char *wish = first_set("LC_ALL", "LC_CTYPE", "LANG");
    const char *dot = wish != NULL ? strchr(wish, '.') : NULL;

    if (setlocale(LC_CTYPE, "") != NULL)
        set_codeset(nl_langinfo(CODESET), strlen(nl_langinfo(CODESET)));
    else if (dot != NULL)
        set_codeset(dot + 1, strcspn(dot + 1, "@"));
    setlocale(LC_CTYPE, "C.UTF-8");
}

/* A small Debian has no locale but C.UTF-8. In it gettext obeys LANGUAGE. */
static void start_language(void)
{
    const char *wish = first_set("LC_ALL", "LC_MESSAGES", "LANG");
    const char *list = getenv("LANGUAGE");
    char language[32] = "";

    if (wish == NULL)
        wish = list != NULL ? list : "";
    else if (setlocale(LC_MESSAGES, "") != NULL)
        return;
    if (*wish == '\0' || setlocale(LC_MESSAGES, "C.UTF-8") == NULL)
        return;
    if (list == NULL || *list == '\0') {
        snprintf(language, sizeof(language), "%.*s", (int)strcspn(wish, ".@"),
                 wish);
        setenv("LANGUAGE", language, 1);
    }
}

/* Whether folder/place holds messages of ours, which are then taken. */
static bool bind_folder(const char *folder, const char *place)
{
    char *messages = NULL, *pattern = NULL;
    glob_t found = {0};
    bool has = false;

    if (asprintf(&messages, "%s/%s", folder, place) < 0)
        messages = NULL;
    else if (asprintf(&pattern, "%s/*/LC_MESSAGES/%s.mo", messages, domain) < 0)
        pattern = NULL;
    if (pattern != NULL && glob(pattern, GLOB_NOSORT, NULL, &found) == 0)
        has = bindtextdomain(domain, messages) != NULL;
    globfree(&found);
    free(pattern);
    free(messages);
    return has;
}

/* build/release/kep has build/release/locale beside it, a program of the
 * tests ../locale, an installed one ../share/locale. */
static void start_messages(void)
{
    char program[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    bindtextdomain(domain, LOCALEDIR);
    bind_textdomain_codeset(domain, "UTF-8");
    textdomain(domain);
    if (size <= 0)
        return;
    program[size] = '\0';
    slash = strrchr(program, '/');
    if (slash == NULL)
        return;
    *slash = '\0';
    if (!bind_folder(program, "locale") && !bind_folder(program, "../locale"))
        bind_folder(program, "../share/locale");
}

void text_start(void)
{
    start_charset();
    start_language();
    start_messages();
}

static bool speaks_utf8(void)
{
    return strcmp(codeset, "UTF-8") == 0;
}

/* All of in, or -1. Characters that the target lacks become similar ones. */
static int recode(const char *to, const char *from, const char *in,
                  size_t in_size, char *out, size_t room)
{
    iconv_t way = iconv_open(to, from);
    char *in_at, *out_at = out;
    size_t left = room - 1;
    int ok = -1;

    if (way == (iconv_t)-1)
        return -1;
    memcpy(&in_at, &in, sizeof(in)); /* iconv lacks the const */
    if (iconv(way, &in_at, &in_size, &out_at, &left) != (size_t)-1 &&
        iconv(way, NULL, NULL, &out_at, &left) != (size_t)-1) {
        *out_at = '\0';
        ok = 0;
    }
    iconv_close(way);
    return ok;
}

/* Without iconv, which would leave a copy of a password in its buffers. */
static int copy(const char *from, size_t size, char *out, size_t room)
{
    const char *at = from;
    size_t left = size;
    uint32_t character;

    if (size >= room)
        return -1;
    while (left > 0) {
        if (!utf8_read(&at, &left, &character))
            return -1;
    }
    memcpy(out, from, size);
    out[size] = '\0';
    return 0;
}

int text_typed(const char *typed, size_t size, char *out, size_t room)
{
    if (room == 0 || memchr(typed, '\0', size) != NULL)
        return -1;
    return speaks_utf8() ? copy(typed, size, out, room)
                         : recode("UTF-8", codeset, typed, size, out, room);
}

char *text_shown(const char *text)
{
    size_t size = strlen(text), room = 4 * size + 16;
    char to[sizeof(codeset) + 16];
    char *shown;

    if (speaks_utf8())
        return strdup(text);
    shown = calloc(1, room);
    snprintf(to, sizeof(to), "%s//TRANSLIT", codeset);
    if (shown != NULL && recode(to, "UTF-8", text, size, shown, room) != 0) {
        free(shown);
        shown = NULL;
    }
    return shown;
}

/* --- labels --------------------------------------------------------------- */

/* The small letter of the capital that text begins with, 0: it begins with
 * none. */
static unsigned small_letter(const char *text)
{
    const unsigned first = (unsigned char)text[0];
    const unsigned second = first != 0 ? (unsigned char)text[1] : 0;

    if (first >= 'A' && first <= 'Z')
        return first - 'A' + 'a';
    /* U+0410 to U+042F, whose small ones are 32 behind them */
    return first == 0xD0 && second >= 0x90 && second <= 0xAF
               ? 0x0400 + second - 0x80 + 0x20
               : 0;
}

struct text_line text_inside(const char *label)
{
    struct text_line line = text_clean(label);
    const unsigned letter = small_letter(line.text);

    if (letter == 0 || small_letter(line.text + (letter < 0x80 ? 1 : 2)) != 0)
        return line;
    if (letter < 0x80) {
        line.text[0] = (char)letter;
    } else {
        line.text[0] = (char)(0xC0 | letter >> 6);
        line.text[1] = (char)(0x80 | (letter & 0x3F));
    }
    return line;
}

bool text_is_same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other
                                        : strcmp(one, other) == 0;
}

int text_print(FILE *stream, const char *format, ...)
{
    char *text = NULL, *shown;
    va_list values;
    int length, ok = -1;

    va_start(values, format);
    length = vasprintf(&text, format, values);
    va_end(values);
    if (length < 0)
        return -1;
    shown = text_shown(text);
    if (shown != NULL && fputs(shown, stream) >= 0)
        ok = 0;
    free(shown);
    free(text);
    return ok;
}
