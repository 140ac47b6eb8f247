#include "api/sandbox/issue.h"

#include "api/sandbox/ca.h"
#include "api/sandbox/person.h"
#include "api/sandbox/shelf.h"
#include "api/sandbox/store.h"
#include "keygen/secret.h"
#include "token/medium.h"

#include <fcntl.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY = 24 * 60 * 60,
    DAYS_DEFAULT = 30,
    DAYS_MAX = 36500,
    FOLDER_NAME_SIZE = 13, /* "abcd1234.000" */
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
    bool legal_entity;
    bool help;
};

static const struct {
    struct option option;
    size_t at; /* in struct wish */
    const char *argument;
    const char *help;
} rows[] = {
    {{"dir", 1, NULL, 0},
     offsetof(struct wish, dir),
     "DIR",
     "the sandbox's folder; needed"},
    {{"to", 1, NULL, 0},
     offsetof(struct wish, to),
     "LOCATION",
     "where the container is made; needed"},
    {{"phone", 1, NULL, 0},
     offsetof(struct wish, phone),
     "N",
     "the subscriber's phone, 79 and nine digits; needed"},
    {{"name", 1, NULL, 0},
     offsetof(struct wish, name),
     "NAME",
     "\"Surname Given Patronymic\"; an invented one"},
    {{"legal-entity", 0, NULL, 0},
     offsetof(struct wish, legal_entity),
     "",
     "of an organisation"},
    {{"days", 1, NULL, 0},
     offsetof(struct wish, days),
     "N",
     "the certificate ends in so many days; 30"},
    {{"not-before-days", 1, NULL, 0},
     offsetof(struct wish, began_days),
     "N",
     "it began so many days ago; 15 months before its end"},
    {{"key-days", 1, NULL, 0},
     offsetof(struct wish, key_days),
     "N",
     "the key's own period ends in so many days; 15 months long"},
    {{"algorithm", 1, NULL, 0},
     offsetof(struct wish, algorithm),
     "WORD",
     "gost2012-256 or gost2012-512; the first"},
    {{"password-file", 1, NULL, 0},
     offsetof(struct wish, password_file),
     "FILE",
     "the container's password; none"},
    {{"container", 1, NULL, 0},
     offsetof(struct wish, container),
     "NAME",
     "the container's folder, like abcd1234.000; a random one"},
    {{"help", 0, NULL, 0}, offsetof(struct wish, help), "", "this"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void print_help(void)
{
    printf("usage: kep-sandbox issue --dir DIR --to LOCATION --phone N ...\n"
           "Makes a subscriber, his key and his certificate; the last line "
           "is the container.\n");
    for (size_t i = 0; i < ROWS; i++)
        printf("  --%s %s\n      %s\n", rows[i].option.name, rows[i].argument,
               rows[i].help);
}

static bool parse(int argc, char **argv, struct wish *wish)
{
    struct option options[ROWS + 1] = {{NULL, 0, NULL, 0}};
    int row, letter;

    for (size_t i = 0; i < ROWS; i++)
        options[i] = rows[i].option;
    optind = 1;
    while ((letter = getopt_long(argc, argv, "", options, &row)) != -1) {
        if (letter != 0)
            return false;
        if (options[row].has_arg)
            *(const char **)((char *)wish + rows[row].at) = optarg;
        else
            *(bool *)((char *)wish + rows[row].at) = true;
    }
    if (optind < argc) {
        fprintf(stderr, "%s: unexpected argument: %s\n", argv[0], argv[optind]);
        return false;
    }
    return true;
}

/* All that is open while one subscriber is made. */
struct work {
    const struct wish *wish;
    const struct algorithm *algorithm;
    time_t now, begin, end, key_end;
    struct ca *ca;
    struct store *store;
    struct entropy *pool;
    char *password; /* secret memory, or NULL */
    struct name name;
    struct container *container;
    struct certificate *certificate;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    char where[LOCATION_MAX];
};

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "kep-sandbox issue: %s: %s\n", what, why);
    return STATUS_FAILED;
}

static int check_fault(const char *what, enum fault fault)
{
    return fault == FAULT_NONE ? 0 : complain(what, fault_word(fault));
}

/* A number of days, or otherwise where the option was not given. */
static int read_days(const char *option, const char *text, time_t otherwise,
                     int sign, time_t now, time_t *moment)
{
    char *end = NULL;
    long days;

    *moment = otherwise;
    if (text == NULL)
        return 0;
    days = strtol(text, &end, 10);
    if (end == text || *end != '\0' || days < -DAYS_MAX || days > DAYS_MAX) {
        complain(option, "not a number of days");
        return STATUS_USAGE;
    }
    *moment = now + (time_t)sign * days * DAY;
    return 0;
}

/* It began 15 months before its end, so that its key's period still runs as
 * long as the certificate; but never in the future. */
static int read_dates(struct work *work)
{
    const struct wish *wish = work->wish;
    int status =
        read_days("--days", wish->days, work->now + (time_t)DAYS_DEFAULT * DAY,
                  1, work->now, &work->end);

    if (status != 0)
        return status;
    work->begin = ca_months(work->end, -CA_PERIOD_MONTHS);
    if (work->begin > work->now)
        work->begin = work->now;
    status = read_days("--not-before-days", wish->began_days, work->begin, -1,
                       work->now, &work->begin);
    if (status != 0)
        return status;
    status = read_days("--key-days", wish->key_days,
                       ca_months(work->begin, CA_PERIOD_MONTHS), 1, work->now,
                       &work->key_end);
    if (status == 0 &&
        (work->begin >= work->end || work->begin >= work->key_end)) {
        complain("the dates", "it would end before it begins");
        status = STATUS_USAGE;
    }
    return status;
}

static bool is_phone(const char *text)
{
    return strlen(text) == 11 && strspn(text, "0123456789") == 11 &&
           strncmp(text, "79", 2) == 0;
}

static int check_wish(struct work *work)
{
    const struct wish *wish = work->wish;
    const char *wrong = NULL;

    work->algorithm = algorithm_by_word(wish->algorithm);
    if (wish->dir == NULL)
        wrong = "--dir is needed";
    else if (wish->to == NULL)
        wrong = "--to is needed";
    else if (wish->phone == NULL)
        wrong = "--phone is needed";
    else if (!is_phone(wish->phone))
        wrong = "--phone is 79 and nine digits";
    else if (work->algorithm == NULL)
        wrong = "--algorithm is gost2012-256 or gost2012-512";
    if (wrong != NULL) {
        complain("usage", wrong);
        return STATUS_USAGE;
    }
    return read_dates(work);
}

/* The file's last newline is not part of the password. */
static int read_password(struct work *work)
{
    struct bytes text;
    enum fault fault;

    if (work->wish->password_file == NULL)
        return 0;
    bytes_init(&text, PASSWORD_FILE_MAX);
    fault = shelf_read(AT_FDCWD, work->wish->password_file, &text);
    if (fault == FAULT_NONE) {
        if (text.size > 0 && text.data[text.size - 1] == '\n')
            text.size--;
        work->password = secret_copy((const char *)text.data, text.size);
        if (work->password == NULL)
            fault = FAULT_MEMORY;
    }
    bytes_free(&text);
    return check_fault("--password-file", fault);
}

static int open_all(struct work *work)
{
    const struct wish *wish = work->wish;
    int status;

    if ((status = read_password(work)) != 0 ||
        (status =
             check_fault("--name", person_invent(wish->name, wish->legal_entity,
                                                 &work->name))) != 0 ||
        (status = check_fault(
             "--to", medium_find(wish->to, &work->ops, work->location))) != 0 ||
        (status = check_fault("the authority",
                              ca_open(wish->dir, work->now, &work->ca))) != 0)
        return status;
    if (!store_open(wish->dir, &work->store))
        return complain("sandbox.db", work->store == NULL
                                          ? "cannot be opened"
                                          : store_error(work->store));
    return check_fault("the entropy", entropy_new(&work->pool));
}

static void invent_folder(char name[FOLDER_NAME_SIZE])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (size_t i = 0; i < 8; i++)
        name[i] = letters[randombytes_uniform(sizeof letters - 1)];
    memcpy(name + 8, ".000", 5);
}

static int make_container(struct work *work)
{
    const char *folder = work->wish->container;
    char invented[FOLDER_NAME_SIZE], inside[CONTAINER_NAME_MAX];
    struct container_spec spec = {
        .algorithm = work->algorithm,
        .password = work->password,
        .exportable = true,
        .key_not_after = work->key_end,
    };
    int status;

    invent_folder(invented);
    spec.folder_name = folder != NULL ? folder : invented;
    snprintf(inside, sizeof inside, "kep-sandbox-%.8s", spec.folder_name);
    spec.name = inside;
    status = check_fault(
        "the container",
        work->ops->generate(work->location, &spec, work->pool, work->where));
    if (status != 0)
        return status;
    return check_fault(
        "the container",
        work->ops->open(work->where, work->password, &work->container));
}

static int make_certificate(struct work *work)
{
    struct ca_order order = {
        .subject = &work->name,
        .not_before = work->begin,
        .not_after = work->end,
        .key_not_before = work->begin,
        .key_not_after = work->key_end,
    };
    enum fault fault = FAULT_LIBRARY;

    if (gnutls_pubkey_init(&order.key) != 0)
        return check_fault("the certificate", FAULT_MEMORY);
    if (gnutls_pubkey_import_privkey(order.key, work->container->key, 0, 0) ==
        0)
        fault = ca_issue(work->ca, &order, work->now, &work->certificate);
    gnutls_pubkey_deinit(order.key);
    return check_fault("the certificate", fault);
}

/* The subscriber is registered last: the server knows only of certificates
 * that somebody has. */
static int hand_over(struct work *work)
{
    const struct certificate *certificate = work->certificate;
    int status =
        check_fault("the container",
                    work->ops->write_certificate(work->where, certificate));

    if (status != 0)
        return status;
    if (!store_register(work->store, work->wish->phone, certificate->thumbprint,
                        certificate->der.data, certificate->der.size))
        return complain("sandbox.db", store_error(work->store));
    printf("thumbprint %s\n%s\n", certificate->thumbprint, work->where);
    return fflush(stdout) == 0 ? 0 : complain("stdout", "cannot be written");
}

static void free_work(struct work **work)
{
    certificate_free(&(*work)->certificate);
    container_free(&(*work)->container);
    name_free(&(*work)->name);
    secret_free(&(*work)->password);
    entropy_free(&(*work)->pool);
    store_close(&(*work)->store);
    ca_close(&(*work)->ca);
    free(*work);
    *work = NULL;
}

static int issue(const struct wish *wish)
{
    struct work *work = calloc(1, sizeof *work);
    int status;

    if (work == NULL)
        return complain("memory", "none left");
    work->wish = wish;
    work->now = time(NULL);
    if ((status = check_wish(work)) == 0 && (status = open_all(work)) == 0 &&
        (status = make_container(work)) == 0 &&
        (status = make_certificate(work)) == 0)
        status = hand_over(work);
    free_work(&work);
    return status;
}

int issue_command(int argc, char **argv)
{
    struct wish wish = {.help = false};

    if (!parse(argc, argv, &wish))
        return STATUS_USAGE;
    if (wish.help) {
        print_help();
        return fflush(stdout) == 0 ? 0 : STATUS_FAILED;
    }
    return issue(&wish);
}
