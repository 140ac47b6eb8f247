#include "client/renewal/new_key.h"

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

/* --- where --------------------------------------------------------------- */

static void unplug(const char *folder)
{
    assert_int_equal(rename(scratch_path(trial.dir, folder),
                            scratch_path(trial.dir, "unplugged")),
                     0);
}

static void plug_in(const char *folder)
{
    assert_int_equal(rename(scratch_path(trial.dir, "unplugged"),
                            scratch_path(trial.dir, folder)),
                     0);
}

/* The drive is away when the key is to be made: nothing is decided, and it
 * may come back or another be taken. */
static void a_place_that_is_not_there_costs_nothing(void **state)
{
    (void)state;
    for (int other = 0; other < 2; other++) {
        unplug("new");
        assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
        assert_null(trial_field(RECORD_FOLDER));
        assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
        if (other)
            trial.options.to = trial_folder("backup");
        else
            plug_in("new");
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(trial_containers(other ? "backup" : "new"), 1);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* The process died when the key had been made and nobody knew of it yet;
 * then the drive was away. It is found again, and no other is made. */
static void a_key_that_nobody_knew_of_is_found_again(void **state)
{
    char folder[32];

    (void)state;
    /* the saving behind the one that names the folder */
    for (size_t i = 2; i < 20; i++) {
        trial.die_saving = i;
        assert_int_equal(trial_run_apart(), -1);
        trial.die_saving = 0;
        if (trial_containers("new") == 1 &&
            trial_field(RECORD_NEW_POINT) == NULL)
            break;
        trial_end(NULL);
        trial_begin(NULL);
    }
    assert_int_equal(trial_containers("new"), 1);
    assert_null(trial_field(RECORD_NEW_CONTAINER));
    snprintf(folder, sizeof folder, "%s", trial_field(RECORD_FOLDER));
    unplug("new");
    assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
    assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
    assert_string_equal(trial_field(RECORD_FOLDER), folder);
    plug_in("new");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
    assert_string_equal(trial_field(RECORD_FOLDER), folder);
}

/* rule_79 */
static void a_key_that_is_away_is_waited_for(void **state)
{
    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    centre.now += 60;
    unplug("new");
    assert_int_equal(trial_run(), OUTCOME_KEY_LOST);
    assert_int_equal(centre_calls("readCertificate"), 0);
    assert_string_not_equal(trial_field(RECORD_STEP), "ended");
    plug_in("new");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
}

/* Its drive is mounted elsewhere now. */
static void a_key_that_has_moved_is_found_where_it_is_said(void **state)
{
    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    centre.now += 60;
    unplug("new");
    trial.options.to = trial_folder("backup");
    assert_int_equal(trial_run(), OUTCOME_KEY_LOST);
    trial.options.to = trial_folder("unplugged");
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("unplugged"), 1);
    assert_non_null(strstr(trial_field(RECORD_NEW_CONTAINER), "unplugged"));
}

/* In the place of the new container stands another one. */
static void a_key_is_known_by_itself_not_by_its_place(void **state)
{
    const char *other = trial.old + strlen("file:");
    char mine[512];

    (void)state;
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    snprintf(mine, sizeof mine, "%s",
             trial_field(RECORD_NEW_CONTAINER) + strlen("file:"));
    assert_int_equal(rename(mine, scratch_path(trial.dir, "kept")), 0);
    assert_int_equal(rename(other, mine), 0);
    assert_int_equal(symlink(mine, other), 0);
    centre.now += 60;
    assert_int_equal(trial_run(), OUTCOME_KEY_LOST);
    assert_int_equal(centre_calls("readCertificate"), 0);
}

static void other_places_are_refused(void **state)
{
    static const struct {
        const char *to;
        enum outcome outcome;
    } rows[] = {
        {"rutoken:1", OUTCOME_LOCATION_UNKNOWN},
        {"https://a", OUTCOME_LOCATION_UNKNOWN},
        {"/dev/null", OUTCOME_IO},
        {"/proc/nothing", OUTCOME_CONTAINER_NOT_FOUND},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum outcome outcome;

        trial.options.to = rows[i].to;
        outcome = trial_run();
        assert_int_not_equal(outcome_row(outcome)->status, 0);
        if (i != 2)
            assert_int_equal(outcome, rows[i].outcome);
        assert_null(trial_field(RECORD_FOLDER));
        trial.options.to = trial_folder("new");
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* --- with what ----------------------------------------------------------- */

static enum fault opens_with(const char *password)
{
    struct container *container = NULL;
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    enum fault fault =
        medium_find(trial_field(RECORD_NEW_CONTAINER), &ops, where);

    if (fault == FAULT_NONE)
        fault = ops->open(where, password, &container);
    container_free(&container);
    return fault;
}

static void it_has_the_password_of_the_file(void **state)
{
    (void)state;
    trial.options.pin_file = scratch_put(trial.dir, "pin", "Sec ret1!\n", 10);
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_int_equal(opens_with(NULL), FAULT_PASSWORD_NEEDED);
    assert_int_equal(opens_with("Sec ret1"), FAULT_PASSWORD_WRONG);
    assert_int_equal(opens_with("Sec ret1!"), FAULT_NONE);
    centre.now += 60;
    /* the journal knows the file's name */
    trial.options.pin_file = NULL;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(opens_with("Sec ret1!"), FAULT_NONE);
}

/* The new key is made and has to sign. */
static void a_password_file_that_is_gone_is_said(void **state)
{
    (void)state;
    trial.options.pin_file = scratch_put(trial.dir, "pin", "secret", 6);
    centre_fault("sendRequest=status:426");
    assert_int_equal(trial_run(), OUTCOME_CLIENT_OUTDATED);
    centre_fault(NULL);
    assert_int_equal(unlink(trial.options.pin_file), 0);
    assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
    assert_non_null(strstr(trial.failure.detail, "--pin-file"));
    trial.options.pin_file = scratch_put(trial.dir, "pin", "other", 5);
    assert_int_equal(trial_run(), OUTCOME_PASSWORD_WRONG);
    trial.options.pin_file = scratch_put(trial.dir, "pin", "secret", 6);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* It has signed, and waits for its certificate. */
static void begin_waiting(void)
{
    trial.options.pin_file = scratch_put(trial.dir, "pin", "secret", 6);
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    centre.now += 60;
    assert_int_equal(unlink(trial.options.pin_file), 0);
}

static void its_password_is_not_needed_again(void **state)
{
    (void)state;
    trial.options.no_backup = false;
    trial.options.backup = trial_folder("backup");
    begin_waiting();
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(opens_with("secret"), FAULT_NONE);
    assert_non_null(trial_field(RECORD_BACKUP_CONTAINER));
}

static void change(const char *name)
{
    char path[LOCATION_MAX];
    FILE *file;
    int byte;

    assert_true(snprintf(path, sizeof path, "%s/%s",
                         trial_field(RECORD_NEW_CONTAINER) + strlen("file:"),
                         name) < (int)sizeof path);
    file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 8, SEEK_SET), 0);
    byte = fgetc(file);
    assert_int_equal(fseek(file, 8, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 1, file), byte ^ 1);
    fclose(file);
}

/* What is there now may be anything: the key has to come out of it again. */
static void files_that_have_changed_are_opened(void **state)
{
    static const char *const changed[] = {"masks.key", "primary.key",
                                          "masks2.key", "primary2.key"};

    (void)state;
    for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
        begin_waiting();
        change(changed[i]);
        assert_int_equal(trial_run(), OUTCOME_CONTAINER_NOT_FOUND);
        assert_non_null(strstr(trial.failure.detail, "--pin-file"));
        trial.options.pin_file = scratch_put(trial.dir, "pin", "secret", 6);
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void a_password_that_others_cannot_take_is_refused(void **state)
{
    (void)state;
    trial.options.pin_file =
        scratch_put(trial.dir, "pin", "пароль", sizeof "пароль" - 1);
    assert_int_equal(trial_run(), OUTCOME_CONFIGURATION);
    assert_int_equal(trial_containers("new"), 0);
    assert_null(trial_field(RECORD_FOLDER));
    trial.options.pin_file = scratch_put(trial.dir, "pin", "", 0);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(opens_with(NULL), FAULT_NONE);
}

static void the_old_one_is_opened_with_its_own(void **state)
{
    (void)state;
    trial_subscribe(30, "old secret");
    trial.options.pin_file = scratch_put(trial.dir, "pin", "secret", 6);
    assert_int_equal(trial_run(), OUTCOME_PASSWORD_NEEDED);
    assert_int_equal(centre_calls("sendStatementSignature"), 0);
    trial.options.old_pin_file = scratch_put(trial.dir, "old-pin", "secret", 6);
    assert_int_equal(trial_run(), OUTCOME_PASSWORD_WRONG);
    trial.options.old_pin_file =
        scratch_put(trial.dir, "old-pin", "old secret\n", 11);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(opens_with("secret"), FAULT_NONE);
}

static void the_algorithm_is_the_one_that_is_asked_for(void **state)
{
    static const struct {
        const char *word;
        size_t hex;
    } rows[] = {{NULL, 128}, {"gost2012-256", 128}, {"gost2012-512", 256}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial.options.algorithm = rows[i].word;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(strlen(trial_field(RECORD_NEW_POINT)), rows[i].hex);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* --- from what ----------------------------------------------------------- */

static void entropy_that_is_none_makes_no_key(void **state)
{
    static char zeros[4096];
    const char *sources[] = {
        scratch_put(trial.dir, "zeros", zeros, sizeof zeros),
        scratch_put(trial.dir, "empty", "", 0),
        scratch_put(trial.dir, "short", "\1\2\3\4\5\6\7", 7),
        "/proc/nothing",
    };

    (void)state;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        trial.options.entropy = sources[i];
        assert_int_equal(trial_run(),
                         i < 3 ? OUTCOME_ENTROPY : OUTCOME_CONTAINER_NOT_FOUND);
        assert_int_equal(trial_containers("new"), 0);
        assert_null(trial_field(RECORD_FOLDER));
    }
    trial.options.entropy = "/dev/urandom";
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
}

/* --- a person ------------------------------------------------------------ */

static struct pty pty;

/* rule_56, rule_57, rule_59, rule_60, rule_64, rule_65, rule_66, rule_67 */
/* The drive is not there: he types another place, or plugs it in. */
/* The places that are found now have numbers, and the first is where the
 * former key is; no password is what Enter means, after both risks were told.
 */
static void a_place_is_chosen_by_its_number(void **state)
{
    (void)state;
    trial.options.to = NULL;
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "on a drive, on a token or on this"));
    assert_true(pty_expect(&pty, "  1  where the old key is: file:"));
    assert_true(pty_expect(&pty, "this computer"));
    assert_true(pty_expect(&pty, "or a folder [1]"));
    pty_type(&pty, "99\n");
    assert_true(pty_expect(&pty, "There is no such"));
    assert_true(pty_expect(&pty, "or a folder [1]"));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "It is usual to"));
    assert_true(pty_expect(&pty, "cannot be restored"));
    assert_true(pty_expect(&pty, "can sign as you"));
    assert_true(pty_expect(&pty, "Enter: none"));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "without a password?"));
    pty_type(&pty, "y\n");
    assert_true(pty_expect(&pty, "The new key has been made and checked"));
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("old"), 2);
    assert_int_equal(trial_containers("new"), 0);
}

/* rule_60 */
static void a_place_can_be_typed_again(void **state)
{
    char line[512];

    (void)state;
    trial.options.to = NULL;
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "or a folder [1]"));
    pty_type(&pty, "/proc/nothing\n");
    assert_true(pty_expect(&pty, "There is no such"));
    assert_true(pty_expect(&pty, "or a folder [1]"));
    snprintf(line, sizeof line, "%s\n", trial_folder("new"));
    pty_type(&pty, line);
    assert_true(pty_expect(&pty, "Enter: none"));
    pty_type(&pty, "пароль\n");
    assert_true(pty_expect(&pty, "only Latin"));
    assert_true(pty_expect(&pty, "Enter: none"));
    pty_type(&pty, "secret\n");
    assert_true(pty_expect(&pty, "once more"));
    pty_type(&pty, "secret\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
    assert_int_equal(opens_with("secret"), FAULT_NONE);
    assert_null(strstr(pty.shown, "secret"));
}

static void a_drive_can_be_plugged_in_meanwhile(void **state)
{
    (void)state;
    unplug("new");
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "There is no such"));
    assert_true(pty_expect(&pty, "or a folder"));
    plug_in("new");
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "Enter: none"));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "without a password?"));
    pty_type(&pty, "\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(a_place_that_is_not_there_costs_nothing),
        TRIAL(a_key_that_nobody_knew_of_is_found_again),
        TRIAL(a_key_that_is_away_is_waited_for),
        TRIAL(a_key_that_has_moved_is_found_where_it_is_said),
        TRIAL(a_key_is_known_by_itself_not_by_its_place),
        TRIAL(other_places_are_refused),
        TRIAL(it_has_the_password_of_the_file),
        TRIAL(a_password_file_that_is_gone_is_said),
        TRIAL(its_password_is_not_needed_again),
        TRIAL(files_that_have_changed_are_opened),
        TRIAL(a_password_that_others_cannot_take_is_refused),
        TRIAL(the_old_one_is_opened_with_its_own),
        TRIAL(the_algorithm_is_the_one_that_is_asked_for),
        TRIAL(entropy_that_is_none_makes_no_key),
        TRIAL(a_place_is_chosen_by_its_number),
        TRIAL(a_place_can_be_typed_again),
        TRIAL(a_drive_can_be_plugged_in_meanwhile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
