#include "client/outcome/outcome_rows.h"

#include "client/text.h"

const struct outcome_row outcome_rows_byhand[OUTCOME_COUNT] = {
    [OUTCOME_REQUESTED] =
        {"requested", DONE,
         N_("The certificate request has been written. It is signed with the "
            "key in the container."),
         N_("Give the file to your certification centre, and keep the "
            "container safe: the certificate will be of no use without it.")},
    [OUTCOME_WOULD_REQUEST] =
        {"wouldRequest", DONE,
         N_("Everything is ready for the request. No key has been made, "
            "nothing has been written."),
         NULL},
    [OUTCOME_SUBJECT_UNKNOWN] =
        {"subjectUnknown", USAGE,
         N_("That is not one of the data of a certificate's owner."),
         N_("They are given as --subject NAME=VALUE, where NAME is one of: CN "
            "SN G SNILS INN INNLE OGRN OGRNIP O OU T L S STREET E C.")},
    [OUTCOME_SUBJECT_WRONG] =
        {"subjectWrong", USAGE,
         N_("The owner's data are not right. No key has been made."),
         N_("Correct them with --subject NAME=VALUE.")},
    [OUTCOME_SUBJECT_INCOMPLETE] =
        {"subjectIncomplete", USAGE,
         N_("The owner's data are not complete. No key has been made."),
         N_("Add what is missing with --subject NAME=VALUE.")},
    [OUTCOME_CERTIFICATE_EXISTS] =
        {"certificateExists", PERSON,
         N_("There is a certificate for this key already, and a new "
            "certificate needs a new key."),
         N_("Name the place of the new key with --to.")},

    [OUTCOME_INSTALLED] =
        {"installed", DONE,
         N_("The certificate has been checked, and is installed in the "
            "container."),
         NULL},
    [OUTCOME_WOULD_INSTALL] =
        {"wouldInstall", DONE,
         N_("The certificate is right for this container. Nothing has been "
            "written."),
         NULL},
    [OUTCOME_CERTIFICATES_SEVERAL] =
        {"certificatesSeveral", PERSON,
         N_("There are several certificates for this key in the file. None "
            "has been installed."),
         N_("Take the one that you mean out of it, into a file of its own.")},

    [OUTCOME_HOLDER_NOT_FOUND] =
        {"holderNotFound", PERSON,
         N_("No container in the usual places holds the key of this "
            "certificate. It has not been installed."),
         N_("Plug in the drive with the container, or name the container.")},

    [OUTCOME_REQUEST_MISMATCH] =
        {"requestMismatch", PERSON,
         N_("The certificate says something else than the request for it. It "
            "has not been installed."),
         N_("Contact the certification centre. If it was changed on purpose, "
            "look at it with kep show, and install it with --accept-data.")},

    [OUTCOME_PRINTED] =
        {"printed", DONE, N_("The statement has been written as a PDF file."),
         N_("Print it, read it and sign it by hand. Then send its scan with: "
            "kep resume --scan FILE, or carry it to your service centre and go "
            "on with: kep resume"),
         .elsewhere =
             N_("It is for your own files: the statement of this renewal is "
                "signed with the key of the old certificate and need not be "
                "signed by hand or taken anywhere.")},
    [OUTCOME_PRESS_MISSING] =
        {"pressMissing", PERSON,
         N_("The program kep-statement, which makes the PDF, is not "
            "installed."),
         N_("Install kep with all its parts.")},
    [OUTCOME_PRESS_FAILED] = {"pressFailed", LATER,
                              N_("The PDF could not be made."),
                              N_("Try again. If it fails again, ask the "
                                 "service centre for the sheet.")},
    [OUTCOME_FONT_MISSING] =
        {"fontMissing", PERSON,
         N_("No font on this computer has all the letters of the statement."),
         N_("Install a font with Russian letters: the Debian package "
            "fonts-liberation or fonts-dejavu-core.")},
    [OUTCOME_NO_FORM] =
        {"noForm", PERSON,
         N_("This renewal has no application yet, so there is no statement to "
            "print."),
         N_("Go on with it first: kep resume")},
    [OUTCOME_EXPRESS_NOT_PRINTED] =
        {"expressNotPrinted", PERSON,
         N_("In an express renewal the statement is signed with the old "
            "certificate: there is no sheet to print."),
         N_("If the statement has to be on paper, withdraw the application "
            "with kep cancel NUMBER and begin again with kep renew --paper. "
            "Otherwise go on with: kep resume")},
};
