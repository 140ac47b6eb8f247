#include "client/doctor/diagnosis.h"

#include "client/state/workplace.h"
#include "client/text.h"
#include "token/medium.h"

#include <string.h>

static void look_at_journal(struct diagnosis *diagnosis)
{
    struct workplace workplace;
    const enum outcome outcome = workplace_look(&workplace);

    if (outcome == OUTCOME_DONE || outcome == OUTCOME_NOTHING_OPEN)
        diagnosis_add(diagnosis, "journal", _("Journal of renewals"),
                      DIAGNOSIS_GOOD,
                      outcome == OUTCOME_DONE ? _("It can be read.")
                                              : _("There is none yet."),
                      NULL);
    else
        diagnosis_add_outcome(diagnosis, "journal", _("Journal of renewals"),
                              DIAGNOSIS_BAD, outcome, NULL);
    workplace_close(&workplace);
}

static void look_at_local(struct diagnosis *diagnosis)
{
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
    enum fault fault = medium_find("local:", &ops, location);

    if (fault == FAULT_NONE)
        fault = ops->probe(location, NULL);
    if (fault == FAULT_NONE)
        diagnosis_add(diagnosis, "local", _("Containers on this computer"),
                      DIAGNOSIS_GOOD, _("New ones can be made there."), NULL);
    else
        diagnosis_add_outcome(diagnosis, "local",
                              _("Containers on this computer"), DIAGNOSIS_BAD,
                              outcome_of_fault(fault), "local:");
}

void diagnosis_place(struct diagnosis *diagnosis)
{
    look_at_journal(diagnosis);
    look_at_local(diagnosis);
}
