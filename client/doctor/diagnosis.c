#include "client/doctor/diagnosis.h"

#include "client/text.h"
#include "client/view/view_put.h"

#include <stdio.h>

static const char *const words[] = {[DIAGNOSIS_GOOD] = "good",
                                    [DIAGNOSIS_ABSENT] = "absent",
                                    [DIAGNOSIS_BAD] = "bad"};

void diagnosis_add(struct diagnosis *diagnosis, const char *check,
                   const char *label, enum diagnosis_state state,
                   const char *text, const char *advice)
{
    static const char *const marks[] = {[DIAGNOSIS_GOOD] = N_("In order"),
                                        [DIAGNOSIS_ABSENT] = N_("Not there"),
                                        [DIAGNOSIS_BAD] = N_("A fault")};
    struct json_object *object;

    diagnosis->bad |= state == DIAGNOSIS_BAD;
    if (diagnosis->checks == NULL) {
        page_title(&diagnosis->page, label);
        page_line(&diagnosis->page, _(marks[state]), text);
        if (advice != NULL)
            page_line(&diagnosis->page, _("What to do"), advice);
        return;
    }
    object = json_object_new_object();
    view_put_text(object, "check", check);
    view_put_text(object, "state", words[state]);
    view_put_text(object, "message", text);
    view_put_text(object, "advice", advice);
    json_object_array_add(diagnosis->checks, object);
}

void diagnosis_add_outcome(struct diagnosis *diagnosis, const char *check,
                           const char *label, enum diagnosis_state state,
                           enum outcome outcome, const char *about)
{
    const struct outcome_row *row = outcome_row(outcome);
    const char *advice = row->elsewhere != NULL ? row->elsewhere : row->advice;
    char text[2048];

    snprintf(text, sizeof(text), about != NULL ? "%s %s" : "%s",
             _(row->sentence), about != NULL ? text_clean(about).text : "");
    diagnosis_add(diagnosis, check, label, state, text,
                  advice != NULL && advice[0] != '\0' ? _(advice) : NULL);
}
