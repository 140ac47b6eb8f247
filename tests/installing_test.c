#include "client/renewal/steps.h"
#include "client/state/paths.h"

#include "tests/support/scratch.h"
#include "tests/support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void copy_root(const char *from, const char *to)
{
    static char data[1 << 16];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    size_t size;

    assert_non_null(in);
    assert_non_null(out);
    size = fread(data, 1, sizeof data, in);
    assert_int_equal(fwrite(data, 1, size, out), size);
    fclose(in);
    fclose(out);
}

static const char *folder_of(const char *where)
{
    return where + strlen("file:");
}

/* --- the certificate ----------------------------------------------------- */

static void assert_installed(const char *where)
{
    struct container_info info = {.algorithm = NULL};
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];

    assert_int_equal(medium_find(where, &ops, canonical), FAULT_NONE);
    assert_int_equal(ops->describe(canonical, &info), FAULT_NONE);
    assert_non_null(info.certificate);
    assert_string_equal(info.certificate->thumbprint,
                        trial_field(RECORD_NEW_THUMBPRINT));
    container_info_free(&info);
}

/* rule_82, rule_89 */
static void it_is_in_the_container_and_in_the_archive(void **state)
{
    char path[512];

    (void)state;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_true(trial_said("Use it from now on: "));
    assert_installed(trial_field(RECORD_NEW_CONTAINER));
    snprintf(path, sizeof path, "state/kep/archive/%s.cer",
             trial_field(RECORD_NEW_THUMBPRINT));
    assert_string_equal(trial_field(RECORD_NEW_CERTIFICATE),
                        scratch_path(trial.dir, path));
    assert_int_equal(access(scratch_path(trial.dir, path), R_OK), 0);
    snprintf(path, sizeof path, "state/kep/archive/%s.cer", trial.thumbprint);
    assert_int_equal(access(scratch_path(trial.dir, path), R_OK), 0);
    /* with those of the issuers, which the server sent along */
    assert_int_equal(
        scratch_count(scratch_path(trial.dir, "state/kep/archive")), 4);
}

static void assert_old_alone_is_kept(void)
{
    char place[PATHS_MAX];

    snprintf(place, sizeof place, "state/kep/archive/%s.cer",
             trial_field(RECORD_OLD_THUMBPRINT));
    assert_int_equal(access(scratch_path(trial.dir, place), F_OK), 0);
    assert_int_equal(
        scratch_count(scratch_path(trial.dir, "state/kep/archive")), 1);
}

static void a_wrong_one_is_nowhere(void **state)
{
    static const struct {
        const char *fault;
        enum outcome outcome;
    } rows[] = {
        {"readCertificate=other-key", OUTCOME_CERTIFICATE_WRONG_KEY},
        {"readCertificate=other-person", OUTCOME_CERTIFICATE_WRONG_SUBJECT},
        {"readCertificate=other-ca", OUTCOME_CERTIFICATE_WRONG_ISSUER},
        {"readCertificate=expired-certificate",
         OUTCOME_CERTIFICATE_WRONG_DATES},
        {"readCertificate=not-yet-valid", OUTCOME_CERTIFICATE_WRONG_DATES},
        {"readCertificate=no-profile", OUTCOME_CERTIFICATE_WRONG_PROFILE},
        {"readCertificate=garbage-certificate", OUTCOME_CERTIFICATE_UNREADABLE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct container_info info = {.algorithm = NULL};
        const struct medium_ops *ops;
        char where[LOCATION_MAX];

        centre_fault(rows[i].fault);
        assert_int_equal(trial_run(), rows[i].outcome);
        assert_null(trial_field(RECORD_NEW_CERTIFICATE));
        assert_old_alone_is_kept();
        assert_int_equal(
            medium_find(trial_field(RECORD_NEW_CONTAINER), &ops, where),
            FAULT_NONE);
        assert_int_equal(ops->describe(where, &info), FAULT_NONE);
        assert_null(info.certificate);
        container_info_free(&info);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void roots_can_be_named(void **state)
{
    static char good[512], bad[512], none[512], empty[512];
    const struct {
        const char *roots;
        enum outcome outcome;
    } rows[] = {
        {bad, OUTCOME_CERTIFICATE_WRONG_ISSUER},
        {none, OUTCOME_CONFIGURATION},
        {empty, OUTCOME_CONFIGURATION},
        {trial_folder("new"), OUTCOME_CONFIGURATION},
        {good, OUTCOME_RENEWED},
    };

    (void)state;
    snprintf(good, sizeof good, "%s", scratch_path(trial.dir, "root.pem"));
    snprintf(bad, sizeof bad, "%s", scratch_path(trial.dir, "stranger.pem"));
    snprintf(none, sizeof none, "%s", scratch_path(trial.dir, "none.pem"));
    snprintf(empty, sizeof empty, "%s", scratch_path(trial.dir, "empty.pem"));
    copy_root(scratch_path(centre.dir, "ca/root.pem"), good);
    copy_root(scratch_path(centre.dir, "ca/stranger.pem"), bad);
    fclose(fopen(empty, "w"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial.options.roots = rows[i].roots;
        if (trial_run() != rows[i].outcome)
            fail_msg("row %zu: %s", i,
                     outcome_row(trial.failure.outcome)->word);
        assert_string_not_equal(trial_field(RECORD_STEP), "ended");
    }
    /* the centre's chain leads to a root that is not the old one's */
    assert_installed(trial_field(RECORD_NEW_CONTAINER));
}

/* --- the backup ---------------------------------------------------------- */

static void want_backup(const char *where)
{
    trial.options.no_backup = false;
    trial.options.backup = where;
}

/* rule_85, rule_87, rule_88 */
static void it_is_copied_and_read_back(void **state)
{
    (void)state;
    want_backup(trial_folder("backup"));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("backup"), 1);
    assert_installed(trial_field(RECORD_BACKUP_CONTAINER));
    assert_string_not_equal(trial_field(RECORD_BACKUP_CONTAINER),
                            trial_field(RECORD_NEW_CONTAINER));
    assert_true(trial_said("The container has been copied, and the copy has "
                           "been checked"));
    assert_true(trial_said("The copy has no password: whoever gets its files "
                           "can sign as you"));
    assert_true(trial_said("lost cannot be restored"));
}

static void a_place_for_it_can_be_named_later(void **state)
{
    (void)state;
    want_backup("/proc/nothing");
    assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
    assert_string_equal(trial_field(RECORD_STEP), "backUp");
    want_backup(trial_folder("new")); /* where it is already */
    assert_int_equal(trial_run(), OUTCOME_CONTAINER_EXISTS);
    assert_null(trial_field(RECORD_BACKUP_CONTAINER));
    want_backup(trial_folder("backup"));
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("backup"), 1);
    assert_int_equal(trial_containers("new"), 1);
}

static void one_can_do_without_it(void **state)
{
    (void)state;
    want_backup("/proc/nothing");
    assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
    want_backup(NULL);
    trial.options.no_backup = true;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_null(trial_field(RECORD_BACKUP_CONTAINER));
    assert_true(trial_said("No copy has been made."));
}

/* The process died when the copy had been made: it is proven, not made
 * again; beside one that is damaged another one is made. */
static void a_copy_that_is_there_is_proven(void **state)
{
    char header[512];

    (void)state;
    want_backup(trial_folder("backup"));
    centre_fault("reportInstalled=drop*4");
    assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
    trial_change(RECORD_STEP, "backUp");
    snprintf(header, sizeof header, "%s/header.key",
             folder_of(trial_field(RECORD_BACKUP_CONTAINER)));
    trial_change(RECORD_BACKUP_CONTAINER, NULL);
    centre_fault("reportInstalled=drop*4");
    assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
    assert_int_equal(trial_containers("backup"), 1);
    assert_non_null(trial_field(RECORD_BACKUP_CONTAINER));
    trial_change(RECORD_STEP, "backUp");
    trial_change(RECORD_BACKUP_CONTAINER, NULL);
    assert_int_equal(truncate(header, 20), 0);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_installed(trial_field(RECORD_BACKUP_CONTAINER));
}

/* rule_87 */
static void the_copy_has_the_password_too(void **state)
{
    struct container *container = NULL;
    const struct medium_ops *ops;
    char where[LOCATION_MAX], pin[512];
    FILE *file;

    (void)state;
    snprintf(pin, sizeof pin, "%s", scratch_path(trial.dir, "pin"));
    file = fopen(pin, "w");
    fputs("secret", file);
    fclose(file);
    want_backup(trial_folder("backup"));
    trial.options.pin_file = pin;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(
        medium_find(trial_field(RECORD_BACKUP_CONTAINER), &ops, where),
        FAULT_NONE);
    assert_int_equal(ops->open(where, NULL, &container), FAULT_PASSWORD_NEEDED);
    assert_int_equal(ops->open(where, "secret", &container), FAULT_NONE);
    container_free(&container);
    assert_true(trial_said("The copy has the same password as its original. A "
                           "password that is lost cannot be restored."));
    assert_false(trial_said("The copy has no password"));
}

/* --- the report ---------------------------------------------------------- */

/* The certificate is installed, whatever the server says of it. */
static void a_refused_report_ends_well(void **state)
{
    static const int statuses[] = {400, 402, 403, 404, 409,
                                   410, 412, 413, 422, 423};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        char spec[64];

        snprintf(spec, sizeof spec, "reportInstalled=status:%d", statuses[i]);
        centre_fault(spec);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_true(trial_said("does it no harm"));
        assert_string_equal(trial_field(RECORD_STEP), "done");
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void a_report_that_was_not_answered_is_sent_again(void **state)
{
    static const char *const faults[] = {
        "reportInstalled=drop",         "reportInstalled=status:401",
        "reportInstalled=status:429",   "reportInstalled=status:500",
        "reportInstalled=status:503",   "reportInstalled=html",
        "reportInstalled=drop-after*4",
    };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        centre_fault(faults[i]);
        assert_int_not_equal(trial_run(), OUTCOME_RENEWED);
        assert_string_not_equal(trial_field(RECORD_STEP), "done");
        centre_fault(NULL);
        centre.now += 3600;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_false(trial_said("does it no harm"));
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void a_form_that_is_over_ends_well(void **state)
{
    (void)state;
    centre_fault("reportInstalled=drop*4");
    assert_int_equal(trial_run(), OUTCOME_UNREACHABLE);
    centre_set(trial.thumbprint, "expired-form");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_string_equal(trial_field(RECORD_OUTCOME), "renewed");
}

/* --- a person ------------------------------------------------------------ */

/* rule_84 */
static void a_person_is_asked_for_a_place(void **state)
{
    static struct pty pty;
    char line[512];

    (void)state;
    want_backup(NULL);
    trial.options.pin_file = "/dev/null";
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "is a must"));
    assert_true(pty_expect(&pty, "Where to put the copy"));
    snprintf(line, sizeof line, "%s\n", trial_folder("backup"));
    pty_type(&pty, line);
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("backup"), 1);
}

/* Types the number before a label; drives of this computer may come first. */
static void choose(struct pty *pty, const char *label)
{
    char answer[16];
    const char *at;

    assert_true(pty_expect(pty, "Where to put the copy"));
    at = strstr(pty->shown, label);
    assert_non_null(at);
    while (at > pty->shown && at[-1] != '\n')
        at--;
    snprintf(answer, sizeof answer, "%ld\n", strtol(at, NULL, 10));
    pty_type(pty, answer);
}

/* rule_85 */
/* Drives, tokens and this computer have numbers; where the key is itself is
 * not among them. */
static void the_places_for_a_copy_have_numbers(void **state)
{
    static struct pty pty;

    (void)state;
    want_backup(NULL);
    trial.options.pin_file = "/dev/null";
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "another drive, on a token or on this "));
    assert_true(pty_expect(&pty, "Where to put the copy"));
    pty_type(&pty, "99\n");
    assert_true(pty_expect(&pty, "There is no such"));
    choose(&pty, "  this computer");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_non_null(strstr(trial_field(RECORD_BACKUP_CONTAINER),
                           scratch_path(trial.dir, "state/")));
    assert_installed(trial_field(RECORD_BACKUP_CONTAINER));
}

/* rule_85 */
static void beside_the_key_is_no_place_for_a_copy(void **state)
{
    static struct pty pty;

    (void)state;
    want_backup(NULL);
    trial.options.pin_file = "/dev/null";
    trial.options.to = "local:";
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "Where to put the copy"));
    assert_null(strstr(pty.shown, "  this computer"));
    pty_type(&pty, "local:\n");
    assert_true(pty_expect(&pty, "already"));
    assert_true(pty_expect(&pty, "Where to put the copy"));
    pty_type(&pty, "\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_null(trial_field(RECORD_BACKUP_CONTAINER));
}

static void a_place_that_was_mistyped_is_asked_for_again(void **state)
{
    static struct pty pty;

    (void)state;
    want_backup(NULL);
    trial.options.pin_file = "/dev/null";
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "Where to put the copy"));
    pty_type(&pty, "/proc/nothing\n");
    assert_true(pty_expect(&pty, "There is no such"));
    assert_true(pty_expect(&pty, "Where to put the copy"));
    pty_type(&pty, "\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("backup"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(it_is_in_the_container_and_in_the_archive),
        TRIAL(a_wrong_one_is_nowhere),
        TRIAL(roots_can_be_named),
        TRIAL(it_is_copied_and_read_back),
        TRIAL(a_place_for_it_can_be_named_later),
        TRIAL(one_can_do_without_it),
        TRIAL(a_copy_that_is_there_is_proven),
        TRIAL(the_copy_has_the_password_too),
        TRIAL(a_refused_report_ends_well),
        TRIAL(a_report_that_was_not_answered_is_sent_again),
        TRIAL(a_form_that_is_over_ends_well),
        TRIAL(a_person_is_asked_for_a_place),
        TRIAL(the_places_for_a_copy_have_numbers),
        TRIAL(beside_the_key_is_no_place_for_a_copy),
        TRIAL(a_place_that_was_mistyped_is_asked_for_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
