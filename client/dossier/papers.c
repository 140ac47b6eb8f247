#include "client/dossier/papers.h"

#include "api/document.h"
#include "client/renewal/form.h"
#include "client/screen/walk.h"
#include "client/state/paths.h"
#include "client/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENTS_MAX = 8 };

static const struct {
    const char *kind, *label;
} kinds[] = {
    {"passport", N_("Identity document")},
    {"snils", N_("SNILS card")},
    {"statement", N_("Statement signed by hand")},
};

static const struct {
    const char *state, *text;
} states[] = {
    {"former", N_("of the former application")},
    {"received", N_("received")},
    {"wanted", N_("a scan is wanted")},
};

/* How a kind ("passport") is called, translated. */
static const char *label_of(const char *kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return _(kinds[i].label);
    return kind;
}

/* A member of the i-th document of the form, or NULL. */
static const char *member(const struct renewal *renewal, int i,
                          const char *name, char word[MESSAGE_WORD_MAX])
{
    snprintf(word, MESSAGE_WORD_MAX, "documents.%d.%s", i, name);
    return message_text(renewal->form, word);
}

void papers_show(struct renewal *renewal)
{
    char word[MESSAGE_WORD_MAX];

    for (int i = 0; i < DOCUMENTS_MAX; i++) {
        const char *kind = member(renewal, i, "kind", word);
        const char *state = member(renewal, i, "state", word);
        time_t when;

        if (kind == NULL || state == NULL)
            return;
        (void)member(renewal, i, "receivedAt", word);
        when = message_time(renewal->form, word);
        for (size_t j = 0; j < sizeof(states) / sizeof(states[0]); j++)
            if (strcmp(states[j].state, state) == 0)
                screen_pair(renewal->screen, label_of(kind), "%s (%s)",
                            _(states[j].text), text_date(when).text);
    }
}

/* --- scans --------------------------------------------------------------- */

/* The file, which the caller frees; else NULL and the sentence why not. */
static char *read_scan(const char *path, size_t *size, const char **why)
{
    char *data = paths_read(path, DOCUMENT_MAX, size);

    *why = NULL;
    if (data == NULL)
        *why = errno == EFBIG
                   ? _("The file is larger than the 10 MB that the centre "
                       "takes. Save a smaller copy of it as JPEG, or scan the "
                       "sheet in grey at 150 dots per inch.")
                   : _("There is no such file, or it cannot be read.");
    else if (document_type(data, *size) == NULL)
        *why = _("It is neither a PDF nor a JPEG nor a PNG file.");
    if (*why == NULL)
        return data;
    free(data);
    return NULL;
}

/* NULL, else the translated sentence why not. */
static const char *refuse_scan(const char *path, void *data)
{
    const char *why;
    size_t size = 0;

    (void)data;
    free(read_scan(path, &size, &why));
    return why;
}

enum outcome papers_send(struct renewal *renewal, const char *kind,
                         const char *path)
{
    const char *why;
    size_t size = 0;
    char *data = read_scan(path, &size, &why);
    enum outcome outcome;

    if (data == NULL)
        return renewal_fail(renewal, OUTCOME_DOCUMENT_REFUSED, "%s: %s", path,
                            why);
    message_clear(renewal->in);
    form_put(renewal);
    message_put_text(renewal->in, "kind", kind);
    message_put(renewal->in, "content", data, size);
    free(data); /* it may be large */
    screen_progress(renewal->screen, _("The scan is being sent: %s."),
                    text_inside(label_of(kind)).text);
    outcome = form_do(renewal, "sendDocument");
    screen_progress_end(renewal->screen);
    /* The data are still to be corrected: that is said when they are looked
     * at. */
    if (outcome == OUTCOME_VALIDATION_ERROR)
        outcome = OUTCOME_DONE;
    if (outcome == OUTCOME_DONE)
        screen_say(renewal->screen, _("The scan has been sent: %s."),
                   text_inside(label_of(kind)).text);
    return outcome;
}

/* The first document that is wanted, NULL: none; it lives as long as the
 * form. */
static const char *find_wanted(const struct renewal *renewal)
{
    char word[MESSAGE_WORD_MAX];

    for (int i = 0; i < DOCUMENTS_MAX; i++) {
        const char *state = member(renewal, i, "state", word);

        if (state == NULL)
            break;
        if (strcmp(state, "wanted") == 0)
            return member(renewal, i, "kind", word);
    }
    return NULL;
}

const char *papers_given(const struct renewal *renewal, const char *kind)
{
    const struct options_list *list = &renewal->options->scan;
    size_t size = strlen(kind);

    for (size_t i = 0; i < list->count; i++) {
        const char *value = list->value[i];

        if (strncmp(value, kind, size) == 0 && value[size] == '=')
            return value + size + 1;
        if (strcmp(kind, "statement") == 0 && strchr(value, '=') == NULL)
            return value;
    }
    return NULL;
}

enum prompt_end papers_ask(struct renewal *renewal, const char *question,
                           char path[PATHS_MAX])
{
    const struct prompt_line ask = {
        .question = question, .check = refuse_scan, .is_path = true};

    if (screen_interactive(renewal->screen))
        screen_say(renewal->screen,
                   _("A scan or a photograph is a PDF, JPEG or PNG file of at "
                     "most 10 MB; it can be dragged into this window."));
    return prompt_line(renewal->screen, &ask, path, PATHS_MAX);
}

/* A file that was given and is taken for none of what is wanted. */
static bool is_kind_missing(const struct renewal *renewal)
{
    const struct options_list *list = &renewal->options->scan;

    for (size_t i = 0; i < list->count; i++)
        if (strchr(list->value[i], '=') == NULL)
            return true;
    return false;
}

static void say_wanted(const struct renewal *renewal, const char *kind,
                       const char *label)
{
    if (!screen_interactive(renewal->screen))
        return;
    screen_say(renewal->screen,
               _("The certification centre wants a scan of a document: %s."),
               label);
    if (is_kind_missing(renewal))
        screen_say(renewal->screen,
                   _("Which document is in the file of --scan has to be said: "
                     "--scan %s=FILE. It has not been sent."),
                   kind);
}

static enum outcome send_one(struct renewal *renewal, const char *kind)
{
    const struct text_line label = text_inside(label_of(kind));
    char question[sizeof(label.text) + 64], path[PATHS_MAX];
    enum prompt_end end;

    if (papers_given(renewal, kind) != NULL)
        return papers_send(renewal, kind, papers_given(renewal, kind));
    say_wanted(renewal, kind, label.text);
    snprintf(question, sizeof(question), _("File with the scan (%s)"),
             label.text);
    end = papers_ask(renewal, question, path);
    if (end == PROMPT_NOBODY)
        return renewal_fail(renewal, OUTCOME_DATA_NEEDED,
                            _("A scan is wanted: %s (--scan %s=FILE)."),
                            label.text, kind);
    if (end != PROMPT_OK)
        return renewal_unanswered(renewal, end, "--scan");
    return papers_send(renewal, kind, path);
}

enum outcome papers_send_wanted(struct renewal *renewal)
{
    enum outcome outcome = OUTCOME_DONE;
    const char *kind;

    for (int i = 0; i < DOCUMENTS_MAX && outcome == OUTCOME_DONE; i++) {
        char copy[MESSAGE_WORD_MAX];

        kind = find_wanted(renewal);
        if (kind == NULL)
            break;
        snprintf(copy, sizeof(copy), "%s", kind);
        outcome = send_one(renewal, copy);
        if (outcome == OUTCOME_DONE)
            walk_bar(renewal->screen, _("The scan has been sent, and is not "
                                        "asked for again."));
    }
    return outcome;
}
