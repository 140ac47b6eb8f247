#include "client/renewal/new_key.h"

#include "client/password.h"
#include "client/renewal/keys.h"
#include "client/screen/entropy_bar.h"
#include "client/signals.h"
#include "client/stream.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    FEED_MAX = 4096, /* bytes taken from an entropy file */
    KEY_MONTHS = 15, /* RFC 9215: the most for a key's period */
    FOLDER_SIZE = 13 /* "abcd1234.000" */
};

/* --- where --------------------------------------------------------------- */

/* Names are random: a container is told from others by what is in it, and a
 * name must never meet one that is there. */
static void invent_folder(char folder[FOLDER_SIZE])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (int i = 0; i < 8; i++)
        folder[i] = letters[randombytes_uniform(i == 0 ? 26 : 36)];
    memcpy(folder + 8, ".000", 5);
}

/* NULL where a key can be made, else the sentence why not. */
static const char *refuse_target(const char *place, void *data)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX], folder[FOLDER_SIZE];
    enum fault fault = medium_find(place, &ops, canonical);

    (void)data;
    invent_folder(folder);
    if (fault == FAULT_NONE)
        fault = ops->probe(canonical, folder);
    return fault == FAULT_NONE
               ? NULL
               : _(outcome_row(outcome_of_fault(fault))->sentence);
}

/* A place that was given but cannot be used now (a drive that is not plugged
 * in) is asked for again, unless a key may be there already. */
static enum outcome choose_target(struct renewal *renewal)
{
    const char *given = renewal_get(renewal, RECORD_TARGET);
    const char *why = NULL;
    char answer[LOCATION_MAX];
    const struct prompt_line ask = {
        .question = _("Where to keep the new key: a folder (for example on a "
                      "flash drive), or local: for this computer"),
        .preset = given != NULL ? given : "local:",
        .check = refuse_target};
    enum prompt_end end;

    if (given != NULL && (!screen_interactive(renewal->screen) ||
                          renewal_get(renewal, RECORD_FOLDER) != NULL))
        return OUTCOME_DONE; /* it is looked at before the key is made */
    if (given != NULL && (why = refuse_target(given, NULL)) == NULL)
        return OUTCOME_DONE;
    if (why != NULL)
        screen_say(renewal->screen, "%s: %s", text_clean(given).text, why);
    end = prompt_line(renewal->screen, &ask, answer, sizeof(answer));
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--to");
    renewal_set(renewal, RECORD_TARGET, answer);
    return OUTCOME_DONE;
}

/* --- its password -------------------------------------------------------- */

static enum outcome ask_password(struct renewal *renewal)
{
    const struct prompt_secret ask = {
        .question = _("Password of the new container (Enter: none)"),
        .again = _("The same password once more"),
        .check = password_refuse,
        .may_be_empty = true};
    enum prompt_end end;
    bool without = true;

    screen_say(renewal->screen,
               _("The new container can have a password. It is usual to have "
                 "none: a password that is lost cannot be restored, and work "
                 "becomes impossible. But whoever gets the files of a "
                 "container without a password can sign as you: keep its "
                 "drive safe."));
    do {
        secret_free(&renewal->new_password);
        end = prompt_secret(renewal->screen, &ask, &renewal->new_password);
        if (end != PROMPT_OK)
            return renewal_unanswered(renewal, end, "--pin-file");
        if (renewal->new_password[0] != '\0')
            return OUTCOME_DONE;
        end = prompt_yes(renewal->screen, _("Leave it without a password?"), 0,
                         &without);
        if (end != PROMPT_OK)
            return renewal_unanswered(renewal, end, "--pin-file");
    } while (!without);
    return OUTCOME_DONE;
}

static enum outcome choose_password(struct renewal *renewal)
{
    enum outcome outcome = keys_new_password(renewal);
    const char *why = NULL;

    if (renewal->new_password != NULL)
        why = password_refuse(renewal->new_password, NULL);
    if (why != NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION, "--pin-file: %s",
                            why);
    if (outcome != OUTCOME_DONE || renewal->new_password != NULL)
        return outcome;
    if (screen_interactive(renewal->screen))
        return ask_password(renewal);
    screen_say(renewal->screen,
               _("No --pin-file was given: the new container has no "
                 "password."));
    renewal->new_password = secret_copy("", 0);
    return renewal->new_password != NULL ? OUTCOME_DONE : OUTCOME_MEMORY;
}

/* --- its randomness ------------------------------------------------------ */

/* Bytes of a file or device of the user's own. */
static enum fault feed_from(struct entropy *pool, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    uint8_t *bytes = secret_new(FEED_MAX);
    enum fault fault = bytes == NULL ? FAULT_MEMORY : FAULT_NONE;
    ssize_t size;

    if (fd < 0)
        fault = errno == EACCES ? FAULT_NO_ACCESS : FAULT_NOT_FOUND;
    if (fault == FAULT_NONE) {
        size = stream_read(fd, bytes, FEED_MAX);
        fault = size < 0 ? FAULT_IO : entropy_feed(pool, bytes, (size_t)size);
    }
    if (fault == FAULT_NONE && entropy_bits(pool) < ENTROPY_WANTED)
        fault = FAULT_ENTROPY; /* too short to be worth its name */
    if (fd >= 0)
        close(fd);
    secret_free(&bytes);
    return fault;
}

static enum outcome fill_pool(struct renewal *renewal, struct entropy *pool)
{
    const char *source = renewal->options->entropy;
    enum fault fault = FAULT_NONE;
    enum prompt_end end;

    if (source == NULL)
        source = screen_interactive(renewal->screen) ? "keyboard" : "system";
    if (strcmp(source, "system") == 0)
        return OUTCOME_DONE;
    if (strcmp(source, "keyboard") != 0) {
        fault = feed_from(pool, source);
        return signals_pending()
                   ? renewal_fail(renewal, OUTCOME_INTERRUPTED, "%s", "")
                   : renewal_fault(renewal, fault, source);
    }
    end = entropy_bar_fill(renewal->screen, pool, 0, &fault);
    if (end == PROMPT_FAILED && fault != FAULT_NONE)
        return renewal_fault(renewal, fault, "");
    return renewal_unanswered(renewal, end, "--entropy");
}

/* --- making -------------------------------------------------------------- */

static time_t months_later(time_t now, int months)
{
    struct tm tm = {0};

    gmtime_r(&now, &tm);
    tm.tm_mon += months;
    return timegm(&tm);
}

static enum outcome generate(struct renewal *renewal,
                             const struct medium_ops *ops, const char *target)
{
    const char *folder = renewal_get(renewal, RECORD_FOLDER);
    const char *given = renewal_get(renewal, RECORD_NAME);
    const time_t now = clock_now(renewal->clock);
    char name[32];
    const struct container_spec spec = {
        .folder_name = folder,
        .name = given != NULL ? given : name,
        .algorithm = algorithm_by_word(renewal_get(renewal, RECORD_ALGORITHM)),
        .password = renewal->new_password,
        .exportable = renewal_get(renewal, RECORD_COPYING) == NULL,
        .key_not_after = months_later(now, KEY_MONTHS)};
    struct container *made = NULL;
    struct entropy *pool = NULL;
    enum outcome outcome = renewal_fault(renewal, entropy_new(&pool), "");

    if (!spec.exportable)
        screen_say(renewal->screen,
                   _("The new key will be marked as one that may not be "
                     "copied, as --non-exportable asks: neither kep nor other "
                     "programs make a copy of it, so if its drive breaks you "
                     "need a new certificate from the service centre."));
    snprintf(name, sizeof(name), "kep-%.10s-%.8s", text_rfc3339(now).text,
             folder);
    if (outcome == OUTCOME_DONE)
        outcome = fill_pool(renewal, pool);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_fault(
            renewal, ops->generate(target, &spec, pool, &made), target);
    entropy_free(&pool);
    /* Nothing of it is there: another place or name may be chosen. */
    renewal_set(renewal, RECORD_FOLDER,
                outcome == OUTCOME_DONE ? folder : NULL);
    if (outcome == OUTCOME_DONE)
        outcome = keys_take_new(renewal, &made);
    container_free(&made);
    return outcome;
}

/* Everything that can be known to go wrong is looked at before the folder's
 * name is written into the journal. An earlier run's name stays: its key may
 * have been made. */
static enum outcome prepare(struct renewal *renewal,
                            const struct medium_ops *ops, const char *target)
{
    const char *word = renewal_get(renewal, RECORD_ALGORITHM);
    const char *known = renewal_get(renewal, RECORD_FOLDER);
    char folder[FOLDER_SIZE];
    enum outcome outcome;

    if (algorithm_by_word(word) == NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION,
                            _("The value of --%s is not right: %s"),
                            "algorithm", word);
    invent_folder(folder);
    outcome = renewal_fault(
        renewal, ops->probe(target, known != NULL ? known : folder), target);
    if (outcome == OUTCOME_DONE)
        outcome = choose_password(renewal);
    if (outcome != OUTCOME_DONE)
        return outcome;
    if (known == NULL)
        renewal_set(renewal, RECORD_FOLDER, folder);
    renewal_set(renewal, RECORD_TARGET, target);
    return renewal_save(renewal);
}

/* Whether an earlier run has made it, and was killed before it could say so.
 * FAULT_NOT_FOUND: it has not. Any other fault is one: a second key is never
 * made beside one that cannot be read just now. */
static enum fault look_for_made(struct renewal *renewal,
                                const struct medium_ops *ops,
                                const char *target, char *where)
{
    struct container_info info = {.algorithm = NULL};
    const char *folder = renewal_get(renewal, RECORD_FOLDER);
    enum fault fault;

    if (folder == NULL)
        return FAULT_NOT_FOUND;
    if (snprintf(where, LOCATION_MAX, "%s/%s", target, folder) >= LOCATION_MAX)
        return FAULT_TOO_LARGE;
    fault = ops->describe(where, &info);
    container_info_free(&info);
    return fault;
}

enum outcome new_key_make(struct renewal *renewal)
{
    const struct medium_ops *ops;
    char target[LOCATION_MAX], where[LOCATION_MAX];
    enum outcome outcome = choose_target(renewal);
    enum fault fault;

    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = medium_find(renewal_get(renewal, RECORD_TARGET), &ops, target);
    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault,
                             renewal_get(renewal, RECORD_TARGET));
    fault = look_for_made(renewal, ops, target, where);
    if (fault == FAULT_NONE)
        return keys_adopt_new(renewal, where);
    if (fault != FAULT_NOT_FOUND)
        return renewal_fault(renewal, fault, where);
    outcome = prepare(renewal, ops, target);
    if (outcome == OUTCOME_DONE)
        outcome = generate(renewal, ops, target);
    if (outcome == OUTCOME_DONE)
        screen_say(renewal->screen,
                   _("The new key has been made and checked: %s"),
                   text_clean(renewal_get(renewal, RECORD_NEW_CONTAINER)).text);
    return outcome;
}
