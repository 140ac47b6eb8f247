#include "client/screen/prompt.h"
#include "client/text.h"

#include <stdio.h>
#include <stdlib.h>

enum { ANSWER_MAX = 64 };

/* 1 yes, 0 no, -1 neither. */
static int parse_yes(const char *answer)
{
    /* TRANSLATORS: what a person types for yes and no. */
    const char *const yes[] = {"y", "yes", _("y"), _("yes")};
    const char *const no[] = {"n", "no", _("n"), _("no")};

    for (size_t i = 0; i < 4; i++) {
        if (prompt_is_word(answer, yes[i]))
            return 1;
        if (prompt_is_word(answer, no[i]))
            return 0;
    }
    return -1;
}

static const char *check_yes(const char *answer, void *data)
{
    (void)data;
    return parse_yes(answer) >= 0 ? NULL : _("Please answer yes or no.");
}

enum prompt_end prompt_yes(struct screen *screen, const char *question,
                           unsigned seconds, bool *yes)
{
    char *whole = NULL, answer[ANSWER_MAX];
    struct prompt_line line = {
        .check = check_yes, .may_be_empty = true, .seconds = seconds};
    enum prompt_end end;

    /* TRANSLATORS: the capital letter is the answer of an empty line. */
    if (asprintf(&whole, "%s %s", question, *yes ? _("[Y/n]") : _("[y/N]")) < 0)
        return PROMPT_FAILED;
    line.question = whole;
    end = prompt_line(screen, &line, answer, sizeof(answer));
    if (end == PROMPT_OK && *answer != '\0')
        *yes = parse_yes(answer) == 1;
    free(whole);
    return end;
}
