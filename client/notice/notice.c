#include "client/notice/notice.h"

#include "client/notice/way.h"
#include "client/program/hook.h"
#include "client/renewal/policy.h"
#include "client/state/lock.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "client/view/certificate_view.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int notice_level(long days)
{
    static const int levels[] = {1, 3, 7, 14, 30, 60};

    for (size_t i = 0; days >= 0 && i < sizeof(levels) / sizeof(levels[0]); i++)
        if (days <= levels[i])
            return levels[i];
    return 0;
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void leave(void *notice)
{
    (void)notice;
}

static void free_notice(struct notice *notice)
{
    free(notice->owner);
    free(notice->where);
    free(notice);
}

void notices_free(struct notices *notices)
{
    tdestroy(notices->tree, leave);
    for (size_t i = 0; i < notices->count; i++)
        free_notice(notices->notice[i]);
    free(notices->notice);
    *notices = (struct notices){.notice = NULL};
}

static bool make_room(struct notices *notices)
{
    size_t room = notices->room > 0 ? 2 * notices->room : 32;
    struct notice **moved;

    if (notices->count < notices->room)
        return true;
    moved = reallocarray(notices->notice, room, sizeof(struct notice *));
    if (moved == NULL)
        return false;
    notices->notice = moved;
    notices->room = room;
    return true;
}

/* NULL without memory. */
static struct notice *notice_of(const struct certificate *certificate,
                                const char *where, long days)
{
    struct notice *one = calloc(1, sizeof(*one));

    if (one == NULL)
        return NULL;
    one->days = days;
    one->end = certificate_signs_until(certificate);
    memcpy(one->thumbprint, certificate->thumbprint, sizeof(one->thumbprint));
    one->owner = strdup(certificate_view_owner(certificate).text);
    one->where = strdup(where);
    if (one->owner == NULL || one->where == NULL) {
        free_notice(one);
        one = NULL;
    }
    return one;
}

void notices_add(struct notices *notices, const struct certificate *certificate,
                 const char *where, bool excluded, time_t now)
{
    long days = policy_days_left(certificate, now);
    struct notice *one;

    if (notice_level(days) == 0 ||
        tfind(certificate->thumbprint, &notices->tree, compare) != NULL)
        return;
    one = make_room(notices) ? notice_of(certificate, where, days) : NULL;
    if (one == NULL || tsearch(one, &notices->tree, compare) == NULL) {
        notices->failed = true;
        if (one != NULL)
            free_notice(one);
        return;
    }
    one->excluded = excluded;
    notices->notice[notices->count++] = one;
}

/* --- giving -------------------------------------------------------------- */

/* Whether a reminder is new to a row. With more days left than the last one
 * spoke of the clock was ahead then: those that it skipped are still to come.
 * A day more or less is no news. */
static bool is_new(int *told, const struct notice *notice)
{
    const int level = notice_level(notice->days);

    if (*told != 0 && notice->days > *told + 1)
        *told = level;
    return *told == 0 || level < *told;
}

/* Those that this way has not given yet. count of them are put into chosen. */
static size_t choose(const struct notices *notices, struct told *told,
                     enum told_way way, const struct notice **chosen)
{
    size_t count = 0;

    for (size_t i = 0; i < notices->count; i++) {
        const struct notice *one = notices->notice[i];
        struct told_row *row = told_of(told, one->thumbprint, one->end);

        if (row != NULL && is_new(&row->days[way], one))
            chosen[count++] = one;
    }
    return count;
}

static void remember(struct told *told, enum told_way way,
                     const struct notice *const *chosen, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct told_row *row =
            told_of(told, chosen[i]->thumbprint, chosen[i]->end);

        if (row != NULL)
            row->days[way] = notice_level(chosen[i]->days);
    }
}

static enum outcome give_by(const struct notices *notices, struct told *told,
                            enum told_way way, const char *command,
                            struct screen *screen)
{
    const struct notice **chosen = calloc(notices->count + 1, sizeof(*chosen));
    char problem[HOOK_PROBLEM] = "";
    enum outcome outcome = OUTCOME_MEMORY;
    size_t count = 0;

    if (chosen != NULL) {
        outcome = OUTCOME_DONE;
        count = choose(notices, told, way, chosen);
    }
    if (count > 0)
        outcome = way == TOLD_DESKTOP
                      ? way_desktop(chosen, count, problem)
                      : way_command(command, chosen, count, problem);
    if (outcome == OUTCOME_DONE)
        remember(told, way, chosen, count);
    else if (problem[0] != '\0')
        screen_say(screen, _("A reminder could not be given. %s"), problem);
    free(chosen);
    return outcome;
}

static enum outcome give(const struct notices *notices, const char *command,
                         const char *path, struct screen *screen, time_t now)
{
    struct told told;
    enum outcome outcome = told_read(&told, path), other = OUTCOME_DONE,
                 written;
    bool desktop = way_has_desktop();

    if (outcome != OUTCOME_DONE)
        return outcome;
    if (!desktop && command == NULL && notices->count > 0) {
        screen_say(screen, "%s",
                   _("A reminder could not be given: there is no desktop "
                     "here, and no --due-command."));
        outcome = OUTCOME_HOOK_FAILED;
    }
    if (desktop)
        outcome = give_by(notices, &told, TOLD_DESKTOP, NULL, screen);
    if (command != NULL)
        other = give_by(notices, &told, TOLD_COMMAND, command, screen);
    written = told_write(&told, path, now);
    if (written == OUTCOME_STATE_UNWRITABLE)
        screen_say(screen,
                   _("Which reminders were given cannot be noted, so they will "
                     "be given again. %s: %s"),
                   text_clean(path).text, strerror(errno));
    told_free(&told);
    return outcome != OUTCOME_DONE ? outcome
           : other != OUTCOME_DONE ? other
                                   : written;
}

/* A memory that cannot be written keeps no reminder back: better twice than
 * never. */
static enum outcome give_alone(const struct notices *notices,
                               const char *command, struct screen *screen,
                               time_t now)
{
    char folder[PATHS_MAX], path[PATHS_MAX], lock[PATHS_MAX];
    enum outcome outcome = OUTCOME_STATE_UNWRITABLE;
    int fd = -1;
    long holder;

    if (notices->failed)
        return OUTCOME_MEMORY;
    if (paths_of(PATHS_STATE, "", folder) != 0 ||
        paths_of(PATHS_STATE, "notices", path) != 0 ||
        paths_of(PATHS_STATE, "notices.lock", lock) != 0)
        return outcome;
    if (paths_make(folder) == 0)
        outcome = lock_take(lock, &fd, &holder);
    if (outcome == OUTCOME_DONE || outcome == OUTCOME_STATE_UNWRITABLE)
        outcome = give(notices, command, path, screen, now);
    if (fd >= 0)
        close(fd);
    return outcome;
}

enum outcome notices_give(const struct notices *notices, const char *command,
                          struct screen *screen, time_t now)
{
    const enum outcome outcome = give_alone(notices, command, screen, now);

    /* What else there is has been said where it was found. */
    if (outcome == OUTCOME_LOCKED || outcome == OUTCOME_MEMORY)
        screen_say(screen, _("A reminder could not be given. %s"),
                   _(outcome_row(outcome)->sentence));
    return outcome;
}
