#include "client/report/survey.h"

#include "client/batch/run/queue.h"
#include "client/report/event_line.h"
#include "client/text.h"

static void tell(struct survey *survey, size_t looked, size_t rows)
{
    const int64_t now = queue_now();
    const struct event event = {.kind = EVENT_CHECK,
                                .when = clock_now(survey->clock),
                                .rows = rows,
                                .checked = looked};

    if (survey->told == 0)
        survey->told = now;
    if (now - survey->told < SURVEY_SECONDS * 1000)
        return;
    survey->told = now;
    if (event_line_print(NULL, &event) != 0)
        survey->written = -1;
}

void survey_take(void *context, size_t looked, size_t rows)
{
    struct survey *survey = context;

    screen_progress(survey->screen,
                    _("The containers are looked at: %zu of %zu."), looked,
                    rows);
    if (looked == rows)
        screen_progress_end(survey->screen);
    if (survey->lines)
        tell(survey, looked, rows);
}
