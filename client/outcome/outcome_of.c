/* What the faults, the answers and the words of others mean to a person. */
#include "client/outcome/outcome.h"

#include <string.h>

static const enum outcome of_fault[FAULT_COUNT] = {
    [FAULT_NONE] = OUTCOME_DONE,
    [FAULT_MEMORY] = OUTCOME_MEMORY,
    [FAULT_LIBRARY] = OUTCOME_INTERNAL,
    [FAULT_ARGUMENT] = OUTCOME_INTERNAL,
    [FAULT_TOO_LARGE] = OUTCOME_TOO_LARGE,
    [FAULT_ENTROPY] = OUTCOME_ENTROPY,
    [FAULT_UNSUPPORTED] = OUTCOME_KEY_UNSUPPORTED,
    [FAULT_OLD_FORMAT] = OUTCOME_CONTAINER_OLD_FORMAT,
    [FAULT_CERTIFICATE] = OUTCOME_CERTIFICATE_BAD,
    [FAULT_REQUEST] = OUTCOME_INTERNAL,
    [FAULT_NAME] = OUTCOME_VALIDATION_ERROR,
    [FAULT_SIGNATURE] = OUTCOME_INTERNAL,
    [FAULT_SIGNER] = OUTCOME_INTERNAL,
    [FAULT_CHAIN] = OUTCOME_CERTIFICATE_WRONG_ISSUER,
    [FAULT_REVOKED] = OUTCOME_REVOKED,
    [FAULT_EXPIRED] = OUTCOME_EXPIRED,
    [FAULT_PROFILE] = OUTCOME_CERTIFICATE_WRONG_PROFILE,
    [FAULT_KEY_MISMATCH] = OUTCOME_KEY_MISMATCH,
    [FAULT_NOT_FOUND] = OUTCOME_CONTAINER_NOT_FOUND,
    [FAULT_EXISTS] = OUTCOME_CONTAINER_EXISTS,
    [FAULT_NOT_CONTAINER] = OUTCOME_NOT_CONTAINER,
    [FAULT_DAMAGED] = OUTCOME_CONTAINER_DAMAGED,
    [FAULT_PASSWORD_NEEDED] = OUTCOME_PASSWORD_NEEDED,
    [FAULT_PASSWORD_WRONG] = OUTCOME_PASSWORD_WRONG,
    [FAULT_NO_CERTIFICATE] = OUTCOME_NO_CERTIFICATE,
    [FAULT_NO_ACCESS] = OUTCOME_NO_ACCESS,
    [FAULT_READ_ONLY] = OUTCOME_READ_ONLY,
    [FAULT_FULL] = OUTCOME_FULL,
    [FAULT_IO] = OUTCOME_IO,
    [FAULT_LOCATION] = OUTCOME_LOCATION_UNKNOWN,
    [FAULT_NOT_EXPORTABLE] = OUTCOME_KEY_NOT_EXPORTABLE,
    [FAULT_NOT_ARCHIVE] = OUTCOME_NOT_ARCHIVE,
    [FAULT_ARCHIVE_NEWER] = OUTCOME_ARCHIVE_NEWER,
    [FAULT_ARCHIVE_CUT] = OUTCOME_ARCHIVE_CUT,
    [FAULT_ARCHIVE_DAMAGED] = OUTCOME_ARCHIVE_DAMAGED,
    [FAULT_PASSPHRASE] = OUTCOME_PASSPHRASE_WRONG,
    [FAULT_CANCELLED] = OUTCOME_CANCELLED,
    [FAULT_INTERRUPTED] = OUTCOME_INTERRUPTED,
    [FAULT_NO_SERVICE] = OUTCOME_NO_SERVICE,
    [FAULT_NO_READER] = OUTCOME_NO_READER,
    [FAULT_NO_TOKEN] = OUTCOME_NO_TOKEN,
    [FAULT_TOKEN_SEVERAL] = OUTCOME_TOKEN_SEVERAL,
    [FAULT_TOKEN_UNKNOWN] = OUTCOME_TOKEN_UNKNOWN,
    [FAULT_TOKEN_BUSY] = OUTCOME_TOKEN_BUSY,
    [FAULT_TOKEN_GONE] = OUTCOME_TOKEN_GONE,
    [FAULT_TOKEN_ANSWER] = OUTCOME_TOKEN_ANSWER,
    [FAULT_TOKEN_REFUSED] = OUTCOME_TOKEN_REFUSED,
    [FAULT_TOKEN_SPACE] = OUTCOME_TOKEN_SPACE,
    [FAULT_SLOTS] = OUTCOME_TOKEN_FULL,
    [FAULT_UNFINISHED] = OUTCOME_CONTAINER_UNFINISHED,
    [FAULT_RESIDENT] = OUTCOME_KEY_STAYS,
    [FAULT_NOT_RESIDENT] = OUTCOME_KEY_NOT_INSIDE,
    [FAULT_PIN_NEEDED] = OUTCOME_PIN_NEEDED,
    [FAULT_PIN_WRONG] = OUTCOME_PIN_WRONG,
    [FAULT_PIN_LAST] = OUTCOME_PIN_LAST,
    [FAULT_PIN_BLOCKED] = OUTCOME_PIN_BLOCKED,
    [FAULT_PIN_LENGTH] = OUTCOME_PIN_LENGTH,
    [FAULT_PIN_WEAK] = OUTCOME_PIN_WEAK,
    [FAULT_PIN_CHANGE] = OUTCOME_PIN_CHANGE,
    [FAULT_PIN_UNANSWERED] = OUTCOME_PIN_UNANSWERED,
    [FAULT_PIN_UNSEEN] = OUTCOME_TOKEN_BUSY,
    [FAULT_PIN_AT_READER] = OUTCOME_PIN_AT_READER,
    [FAULT_PIN_RIGHT] = OUTCOME_PIN_BY_ADMINISTRATOR,
    [FAULT_MODULE_MISSING] = OUTCOME_MODULE_MISSING,
    [FAULT_INSIDE_ONLY] = OUTCOME_KEYS_INSIDE_ONLY,
    [FAULT_NO_PIN] = OUTCOME_NO_PIN,
    [FAULT_PIN_INSTEAD] = OUTCOME_PIN_INSTEAD,
    [FAULT_MODULE_BAD] = OUTCOME_MODULE_BAD,
};

static const enum outcome of_api[] = {
    [API_OK] = OUTCOME_DONE,
    [API_REFUSED] = OUTCOME_SERVER_REFUSED,
    [API_UNREACHABLE] = OUTCOME_UNREACHABLE,
    [API_TIMEOUT] = OUTCOME_TIMEOUT,
    [API_TLS] = OUTCOME_SERVER_UNTRUSTED,
    [API_BUSY] = OUTCOME_SERVER_BUSY,
    [API_SERVER] = OUTCOME_SERVER_ERROR,
    [API_GARBAGE] = OUTCOME_SERVER_GARBAGE,
    [API_TOO_LARGE] = OUTCOME_SERVER_GARBAGE,
    [API_CANCELLED] = OUTCOME_INTERRUPTED,
    [API_MEMORY] = OUTCOME_MEMORY,
    [API_CONFIGURATION] = OUTCOME_CONFIGURATION,
};

/* The server's words: codes of errors, reasons, final states. */
static const struct {
    const char *word;
    enum outcome outcome;
} of_word[] = {
    {"notDueYet", OUTCOME_NOT_DUE},
    {"expired", OUTCOME_EXPIRED},
    {"revoked", OUTCOME_REVOKED},
    {"keyPeriodOver", OUTCOME_KEY_PERIOD_OVER},
    {"subjectChanged", OUTCOME_SUBJECT_CHANGED},
    {"daughterOrganisation", OUTCOME_DAUGHTER_ORGANISATION},
    {"formExistsAtServiceCentre", OUTCOME_FORM_EXISTS},
    {"otherCentre", OUTCOME_OTHER_CENTRE},
    {"kindChanged", OUTCOME_KIND_CHANGED},
    {"unknownCertificate", OUTCOME_UNKNOWN_CERTIFICATE},
    {"formExists", OUTCOME_FORM_ELSEWHERE},
    {"badRequest", OUTCOME_SERVER_REFUSED},
    {"forbidden", OUTCOME_SERVER_REFUSED},
    {"notFound", OUTCOME_SERVER_REFUSED},
    {"payloadTooLarge", OUTCOME_SERVER_REFUSED},
    {"unauthorized", OUTCOME_UNAUTHORIZED},
    {"wrongState", OUTCOME_WRONG_STATE},
    {"etagMismatch", OUTCOME_WRONG_STATE},
    {"codeInvalid", OUTCOME_CODE_INVALID},
    {"codeExpired", OUTCOME_CODE_EXPIRED},
    {"challengeGone", OUTCOME_CODE_EXPIRED},
    {"attemptsExceeded", OUTCOME_CODE_ATTEMPTS},
    {"resendTooEarly", OUTCOME_SERVER_BUSY},
    {"resendsExhausted", OUTCOME_CODE_NOT_RECEIVED},
    {"paymentRequired", OUTCOME_PAYMENT_REQUIRED},
    {"rejected", OUTCOME_REJECTED},
    {"validationError", OUTCOME_VALIDATION_ERROR},
    {"paperStatement", OUTCOME_PAPER_ONLY},
    {"issueFailed", OUTCOME_ISSUE_FAILED},
    {"cancelled", OUTCOME_FORM_CANCELLED},
    {"formExpired", OUTCOME_FORM_EXPIRED},
    {"keyAlreadyRequested", OUTCOME_REQUEST_REFUSED},
    {"sameKey", OUTCOME_REQUEST_REFUSED},
    {"requestUnreadable", OUTCOME_REQUEST_REFUSED},
    {"requestSignatureInvalid", OUTCOME_REQUEST_REFUSED},
    {"requestKeyUnsupported", OUTCOME_REQUEST_REFUSED},
    {"requestSubjectMismatch", OUTCOME_REQUEST_REFUSED},
    {"requestExtensionsInvalid", OUTCOME_REQUEST_REFUSED},
    {"signerExpired", OUTCOME_EXPIRED},
    {"signerRevoked", OUTCOME_REVOKED},
    {"signerKeyPeriodOver", OUTCOME_KEY_PERIOD_OVER},
    {"cmsUnreadable", OUTCOME_STATEMENT_REFUSED},
    {"signatureInvalid", OUTCOME_STATEMENT_REFUSED},
    {"signerMismatch", OUTCOME_STATEMENT_REFUSED},
    {"signerChainInvalid", OUTCOME_STATEMENT_REFUSED},
    {"contentMismatch", OUTCOME_STATEMENT_REFUSED},
    {"documentUnreadable", OUTCOME_DOCUMENT_REFUSED},
    {"clientOutdated", OUTCOME_CLIENT_OUTDATED},
    {"tooManyRequests", OUTCOME_SERVER_BUSY},
    {"internal", OUTCOME_SERVER_ERROR},
    {"unavailable", OUTCOME_SERVER_BUSY},
};

enum outcome outcome_of_fault(enum fault fault)
{
    return fault < FAULT_COUNT ? of_fault[fault] : OUTCOME_INTERNAL;
}

enum outcome outcome_of_pfx(enum fault fault)
{
    static const struct {
        enum fault fault;
        enum outcome outcome;
    } rows[] = {
        {FAULT_NOT_CONTAINER, OUTCOME_NOT_PFX},
        {FAULT_DAMAGED, OUTCOME_PFX_DAMAGED},
        {FAULT_UNSUPPORTED, OUTCOME_PFX_UNSUPPORTED},
        {FAULT_NOT_FOUND, OUTCOME_PFX_NO_KEY},
        {FAULT_PASSWORD_NEEDED, OUTCOME_PFX_PASSWORD_NEEDED},
        {FAULT_PASSWORD_WRONG, OUTCOME_PFX_PASSWORD_WRONG},
        {FAULT_ARGUMENT, OUTCOME_PFX_PASSWORD_WRONG},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].fault == fault)
            return rows[i].outcome;
    return outcome_of_fault(fault);
}

enum outcome outcome_of_administrator(enum fault fault)
{
    static const struct {
        enum fault fault;
        enum outcome outcome;
    } rows[] = {
        {FAULT_PIN_NEEDED, OUTCOME_ADMIN_PIN_NEEDED},
        {FAULT_PIN_WRONG, OUTCOME_ADMIN_PIN_WRONG},
        {FAULT_PIN_LAST, OUTCOME_ADMIN_PIN_LAST},
        {FAULT_PIN_BLOCKED, OUTCOME_ADMIN_PIN_BLOCKED},
        {FAULT_PIN_LENGTH, OUTCOME_ADMIN_PIN_LENGTH},
        {FAULT_PIN_CHANGE, OUTCOME_ADMIN_PIN_CHANGE},
        {FAULT_PIN_RIGHT, OUTCOME_PIN_BY_USER},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].fault == fault)
            return rows[i].outcome;
    return outcome_of_fault(fault);
}

enum outcome outcome_of_word(const char *word)
{
    for (size_t i = 0; i < sizeof(of_word) / sizeof(of_word[0]); i++)
        if (strcmp(of_word[i].word, word) == 0)
            return of_word[i].outcome;
    return OUTCOME_SERVER_REFUSED;
}

enum outcome outcome_of_api(enum api_result result, const char *code)
{
    return result == API_REFUSED ? outcome_of_word(code) : of_api[result];
}
