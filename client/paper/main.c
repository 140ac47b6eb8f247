/* kep-statement: sets a sheet (client/paper/sheet.h), which comes as JSON on
 * standard input, and writes it as a PDF to standard output.
 *
 * A program of its own, started by kep when something is to be printed: Pango
 * and what comes with it would nearly double the start of every kep, and a
 * parser of fonts has nothing to do in a process that may hold keys. Nothing
 * secret reaches it. */
#include "client/paper/typeset.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Known to client/paper/press.c. */
enum { STATUS_FAILED = 1, STATUS_INPUT = 2, STATUS_FONT = 3 };

enum { SECONDS = 60 };

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps what it has read of fonts to the end of the process, and
 * cairo cannot be made to let go of it without a risk. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

/* A font or a text that makes the libraries run wild ends here. */
static void set_limits(void)
{
    const struct rlimit time = {SECONDS, SECONDS};

    (void)setrlimit(RLIMIT_CPU, &time);
    (void)alarm(SECONDS);
}

static struct sheet *read_sheet(void)
{
    char *text = calloc(1, SHEET_JSON_MAX + 1);
    size_t size = text != NULL ? fread(text, 1, SHEET_JSON_MAX + 1, stdin) : 0;
    struct json_object *json = NULL;
    struct sheet *sheet = NULL;

    if (size > 0 && size <= SHEET_JSON_MAX && !ferror(stdin) &&
        memchr(text, '\0', size) == NULL)
        json = json_tokener_parse(text);
    if (json != NULL)
        sheet = sheet_of_json(json);
    json_object_put(json);
    free(text);
    return sheet;
}

static int status_of(enum typeset_result result)
{
    return result == TYPESET_OK     ? 0
           : result == TYPESET_FONT ? STATUS_FONT
                                    : STATUS_FAILED;
}

int main(int argc, char **argv)
{
    struct sheet *sheet;
    struct bytes out;
    int status;

    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1) {
        fprintf(stderr, "%s is started by kep statement: JSON in, PDF out.\n",
                argv[0]);
        return STATUS_INPUT;
    }
    set_limits();
    sheet = read_sheet();
    if (sheet == NULL)
        return STATUS_INPUT;
    bytes_init(&out, TYPESET_MAX);
    status = status_of(typeset_sheet(sheet, &out));
    if (status == 0 && (fwrite(out.data, 1, out.size, stdout) != out.size ||
                        fflush(stdout) != 0))
        status = STATUS_FAILED;
    bytes_free(&out);
    sheet_free(&sheet);
    return status;
}
