/* Documents of an application: which the centre has, and scans that are
 * handed in. */
#ifndef CLIENT_DOSSIER_PAPERS_H
#define CLIENT_DOSSIER_PAPERS_H

#include "client/renewal/renewal.h"
#include "client/state/paths.h"

/* The documents of the form, a line each: where they are from and when they
 * came. */
void papers_show(struct renewal *renewal);

/* Ask for the file of a scan, question translated: a PDF, JPEG or PNG that is
 * not too large. */
enum prompt_end papers_ask(struct renewal *renewal, const char *question,
                           char path[PATHS_MAX]);

/* Hand a scan in. OUTCOME_DOCUMENT_REFUSED … */
enum outcome papers_send(struct renewal *renewal, const char *kind,
                         const char *path);

/* The file that --scan gives for a kind: KIND=FILE, or for the statement a
 * FILE alone; NULL: none. */
const char *papers_given(const struct renewal *renewal, const char *kind);

/* Hand in what the centre wants, asking for each file that --scan does
 * not give. OUTCOME_DATA_NEEDED. */
enum outcome papers_send_wanted(struct renewal *renewal);

#endif
