#include "client/renewal/keys.h"

#include "client/password.h"
#include "client/paths.h"
#include "client/screen/entropy_bar.h"
#include "client/text.h"
#include "keygen/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PASSWORD_TRIES = 3, /* of a file container; nothing locks */
    FEED_MAX = 4096,    /* bytes taken from an entropy file */
    KEY_MONTHS = 15     /* RFC 9215: the most for a key's period */
};

/* --- opening ------------------------------------------------------------- */

struct source {
    const char *file; /* of the password */
    long fd;
    const char *option;   /* that would have given it */
    const char *question; /* translated */
};

static enum outcome given_password(struct renewal *renewal,
                                   const struct source *source, char **password)
{
    enum outcome outcome;

    *password = NULL;
    if (source->file == NULL && source->fd < 0)
        return OUTCOME_DONE;
    outcome = password_read(source->file, (int)source->fd, password);
    if (outcome == OUTCOME_DONE)
        return OUTCOME_DONE;
    return renewal_fail(renewal, outcome, _("The password for %s: %s"),
                        source->option,
                        source->file != NULL ? source->file : "");
}

/* A password from a file is tried once; a person may mistype. */
static enum outcome ask_and_open(struct renewal *renewal,
                                 const struct medium_ops *ops,
                                 const char *where, const char *question,
                                 struct container **container, char **password)
{
    const struct prompt_secret ask = {.question = question};
    enum fault fault = FAULT_PASSWORD_NEEDED;

    for (int i = 0; i < PASSWORD_TRIES; i++) {
        enum prompt_end end = prompt_secret(renewal->screen, &ask, password);

        if (end == PROMPT_NOBODY)
            return renewal_fault(renewal, FAULT_PASSWORD_NEEDED, where);
        if (end != PROMPT_OK)
            return renewal_unanswered(renewal, end, "");
        fault = ops->open(where, *password, container);
        if (fault != FAULT_PASSWORD_WRONG)
            break;
        secret_free(password);
        screen_say(renewal->screen, _("The password does not open the "
                                      "container. Check the keyboard layout "
                                      "and Caps Lock."));
    }
    return renewal_fault(renewal, fault, where);
}

/* The password that opened it stays with the caller; *password may be known
 * already. */
static enum outcome open_container(struct renewal *renewal, const char *where,
                                   const struct source *source,
                                   struct container **container,
                                   char **password)
{
    const struct medium_ops *ops;
    char canonical[LOCATION_MAX];
    enum fault fault = medium_find(where, &ops, canonical);
    enum outcome outcome;

    if (fault != FAULT_NONE)
        return renewal_fault(renewal, fault, where);
    outcome = *password != NULL ? OUTCOME_DONE
                                : given_password(renewal, source, password);
    if (outcome != OUTCOME_DONE)
        return outcome;
    fault = ops->open(canonical, *password, container);
    if (fault == FAULT_PASSWORD_NEEDED && *password == NULL)
        return ask_and_open(renewal, ops, canonical, source->question,
                            container, password);
    return renewal_fault(renewal, fault, where);
}

enum outcome keys_open_old(struct renewal *renewal)
{
    const char *where = renewal_get(renewal, RECORD_OLD_CONTAINER);
    const struct source source = {
        renewal_get(renewal, RECORD_OLD_PIN_FILE), renewal->options->old_pin_fd,
        "--old-pin-file", _("Password of the old container")};
    struct container *old = NULL;
    char *password = NULL;
    enum outcome outcome;

    if (renewal->old_container != NULL)
        return OUTCOME_DONE;
    outcome = open_container(renewal, where, &source, &old, &password);
    secret_free(&password);
    if (outcome == OUTCOME_DONE &&
        (old->info.certificate == NULL ||
         strcmp(old->info.certificate->thumbprint,
                renewal_get(renewal, RECORD_OLD_THUMBPRINT)) != 0))
        outcome = renewal_fault(renewal, FAULT_NOT_FOUND, where);
    if (outcome != OUTCOME_DONE) {
        container_free(&old);
        return outcome;
    }
    renewal->old_container = old;
    return OUTCOME_DONE;
}

/* What was opened must be the key that the journal knows. */
static enum outcome compare_point(struct renewal *renewal,
                                  const struct container *container)
{
    char hex[4 * ALGORITHM_KEY_MAX + 1];
    const char *known = renewal_get(renewal, RECORD_NEW_POINT);

    sodium_bin2hex(hex, sizeof(hex), container->point,
                   2 * container->info.algorithm->key_size);
    if (known == NULL) {
        renewal_set(renewal, RECORD_NEW_POINT, hex);
        return OUTCOME_DONE;
    }
    if (strcmp(known, hex) == 0)
        return OUTCOME_DONE;
    return renewal_fail(renewal, OUTCOME_KEY_LOST, "%s", container->info.where);
}

static enum outcome open_at(struct renewal *renewal, const char *where)
{
    const struct source source = {renewal_get(renewal, RECORD_PIN_FILE),
                                  renewal->options->pin_fd, "--pin-file",
                                  _("Password of the new container")};
    struct container *made = NULL;
    char *password = renewal->new_password;
    enum outcome outcome;

    renewal->new_password = NULL;
    outcome = open_container(renewal, where, &source, &made, &password);

    if (outcome == OUTCOME_CONTAINER_NOT_FOUND)
        outcome = renewal_fail(renewal, OUTCOME_KEY_LOST, "%s", where);
    if (outcome == OUTCOME_DONE)
        outcome = compare_point(renewal, made);
    if (outcome != OUTCOME_DONE) {
        container_free(&made);
        secret_free(&password);
        return outcome;
    }
    renewal->new_container = made;
    /* A password that was given but is not needed is not the container's. */
    renewal->new_password = password != NULL && made->info.has_password
                                ? password
                                : secret_copy("", 0);
    if (renewal->new_password != password)
        secret_free(&password);
    return renewal->new_password != NULL ? OUTCOME_DONE : OUTCOME_MEMORY;
}

enum outcome keys_open_new(struct renewal *renewal)
{
    const char *where = renewal_get(renewal, RECORD_NEW_CONTAINER);

    if (renewal->new_container != NULL)
        return OUTCOME_DONE;
    if (where == NULL)
        return renewal_fail(renewal, OUTCOME_KEY_LOST, "%s", "");
    return open_at(renewal, where);
}

/* --- making -------------------------------------------------------------- */

static enum outcome choose_target(struct renewal *renewal)
{
    char answer[LOCATION_MAX];
    const struct prompt_line ask = {
        .question = _("Where to keep the new key: a folder (for example on a "
                      "flash drive), or local: for this computer"),
        .preset = "local:"};
    enum prompt_end end;

    if (renewal_get(renewal, RECORD_TARGET) != NULL)
        return OUTCOME_DONE;
    end = prompt_line(renewal->screen, &ask, answer, sizeof(answer));
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--to");
    renewal_set(renewal, RECORD_TARGET, answer);
    return OUTCOME_DONE;
}

static enum outcome ask_password(struct renewal *renewal)
{
    const struct prompt_secret ask = {
        .question = _("Password of the new container (Enter: none)"),
        .again = _("The same password once more"),
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
    const struct source source = {renewal_get(renewal, RECORD_PIN_FILE),
                                  renewal->options->pin_fd, "--pin-file", ""};
    enum outcome outcome;

    if (renewal->new_password != NULL)
        return OUTCOME_DONE;
    outcome = given_password(renewal, &source, &renewal->new_password);
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

/* Bytes of a file or device of the user's own. */
static enum outcome feed_from(struct renewal *renewal, struct entropy *pool,
                              const char *path)
{
    uint8_t *bytes = secret_new(FEED_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    enum fault fault = bytes == NULL ? FAULT_MEMORY : FAULT_NOT_FOUND;
    size_t size = 0;

    while (bytes != NULL && fd >= 0 && size < FEED_MAX) {
        ssize_t n = read(fd, bytes + size, FEED_MAX - size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break;
        size += (size_t)n;
    }
    if (fd >= 0 && bytes != NULL)
        fault = entropy_feed(pool, bytes, size);
    if (fault == FAULT_NONE && entropy_bits(pool) < ENTROPY_WANTED)
        fault = FAULT_ENTROPY; /* too short to be worth its name */
    if (fd >= 0)
        close(fd);
    secret_free(&bytes);
    return renewal_fault(renewal, fault, path);
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
    if (strcmp(source, "keyboard") != 0)
        return feed_from(renewal, pool, source);
    end = entropy_bar_fill(renewal->screen, pool, 0, &fault);
    if (end == PROMPT_FAILED && fault != FAULT_NONE)
        return renewal_fault(renewal, fault, "");
    return renewal_unanswered(renewal, end, "--entropy");
}

static time_t months_later(time_t now, int months)
{
    struct tm tm;

    gmtime_r(&now, &tm);
    tm.tm_mon += months;
    return timegm(&tm);
}

/* Names are random: a container is told from others by what is in it, and a
 * name must never meet one that is there. */
static void choose_names(struct renewal *renewal)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    char folder[13], name[32];

    for (int i = 0; i < 8; i++)
        folder[i] = letters[randombytes_uniform(i == 0 ? 26 : 36)];
    memcpy(folder + 8, ".000", 5);
    renewal_set(renewal, RECORD_FOLDER, folder);
    if (renewal_get(renewal, RECORD_NAME) == NULL) {
        snprintf(name, sizeof(name), "kep-%.10s-%.8s",
                 text_rfc3339(clock_now(renewal->clock)).text, folder);
        renewal_set(renewal, RECORD_NAME, name);
    }
}

static enum outcome generate(struct renewal *renewal,
                             const struct medium_ops *ops, const char *target)
{
    const struct container_spec spec = {
        .folder_name = renewal_get(renewal, RECORD_FOLDER),
        .name = renewal_get(renewal, RECORD_NAME),
        .algorithm = algorithm_by_word(renewal_get(renewal, RECORD_ALGORITHM)),
        .password = renewal->new_password,
        .exportable = true,
        .key_not_after = months_later(clock_now(renewal->clock), KEY_MONTHS)};
    struct entropy *pool = NULL;
    char where[LOCATION_MAX];
    enum outcome outcome = renewal_fault(renewal, entropy_new(&pool), "");

    if (outcome == OUTCOME_DONE)
        outcome = fill_pool(renewal, pool);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_fault(
            renewal, ops->generate(target, &spec, pool, where), target);
    entropy_free(&pool);
    if (outcome == OUTCOME_DONE)
        renewal_set(renewal, RECORD_NEW_CONTAINER, where);
    return outcome;
}

/* Before the folder's name is written into the journal, everything that can
 * be known to go wrong is looked at. */
static enum outcome prepare(struct renewal *renewal,
                            const struct medium_ops *ops, const char *target)
{
    if (algorithm_by_word(renewal_get(renewal, RECORD_ALGORITHM)) == NULL)
        return renewal_fail(renewal, OUTCOME_CONFIGURATION,
                            _("The value of --%s is not right: %s"),
                            "algorithm",
                            renewal_get(renewal, RECORD_ALGORITHM));
    choose_names(renewal);
    return renewal_fault(
        renewal, ops->probe(target, renewal_get(renewal, RECORD_FOLDER)),
        target);
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

enum outcome keys_make_new(struct renewal *renewal)
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
    if (fault == FAULT_NONE) {
        renewal_set(renewal, RECORD_NEW_CONTAINER, where);
        return open_at(renewal, where);
    }
    if (fault != FAULT_NOT_FOUND)
        return renewal_fault(renewal, fault, where);
    outcome = prepare(renewal, ops, target);
    if (outcome == OUTCOME_DONE)
        outcome = choose_password(renewal);
    renewal_set(renewal, RECORD_TARGET, target);
    if (outcome == OUTCOME_DONE)
        outcome = renewal_save(renewal); /* before the act */
    if (outcome == OUTCOME_DONE)
        outcome = generate(renewal, ops, target);
    if (outcome == OUTCOME_DONE)
        outcome = keys_open_new(renewal);
    if (outcome == OUTCOME_DONE)
        screen_say(renewal->screen,
                   _("The new key has been made and checked: %s"),
                   text_clean(renewal_get(renewal, RECORD_NEW_CONTAINER)).text);
    return outcome;
}
