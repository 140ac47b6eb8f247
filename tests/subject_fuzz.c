/* Anything as the data of an owner, a line each, and as a number: what is kept
 * can be written into a name and is good itself, and what is refused has a
 * sentence that does nothing to a terminal. */
#include "client/request/subject.h"
#include "client/view/requisite_text.h"
#include "keygen/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 4096 };

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_text(const char *text)
{
    size_t left = strlen(text);
    uint32_t character;

    while (left > 0)
        promise(utf8_read(&text, &left, &character) &&
                !utf8_is_control(character));
}

static void check_requisites(const char *text, size_t size)
{
    struct requisite_finding finding;
    char kept[REQUISITE_MAX], again[REQUISITE_MAX];

    for (int i = 0; i < REQUISITE_COUNT; i++) {
        const enum requisite kind = (enum requisite)i;

        if (requisite_check(kind, text, size, 0, kept, &finding)) {
            promise(
                requisite_check(kind, kept, strlen(kept), 0, again, &finding));
            promise(strcmp(kept, again) == 0);
        } else {
            promise(kept[0] == '\0' && finding.flaw != REQUISITE_GOOD);
            promise(finding.at <= size);
            check_text(requisite_text_flaw(kind, text, size, &finding).text);
        }
    }
}

static void check_subject(char *text)
{
    struct failure failure = {.outcome = OUTCOME_DONE};
    struct options_list given = {.count = 0};
    struct name subject;
    char *dn = NULL, *rest = NULL;
    enum outcome outcome;

    for (char *line = strtok_r(text, "\n", &rest);
         line != NULL && given.count < OPTIONS_LIST_MAX;
         line = strtok_r(NULL, "\n", &rest))
        given.value[given.count++] = line;
    outcome = subject_make(NULL, &given, &subject, &failure);
    if (outcome == OUTCOME_DONE)
        promise(name_to_rfc4514(&subject, &dn) == FAULT_NONE);
    else
        promise(failure.outcome == outcome);
    check_text(failure.detail);
    free(dn);
    name_free(&subject);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[TEXT_MAX + 1];

    if (size > TEXT_MAX)
        size = TEXT_MAX;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    check_requisites(text, size);
    check_subject(text);
    return 0;
}
