/* The bytes of a plan, and in what encoding they are. */
#include "client/batch/plan_parts.h"

#include "client/stream.h"
#include "client/text.h"
#include "keygen/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct plan_place whole = {0, 0};

static int open_plan(const char *path)
{
    if (strcmp(path, "-") == 0)
        return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    /* O_NONBLOCK: a FIFO that nobody writes must not hang us. */
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

static bool is_same(const struct stat *before, const struct stat *after)
{
    return before->st_size == after->st_size &&
           before->st_mtim.tv_sec == after->st_mtim.tv_sec &&
           before->st_mtim.tv_nsec == after->st_mtim.tv_nsec &&
           before->st_ctim.tv_sec == after->st_ctim.tv_sec &&
           before->st_ctim.tv_nsec == after->st_ctim.tv_nsec;
}

/* Into memory for one byte more than there should be. */
static enum outcome read_into(int fd, const struct stat *before, char **data,
                              size_t *size)
{
    size_t room = S_ISREG(before->st_mode) ? (size_t)before->st_size + 1
                                           : PLAN_BYTES_MAX + 1;
    ssize_t got;

    *data = calloc(1, room);
    if (*data == NULL)
        return OUTCOME_MEMORY;
    got = stream_read(fd, *data, room);
    *size = got > 0 ? (size_t)got : 0;
    return got >= 0 ? OUTCOME_DONE : OUTCOME_PLAN_UNREADABLE;
}

static enum outcome read_all(int fd, struct plan *plan, char **data,
                             size_t *size)
{
    struct stat before, after;
    enum outcome outcome;
    bool regular, large;

    if (fstat(fd, &before) != 0)
        return OUTCOME_PLAN_UNREADABLE;
    regular = S_ISREG(before.st_mode);
    large = regular && before.st_size > PLAN_BYTES_MAX;
    outcome = large ? OUTCOME_DONE : read_into(fd, &before, data, size);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (fstat(fd, &after) != 0)
        return OUTCOME_PLAN_UNREADABLE;
    if (large || *size > PLAN_BYTES_MAX)
        plan_complain(plan, whole,
                      _("The file is larger than %d MB. Is it the right one? "
                        "A large plan can be split into several."),
                      PLAN_BYTES_MAX / (1024 * 1024));
    else if (regular &&
             (!is_same(&before, &after) || (size_t)before.st_size != *size))
        plan_complain(plan, whole, "%s",
                      _("The file changed while it was read. Try again when "
                        "whoever writes it is done."));
    return plan->complaints == 0 ? OUTCOME_DONE : OUTCOME_PLAN_WRONG;
}

static void take_fingerprint(struct plan *plan, const char *data, size_t size)
{
    unsigned char hash[(PLAN_FINGERPRINT_MAX - 1) / 2];

    crypto_generichash(hash, sizeof(hash), (const unsigned char *)data, size,
                       NULL, 0);
    sodium_bin2hex(plan->fingerprint, sizeof(plan->fingerprint), hash,
                   sizeof(hash));
}

enum outcome plan_source_read(const char *path, struct plan *plan, char **data,
                              size_t *size)
{
    enum outcome outcome = OUTCOME_PLAN_UNREADABLE;
    int fd = open_plan(path), number;

    *data = NULL;
    *size = 0;
    if (fd < 0)
        return outcome;
    outcome = read_all(fd, plan, data, size);
    number = errno;
    close(fd);
    errno = number;
    if (outcome == OUTCOME_DONE)
        take_fingerprint(plan, *data, *size);
    return outcome;
}

bool plan_has_changed(const struct plan *plan, const char *path)
{
    struct plan *again;
    struct stat about;
    char *data = NULL;
    size_t size;
    enum outcome outcome;
    bool changed = true;

    if (strcmp(path, "-") == 0)
        return false;
    if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return false;
    again = plan_new();
    if (again == NULL)
        return false;
    outcome = plan_source_read(path, again, &data, &size);
    if (outcome == OUTCOME_DONE)
        changed = strcmp(again->fingerprint, plan->fingerprint) != 0;
    else if (outcome == OUTCOME_MEMORY ||
             (outcome == OUTCOME_PLAN_UNREADABLE && errno == EINTR))
        changed = false; /* a signal ends the reading: nobody knows */
    free(data);
    plan_free(&again);
    return changed;
}

/* --- encoding ------------------------------------------------------------ */

void plan_place_pass(struct plan_place *place, const struct plan_source *source,
                     size_t at)
{
    char byte = source->data[at];

    /* Line ends of old Macs are ends too. */
    if (byte == '\n' || (byte == '\r' && (at + 1 == source->size ||
                                          source->data[at + 1] != '\n'))) {
        place->line++;
        place->column = 1;
    } else if (source->is_cp1251 || ((unsigned char)byte & 0xC0) != 0x80) {
        place->column++;
    }
}

static struct plan_place place_of(const struct plan_source *source, size_t at)
{
    struct plan_place place = {1, 1};

    for (size_t i = 0; i < at; i++)
        plan_place_pass(&place, source, i);
    return place;
}

/* The first byte that is not UTF-8, or size. */
static size_t end_of_utf8(const char *data, size_t size)
{
    size_t left = size;
    uint32_t character;

    while (utf8_read(&data, &left, &character)) {
        /* on */
    }
    return size - left;
}

/* Files that people take for a table in CSV, by how they begin. */
static const struct kind {
    const char *begins;
    size_t size;
    const char *sentence;
} kinds[] = {
    {"\xFF\xFE", 2, NULL},
    {"\xFE\xFF", 2, NULL},
    {"PK\x03\x04", 4,
     N_("This is the workbook of a spreadsheet (xlsx, ods) or another archive, "
        "not CSV. Open it in the spreadsheet and save the table as CSV in "
        "UTF-8.")},
    {"\xD0\xCF\x11\xE0", 4,
     N_("This is the workbook of an old spreadsheet (xls), not CSV. Open it in "
        "the spreadsheet and save the table as CSV in UTF-8.")},
};

/* Also without a mark: each other byte of Latin letters is zero. */
static bool is_utf16(const char *data, size_t size)
{
    size_t zeros[2] = {0, 0};
    const size_t pairs = size < 64 ? size / 2 : 32;

    for (size_t i = 0; i < 2 * pairs; i++)
        zeros[i % 2] += data[i] == '\0';
    return pairs > 1 && (zeros[0] == 0) != (zeros[1] == 0) &&
           2 * (zeros[0] + zeros[1]) > pairs;
}

/* NULL: it may be a table. */
static const char *other_kind(const char *data, size_t size)
{
    const char *sentence = NULL;
    bool wide = is_utf16(data, size);

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (size >= kinds[i].size &&
            memcmp(data, kinds[i].begins, kinds[i].size) == 0) {
            sentence = kinds[i].sentence;
            wide |= sentence == NULL;
        }
    if (sentence == NULL && wide)
        sentence = N_("This text is in UTF-16, which some programs call "
                      "Unicode. Save the table as CSV in UTF-8.");
    return sentence;
}

/* No column is called so. */
static bool is_json(const struct plan_source *source)
{
    for (size_t i = 0; i < source->size; i++)
        if (strchr(" \t\r\n", source->data[i]) == NULL)
            return source->data[i] == '{' || source->data[i] == '[';
    return false;
}

bool plan_source_decode(struct plan *plan, const char *data, size_t size,
                        struct plan_source *source)
{
    const size_t mark = utf8_mark_size(data, size);
    const char *nothing, *other = other_kind(data, size);
    size_t end;

    *source = (struct plan_source){.data = data + mark, .size = size - mark};
    end = end_of_utf8(source->data, source->size);
    source->is_json = is_json(source);
    source->is_cp1251 = mark == 0 && !source->is_json && end < source->size;
    nothing = memchr(source->data, '\0', source->size);
    if (other != NULL)
        plan_complain(plan, (struct plan_place){1, 1}, "%s", _(other));
    else if (nothing != NULL)
        plan_complain(plan, place_of(source, (size_t)(nothing - source->data)),
                      "%s",
                      _("This is no text: there is a zero byte in it. Save "
                        "the table as CSV in UTF-8."));
    else if (source->is_json && end < source->size)
        plan_complain(plan, place_of(source, end), "%s",
                      _("JSON is in UTF-8, but this character is not of it. "
                        "Save the file in UTF-8."));
    else if (mark > 0 && end < source->size)
        plan_complain(plan, place_of(source, end), "%s",
                      _("The file begins as UTF-8, but this character is not "
                        "of it. Save the table as CSV in UTF-8."));
    return plan->complaints == 0;
}
