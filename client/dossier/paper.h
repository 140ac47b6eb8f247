/* The statement that is signed by hand: shown and kept for printing, its scan
 * sent, or the sheet carried to the service centre; and compared with what the
 * centre has once that is done. */
#ifndef CLIENT_DOSSIER_PAPER_H
#define CLIENT_DOSSIER_PAPER_H

#include "client/renewal/renewal.h"

/* The form is in paperStatement, and statement is what was checked to hold
 * every accepted value. It is kept in the row (RECORD_STATEMENT). With --scan,
 * or where the person names the file, the scan is sent: OUTCOME_DONE. Else
 * OUTCOME_STATEMENT_TO_SIGN: the next run looks again. Where another one was
 * kept before, nothing is sent, for what was printed was that one:
 * OUTCOME_STATEMENT_CHANGED, and it is forgotten. */
enum outcome paper_statement(struct renewal *renewal, const char *statement);

/* The form is past that, for the sheet was carried to the service centre, or
 * its scan sent in an earlier run: whether statement is the one that was kept.
 * OUTCOME_SHEET_DIFFERS, and the one that was kept is forgotten; where none is
 * kept, a person is asked whether it is what they signed, whatever was accepted
 * beforehand, and with nobody to ask it is that outcome again. */
enum outcome paper_compare(struct renewal *renewal, const char *statement);

#endif
