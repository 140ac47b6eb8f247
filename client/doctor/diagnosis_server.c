#include "client/doctor/diagnosis.h"

#include "api/api.h"
#include "client/renewal/call.h"
#include "client/roots.h"
#include "client/text.h"
#include "keygen/chain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CLOCK_TOLERANCE = 5 * 60, /* as a renewal has it */
    NO_DIFFERENCE = 2         /* seconds */
};

/* The server's answer has its time, also when it is a refusal. */
static void compare_clock(struct diagnosis *diagnosis,
                          const struct message *out)
{
    const char *date = message_text(out, "date");
    long long off;
    char text[256];

    if (date == NULL)
        return;
    off =
        (long long)clock_now(diagnosis->desk->clock) - strtoll(date, NULL, 10);
    if (llabs(off) < NO_DIFFERENCE)
        snprintf(text, sizeof(text), "%s",
                 _("This computer's clock shows what the server's does."));
    else
        snprintf(text, sizeof(text),
                 _("This computer's clock differs from the server's by %s."),
                 text_duration(llabs(off)).text);
    diagnosis_add(
        diagnosis, "clock", _("Clock"),
        llabs(off) <= CLOCK_TOLERANCE ? DIAGNOSIS_GOOD : DIAGNOSIS_BAD, text,
        llabs(off) <= CLOCK_TOLERANCE
            ? NULL
            : _("Set it right: a signature with a wrong time may be "
                "refused."));
}

/* A session that nobody has is refused, by a server that is the right one. */
static void ask(struct diagnosis *diagnosis, struct api *api,
                struct message *in, struct message *out)
{
    char where[FAILURE_DETAIL];
    enum api_result result;

    call_where(diagnosis->desk->options->server, where, sizeof(where));
    message_put_text(in, "refreshToken", "kep-doctor");
    result = api_call(api, "refreshSession", in, out);
    if (result == API_OK || result == API_REFUSED)
        diagnosis_add(diagnosis, "server", _("Enrollment server"),
                      DIAGNOSIS_GOOD, _("It answers, and is the right one."),
                      NULL);
    else
        diagnosis_add_outcome(diagnosis, "server", _("Enrollment server"),
                              DIAGNOSIS_BAD, outcome_of_api(result, ""), where);
    compare_clock(diagnosis, out);
}

static void look_for_server(struct diagnosis *diagnosis)
{
    const struct options *options = diagnosis->desk->options;
    const struct api_settings settings = {.url = options->server,
                                          .ca_file = options->server_ca,
                                          .user_agent = "kep/" VERSION,
                                          .attempts = 1};
    struct message *in = message_new(), *out = message_new();
    struct api *api = NULL;
    enum api_result result;
    char wrong[FAILURE_DETAIL];

    if (options->server == NULL) {
        diagnosis_add(diagnosis, "server", _("Enrollment server"),
                      DIAGNOSIS_ABSENT, _("None is configured."),
                      _("Name it with --server or in the settings."));
        message_free(&in);
        message_free(&out);
        return;
    }
    result = in == NULL || out == NULL ? API_MEMORY : api_new(&settings, &api);
    if (result == API_OK)
        ask(diagnosis, api, in, out);
    else
        diagnosis_add_outcome(diagnosis, "server", _("Enrollment server"),
                              DIAGNOSIS_BAD, outcome_of_api(result, ""),
                              call_settings_serve(options->server,
                                                  options->server_ca, wrong,
                                                  sizeof(wrong))
                                  ? NULL
                                  : wrong);
    api_free(&api);
    message_free(&in);
    message_free(&out);
}

/* Nothing can lead to one that is over, or that issues nothing: a list of
 * roots grows old. */
static void weigh_roots(struct diagnosis *diagnosis, const struct chain *roots)
{
    const time_t now = clock_now(diagnosis->desk->clock);
    size_t good = 0;
    char text[512];
    int size;

    for (size_t i = 0; i < roots->count; i++)
        good += chain_is_root(roots->certificate[i], now) ? 1 : 0;
    size = snprintf(text, sizeof(text),
                    ngettext("%zu certificate in the file.",
                             "%zu certificates in the file.", roots->count),
                    roots->count);
    if (good < roots->count && size > 0 && (size_t)size < sizeof(text))
        snprintf(text + size, sizeof(text) - (size_t)size,
                 _(" Good for checking new ones: %zu; the others are over or "
                   "are no authority's."),
                 good);
    diagnosis_add(diagnosis, "roots", _("Root certificates"),
                  good > 0 ? DIAGNOSIS_GOOD : DIAGNOSIS_BAD, text,
                  good > 0 ? NULL
                           : _("Take the root certificate that is valid now "
                               "from the site of your certification centre or "
                               "the Ministry's."));
}

static void look_for_roots(struct diagnosis *diagnosis)
{
    const char *path = diagnosis->desk->options->roots;
    struct failure failure = {.outcome = OUTCOME_DONE};
    struct chain *roots = path != NULL ? calloc(1, sizeof(*roots)) : NULL;

    if (roots == NULL)
        return;
    if (roots_read(path, roots, &failure) == OUTCOME_DONE)
        weigh_roots(diagnosis, roots);
    else
        diagnosis_add(diagnosis, "roots", _("Root certificates"), DIAGNOSIS_BAD,
                      failure.detail,
                      _("Check its name, and that it holds certificates."));
    chain_free(roots);
    free(roots);
}

void diagnosis_server(struct diagnosis *diagnosis)
{
    look_for_server(diagnosis);
    look_for_roots(diagnosis);
}
