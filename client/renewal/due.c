#include "client/renewal/due.h"

#include "client/renewal/former.h"
#include "client/renewal/policy.h"
#include "client/screen/prompt.h"
#include "client/text.h"

#include <stdio.h>

static bool is_over(enum outcome offer)
{
    return offer == OUTCOME_EXPIRED || offer == OUTCOME_KEY_PERIOD_OVER;
}

static enum outcome of_prompt(enum prompt_end end)
{
    return end == PROMPT_OK       ? OUTCOME_DONE
           : end == PROMPT_SIGNAL ? OUTCOME_INTERRUPTED
                                  : OUTCOME_CANCELLED;
}

/* Its key signs nothing, and why: the statement may be signed by hand. */
static enum outcome ask_for_paper(const struct desk *desk, enum outcome why)
{
    enum prompt_end end;
    bool yes = true;

    if (desk->options->paper)
        return OUTCOME_DONE;
    if (!screen_interactive(desk->screen) || desk->options->express)
        return why;
    screen_say(desk->screen,
               _("%s A statement on paper can take the place of its signature: "
                 "it is printed, signed by hand, and its scan sent or the "
                 "sheet carried to the service centre."),
               _(outcome_row(why)->sentence));
    end = prompt_yes(desk->screen, _("Apply with a statement on paper?"), 0,
                     &yes);
    if (end == PROMPT_OK && yes)
        desk->options->paper = true;
    return end != PROMPT_OK ? of_prompt(end) : yes ? OUTCOME_DONE : why;
}

/* Too early by the calendar; an unscheduled replacement that was asked for at
 * the service centre is known to the server. */
static enum outcome ask_for_replacement(const struct desk *desk,
                                        const struct certificate *certificate)
{
    enum prompt_end end;
    bool yes = false;

    if (desk->options->force)
        return OUTCOME_DONE;
    if (!screen_interactive(desk->screen))
        return OUTCOME_NOT_DUE;
    screen_say(desk->screen,
               _("This certificate is valid until %s: it is too early to renew "
                 "it. It can be replaced before that if you have asked your "
                 "service centre for an unscheduled replacement."),
               text_date(certificate->not_after).text);
    end = prompt_yes(desk->screen,
                     _("Have you asked for an unscheduled replacement?"), 0,
                     &yes);
    if (end == PROMPT_OK && yes)
        desk->options->force = true;
    return end != PROMPT_OK ? of_prompt(end)
           : yes            ? OUTCOME_DONE
                            : OUTCOME_NOT_DUE;
}

/* Why its key signs nothing; OUTCOME_DONE: it does. */
static enum outcome why_mute(const struct container_info *info,
                             enum outcome offer)
{
    const bool fits = offer == OUTCOME_DONE || offer == OUTCOME_NOT_DUE;

    return is_over(offer)                         ? offer
           : fits && former_is_alone(info->where) ? OUTCOME_KEY_ABSENT
                                                  : OUTCOME_DONE;
}

enum outcome due_check(const struct desk *desk,
                       const struct container_info *info,
                       struct failure *failure)
{
    const struct certificate *certificate = info->certificate;
    const enum outcome offer = policy_offer(certificate, clock_now(desk->clock),
                                            desk->options->window);
    const enum outcome mute = why_mute(info, offer);

    failure->outcome =
        mute == OUTCOME_DONE ? OUTCOME_DONE : ask_for_paper(desk, mute);
    if (failure->outcome != OUTCOME_DONE || is_over(offer))
        return failure->outcome;
    if (offer != OUTCOME_NOT_DUE)
        return failure->outcome = offer;
    failure->outcome = ask_for_replacement(desk, certificate);
    if (failure->outcome != OUTCOME_NOT_DUE)
        return failure->outcome;
    snprintf(failure->detail, sizeof(failure->detail),
             ngettext("It ends on %s; renewal is offered %ld day before that.",
                      "It ends on %s; renewal is offered %ld days before that.",
                      (unsigned long)desk->options->window),
             text_date(certificate_signs_until(certificate)).text,
             desk->options->window);
    return failure->outcome;
}
