#include "client/request/countersign.h"

#include "client/outcome/failure.h"
#include "client/renewal/policy.h"
#include "client/text.h"
#include "client/unlock.h"
#include "keygen/secret.h"
#include "token/container_sign.h"

struct opening {
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    struct container *container;
};

static enum fault try_open(void *context, const char *password)
{
    struct opening *opening = context;

    return opening->ops->open(opening->where, password, &opening->container);
}

/* The certificate speaks for the subject, or not at all. */
static enum outcome judge(const struct certificate *certificate,
                          const struct name *subject, time_t now)
{
    const enum outcome offer =
        policy_offer(certificate, now, POLICY_WINDOW_MAX);
    struct identity old_one, new_one;

    if (offer != OUTCOME_DONE && offer != OUTCOME_NOT_DUE &&
        offer != OUTCOME_OTHER_CENTRE)
        return offer;
    if (name_identity(&certificate->subject, &old_one) != FAULT_NONE ||
        name_identity(subject, &new_one) != FAULT_NONE ||
        identity_compare(&old_one, &new_one) != IDENTITY_SAME)
        return OUTCOME_DATA_MISMATCH;
    return OUTCOME_DONE;
}

/* What forbids it is said before a password is asked for. */
static enum outcome look(const struct desk *desk, struct opening *opening,
                         const struct name *subject, struct failure *failure)
{
    const char *where = desk->options->sign_with;
    struct container_info info = {.algorithm = NULL};
    enum fault fault = medium_find(where, &opening->ops, opening->where);
    enum outcome outcome;

    if (fault == FAULT_NONE)
        fault = opening->ops->describe(opening->where, &info);
    if (fault == FAULT_NONE && info.certificate == NULL)
        fault = FAULT_NO_CERTIFICATE;
    outcome = unlock_fault(fault, where, failure);
    if (outcome == OUTCOME_DONE)
        outcome = judge(info.certificate, subject, clock_now(desk->clock));
    container_info_free(&info);
    return outcome == OUTCOME_DONE || fault != FAULT_NONE
               ? outcome
               : failure_set(failure, outcome, where);
}

enum outcome countersign_open(const struct desk *desk,
                              const struct name *subject,
                              struct container **signer,
                              struct failure *failure)
{
    struct options options = *desk->options;
    const struct desk of_old = {
        .options = &options, .screen = desk->screen, .clock = desk->clock};
    struct opening opening = {.container = NULL};
    char *password = NULL;
    enum outcome outcome;

    *signer = NULL;
    if (options.sign_with == NULL)
        return OUTCOME_DONE;
    outcome = look(desk, &opening, subject, failure);
    if (outcome != OUTCOME_DONE)
        return outcome;
    options.pin_file = options.old_pin_file;
    options.pin_fd = options.old_pin_fd;
    outcome = unlock(&of_old, options.sign_with, try_open, &opening, &password,
                     failure);
    secret_free(&password);
    *signer = opening.container;
    return outcome;
}

enum outcome countersign(const struct container *signer, const void *request,
                         size_t size, time_t when, struct bytes *cms,
                         struct failure *failure)
{
    return unlock_fault(
        container_sign_cades(signer, request, size, true, when, cms),
        signer->info.where, failure);
}
