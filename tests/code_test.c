#include "client/renewal/code.h"

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

static struct pty pty;

/* --- telephones ---------------------------------------------------------- */

/* rule_14 */
static void numbers_are_taken_as_people_write_them(void **state)
{
    static const char *const rows[] = {
        "79120000001",    "+79120000001",     "89120000001",
        "9120000001",     "+7 912 000-00-01", "8 (912) 000 00 01",
        "(912)000-00-01", " 7-912-000-0001 ", "+7\t912\t0000001",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial.options.phone = rows[i];
        trial.options.wait = 0;
        assert_int_equal(trial_run(), OUTCOME_WAITING);
        assert_string_equal(trial_field(RECORD_PHONE), CENTRE_PHONE);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void what_is_no_number_is_not_sent(void **state)
{
    static const char *const rows[] = {
        "7912000000",      "74950000001",   "4950000001",
        "791200000011",    "99120000001",   "912000000",
        "+7 912 000 x 01", "abc",           "",
        "7912000000１",    "79120000001\n", "7;9120000001",
        "%2B79120000001",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        trial.options.phone = rows[i];
        assert_int_equal(trial_run(), OUTCOME_CONFIGURATION);
        assert_int_equal(centre.count, 0);
        assert_string_equal(trial_field(RECORD_STEP), "ended");
        trial_end(NULL);
        trial_begin(NULL);
    }
}

/* rule_16 */
/* The next run needs no --phone, and may name another. */
static void the_number_is_remembered_for_this_renewal(void **state)
{
    char session[64];

    (void)state;
    centre_set(trial.thumbprint, "normal");
    trial.options.wait = 0;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    snprintf(session, sizeof session, "state/kep/session-%s", trial.id);
    assert_int_equal(unlink(scratch_path(trial.dir, session)), 0);
    trial.options.phone = NULL;
    centre.now += 3600;
    assert_int_equal(trial_run(), OUTCOME_WAITING);
    assert_int_equal(centre_calls("requestCode"), 2);
    assert_string_equal(trial_field(RECORD_PHONE), CENTRE_PHONE);
    assert_int_equal(unlink(scratch_path(trial.dir, session)), 0);
    trial.options.phone = "+7 912 000-00-02";
    centre.now += 3600;
    assert_int_not_equal(trial_run(), OUTCOME_WAITING);
    assert_string_equal(trial_field(RECORD_PHONE), "79120000002");
}

/* rule_14 */
static void a_mistyped_number_can_be_corrected(void **state)
{
    (void)state;
    trial.options.phone = NULL;
    trial.options.pin_file = "/dev/null";
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "for the code: "));
    pty_type(&pty, "912 000-00-02\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CODE_INVALID);
    trial_run_at(&pty);
    assert_true(pty_expect(&pty, "for the code [79120000002]: "));
    pty_type(&pty, "nobody\n");
    assert_true(pty_expect(&pty, "for the code [79120000002]: "));
    pty_type(&pty, "912 000-00-01\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
    assert_string_equal(trial_field(RECORD_PHONE), CENTRE_PHONE);
}

static void without_a_number_nobody_is_asked_in_vain(void **state)
{
    (void)state;
    trial.options.phone = NULL;
    assert_int_equal(trial_run(), OUTCOME_ANSWER_NEEDED);
    assert_string_equal(trial.failure.detail, "--phone");
}

/* --- codes from a command ------------------------------------------------ */

static void a_wrong_code_is_asked_for_again(void **state)
{
    (void)state;
    for (unsigned i = 1; i < 5; i++) {
        centre.wrong_codes = i;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(centre_calls("signIn"), i + 1);
        assert_int_equal(centre_calls("requestCode"), 1);
        assert_true(trial_said("The code is wrong."));
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void the_server_says_how_often(void **state)
{
    (void)state;
    centre.wrong_codes = 100;
    assert_int_equal(trial_run(), OUTCOME_CODE_ATTEMPTS);
    assert_int_equal(centre_calls("signIn"), 5);
    assert_null(trial_session());
    centre.wrong_codes = 0;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* A command that gives an old code uses up one attempt, not all. */
static void the_same_wrong_code_is_sent_once(void **state)
{
    (void)state;
    centre.wrong_codes = 100;
    centre.stale = true;
    assert_int_equal(trial_run(), OUTCOME_CODE_INVALID);
    assert_int_equal(centre_calls("signIn"), 1);
    centre.wrong_codes = 0;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

static long allowed;

static void allow_more(const char *operation, struct json_object *answer)
{
    if (strcmp(operation, "signIn") == 0 &&
        json_object_object_get_ex(answer, "attemptsLeft", NULL))
        json_object_object_add(answer, "attemptsLeft",
                               json_object_new_int64(allowed));
}

static void it_is_not_asked_for_ever(void **state)
{
    static const struct {
        long allowed;
        size_t least, most;
    } rows[] = {{0, 1, 1}, {1, 5, 10}, {11, 5, 10}, {1000, 5, 10}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        allowed = rows[i].allowed;
        centre.edit = allow_more;
        centre.wrong_codes = 1000;
        assert_int_not_equal(trial_run(), OUTCOME_RENEWED);
        assert_in_range(centre_calls("signIn"), rows[i].least, rows[i].most);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void spoil_the_confirmation(const char *operation)
{
    if (strcmp(operation, "sendRequest") == 0 &&
        centre_calls("sendRequest") == 1)
        centre.wrong_codes = 100;
}

/* The request's attempts are used up: the next run asks for another code, for
 * the same key. */
static void used_up_attempts_cost_no_key(void **state)
{
    (void)state;
    centre.before = spoil_the_confirmation;
    assert_int_equal(trial_run(), OUTCOME_CODE_ATTEMPTS);
    assert_int_equal(centre_calls("confirmRequest"), 5);
    centre.wrong_codes = 0;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("sendRequest"), 2);
    assert_int_equal(trial_containers("new"), 1);
}

static unsigned late;

static void be_late(const char *operation)
{
    if (strcmp(operation, "confirmRequest") == 0 && late > 0) {
        late--;
        centre.now += 1201;
    }
}

/* rule_71 */
static void a_code_that_is_over_is_replaced(void **state)
{
    (void)state;
    centre.before = be_late;
    for (late = 1; late < 3;) {
        unsigned times = late;

        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        assert_int_equal(centre_calls("sendRequest"), times + 1);
        assert_int_equal(trial_containers("new"), 1);
        trial_end(NULL);
        trial_begin(NULL);
        centre.before = be_late;
        late = times + 1;
    }
    late = 100;
    assert_int_equal(trial_run(), OUTCOME_CODE_EXPIRED);
    assert_int_equal(centre_calls("sendRequest"), 3);
    late = 0;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(trial_containers("new"), 1);
}

static void write_script(const char *text)
{
    static char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s", scratch_path(trial.dir, "script"));
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "#!/bin/sh\n%s\n", text);
    fclose(file);
    assert_int_equal(chmod(path, 0700), 0);
    trial.options.code_command = path;
}

static void a_command_that_gives_no_code_is_said(void **state)
{
    static const char *const scripts[] = {
        "exit 1",
        "exit 0",
        "echo 12345",
        "echo 1234567",
        "echo abcdef",
        "echo 123456; exit 1",
        "echo 123456 654321",
        "kill -9 $$",
    };

    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        const char *command = trial.options.code_command;

        write_script(scripts[i]);
        assert_int_equal(trial_run(), OUTCOME_CODE_COMMAND);
        assert_true(trial.failure.detail[0] != '\0');
        assert_int_equal(centre_calls("signIn"), 0);
        trial.options.code_command = command;
        assert_int_equal(trial_run(), OUTCOME_RENEWED);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void the_command_is_told_what_the_code_is_for(void **state)
{
    char script[1024], line[256];
    FILE *file;

    (void)state;
    snprintf(script, sizeof script,
             "echo \"$KEP_CODE_PURPOSE $KEP_PHONE_TAIL $KEP_RENEWAL "
             "$KEP_FORM.\" >> '%s'\ncat '%s'",
             scratch_path(trial.dir, "told"), scratch_path(centre.dir, "code"));
    write_script(script);
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    file = fopen(scratch_path(trial.dir, "told"), "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    snprintf(script, sizeof script, "sign-in 0001 %s .\n", trial.id);
    assert_string_equal(line, script);
    assert_non_null(fgets(line, sizeof line, file));
    snprintf(script, sizeof script, "confirm 0001 %s %s.\n", trial.id,
             trial_field(RECORD_FORM));
    assert_string_equal(line, script);
    assert_null(fgets(line, sizeof line, file));
    fclose(file);
}

/* --- codes from a person ------------------------------------------------- */

static void begin_at(void)
{
    FILE *file = fopen(scratch_path(trial.dir, "empty"), "w");
    static char path[512];

    fclose(file);
    snprintf(path, sizeof path, "%s", scratch_path(trial.dir, "empty"));
    trial.options.pin_file = path;
    trial.options.code_command = NULL;
    trial_run_at(&pty);
}

static void type_code(void)
{
    char line[16];

    snprintf(line, sizeof line, "%s\n", centre_code());
    pty_type(&pty, line);
}

/* rule_15, rule_70 */
static void a_person_types_both_codes(void **state)
{
    (void)state;
    trial.options.phone = NULL;
    begin_at();
    assert_true(pty_expect(&pty, "telephone number"));
    pty_type(&pty, "912\n");
    assert_true(pty_expect(&pty, "11 digits"));
    assert_true(pty_expect(&pty, "telephone number, for the code:"));
    pty_type(&pty, "8 (912) 000-00-01\n");
    assert_true(pty_expect(&pty, "0001"));
    assert_true(pty_expect(&pty, "Code ("));
    type_code();
    assert_true(pty_expect(&pty, "Confirmation"));
    assert_true(pty_expect(&pty, "0001"));
    assert_true(pty_expect(&pty, "Code ("));
    type_code();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

/* rule_69 */
static void the_second_code_comes_to_the_statements_telephone(void **state)
{
    (void)state;
    centre_set(trial.thumbprint, "statement-phone=79120000777");
    begin_at();
    assert_true(pty_expect(&pty, "telephone ending in 0001"));
    assert_true(pty_expect(&pty, "Code ("));
    type_code();
    assert_true(pty_expect(&pty, "ending in 0777"));
    assert_true(pty_expect(&pty, "Code ("));
    type_code();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

/* rule_69 */
/* A gateway's folder has the messages of each telephone apart. */
static void its_messages_are_looked_for_there(void **state)
{
    static char folder[512];

    (void)state;
    centre_set(trial.thumbprint, "statement-phone=79120000777");
    trial.options.code_command = NULL;
    snprintf(folder, sizeof folder, "%s", scratch_path(centre.dir, "sms"));
    (void)mkdir(folder, 0700); /* which the first message would make */
    trial.options.codes = folder;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
}

/* A message for another renewal has come since; the first run is over. */
static void leave_another_message(void)
{
    char script[1024], code[7];
    FILE *file;

    snprintf(script, sizeof script,
             "test $KEP_CODE_PURPOSE = sign-in && cat '%s'",
             scratch_path(centre.dir, "code"));
    write_script(script);
    assert_int_equal(trial_run(), OUTCOME_CODE_COMMAND);
    assert_string_equal(trial_field(RECORD_STEP), "confirm");
    snprintf(code, sizeof code, "%s", centre_code());
    code[0] = code[0] == '9' ? '0' : (char)(code[0] + 1);
    file = fopen(scratch_path(centre.dir, "sms/" CENTRE_PHONE "/x.txt"), "w");
    assert_non_null(file);
    fprintf(file, "%s\n", code);
    fclose(file);
}

static void a_code_of_an_earlier_run_may_be_anothers(void **state)
{
    static char folder[512];

    (void)state;
    centre_codes(0, 1200);
    leave_another_message();
    trial.options.code_command = NULL;
    snprintf(folder, sizeof folder, "%s", scratch_path(centre.dir, "sms"));
    trial.options.codes = folder;
    assert_int_equal(trial_run(), OUTCOME_RENEWED);
    assert_int_equal(centre_calls("confirmRequest"), 2);
    assert_int_equal(centre_calls("resendConfirmation"), 1);
}

/* rule_17, rule_18 */
static void another_message_can_be_asked_for(void **state)
{
    char first[7];

    (void)state;
    centre_codes(0, 1200);
    begin_at();
    assert_true(pty_expect(&pty, "Code ("));
    snprintf(first, sizeof first, "%s", centre_code());
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "sent again"));
    assert_true(pty_expect(&pty, "Code ("));
    assert_string_not_equal(first, centre_code());
    pty_type(&pty, "\n"); /* one is all: now the support is the way */
    assert_true(pty_expect(&pty, "No more codes"));
    assert_true(pty_expect(&pty, "technical support"));
    type_code();
    assert_true(pty_expect(&pty, "Confirmation"));
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "sent again"));
    assert_true(pty_expect(&pty, "Code ("));
    type_code();
    assert_int_equal(trial_end_at(&pty), OUTCOME_RENEWED);
}

static void promise_more(const char *operation, struct json_object *answer)
{
    (void)operation;
    if (json_object_object_get_ex(answer, "resendsLeft", NULL)) {
        json_object_object_add(answer, "resendsLeft", json_object_new_int(3));
        json_object_object_add(answer, "resendAfter", json_object_new_int(0));
    }
}

static void a_message_that_is_not_sent_ends_nothing(void **state)
{
    (void)state;
    centre.edit = promise_more;
    begin_at();
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "wait a little"));
    assert_true(pty_expect(&pty, "Code ("));
    type_code();
    assert_true(pty_expect(&pty, "Confirmation"));
    pty_end(&pty);
}

/* rule_18 */
static void a_message_too_many_ends_nothing(void **state)
{
    (void)state;
    centre.edit = promise_more;
    centre_codes(0, 1200);
    begin_at();
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "sent again"));
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "support"));
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\n");
    assert_true(pty_expect(&pty, "No more codes"));
    type_code();
    assert_true(pty_expect(&pty, "Confirmation"));
    pty_end(&pty);
}

static void whoever_has_no_code_can_stop(void **state)
{
    (void)state;
    begin_at();
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\004");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CODE_NOT_RECEIVED);
    begin_at();
    assert_true(pty_expect(&pty, "Code ("));
    pty_type(&pty, "\003");
    assert_int_equal(trial_end_at(&pty), OUTCOME_INTERRUPTED);
    assert_string_equal(trial_field(RECORD_OUTCOME), "interrupted");
}

/* rule_71 */
/* Neither more nor less, whatever the server says. */
static void a_code_is_good_for_twenty_minutes(void **state)
{
    static const long lives[] = {1200, 3600, 100000};

    (void)state;
    for (size_t i = 0; i < sizeof lives / sizeof *lives; i++) {
        centre_codes(0, lives[i]);
        begin_at();
        assert_true(pty_expect(&pty, "Code (20 minutes left): "));
        type_code();
        assert_true(pty_expect(&pty, "Confirmation"));
        assert_true(pty_expect(&pty, "Code (20 minutes left): "));
        pty_end(&pty);
        trial_end(NULL);
        trial_begin(NULL);
    }
}

static void dawdle(const char *operation)
{
    if (strcmp(operation, "signIn") == 0)
        centre.now += 15L * 60;
}

/* rule_71 */
/* A wrong one does not make it younger. */
static void what_has_passed_of_its_time_is_gone(void **state)
{
    (void)state;
    centre_codes(0, 1200);
    centre.before = dawdle;
    begin_at();
    assert_true(pty_expect(&pty, "Code (20 minutes left): "));
    pty_type(&pty,
             strcmp(centre_code(), "000000") == 0 ? "000001\n" : "000000\n");
    assert_true(pty_expect(&pty, "Code (5 minutes left): "));
    pty_end(&pty);
}

static void fall_asleep(const char *operation, struct json_object *answer)
{
    (void)answer;
    if (strcmp(operation, "signIn") == 0)
        centre.now += 25L * 60;
}

/* rule_71 */
/* The wrong one was sent in time; until it is asked for again it is over. */
static void nobody_is_asked_for_a_code_that_is_over(void **state)
{
    (void)state;
    centre_codes(0, 1200);
    centre.edit = fall_asleep;
    begin_at();
    assert_true(pty_expect(&pty, "Code (20 minutes left): "));
    pty_type(&pty,
             strcmp(centre_code(), "000000") == 0 ? "000001\n" : "000000\n");
    assert_int_equal(trial_end_at(&pty), OUTCOME_CODE_EXPIRED);
}

/* rule_71 */
static void a_code_in_nobodys_hands_is_over(void **state)
{
    (void)state;
    centre_codes(0, 1);
    begin_at();
    assert_true(pty_expect(&pty, "Code ("));
    assert_int_equal(trial_end_at(&pty), OUTCOME_CODE_EXPIRED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL(numbers_are_taken_as_people_write_them),
        TRIAL(what_is_no_number_is_not_sent),
        TRIAL(without_a_number_nobody_is_asked_in_vain),
        TRIAL(the_number_is_remembered_for_this_renewal),
        TRIAL(a_mistyped_number_can_be_corrected),
        TRIAL(a_wrong_code_is_asked_for_again),
        TRIAL(the_server_says_how_often),
        TRIAL(the_same_wrong_code_is_sent_once),
        TRIAL(it_is_not_asked_for_ever),
        TRIAL(used_up_attempts_cost_no_key),
        TRIAL(a_code_that_is_over_is_replaced),
        TRIAL(a_command_that_gives_no_code_is_said),
        TRIAL(the_command_is_told_what_the_code_is_for),
        TRIAL(a_person_types_both_codes),
        TRIAL(the_second_code_comes_to_the_statements_telephone),
        TRIAL(its_messages_are_looked_for_there),
        TRIAL(a_code_of_an_earlier_run_may_be_anothers),
        TRIAL(another_message_can_be_asked_for),
        TRIAL(a_message_that_is_not_sent_ends_nothing),
        TRIAL(a_message_too_many_ends_nothing),
        TRIAL(whoever_has_no_code_can_stop),
        TRIAL(a_code_is_good_for_twenty_minutes),
        TRIAL(what_has_passed_of_its_time_is_gone),
        TRIAL(nobody_is_asked_for_a_code_that_is_over),
        TRIAL(a_code_in_nobodys_hands_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
