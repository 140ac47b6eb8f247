/* Why something was not done, beside the outcome's own sentence. */
#ifndef CLIENT_OUTCOME_FAILURE_H
#define CLIENT_OUTCOME_FAILURE_H

#include "client/outcome/outcome.h"

#include <stdbool.h>
#include <stddef.h>

enum { FAILURE_DETAIL = 600, FAILURE_SERVER = 1200, SENTENCE_MAX = 4096 };

/* All zero: OUTCOME_DONE in a renewal. Texts are UTF-8, translated, cleaned. */
struct failure {
    enum outcome outcome;
    char detail[FAILURE_DETAIL]; /* which file, how many attempts are left */
    char server[FAILURE_SERVER]; /* the server's own words, cleaned */
    char trace_id[132];
    bool elsewhere; /* not in a renewal: there is nothing to resume */
    bool goes_on;   /* by itself, as soon as the reason is gone */
};

/* The outcome, which is returned, and the detail: foreign text is cleaned. */
enum outcome failure_set(struct failure *failure, enum outcome outcome,
                         const char *detail);

/* Which command of kep runs: it is its help that OUTCOME_USAGE names, and not
 * that of kep. Once, before there are threads; kept by the caller. */
void failure_of_command(const char *name);

/* Where that help is, translated; into out, which is returned. */
char *failure_help(char *out, size_t size);

/* The whole sentence for people and for JSON's "message", translated; into
 * out (SENTENCE_MAX bytes hold any), which is returned. */
char *failure_sentence(const struct failure *failure, char *out, size_t size);

#endif
