/* Corrections and scans that the holder hands in: what changeData and
 * sendDocument do (see api/sandbox/desk/action.h). */
#ifndef API_SANDBOX_DOSSIER_CORRECTION_H
#define API_SANDBOX_DOSSIER_CORRECTION_H

#include "api/sandbox/desk/action.h"

bool correction_data(struct exchange *exchange, struct application *application,
                     const struct action_work *work, enum phase next);

bool correction_document(struct exchange *exchange,
                         struct application *application,
                         const struct action_work *work, enum phase next);

#endif
