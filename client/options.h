/* What was asked for: the command line, completed by the configuration. One
 * table of rows drives the parser, --help and the configuration file. */
#ifndef CLIENT_OPTIONS_H
#define CLIENT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    OPTIONS_ARGUMENTS_MAX = 64,
    OPTIONS_LIST_MAX = 32, /* times that one option may be given */
    OPTIONS_ROWS_MAX = 128,
    OPTIONS_CONFIG_MAX = 64 * 1024
};

/* Commands as bits, so that a row says which take it. */
enum options_command {
    COMMAND_STATUS = 1,
    COMMAND_RENEW = 2,
    COMMAND_RESUME = 4,
    COMMAND_BACKUP = 8,
    COMMAND_RESTORE = 16,
    COMMAND_LIST = 32,
    COMMAND_SHOW = 64,
    COMMAND_VERIFY = 128,
    COMMAND_PASSWORD = 256,
    COMMAND_EXPORT = 512,
    COMMAND_IMPORT = 1024,
    COMMAND_PIN = 2048,
    COMMAND_DOCTOR = 4096,
    COMMAND_REQUEST = 8192,
    COMMAND_INSTALL = 16384,
    COMMAND_STATEMENT = 32768,
    COMMAND_BATCH = 65536,
    COMMAND_CANCEL = 131072,
    COMMAND_REMOVE = 262144,
    COMMAND_ALL = 0xFFFFF /* whatever comes */
};

struct json_object;

/* The values of an option that may be given more than once. */
struct options_list {
    const char *value[OPTIONS_LIST_MAX];
    size_t count;
};

struct options {
    const char *server, *server_ca, *roots, *phone, *code_command, *codes;
    const char *to, *name, *algorithm, *entropy, *backup, *progress;
    const char *pin_file, *old_pin_file, *new_pin_file;
    const char *archive, *passphrase_file, *copy_pin_file, *admin_pin_file;
    const char *pkcs11_module;
    const char *pfx_pin_file, *format, *chain;
    const char *from, *output, *identification, *sign_with;
    const char *changes;
    const char *deploy_command, *failed_command, *due_command;
    const char *report;        /* of a batch */
    const char *resume_report; /* the same, with resume_jobs */
    struct options_list subject, scan;
    /* -1: none */
    long pin_fd, copy_pin_fd, old_pin_fd, new_pin_fd, passphrase_fd, pfx_pin_fd;
    long admin_pin_fd;
    long window;      /* days */
    long jobs;        /* of a batch; 0: BATCH_JOBS */
    long resume_jobs; /* 0: one renewal after the other */
    long wait;        /* seconds to wait for the server's decisions */
    bool normal, paper;
    bool express, accept_data, no_backup, non_exportable, on_token, force,
        dry_run;
    bool overwrite, due, notify, from_status;
    bool unblock, admin;
    bool json, exit_not_due, help, version;

    const char *argument[OPTIONS_ARGUMENTS_MAX];
    size_t arguments;

    bool configured[OPTIONS_ROWS_MAX]; /* see options_is_configured */
    struct json_object *configuration; /* what values may point into */
    struct json_object *kept;          /* the same */
};

/* The value of every option before anything was read; windows and waits are
 * negative. */
void options_init(struct options *options);
void options_free(struct options *options);

/* A copy of a value that lives as long as the options; NULL without
 * memory. */
const char *options_keep(struct options *options, const char *value);

/* Parse argv[1…] of one command. On a mistake false, and a translated
 * sentence in problem. */
bool options_parse(struct options *options, enum options_command command,
                   int argc, char **argv, char *problem, size_t room);

/* Read the configuration file for what the command line left open; a file
 * that is not there is fine. As above. */
bool options_configure(struct options *options, const char *path, char *problem,
                       size_t room);

/* Whether the value of an option (member: &options->server) came from the
 * configuration, and not from the command line or from options_say. */
bool options_is_configured(const struct options *options,
                           const char *const *member);

/* Another value for a member of these options, said for this once. It is kept
 * by the caller. */
void options_say(struct options *options, const char **member,
                 const char *value);

/* What neither of them said: the usual. An express renewal asks for as little
 * as can be: the system's randomness, and no waiting for the issue. */
void options_complete(struct options *options, enum options_command command);

/* The options of a command, one a line, to stdout. */
void options_print(enum options_command command);

/* Walk the table, for tests and the manual's check: NULL past the end. */
const char *options_name(size_t i);

#endif
