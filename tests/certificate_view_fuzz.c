/* Anything as a file of certificates, shown: what is said of it, in words and
 * in JSON, is text that does nothing to a terminal. */
#include "client/text.h"
#include "client/view/certificate_view.h"
#include "keygen/bundle.h"
#include "keygen/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static void check_text(const char *text, size_t size)
{
    uint32_t character;

    while (size > 0) {
        promise(utf8_read(&text, &size, &character));
        promise(character == '\n' || !utf8_is_control(character));
    }
}

/* What it prints goes into memory: with glibc stdout is a variable. */
static void check_page(const struct certificate *one)
{
    FILE *usual = stdout;
    struct page page = {.titles = 0};
    char *text = NULL;
    size_t size = 0;

    stdout = open_memstream(&text, &size);
    promise(stdout != NULL);
    page_title(&page, certificate_view_owner(one).text);
    certificate_view_print(&page, one);
    promise(fclose(stdout) == 0);
    stdout = usual;
    promise(page.written == 0 && size > 0);
    check_text(text, size);
    free(text);
}

static void check_json(const struct certificate *one)
{
    struct json_object *json = certificate_view_json_full(one);
    const char *text;

    promise(json != NULL);
    text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
    promise(text != NULL);
    check_text(text, strlen(text));
    json_object_put(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct chain chain = {.count = 0};

    if (!started) {
        setenv("LC_ALL", "C.UTF-8", 1);
        text_start();
        started = true;
    }
    if (bundle_read(&chain, data, size) != FAULT_NONE)
        promise(chain.count == 0);
    for (size_t i = 0; i < chain.count; i++) {
        check_page(chain.certificate[i]);
        check_json(chain.certificate[i]);
    }
    chain_free(&chain);
    return 0;
}
