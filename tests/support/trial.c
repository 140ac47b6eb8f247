#include "tests/support/trial.h"

#include "client/renewal/reason.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SAID_MAX = 256 * 1024, VALUES = 4, VALUE_MAX = 20000 };

struct trial trial;

/* --- the client ---------------------------------------------------------- */

static time_t clock_trial(void *context)
{
    (void)context;
    return centre.now;
}

static bool sleep_trial(void *context, double seconds)
{
    (void)context;
    centre.now += (time_t)seconds;
    trial.slept += (time_t)seconds;
    return !trial.cancelled;
}

static const struct clock trial_clock = {clock_trial, sleep_trial, NULL};

static struct journal *open_journal(void)
{
    struct journal *journal = NULL;

    assert_int_equal(
        journal_open(scratch_path(trial.dir, "state/kep/journal.db"), &journal),
        OUTCOME_DONE);
    return journal;
}

static enum outcome begin(struct renewal *renewal)
{
    struct container_info info = {.algorithm = NULL};
    const struct medium_ops *ops;
    char where[LOCATION_MAX];

    assert_int_equal(medium_find(trial.old, &ops, where), FAULT_NONE);
    assert_int_equal(ops->describe(where, &info), FAULT_NONE);
    renewal_begin(renewal, &info);
    snprintf(trial.id, sizeof trial.id, "%s", renewal_get(renewal, RECORD_ID));
    container_info_free(&info);
    return renewal_save(renewal);
}

static enum outcome go_on(struct renewal *renewal, struct journal *journal)
{
    struct record record = {.failed = false};
    enum outcome outcome = journal_load(journal, trial.id, &record);

    if (outcome == OUTCOME_DONE)
        renewal_take(renewal, &record);
    record_free(&record);
    return outcome;
}

static enum outcome run_with(struct screen *screen)
{
    struct journal *journal = open_journal();
    struct renewal renewal;
    enum outcome outcome;

    outcome =
        renewal_init(&renewal, journal, screen, &trial_clock, &trial.options);
    if (outcome == OUTCOME_DONE)
        outcome =
            trial.id[0] == '\0' ? begin(&renewal) : go_on(&renewal, journal);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_run(&renewal);
    trial.failure = renewal.failure;
    renewal_free(&renewal);
    journal_close(&journal);
    return outcome;
}

enum outcome trial_run(void)
{
    int said = open(scratch_path(trial.dir, "said"),
                    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const struct screen_settings settings = {.never_ask = true, .out = said};
    struct screen *screen = screen_new(&settings);
    enum outcome outcome;

    assert_true(said > 0);
    assert_non_null(screen);
    outcome = run_with(screen);
    screen_free(&screen);
    close(said);
    return outcome;
}

/* What the child has begun. */
static void find_begun(void)
{
    struct record record = {.failed = false};
    struct journal *journal = open_journal();

    if (journal_find_open(journal, trial.thumbprint, &record) == OUTCOME_DONE ||
        journal_find_done(journal, trial.thumbprint, &record) == OUTCOME_DONE)
        snprintf(trial.id, sizeof trial.id, "%s",
                 record_get(&record, RECORD_ID));
    record_free(&record);
    journal_close(&journal);
}

int trial_run_apart(void)
{
    int status;
    pid_t child;

    centre_close_store();
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        enum outcome outcome;

        centre_open_store();
        outcome = trial_run();
        centre_close_store();
        _exit((int)outcome);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    centre_open_store();
    if (trial.id[0] == '\0')
        find_begun();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return -1;
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int run_at(struct screen *screen, void *data)
{
    enum outcome outcome;

    (void)data;
    centre_open_store();
    outcome = run_with(screen);
    centre_close_store();
    return (int)outcome;
}

void trial_run_at(struct pty *pty)
{
    centre_close_store();
    pty_start(pty, run_at, NULL);
    centre_open_store();
}

enum outcome trial_end_at(struct pty *pty)
{
    int status = pty_wait(pty);

    assert_true(pty_is_restored(pty));
    pty_end(pty);
    if (trial.id[0] == '\0')
        find_begun();
    if (status == 128 + SIGINT)
        return OUTCOME_INTERRUPTED;
    assert_in_range(status, 0, OUTCOME_COUNT - 1);
    return (enum outcome)status;
}

enum outcome __real_journal_save(struct journal *journal,
                                 const struct record *record)
    __attribute__((weak));
enum outcome __wrap_journal_save(struct journal *journal,
                                 const struct record *record);

enum outcome __wrap_journal_save(struct journal *journal,
                                 const struct record *record)
{
    if (++trial.saved == trial.die_saving)
        centre_die();
    return __real_journal_save(journal, record);
}

/* --- setting up ---------------------------------------------------------- */

const char *trial_folder(const char *name)
{
    static struct {
        char name[16], path[512];
    } kept[8];
    size_t i = 0;

    while (i < 7 && kept[i].name[0] != '\0' && strcmp(kept[i].name, name) != 0)
        i++;
    snprintf(kept[i].name, sizeof kept[i].name, "%s", name);
    snprintf(kept[i].path, sizeof kept[i].path, "%s/%s", trial.dir, name);
    return kept[i].path;
}

void trial_subscribe(int days, const char *password)
{
    centre_subscribe(trial_folder("old"), days, password, trial.old,
                     trial.thumbprint);
}

static void set_options(void)
{
    static char code[512];

    options_init(&trial.options);
    options_complete(&trial.options, COMMAND_RENEW);
    snprintf(code, sizeof code, "/bin/cat '%s'",
             scratch_path(centre.dir, "code"));
    trial.options.server = "https://centre.test";
    trial.options.phone = CENTRE_PHONE;
    trial.options.code_command = code;
    trial.options.to = trial_folder("new");
    trial.options.entropy = "system";
    trial.options.accept_data = true;
    trial.options.no_backup = true;
}

int trial_begin(void **state)
{
    static const char *const folders[] = {"old",   "new",       "backup",
                                          "state", "state/kep", "centre"};

    (void)state;
    /* Every renewal flushes its journal dozens of times. */
    if (access("/dev/shm", W_OK | X_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0);
    trial = (struct trial){.dir = scratch_new()};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(scratch_path(trial.dir, folders[i]), 0700), 0);
    setenv("XDG_STATE_HOME", scratch_path(trial.dir, "state"), 1);
    setenv("XDG_DATA_HOME", scratch_path(trial.dir, "state"), 1);
    centre_open(trial_folder("centre"));
    trial_subscribe(30, NULL);
    set_options();
    return 0;
}

int trial_end(void **state)
{
    (void)state;
    options_free(&trial.options);
    centre_close();
    scratch_remove(&trial.dir);
    return 0;
}

/* --- looking ------------------------------------------------------------- */

const char *trial_field(enum record_field field)
{
    static char values[VALUES][VALUE_MAX];
    static unsigned next;
    char *value = values[next++ % VALUES];
    struct record record = {.failed = false};
    struct journal *journal = open_journal();
    bool set;

    assert_int_equal(journal_load(journal, trial.id, &record), OUTCOME_DONE);
    set = record_get(&record, field) != NULL;
    snprintf(value, VALUE_MAX, "%s", set ? record_get(&record, field) : "");
    record_free(&record);
    journal_close(&journal);
    return set ? value : NULL;
}

const char *trial_reason(void)
{
    static char sentence[SENTENCE_MAX];
    struct record record = {.failed = false};
    struct journal *journal = open_journal();

    assert_int_equal(journal_load(journal, trial.id, &record), OUTCOME_DONE);
    reason_sentence(&record, sentence, sizeof sentence);
    record_free(&record);
    journal_close(&journal);
    return sentence;
}

const char *trial_session(void)
{
    static char sid[65];
    struct session session = {NULL, NULL};

    session_load(&session, trial.id);
    snprintf(sid, sizeof sid, "%s", session.sid != NULL ? session.sid : "");
    session_free(&session);
    return sid[0] != '\0' ? sid : NULL;
}

void trial_change(enum record_field field, const char *value)
{
    struct record record = {.failed = false};
    struct journal *journal = open_journal();

    assert_int_equal(journal_load(journal, trial.id, &record), OUTCOME_DONE);
    record_set(&record, field, value);
    assert_int_equal(journal_save(journal, &record), OUTCOME_DONE);
    record_free(&record);
    journal_close(&journal);
}

/* Lines are wrapped where people read them. */
bool trial_said(const char *text)
{
    char *said = calloc(1, SAID_MAX);
    FILE *file = fopen(scratch_path(trial.dir, "said"), "r");
    bool found;

    assert_non_null(said);
    assert_non_null(file);
    (void)!fread(said, 1, SAID_MAX - 1, file);
    fclose(file);
    for (char *at = said; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    found = strstr(said, text) != NULL;
    free(said);
    return found;
}

size_t trial_containers(const char *folder)
{
    char pattern[64];
    glob_t found = {0};
    size_t count = 0;

    snprintf(pattern, sizeof pattern, "%s/*/header.key", folder);
    if (glob(scratch_path(trial.dir, pattern), 0, NULL, &found) == 0)
        count = found.gl_pathc;
    globfree(&found);
    return count;
}
