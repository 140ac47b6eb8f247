#include "client/view/requisite_text.h"

#include "keygen/utf8.h"

#include <stdio.h>
#include <string.h>

static const struct row {
    const char *label;
    const char *alphabet;
    const char *length;
    const char *check;
    const char *zeros;
} rows[REQUISITE_COUNT] = {
    [REQUISITE_INN] = {N_("INN"), N_("An INN consists of digits."),
                       N_("An INN has 10 digits (organisation) or 12 digits "
                          "(person)."),
                       N_("The check digits of the INN do not fit: one of its "
                          "digits is wrong. Compare it with the document."),
                       N_("An INN cannot begin with two zeros.")},
    [REQUISITE_INN_PERSON] =
        {N_("INN of the person"), N_("An INN consists of digits."),
         N_("The INN of a person has 12 digits."),
         N_("The check digits of the INN do not fit: one of its digits is "
            "wrong. Compare it with the document."),
         N_("The INN of a person cannot begin with two zeros: that is how "
            "older certificates hold the INN of an organisation.")},
    [REQUISITE_INN_ORGANIZATION] =
        {N_("INN of the organisation"), N_("An INN consists of digits."),
         N_("The INN of an organisation has 10 digits."),
         N_("The check digits of the INN do not fit: one of its digits is "
            "wrong. Compare it with the document."),
         N_("An INN cannot begin with two zeros.")},
    [REQUISITE_SNILS] =
        {N_("SNILS"),
         N_("A SNILS consists of digits: 112-233-445 95 or 11223344595."),
         N_("A SNILS has 11 digits."),
         N_("The check digits of the SNILS do not fit: one of its digits is "
            "wrong. Compare it with the document."),
         N_("A SNILS cannot consist of zeros.")},
    [REQUISITE_OGRN] =
        {N_("OGRN"), N_("An OGRN consists of digits."),
         N_("The OGRN of an organisation has 13 digits; 15 digits are an "
            "OGRNIP."),
         N_("The check digit of the OGRN does not fit: one of its digits is "
            "wrong. Compare it with the document."),
         N_("An OGRN cannot begin with a zero.")},
    [REQUISITE_OGRNIP] =
        {N_("OGRNIP"), N_("An OGRNIP consists of digits."),
         N_("The OGRNIP of a sole trader has 15 digits; 13 digits are the "
            "OGRN of an organisation."),
         N_("The check digit of the OGRNIP does not fit: one of its digits is "
            "wrong. Compare it with the document."),
         N_("An OGRNIP cannot begin with a zero.")},
    [REQUISITE_KPP] =
        {N_("KPP"),
         N_("A KPP consists of digits; only in places 5 and 6 there may be "
            "capital Latin letters."),
         N_("A KPP has 9 characters."), "",
         N_("The first four digits of a KPP are the number of the tax office "
            "and cannot all be zeros.")},
    [REQUISITE_PHONE] =
        {N_("Telephone"), N_("A telephone is written like +7 912 345-67-89."),
         N_("With its +7 and area code a telephone has 11 digits."), "", ""},
    [REQUISITE_MOBILE] =
        {N_("Telephone"), N_("A telephone is written like +7 912 345-67-89."),
         N_("With its +7 and area code a telephone has 11 digits."), "", ""},
    [REQUISITE_EMAIL] =
        {N_("E-mail"),
         N_("In a certificate an e-mail address has only Latin letters, digits "
            "and signs, without blanks: name@example.com."),
         N_("An e-mail address has at most 254 characters."), "", ""},
    [REQUISITE_BIRTH_DATE] =
        {N_("Date of birth"),
         N_("The date of birth is written like 31.12.1980."),
         N_("The date of birth is written like 31.12.1980."), "", ""},
};

static const char *const others[REQUISITE_FLAWS] = {
    [REQUISITE_EMPTY] = N_("It has not been entered."),
    [REQUISITE_COUNTRY] = N_("The country code of the telephone is not "
                             "Russian: it must be +7."),
    [REQUISITE_AREA] =
        N_("There is no such area code: none begins with 0, 1 or 2."),
    [REQUISITE_AT] = N_("An e-mail address has one sign @: name@example.com."),
    [REQUISITE_MAILBOX] = N_("The part of the e-mail address before the @ is "
                             "not right."),
    [REQUISITE_DOMAIN] = N_("The part of the e-mail address after the @ is "
                            "not right: it looks like example.com."),
    [REQUISITE_FORM] = N_("The date of birth is written like 31.12.1980."),
    [REQUISITE_NO_DATE] = N_("There is no such day in the calendar."),
    [REQUISITE_EARLY] = N_("The date of birth is before 1900."),
    [REQUISITE_FUTURE] = N_("The date of birth has not come yet."),
};

const char *requisite_text_label(enum requisite kind)
{
    return _(rows[kind].label);
}

/* The character in a place, ready for a terminal. */
static struct text_line character_at(const char *text, size_t size, size_t at)
{
    const char *begin = text;
    char one[8] = "\xFF"; /* shown as what cannot be read */
    uint32_t character;

    for (size_t i = 0; i <= at; i++) {
        begin = text;
        if (!utf8_read(&text, &size, &character))
            return text_clean(one);
    }
    memcpy(one, begin, (size_t)(text - begin));
    one[text - begin] = '\0';
    return text_clean(character == 0 ? "\xFF" : one);
}

struct text_line requisite_text_flaw(enum requisite kind, const char *text,
                                     size_t size,
                                     const struct requisite_finding *finding)
{
    const struct row *row = &rows[kind];
    struct text_line line = {""};
    const char *simple = others[finding->flaw];

    if (finding->flaw == REQUISITE_CHARACTER)
        snprintf(line.text, sizeof(line.text),
                 _("The character in place %zu (%s) does not belong there. %s"),
                 finding->at + 1, character_at(text, size, finding->at).text,
                 _(row->alphabet));
    else if (finding->flaw == REQUISITE_LENGTH)
        snprintf(line.text, sizeof(line.text), _("%s Entered: %zu."),
                 _(row->length), finding->count);
    else if (finding->flaw == REQUISITE_CHECK)
        simple = row->check;
    else if (finding->flaw == REQUISITE_ZEROS)
        simple = row->zeros;
    else if (finding->flaw == REQUISITE_AREA && kind == REQUISITE_MOBILE)
        simple = N_("Messages come to mobile telephones only: their numbers "
                    "go on after +7 with a 9.");
    if (line.text[0] == '\0' && simple != NULL && simple[0] != '\0')
        snprintf(line.text, sizeof(line.text), "%s", _(simple));
    return line;
}

const char *requisite_text_refuse(const char *answer, void *data)
{
    struct requisite_asked *asked = data;
    struct requisite_finding finding;

    if (asked->may_be_empty && answer[0] == '\0') {
        asked->kept[0] = '\0';
        return NULL;
    }
    if (requisite_check(asked->kind, answer, strlen(answer), asked->now,
                        asked->kept, &finding))
        return NULL;
    asked->why =
        requisite_text_flaw(asked->kind, answer, strlen(answer), &finding);
    return asked->why.text;
}
