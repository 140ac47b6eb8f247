#include "client/commands/commands.h"

#include "client/columns.h"
#include "client/notice/notice.h"
#include "client/renewal/awaiting.h"
#include "client/renewal/policy.h"
#include "client/renewal/reason.h"
#include "client/renewal/standing.h"
#include "client/scan/scan.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/certificate_view.h"
#include "client/view/view_put.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
    const struct desk *desk;
    struct journal *journal;      /* NULL: none yet */
    struct json_object *problems; /* NULL: no JSON is wanted */
    size_t certificates;          /* that were printed as JSON */
    bool found;                   /* something */
    size_t count;                 /* of what is shown */
    int written;                  /* -1: stdout failed */
    struct notices notices;       /* of what is due */
    struct awaiting awaiting;     /* of those without a certificate */
};

/* --- for people ---------------------------------------------------------- */

enum { VALUES_AT = 26 };

static void line(struct listing *listing, const char *label, const char *value)
{
    char left[128];

    snprintf(left, sizeof(left), "  %s:", label);
    if (columns_print(VALUES_AT, left, value) != 0)
        listing->written = -1;
}

static void print_dates(struct listing *listing,
                        const struct certificate *certificate)
{
    time_t now = clock_now(listing->desk->clock);
    long left = policy_days_left(certificate, now);
    char value[512];

    if (left >= 0)
        snprintf(value, sizeof(value), "%s",
                 text_end(certificate->not_after, left).text);
    else
        snprintf(value, sizeof(value), _("%s (over)"),
                 text_date(certificate->not_after).text);
    line(listing, _("Valid until"), value);
    if (certificate->key_not_after != 0)
        line(listing, _("The key can sign until"),
             text_date(certificate->key_not_after).text);
}

static void print_standing(struct listing *listing, const struct find *find,
                           const struct standing *standing)
{
    bool container = find->container != NULL;
    time_t now = clock_now(listing->desk->clock);
    char value[4096];

    line(listing, _("Renewal"),
         standing_sentence(standing, container, find->where, value,
                           sizeof(value)));
    if (standing_failed(standing) != NULL)
        line(listing, _("Last application"),
             standing_failure(standing, value, sizeof(value)));
    if (container &&
        standing_advice(standing, find->container, now, value, sizeof(value)))
        line(listing, _("Keep"), value);
}

static void print_certificate(struct listing *listing, const struct find *find,
                              const struct standing *standing)
{
    const struct certificate *certificate = find->certificate;

    if (text_print(stdout, "%s%s\n", listing->count > 1 ? "\n" : "",
                   certificate_view_owner(certificate).text) != 0)
        listing->written = -1;
    print_dates(listing, certificate);
    line(listing, find->container != NULL ? _("Container") : _("File"),
         text_clean(find->where).text);
    line(listing, _("Thumbprint"), certificate->thumbprint);
    print_standing(listing, find, standing);
}

/* A key that waits for its certificate is told from one of no use: people
 * delete those. Into out, which is returned. */
static char *problem_sentence(struct listing *listing, const struct find *find,
                              enum outcome outcome, char *out, size_t size)
{
    const char *id = NULL;

    if (outcome == OUTCOME_NO_CERTIFICATE)
        id = awaiting_find(&listing->awaiting, listing->journal, find->where);
    if (id != NULL)
        snprintf(out, size,
                 _("The key of the new certificate is in it, which has not "
                   "been installed yet (%.8s). Do not delete it. To go on: kep "
                   "resume"),
                 id);
    else
        snprintf(out, size, "%s", _(outcome_row(outcome)->sentence));
    return out;
}

static void print_problem(struct listing *listing, const struct find *find,
                          enum outcome outcome)
{
    char said[SENTENCE_MAX];

    if (text_print(stdout, "%s%s\n", listing->count > 1 ? "\n" : "",
                   text_clean(find->where).text) != 0)
        listing->written = -1;
    line(listing, _("Cannot be used"),
         problem_sentence(listing, find, outcome, said, sizeof(said)));
}

/* --- as JSON ------------------------------------------------------------- */

/* NULL, which is JSON's null: there is none. */
static struct json_object *failed_json(const struct record *record)
{
    struct json_object *object = NULL;
    char message[SENTENCE_MAX];

    if (record == NULL)
        return NULL;
    object = json_object_new_object();
    view_put_text(object, "renewal", record_get(record, RECORD_ID));
    view_put_text(object, "outcome", record_get(record, RECORD_OUTCOME));
    view_put_text(object, "message",
                  reason_sentence(record, message, sizeof(message)));
    return object;
}

static struct json_object *renewal_json(const struct standing *standing)
{
    struct json_object *object = json_object_new_object();
    const struct record *record = &standing->record;
    bool open = standing->state == STANDING_BEGUN ||
                standing->state == STANDING_REQUESTED ||
                standing->state == STANDING_RECEIVED;
    bool due = standing->offer == OUTCOME_DONE;

    view_put_flag(object, "available", due);
    view_put_text(object, "reason",
                  due ? NULL : outcome_row(standing->offer)->word);
    view_put_text(object, "state", standing_word(standing->state));
    view_put_text(object, "open", open ? record_get(record, RECORD_ID) : NULL);
    view_put_text(object, "step",
                  open ? record_get(record, RECORD_STEP) : NULL);
    view_put(object, "failed", failed_json(standing_failed(standing)));
    view_put_text(object, "backup",
                  standing->has_copy && !standing->copy_gone ? standing->copy
                                                             : NULL);
    return object;
}

static struct json_object *certificate_json(const struct listing *listing,
                                            const struct find *find,
                                            const struct standing *standing)
{
    const struct certificate *certificate = find->certificate;
    struct json_object *object = certificate_view_json(certificate);

    view_put_number(
        object, "daysLeft",
        policy_days_left(certificate, clock_now(listing->desk->clock)));
    view_put_text(object, "container",
                  find->container != NULL ? find->where : NULL);
    view_put_text(object, "file", find->container == NULL ? find->where : NULL);
    view_put(object, "renewal", renewal_json(standing));
    return object;
}

static struct json_object *problem_json(struct listing *listing,
                                        const struct find *find,
                                        enum outcome outcome)
{
    struct json_object *object = json_object_new_object();
    char said[SENTENCE_MAX];

    view_put_text(object, "where", find->where);
    view_put_text(object, "file", find->is_file ? find->where : NULL);
    view_put_text(object, "outcome", outcome_row(outcome)->word);
    view_put_text(object, "message",
                  problem_sentence(listing, find, outcome, said, sizeof(said)));
    return object;
}

/* Each as soon as it is found: there may be a hundred thousand of them. */
static void put(struct listing *listing, const char *before,
                struct json_object *object)
{
    const char *text = json_object_to_json_string_ext(
        object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

    if (text == NULL || printf("%s%s", before, text) < 0)
        listing->written = -1;
    json_object_put(object);
}

static void put_certificate(struct listing *listing, struct json_object *object)
{
    put(listing, listing->certificates++ == 0 ? "{\"certificates\":[" : ",",
        object);
}

static void put_problems(struct listing *listing)
{
    put(listing,
        listing->certificates == 0 ? "{\"certificates\":[],\"problems\":"
                                   : "],\"problems\":",
        listing->problems);
    if (printf("}\n") < 0 || fflush(stdout) != 0)
        listing->written = -1;
}

/* --- the walk ------------------------------------------------------------ */

static void show_problem(struct listing *listing, const struct find *find,
                         enum outcome outcome)
{
    listing->count++;
    if (listing->problems != NULL)
        json_object_array_add(listing->problems,
                              problem_json(listing, find, outcome));
    else
        print_problem(listing, find, outcome);
}

/* Whether it is one of those that were asked for. */
static bool is_wanted(const struct listing *listing,
                      const struct standing *standing)
{
    return !listing->desk->options->due || standing->state == STANDING_DUE ||
           standing->state == STANDING_BEGUN ||
           standing->state == STANDING_REQUESTED ||
           standing->state == STANDING_RECEIVED;
}

/* One whose renewal was begun and left lying, too, and one that is renewed in
 * another way than here. */
static bool is_to_be_reminded_of(const struct standing *standing)
{
    return standing->state == STANDING_DUE ||
           standing->state == STANDING_BEGUN ||
           (standing->state == STANDING_EXCLUDED &&
            standing->offer != OUTCOME_REVOKED &&
            standing->offer != OUTCOME_FORM_EXISTS);
}

static void show_certificate(struct listing *listing, const struct find *find)
{
    struct standing standing;

    standing_find(&standing, listing->journal, find->certificate,
                  find->container != NULL, clock_now(listing->desk->clock),
                  listing->desk->options->window);
    if (listing->desk->options->notify && is_to_be_reminded_of(&standing))
        notices_add(&listing->notices, find->certificate, find->where,
                    standing.state == STANDING_EXCLUDED,
                    clock_now(listing->desk->clock));
    if (!is_wanted(listing, &standing))
        goto out;
    listing->count++;
    if (listing->problems != NULL)
        put_certificate(listing, certificate_json(listing, find, &standing));
    else
        print_certificate(listing, find, &standing);
out:
    standing_free(&standing);
}

static enum fault show(void *context, const struct find *find)
{
    struct listing *listing = context;

    listing->found = true;
    if (find->fault != FAULT_NONE)
        show_problem(listing, find, outcome_of_fault(find->fault));
    else if (find->certificate == NULL)
        show_problem(listing, find, OUTCOME_NO_CERTIFICATE);
    else
        show_certificate(listing, find);
    return FAULT_NONE;
}

/* A place that was named and cannot be read is a failure; the others are
 * shown all the same. */
static enum outcome walk_all(struct listing *listing)
{
    const struct options *options = listing->desk->options;
    const struct scan_walk walk = {show, NULL, listing, false};
    enum outcome worst = OUTCOME_DONE;

    if (options->arguments == 0)
        return outcome_of_fault(scan_walk_usual(&walk));
    for (size_t i = 0; i < options->arguments; i++) {
        struct find find = {.where = options->argument[i]};

        find.fault = scan_walk_named(options->argument[i], &walk);
        if (find.fault == FAULT_NONE)
            continue;
        worst = outcome_of_fault(find.fault);
        show(listing, &find);
    }
    return worst;
}

static enum outcome end(struct listing *listing, enum outcome outcome)
{
    if (listing->problems != NULL) {
        put_problems(listing);
    } else if (listing->count == 0 && listing->found) {
        screen_say(listing->desk->screen, "%s",
                   _("No certificate has to be renewed now."));
    } else if (listing->count == 0) {
        screen_say(listing->desk->screen,
                   _("No containers and no certificates were found. Name a "
                     "place: kep status FOLDER"));
    }
    return listing->written == 0 ? outcome : OUTCOME_IO;
}

/* Reminders, where they are wanted. */
static enum outcome notify(struct listing *listing, enum outcome outcome)
{
    const struct desk *desk = listing->desk;
    enum outcome given;

    if (!desk->options->notify)
        return outcome;
    given = notices_give(&listing->notices, desk->options->due_command,
                         desk->screen, clock_now(desk->clock));
    return outcome_row(given)->status > outcome_row(outcome)->status ? given
                                                                     : outcome;
}

enum outcome status_run(struct desk *desk)
{
    struct listing listing = {.desk = desk};
    struct workplace workplace;
    enum outcome outcome = workplace_look(&workplace);

    if (desk->options->json)
        listing.problems = json_object_new_array();
    listing.journal = workplace.journal;
    if (outcome != OUTCOME_DONE && outcome != OUTCOME_NOTHING_OPEN) {
        struct find find = {.where = "journal.db", .is_file = true};

        show_problem(&listing, &find, outcome);
    }
    journal_hold(listing.journal, true);
    outcome = walk_all(&listing);
    journal_hold(listing.journal, false);
    outcome = notify(&listing, end(&listing, outcome));
    notices_free(&listing.notices);
    awaiting_free(&listing.awaiting);
    workplace_close(&workplace);
    return outcome;
}
