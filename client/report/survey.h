/* The look at the containers of a plan, for who waits for it: a line on the
 * screen, and for programs an event. */
#ifndef CLIENT_REPORT_SURVEY_H
#define CLIENT_REPORT_SURVEY_H

#include "client/clock.h"
#include "client/screen/screen.h"

#include <stddef.h>
#include <stdint.h>

enum { SURVEY_SECONDS = 5 /* before the first event, and between two */ };

struct survey {
    struct screen *screen;
    const struct clock *clock;
    bool lines;   /* there are events */
    int64_t told; /* of queue_now: the last was, or the first row came */
    int written;  /* -1: standard output failed */
};

/* As plan_watcher has it. */
void survey_take(void *context, size_t looked, size_t rows);

#endif
