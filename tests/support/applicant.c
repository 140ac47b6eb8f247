#include "tests/support/applicant.h"

#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct pty applicant_pty;

void applicant_give(const char *scan)
{
    trial.options.scan.value[trial.options.scan.count++] = scan;
}

const char *applicant_file(const char *name, const char *content)
{
    return scratch_put(trial.dir, name, content, strlen(content));
}

const char *applicant_scan(const char *kind, const char *content)
{
    static char values[4][600];
    static unsigned next;
    char *value = values[next++ % 4];

    snprintf(value, sizeof values[0], "%s=%s", kind,
             applicant_file(kind, content));
    return value;
}

void applicant_begin(void)
{
    trial.options.accept_data = false;
    trial.options.pin_file = "/dev/null";
    trial_run_at(&applicant_pty);
}

void applicant_answer(const char *question, const char *typed)
{
    if (!pty_expect(&applicant_pty, question))
        fail_msg("\"%s\" is not asked: %s", question,
                 applicant_pty.shown + (applicant_pty.size > 1500
                                            ? applicant_pty.size - 1500
                                            : 0));
    pty_type(&applicant_pty, typed);
    pty_type(&applicant_pty, "\n");
}

void applicant_told(const char *sentence)
{
    if (!pty_expect(&applicant_pty, sentence))
        fail_msg("\"%s\" is not told", sentence);
}
