#include "client/doctor/diagnosis.h"

#include "client/program/words.h"
#include "client/text.h"
#include "client/view/medium_view.h"
#include "token/medium.h"

#include <stdio.h>
#include <string.h>

/* What each kind of medium that comes and goes is called. */
static const struct kind {
    const char *kind, *check, *label;
} kinds[] = {
    {"rutoken", "pcsc", N_("Tokens over PC/SC (rutoken: places)")},
    {"pkcs11", "pkcs11", N_("Tokens over PKCS#11 (pkcs11: places)")},
};

static const struct kind *kind_of(const char *word)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, word) == 0)
            return &kinds[i];
    return &kinds[0];
}

struct looking {
    struct diagnosis *diagnosis;
    size_t tokens;
};

/* A token whose PIN is locked or nearly so, or is everybody's. */
static void add_pin(struct diagnosis *diagnosis, const struct medium_info *info)
{
    char tries[256], where[512], text[1024];

    medium_view_tries(info, tries, sizeof(tries));
    snprintf(text, sizeof(text), _("PIN: %s."), tries);
    if (info->pin_blocked)
        diagnosis_add_outcome(diagnosis, "pin", medium_view_name(info),
                              DIAGNOSIS_BAD, OUTCOME_PIN_BLOCKED, NULL);
    else if (info->pin_low || info->pin_last)
        diagnosis_add(diagnosis, "pin", medium_view_name(info), DIAGNOSIS_BAD,
                      text,
                      _("Find out the right PIN before the next try. The right "
                        "PIN makes all tries good again."));
    else if (info->pin_factory) {
        snprintf(
            text, sizeof(text), _("Change it: kep pin '%s'"),
            words_quote(where, sizeof(where), text_clean(info->location).text));
        diagnosis_add(diagnosis, "pin", medium_view_name(info), DIAGNOSIS_BAD,
                      _("The token still has the PIN that it was sold with, "
                        "which everybody knows."),
                      text);
    } else
        diagnosis_add(diagnosis, "pin", medium_view_name(info), DIAGNOSIS_GOOD,
                      text, NULL);
}

static enum fault add_token(void *context, const char *where, enum fault fault,
                            const struct medium_info *info)
{
    struct looking *looking = context;

    looking->tokens++;
    if (fault != FAULT_NONE)
        diagnosis_add_outcome(looking->diagnosis, "token",
                              text_clean(where).text, DIAGNOSIS_BAD,
                              outcome_of_fault(fault), NULL);
    else
        add_pin(looking->diagnosis, info);
    return FAULT_NONE;
}

/* There may be nothing to find, which is no fault; a module that was named
 * has to be there. */
static bool is_absent(enum fault fault, const struct diagnosis *diagnosis)
{
    return fault == FAULT_NO_READER || fault == FAULT_NO_TOKEN ||
           (fault == FAULT_MODULE_MISSING &&
            diagnosis->desk->options->pkcs11_module == NULL);
}

static void look(struct diagnosis *diagnosis, const struct medium_ops *ops)
{
    struct looking looking = {diagnosis, 0};
    const struct kind *kind = kind_of(ops->kind);
    const enum fault fault = ops->present(add_token, &looking);
    char text[128];

    if (fault != FAULT_NONE) {
        diagnosis_add_outcome(diagnosis, kind->check, _(kind->label),
                              is_absent(fault, diagnosis) ? DIAGNOSIS_ABSENT
                                                          : DIAGNOSIS_BAD,
                              outcome_of_fault(fault), NULL);
    } else if (looking.tokens == 0) {
        diagnosis_add(diagnosis, kind->check, _(kind->label), DIAGNOSIS_ABSENT,
                      _("It works, but no token that it knows is plugged in."),
                      NULL);
    } else {
        snprintf(text, sizeof(text),
                 ngettext("It works, and there is %zu token.",
                          "It works, and there are %zu tokens.",
                          looking.tokens),
                 looking.tokens);
        diagnosis_add(diagnosis, kind->check, _(kind->label), DIAGNOSIS_GOOD,
                      text, NULL);
    }
}

void diagnosis_tokens(struct diagnosis *diagnosis)
{
    const struct medium_ops *ops;

    for (size_t i = 0; (ops = medium_at(i)) != NULL; i++)
        if (ops->present != NULL)
            look(diagnosis, ops);
}
