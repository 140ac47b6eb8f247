#include "api/operation.h"

#include <string.h>

enum {
    MEBIBYTE = 1024 * 1024,
    TAIL_MAX = 4,
    DER_MAX = 64 * 1024,
    NAME_MAX_BYTES = 1024, /* of one attribute */
    TEXT_MAX_BYTES = 16 * 1024,
    SECONDS_MAX = 30 * 24 * 3600,
    TRIES_MAX = 1000
};

/* --- what comes back ------------------------------------------------------ */

static const struct json_field challenge[] = {
    {"challengeId", JSON_ID, OPERATION_ID_MAX},
    {"phoneTail", JSON_WORD, TAIL_MAX},
    {"expiresAt", JSON_TIME, 0},
    {"resendAfter", JSON_NUMBER, SECONDS_MAX},
    {"resendsLeft", JSON_NUMBER, TRIES_MAX},
    {0}};

static const struct json_field session[] = {{"sid", JSON_HEX, 64},
                                            {"refreshToken", JSON_ID, 512},
                                            {"expiresAt", JSON_TIME, 0},
                                            {0}};

static const struct json_field certificates[] = {
    {"certificates.#.thumbprint", JSON_HEX, 40},
    {"certificates.#.serialNumber", JSON_WORD, 64},
    {"certificates.#.issuer", JSON_TEXT, NAME_MAX_BYTES},
    {"certificates.#.subject.*", JSON_TEXT, NAME_MAX_BYTES},
    {"certificates.#.notBefore", JSON_TIME, 0},
    {"certificates.#.notAfter", JSON_TIME, 0},
    {"certificates.#.keyNotAfter?", JSON_TIME, 0},
    {"certificates.#.state", JSON_WORD, 64},
    {"certificates.#.renewal.available", JSON_BOOLEAN, 0},
    {"certificates.#.renewal.reason?", JSON_WORD, 64},
    {"certificates.#.renewal.mode?", JSON_WORD, 64},
    {0}};

static const struct json_field form[] = {
    {"id", JSON_ID, OPERATION_ID_MAX},
    {"externalId", JSON_TEXT, 256},
    {"oldThumbprint", JSON_HEX, 40},
    {"mode", JSON_WORD, 64},
    {"status", JSON_WORD, 64},
    {"final", JSON_BOOLEAN, 0},
    {"pollAfter", JSON_NUMBER, SECONDS_MAX},
    {"etag", JSON_ETAG, OPERATION_ETAG_MAX},
    {"data.*", JSON_TEXT, NAME_MAX_BYTES},
    {"statementPhoneTail", JSON_WORD, TAIL_MAX},
    {"consent.statement.version", JSON_TEXT, 64},
    {"consent.statement.text", JSON_LINES, TEXT_MAX_BYTES},
    {"consent.release.version", JSON_TEXT, 64},
    {"consent.release.text", JSON_LINES, TEXT_MAX_BYTES},
    {"reason?.code", JSON_WORD, 64},
    {"reason?.message", JSON_MESSAGE, 1000},
    {"invoice?.number", JSON_TEXT, 128},
    {"invoice?.message", JSON_MESSAGE, 1000},
    {"confirmation?.challengeId", JSON_ID, OPERATION_ID_MAX},
    {"confirmation?.phoneTail", JSON_WORD, TAIL_MAX},
    {"confirmation?.expiresAt", JSON_TIME, 0},
    {"confirmation?.resendAfter", JSON_NUMBER, SECONDS_MAX},
    {"confirmation?.resendsLeft", JSON_NUMBER, TRIES_MAX},
    {"confirmation?.attemptsLeft", JSON_NUMBER, TRIES_MAX},
    {"expiresAt", JSON_TIME, 0},
    {0}};

static const struct json_field certificate[] = {
    {"certificate", JSON_BYTES, DER_MAX},
    {"chain.#", JSON_BYTES, DER_MAX},
    {"receipt?.text", JSON_LINES, TEXT_MAX_BYTES},
    {0}};

const struct json_field operation_error[] = {
    {"code", JSON_WORD, 64},
    {"message?", JSON_MESSAGE, 1000},
    {"target?", JSON_TEXT, 128},
    {"traceId?", JSON_ID, OPERATION_ID_MAX},
    {"attemptsLeft?", JSON_NUMBER, TRIES_MAX},
    {"errors?.#.code", JSON_WORD, 64},
    {"errors?.#.target?", JSON_TEXT, 128},
    {"errors?.#.message?", JSON_MESSAGE, 1000},
    {0}};

/* --- what is asked -------------------------------------------------------- */

#define FORMS "/v1/certificate-forms"
#define FORM FORMS "/{formId}"

/* Everything of a form is idempotent: what was done already is answered with
 * the form as it is. What sends an SMS or uses a code up for a session is
 * not. */
static const struct operation operations[] = {
    {.name = "requestCode",
     .method = "POST",
     .path = "/v1/auth/sms",
     .once = true,
     .body = BODY_INPUTS,
     .inputs = {{"phone", INPUT_TEXT}},
     .outputs = challenge,
     .maximum = 2 * MEBIBYTE},
    {.name = "resendCode",
     .method = "POST",
     .path = "/v1/auth/sms/{challengeId}/resend",
     .once = true,
     .outputs = challenge,
     .maximum = 2 * MEBIBYTE},
    {.name = "signIn",
     .method = "POST",
     .path = "/v1/auth/sms/{challengeId}/confirm",
     .once = true,
     .body = BODY_INPUTS,
     .inputs = {{"code", INPUT_TEXT}},
     .outputs = session,
     .maximum = 2 * MEBIBYTE},
    {.name = "refreshSession",
     .method = "POST",
     .path = "/v1/sessions/refresh",
     .body = BODY_INPUTS,
     .inputs = {{"refreshToken", INPUT_TEXT}},
     .outputs = session,
     .maximum = 2 * MEBIBYTE},
    {.name = "listCertificates",
     .method = "GET",
     .path = "/v1/certificates",
     .signed_in = true,
     .outputs = certificates,
     .maximum = MEBIBYTE},
    {.name = "openForm",
     .method = "POST",
     .path = FORMS,
     .signed_in = true,
     .body = BODY_INPUTS,
     .inputs = {{"externalId", INPUT_TEXT},
                {"oldThumbprint", INPUT_TEXT},
                {"mode", INPUT_TEXT}},
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "readForm",
     .method = "GET",
     .path = FORM,
     .signed_in = true,
     .condition = IF_NONE_MATCH,
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "changeData",
     .method = "PATCH",
     .path = FORM "/data",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_DATA,
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "readStatement",
     .method = "GET",
     .path = FORM "/statement?type=releaseStatement",
     .signed_in = true,
     .maximum = MESSAGE_VALUE_MAX},
    {.name = "sendStatementSignature",
     .method = "POST",
     .path = FORM "/statement/signature",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .inputs = {{"cms", INPUT_BYTES}},
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "submitForm",
     .method = "POST",
     .path = FORM "/submit",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "giveConsent",
     .method = "POST",
     .path = FORM "/consent",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .inputs = {{"textVersion", INPUT_TEXT}, {"accepted", INPUT_TRUE}},
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "sendRequest",
     .method = "POST",
     .path = FORM "/request",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .inputs = {{"cms", INPUT_BYTES}},
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "confirmRequest",
     .method = "POST",
     .path = FORM "/confirmation",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .inputs = {{"code", INPUT_TEXT}},
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "resendConfirmation",
     .method = "POST",
     .path = FORM "/confirmation/resend",
     .signed_in = true,
     .once = true,
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "readCertificate",
     .method = "GET",
     .path = FORM "/certificate",
     .signed_in = true,
     .outputs = certificate,
     .maximum = MEBIBYTE},
    {.name = "reportInstalled",
     .method = "POST",
     .path = FORM "/installed",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
    {.name = "cancelForm",
     .method = "POST",
     .path = FORM "/cancel",
     .signed_in = true,
     .condition = IF_MATCH,
     .body = BODY_INPUTS,
     .outputs = form,
     .maximum = 2 * MEBIBYTE},
};

const struct operation *operation_at(size_t i)
{
    return i < sizeof operations / sizeof *operations ? &operations[i] : NULL;
}

const struct operation *operation_find(const char *name)
{
    const struct operation *operation;

    for (size_t i = 0; (operation = operation_at(i)) != NULL; i++)
        if (strcmp(operation->name, name) == 0)
            return operation;
    return NULL;
}
