/* Commands of the user's that are run at certain moments: when a certificate
 * is new (deploy), when a renewal fails (failed), when one is due (due). */
#ifndef CLIENT_PROGRAM_HOOK_H
#define CLIENT_PROGRAM_HOOK_H

#include "client/outcome/outcome.h"
#include "client/program/program.h"
#include "client/renewal/renewal_record.h"

enum { HOOK_SECONDS = 300, HOOK_PROBLEM = 1024 /* bytes of a sentence */ };

struct hook {
    const char *option;            /* "--deploy-command", for the sentences */
    const char *command;           /* split by words_split; no shell */
    const char *event;             /* KEP_EVENT: "deploy", "failed", "due" */
    const char *input;             /* for its stdin, NULL: nothing */
    const struct program_ear *ear; /* for what it prints, NULL: stderr does */
};

/* What is known of a renewal, as KEP_RENEWAL, KEP_LABEL, KEP_OUTCOME,
 * KEP_MESSAGE, KEP_OLD_CONTAINER, KEP_OLD_THUMBPRINT, KEP_CONTAINER,
 * KEP_CERTIFICATE, KEP_THUMBPRINT, KEP_NOT_AFTER, KEP_BACKUP. */
void hook_tell_record(struct program_environment *around,
                      const struct record *record);

/* Runs it with what it has been told, and with PATH, HOME, LANG, LC_*; what
 * it prints goes to stderr or the ear. around is forgotten in any case.
 * OUTCOME_DONE, OUTCOME_INTERRUPTED, OUTCOME_HOOK_FAILED: the sentence why is
 * in problem (HOOK_PROBLEM bytes), translated. */
enum outcome hook_run(const struct hook *hook,
                      struct program_environment *around, char *problem);

/* Why a command could not be run, translated; NULL: it could be. */
const char *hook_problem(const char *command);

#endif
