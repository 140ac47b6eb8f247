#include "client/renewal/steps.h"

#include "client/text.h"

#include <string.h>

static const struct step steps[] = {
    {"signIn", step_sign_in, N_("Signing in"), "openForm", 1, false},
    {"openForm", step_open_form, N_("Opening the application"), "review", 2,
     false},
    {"review", step_review, N_("Check the data of the new certificate"),
     "checkDocuments", 3, false},
    {"checkDocuments", step_check_documents, N_("Check the documents"),
     "signStatement", 4, false},
    {"signStatement", step_sign_statement, N_("Signing the statement"),
     "submit", 5, false},
    {"submit", step_submit, N_("Sending the application"), "awaitApproval", 6,
     false},
    {"awaitApproval", step_await_approval, N_("Approval of the application"),
     "consent", 7, false},
    {"consent", step_consent, N_("Consent to the issue"), "makeKey", 8, false},
    {"makeKey", step_make_key, N_("Making the new key"), "sendRequest", 9,
     true},
    {"sendRequest", step_send_request, N_("Sending the certificate request"),
     "confirm", 10, false},
    {"confirm", step_confirm, N_("Confirming the request by a code"),
     "awaitIssue", 11, false},
    {"awaitIssue", step_await_issue, N_("Issue of the certificate"), "install",
     12, false},
    {"install", step_install, N_("Installing the certificate"), "backUp", 13,
     true},
    {"backUp", step_back_up, N_("Backup copy"), "report", 14, false},
    {"report", step_report, N_("Telling the certification centre"), "deploy",
     15, false},
    {"deploy", step_deploy, NULL, "done", 0, false},
};

enum { STEPS = sizeof(steps) / sizeof(steps[0]) };

const struct step *steps_find(const char *word)
{
    for (size_t i = 0; word != NULL && i < STEPS; i++)
        if (strcmp(steps[i].word, word) == 0)
            return &steps[i];
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
