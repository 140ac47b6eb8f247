#include "client/outcome/outcome.h"

#include "client/outcome/outcome_rows.h"
#include "client/text.h"

#include <string.h>

#define AGAIN N_("Try again later.")
#define RESUME N_("Nothing is lost. Go on later with: kep resume")

static const struct outcome_row rows[OUTCOME_COUNT] = {
    [OUTCOME_DONE] = {"done", DONE, N_("Done."), NULL},
    [OUTCOME_RENEWED] = {"renewed", DONE,
                         N_("The certificate has been renewed: it is "
                            "installed and ready for use."),
                         NULL, true},
    [OUTCOME_WOULD_RENEW] = {"wouldRenew", DONE,
                             N_("Everything is ready for the renewal. Nothing "
                                "has been sent or written."),
                             NULL},
    [OUTCOME_NOT_DUE] =
        {"notDue", DONE, N_("It is too early to renew this certificate."),
         N_("If your service centre has agreed to an unscheduled replacement, "
            "add --force."),
         true},
    [OUTCOME_NOTHING_DUE] = {"nothingDue", DONE,
                             N_("No certificate has to be renewed now."), NULL},
    [OUTCOME_ALREADY_RENEWED] =
        {"alreadyRenewed", DONE,
         N_("This certificate has been renewed already."),
         N_("Use the new one, and keep the old one to read old documents.")},
    [OUTCOME_NOTHING_OPEN] = {"nothingOpen", DONE,
                              N_("There is no unfinished renewal."), NULL},
    [OUTCOME_WAITING] = {"waiting", WAIT,
                         N_("The certification centre has not answered yet."),
                         RESUME},
    [OUTCOME_TELEPHONE_BUSY] =
        {"telephoneBusy", WAIT,
         N_("The code of another renewal is on its way: this one waits for "
            "its turn."),
         N_("It goes on by itself then.")},
    [OUTCOME_LOCKED] = {"locked", LOCKED, N_("Another kep is at work."),
                        N_("Wait until it ends, then try again.")},
    [OUTCOME_INTERRUPTED] = {"interrupted", LATER, N_("Interrupted."), RESUME,
                             .elsewhere = ""},
    [OUTCOME_CANCELLED] = {"cancelled", PERSON,
                           N_("Stopped, as you asked. Nothing further has been "
                              "signed, sent or changed."),
                           RESUME, .elsewhere = ""},

    [OUTCOME_USAGE] = {"usage", USAGE, N_("The command is not right."),
                       N_("See: kep --help")},
    [OUTCOME_CONFIGURATION] = {"configuration", USAGE,
                               N_("The settings cannot be used."),
                               N_("Correct the settings and try again.")},
    [OUTCOME_ANSWER_NEEDED] =
        {"answerNeeded", USAGE,
         N_("Something is missing that cannot be asked for here."),
         N_("Give it as an option or in the settings.")},
    [OUTCOME_ACCEPTANCE_NEEDED] =
        {"acceptanceNeeded", PERSON,
         N_("Somebody must look at the data of the new certificate and accept "
            "them."),
         N_("Run kep in a terminal, or add --accept-data if the owner has "
            "seen the data and accepts them."),
         .elsewhere = N_("Add --accept-data if the owner has seen the data and "
                         "accepts them, or run kep renew in a terminal.")},

    [OUTCOME_UNREACHABLE] = {"unreachable", LATER,
                             N_("There is no connection with the server."),
                             N_("Check the network and go on with: kep "
                                "resume"),
                             .elsewhere = N_("Check the network.")},
    [OUTCOME_TIMEOUT] = {"timeout", LATER,
                         N_("The server did not answer in time."), RESUME,
                         .elsewhere = AGAIN},
    [OUTCOME_SERVER_UNTRUSTED] =
        {"serverUntrusted", PERSON,
         N_("The server could not prove that it is the one it should be. "
            "Nothing has been sent to it."),
         N_("Check the server's address and this computer's clock. If your "
            "certification centre gave you a file with its root certificate, "
            "name it with --server-ca.")},
    [OUTCOME_SERVER_BUSY] = {"serverBusy", LATER,
                             N_("The server is overloaded and asks to come "
                                "back later."),
                             RESUME, .elsewhere = AGAIN},
    [OUTCOME_SERVER_ERROR] = {"serverError", LATER,
                              N_("An error on the server's side."), RESUME,
                              .elsewhere = AGAIN},
    [OUTCOME_SERVER_GARBAGE] =
        {"serverGarbage", LATER,
         N_("The server's answer cannot be understood."),
         N_(
             "Check the server's address. If it is right, try later with: kep "
             "resume"),
         .elsewhere =
             N_("Check the server's address. If it is right, try later.")},
    [OUTCOME_SERVER_REFUSED] = {"serverRefused", PERSON,
                                N_("The server refused."), SUPPORT},
    [OUTCOME_UNAUTHORIZED] = {"unauthorized", PERSON,
                              N_("The server does not accept the sign-in."),
                              RESUME},
    [OUTCOME_WRONG_STATE] = {"wrongState", LATER,
                             N_("The server does not allow this step now."),
                             RESUME},

    [OUTCOME_CLIENT_OUTDATED] =
        {
            "clientOutdated", PERSON,
            N_("The server demands a newer version of kep."),
            N_("Install it. Nothing is lost: the renewal goes on where it "
               "stopped "
               "with: kep resume")},

    [OUTCOME_CODE_INVALID] = {"codeInvalid", PERSON, N_("The code is wrong."),
                              RESUME},
    [OUTCOME_CODE_EXPIRED] = {"codeExpired", PERSON,
                              N_("The code ran out before it was entered."),
                              N_("Run kep resume: a new code will be sent.")},
    [OUTCOME_CODE_ATTEMPTS] = {"codeAttempts", PERSON,
                               N_("A wrong code was entered too many times."),
                               N_("Run kep resume: a new code will be sent.")},
    [OUTCOME_CODE_NOT_RECEIVED] =
        {"codeNotReceived", PERSON, N_("No code was entered."),
         N_("If the message does not come even after it was sent again, "
            "contact the technical support of your certification centre. "
            "Then go on with: kep resume")},
    [OUTCOME_CODE_COMMAND] =
        {
            "codeCommand", PERSON,
            N_("The command that was to give the code gave none."),
            N_("Check the value of --code-command, then go on with: kep "
               "resume")},

    [OUTCOME_DATA_MISMATCH] =
        {"dataMismatch", PERSON,
         N_(
             "The data for the new certificate are not of the owner of the old "
             "one. Nothing has been signed."),
         N_(
             "If the owner is another, apply with a statement on paper: kep "
             "renew "
             "--paper. Otherwise contact your service centre.")},
    [OUTCOME_STATEMENT_MISMATCH] =
        {
            "statementMismatch", PERSON,
            N_("The statement says something else or something more than what "
               "you accepted. It has not been signed."),
            SUPPORT},
    [OUTCOME_CERTIFICATE_UNREADABLE] =
        {
            "certificateUnreadable", PERSON,
            N_("What the server sent is not a certificate. Nothing has been "
               "installed."),
            SUPPORT},
    [OUTCOME_CERTIFICATE_WRONG_KEY] =
        {
            "certificateWrongKey", PERSON,
            N_("The certificate is for another key. It has not been "
               "installed."),
            SUPPORT, .elsewhere = OTHER_FILE},
    [OUTCOME_CERTIFICATE_WRONG_SUBJECT] =
        {
            "certificateWrongSubject", PERSON,
            N_("The data in the certificate that the server sent are not those "
               "that you confirmed. It has not been installed."),
            SUPPORT},
    [OUTCOME_CERTIFICATE_WRONG_ISSUER] =
        {
            "certificateWrongIssuer", PERSON,
            N_("The certificate was not issued by a certification centre that "
               "is trusted here. It has not been installed."),
            N_("Your certification centre may have a new key. Take the root "
               "certificate from its site or the Ministry's, then go on with: "
               "kep resume --roots FILE. If that does not help, contact the "
               "support of the centre and name the number of the request given "
               "below."),
            .support = true,
            .elsewhere =
                N_("Take the certificate of the centre itself, which issued "
                   "this one, from its site and name its file with --roots; "
                   "it may hold several. The root certificate alone will not "
                   "do where that of the centre did not come along.")},
    [OUTCOME_CERTIFICATE_WRONG_DATES] =
        {
            "certificateWrongDates", PERSON,
            N_("The certificate is not valid now. It has not been installed."),
            N_("Check this computer's date and time, then go on with: kep "
               "resume"),
            .elsewhere = N_("Check this computer's date and time.")},
    [OUTCOME_CERTIFICATE_WRONG_PROFILE] =
        {
            "certificateWrongProfile", PERSON,
            N_("The certificate is not a qualified one. It has not been "
               "installed."),
            SUPPORT, .elsewhere = OTHER_FILE},

    [OUTCOME_PLAN_WRONG] =
        {"planWrong", USAGE,
         N_("There are mistakes in the plan. Nothing has been started."),
         N_("Correct them and try again.")},
    [OUTCOME_PLAN_UNREADABLE] = {"planUnreadable", USAGE,
                                 N_("The plan cannot be read."),
                                 N_("Check its name and its rights.")},
    [OUTCOME_ROWS_NOT_READY] =
        {
            "rowsNotReady", PERSON,
            N_("Not everything is ready for the renewal. Nothing has been sent "
               "or written."),
            N_("Put that right: a batch renews only the others.")},

    [OUTCOME_REPORT_UNWRITABLE] =
        {"reportUnwritable", LATER,
         N_("The report could not be written; the renewals are as they are."),
         N_(
             "Free some space or name another folder. kep status and the "
             "journal know what was renewed.")},

    [OUTCOME_HOOK_FAILED] =
        {"hookFailed", LATER, N_("A command of your own did not succeed."),
         N_("Correct it, then run it again with: kep resume"),
         .elsewhere = N_("Correct it; it is run again the next time.")},

    [OUTCOME_TOO_LARGE] =
        {"tooLarge", PERSON, N_("Something is larger than it may be."),
         N_("Check the name of the place, and that it is the right file.")},
    [OUTCOME_ENTROPY] =
        {"entropy", LATER,
         N_(
             "The source of random numbers failed its checks. No key has been "
             "made."),
         N_("Choose another source with --entropy.")},
    [OUTCOME_STATE_DAMAGED] =
        {
            "stateDamaged", PERSON, N_("The journal of renewals is damaged."),
            N_("Do not delete it: it knows where the keys are. Make a copy of "
               "its whole folder (usually ~/.local/state/kep) and contact "
               "support.")},
    [OUTCOME_STATE_NEWER] =
        {"stateNewer", PERSON,
         N_("The journal of renewals was written by a later version of kep."),
         N_("Install that version on this computer.")},
    [OUTCOME_STATE_UNWRITABLE] =
        {"stateUnwritable", PERSON,
         N_(
             "The journal of renewals cannot be written. Without it nothing is "
             "begun, so that no key is lost."),
         N_("Free some space or correct the rights of the folder.")},
    [OUTCOME_RENEWAL_UNKNOWN] = {"renewalUnknown", USAGE,
                                 N_("There is no such renewal."),
                                 N_("Its number is shown by kep status FOLDER, "
                                    "FOLDER being where the old container "
                                    "is.")},
    [OUTCOME_MEMORY] = {"memory", LATER, N_("There is not enough memory."),
                        N_("Close other programs and try again.")},
    [OUTCOME_INTERNAL] =
        {"internal", LATER, N_("The cryptographic library refused its work."),
         N_(
             "Try again. If it happens once more, run kep doctor and show its "
             "answer to your service centre.")},
};

const struct outcome_row *outcome_row(enum outcome outcome)
{
    static const struct outcome_row *const parts[] = {
        rows, outcome_rows_forms, outcome_rows_keys, outcome_rows_tokens,
        outcome_rows_byhand};
    const size_t count = sizeof(parts) / sizeof(parts[0]);

    for (size_t i = 0; outcome < OUTCOME_COUNT && i < count; i++)
        if (parts[i][outcome].word != NULL)
            return &parts[i][outcome];
    return &rows[OUTCOME_INTERNAL];
}

bool outcome_is_final(enum outcome outcome)
{
    return outcome_row(outcome)->final;
}

enum outcome outcome_by_word(const char *word)
{
    enum outcome outcome = OUTCOME_DONE;

    while (outcome < OUTCOME_COUNT &&
           strcmp(outcome_row(outcome)->word, word) != 0)
        outcome++;
    return outcome;
}
