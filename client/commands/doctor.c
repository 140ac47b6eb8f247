#include "client/commands/commands.h"

#include "client/doctor/diagnosis.h"
#include "client/renewal/result.h"
#include "client/text.h"
#include "client/view/view_put.h"

#include <json-c/json.h>

enum outcome doctor_run(struct desk *desk)
{
    struct diagnosis diagnosis = {.desk = desk};
    struct failure failure = {.elsewhere = true};
    struct json_object *json;

    if (desk->options->json)
        diagnosis.checks = json_object_new_array();
    diagnosis_tokens(&diagnosis);
    diagnosis_place(&diagnosis);
    diagnosis_rights(&diagnosis);
    diagnosis_server(&diagnosis);
    failure.outcome = diagnosis.bad ? OUTCOME_UNHEALTHY : OUTCOME_HEALTHY;
    result_say(desk->screen, &failure);
    if (desk->options->json) {
        json = result_json_plain(&failure);
        view_put(json, "checks", diagnosis.checks);
        diagnosis.page.written = result_print(json);
        json_object_put(json);
    }
    return diagnosis.page.written == 0 ? failure.outcome : OUTCOME_IO;
}
