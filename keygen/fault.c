#include "keygen/fault.h"

static const char *const words[FAULT_COUNT] = {
    [FAULT_NONE] = "none",
    [FAULT_MEMORY] = "memory",
    [FAULT_LIBRARY] = "library",
    [FAULT_ARGUMENT] = "argument",
    [FAULT_TOO_LARGE] = "tooLarge",
    [FAULT_ENTROPY] = "entropy",
    [FAULT_UNSUPPORTED] = "unsupported",
    [FAULT_OLD_FORMAT] = "oldFormat",
    [FAULT_CERTIFICATE] = "certificate",
    [FAULT_REQUEST] = "request",
    [FAULT_NAME] = "name",
    [FAULT_SIGNATURE] = "signature",
    [FAULT_SIGNER] = "signer",
    [FAULT_CHAIN] = "chain",
    [FAULT_REVOKED] = "revoked",
    [FAULT_EXPIRED] = "expired",
    [FAULT_PROFILE] = "profile",
    [FAULT_KEY_MISMATCH] = "keyMismatch",
    [FAULT_NOT_FOUND] = "notFound",
    [FAULT_EXISTS] = "exists",
    [FAULT_NOT_CONTAINER] = "notContainer",
    [FAULT_DAMAGED] = "damaged",
    [FAULT_PASSWORD_NEEDED] = "passwordNeeded",
    [FAULT_PASSWORD_WRONG] = "passwordWrong",
    [FAULT_NO_CERTIFICATE] = "noCertificate",
    [FAULT_NO_ACCESS] = "noAccess",
    [FAULT_READ_ONLY] = "readOnly",
    [FAULT_FULL] = "full",
    [FAULT_IO] = "io",
    [FAULT_LOCATION] = "location",
    [FAULT_NOT_EXPORTABLE] = "notExportable",
    [FAULT_NOT_ARCHIVE] = "notArchive",
    [FAULT_ARCHIVE_NEWER] = "archiveNewer",
    [FAULT_ARCHIVE_CUT] = "archiveCut",
    [FAULT_ARCHIVE_DAMAGED] = "archiveDamaged",
    [FAULT_PASSPHRASE] = "passphraseWrong",
};

const char *fault_word(enum fault fault)
{
    return fault < FAULT_COUNT ? words[fault] : "unknown";
}
