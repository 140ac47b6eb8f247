#include "client/commands/commands.h"

#include "client/renewal/beginning.h"
#include "client/renewal/due.h"
#include "client/renewal/earlier.h"
#include "client/renewal/failing.h"
#include "client/renewal/former.h"
#include "client/renewal/means.h"
#include "client/renewal/places.h"
#include "client/renewal/renewal.h"
#include "client/renewal/result.h"
#include "client/renewal/standing.h"
#include "client/scan/scan.h"
#include "client/screen/walk.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "token/container/codepage.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHOICES_MAX = 50 };

/* --- which container ----------------------------------------------------- */

struct choices {
    const struct desk *desk;
    struct journal *journal; /* NULL: none yet */
    char *where[CHOICES_MAX];
    char *line[CHOICES_MAX];
    size_t count;
};

/* Due or begun, and not excluded by what the centre has said before. */
static bool is_offered(const struct choices *choices, const struct find *find)
{
    const struct desk *desk = choices->desk;
    struct standing standing;
    bool offered;

    standing_find(&standing, choices->journal, find->certificate, true,
                  clock_now(desk->clock), desk->options->window);
    offered = standing.state != STANDING_NONE &&
              standing.state != STANDING_EXCLUDED &&
              standing.state != STANDING_RENEWED;
    standing_free(&standing);
    return offered;
}

static enum fault add_choice(void *context, const struct find *find)
{
    struct choices *choices = context;
    const char *owner;

    if (find->container == NULL || find->certificate == NULL ||
        choices->count == CHOICES_MAX || !is_offered(choices, find))
        return FAULT_NONE;
    owner = find->certificate->subject.value[NAME_COMMON_NAME];
    if (asprintf(&choices->line[choices->count], _("%s, until %s (%s)"),
                 text_clean(owner).text,
                 text_date(find->certificate->not_after).text,
                 text_clean(find->where).text) < 0)
        return FAULT_MEMORY;
    choices->where[choices->count] = strdup(find->where);
    return choices->where[choices->count++] != NULL ? FAULT_NONE : FAULT_MEMORY;
}

static enum outcome ask(const struct choices *choices, size_t *chosen,
                        struct failure *failure)
{
    struct screen *screen = choices->desk->screen;
    enum prompt_end end;

    if (!screen_interactive(screen))
        return failure_set(failure, OUTCOME_USAGE,
                           _("Name the container: kep renew CONTAINER."));
    if (choices->count == 0)
        return failure_set(
            failure, OUTCOME_NOTHING_DUE,
            _("If your key is somewhere else, plug its drive in, or look "
              "what is due in its folder: kep status FOLDER."));
    end = prompt_choose(screen, _("Which certificate is to be renewed?"),
                        (const char *const *)choices->line, choices->count,
                        chosen);
    return failure_set(failure,
                       end == PROMPT_OK ? OUTCOME_DONE : OUTCOME_CANCELLED, "");
}

/* No container was named: those that are due are offered. *chosen: the number
 * of the former answer, from 0. */
static enum outcome choose_container(struct desk *desk, size_t *chosen,
                                     char *where, struct failure *failure)
{
    struct workplace workplace;
    struct choices choices = {.desk = desk};
    enum fault fault;

    (void)workplace_look(&workplace);
    choices.journal = workplace.journal;
    fault = scan_usual(add_choice, &choices);
    workplace_close(&workplace);
    failure->outcome = outcome_of_fault(fault);
    if (fault == FAULT_NONE && ask(&choices, chosen, failure) == OUTCOME_DONE)
        snprintf(where, LOCATION_MAX, "%s", choices.where[*chosen]);
    for (size_t i = 0; i < choices.count; i++) {
        free(choices.where[i]);
        free(choices.line[i]);
    }
    return failure->outcome;
}

/* --- whether ------------------------------------------------------------- */

/* Containers keep their names in a code page of one byte a character. */
static bool is_name(const char *name)
{
    uint8_t text[CONTAINER_NAME_MAX];
    size_t size;

    return codepage_encode(name, text, sizeof(text), &size) == FAULT_NONE;
}

static enum outcome check_words(const struct desk *desk,
                                struct failure *failure)
{
    const struct options *options = desk->options;
    const struct {
        const char *option, *value;
        bool wrong;
    } words[] = {
        {"algorithm", options->algorithm,
         options->algorithm != NULL &&
             algorithm_by_word(options->algorithm) == NULL},
        {"name", options->name,
         options->name != NULL && !is_name(options->name)},
    };

    failure->outcome = OUTCOME_DONE;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].wrong) {
            failure->outcome = OUTCOME_USAGE;
            snprintf(failure->detail, sizeof(failure->detail),
                     _("The value of --%s is not right: %s"), words[i].option,
                     text_clean(words[i].value).text);
        }
    if (options->express && options->changes != NULL)
        return failure_set(failure, OUTCOME_USAGE,
                           _("In an express renewal nothing is corrected: "
                             "--changes goes with --normal or --paper."));
    return failure->outcome;
}

/* All that nobody can be asked for; "": nothing. */
static void name_missing(const struct options *options, bool begun, char *out,
                         size_t size)
{
    const struct {
        bool missing;
        const char *option;
    } needed[] = {
        {!begun && options->server == NULL, "--server"},
        {!begun && options->phone == NULL, "--phone"},
        {!begun && options->to == NULL, "--to"},
        {options->code_command == NULL && options->codes == NULL,
         _("--code-command or --codes")},
    };
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
        if (needed[i].missing && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     used > 0 ? ", " : "", needed[i].option);
}

/* What can be known before anybody is asked for a code. */
static enum outcome check_options(const struct desk *desk,
                                  const struct earlier *earlier,
                                  struct failure *failure)
{
    const struct options *options = desk->options;
    char missing[FAILURE_DETAIL];

    if (screen_interactive(desk->screen))
        return earlier->begun || options->server != NULL
                   ? OUTCOME_DONE
                   : failure_set(
                         failure, OUTCOME_CONFIGURATION,
                         _("Where the server of the certification centre is "
                           "has to be told: by --server, or by server in the "
                           "settings."));
    name_missing(options, earlier->begun, missing, sizeof(missing));
    if (missing[0] != '\0')
        return failure_set(failure, OUTCOME_ANSWER_NEEDED, missing);
    return failure_set(failure,
                       earlier->accepted || options->accept_data
                           ? OUTCOME_DONE
                           : OUTCOME_ACCEPTANCE_NEEDED,
                       "");
}

/* --- the renewal --------------------------------------------------------- */

static enum outcome answer(struct desk *desk, struct json_object *json,
                           const struct failure *failure)
{
    enum outcome outcome = failure->outcome;

    result_say(desk->screen, failure);
    if (desk->options->json && result_print(json) != 0)
        outcome = OUTCOME_IO;
    json_object_put(json);
    return outcome;
}

static void tell_failure(struct desk *desk, struct renewal *renewal,
                         enum outcome outcome)
{
    struct failing failing = {renewal->journal, desk->options, 0};
    char problem[HOOK_PROBLEM];

    if (!failing_tell(&failing, &renewal->record, outcome, NULL, problem))
        failing_say(desk->screen, 1, 0, problem);
}

/* The questions, and then the renewal: a person may go back out of its first
 * step, and answer them otherwise. */
struct renewing {
    struct desk *desk;
    struct options given; /* before any answer changed them */
    size_t choice;
    char chosen[LOCATION_MAX];
    const char *where; /* that, or what the command names */
    struct container_info info;
    char home[LOCATION_MAX];   /* the place that it is in */
    char target[LOCATION_MAX]; /* that was asked for */
    struct json_object *json;  /* of the renewal, if it was begun */
    struct failure failure;
    enum outcome outcome;
};

static enum outcome begin(struct renewing *renewing, struct renewal *renewal,
                          struct journal *journal)
{
    struct desk *desk = renewing->desk;
    enum outcome outcome = renewal_init(renewal, journal, desk->screen,
                                        desk->clock, desk->options);

    if (outcome == OUTCOME_DONE)
        outcome = beginning_take(renewal, &renewing->info);
    return outcome;
}

static enum outcome renew(struct renewing *renewing)
{
    struct workplace workplace;
    struct renewal renewal = {.journal = NULL};
    struct failure *failure = &renewing->failure;
    enum outcome outcome = workplace_open(&workplace);

    if (outcome == OUTCOME_LOCKED && workplace.holder > 0)
        snprintf(failure->detail, sizeof(failure->detail),
                 _("Its number: %ld."), workplace.holder);
    if (outcome == OUTCOME_DONE &&
        !earlier_find(workplace.journal, renewing->info.certificate->thumbprint)
             .applied)
        outcome = means_check(renewing->desk->options, NULL, failure);
    if (outcome == OUTCOME_DONE)
        outcome = begin(renewing, &renewal, workplace.journal);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_run(&renewal);
    if (renewal_get(&renewal, RECORD_ID) != NULL) {
        *failure = renewal.failure;
        tell_failure(renewing->desk, &renewal, outcome);
        renewing->json = result_json(&renewal, outcome);
    }
    failure->outcome = outcome;
    renewal_free(&renewal);
    workplace_close(&workplace);
    return outcome;
}

static enum outcome foresee(struct failure *failure)
{
    struct workplace workplace;

    failure->outcome = workplace_foresee(&workplace);
    workplace_close(&workplace);
    return failure->outcome;
}

/* What can be found out before anything is begun. */
static enum outcome check(struct renewing *renewing)
{
    const struct desk *desk = renewing->desk;
    struct failure *failure = &renewing->failure;
    struct earlier earlier = {.begun = false};
    enum outcome outcome = check_words(desk, failure);

    if (outcome == OUTCOME_DONE)
        outcome = failure_set(
            failure,
            earlier_look(renewing->info.certificate->thumbprint, &earlier), "");
    if (outcome == OUTCOME_DONE)
        outcome = check_options(desk, &earlier, failure);
    if (outcome == OUTCOME_DONE && !earlier.begun)
        outcome = places_ask(desk->options, desk->screen,
                             former_key(renewing->info.where), renewing->target,
                             failure);
    if (outcome == OUTCOME_DONE)
        outcome = places_check(desk->options, failure);
    if (outcome == OUTCOME_DONE && !earlier.begun &&
        !screen_interactive(desk->screen))
        outcome = places_pins(desk->options, renewing->info.where, failure);
    if (outcome == OUTCOME_DONE && !earlier.begun)
        outcome = places_password(desk->options, failure);
    if (outcome == OUTCOME_DONE && desk->options->dry_run)
        outcome = means_check(desk->options, NULL, failure);
    if (outcome == OUTCOME_DONE && desk->options->dry_run)
        outcome = foresee(failure);
    if (outcome == OUTCOME_DONE && desk->options->dry_run)
        failure->outcome = outcome = OUTCOME_WOULD_RENEW;
    return outcome;
}

static void forget(struct renewing *renewing)
{
    container_info_free(&renewing->info);
    renewing->info = (struct container_info){.algorithm = NULL};
    json_object_put(renewing->json);
    renewing->json = NULL;
    *renewing->desk->options = renewing->given;
    /* Until it is begun there is nothing to resume. */
    renewing->failure =
        (struct failure){.outcome = OUTCOME_DONE, .elsewhere = true};
}

static enum outcome choose(struct renewing *renewing)
{
    struct desk *desk = renewing->desk;

    renewing->where = desk->options->argument[0];
    if (desk->options->arguments > 0)
        return OUTCOME_DONE;
    renewing->where = renewing->chosen;
    return choose_container(desk, &renewing->choice, renewing->chosen,
                            &renewing->failure);
}

enum { CHOOSE, DUE, CHECK, RENEW, ROWS };

static bool ask_row(void *context, size_t row, bool again)
{
    struct renewing *renewing = context;
    struct desk *desk = renewing->desk;
    struct failure *failure = &renewing->failure;

    (void)again;
    if (row <= DUE)
        forget(renewing);
    if (row == CHOOSE) {
        renewing->outcome = choose(renewing);
    } else if (row == DUE) {
        renewing->outcome = former_read(desk, renewing->where, &renewing->info,
                                        renewing->home, failure);
        if (renewing->outcome == OUTCOME_DONE)
            renewing->outcome = due_check(desk, &renewing->info, failure);
    } else if (row == CHECK) {
        renewing->outcome = check(renewing);
    } else {
        renewing->outcome = renew(renewing);
    }
    return renewing->outcome == OUTCOME_DONE;
}

enum outcome renew_run(struct desk *desk)
{
    struct renewing *renewing = calloc(1, sizeof(*renewing));
    enum outcome outcome = OUTCOME_MEMORY;

    if (renewing == NULL)
        return outcome;
    renewing->desk = desk;
    renewing->given = *desk->options;
    (void)walk_run(desk->screen, ROWS, ask_row, renewing);
    if (renewing->json == NULL)
        renewing->json = result_json_plain(&renewing->failure);
    outcome = answer(desk, renewing->json, &renewing->failure);
    renewing->json = NULL;
    forget(renewing);
    free(renewing);
    return outcome;
}
