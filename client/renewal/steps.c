#include "client/renewal/steps.h"

#include "client/text.h"

#include <string.h>

static const struct step steps[] = {
    {"signIn", step_sign_in, N_("Signing in"), "openForm", 1, false,
     N_("You are signed in, and what was answered before this is not asked "
        "again."),
     NULL},
    {"openForm", step_open_form, N_("Opening the application"), "review", 2,
     false, NULL,
     N_("The application is open, and what was answered is kept. To apply in "
        "another way, stop and withdraw it: kep cancel.")},
    {"review", step_review, N_("Check the data of the new certificate"),
     "checkDocuments", 3, false, NULL, NULL},
    {"checkDocuments", step_check_documents, N_("Check the documents"),
     "signStatement", 4, false, NULL, NULL},
    {"signStatement", step_sign_statement, N_("Signing the statement"),
     "submit", 5, false,
     N_("The statement has been signed: what is in it can no longer be "
        "changed. If something is wrong, stop and withdraw the application: "
        "kep cancel."),
     NULL},
    {"submit", step_submit, N_("Sending the application"), "awaitApproval", 6,
     false, NULL, NULL},
    {"awaitApproval", step_await_approval, N_("Approval of the application"),
     "consent", 7, false, NULL, NULL},
    {"consent", step_consent, N_("Consent to the issue"), "makeKey", 8, false,
     N_("Your consent to the issue has been sent, and is not asked for "
        "again."),
     NULL},
    {"makeKey", step_make_key, N_("Making the new key"), "sendRequest", 9, true,
     N_("The new key has been made: its place and its password can no longer "
        "be chosen anew."),
     NULL},
    {"sendRequest", step_send_request, N_("Sending the certificate request"),
     "confirm", 10, false, NULL, NULL},
    {"confirm", step_confirm, N_("Confirming the request by a code"),
     "awaitIssue", 11, false,
     N_("The request has been confirmed, and is not confirmed again."), NULL},
    {"awaitIssue", step_await_issue, N_("Issue of the certificate"), "install",
     12, false, NULL, NULL},
    {"install", step_install, N_("Installing the certificate"), "backUp", 13,
     true,
     N_("The certificate has been installed: only the copy is left to be "
        "made."),
     NULL},
    {"backUp", step_back_up, N_("Backup copy"), "report", 14, false, NULL,
     NULL},
    {"report", step_report, N_("Telling the certification centre"), "deploy",
     15, false, NULL, NULL},
    {"deploy", step_deploy, NULL, "done", 0, false, NULL, NULL},
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

const struct step *steps_find(const char *word)
{
    for (size_t i = 0; word != NULL && i < STEPS; i++)
        if (strcmp(steps[i].word, word) == 0)
            return &steps[i];
    return NULL;
}

const struct step *steps_at(size_t i)
{
    return &steps[i];
}

size_t steps_place(const struct step *step)
{
    return (size_t)(step - steps);
}

bool steps_are_possible(const struct record *record)
{
    const struct step *step = steps_find(record_get(record, RECORD_STEP));
    const size_t opening = steps_place(steps_find("openForm"));

    return record_get(record, RECORD_OLD_CONTAINER) != NULL &&
           record_get(record, RECORD_OLD_THUMBPRINT) != NULL &&
           (step == NULL || steps_place(step) <= opening ||
            record_get(record, RECORD_FORM) != NULL);
}

bool steps_may_have_signed(const struct record *record)
{
    const struct step *step = steps_find(record_get(record, RECORD_STEP));

    return step != NULL &&
           steps_place(step) >= steps_place(steps_find("sendRequest"));
}

const char *steps_behind(const struct step *step)
{
    for (size_t i = steps_place(step); i > 0; i--) {
        const struct step *before = &steps[i - 1];

        if (before->later != NULL || before->behind != NULL)
            return _(before->later != NULL ? before->later : before->behind);
    }
    return NULL;
}

const char *steps_first(void)
{
    return steps[0].word;
}

unsigned steps_count(void)
{
    unsigned last = 0;

    for (size_t i = 0; i < STEPS; i++)
        if (steps[i].number > last)
            last = steps[i].number;
    return last;
}
