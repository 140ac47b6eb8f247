#include "client/outcome/outcome_rows.h"

const struct outcome_row outcome_rows_forms[OUTCOME_COUNT] = {
    [OUTCOME_PAYMENT_REQUIRED] =
        {"paymentRequired", PERSON,
         N_("The invoice for the certificate has not been paid. No key has "
            "been made."),
         N_("Pay the invoice or ask your service centre, then go on with: "
            "kep resume")},
    [OUTCOME_REJECTED] = {"rejected", PERSON,
                          N_("The certification centre rejected the "
                             "application."),
                          SERVICE_CENTRE, true},
    [OUTCOME_VALIDATION_ERROR] =
        {"validationError", PERSON,
         N_("The certification centre found mistakes in the data."),
         N_("Correct them with: kep resume. Organisation details are "
            "corrected by "
            "your service centre.")},
    [OUTCOME_DATA_NEEDED] =
        {"dataNeeded", PERSON,
         N_("The certification centre wants to know more of the owner."),
         N_("Run kep resume in a terminal, where you are asked for it, or "
            "give "
            "it in a file with: kep resume --changes FILE")},
    [OUTCOME_PAPER_ONLY] =
        {"paperOnly", PERSON,
         N_("The statement for this certificate can be signed only on "
            "paper."),
         PAPER_OR_CENTRE, true},
    [OUTCOME_PAPER_REFUSED] =
        {"paperRefused", PERSON,
         N_("The certification centre takes no statement on paper for this "
            "certificate."),
         N_("Ask your service centre to allow one, and run kep renew --paper "
            "again, or to make a new certificate with you."),
         true},
    [OUTCOME_ISSUE_FAILED] = {"issueFailed", PERSON,
                              N_("The certification centre could not issue the "
                                 "certificate."),
                              SERVICE_CENTRE, true},
    [OUTCOME_WITHDRAWN] = {"withdrawn", DONE,
                           N_("The application has been withdrawn. The old "
                              "certificate stays as it is."),
                           N_("To begin again: kep renew"), true},
    [OUTCOME_CANNOT_WITHDRAW] =
        {"cannotWithdraw", PERSON,
         N_("The certificate has been issued already: the application can no "
            "longer be withdrawn."),
         N_("Install it with: kep resume")},
    [OUTCOME_FORM_CANCELLED] = {"formCancelled", PERSON,
                                N_("The application was cancelled."),
                                N_("Start again with: kep renew"), true},
    [OUTCOME_FORM_EXPIRED] = {"formExpired", PERSON,
                              N_("The application is too old."),
                              N_("Start again with: kep renew"), true},
    [OUTCOME_STATEMENT_TO_SIGN] =
        {"statementToSign", PERSON,
         N_("The statement has to be printed and signed by hand."),
         N_("Print it with: kep statement NUMBER --output FILE.pdf. Then send "
            "its "
            "scan with: kep resume --scan FILE, or carry it to your service "
            "centre and go on with: kep resume")},
    [OUTCOME_STATEMENT_CHANGED] =
        {"statementChanged", PERSON,
         N_("The certification centre has another statement now than the one "
            "that was kept for printing. A sheet printed before is no longer "
            "good; its scan has not been sent."),
         N_("Go on with: kep resume. It shows the new statement; print and "
            "sign that one.")},
    [OUTCOME_SHEET_DIFFERS] =
        {"sheetDiffers", PERSON,
         N_("The certification centre has another statement than the one that "
            "was kept for printing. No key has been made."),
         N_("Look at it in a terminal, with: kep resume. If it is what you "
            "signed by hand, say so there; otherwise withdraw the application "
            "with kep cancel, and ask your service centre.")},
    [OUTCOME_DOCUMENT_REFUSED] =
        {"documentRefused", PERSON,
         N_("The scan of the document was not accepted."),
         N_("It has to be a PDF, JPEG or PNG file of at most 10 MB. Name it "
            "with --scan and go on with: kep resume")},
    [OUTCOME_STATEMENT_REFUSED] =
        {"statementRefused", PERSON,
         N_("The server did not accept the signature under the statement."),
         SUPPORT},
    [OUTCOME_REQUEST_REFUSED] =
        {"requestRefused", PERSON,
         N_("The server did not accept the certificate request. The new key "
            "is kept."),
         SUPPORT},

    [OUTCOME_EXPIRED] = {"expired", PERSON,
                         N_("The certificate has expired: it can no longer "
                            "sign its own renewal."),
                         PAPER_OR_CENTRE, true},
    [OUTCOME_NOT_YET_VALID] = {"notYetValid", PERSON,
                               N_("The certificate is not valid yet."),
                               N_("Check this computer's date and time.")},
    [OUTCOME_REVOKED] = {"revoked", PERSON,
                         N_("The certificate has been revoked."), REQUEST_THERE,
                         true},
    [OUTCOME_KEY_PERIOD_OVER] =
        {"keyPeriodOver", PERSON,
         N_("The period of the certificate's key is over: it can no longer "
            "sign."),
         PAPER_OR_CENTRE, true},
    [OUTCOME_SUBJECT_CHANGED] =
        {"subjectChanged", PERSON,
         N_("The details of the organisation or of the owner have changed."),
         N_("Contact the service centre where you were connected. Where only "
            "the owner is another and the centre agrees, a statement on paper "
            "will do (kep renew --paper). If the centre asks you for a "
            "certificate request, make one with: kep request"),
         true},
    [OUTCOME_DAUGHTER_ORGANISATION] =
        {"daughterOrganisation", PERSON,
         N_("Certificates of daughter organisations are not renewed this "
            "way."),
         REQUEST_THERE, true},
    [OUTCOME_FORM_EXISTS] =
        {"formExistsAtServiceCentre", PERSON,
         N_("Your service centre has already begun the replacement of this "
            "certificate."),
         N_("Finish it there: ask your service centre, and if it wants a "
            "certificate request, make one with: kep request"),
         true},
    [OUTCOME_FORM_ELSEWHERE] =
        {"formExists", PERSON,
         N_("Another application to renew this certificate is open: it was "
            "begun on another computer or by your service centre."),
         N_("Finish it there, or ask your service centre to cancel it."), true},
    [OUTCOME_OTHER_CENTRE] =
        {"otherCentre", PERSON,
         N_("This certificate was issued by another certification centre, "
            "which has its own way of renewal."),
         N_("Ask that centre for its instruction. If it takes a certificate "
            "request, make one with: kep request"),
         true},
    [OUTCOME_KIND_CHANGED] =
        {"kindChanged", PERSON,
         N_("Certificates of this kind are no longer issued."),
         N_("Since 1 September 2024 employees sign with the certificate of "
            "a natural "
            "person and a machine-readable power of attorney; heads of "
            "organisations and sole traders get theirs from the Federal Tax "
            "Service. Ask your service centre which one you need."),
         true},
    [OUTCOME_UNKNOWN_CERTIFICATE] =
        {"unknownCertificate", PERSON,
         N_("The server does not know this certificate, or it belongs to "
            "another telephone number."),
         N_("Check the telephone number. If it is right, contact your "
            "service centre."),
         true},
    [OUTCOME_EXPRESS_UNAVAILABLE] =
        {"expressUnavailable", PERSON,
         N_("Express renewal is not available for this certificate."),
         N_("Try again without --express."), true},
    [OUTCOME_OPEN_WITH_KEY] =
        {"openWithKey", PERSON,
         N_("The application that is open for this certificate is signed with "
            "the old key, not on paper."),
         N_("Go on with it: kep resume. If that key is lost or damaged, "
            "withdraw it with kep cancel and begin again with kep renew "
            "--paper.")},
};
