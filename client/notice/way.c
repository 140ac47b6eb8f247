#include "client/notice/way.h"

#include "client/program/hook.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SHOWN = 5, /* certificates of one notification */
    DESKTOP_SECONDS = 20,
    URGENT = 3, /* days */
    LINE_ROOM = 5 * 1024
};

bool way_has_desktop(void)
{
    const char *bus = getenv("DBUS_SESSION_BUS_ADDRESS");
    const char *folder = getenv("XDG_RUNTIME_DIR");
    char path[4096];

    if (bus != NULL && bus[0] != '\0')
        return true;
    return folder != NULL && folder[0] == '/' &&
           snprintf(path, sizeof(path), "%s/bus", folder) < (int)sizeof(path) &&
           access(path, F_OK) == 0;
}

static long most_urgent(const struct notice *const *notice, size_t count)
{
    long days = notice[0]->days;

    for (size_t i = 1; i < count; i++)
        if (notice[i]->days < days)
            days = notice[i]->days;
    return days;
}

static void put_line(FILE *out, const struct notice *notice)
{
    fprintf(out, _("%s: until %s"), text_clean(notice->owner).text,
            text_end(notice->end, notice->days).text);
}

/* --- the desktop --------------------------------------------------------- */

/* Notification servers read markup in a body. */
static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else
            fputc(*text, out);
}

static char *compose_body(const struct notice *const *notice, size_t count)
{
    char *body = NULL, *line = NULL;
    size_t size;
    FILE *out = open_memstream(&body, &size), *one;

    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        one = open_memstream(&line, &size);
        if (one == NULL)
            break;
        put_line(one, notice[i]);
        fclose(one);
        put_escaped(out, line);
        fputc('\n', out);
        free(line);
        line = NULL;
    }
    if (count > SHOWN)
        fprintf(out,
                ngettext("… and %zu more", "… and %zu more", count - SHOWN),
                count - SHOWN);
    return fclose(out) == 0 ? body : NULL;
}

static enum program_result show(char *title, char *body, bool urgent)
{
    char program[] = "notify-send", name[] = "--app-name=kep",
         critical[] = "--urgency=critical", normal[] = "--urgency=normal",
         end[] = "--";
    char *argv[] = {program, name, urgent ? critical : normal, end, title,
                    body,    NULL};
    struct program_environment around = {.count = 0};
    struct program run = {
        .argv = argv, .around = &around, .seconds = DESKTOP_SECONDS};
    enum program_result result;

    program_inherit(&around);
    program_lend(&around, "DBUS_SESSION_BUS_ADDRESS");
    program_lend(&around, "XDG_RUNTIME_DIR");
    program_lend(&around, "DISPLAY");
    program_lend(&around, "WAYLAND_DISPLAY");
    result = program_run(&run);
    program_forget(&around);
    return result;
}

enum outcome way_desktop(const struct notice *const *notice, size_t count,
                         char *problem)
{
    char *body = compose_body(notice, count);
    char title[512];
    enum program_result result = PROGRAM_SYSTEM;

    snprintf(title, sizeof(title), "%s",
             ngettext("A signature certificate has to be renewed",
                      "Signature certificates have to be renewed", count));
    if (body != NULL)
        result = show(title, body, most_urgent(notice, count) <= URGENT);
    free(body);
    if (result == PROGRAM_OK)
        return OUTCOME_DONE;
    if (result == PROGRAM_CANCELLED)
        return OUTCOME_INTERRUPTED;
    snprintf(problem, HOOK_PROBLEM, "%s",
             result == PROGRAM_MISSING
                 ? _("The program notify-send was not found: it is in the "
                     "package libnotify-bin.")
                 : _("The desktop did not take the notification."));
    return OUTCOME_HOOK_FAILED;
}

/* --- the user's command -------------------------------------------------- */

static char *compose_text(const struct notice *const *notice, size_t count)
{
    char *text = NULL, where[LINE_ROOM];
    bool any = false; /* that kep renew may renew */
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    fprintf(
        out, "%s\n",
        ngettext("This signature certificate has to be renewed:",
                 "These signature certificates have to be renewed:", count));
    for (size_t i = 0; i < count; i++) {
        fputc('\n', out);
        put_line(out, notice[i]);
        fprintf(out, "\n  %s\n",
                text_clean_into(where, sizeof(where), notice[i]->where));
        any |= !notice[i]->excluded;
        if (notice[i]->excluded)
            fprintf(out, "  %s\n",
                    _("Not with kep renew, the certification centre says. What "
                      "to do is told by: kep status"));
    }
    if (any)
        fprintf(out, "\n%s\n", _("Run: kep renew"));
    return fclose(out) == 0 ? text : NULL;
}

enum outcome way_command(const char *command,
                         const struct notice *const *notice, size_t count,
                         char *problem)
{
    struct program_environment around = {.count = 0};
    struct hook hook = {
        .option = "--due-command", .command = command, .event = "due"};
    char *text = compose_text(notice, count);
    char number[32], days[32];
    enum outcome outcome;

    if (text == NULL)
        return OUTCOME_MEMORY;
    snprintf(number, sizeof(number), "%zu", count);
    snprintf(days, sizeof(days), "%ld", most_urgent(notice, count));
    program_tell(&around, "KEP_COUNT", number);
    program_tell(&around, "KEP_DAYS", days);
    hook.input = text;
    outcome = hook_run(&hook, &around, problem);
    free(text);
    return outcome;
}
