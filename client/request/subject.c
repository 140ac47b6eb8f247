#include "client/request/subject.h"

#include "client/request/country.h"
#include "client/text.h"
#include "client/view/name_view.h"
#include "client/view/requisite_text.h"
#include "keygen/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { VALUE_MAX = 1024 /* bytes */ };

/* --- words --------------------------------------------------------------- */

static const struct {
    const char *word;
    enum name_attribute attribute;
} words[] = {
    {"CN", NAME_COMMON_NAME},  {"SN", NAME_SURNAME},
    {"SURNAME", NAME_SURNAME}, {"G", NAME_GIVEN_NAME},
    {"GN", NAME_GIVEN_NAME},   {"SNILS", NAME_SNILS},
    {"СНИЛС", NAME_SNILS},     {"INN", NAME_INN},
    {"ИНН", NAME_INN},         {"INNLE", NAME_INNLE},
    {"ИННЮЛ", NAME_INNLE},     {"OGRN", NAME_OGRN},
    {"ОГРН", NAME_OGRN},       {"OGRNIP", NAME_OGRNIP},
    {"ОГРНИП", NAME_OGRNIP},   {"O", NAME_ORGANIZATION},
    {"OU", NAME_UNIT},         {"T", NAME_TITLE},
    {"L", NAME_LOCALITY},      {"S", NAME_STATE},
    {"ST", NAME_STATE},        {"STREET", NAME_STREET},
    {"E", NAME_EMAIL},         {"EMAIL", NAME_EMAIL},
    {"C", NAME_COUNTRY},
};

int subject_find(const char *word, size_t size)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i].word) == size &&
            strncasecmp(words[i].word, word, size) == 0)
            return (int)words[i].attribute;
    for (int i = 0; i < NAME_COUNT; i++) {
        const char *known = name_rule((enum name_attribute)i)->word;

        if (strlen(known) == size && strncasecmp(known, word, size) == 0)
            return i;
    }
    return -1;
}

/* --- values -------------------------------------------------------------- */

static enum outcome refuse(struct failure *failure, enum outcome outcome,
                           const char *about, const char *why)
{
    failure->outcome = outcome;
    snprintf(failure->detail, sizeof(failure->detail), "%s: %s", about, why);
    return outcome;
}

/* What may stand in a new certificate: the person's ИНН alone in its place. */
static int kind_of(enum name_attribute attribute)
{
    return attribute == NAME_INN ? (int)REQUISITE_INN_PERSON
                                 : name_view_kind(attribute);
}

/* Why name_set refuses it. */
static struct text_line explain(enum name_attribute attribute,
                                const char *value, size_t size)
{
    const struct name_rule *rule = name_rule(attribute);
    struct text_line why;
    uint32_t character;
    size_t count = 0;

    for (; size > 0; count++) {
        if (!utf8_read(&value, &size, &character) ||
            utf8_is_control(character)) {
            snprintf(why.text, sizeof(why.text),
                     _("The character in place %zu cannot be in a name."),
                     count + 1);
            return why;
        }
    }
    if (attribute == NAME_COUNTRY)
        snprintf(
            why.text, sizeof(why.text), "%s",
            _("There is no country of this code: it is two Latin capitals, "
              "for Russia RU."));
    else
        snprintf(why.text, sizeof(why.text),
                 _("At most %zu characters are allowed, and these are %zu."),
                 rule->max, count);
    return why;
}

static enum outcome put_text(struct name *subject,
                             enum name_attribute attribute, const char *value,
                             size_t size, struct failure *failure)
{
    enum fault fault = name_set(subject, attribute, value, size);

    if (fault == FAULT_NONE && attribute == NAME_COUNTRY &&
        !country_exists(value, size))
        fault = FAULT_NAME;
    if (fault == FAULT_MEMORY)
        return failure->outcome = OUTCOME_MEMORY;
    return fault == FAULT_NONE ? OUTCOME_DONE
                               : refuse(failure, OUTCOME_SUBJECT_WRONG,
                                        name_view_label(attribute),
                                        explain(attribute, value, size).text);
}

/* Blanks around it are never meant. */
static enum outcome put(struct name *subject, enum name_attribute attribute,
                        const char *value, struct failure *failure)
{
    const int kind = kind_of(attribute);
    struct requisite_finding finding;
    char kept[REQUISITE_MAX];
    size_t size;

    value += strspn(value, " ");
    size = strlen(value);
    while (size > 0 && value[size - 1] == ' ')
        size--;
    if (kind < 0)
        return put_text(subject, attribute, value, size, failure);
    if (!requisite_check((enum requisite)kind, value, size, 0, kept, &finding))
        return refuse(
            failure, OUTCOME_SUBJECT_WRONG, name_view_label(attribute),
            requisite_text_flaw((enum requisite)kind, value, size, &finding)
                .text);
    return put_text(subject, attribute, kept, strlen(kept), failure);
}

/* Where a person's number is missing, behind what says so. Foreigners come
 * without it, and there is no certificate without it. */
static void say_where_from(char *out, size_t size)
{
    const size_t used = strlen(out);

    snprintf(out + used, size - used, "%s %s",
             used > 0 && out[used - 1] != '.' ? "." : "",
             _("A qualified certificate holds the SNILS and the INN of its "
               "owner, a foreigner's too. The Social Fund assigns the one, the "
               "tax service the other."));
}

static bool is_of_everybody(enum name_attribute attribute)
{
    return attribute == NAME_SNILS || attribute == NAME_INN;
}

const char *subject_refuse(const char *answer, void *data)
{
    struct subject_asked *asked = data;
    struct name scratch = {{NULL}};
    struct failure failure = {.outcome = OUTCOME_DONE};
    enum outcome outcome = OUTCOME_DONE;

    if (answer[0] != '\0' || !asked->may_be_empty)
        outcome = put(&scratch, asked->attribute, answer, &failure);
    name_free(&scratch);
    if (outcome == OUTCOME_DONE)
        return NULL;
    /* Which of them is known to whoever was asked for it. */
    snprintf(asked->why.text, sizeof(asked->why.text), "%.500s",
             failure.detail + strlen(name_view_label(asked->attribute)) +
                 strlen(": "));
    if (answer[0] == '\0' && is_of_everybody(asked->attribute))
        say_where_from(asked->why.text, sizeof(asked->why.text));
    return asked->why.text;
}

static void drop(struct name *subject, enum name_attribute attribute)
{
    struct name gone = {{NULL}};

    gone.value[attribute] = subject->value[attribute];
    subject->value[attribute] = NULL;
    name_free(&gone);
}

/* --- the parts ----------------------------------------------------------- */

/* Before order 31 an organisation's ИНН stood in the person's attribute,
 * filled up with 00. */
static enum name_attribute where_today(enum name_attribute attribute,
                                       const char *value)
{
    return attribute == NAME_INN && strncmp(value, "00", 2) == 0 ? NAME_INNLE
                                                                 : attribute;
}

static bool is_given(const struct options_list *given,
                     enum name_attribute attribute)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *text = given->value[i];

        if (subject_find(text, strcspn(text, "=")) == (int)attribute)
            return true;
    }
    return false;
}

/* What is given anew need not have been right before. */
static enum outcome take_old(const struct certificate *from,
                             const struct options_list *given,
                             struct name *subject, struct failure *failure)
{
    enum outcome outcome = OUTCOME_DONE;

    for (int i = 0; i < NAME_COUNT && outcome == OUTCOME_DONE; i++) {
        const char *value = from->subject.value[i];
        enum name_attribute attribute;

        if (value == NULL)
            continue;
        attribute = where_today((enum name_attribute)i, value);
        if (is_given(given, attribute) ||
            (attribute != (enum name_attribute)i &&
             from->subject.value[attribute] != NULL))
            continue;
        outcome = put(subject, attribute, value, failure);
    }
    return outcome;
}

static enum outcome take_given(const char *text, bool seen[NAME_COUNT],
                               struct name *subject, struct failure *failure)
{
    const size_t size = strcspn(text, "=");
    const int attribute = subject_find(text, size);
    const char *value = text + size + 1;

    if (text[size] != '=' || attribute < 0)
        return refuse(failure, OUTCOME_SUBJECT_UNKNOWN, "--subject",
                      text_clean(text).text);
    if (seen[attribute])
        return refuse(failure, OUTCOME_SUBJECT_WRONG,
                      name_view_label((enum name_attribute)attribute),
                      _("It is given twice."));
    seen[attribute] = true;
    if (value[strspn(value, " ")] != '\0')
        return put(subject, (enum name_attribute)attribute, value, failure);
    drop(subject, (enum name_attribute)attribute);
    return OUTCOME_DONE;
}

/* The common name of a person is the full name, of which there may be the
 * surname alone, else that of the organisation. */
static enum outcome fill_in(struct name *subject, struct failure *failure)
{
    char *const *value = subject->value;
    enum outcome outcome = OUTCOME_DONE;
    char full[VALUE_MAX];

    if (value[NAME_COUNTRY] == NULL)
        outcome = put(subject, NAME_COUNTRY, "RU", failure);
    if (outcome != OUTCOME_DONE || value[NAME_COMMON_NAME] != NULL)
        return outcome;
    if (value[NAME_ORGANIZATION] != NULL)
        return put(subject, NAME_COMMON_NAME, value[NAME_ORGANIZATION],
                   failure);
    if (value[NAME_SURNAME] == NULL)
        return OUTCOME_DONE;
    snprintf(full, sizeof(full), "%s%s%s", value[NAME_SURNAME],
             value[NAME_GIVEN_NAME] != NULL ? " " : "",
             value[NAME_GIVEN_NAME] != NULL ? value[NAME_GIVEN_NAME] : "");
    return put(subject, NAME_COMMON_NAME, full, failure);
}

/* --- what must be there -------------------------------------------------- */

/* Of each group that has one, all (order 795 of the FSB as amended by order
 * 31): a person's, an organisation's. */
static const struct group {
    size_t count;
    enum name_attribute attribute[4];
} person = {4, {NAME_SURNAME, NAME_GIVEN_NAME, NAME_SNILS, NAME_INN}},
  organization = {3, {NAME_ORGANIZATION, NAME_INNLE, NAME_OGRN}};

static bool has(const struct name *subject, const struct group *group)
{
    for (size_t i = 0; i < group->count; i++)
        if (subject->value[group->attribute[i]] != NULL)
            return true;
    return false;
}

/* Some people have one name alone, which is the surname then: their other one
 * is left out knowingly. */
static bool is_missing(const struct name *subject,
                       enum name_attribute attribute,
                       const bool seen[NAME_COUNT])
{
    return subject->value[attribute] == NULL &&
           (attribute != NAME_GIVEN_NAME || !seen[attribute]);
}

static void note_missing(const struct name *subject, const struct group *group,
                         const bool seen[NAME_COUNT], char *out, size_t size)
{
    for (size_t i = 0; i < group->count; i++) {
        const size_t used = strlen(out);

        if (is_missing(subject, group->attribute[i], seen))
            snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "",
                     name_view_label(group->attribute[i]));
    }
}

static enum outcome check_whole(const struct name *subject,
                                const bool seen[NAME_COUNT],
                                struct failure *failure)
{
    const bool is_person =
        !has(subject, &organization) || has(subject, &person);
    char missing[256] = "";

    if (is_person)
        note_missing(subject, &person, seen, missing, sizeof(missing));
    if (has(subject, &organization))
        note_missing(subject, &organization, seen, missing, sizeof(missing));
    if (missing[0] == '\0')
        return OUTCOME_DONE;
    (void)refuse(failure, OUTCOME_SUBJECT_INCOMPLETE, _("Missing"), missing);
    if (is_person && (subject->value[NAME_SNILS] == NULL ||
                      subject->value[NAME_INN] == NULL))
        say_where_from(failure->detail, sizeof(failure->detail));
    return failure->outcome;
}

enum outcome subject_make(const struct certificate *from,
                          const struct options_list *given,
                          struct name *subject, struct failure *failure)
{
    bool seen[NAME_COUNT] = {false};
    enum outcome outcome = OUTCOME_DONE;

    *subject = (struct name){{NULL}};
    if (from != NULL)
        outcome = take_old(from, given, subject, failure);
    for (size_t i = 0; i < given->count && outcome == OUTCOME_DONE; i++)
        outcome = take_given(given->value[i], seen, subject, failure);
    if (outcome == OUTCOME_DONE)
        outcome = fill_in(subject, failure);
    if (outcome == OUTCOME_DONE)
        outcome = check_whole(subject, seen, failure);
    return outcome;
}
