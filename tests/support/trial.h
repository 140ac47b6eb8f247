/* A trial: a folder with an old container, and kep's renewal at
 * work in this process with the certification centre of
 * tests/support/centre.h.
 *
 * A test that uses it links with --wrap=api_new, and where it sets
 * die_saving with --wrap=journal_save (tests/x_test.wrap). */
#ifndef TESTS_SUPPORT_TRIAL_H
#define TESTS_SUPPORT_TRIAL_H

#include "client/renewal/renewal.h"
#include "tests/support/centre.h"
#include "tests/support/pty.h"

struct trial {
    char *dir;              /* old/ new/ backup/ state/ centre/ said */
    struct options options; /* what the client is told */
    char old[LOCATION_MAX]; /* the container */
    char thumbprint[THUMBPRINT_TEXT];
    bool cancelled;    /* Ctrl-C while it waits */
    size_t die_saving; /* the process dies before so many savings */

    size_t saved;
    time_t slept;           /* seconds in all */
    struct failure failure; /* of the last run */
    char id[33];            /* of the renewal, once there is one */
};

extern struct trial trial;

/* For cmocka: an trial, and a subscriber whose certificate ends in thirty
 * days. */
int trial_begin(void **state);
int trial_end(void **state);
#define TRIAL(test)                                                            \
    cmocka_unit_test_setup_teardown(test, trial_begin, trial_end)

/* Another old container. */
void trial_subscribe(int days, const char *password);

/* A folder of the trial; it stays. */
const char *trial_folder(const char *name);

/* Begin a renewal, or go on with the one that was begun. */
enum outcome trial_run(void);

/* The same in a process of its own: the outcome, or -1 where it died. */
int trial_run_apart(void);

/* The same with a person at a terminal, which the test is: it goes on while
 * the test types. trial_end_at ends it and gives the outcome. */
void trial_run_at(struct pty *pty);
enum outcome trial_end_at(struct pty *pty);

/* A field of the renewal's row as it is in the journal, NULL where it is
 * not set. It stays until the fourth call after it. */
const char *trial_field(enum record_field field);

/* Why the last run stopped, as the journal says it; until the next call. */
const char *trial_reason(void);

/* The session id that is kept for the next run, NULL where none is. It stays
 * until the next call. */
const char *trial_session(void);

/* Put it there. */
void trial_change(enum record_field field, const char *value);

/* Whether the client has said it. */
bool trial_said(const char *text);

/* How many containers are in a folder. */
size_t trial_containers(const char *folder);

#endif
