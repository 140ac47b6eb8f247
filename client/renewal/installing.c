/* The last steps: the certificate is checked and written into the container,
 * the container is backed up, the certification centre is told. */
#include "client/copying/copy_password.h"
#include "client/pin/pin_given.h"
#include "client/renewal/call.h"
#include "client/renewal/check.h"
#include "client/renewal/copy_place.h"
#include "client/renewal/data.h"
#include "client/renewal/form.h"
#include "client/renewal/keys.h"
#include "client/renewal/sent.h"
#include "client/renewal/steps.h"
#include "client/roots.h"
#include "client/state/archive.h"
#include "client/text.h"
#include "token/copy.h"

#include <stdio.h>
#include <string.h>

/* --- what came ----------------------------------------------------------- */

static enum outcome read_roots(struct renewal *renewal, struct chain *roots)
{
    struct failure failure = {.outcome = OUTCOME_DONE};

    if (roots_read(renewal_get(renewal, RECORD_ROOTS), roots, &failure) !=
        OUTCOME_DONE)
        return renewal_fail(renewal, failure.outcome, "%s", failure.detail);
    return OUTCOME_DONE;
}

static enum outcome check_sent(struct renewal *renewal,
                               const struct certificate *issued,
                               const struct chain *sent)
{
    struct chain roots = {.count = 0};
    struct name data = {{NULL}};
    const char *detail = "";
    struct check check = {
        .issued = issued,
        .old = renewal->old_certificate,
        .point = renewal->new_container->point,
        .point_size = 2 * renewal->new_container->info.algorithm->key_size,
        .data = &data,
        .sent = sent,
        .now = clock_now(renewal->clock)};
    enum outcome outcome = data_accepted(renewal, &data);

    if (outcome == OUTCOME_DONE && renewal_get(renewal, RECORD_ROOTS) != NULL) {
        outcome = read_roots(renewal, &roots);
        check.roots = &roots;
    }
    if (outcome == OUTCOME_DONE) {
        outcome = check_issued(&check, &detail);
        if (outcome != OUTCOME_DONE)
            renewal_fail(renewal, outcome, "%s", detail);
    }
    chain_free(&roots);
    name_free(&data);
    return outcome;
}

/* --- install ------------------------------------------------------------- */

/* On success the certificate is the open container's. */
static enum outcome keep(struct renewal *renewal, struct certificate **issued,
                         const struct chain *sent)
{
    const char *where = renewal->new_container->info.where;
    char path[PATHS_MAX];
    enum outcome outcome =
        archive_add_all(renewal->old_certificate, sent, *issued, path);
    enum fault fault;

    if (outcome != OUTCOME_DONE)
        return renewal_fail(renewal, outcome, "%s", "");
    fault = medium_kind(where)->write_certificate(where, *issued);
    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault, where);
    renewal_set(renewal, RECORD_NEW_CERTIFICATE, path);
    renewal_set(renewal, RECORD_NEW_THUMBPRINT, (*issued)->thumbprint);
    record_set_time(&renewal->record, RECORD_NEW_NOT_AFTER,
                    (*issued)->not_after);
    certificate_free(&renewal->new_container->info.certificate);
    renewal->new_container->info.certificate = *issued;
    *issued = NULL;
    return OUTCOME_DONE;
}

static enum outcome check_and_keep(struct renewal *renewal,
                                   struct certificate **issued,
                                   const struct chain *sent)
{
    const time_t until = (*issued)->not_after;
    enum outcome outcome = check_sent(renewal, *issued, sent);

    if (outcome == OUTCOME_DONE)
        outcome = keep(renewal, issued, sent);
    if (outcome == OUTCOME_DONE)
        screen_say(
            renewal->screen,
            _("The certificate is installed. It is valid until %s. Use it from "
              "now on: %s. The old one stays for reading old documents."),
            text_date(until).text,
            text_clean(renewal_get(renewal, RECORD_NEW_CONTAINER)).text);
    return outcome;
}

static enum outcome read_and_keep(struct renewal *renewal)
{
    struct chain own = {.count = 0}, sent = {.count = 0};
    struct certificate *issued;
    enum outcome outcome;

    if (sent_read(renewal->out,
                  renewal->authorities != NULL ? renewal->authorities : &own,
                  &issued, &sent) == FAULT_NONE)
        outcome = check_and_keep(renewal, &issued, &sent);
    else
        outcome =
            renewal_fail(renewal, OUTCOME_CERTIFICATE_UNREADABLE, "%s", "");
    certificate_free(&issued);
    chain_free(&own);
    return outcome;
}

enum outcome step_install(struct renewal *renewal)
{
    enum outcome outcome;

    /* The medium must be there before anything is fetched. */
    outcome = keys_find_new(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = form_have(renewal);
    if (outcome == OUTCOME_DONE) {
        message_clear(renewal->in);
        message_put_text(renewal->in, "formId",
                         renewal_get(renewal, RECORD_FORM));
        outcome = call_do(renewal, "readCertificate");
    }
    return outcome == OUTCOME_DONE ? read_and_keep(renewal) : outcome;
}

/* --- backup -------------------------------------------------------------- */

/* One that an earlier run made is proven, not made again. The copy is the
 * original to the byte, so it has the new certificate if that has. */
static enum outcome copy_or_prove(struct renewal *renewal,
                                  const struct medium_ops *ops,
                                  const char *location)
{
    struct copy_original original = {.files = NULL};
    const char *what = renewal->new_container->info.where;
    struct copy copy = {.opened = false};
    enum fault fault = copy_take(medium_kind(what), what, &original);

    if (fault == FAULT_NONE &&
        strcmp(original.thumbprint,
               renewal_get(renewal, RECORD_NEW_THUMBPRINT)) != 0)
        fault = FAULT_NO_CERTIFICATE; /* it has changed meanwhile */
    if (fault == FAULT_NONE) {
        what = location;
        original.opened = renewal->new_container;
        fault = copy_put(&original, renewal->new_password, ops, location,
                         COPY_SAME_NAMED, &copy);
    }
    if (fault == FAULT_NONE && !copy.opened)
        fault = FAULT_PASSWORD_NEEDED;
    if (fault == FAULT_NONE)
        renewal_set(renewal, RECORD_BACKUP_CONTAINER, copy.where);
    copy_release(&original);
    return renewal_fault(renewal, fault, what);
}

/* Whether the new key was made where it stays. */
static bool is_inside(const struct renewal *renewal)
{
    const char *where = renewal_get(renewal, RECORD_NEW_CONTAINER);
    const char *copying = renewal_get(renewal, RECORD_COPYING);
    const struct medium_ops *ops = where == NULL ? NULL : medium_kind(where);

    return (ops != NULL && ops->inside_only) ||
           (copying != NULL && strcmp(copying, "inside") == 0);
}

/* That of the token which the copy goes to. */
static enum outcome take_pin(struct renewal *renewal,
                             const struct medium_ops *ops, const char *location)
{
    struct failure failure;
    enum outcome outcome = pin_given_take(
        ops, location, renewal_get(renewal, RECORD_BACKUP_PIN_FILE),
        renewal->options->copy_pin_fd, "--backup-pin-file", &failure);

    return outcome == OUTCOME_DONE
               ? OUTCOME_DONE
               : renewal_fail(renewal, outcome, "%s", failure.detail);
}

/* The sentence why there is no copy of a key that may have none, or NULL. */
static const char *copy_refused(const struct renewal *renewal)
{
    if (is_inside(renewal))
        return _("The new key is inside of its token and cannot be copied, "
                 "so there is no copy. Keep the token safe.");
    if (renewal_get(renewal, RECORD_COPYING) != NULL)
        return _("The new key may not be copied, so there is no copy.");
    return NULL;
}

static enum outcome back_up_to(struct renewal *renewal, const char *place)
{
    const struct medium_ops *ops;
    const char *copy;
    char location[LOCATION_MAX];
    enum fault fault = medium_find(place, &ops, location);
    enum outcome outcome;

    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault, place);
    outcome = keys_find_new(renewal);
    if (outcome == OUTCOME_DONE)
        outcome = take_pin(renewal, ops, location);
    if (outcome == OUTCOME_DONE)
        outcome = copy_or_prove(renewal, ops, location);
    if (outcome != OUTCOME_DONE)
        return outcome;
    copy = renewal_get(renewal, RECORD_BACKUP_CONTAINER);
    screen_say(renewal->screen,
               _("The container has been copied, and the copy has been "
                 "checked: %s"),
               copy);
    copy_password_say(renewal->screen,
                      renewal->new_container->info.has_password, copy);
    return OUTCOME_DONE;
}

enum outcome step_back_up(struct renewal *renewal)
{
    const char *refused = copy_refused(renewal);
    enum outcome outcome;

    if (refused != NULL) {
        screen_say(renewal->screen, "%s", refused);
        return OUTCOME_DONE;
    }
    outcome = copy_place_choose(renewal);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (renewal_get(renewal, RECORD_BACKUP)[0] != '\0')
        return back_up_to(renewal, renewal_get(renewal, RECORD_BACKUP));
    screen_say(renewal->screen,
               _("No copy has been made. Make one as soon as you can: "
                 "without it a broken drive means a visit to the "
                 "service centre."));
    return OUTCOME_DONE;
}

/* --- report -------------------------------------------------------------- */

/* Worth another try: it may pass. */
static bool may_pass(enum outcome outcome)
{
    static const enum outcome passing[] = {
        OUTCOME_UNREACHABLE,     OUTCOME_TIMEOUT,      OUTCOME_SERVER_UNTRUSTED,
        OUTCOME_SERVER_BUSY,     OUTCOME_SERVER_ERROR, OUTCOME_SERVER_GARBAGE,
        OUTCOME_UNAUTHORIZED,    OUTCOME_INTERRUPTED,  OUTCOME_MEMORY,
        OUTCOME_STATE_UNWRITABLE};

    for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
        if (passing[i] == outcome)
            return true;
    return false;
}

static enum outcome report(struct renewal *renewal)
{
    enum outcome outcome = form_have(renewal);

    if (outcome != OUTCOME_DONE || form_rank(renewal) >= FORM_INSTALLED)
        return outcome;
    message_clear(renewal->in);
    form_put(renewal);
    return form_do(renewal, "reportInstalled");
}

/* The certificate is installed: whether the server takes note of it is its
 * own affair. */
enum outcome step_report(struct renewal *renewal)
{
    enum outcome outcome = report(renewal);

    if (outcome == OUTCOME_WRONG_STATE && form_read(renewal) == OUTCOME_DONE)
        outcome = report(renewal);
    if (outcome == OUTCOME_DONE || may_pass(outcome))
        return outcome;
    screen_say(renewal->screen,
               _("The server did not take note that the certificate is "
                 "installed. That does it no harm."));
    return OUTCOME_DONE;
}
