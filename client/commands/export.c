#include "client/commands/commands.h"
#include "client/pfx/asked.h"
#include "client/renewal/result.h"
#include "client/state/paths.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/view_put.h"
#include "keygen/secret.h"
#include "token/pfx/pfx.h"
#include "token/sealed/sealed_file.h"

#include <errno.h>
#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
    const char *word;
    enum pfx_format format;
} formats[] = {
    {"cryptopro", PFX_CRYPTOPRO}, /* the usual one */
    {"tc26", PFX_TC26},
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

struct exporting {
    const struct desk *desk;
    const struct medium_ops *ops;
    char where[LOCATION_MAX];
    const char *file;
    size_t format; /* of the table */
    struct material *material;
    struct pfx *pfx;
    char *password; /* of the file */
    struct failure failure;
};

static enum outcome fail(struct exporting *exporting, enum outcome outcome,
                         const char *detail)
{
    return failure_set(&exporting->failure, outcome, detail);
}

static enum outcome check_options(struct exporting *exporting)
{
    const struct options *options = exporting->desk->options;
    struct stat about;
    char detail[256];

    exporting->file = options->argument[1];
    while (options->format != NULL && exporting->format < FORMATS &&
           strcmp(formats[exporting->format].word, options->format) != 0)
        exporting->format++;
    if (exporting->format == FORMATS) {
        snprintf(detail, sizeof(detail),
                 _("The value of --%s is not right: %s"), "format",
                 text_clean(options->format).text);
        return fail(exporting, OUTCOME_USAGE, detail);
    }
    if (strcmp(exporting->file, "-") == 0)
        return fail(exporting, OUTCOME_USAGE,
                    _("A PFX file is read back after it has been written, so "
                      "it cannot go to standard output: name a file."));
    if (!options->overwrite && lstat(exporting->file, &about) == 0)
        return fail(exporting, OUTCOME_FILE_EXISTS, exporting->file);
    return OUTCOME_DONE;
}

/* --- the container ------------------------------------------------------- */

/* What forbids it is said before anybody is asked for a password. */
static enum outcome look(struct exporting *exporting)
{
    const char *where = exporting->desk->options->argument[0];
    struct container_info info = {.algorithm = NULL};
    enum fault fault = medium_find(where, &exporting->ops, exporting->where);

    if (fault == FAULT_NONE)
        fault = exporting->ops->describe(exporting->where, &info);
    if (fault == FAULT_NONE && info.refused != FAULT_NONE)
        unlock_refused(&info, where, &exporting->failure);
    else if (fault == FAULT_NONE && !info.exportable)
        fault = info.resident ? FAULT_RESIDENT : FAULT_NOT_EXPORTABLE;
    container_info_free(&info);
    return fault == FAULT_NONE
               ? exporting->failure.outcome
               : fail(exporting, outcome_of_fault(fault), where);
}

static enum fault try_take(void *context, const char *password)
{
    struct exporting *exporting = context;

    return exporting->ops->take_out(exporting->where, password,
                                    &exporting->material);
}

static enum outcome take(struct exporting *exporting)
{
    char *password = NULL;
    enum outcome outcome =
        unlock(exporting->desk, exporting->desk->options->argument[0], try_take,
               exporting, &password, &exporting->failure);

    secret_free(&password);
    if (outcome == OUTCOME_DONE && exporting->material->from_reserve > 0)
        unlock_say_reserve(exporting->desk->screen, exporting->where);
    return outcome;
}

/* --- what goes into the file --------------------------------------------- */

static void put_key(struct exporting *exporting, struct material_key *from)
{
    struct pfx_key *to = &exporting->pfx->key[exporting->pfx->keys++];

    to->key = *from;
    from->certificate = NULL; /* it has moved */
    to->not_after = exporting->material->key_not_after;
    snprintf(to->name, sizeof(to->name), "%s", exporting->material->name);
}

/* Every certificate of the chain but those of the keys. */
static enum outcome put_chain(struct exporting *exporting, struct chain *chain)
{
    struct pfx *pfx = exporting->pfx;

    for (size_t i = 0; i < chain->count; i++) {
        struct certificate *one = chain->certificate[i];
        bool known = false;

        for (size_t k = 0; k < pfx->keys; k++)
            known = known || (pfx->key[k].key.certificate != NULL &&
                              strcmp(pfx->key[k].key.certificate->thumbprint,
                                     one->thumbprint) == 0);
        if (known)
            continue;
        pfx->certificate[pfx->certificates++] = one;
        chain->certificate[i] = NULL;
    }
    return OUTCOME_DONE;
}

/* Of --chain, else what the container holds. */
static enum outcome find_chain(struct exporting *exporting, struct chain *chain)
{
    const char *path = exporting->desk->options->chain;
    enum fault fault;
    size_t size;
    char *data;

    if (path == NULL) {
        fault = material_chain(exporting->material, chain);
        return fault == FAULT_NONE
                   ? OUTCOME_DONE
                   : fail(exporting, outcome_of_fault(fault), "");
    }
    data = paths_read(path, (size_t)CHAIN_MAX * 2 * CERTIFICATE_MAX, &size);
    if (data == NULL)
        return fail(exporting,
                    errno == EFBIG ? OUTCOME_TOO_LARGE
                                   : OUTCOME_CONTAINER_NOT_FOUND,
                    path);
    fault = chain_read(chain, data, size);
    free(data);
    return fault == FAULT_NONE ? OUTCOME_DONE
                               : fail(exporting, outcome_of_fault(fault), path);
}

static enum outcome collect(struct exporting *exporting)
{
    struct chain chain = {.count = 0};
    enum outcome outcome;

    if (pfx_new(&exporting->pfx) != FAULT_NONE)
        return fail(exporting, OUTCOME_MEMORY, "");
    for (size_t i = 0; i < exporting->material->keys; i++)
        put_key(exporting, &exporting->material->key[i]);
    outcome = find_chain(exporting, &chain);
    if (outcome == OUTCOME_DONE)
        outcome = put_chain(exporting, &chain);
    chain_free(&chain);
    return outcome;
}

static enum outcome choose_password(struct exporting *exporting)
{
    const struct options *options = exporting->desk->options;
    const struct asked asked = {
        .file = options->pfx_pin_file,
        .fd = options->pfx_pin_fd,
        .option = "--pfx-pin-file",
        .question = _("Password for the PFX file"),
        .again = _("The same password once more"),
        .without = _("Whoever gets a PFX file without a password can sign as "
                     "you. Write it without one?")};
    enum outcome outcome;

    outcome = asked_new(exporting->desk->screen, &asked, &exporting->password,
                        &exporting->failure);
    if (outcome == OUTCOME_DONE && exporting->password == NULL)
        return fail(exporting, OUTCOME_ANSWER_NEEDED, asked.option);
    if (outcome == OUTCOME_DONE && exporting->password[0] == '\0')
        screen_say(exporting->desk->screen,
                   _("The PFX file has no password: whoever gets it can sign "
                     "as you."));
    return outcome;
}

/* --- the file ------------------------------------------------------------ */

/* What was read back opens and holds the same keys. */
static enum fault check_file(void *context, const uint8_t *data, size_t size)
{
    const struct exporting *exporting = context;
    struct pfx *back = NULL;
    enum fault fault = pfx_read(data, size, exporting->password, &back);

    if (fault == FAULT_NONE && back->keys != exporting->pfx->keys)
        fault = FAULT_DAMAGED;
    for (size_t i = 0; fault == FAULT_NONE && i < back->keys; i++)
        if (back->key[i].key.algorithm !=
                exporting->pfx->key[i].key.algorithm ||
            sodium_memcmp(back->key[i].key.scalar,
                          exporting->pfx->key[i].key.scalar,
                          back->key[i].key.algorithm->key_size) != 0)
            fault = FAULT_DAMAGED;
    pfx_free(&back);
    return fault;
}

static enum outcome write_file(struct exporting *exporting)
{
    struct entropy *pool = NULL;
    struct bytes out;
    enum fault fault = entropy_new(&pool);
    enum outcome outcome;

    bytes_init(&out, PFX_MAX);
    if (fault == FAULT_NONE)
        fault = pfx_write(exporting->pfx, formats[exporting->format].format,
                          exporting->password, pool, &out);
    if (fault == FAULT_NONE)
        fault = sealed_file_write(exporting->file, out.data, out.size,
                                  exporting->desk->options->overwrite,
                                  check_file, exporting);
    bytes_free(&out);
    entropy_free(&pool);
    if (fault == FAULT_NONE)
        return exporting->failure.outcome = OUTCOME_EXPORTED;
    outcome = fault == FAULT_EXISTS    ? OUTCOME_FILE_EXISTS
              : fault == FAULT_DAMAGED ? OUTCOME_IO
                                       : outcome_of_fault(fault);
    return fail(exporting, outcome, exporting->file);
}

/* --- the answer ---------------------------------------------------------- */

static void say(const struct exporting *exporting)
{
    struct screen *screen = exporting->desk->screen;
    const struct pfx *pfx = exporting->pfx;
    bool without = false;

    for (size_t i = 0; i < pfx->keys; i++)
        without = without || pfx->key[i].key.certificate == NULL;
    screen_say(screen, _("In the file: keys %zu, further certificates %zu."),
               pfx->keys, pfx->certificates);
    if (without)
        screen_say(screen, _("The container holds no certificate for a key, "
                             "so there is none in the file."));
    if (formats[exporting->format].format == PFX_CRYPTOPRO)
        screen_say(screen,
                   _("CryptoPro CSP opens the file; for OpenSSL and others "
                     "add --format tc26."));
}

static struct json_object *keys_json(const struct pfx *pfx)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < pfx->keys; i++) {
        const struct material_key *key = &pfx->key[i].key;
        struct json_object *one = json_object_new_object();

        view_put_text(one, "algorithm", key->algorithm->word);
        view_put_text(one, "thumbprint",
                      key->certificate != NULL ? key->certificate->thumbprint
                                               : NULL);
        json_object_array_add(list, one);
    }
    return list;
}

static enum outcome answer(struct exporting *exporting)
{
    enum outcome outcome = exporting->failure.outcome;
    struct json_object *json;

    if (outcome == OUTCOME_EXPORTED)
        say(exporting);
    result_say(exporting->desk->screen, &exporting->failure);
    if (!exporting->desk->options->json)
        return outcome;
    json = result_json_plain(&exporting->failure);
    if (outcome == OUTCOME_EXPORTED) {
        view_put_text(json, "container", exporting->where);
        view_put_text(json, "file", exporting->file);
        view_put_text(json, "format", formats[exporting->format].word);
        view_put_flag(json, "fromReserve",
                      exporting->material->from_reserve > 0);
        view_put(json, "keys", keys_json(exporting->pfx));
        view_put_count(json, "certificates", exporting->pfx->certificates);
    }
    return result_answer(json, outcome);
}

enum outcome export_run(struct desk *desk)
{
    struct exporting exporting = {.desk = desk, .failure = {.elsewhere = true}};
    static enum outcome (*const steps[])(struct exporting *) = {
        check_options, look, take, collect, choose_password, write_file};
    enum outcome outcome = OUTCOME_DONE;

    for (size_t i = 0;
         i < sizeof(steps) / sizeof(steps[0]) && outcome == OUTCOME_DONE; i++)
        outcome = steps[i](&exporting);
    outcome = answer(&exporting);
    secret_free(&exporting.password);
    pfx_free(&exporting.pfx);
    material_free(&exporting.material);
    return outcome;
}
