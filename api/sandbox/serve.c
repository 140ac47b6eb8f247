#include "api/sandbox/serve.h"

#include "api/sandbox/argument.h"
#include "api/sandbox/http/route.h"
#include "api/sandbox/http/server.h"
#include "api/sandbox/shelf.h"
#include "api/sandbox/sms.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    HOUR = 3600,
    DAY = 24 * HOUR,
    SESSION_LIFE = 30 * DAY,
    CODE_LIFE = 20 * 60,
    RESEND_AFTER = 60,
    WINDOW = 60,
    URL_SIZE = 64
};

const char serve_summary[] = "answer on https://127.0.0.1 until SIGTERM";

struct wish {
    const char *dir, *tls, *log;
    struct argument_list faults;
    long port;
    struct sandbox_settings settings;
    bool help;
};

#define AT(member) offsetof(struct wish, member)

static const struct argument rows[] = {
    {"dir", ARGUMENT_TEXT, AT(dir), "DIR",
     "where everything is kept, made on first use; needed", 0, 0},
    {"port", ARGUMENT_NUMBER, AT(port), "N", "0: a free one; 0", 0, 65535},
    {"latency", ARGUMENT_NUMBER, AT(settings.latency), "MS",
     "pause before each answer; 0", 0, 60 * 1000},
    {"issue-after", ARGUMENT_NUMBER, AT(settings.issue_after), "S",
     "from the confirmed request to the certificate; 0", 0, 30 * DAY},
    {"review-after", ARGUMENT_NUMBER, AT(settings.review_after), "S",
     "approve a normal form after so long; -1: kep-sandbox set does; -1", -1,
     30 * DAY},
    {"resend-after", ARGUMENT_NUMBER, AT(settings.resend_after), "S",
     "until a code may be sent again; 60", 0, DAY},
    {"code-life", ARGUMENT_NUMBER, AT(settings.code_life), "S",
     "how long a code is good; 1200", 1, DAY},
    {"session-life", ARGUMENT_NUMBER, AT(settings.session_life), "S",
     "how long a session is good; 2592000", 1, SESSION_LIFE},
    {"window", ARGUMENT_NUMBER, AT(settings.window), "DAYS",
     "full days before its end that a certificate is renewed; 60", 0, 3650},
    {"fault", ARGUMENT_LIST, AT(faults), "SPEC",
     "OPERATION=KIND[:ARG][*TIMES],… what shall go wrong", 0, 0},
    {"tls", ARGUMENT_TEXT, AT(tls), "WORD",
     "a bad server certificate: untrusted, expired, other-name", 0, 0},
    {"log", ARGUMENT_TEXT, AT(log), "FILE",
     "append every exchange as a line of JSON", 0, 0},
    {"help", ARGUMENT_HELP, AT(help), NULL, "this", 0, 0},
};

enum { ROWS = sizeof rows / sizeof *rows };

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "kep-sandbox serve: %s: %s\n", what, why);
    return STATUS_FAILED;
}

static int print_help(void)
{
    printf("usage: kep-sandbox serve --dir DIR ...\n"
           "Prints \"ready URL\" when it answers; writes DIR/url and "
           "DIR/tls-ca.pem.\n");
    argument_help(rows, ROWS);
    printf("kinds of faults:");
    for (unsigned i = MISCHIEF_NONE + 1; i < MISCHIEF_KINDS; i++)
        printf(" %s", mischief_word((enum mischief_kind)i));
    printf("\n");
    return fflush(stdout) == 0 ? 0 : STATUS_FAILED;
}

static bool is_operation(const char *name)
{
    return route_named(name) != NULL;
}

/* 0 or STATUS_USAGE. */
static int check(const struct wish *wish, struct sandbox *sandbox,
                 enum tls_flaw *flaw)
{
    const char *why = NULL;

    if (!wish->dir)
        why = "it is needed";
    if (why) {
        complain("--dir", why);
        return STATUS_USAGE;
    }
    for (size_t i = 0; i < wish->faults.count; i++) {
        if (!mischief_parse(&sandbox->mischief, wish->faults.text[i],
                            is_operation, &why)) {
            complain(wish->faults.text[i], why);
            return STATUS_USAGE;
        }
    }
    *flaw = wish->tls ? tls_find(wish->tls) : TLS_GOOD;
    if (wish->tls && *flaw == TLS_GOOD) {
        complain("--tls", "it is untrusted, expired or other-name");
        return STATUS_USAGE;
    }
    sandbox->dir = wish->dir;
    sandbox->settings = wish->settings;
    return 0;
}

static int publish(const char *dir, const struct tls *tls, uint16_t port)
{
    char url[URL_SIZE];
    int length =
        snprintf(url, sizeof url, "https://127.0.0.1:%" PRIu16 "\n", port);
    int folder = -1;
    enum fault fault = shelf_open(AT_FDCWD, dir, &folder);

    if (fault == FAULT_NONE)
        fault = shelf_replace(folder, "tls-ca.pem", tls->authority,
                              strlen(tls->authority), 0644);
    if (fault == FAULT_NONE)
        fault = shelf_replace(folder, "url", url, (size_t)length, 0644);
    if (folder >= 0)
        close(folder);
    if (fault != FAULT_NONE)
        return complain(dir, fault_word(fault));
    if (printf("ready %s", url) < 0 || fflush(stdout) != 0)
        return complain("stdout", "it cannot be written");
    return 0;
}

/* The signals are blocked in every thread, so that only this one takes
 * them. */
static int wait_for_end(void)
{
    sigset_t signals;
    int number;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    return sigwait(&signals, &number) == 0 ? 0 : STATUS_FAILED;
}

static void block_signals(void)
{
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int answer(struct sandbox *sandbox, const struct tls *tls, uint16_t port)
{
    struct server *server = server_start(sandbox, tls, port);
    int status;

    if (!server)
        return complain("the port", "it cannot be listened on");
    status = publish(sandbox->dir, tls, server_port(server));
    if (status == 0)
        status = wait_for_end();
    server_stop(&server);
    return status;
}

static int serve(const struct wish *wish, struct sandbox *sandbox,
                 enum tls_flaw flaw)
{
    struct tls tls = {0};
    enum fault fault;
    int status = STATUS_FAILED;

    if (!record_open(&sandbox->record, wish->log))
        return complain("--log", "it cannot be opened");
    fault = ca_open(sandbox->dir, time(NULL), &sandbox->ca);
    if (fault != FAULT_NONE)
        complain("the authority", fault_word(fault));
    else if (!store_open(sandbox->dir, &sandbox->store))
        complain("sandbox.db", store_error(sandbox->store));
    else if (!sms_prepare(sandbox->dir))
        complain("sms", strerror(errno));
    else if (!tls_prepare(sandbox->store, flaw, &tls))
        complain("TLS", "no certificate could be made");
    else
        status = answer(sandbox, &tls, (uint16_t)wish->port);
    tls_free(&tls);
    store_close(&sandbox->store);
    ca_close(&sandbox->ca);
    record_close(&sandbox->record);
    return status;
}

int serve_command(int argc, char **argv)
{
    struct wish wish = {.settings = {.review_after = -1,
                                     .resend_after = RESEND_AFTER,
                                     .code_life = CODE_LIFE,
                                     .session_life = SESSION_LIFE,
                                     .window = WINDOW}};
    static struct sandbox sandbox; /* its faults are shared by threads */
    enum tls_flaw flaw;
    char **rest;
    int status;

    if (argument_parse(rows, ROWS, argc, argv, &wish, &rest, 0) < 0)
        return STATUS_USAGE;
    if (wish.help)
        return print_help();
    status = check(&wish, &sandbox, &flaw);
    if (status != 0)
        return status;
    block_signals();
    return serve(&wish, &sandbox, flaw);
}
