#include "client/renewal/statement.h"

#include "api/wording.h"
#include "client/renewal/call.h"
#include "client/text.h"
#include "client/view/name_view.h"
#include "keygen/requisite/requisite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum outcome statement_fetch(struct renewal *renewal, char **text, size_t *size)
{
    const void *got;
    enum outcome outcome;

    *text = NULL;
    message_clear(renewal->in);
    message_put_text(renewal->in, "formId", renewal_get(renewal, RECORD_FORM));
    outcome = call_do(renewal, "readStatement");
    if (outcome != OUTCOME_DONE)
        return outcome;
    got = message_get(renewal->out, "statement", size);
    if (got == NULL || message_text(renewal->out, "statement") == NULL)
        return renewal_fail(renewal, OUTCOME_SERVER_GARBAGE, "%s", "");
    *text = calloc(1, *size + 1); /* the message is used again meanwhile */
    if (*text == NULL)
        return renewal_fail(renewal, OUTCOME_MEMORY, "%s", "");
    memcpy(*text, got, *size);
    return OUTCOME_DONE;
}

const char *statement_consent(const struct renewal *renewal)
{
    return message_text(renewal->form, "consent.statement.text");
}

/* --- what stands next, taken off with the end of its line ---------------- */

static bool take(const char **at, const char *part)
{
    const size_t size = strlen(part);

    if (strncmp(*at, part, size) != 0)
        return false;
    *at += size;
    return true;
}

static bool take_line(const char **at, const char *line, const char *end)
{
    const char *here = *at;

    if (line == NULL || !take(&here, line) || !take(&here, end))
        return false;
    *at = here;
    return true;
}

static bool take_value(const char **at, const char *label, const char *value)
{
    const char *here = *at;

    if (!take(&here, label) || !take(&here, ": ") ||
        !take_line(&here, value, "\n"))
        return false;
    *at = here;
    return true;
}

static bool take_time(const char **at)
{
    const char *here = *at;
    size_t size;

    if (!take(&here, wording_time) || !take(&here, ": "))
        return false;
    size = strcspn(here, "\n");
    if (!wording_is_time(here, size) || here[size] != '\n')
        return false;
    *at = here + size + 1;
    return true;
}

static bool take_head(const struct renewal *renewal, const char **at)
{
    return take_line(at, wording_title, "\n") && take(at, "\n") &&
           take_value(at, wording_form, renewal_get(renewal, RECORD_FORM)) &&
           take_time(at) &&
           take_value(at, wording_thumbprint,
                      renewal_get(renewal, RECORD_OLD_THUMBPRINT)) &&
           take(at, "\n") && take_line(at, wording_request, "\n") &&
           take(at, "\n");
}

/* СНИЛС may stand as in the certificate or as on its card. */
static bool take_datum(const char **at, const char *label,
                       enum name_attribute attribute, const char *value)
{
    char card[REQUISITE_MAX];

    if (take_value(at, label, value))
        return true;
    return attribute == NAME_SNILS &&
           take_value(at, label,
                      requisite_written(REQUISITE_SNILS, value, card));
}

/* --- what the server is free to say -------------------------------------- */

/* ИНН, СНИЛС and ОГРН have ten digits or more, as blanks and dashes may part
 * them; the dates and numbers of laws have less. */
static bool is_plain(const char *consent)
{
    enum { NUMBER = 10 };
    size_t digits = 0;

    for (; *consent != '\0'; consent++) {
        if (*consent == '\n')
            return false;
        if (*consent >= '0' && *consent <= '9')
            digits++;
        else if (strchr(" -", *consent) == NULL)
            digits = 0;
        if (digits >= NUMBER)
            return false;
    }
    return true;
}

/* --- what is wrong ------------------------------------------------------- */

static enum outcome refuse_line(struct renewal *renewal, const char *at)
{
    char line[160], shown[sizeof(line)];

    if (*at == '\0')
        return renewal_fail(renewal, OUTCOME_STATEMENT_MISMATCH, "%s",
                            _("It breaks off before its end."));
    snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
    return renewal_fail(renewal, OUTCOME_STATEMENT_MISMATCH,
                        _("Out of place in it: “%s”."),
                        text_clean_into(shown, sizeof(shown), line));
}

static bool is_of(const char *at, const char *label)
{
    const size_t size = strlen(label);

    return strncmp(at, label, size) == 0 && at[size] == ':';
}

/* A line of this label is there, from here on. */
static bool comes_later(const char *at, const char *label)
{
    for (; *at != '\0'; at += at[0] == '\n') {
        if (is_of(at, label))
            return true;
        at += strcspn(at, "\n");
    }
    return false;
}

static enum outcome refuse_datum(struct renewal *renewal, const char *at,
                                 const char *label,
                                 enum name_attribute attribute)
{
    const bool here = is_of(at, label);

    if (!here && comes_later(at, label))
        return refuse_line(renewal, at);
    return renewal_fail(renewal, OUTCOME_STATEMENT_MISMATCH,
                        here ? _("Different in it: %s.")
                             : _("Missing in it: %s."),
                        name_view_label(attribute));
}

enum outcome statement_check(struct renewal *renewal, const struct name *data,
                             const char *consent, const char *text)
{
    const char *at = text;

    if (!take_head(renewal, &at))
        return refuse_line(renewal, at);
    for (size_t i = 0; i < WORDING_DATA; i++) {
        const char *label = wording_data[i].label;
        const enum name_attribute attribute =
            (enum name_attribute)name_find(wording_data[i].word);
        const char *value = data->value[attribute];

        if (value != NULL && !take_datum(&at, label, attribute, value))
            return refuse_datum(renewal, at, label, attribute);
    }
    if (!take(&at, "\n") || consent == NULL || !is_plain(consent) ||
        !take_line(&at, consent, ".\n") || *at != '\0')
        return refuse_line(renewal, at);
    return OUTCOME_DONE;
}
