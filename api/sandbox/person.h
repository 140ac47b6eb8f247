/* Invented people and organisations whose numbers have right check digits and
 * yet belong to nobody: СНИЛС from a range that was never given out, ИНН and
 * ОГРН of a region that does not exist (97). */
#ifndef API_SANDBOX_PERSON_H
#define API_SANDBOX_PERSON_H

#include "keygen/fault.h"
#include "keygen/name.h"

#include <stdbool.h>

/* A name for a certificate. full_name: "Фамилия Имя Отчество" (the first word
 * is the surname, at least two words), or NULL for an invented one.
 * legal_entity: an organisation's employee, with organisation, title, address,
 * ОГРН and ИНН of the organisation. FAULT_NAME where full_name is none. Free
 * with name_free; name is emptied first. */
MUST_CHECK enum fault person_invent(const char *full_name, bool legal_entity,
                                    struct name *name);

#endif
