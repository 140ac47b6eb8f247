#include "client/outcome/outcome_rows.h"

#include "client/text.h"

const struct outcome_row outcome_rows_keys[OUTCOME_COUNT] = {
    [OUTCOME_CONTAINER_NOT_FOUND] =
        {"containerNotFound", PERSON,
         N_("There is no such file, folder or container."),
         N_("Check the name, and that the drive is plugged in.")},
    [OUTCOME_NOT_CONTAINER] =
        {"notContainer", PERSON, N_("This is not a key container."),
         N_("On a drive a container is a folder with the files header.key, "
            "primary.key, masks.key, name.key. On a token it is named behind "
            "the number of the token: rutoken:48e243b5/0A00. kep list shows "
            "which there are, kep list FOLDER those in a folder.")},
    [OUTCOME_CONTAINER_DAMAGED] = {"containerDamaged", PERSON,
                                   N_("The container is damaged."),
                                   N_("Use a backup copy of it. Where there is "
                                      "none, its certificate can be renewed "
                                      "with a statement on paper (kep renew "
                                      "--paper), also from a file with that "
                                      "certificate alone.")},
    [OUTCOME_CONTAINER_FLAWED] =
        {"containerFlawed", PERSON,
         N_("The key opens, but not everything in the container is in order."),
         N_("Make a copy of it now. Setting its password anew with kep "
            "password writes both copies of the key afresh.")},
    [OUTCOME_CONTAINER_EXISTS] =
        {"containerExists", PERSON,
         N_("Nothing has been overwritten: a container of that name is there "
            "already."),
         N_("Choose another place or another name.")},
    [OUTCOME_CONTAINER_OLD_FORMAT] =
        {"containerOldFormat", PERSON,
         N_("The container has an old format that is not supported."),
         N_("Use the program that made it. Before the certificate ends, "
            "contact your service centre: it makes a new one with you.")},
    [OUTCOME_KEY_UNSUPPORTED] =
        {"keyUnsupported", PERSON, N_("The kind of this key is not supported."),
         N_("Use the program that made the key. Supported are keys on the "
            "curves CryptoPro-A, XchA, TC26-256-B and TC26-512-A; kep show "
            "names the curve.")},
    [OUTCOME_KEY_RETIRED] =
        {"keyRetired", PERSON,
         N_("The key is of the old standard GOST R 34.10-2001: it still opens "
            "and signs, but cannot be renewed."),
         N_("Contact your service centre: it makes a new certificate with "
            "you.")},
    [OUTCOME_KEY_NOT_EXPORTABLE] =
        {"keyNotExportable", PERSON,
         N_("This key is marked as one that may not be copied."),
         N_("It signs where it is. For another place have another certificate "
            "issued, with a key of its own.")},
    [OUTCOME_KEY_LOST] =
        {"keyLost", PERSON,
         N_("The container with the new key is not where it was made."),
         N_("Plug in the drive with the new key and go on with: kep resume")},
    [OUTCOME_KEY_ABSENT] =
        {"keyAbsent", PERSON,
         N_("This is a certificate without its key, and a renewal is signed "
            "with the key."),
         N_("Name the container of the key, or a copy of it. If all of them "
            "are lost, apply with a statement on paper: kep renew --paper, "
            "with this file. If the key may have got into other hands, ask "
            "your service centre to revoke the certificate.")},
    [OUTCOME_NO_CERTIFICATE] =
        {"noCertificate", PERSON,
         N_("There is no certificate in the container."),
         N_("If you have it in a file, put it into the container with: kep "
            "install. Otherwise ask your service centre for it.")},
    [OUTCOME_CERTIFICATE_BAD] = {"certificateBad", PERSON,
                                 N_("The certificate cannot be read."),
                                 N_("Use another copy of it, or ask your "
                                    "service centre for one.")},
    [OUTCOME_KEY_MISMATCH] =
        {"keyMismatch", PERSON,
         N_("The certificate in the container is for another key."),
         N_("Use a copy of the container in which they agree (kep verify "
            "tells), or ask your service centre.")},
    [OUTCOME_PASSWORD_NEEDED] =
        {"passwordNeeded", PERSON, N_("The container has a password."),
         N_("Run kep in a terminal, or give the password in a file: "
            "--old-pin-file for the old container, --pin-file for the new "
            "one."),
         .elsewhere = N_("Run kep in a terminal, or give the password in a "
                         "file: --pin-file. Of a container on a token that "
                         "file has two lines: the PIN of the token, then the "
                         "password.")},
    [OUTCOME_PASSWORD_WRONG] =
        {"passwordWrong", PERSON,
         N_("The password does not open the container."),
         N_("Check that it is the password of this container.")},
    [OUTCOME_LOCATION_UNKNOWN] =
        {"locationUnknown", USAGE, N_("Keys cannot be kept in such a place."),
         N_("Places are: a folder, file:FOLDER, local:, rutoken:, pkcs11:. "
            "The number of a Rutoken is written as it stands on its body, 8 "
            "hexadecimal or 10 decimal digits: rutoken:48e243b5; a container "
            "on it: rutoken:48e243b5/0A00. kep list shows which there are.")},
    [OUTCOME_NO_ACCESS] = {"noAccess", PERSON,
                           N_("The rights do not allow it."),
                           N_("Work as the user to whom it belongs, or have "
                              "yourself given the right.")},
    [OUTCOME_READ_ONLY] = {"readOnly", PERSON,
                           N_("The drive is write-protected."),
                           N_("Remove the protection or choose another "
                              "drive.")},
    [OUTCOME_FULL] = {"full", PERSON,
                      N_("There is no space left on the drive."),
                      N_("Free some space or choose another drive, then go on "
                         "with: kep resume"),
                      .elsewhere =
                          N_("Free some space or choose another drive.")},
    [OUTCOME_IO] = {"io", LATER, N_("The drive answers with errors."),
                    N_("Plug it in again or choose another one.")},

    [OUTCOME_BACKED_UP] = {"backedUp", DONE,
                           N_("The backup has been made and checked."), NULL},
    [OUTCOME_RESTORED] = {"restored", DONE,
                          N_("The containers are restored and checked."), NULL},
    [OUTCOME_WOULD_RESTORE] = {"wouldRestore", DONE,
                               N_("The archive is whole. Nothing has been "
                                  "written."),
                               NULL},
    [OUTCOME_FILE_EXISTS] =
        {"fileExists", PERSON,
         N_("Nothing has been overwritten: there is something of that name "
            "already."),
         N_("Choose another name, or add --overwrite to replace a file.")},
    [OUTCOME_NOT_ARCHIVE] = {"notArchive", PERSON,
                             N_("This file is not an archive of kep."),
                             N_("Check that it is the right file.")},
    [OUTCOME_ARCHIVE_NEWER] =
        {"archiveNewer", PERSON,
         N_("The archive was made by a later version of kep, or asks for more "
            "memory or time than is allowed here."),
         N_("Install that version on this computer.")},
    [OUTCOME_ARCHIVE_CUT] =
        {"archiveCut", PERSON,
         N_("The end of the archive is missing. Nothing has been restored."),
         N_("Copy the file again from where it is whole, or use another "
            "copy.")},
    [OUTCOME_ARCHIVE_DAMAGED] =
        {"archiveDamaged", PERSON,
         N_("The archive is damaged. Nothing has been restored."),
         N_("Use another copy of it.")},
    [OUTCOME_PASSPHRASE_WRONG] =
        {"passphraseWrong", PERSON,
         N_("The passphrase does not open the archive."),
         N_("Check that it is the passphrase of this archive.")},
    [OUTCOME_PASSPHRASE_SHORT] =
        {"passphraseShort", USAGE,
         N_("The passphrase has fewer than 8 characters."),
         N_("Take a longer one; several words are good.")},

    [OUTCOME_IN_ORDER] = {"inOrder", DONE,
                          N_("Everything in the container is in order: the "
                             "key opens, and all that belongs to it fits."),
                          NULL},
    [OUTCOME_PASSWORD_SET] = {"passwordSet", DONE,
                              N_("The container has the new password now."),
                              NULL},
    [OUTCOME_PASSWORD_REMOVED] = {"passwordRemoved", DONE,
                                  N_("The container has no password now."),
                                  NULL},

    [OUTCOME_EXPORTED] = {"exported", DONE,
                          N_("The PFX file has been written and checked."),
                          NULL},
    [OUTCOME_IMPORTED] = {"imported", DONE,
                          N_("The keys of the file are in new containers, "
                             "written and checked."),
                          NULL},
    [OUTCOME_NOT_PFX] = {"notPfx", PERSON,
                         N_("This is not a PFX file, nor a file with a "
                            "private key."),
                         N_("Check that it is the right file.")},
    [OUTCOME_PFX_DAMAGED] = {"pfxDamaged", PERSON,
                             N_("The file is damaged or cut off."),
                             N_("Copy it again from where it is whole.")},
    [OUTCOME_PFX_UNSUPPORTED] =
        {"pfxUnsupported", PERSON,
         N_(
             "The file holds only keys, or only protection, of kinds that are "
             "not supported."),
         N_(
             "Supported are GOST R 34.10 keys on the curves CryptoPro-A, XchA, "
             "TC26-256-B and TC26-512-A, in PFX files of CryptoPro CSP or "
             "encrypted with GOST 28147-89, AES or 3DES. Export the key so "
             "from the program that made the file.")},
    [OUTCOME_PFX_NO_KEY] = {"pfxNoKey", PERSON,
                            N_("There is no such private key in the file."),
                            N_("Check the name, and that the drive is plugged "
                               "in.")},
    [OUTCOME_PFX_MISMATCH] =
        {"pfxMismatch", PERSON,
         N_(
             "None of the certificates in the file is for its key. It has not "
             "been imported."),
         N_("Ask whoever gave you the file for a right one.")},
    [OUTCOME_PFX_PASSWORD_NEEDED] =
        {"pfxPasswordNeeded", PERSON, N_("The file has a password."),
         N_("Run kep in a terminal, or give the password in a file: "
            "--pfx-pin-file.")},
    [OUTCOME_PFX_PASSWORD_WRONG] =
        {"pfxPasswordWrong", PERSON, N_("The password does not open the file."),
         N_("Check that it is the password of this file. If it is, the file is "
            "damaged.")},
};
