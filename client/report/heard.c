#include "client/report/heard.h"

#include "client/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void heard_keep(struct heard *heard, size_t row, const char *line)
{
    const size_t size = strlen(line) + 1;

    if (heard->text == NULL)
        heard->text = calloc(1, HEARD_MAX);
    if (heard->text == NULL || heard->size + sizeof(row) + size > HEARD_MAX) {
        heard->dropped = true;
        return;
    }
    memcpy(heard->text + heard->size, &row, sizeof(row));
    memcpy(heard->text + heard->size + sizeof(row), line, size);
    heard->size += sizeof(row) + size;
}

static void say_line(struct screen *screen, const struct plan *plan, size_t row,
                     const char *line)
{
    const char *who = plan_get(plan, row, PLAN_LABEL);

    if (who == NULL)
        who = plan_get(plan, row, PLAN_CONTAINER);
    screen_say(screen, "%s: %s", text_clean(who).text, text_clean(line).text);
}

bool heard_say(struct heard *heard, struct screen *screen,
               const struct plan *plan)
{
    const bool any = heard->size > 0 || heard->dropped;
    size_t row;

    if (any)
        screen_progress_end(screen);
    for (size_t at = 0; at < heard->size;) {
        const char *line = heard->text + at + sizeof(row);

        memcpy(&row, heard->text + at, sizeof(row));
        say_line(screen, plan, row, line);
        at += sizeof(row) + strlen(line) + 1;
    }
    if (heard->dropped)
        screen_say(screen, "%s",
                   _("The commands have printed more than is shown here."));
    if (heard->text != NULL) /* a command may have printed a code */
        sodium_memzero(heard->text, heard->size);
    free(heard->text);
    *heard = (struct heard){.text = NULL};
    return any;
}
