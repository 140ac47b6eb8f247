/* The events of a batch as JSON Lines, for programs. */
#ifndef CLIENT_REPORT_EVENT_LINE_H
#define CLIENT_REPORT_EVENT_LINE_H

#include "client/batch/event.h"
#include "client/report/ledger.h"

#include <json-c/json.h>

/* One line on standard output, flushed; the ledger has taken the event (NULL:
 * there is none before EVENT_BEGIN). -1 where it could not be written. */
int event_line_print(const struct ledger *ledger, const struct event *event);

/* {"line", "label", "container", "owner", "state", "outcome", "message",
 * "advice", "renewal", "traceId", "newContainer", "newNotAfter",
 * "backupContainer", "until", "seconds"}; the caller puts it. */
struct json_object *event_line_row(const struct ledger *ledger, size_t row);

/* {"outcome", "message", "rows", "states": {…}, "outcomes": [{"outcome",
 * "state", "count"}], "began", "ended"}; the caller puts it. */
struct json_object *event_line_sum(const struct ledger *ledger);

#endif
