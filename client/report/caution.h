/* What is said before a batch begins of that which keeps no row back, while
 * whoever started it may still think better of it. */
#ifndef CLIENT_REPORT_CAUTION_H
#define CLIENT_REPORT_CAUTION_H

#include "client/batch/plan.h"
#include "client/renewal/journal.h"
#include "client/screen/screen.h"

/* How many keys will be less protected than the old ones, if any; and that the
 * report could not be written as its folder is now. report NULL: none is
 * wanted. */
void caution_say(struct screen *screen, const struct plan *plan,
                 struct journal *journal, const char *report);

#endif
