#include "api/sandbox/set.h"

#include "api/sandbox/argument.h"
#include "api/sandbox/ca.h"
#include "api/sandbox/store.h"
#include "api/sandbox/subscriber.h"
#include "keygen/certificate.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

const char set_summary[] = "put a certificate or a form into a state";

struct wish {
    const char *dir, *thumbprint, *form;
    bool help;
};

#define AT(member) offsetof(struct wish, member)

static const struct argument rows[] = {
    {"dir", ARGUMENT_TEXT, AT(dir), "DIR", "the sandbox's folder; needed", 0,
     0},
    {"thumbprint", ARGUMENT_TEXT, AT(thumbprint), "T",
     "the certificate, with its open form and its next ones", 0, 0},
    {"form", ARGUMENT_TEXT, AT(form), "ID", "one form", 0, 0},
    {"help", ARGUMENT_HELP, AT(help), NULL, "this", 0, 0},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* What a word changes: columns of the certificate, of its open form or of
 * the form that was named. ?1 is the certificate or the form, ?2 the value.
 * A fate happens when the form is next looked at and its state allows it. */
#define FATE_CERTIFICATE                                                       \
    "UPDATE certificates SET fate = ?2 WHERE thumbprint = ?1"
#define FATE_OPEN                                                              \
    "UPDATE forms SET fate = ?2 WHERE thumbprint = ?1 AND NOT final"
#define FATE_FORM "UPDATE forms SET fate = ?2 WHERE id = ?1 AND NOT final"
#define UNPAID_CERTIFICATE                                                     \
    "UPDATE certificates SET unpaid = ?2 WHERE thumbprint = ?1"
#define UNPAID_OPEN                                                            \
    "UPDATE forms SET unpaid = ?2 WHERE thumbprint = ?1 AND NOT final"
#define UNPAID_FORM "UPDATE forms SET unpaid = ?2 WHERE id = ?1 AND NOT final"
#define REASON "UPDATE certificates SET reason = ?2 WHERE thumbprint = ?1"
#define MODE "UPDATE certificates SET mode = ?2 WHERE thumbprint = ?1"
#define DUE "UPDATE certificates SET due = ?2 WHERE thumbprint = ?1"
#define REVOKED "UPDATE certificates SET revoked = ?2 WHERE thumbprint = ?1"
#define STRANGER                                                               \
    "INSERT OR REPLACE INTO holders SELECT thumbprint, ?2 FROM certificates"   \
    " WHERE thumbprint = ?1"
#define STATEMENT_PHONE                                                        \
    "INSERT OR REPLACE INTO statement_phones SELECT thumbprint, ?2 FROM"       \
    " certificates WHERE thumbprint = ?1"
#define CLEAR                                                                  \
    "UPDATE certificates SET reason = NULL, fate = NULL, mode = NULL, due ="   \
    " 0, unpaid = coalesce(?2, 0) WHERE thumbprint = ?1"

struct order {
    const char *word; /* one that ends in = is followed by its value */
    const char *certificate, *open, *form; /* NULL: not for those */
    const char *value;
    const char *help;
};

static const struct order orders[] = {
    {"revoked", REVOKED, NULL, NULL, "1", "revoke the certificate"},
    {"unpaid", UNPAID_CERTIFICATE, UNPAID_OPEN, UNPAID_FORM, "1",
     "the invoice is not paid"},
    {"paid", UNPAID_CERTIFICATE, UNPAID_OPEN, UNPAID_FORM, "0", "it is"},
    {"review", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "review",
     "an operator has to approve it, an express one too"},
    {"approved", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "approved",
     "approve it once it is submitted"},
    {"rejected", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "rejected",
     "reject it once it is submitted"},
    {"validation-error", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM,
     "validation-error", "its data do not pass the check"},
    {"wants-passport", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "wants-passport",
     "they do not; a scan of the passport is wanted"},
    {"issue-failed", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "issue-failed",
     "the authority fails to issue"},
    {"cancelled", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "cancelled",
     "cancel it"},
    {"expired-form", FATE_CERTIFICATE, FATE_OPEN, FATE_FORM, "expired-form",
     "its time is over"},
    {"subject-changed", REASON, NULL, NULL, "subjectChanged",
     "not renewable: the holder's data have changed"},
    {"daughter-organisation", REASON, NULL, NULL, "daughterOrganisation",
     "not renewable: of a daughter organisation"},
    {"form-exists", REASON, NULL, NULL, "formExistsAtServiceCentre",
     "not renewable: the service centre has made a form"},
    {"other-centre", REASON, NULL, NULL, "otherCentre",
     "not renewable: of another certification centre"},
    {"kind-changed", REASON, NULL, NULL, "kindChanged",
     "not renewable: its kind is no longer issued"},
    {"no-esia", STRANGER, NULL, NULL, "{}",
     "nothing is known for ESIA of the owner: no express renewal"},
    {"statement-phone=", STATEMENT_PHONE, NULL, NULL, NULL,
     "79 and nine digits, where its confirmation codes go"},
    {"replacement", DUE, NULL, NULL, "1", "renewable before its window"},
    {"express", MODE, NULL, NULL, "express", "offer an express renewal"},
    {"normal", MODE, NULL, NULL, "normal", "offer a normal one"},
    {"paper", MODE, NULL, NULL, "paper", "offer one on paper alone"},
    {"available", CLEAR, FATE_OPEN, NULL, NULL,
     "take back all of these but revoked, no-esia and statement-phone"},
};

enum { ORDERS = sizeof orders / sizeof *orders };

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "kep-sandbox set: %s: %s\n", what, why);
    return STATUS_FAILED;
}

static int print_help(void)
{
    printf("usage: kep-sandbox set --dir DIR (--thumbprint T | --form ID) "
           "WORD...\n");
    argument_help(rows, ROWS);
    printf("words:\n");
    for (size_t i = 0; i < ORDERS; i++)
        printf("  %-22s %s%s\n", orders[i].word, orders[i].help,
               orders[i].form ? "" : " (--thumbprint)");
    return fflush(stdout) == 0 ? 0 : STATUS_FAILED;
}

static bool takes_value(const struct order *order)
{
    return order->word[strlen(order->word) - 1] == '=';
}

static const struct order *find(const char *word)
{
    for (size_t i = 0; i < ORDERS; i++)
        if (takes_value(&orders[i])
                ? strncmp(orders[i].word, word, strlen(orders[i].word)) == 0
                : strcmp(orders[i].word, word) == 0)
            return &orders[i];
    return NULL;
}

static const char *value_of(const struct order *order, const char *word)
{
    return takes_value(order) ? word + strlen(order->word) : order->value;
}

/* The list of revoked certificates comes first: that is what signatures are
 * examined against. */
static int revoke(struct store *store, const struct wish *wish)
{
    struct certificate *certificate = NULL;
    struct ca *ca = NULL;
    sqlite3_stmt *row;
    enum fault fault = FAULT_NOT_FOUND;

    if (!store_begin(store))
        return complain("sandbox.db", store_error(store));
    if (store_row(store, "SELECT der FROM certificates WHERE thumbprint = ?1",
                  VALUES(value_text(wish->thumbprint)), &row) == 1)
        fault = certificate_read(sqlite3_column_blob(row, 0),
                                 (size_t)sqlite3_column_bytes(row, 0),
                                 &certificate);
    store_end(store, false);
    if (fault == FAULT_NONE)
        fault = ca_open(wish->dir, time(NULL), &ca);
    if (fault == FAULT_NONE)
        fault = ca_revoke(ca, certificate->serial, time(NULL));
    ca_close(&ca);
    certificate_free(&certificate);
    return fault == FAULT_NONE ? 0
                               : complain(wish->thumbprint, fault_word(fault));
}

static bool change(struct store *store, const char *sql, const char *which,
                   const char *value, int *changed)
{
    return store_change(store, sql,
                        VALUES(value_text(which), value_text(value)), changed);
}

static bool apply_in(struct store *store, const struct wish *wish,
                     const struct order *order, const char *value, int *changed)
{
    if (wish->form)
        return change(store, order->form, wish->form, value, changed);
    return change(store, order->certificate, wish->thumbprint, value,
                  changed) &&
           (!order->open ||
            change(store, order->open, wish->thumbprint, value, NULL));
}

static int apply(struct store *store, const struct wish *wish, const char *word)
{
    const struct order *order = find(word);
    int changed = 0, status = 0;
    bool ok;

    if (order->certificate && strcmp(order->word, "revoked") == 0)
        status = revoke(store, wish);
    if (status != 0)
        return status;
    if (!store_begin(store))
        return complain("sandbox.db", store_error(store));
    ok = apply_in(store, wish, order, value_of(order, word), &changed);
    ok = store_end(store, ok) && ok;
    if (!ok)
        return complain("sandbox.db", store_error(store));
    return changed > 0 ? 0
                       : complain(wish->form ? wish->form : wish->thumbprint,
                                  wish->form ? "there is no such open form"
                                             : "there is no such certificate");
}

static int check(const struct wish *wish, char **words, int count)
{
    if (!wish->dir)
        complain("--dir", "it is needed");
    else if (!wish->thumbprint == !wish->form)
        complain("usage", "one of --thumbprint and --form is needed");
    else if (count == 0)
        complain("usage", "a word is needed; --help lists them");
    else
        count = -count;
    for (int i = 0; i < -count; i++) {
        const struct order *order = find(words[i]);

        if (order && takes_value(order) &&
            !subscriber_is_phone(value_of(order, words[i]))) {
            complain(words[i], "is to have 79 and nine digits");
            return STATUS_USAGE;
        }
        if (order && (!wish->form || order->form))
            continue;
        complain(words[i],
                 order ? "this is for --thumbprint" : "there is no such word");
        return STATUS_USAGE;
    }
    return count < 0 ? 0 : STATUS_USAGE;
}

/* Opening it would make one where none is. */
static bool is_sandbox(const char *dir)
{
    struct stat about;
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/sandbox.db", dir);

    return length > 0 && (size_t)length < sizeof path &&
           stat(path, &about) == 0;
}

int set_command(int argc, char **argv)
{
    struct wish wish = {.help = false};
    struct store *store = NULL;
    char **words;
    int count = argument_parse(rows, ROWS, argc, argv, &wish, &words, ORDERS);
    int status;

    if (count < 0)
        return STATUS_USAGE;
    if (wish.help)
        return print_help();
    status = check(&wish, words, count);
    if (status != 0)
        return status;
    if (!is_sandbox(wish.dir))
        status = complain(wish.dir, "there is no sandbox");
    else if (!store_open(wish.dir, &store))
        status = complain("sandbox.db", store_error(store));
    for (int i = 0; i < count && status == 0; i++)
        status = apply(store, &wish, words[i]);
    store_close(&store);
    return status;
}
