#include "client/commands/commands.h"

#include "client/text.h"

#include <string.h>

static const struct command commands[] = {
    {"status", COMMAND_STATUS, N_("[LOCATION…]"),
     N_("which certificates there are, when they end, what is to be renewed"),
     0, OPTIONS_ARGUMENTS_MAX, status_run, NULL},
    {"renew", COMMAND_RENEW, N_("[CONTAINER|CERTIFICATE]"),
     N_("renew the certificate in a container, or on paper one whose key is "
        "lost"),
     0, 1, renew_run, NULL},
    {"batch", COMMAND_BATCH, N_("PLAN | --from-status [LOCATION…]"),
     N_("many renewals, several at a time"), 0, OPTIONS_ARGUMENTS_MAX,
     batch_command_run,
     N_("PLAN is a table in CSV, or JSON Lines, with a row for each renewal. "
        "The columns are container, to and phone, which each row needs, and "
        "mode, name, backup, pin_file, old_pin_file, backup_pin_file, "
        "algorithm, on_token, label; in CSV the first line names them. What a "
        "row leaves empty is taken from the options. --dry-run tells what is "
        "due, and what is wrong with the plan.")},
    {"resume", COMMAND_RESUME, N_("[RENEWAL]"),
     N_("go on with what was interrupted or has to wait"), 0, 1, resume_run,
     NULL},
    {"cancel", COMMAND_CANCEL, N_("[RENEWAL]"),
     N_("withdraw an application that is under way"), 0, 1, cancel_run, NULL},
    {"backup", COMMAND_BACKUP, N_("CONTAINER…"),
     N_("copy containers to another place or into a sealed archive"), 1,
     OPTIONS_ARGUMENTS_MAX, backup_run, NULL},
    {"restore", COMMAND_RESTORE, N_("ARCHIVE"),
     N_("take containers and certificates out of a sealed archive"), 1, 1,
     restore_run, NULL},
    {"list", COMMAND_LIST, N_("[LOCATION…]"),
     N_("which containers there are, and what keys are in them"), 0,
     OPTIONS_ARGUMENTS_MAX, list_run, NULL},
    {"show", COMMAND_SHOW, N_("CONTAINER|CERTIFICATE"),
     N_("all that is in a container or a certificate"), 1, 1, show_run, NULL},
    {"verify", COMMAND_VERIFY, N_("CONTAINER"),
     N_("open a container and check everything in it"), 1, 1, verify_run, NULL},
    {"password", COMMAND_PASSWORD, N_("CONTAINER"),
     N_("set, change or remove the password of a container"), 1, 1,
     password_run, NULL},
    {"pin", COMMAND_PIN, N_("LOCATION"),
     N_("change the PIN of a token, or unlock it"), 1, 1, pin_run, NULL},
    {"remove", COMMAND_REMOVE, N_("CONTAINER"),
     N_("destroy a container on a token"), 1, 1, remove_run, NULL},
    {"export", COMMAND_EXPORT, N_("CONTAINER FILE"),
     N_("write a container's keys and certificates into a PFX file"), 2, 2,
     export_run, NULL},
    {"import", COMMAND_IMPORT, N_("FILE"),
     N_("make containers of the keys in a PFX file"), 1, 1, import_run, NULL},
    {"request", COMMAND_REQUEST, N_("[CONTAINER]"),
     N_("make a certificate request for a certification centre that takes it "
        "by hand"),
     0, 1, request_run, NULL},
    {"install", COMMAND_INSTALL, N_("CERTIFICATE [CONTAINER]"),
     N_("check the certificate that came for a request, and write it into the "
        "container"),
     1, 2, install_run, NULL},
    {"statement", COMMAND_STATEMENT, N_("RENEWAL"),
     N_("write the statement of a renewal as a PDF, to print and sign by hand"),
     1, 1, statement_run, NULL},
    {"doctor", COMMAND_DOCTOR, "",
     N_("look what works on this computer, and what to do about the rest"), 0,
     0, doctor_run, NULL},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

const struct command *commands_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const struct command *commands_at(size_t i)
{
    return i < COMMANDS ? &commands[i] : NULL;
}
