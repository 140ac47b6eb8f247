/* kep-sandbox: an enrollment server with a real GOST authority, for trying
 * things out and for tests. */
#include "api/sandbox/issue.h"
#include "api/sandbox/serve.h"
#include "api/sandbox/set.h"
#include "keygen/secret.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
    const char *summary;
} commands[] = {
    {"serve", serve_command, serve_summary},
    {"issue", issue_command, issue_summary},
    {"set", set_command, set_summary},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static int print_help(FILE *to)
{
    fprintf(to, "usage: kep-sandbox COMMAND ...\n");
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-6s %s\n", commands[i].word, commands[i].summary);
    fprintf(to, "kep-sandbox COMMAND --help says more of each.\n");
    return fflush(to) == 0 ? 0 : STATUS_FAILED;
}

static int print_version(void)
{
    printf("kep-sandbox %s\n", VERSION);
    return fflush(stdout) == 0 ? 0 : STATUS_FAILED;
}

int main(int argc, char **argv)
{
    umask(077);
    if (secret_prepare_process() != 0 || gnutls_global_init() != 0) {
        fprintf(stderr, "kep-sandbox: the libraries do not start\n");
        return STATUS_FAILED;
    }
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        return print_help(stdout);
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return print_version();
    for (size_t i = 0; argc > 1 && i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].word) != 0)
            continue;
        return argc == 3 && strcmp(argv[2], "--version") == 0
                   ? print_version()
                   : commands[i].run(argc - 1, argv + 1);
    }
    if (argc > 1)
        fprintf(stderr, "kep-sandbox: there is no command \"%s\"\n", argv[1]);
    print_help(stderr);
    return STATUS_USAGE;
}
