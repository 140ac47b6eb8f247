#include "client/doctor/diagnosis.h"

#include "client/state/workplace.h"
#include "client/text.h"
#include "token/medium.h"

#include <string.h>
#include <sys/mman.h>

enum { SECRETS = 1024 * 1024 /* bytes, of a batch with all its jobs */ };

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

/* Where no memory can be locked secrets are used all the same
 * (keygen/secret.h), and may be written to the disk. */
static bool locks_memory(void)
{
    void *some = mmap(NULL, SECRETS, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool locked;

    if (some == MAP_FAILED)
        return false;
    locked = mlock(some, SECRETS) == 0;
    munmap(some, SECRETS);
    return locked;
}

static void look_at_memory(struct diagnosis *diagnosis)
{
    if (locks_memory())
        diagnosis_add(
            diagnosis, "memory", _("Memory for secrets"), DIAGNOSIS_GOOD,
            _("Keys and passwords stay out of the swap space."), NULL);
    else
        diagnosis_add(diagnosis, "memory", _("Memory for secrets"),
                      DIAGNOSIS_ABSENT,
                      _("Keys and passwords may get into the swap space: too "
                        "little memory can be locked here."),
                      _("Let at least 1 MB be locked: by ulimit -l, or by "
                        "LimitMEMLOCK where a service runs kep."));
}

void diagnosis_place(struct diagnosis *diagnosis)
{
    look_at_journal(diagnosis);
    look_at_local(diagnosis);
    look_at_memory(diagnosis);
}
