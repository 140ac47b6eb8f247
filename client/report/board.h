/* How a batch goes, for who looks on: a line a state, and a bar. */
#ifndef CLIENT_REPORT_BOARD_H
#define CLIENT_REPORT_BOARD_H

#include "client/report/ledger.h"
#include "client/screen/screen.h"

/* After an event; as often as one likes. at: now, by event.at. */
void board_show(struct screen *screen, const struct ledger *ledger, int64_t at);

/* At the end, on standard output: how many came to what. -1 where it could
 * not be written. */
int board_sum_up(const struct ledger *ledger);

#endif
