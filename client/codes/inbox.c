#include "client/codes/inbox.h"

#include "client/codes/sms_text.h"
#include "client/signals.h"
#include "keygen/secret.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MESSAGE_BYTES_MAX = 4096,
    TAIL_MAX = 8000, /* of a file with many, as much is looked at */
    TAIL_DIGITS = 10,
    TICK = 50,      /* ms between the first looks; then more and more */
    TICK_MOST = 500 /* ms */
};

/* A message that was found. */
struct found {
    struct inbox_mark mark;
    int folder; /* where mark.name is, -1: none found */
};

static const char *tail_of(const char *phone)
{
    const size_t size = strlen(phone);

    return size > TAIL_DIGITS ? phone + size - TAIL_DIGITS : phone;
}

/* --- a folder of messages ------------------------------------------------ */

static bool is_newer(const struct inbox_mark *one,
                     const struct inbox_mark *other)
{
    if (!other->is_set)
        return one->is_set;
    if (one->changed.tv_sec != other->changed.tv_sec)
        return one->changed.tv_sec > other->changed.tv_sec;
    if (one->changed.tv_nsec != other->changed.tv_nsec)
        return one->changed.tv_nsec > other->changed.tv_nsec;
    return strcmp(one->name, other->name) > 0;
}

/* The names in a folder, but hidden ones. */
struct names {
    int fd; /* its own, read from the beginning; -1: it cannot be read */
    ssize_t size, at;
    struct dirent64 room[4]; /* for the longest names */
};

static void names_begin(struct names *names, int folder)
{
    names->fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    names->size = names->at = 0;
}

/* NULL behind the last one. */
static const struct dirent64 *names_next(struct names *names)
{
    const struct dirent64 *entry;

    do {
        if (names->at >= names->size) {
            names->size =
                getdents64(names->fd, names->room, sizeof(names->room));
            names->at = 0;
        }
        if (names->size <= 0)
            return NULL;
        entry = (const void *)((const char *)names->room + names->at);
        names->at += entry->d_reclen;
    } while (entry->d_name[0] == '.');
    return entry;
}

static void names_end(const struct names *names)
{
    if (names->fd >= 0)
        close(names->fd);
}

/* The newest file of a folder that has word in its name. */
static void find_newest(int folder, const char *word, struct inbox_mark *mark)
{
    const struct dirent64 *entry;
    struct names names;

    names_begin(&names, folder);
    while ((entry = names_next(&names)) != NULL) {
        struct inbox_mark one = {.is_set = true};
        struct stat about;

        if (strstr(entry->d_name, word) == NULL ||
            strlen(entry->d_name) >= sizeof(one.name) ||
            fstatat(folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(about.st_mode))
            continue;
        one.changed = about.st_mtim;
        one.size = about.st_size;
        memcpy(one.name, entry->d_name, strlen(entry->d_name) + 1);
        if (is_newer(&one, mark))
            *mark = one;
    }
    names_end(&names);
}

/* The one folder in it whose name ends so, -1: none, or several. */
static int open_by_end(int folder, const char *end)
{
    const struct dirent64 *entry;
    struct names names;
    char name[INBOX_NAME_MAX] = "";
    size_t count = 0;

    names_begin(&names, folder);
    while ((entry = names_next(&names)) != NULL) {
        const size_t size = strlen(entry->d_name);

        if (size < strlen(end) || size >= sizeof(name) ||
            strcmp(entry->d_name + size - strlen(end), end) != 0 ||
            (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
            continue;
        memcpy(name, entry->d_name, size + 1);
        count++;
    }
    names_end(&names);
    return count == 1 ? openat(folder, name,
                               O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
                      : -1;
}

/* The folder of a whole number, as it may be written. */
static int open_by_number(int folder, const char *phone)
{
    static const char *const beginnings[] = {"7", "", "8", "+7"};
    char name[INBOX_NAME_MAX];
    int own = -1;

    for (size_t i = 0;
         own < 0 && i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", beginnings[i], tail_of(phone));
        own = openat(folder, name,
                     O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    }
    return own;
}

static bool is_number(const char *name)
{
    const size_t digits = strspn(name + (*name == '+'), "0123456789");

    return digits >= TAIL_DIGITS && name[(*name == '+') + digits] == '\0';
}

/* Whether what is in it are folders of telephones, as its first entry tells:
 * with ten thousand of them it is not looked through for files. */
static bool has_folders(int folder)
{
    const struct dirent64 *entry;
    struct names names;
    struct stat about;
    bool has;

    names_begin(&names, folder);
    entry = names_next(&names);
    has = entry != NULL && is_number(entry->d_name) &&
          fstatat(folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
          S_ISDIR(about.st_mode);
    names_end(&names);
    return has;
}

static void look_in_folder(int folder, const char *phone, struct found *found)
{
    const bool whole = strlen(phone) >= TAIL_DIGITS;
    const int own =
        whole ? open_by_number(folder, phone) : open_by_end(folder, phone);

    if (own < 0 && whole && has_folders(folder))
        return;
    found->folder = own >= 0 ? own : dup(folder);
    if (found->folder >= 0)
        find_newest(found->folder, own >= 0 ? "" : tail_of(phone),
                    &found->mark);
}

/* --- a file of messages -------------------------------------------------- */

/* The last whole line with the number in it; size is that up to its end. */
static bool find_line(const char *text, size_t size, const char *tail,
                      const char **line, size_t *length)
{
    size_t end = size;

    while (end > 0) {
        size_t begin = --end; /* of the line end */

        if (text[end] != '\n')
            continue;
        while (begin > 0 && text[begin - 1] != '\n')
            begin--;
        if (memmem(text + begin, end - begin, tail, strlen(tail)) != NULL) {
            *line = text + begin;
            *length = end - begin;
            return true;
        }
        end = begin;
    }
    return false;
}

/* Whether it is another file than the one that was marked, or that one cut
 * off before the mark, which leaves out the end of its line. */
static bool is_rotated(const struct stat *about, const struct inbox_mark *mark)
{
    return about->st_ino != mark->inode || about->st_size <= mark->size;
}

/* Whether the newest message is that of the mark. Another file may be the old
 * one written anew, with the message that was known in it. */
static bool is_known(const struct stat *about, const struct inbox_mark *newest,
                     const struct inbox_mark *mark)
{
    if (!mark->is_set)
        return false;
    return is_rotated(about, mark)
               ? memcmp(newest->sum, mark->sum, sizeof(mark->sum)) == 0
               : newest->size <= mark->size;
}

/* *code stays in text; NULL where it is that of the mark. */
static void look_in_file(int fd, const char *phone, char *text,
                         const struct inbox_mark *mark,
                         struct inbox_mark *newest, const char **code)
{
    const ssize_t head = pread(fd, text, 2, 0);
    const enum sms_text_width width =
        sms_text_width_of(text, head > 0 ? (size_t)head : 0);
    const char *line;
    struct stat about;
    off_t from;
    ssize_t got;
    size_t size, length;

    if (fstat(fd, &about) != 0)
        return;
    newest->inode = about.st_ino;
    from = about.st_size > TAIL_MAX ? about.st_size - TAIL_MAX : 0;
    from += from % 2; /* a character begins there, whatever the width */
    got = pread(fd, text, TAIL_MAX, from);
    size = sms_text_narrow(text, got > 0 ? (size_t)got : 0, width);
    if (!find_line(text, size, tail_of(phone), &line, &length))
        return;
    newest->is_set = true;
    newest->size = from + (line - text + (int64_t)length) * abs(width);
    crypto_generichash(newest->sum, sizeof(newest->sum),
                       (const unsigned char *)line, length, NULL, 0);
    if (!sms_text_code(line, length, code) || is_known(&about, newest, mark))
        *code = NULL;
}

/* --- either -------------------------------------------------------------- */

static void read_message(const struct found *found, char *text,
                         const char **code)
{
    const int fd = openat(found->folder, found->mark.name,
                          O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t got = fd >= 0 ? read(fd, text, MESSAGE_BYTES_MAX) : -1;
    size_t size = got > 0 ? (size_t)got : 0;

    size = sms_text_narrow(text, size, sms_text_width_of(text, size));
    if (!sms_text_code(text, size, code))
        *code = NULL;
    if (fd >= 0)
        close(fd);
}

/* The newest message and the code in it; *code in text (TAIL_MAX bytes), NULL
 * where none is newer than the mark. */
static enum inbox_result look(const char *path, const char *phone, char *text,
                              const struct inbox_mark *mark,
                              struct inbox_mark *newest, const char **code)
{
    struct found found = {.folder = -1};
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;

    *code = NULL;
    if (fd < 0)
        return INBOX_UNREADABLE;
    if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
        look_in_folder(fd, phone, &found);
        if (found.mark.is_set && is_newer(&found.mark, mark))
            read_message(&found, text, code);
    } else {
        look_in_file(fd, phone, text, mark, &found.mark, code);
    }
    if (found.folder >= 0)
        close(found.folder);
    close(fd);
    *newest = found.mark;
    return INBOX_OK;
}

void inbox_look(const char *path, const char *phone, struct inbox_mark *mark)
{
    const struct inbox_mark never = {.is_set = false};
    char *text = secret_new(TAIL_MAX);
    const char *code;

    *mark = never;
    if (text != NULL &&
        look(path, phone, text, &never, mark, &code) == INBOX_OK)
        mark->is_set = true; /* also where there is none: then each is new */
    secret_free(&text);
}

static int64_t now(void)
{
    struct timespec at = {0};

    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

/* *code stays NULL where no newer message has come yet. */
static enum inbox_result look_again(const char *path, const char *phone,
                                    char *text, struct inbox_mark *mark,
                                    char **code)
{
    struct inbox_mark newest;
    const char *digits;
    enum inbox_result result = look(path, phone, text, mark, &newest, &digits);

    /* It was there: put aside, and its new one has not been made. */
    if (result == INBOX_UNREADABLE && errno == ENOENT && mark->is_set)
        return INBOX_OK;
    if (result != INBOX_OK || digits == NULL)
        return result;
    *mark = newest;
    *code = secret_copy(digits, SMS_TEXT_DIGITS);
    return *code != NULL ? INBOX_OK : INBOX_MEMORY;
}

enum inbox_result inbox_wait(const char *path, const char *phone,
                             struct inbox_mark *mark, unsigned seconds,
                             char **code)
{
    const int64_t until =
        now() + 1000 * (int64_t)(seconds > 0 ? seconds : INBOX_SECONDS);
    enum inbox_result result = INBOX_MEMORY;
    char *text = secret_new(TAIL_MAX);
    unsigned tick = TICK;

    *code = NULL;
    while (text != NULL) {
        result = look_again(path, phone, text, mark, code);
        if (result != INBOX_OK || *code != NULL)
            break;
        result = now() >= until ? INBOX_LATE : INBOX_CANCELLED;
        if (result == INBOX_LATE || !signals_sleep(tick))
            break;
        tick = tick * 2 < TICK_MOST ? tick * 2 : TICK_MOST;
    }
    secret_free(&text);
    return result;
}
