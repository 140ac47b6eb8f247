/* A sheet as a PDF of A4 pages. */
#ifndef CLIENT_PAPER_TYPESET_H
#define CLIENT_PAPER_TYPESET_H

#include "client/paper/sheet.h"
#include "keygen/bytes.h"

enum { TYPESET_MAX = 4 * 1024 * 1024 /* bytes of a PDF */ };

enum typeset_result {
    TYPESET_OK,
    TYPESET_FONT, /* no font of this computer has all the letters */
    TYPESET_FAILED
};

/* Append the PDF: the title, the table, the text, and places for the date and
 * the signature, which stay together; the number of the application and the
 * page at each foot. The words that are ours are Russian, as those of any
 * such paper. */
enum typeset_result typeset_sheet(const struct sheet *sheet, struct bytes *out);

#endif
