/* The sentences about what was not done. */
#include "client/outcome/failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a name is about stands right behind it, whatever is said further. */
static void a_detail_stands_in_its_place(void **state)
{
    static const struct {
        enum outcome outcome;
        const char *detail, *sentence;
    } rows[] = {
        {OUTCOME_CONTAINER_EXISTS, "file:/x/a.000",
         "Nothing has been overwritten: a container of that name is there "
         "already: file:/x/a.000. Choose another place or another name."},
        {OUTCOME_CERTIFICATES_SEVERAL, "new.cer",
         "There are several certificates for this key in the file: new.cer. "
         "None has been installed. Take the one that you mean out of it, into "
         "a file of its own."},
        {OUTCOME_PLAN_WRONG, "plan.csv",
         "There are mistakes in the plan: plan.csv. Nothing has been started. "
         "Correct them and try again."},
        {OUTCOME_PLAN_WRONG, "The first line is wrong.",
         "There are mistakes in the plan. Nothing has been started. The first "
         "line is wrong. Correct them and try again."},
        {OUTCOME_PLAN_WRONG, "",
         "There are mistakes in the plan. Nothing has been started. Correct "
         "them and try again."},
        {OUTCOME_NOT_ARCHIVE, "a. b",
         "This file is not an archive of kep: a. b. Check that it is the right "
         "file."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct failure failure = {.elsewhere = true};
        char sentence[SENTENCE_MAX];

        failure_set(&failure, rows[i].outcome, rows[i].detail);
        assert_string_equal(
            failure_sentence(&failure, sentence, sizeof(sentence)),
            rows[i].sentence);
    }
}

/* That of the command, where there is one. */
static void a_mistake_of_usage_names_the_help(void **state)
{
    struct failure failure = {.elsewhere = true};
    char sentence[SENTENCE_MAX];

    (void)state;
    failure_set(&failure, OUTCOME_USAGE, "Name one.");
    assert_string_equal(failure_sentence(&failure, sentence, sizeof(sentence)),
                        "The command is not right. Name one. See: kep --help");
    failure_of_command("batch");
    assert_string_equal(
        failure_sentence(&failure, sentence, sizeof(sentence)),
        "The command is not right. Name one. See: kep batch --help");
    failure_of_command(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_detail_stands_in_its_place),
        cmocka_unit_test(a_mistake_of_usage_names_the_help),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
