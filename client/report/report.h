/* The report of a batch: the same as a table (CSV), as JSON, and as a page
 * to read and print (HTML) that says what to do about each failure. */
#ifndef CLIENT_REPORT_REPORT_H
#define CLIENT_REPORT_REPORT_H

#include "client/report/ledger.h"

#include <stdio.h>

enum { REPORT_PATH_MAX = 4096 };

/* Writes the three into a folder, which is made (0700) where it is missing:
 * "batch-20261127-222503.csv", .json and .html, each whole or not at all, no
 * file overwritten. path (REPORT_PATH_MAX bytes) is that of the page.
 * OUTCOME_DONE, OUTCOME_REPORT_UNWRITABLE (errno), OUTCOME_MEMORY. */
enum outcome report_write(const struct ledger *ledger, const char *folder,
                          char *path);

/* The single ones, for report.c: into a stream. */
void report_csv(const struct ledger *ledger, FILE *out);
void report_json(const struct ledger *ledger, FILE *out);
void report_html(const struct ledger *ledger, FILE *out);

#endif
