#include "client/tokens/token_wait.h"

#include "client/signals.h"
#include "client/text.h"
#include "token/medium.h"

struct waiting {
    struct screen *screen;
    const char *location;
};

bool token_wait_helps(enum outcome outcome)
{
    return outcome == OUTCOME_TOKEN_GONE || outcome == OUTCOME_NO_TOKEN ||
           outcome == OUTCOME_NO_READER;
}

static bool stop(void *context)
{
    const struct waiting *waiting = context;

    screen_progress(waiting->screen, _("Waiting for the token %s."),
                    text_clean(waiting->location).text);
    return signals_pending() != 0;
}

enum outcome token_wait(struct screen *screen, const char *where)
{
    const struct medium_ops *ops = medium_kind(where);
    char location[LOCATION_MAX];
    struct waiting waiting = {screen, location};
    enum fault fault;

    if (ops == NULL || ops->await == NULL ||
        medium_home(ops, where, location) != FAULT_NONE)
        return OUTCOME_NO_TOKEN;
    screen_say(screen,
               _("The token is not there. Plug it in: the work goes on by "
                 "itself then. Its place: %s. Ctrl-C stops here, and nothing "
                 "is lost."),
               text_clean(location).text);
    fault = ops->await(location, stop, &waiting);
    screen_progress_end(screen);
    return outcome_of_fault(fault);
}
