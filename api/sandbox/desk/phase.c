#include "api/sandbox/desk/phase.h"

#include <string.h>

static const struct {
    const char *word;
    bool final;
    const char *reason;
} phases[PHASE_COUNT] = {
    [PHASE_CREATED] = {"created", false, NULL},
    [PHASE_VALIDATION_ERROR] = {"validationError", false,
                                "Данные не прошли проверку. Исправьте их."},
    [PHASE_DATA_CONFIRMED] = {"dataConfirmed", false, NULL},
    [PHASE_STATEMENT_SIGNED] = {"statementSigned", false, NULL},
    [PHASE_PAPER_STATEMENT] = {"paperStatement", false, NULL},
    [PHASE_SUBMITTED] = {"submitted", false, NULL},
    [PHASE_APPROVED] = {"approved", false, NULL},
    [PHASE_PAYMENT_REQUIRED] = {"paymentRequired", false, NULL},
    [PHASE_RELEASE_CONFIRMED] = {"releaseConfirmed", false, NULL},
    [PHASE_AWAITING_CONFIRMATION] = {"awaitingConfirmation", false, NULL},
    [PHASE_ISSUING] = {"issuing", false, NULL},
    [PHASE_ISSUED] = {"issued", false, NULL},
    [PHASE_INSTALLED] = {"installed", true, NULL},
    [PHASE_REJECTED] = {"rejected", true,
                        "Заявка отклонена оператором. Обратитесь в сервисный "
                        "центр."},
    [PHASE_ISSUE_FAILED] = {"issueFailed", true,
                            "Удостоверяющий центр не смог выпустить "
                            "сертификат. Обратитесь в сервисный центр."},
    [PHASE_CANCELLED] = {"cancelled", true, "Заявка отменена."},
    [PHASE_FORM_EXPIRED] = {"formExpired", true,
                            "Срок заявки истёк. Откройте новую."},
};

#define IN(phase) (1U << PHASE_##phase)

enum {
    ALL = (1U << PHASE_COUNT) - 1,
    FINAL = IN(INSTALLED) | IN(REJECTED) | IN(ISSUE_FAILED) | IN(CANCELLED) |
            IN(FORM_EXPIRED),
    OPEN = ALL & ~FINAL,
    UNCONFIRMED = IN(CREATED) | IN(VALIDATION_ERROR),
    UNSENT = IN(DATA_CONFIRMED) | IN(STATEMENT_SIGNED),
    MADE = IN(ISSUING) | IN(ISSUED) | IN(INSTALLED),
    AFTER_APPROVAL = IN(APPROVED) | IN(PAYMENT_REQUIRED) |
                     IN(RELEASE_CONFIRMED) | IN(AWAITING_CONFIRMATION) | MADE
};

static const struct {
    const char *operation;
    unsigned from;
    enum phase to; /* PHASE_COUNT: the same */
    unsigned again;
} steps[] = {
    {"readForm", ALL, PHASE_COUNT, 0},
    {"changeData", UNCONFIRMED, PHASE_DATA_CONFIRMED, 0},
    {"sendDocument", UNCONFIRMED | UNSENT | IN(PAPER_STATEMENT), PHASE_COUNT,
     0},
    {"readStatement", ALL & ~(unsigned)UNCONFIRMED, PHASE_COUNT, 0},
    {"sendStatementSignature", IN(DATA_CONFIRMED), PHASE_STATEMENT_SIGNED,
     IN(STATEMENT_SIGNED) | IN(SUBMITTED) | AFTER_APPROVAL},
    {"submitForm", IN(STATEMENT_SIGNED), PHASE_SUBMITTED, 0},
    {"giveConsent", IN(APPROVED), PHASE_RELEASE_CONFIRMED, 0},
    {"sendRequest", IN(RELEASE_CONFIRMED), PHASE_AWAITING_CONFIRMATION,
     IN(AWAITING_CONFIRMATION) | MADE},
    {"sendUnsignedRequest", IN(RELEASE_CONFIRMED), PHASE_AWAITING_CONFIRMATION,
     IN(AWAITING_CONFIRMATION) | MADE},
    {"confirmRequest", IN(AWAITING_CONFIRMATION), PHASE_ISSUING, 0},
    {"resendConfirmation", IN(AWAITING_CONFIRMATION), PHASE_COUNT, 0},
    {"readCertificate", IN(ISSUED) | IN(INSTALLED), PHASE_COUNT, 0},
    {"reportInstalled", IN(ISSUED), PHASE_INSTALLED, 0},
    {"cancelForm", OPEN & ~IN(ISSUED), PHASE_CANCELLED, 0},
};

/* What an operator may order; it happens as soon as the phase allows. */
static const struct {
    const char *word;
    unsigned from;
    enum phase to;
} fates[] = {
    {"review", 0, PHASE_COUNT}, /* only keeps it from being approved */
    {"approved", IN(SUBMITTED) | IN(PAPER_STATEMENT), PHASE_APPROVED},
    {"rejected", IN(SUBMITTED) | IN(PAPER_STATEMENT), PHASE_REJECTED},
    {"validation-error", IN(CREATED), PHASE_VALIDATION_ERROR},
    {"wants-passport", IN(CREATED), PHASE_VALIDATION_ERROR},
    {"issue-failed", IN(ISSUING), PHASE_ISSUE_FAILED},
    {"cancelled", OPEN & ~IN(ISSUED), PHASE_CANCELLED},
    {"expired-form", OPEN & ~IN(ISSUED), PHASE_FORM_EXPIRED},
};

enum {
    STEPS = sizeof steps / sizeof *steps,
    FATES = sizeof fates / sizeof *fates
};

const char *phase_word(enum phase phase)
{
    return phases[phase].word;
}

enum phase phase_find(const char *word)
{
    unsigned i = 0;

    while (i < PHASE_COUNT && strcmp(phases[i].word, word) != 0)
        i++;
    return (enum phase)i;
}

bool phase_final(enum phase phase)
{
    return phases[phase].final;
}

const char *phase_reason(enum phase phase)
{
    return phases[phase].reason;
}

enum phase_leave phase_leave(enum phase phase, const char *operation,
                             enum phase *next)
{
    size_t i = 0;

    *next = phase;
    while (i < STEPS && strcmp(steps[i].operation, operation) != 0)
        i++;
    if (i == STEPS)
        return PHASE_REFUSED;
    if (steps[i].again & 1U << phase)
        return PHASE_AGAIN;
    if (!(steps[i].from & 1U << phase))
        return PHASE_REFUSED;
    if (steps[i].to != PHASE_COUNT)
        *next = steps[i].to;
    return PHASE_ALLOWED;
}

static size_t find_fate(const char *word)
{
    size_t i = 0;

    while (i < FATES && strcmp(fates[i].word, word) != 0)
        i++;
    return i;
}

/* An express form is approved at once, another after its review, unless an
 * operator has been told to look at it. */
static bool passes_review(const struct phase_moment *moment, size_t fate)
{
    if (moment->phase != PHASE_SUBMITTED ||
        (fate < FATES && fates[fate].to == PHASE_COUNT))
        return false;
    return moment->express ||
           (moment->review_after >= 0 &&
            moment->now >= moment->changed + moment->review_after);
}

enum phase phase_next(const struct phase_moment *moment, bool *consumed)
{
    unsigned here = 1U << moment->phase;
    size_t fate = find_fate(moment->fate);

    *consumed = false;
    if (fate < FATES && fates[fate].from & here) {
        *consumed = true;
        return fates[fate].to;
    }
    if (moment->now >= moment->expires &&
        OPEN & ~IN(ISSUING) & ~IN(ISSUED) & here)
        return PHASE_FORM_EXPIRED;
    if (passes_review(moment, fate))
        return PHASE_APPROVED;
    if (moment->phase == PHASE_APPROVED && moment->unpaid)
        return PHASE_PAYMENT_REQUIRED;
    if (moment->phase == PHASE_PAYMENT_REQUIRED && !moment->unpaid)
        return PHASE_APPROVED;
    return moment->phase;
}
