/* The file of --changes, upon a form that the first byte chooses: whatever is
 * taken obeys the rules of its field, is of a field that there is, and goes
 * to the server as it was kept; whatever is refused has its sentence. */
#include "client/dossier/draft.h"

#include "client/outcome/outcome.h"

#include <stdlib.h>
#include <string.h>

enum { NOW = 1764201600 /* 2025-11-27 */, TEXT_MAX = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
enum outcome __wrap_renewal_save(struct renewal *renewal);

/* There is no journal. */
enum outcome __wrap_renewal_save(struct renewal *renewal)
{
    (void)renewal;
    return OUTCOME_DONE;
}

static void require(bool holds)
{
    if (!holds)
        abort();
}

static time_t now(void *context)
{
    (void)context;
    return NOW;
}

static const struct clock fixed = {.now = now};

static void put_form(struct message *form, uint8_t choice)
{
    if (choice & 1)
        message_put_text(form, "data.snils", "11223344595");
    if (choice & 2)
        message_put_text(form, "data.title", "Кассир");
    if (choice & 4)
        message_put_text(form, "esia.document", "other");
    if (choice & 8)
        message_put_text(form, "esia.birthDate", "1980-02-29");
}

/* What one value was judged by may have been changed by a later one, but for
 * what depends on nothing. */
static void check_field(const struct renewal *renewal,
                        const struct field *field)
{
    struct esia others = draft_esia(renewal);
    const char *value = draft_value(renewal, field->word);
    char again[FIELD_VALUE_MAX];

    if (value == NULL)
        return;
    require(strlen(value) < FIELD_VALUE_MAX);
    require(strpbrk(value, "\033\n\r\t") == NULL);
    if (field->esia < 0) {
        require(field_refuse(field, value, &others, NOW, again) == NULL);
        require(strcmp(value, again) == 0);
    }
}

static void check_taken(struct renewal *renewal)
{
    const struct field *field;

    message_clear(renewal->in);
    draft_put(renewal);
    for (size_t i = 0; (field = field_at(i)) != NULL; i++) {
        const char *sent = message_text(renewal->in, field->word);
        const char *value = draft_value(renewal, field->word);

        check_field(renewal, field);
        require(sent == NULL || strcmp(sent, value != NULL ? value : "") == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct renewal renewal = {.clock = &fixed};
    char text[TEXT_MAX];

    if (size == 0 || size > sizeof text)
        return 0;
    renewal.form = message_new();
    renewal.in = message_new();
    require(renewal.form != NULL && renewal.in != NULL);
    put_form(renewal.form, data[0]);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    if (draft_take(&renewal, "changes", text, size - 1) == OUTCOME_DONE)
        check_taken(&renewal);
    else
        require(renewal.failure.outcome == OUTCOME_CONFIGURATION &&
                renewal.failure.detail[0] != '\0' &&
                strpbrk(renewal.failure.detail, "\033\n\r\t") == NULL);
    record_free(&renewal.record);
    message_free(&renewal.form);
    message_free(&renewal.in);
    return 0;
}
