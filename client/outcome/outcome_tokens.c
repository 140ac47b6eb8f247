#include "client/outcome/outcome_rows.h"

#include "client/text.h"

const struct outcome_row outcome_rows_tokens[OUTCOME_COUNT] = {
    [OUTCOME_NO_SERVICE] =
        {"noService", PERSON,
         N_("The service for smart cards (pcscd) does not run, so tokens "
            "cannot be reached."),
         N_("Start it: sudo systemctl enable --now pcscd.socket. If it is not "
            "installed: sudo apt install pcscd")},
    [OUTCOME_NO_READER] =
        {"noReader", PERSON, N_("No token and no card reader is plugged in."),
         N_("Plug the token in. If it is: kep doctor says what is missing.")},
    [OUTCOME_NO_TOKEN] = {"noToken", PERSON,
                          N_("This token is not plugged in."),
                          N_("Plug it in and try again.")},
    [OUTCOME_TOKEN_SEVERAL] =
        {"tokenSeveral", USAGE,
         N_("Several tokens are plugged in, and it was not said which one is "
            "meant."),
         N_("Name it by the number on its body: rutoken:NUMBER, or pull the "
            "others out. kep list shows them.")},
    [OUTCOME_TOKEN_UNKNOWN] =
        {"tokenUnknown", PERSON,
         N_("This token is of a kind that is not supported."),
         N_("Supported are Rutoken ECP, Lite and S; others through their "
            "PKCS#11 module.")},
    [OUTCOME_TOKEN_BUSY] =
        {"tokenBusy", LATER, N_("The token is in use by another program."),
         N_("Close that program, or wait until it is done, and try again.")},
    [OUTCOME_TOKEN_GONE] =
        {"tokenGone", PERSON,
         N_("The token was pulled out, or another program reset it. Nothing "
            "on it is lost."),
         N_("Plug it in again and go on with: kep resume"),
         .elsewhere = N_("Plug it in again and try once more.")},
    [OUTCOME_TOKEN_ANSWER] =
        {"tokenAnswer", LATER, N_("The token answers what makes no sense."),
         N_("Pull it out, plug it in again, without a hub if there is one, "
            "and try again.")},
    [OUTCOME_TOKEN_REFUSED] =
        {"tokenRefused", PERSON,
         N_("The token does not do what was asked of it."),
         N_("Its administrator may have forbidden it, or it is not formatted. "
            "See: kep doctor")},
    [OUTCOME_TOKEN_FULL] =
        {"tokenFull", PERSON,
         N_("All places for containers on the token are taken."),
         N_("Take another token, or copy an old container elsewhere and "
            "remove it with: kep remove")},
    [OUTCOME_TOKEN_SPACE] =
        {"tokenSpace", PERSON,
         N_("The token has too little memory left. What is on it is as it "
            "was."),
         N_("Remove an old container from it: kep list names them, kep backup "
            "makes a copy, kep remove removes one. Then go on with: kep "
            "resume"),
         .elsewhere = N_("Remove an old container from it (kep list names "
                         "them, kep backup makes a copy, kep remove removes "
                         "one), or take another token.")},
    [OUTCOME_CONTAINER_UNFINISHED] =
        {"containerUnfinished", PERSON,
         N_("This container was begun and never finished: the token was "
            "pulled out too early. There is no usable key in it."),
         N_("Remove it with: kep remove")},
    [OUTCOME_KEY_STAYS] =
        {"keyStays", PERSON,
         N_("This key was made inside of its token and never leaves it, so it "
            "cannot be copied."),
         N_("If the token breaks, the certificate is made anew: keep the "
            "token safe.")},
    [OUTCOME_KEY_NOT_INSIDE] =
        {"keyNotInside", PERSON,
         N_("Keys of this kind cannot be made inside of this medium."),
         N_("Inside of a Rutoken ECP keys are made of gost2012-256, through "
            "its PKCS#11 module also of gost2012-512. Without --on-token the "
            "key is made here and kept on the token in a container.")},
    [OUTCOME_PIN_NEEDED] =
        {"pinNeeded", PERSON, N_("The PIN of the token was not given."),
         N_("Run kep in a terminal, or give the PIN in a file: "
            "--old-pin-file for the old token, --pin-file for the new one, "
            "--backup-pin-file for the one with the copy.")},
    [OUTCOME_PIN_WRONG] =
        {"pinWrong", PERSON, N_("The token did not accept the PIN."),
         N_("After the last try the token locks itself. Check that it is the "
            "PIN of this token.")},
    [OUTCOME_PIN_LAST] =
        {"pinLast", PERSON,
         N_("Only one try is left for the PIN of the token. It has not been "
            "spent."),
         N_("Find out the right PIN first. To spend the last try, run kep in "
            "a terminal: it asks. A token that has locked itself is unlocked "
            "with the administrator's PIN, by kep pin LOCATION --unblock.")},
    [OUTCOME_PIN_BLOCKED] =
        {"pinBlocked", PERSON,
         N_("The PIN of the token is locked: it was wrong too many times."),
         N_("Its administrator, or your service centre, can unlock it with "
            "the administrator's PIN: kep pin LOCATION --unblock. The keys on "
            "it are not lost.")},
    [OUTCOME_PIN_LENGTH] =
        {"pinLength", PERSON,
         N_("A PIN of that length cannot be one of this token. It has not "
            "been sent, no try was spent."),
         N_("Check that it is the PIN of this token.")},
    [OUTCOME_PIN_NEW_LENGTH] =
        {"newPinLength", PERSON,
         N_("The new PIN is too short or too long for this token. The PIN is "
            "as it was."),
         N_("Take one of a length that the token allows.")},
    [OUTCOME_PIN_WEAK] =
        {"pinWeak", PERSON,
         N_("A rule of the token forbids this new PIN. Nothing was changed."),
         N_("Take a longer one, of letters and digits, that was not used on "
            "this token before.")},
    [OUTCOME_PIN_CHANGE] =
        {"pinChange", PERSON,
         N_("The token wants its PIN to be changed before it is used."),
         N_("Change it with: kep pin LOCATION.")},
    [OUTCOME_PIN_UNANSWERED] =
        {"pinUnanswered", PERSON,
         N_("The token was pulled out, or answered nothing that makes sense, "
            "when it was to check its PIN. Whether that is right is not known, "
            "so it has not been sent again."),
         N_("Plug it in again and go on with: kep resume"),
         .elsewhere = N_("Plug it in again and try once more.")},
    [OUTCOME_PIN_CHANGED] = {"pinChanged", DONE,
                             N_("The token has the new PIN now."), NULL},
    [OUTCOME_PIN_UNBLOCKED] =
        {"pinUnblocked", DONE,
         N_("The PIN of the token has all its tries again."), NULL},
    [OUTCOME_PIN_AT_READER] =
        {"pinAtReader", PERSON,
         N_("The PIN of this token is entered at its reader, not here."),
         N_("Run kep in a terminal, with the reader at hand.")},
    [OUTCOME_PIN_BY_ADMINISTRATOR] =
        {"pinByAdministrator", PERSON,
         N_("On this token only its administrator may put a new PIN in. The "
            "PIN is as it was."),
         N_("Ask the administrator, or your service centre. Whoever knows the "
            "administrator's PIN does it by kep pin LOCATION --unblock.")},
    [OUTCOME_PIN_BY_USER] =
        {"pinByUser", PERSON,
         N_("On this token only its user may put a new PIN in. The old one has "
            "all its tries again."),
         N_("If you know the old PIN, change it with: kep pin LOCATION. If "
            "nobody does, "
            "ask your service centre for another token.")},
    [OUTCOME_ADMIN_PIN_NEEDED] =
        {"adminPinNeeded", PERSON,
         N_("This takes the PIN of the token's administrator."),
         N_("Run kep in a terminal, or give it in a file: --admin-pin-file. "
            "Who does not know it: whoever handed the token out may.")},
    [OUTCOME_ADMIN_PIN_WRONG] =
        {"adminPinWrong", PERSON,
         N_("The token did not accept the administrator's PIN."),
         N_("After its last try it is locked, and kep knows no way to unlock "
            "that one. Check that it is the administrator's PIN of this "
            "token.")},
    [OUTCOME_ADMIN_PIN_LAST] =
        {"adminPinLast", PERSON,
         N_("Only one try is left for the administrator's PIN. It has not been "
            "spent."),
         N_("Find out the right one first: once it is locked, kep knows no way "
            "to unlock it. To spend the last try, run kep in a terminal: it "
            "asks.")},
    [OUTCOME_ADMIN_PIN_BLOCKED] =
        {"adminPinBlocked", PERSON,
         N_("The administrator's PIN of the token is locked: it was wrong too "
            "many times."),
         N_("kep knows no way to unlock it. While the user's PIN is not locked "
            "the keys can be used: renew onto another token in time. "
            "Otherwise ask your service centre.")},
    [OUTCOME_ADMIN_PIN_LENGTH] =
        {
            "adminPinLength", PERSON,
            N_("An administrator's PIN of that length cannot be one of this "
               "token. It has not been sent, no try was spent."),
            N_("Check that it is the administrator's PIN of this token.")},
    [OUTCOME_ADMIN_PIN_CHANGE] =
        {
            "adminPinChange", PERSON,
            N_("The token wants its administrator's PIN to be changed first."),
            N_("Change it in the program of the token's vendor. That of a "
               "Rutoken can be changed by kep pin rutoken: --admin.")},
    [OUTCOME_ADMIN_PIN_CHANGED] =
        {"adminPinChanged", DONE,
         N_("The administrator's PIN of the token is the new one now."), NULL},
    [OUTCOME_REMOVED] = {"removed", DONE,
                         N_("The container is gone, and its place is free."),
                         NULL},
    [OUTCOME_HEALTHY] = {"healthy", DONE, N_("Nothing was found amiss."), NULL},
    [OUTCOME_UNHEALTHY] = {"unhealthy", PERSON,
                           N_("Something needs to be put right."),
                           N_("What to do stands beside each fault.")},
    [OUTCOME_MODULE_MISSING] =
        {
            "moduleMissing", PERSON,
            N_("The PKCS#11 module of the token is not there."),
            N_("Install it: the vendor of the token has it on its site (for "
               "Rutoken ECP librtpkcs11ecp). Then name its file as module-path "
               "in the place, or in the settings.")},
    [OUTCOME_KEYS_INSIDE_ONLY] =
        {"keysInsideOnly", PERSON,
         N_(
             "Keys are made inside of this token: one that was made elsewhere "
             "is not put onto it."),
         N_(
             "Choose another place. A Rutoken is also a place for ordinary "
             "containers: rutoken:NUMBER")},
    [OUTCOME_NO_PIN] =
        {"noPin", USAGE, N_("There is no PIN there: only tokens have one."),
         N_("To change the password of a container: kep password")},
    [OUTCOME_PIN_INSTEAD] =
        {
            "pinInstead", PERSON,
            N_("A key inside of a token has no password of its own: the PIN of "
               "the token protects it."),
            N_("To change the PIN: kep pin LOCATION.")},
    [OUTCOME_MODULE_BAD] =
        {
            "moduleBad", PERSON, N_("The PKCS#11 module does not work."),
            N_("Check that the file is a PKCS#11 module for this kind of "
               "computer.")},
};
