#include "api/sandbox/issue.h"

#include "api/sandbox/ca.h"
#include "api/sandbox/shelf.h"
#include "api/sandbox/subscriber.h"
#include "keygen/secret.h"

#include <fcntl.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY = 24 * 60 * 60,
    DAYS_DEFAULT = 30,
    DAYS_MAX = 36500,
    COUNT_MAX = 100000,
    PASSWORD_FILE_MAX = 4 * CONTAINER_PASSWORD_MAX,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2
};

const char issue_summary[] = "make a subscriber with a certificate";

/* What was asked for on the command line. */
struct wish {
    const char *dir;
    const char *to;
    const char *phone;
    const char *name;
    const char *password_file;
    const char *container;
    const char *algorithm;
    const char *days;
    const char *key_days;
    const char *began_days;
    const char *count;
    bool legal_entity;
    bool help;
};

#define AT(member) offsetof(struct wish, member)

static const struct {
    const char *name;
    const char *argument; /* NULL: none, and the member is a bool */
    size_t at;            /* in struct wish */
    const char *help;
} rows[] = {
    {"dir", "DIR", AT(dir), "the sandbox's folder; needed"},
    {"to", "LOCATION", AT(to), "where the container is made; needed"},
    {"phone", "N", AT(phone), "79 and nine digits; needed"},
    {"name", "NAME", AT(name),
     "Surname Given Patronymic; else an invented one"},
    {"legal-entity", NULL, AT(legal_entity), "of an organisation"},
    {"days", "N", AT(days), "it ends in so many days; else 30"},
    {"not-before-days", "N", AT(began_days),
     "it began so many days ago; else 15 months before its end"},
    {"key-days", "N", AT(key_days),
     "its key ends in so many days; else 15 months after the beginning"},
    {"algorithm", "WORD", AT(algorithm), "gost2012-256 (else) or gost2012-512"},
    {"password-file", "FILE", AT(password_file),
     "the container's password, or the PIN of the token; else none"},
    {"container", "NAME", AT(container),
     "the container's folder, like abcd1234.000; else a random one"},
    {"count", "N", AT(count),
     "so many, each with the next telephone and a container of its own"},
    {"help", NULL, AT(help), "this"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void print_help(void)
{
    puts("usage: kep-sandbox issue --dir DIR --to LOCATION --phone N ...\n"
         "Makes a subscriber, his key and his certificate; the last line is "
         "the container.");
    for (size_t i = 0; i < ROWS; i++)
        printf("  --%s %s\n        %s\n", rows[i].name,
               rows[i].argument == NULL ? "" : rows[i].argument, rows[i].help);
}

static bool parse(int argc, char **argv, struct wish *wish)
{
    struct option options[ROWS + 1] = {{NULL, 0, NULL, 0}};
    int row, letter;

    for (size_t i = 0; i < ROWS; i++)
        options[i] =
            (struct option){rows[i].name, rows[i].argument != NULL, NULL, 0};
    optind = 1;
    while ((letter = getopt_long(argc, argv, "", options, &row)) != -1) {
        if (letter != 0)
            return false;
        if (rows[row].argument != NULL)
            *(const char **)((char *)wish + rows[row].at) = optarg;
        else
            *(bool *)((char *)wish + rows[row].at) = true;
    }
    if (optind < argc)
        fprintf(stderr, "kep-sandbox issue: %s is too much\n", argv[optind]);
    return optind == argc;
}

static int wrong(const char *option, const char *why)
{
    fprintf(stderr, "kep-sandbox issue: %s %s\n", option, why);
    return STATUS_USAGE;
}

/* A number of days from now, or otherwise where the option was not given. */
static int read_days(const char *option, const char *text, int sign, time_t now,
                     time_t otherwise, time_t *moment)
{
    char *end = NULL;
    long days;

    *moment = otherwise;
    if (text == NULL)
        return 0;
    days = strtol(text, &end, 10);
    if (end == text || *end != '\0' || days < -DAYS_MAX || days > DAYS_MAX)
        return wrong(option, "is a number of days");
    *moment = now + (time_t)sign * days * DAY;
    return 0;
}

/* It began 15 months before its end, so that its key's period ends with it;
 * but never in the future. */
static int read_dates(const struct wish *wish, struct subscriber *wanted)
{
    const time_t now = wanted->now;
    int status = read_days("--days", wish->days, 1, now,
                           now + (time_t)DAYS_DEFAULT * DAY, &wanted->end);
    time_t begin = ca_months(wanted->end, -CA_PERIOD_MONTHS);

    if (status == 0)
        status = read_days("--not-before-days", wish->began_days, -1, now,
                           begin < now ? begin : now, &wanted->begin);
    if (status == 0)
        status = read_days("--key-days", wish->key_days, 1, now,
                           ca_months(wanted->begin, CA_PERIOD_MONTHS),
                           &wanted->key_end);
    if (status == 0 &&
        (wanted->begin >= wanted->end || wanted->begin >= wanted->key_end))
        status = wrong("--not-before-days", "is after the end");
    return status;
}

static int check_wish(const struct wish *wish, struct subscriber *wanted)
{
    *wanted = (struct subscriber){
        .dir = wish->dir,
        .location = wish->to,
        .phone = wish->phone,
        .full_name = wish->name,
        .folder = wish->container,
        .algorithm = algorithm_by_word(wish->algorithm),
        .legal_entity = wish->legal_entity,
        .now = time(NULL),
    };
    if (wish->dir == NULL)
        return wrong("--dir", "is needed");
    if (wish->to == NULL)
        return wrong("--to", "is needed");
    if (wish->phone == NULL)
        return wrong("--phone", "is needed");
    if (!subscriber_is_phone(wish->phone))
        return wrong("--phone", "is 79 and nine digits");
    if (wanted->algorithm == NULL)
        return wrong("--algorithm", "is gost2012-256 or gost2012-512");
    return read_dates(wish, wanted);
}

/* Writers of containers agree on passwords of ASCII only. */
static bool is_ascii(const struct bytes *text)
{
    for (size_t i = 0; i < text->size; i++)
        if (text->data[i] < ' ' || text->data[i] > '~')
            return false;
    return true;
}

/* The file's last newline is not part of the password; an empty one is
 * none. */
static int read_password(const char *path, char **password)
{
    struct bytes text;
    int status = 0;

    if (path == NULL)
        return 0;
    bytes_init(&text, PASSWORD_FILE_MAX);
    if (shelf_read(AT_FDCWD, path, &text) != FAULT_NONE)
        status = wrong("--password-file", "cannot be read");
    if (text.size > 0 && text.data[text.size - 1] == '\n')
        text.size--;
    if (status == 0 && !is_ascii(&text))
        status = wrong("--password-file", "holds other than ASCII letters");
    if (status == 0 && text.size > 0) {
        *password = secret_copy((const char *)text.data, text.size);
        if (*password == NULL)
            status = STATUS_FAILED;
    }
    bytes_free(&text);
    return status;
}

static int read_count(const struct wish *wish, long *count)
{
    char *end = NULL;

    *count = 1;
    if (wish->count == NULL)
        return 0;
    *count = strtol(wish->count, &end, 10);
    if (end == wish->count || *end != '\0' || *count < 1 || *count > COUNT_MAX)
        return wrong("--count", "is a number from 1 to 100000");
    if (wish->container != NULL && *count > 1)
        return wrong("--count", "makes several: leave out --container");
    /* The first two digits are all that a number has to begin with. */
    if (strtoll(wish->phone, NULL, 10) + *count - 1 > 79999999999LL)
        return wrong("--count", "is more than there are telephones");
    return 0;
}

static int issue(const struct subscriber *wanted)
{
    struct subscriber_made made;

    if (!subscriber_make(wanted, &made)) {
        fprintf(stderr, "kep-sandbox issue: %s: %s\n", made.failed, made.why);
        return STATUS_FAILED;
    }
    printf("thumbprint %s\n%s\n", made.thumbprint, made.container);
    return fflush(stdout) == 0 ? 0 : STATUS_FAILED;
}

static int issue_all(struct subscriber wanted, long count)
{
    const long long first = strtoll(wanted.phone, NULL, 10);
    int status = 0;

    for (long i = 0; i < count && status == 0; i++) {
        char phone[24];

        snprintf(phone, sizeof phone, "%lld", first + i);
        wanted.phone = phone;
        status = issue(&wanted);
    }
    return status;
}

int issue_command(int argc, char **argv)
{
    struct wish wish = {.help = false};
    struct subscriber wanted;
    char *password = NULL;
    long count;
    int status;

    if (!parse(argc, argv, &wish))
        return STATUS_USAGE;
    if (wish.help) {
        print_help();
        return fflush(stdout) == 0 ? 0 : STATUS_FAILED;
    }
    status = check_wish(&wish, &wanted);
    if (status == 0)
        status = read_count(&wish, &count);
    if (status == 0)
        status = read_password(wish.password_file, &password);
    wanted.password = password;
    if (status == 0)
        status = issue_all(wanted, count);
    secret_free(&password);
    return status;
}
