#include "client/batch/run/course.h"

#include "client/batch/run/queue.h"

#include <stdlib.h>
#include <string.h>

enum {
    RETRIES = 5,          /* in a row, of what may pass */
    RETRY_SECONDS = 5,    /* before the first, doubled for each */
    LOOK_SECONDS = 3,     /* between two looks for a token */
    OLDEST = 24 * 60 * 60 /* s; a wait beyond that is a clock's mistake */
};

/* Those that are not here end their row. */
enum course_way course_way(enum outcome outcome)
{
    static const struct {
        enum outcome outcome;
        enum course_way way;
    } ways[] = {
        {OUTCOME_UNREACHABLE, COURSE_PASSES},
        {OUTCOME_TIMEOUT, COURSE_PASSES},
        {OUTCOME_SERVER_BUSY, COURSE_PASSES},
        {OUTCOME_SERVER_ERROR, COURSE_PASSES},
        {OUTCOME_TELEPHONE_BUSY, COURSE_TURNS},
        {OUTCOME_NO_SERVICE, COURSE_NEEDS},
        {OUTCOME_NO_READER, COURSE_NEEDS},
        {OUTCOME_NO_TOKEN, COURSE_NEEDS},
        {OUTCOME_TOKEN_GONE, COURSE_NEEDS},
        {OUTCOME_TOKEN_BUSY, COURSE_NEEDS},
        {OUTCOME_STATE_DAMAGED, COURSE_STOPS},
        {OUTCOME_STATE_NEWER, COURSE_STOPS},
        {OUTCOME_STATE_UNWRITABLE, COURSE_STOPS},
        {OUTCOME_INTERRUPTED, COURSE_STOPS},
    };

    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (ways[i].outcome == outcome)
            return ways[i].way;
    return COURSE_ENDS;
}

/* Seconds until what failed is tried again, -1: it is not. */
static long retry_of(struct course *course, enum outcome outcome, long asked)
{
    const enum course_way way = course_way(outcome);

    if (way == COURSE_NEEDS)
        return LOOK_SECONDS;
    if (way != COURSE_PASSES || (asked == 0 && course->failures >= RETRIES))
        return -1;
    return asked > 0 ? asked : (long)RETRY_SECONDS << course->failures++;
}

/* What it waits for in all. */
static long most_of(const struct job_result *result, long asked, long most)
{
    const bool peace = result->outcome == OUTCOME_SERVER_BUSY && asked > 0;

    return peace && most < COURSE_PEACE ? COURSE_PEACE : most;
}

long course_wait(struct course *course, const struct job_result *result,
                 time_t now, long most)
{
    const int64_t moment = queue_now();
    long wait = 0;

    if (course_way(result->outcome) == COURSE_TURNS)
        return 0;
    if (result->not_before > now && result->not_before <= now + OLDEST)
        wait = (long)(result->not_before - now);
    most = most_of(result, wait, most);
    if (result->outcome == OUTCOME_WAITING)
        course->failures = 0;
    else
        wait = retry_of(course, result->outcome, wait);
    if (wait < 0)
        return wait;
    if (course->waits_since == 0)
        course->waits_since = moment;
    return (moment - course->waits_since) / 1000 + wait > most ? -1 : wait;
}

bool course_needs(struct course *course, const char *where)
{
    const bool known = where != NULL && course->needs != NULL &&
                       strcmp(course->needs, where) == 0;

    if (!known) {
        course_free(course);
        course->needs = where == NULL ? NULL : strdup(where);
    }
    return known;
}

void course_free(struct course *course)
{
    free(course->needs);
    course->needs = NULL;
}
