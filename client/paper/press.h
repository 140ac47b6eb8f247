/* Has a sheet set by the program kep-statement. */
#ifndef CLIENT_PAPER_PRESS_H
#define CLIENT_PAPER_PRESS_H

#include "client/outcome/outcome.h"
#include "client/paper/sheet.h"
#include "keygen/bytes.h"

/* Append the PDF to out, which takes TYPESET_MAX bytes. The program is looked
 * for beside this one, then where it was installed; it gets the sheet and
 * nothing else. OUTCOME_PRESS_MISSING, _FONT_MISSING, _MEMORY, _INTERRUPTED,
 * _PRESS_FAILED. */
enum outcome press_print(const struct sheet *sheet, struct bytes *out);

#endif
