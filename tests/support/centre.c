#include "tests/support/centre.h"

#include "api/sandbox/http/reply.h"
#include "api/sandbox/http/route.h"
#include "api/sandbox/set.h"
#include "api/sandbox/subscriber.h"
#include "tests/support/scratch.h"

#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { DAY = 24 * 60 * 60, MONTHS = 15 };

struct centre centre;

static struct sandbox sandbox;

/* --- codes --------------------------------------------------------------- */

static void find_code(const char *path, char code[7])
{
    FILE *file = fopen(path, "r");
    char text[512] = "";

    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    for (const char *at = text; *at != '\0'; at++) {
        size_t digits = strspn(at, "0123456789");

        if (digits == 6) {
            memcpy(code, at, 6);
            return;
        }
        at += digits > 0 ? digits - 1 : 0;
    }
    fail_msg("no code in %s", path);
}

const char *centre_code(void)
{
    static char code[7];
    glob_t found = {0};

    memcpy(code, "000000", 7);
    if (glob(scratch_path(centre.dir, "sms/*/*.txt"), 0, NULL, &found) == 0)
        find_code(found.gl_pathv[found.gl_pathc - 1], code);
    globfree(&found);
    return code;
}

/* Where the client's --code-command looks. */
static void show_code(void)
{
    static const char digits[] = "1234567890123456789";
    unsigned step = centre.stale ? 0 : centre.wrong_codes % 9;
    char code[7];
    FILE *file;

    memcpy(code, centre_code(), 7);
    /* A new one each time, or the same one. */
    if (centre.wrong_codes > 0)
        code[0] = digits[(unsigned)(code[0] - '0') + step];
    file = fopen(scratch_path(centre.dir, "code"), "w");
    assert_non_null(file);
    fprintf(file, "%s\n", code);
    fclose(file);
}

_Noreturn void centre_die(void)
{
    kill(getpid(), SIGKILL);
    abort();
}

/* --- answering ------------------------------------------------------------ */

static void note(const char *name)
{
    assert_true(centre.count < CENTRE_LOG);
    centre.log[centre.count++] = name;
    if (centre.before != NULL)
        centre.before(name);
    if (centre.count == centre.die_before)
        centre_die();
    if (centre.wrong_codes > 0 &&
        (strcmp(name, "signIn") == 0 || strcmp(name, "confirmRequest") == 0))
        centre.wrong_codes--;
}

static void ask(const struct centre_request *request, struct exchange *exchange,
                char *path, size_t size)
{
    const char *query = strchr(request->path, '?');

    snprintf(path, size, "%.*s", (int)strcspn(request->path, "?"),
             request->path);
    exchange_init(exchange, &sandbox);
    exchange->method = request->method;
    exchange->path = path;
    exchange->authorization = request->authorization;
    exchange->if_match = request->if_match;
    exchange->if_none_match = request->if_none_match;
    exchange->content_type = request->content_type;
    exchange->queries = query != NULL;
    exchange->query_type = query != NULL ? strchr(query, '=') + 1 : NULL;
    exchange->upload = request->body;
    exchange->upload_size = request->body_size;
}

static void tell(const struct exchange *exchange, const struct reply *reply,
                 struct centre_reply *out)
{
    out->status = reply->status;
    out->date = exchange->now;
    snprintf(out->trace, sizeof out->trace, "%s", exchange->trace);
    snprintf(out->etag, sizeof out->etag, "%s", exchange->etag);
    out->retry_after = exchange->retry_after;
    out->type = reply->type;
    out->body = reply->body;
    out->size = reply->size;
    out->dropped = reply->dropped;
}

void centre_answer(const struct centre_request *request,
                   struct centre_reply *out)
{
    const struct mischief_rule *rule;
    const struct route *route;
    struct exchange exchange;
    struct reply reply = {0};
    char path[1024];

    ask(request, &exchange, path, sizeof path);
    route =
        route_find(exchange.method, exchange.path, exchange.id, exchange.word);
    assert_non_null(route);
    exchange.route = route;
    note(route->name);
    rule = mischief_take(&sandbox.mischief, route->name);
    exchange.now = centre.now + centre.ahead;
    if (reply_prepare(&exchange, rule))
        route_run(&exchange);
    if (centre.edit != NULL && exchange.answer != NULL)
        centre.edit(route->name, exchange.answer);
    assert_true(reply_make(&exchange, rule, &reply));
    tell(&exchange, &reply, out);
    exchange_clear(&exchange);
    show_code();
    if (centre.count == centre.die_after)
        centre_die();
}

/* --- the centre ---------------------------------------------------------- */

void centre_open_store(void)
{
    assert_true(store_open(centre.dir, &sandbox.store));
}

void centre_close_store(void)
{
    store_close(&sandbox.store);
}

void centre_open(const char *dir)
{
    centre = (struct centre){.now = CENTRE_NOW};
    snprintf(centre.dir, sizeof centre.dir, "%s", dir);
    sandbox = (struct sandbox){
        .dir = centre.dir,
        .settings =
            {
                .issue_after = 5,
                .review_after = 5,
                .resend_after = 60,
                .code_life = 20 * 60,
                .session_life = 30 * DAY,
                .window = 60,
            },
    };
    sandbox.record.fd = -1;
    assert_int_equal(ca_open(dir, centre.now, &sandbox.ca), FAULT_NONE);
    centre_open_store();
}

void centre_close(void)
{
    centre_close_store();
    ca_close(&sandbox.ca);
}

void centre_subscribe(const char *location, int days, const char *password,
                      char *where, char thumbprint[THUMBPRINT_TEXT])
{
    static unsigned number;
    const time_t end = centre.now + (time_t)days * DAY;
    struct subscriber_made made;
    char folder[16];
    const struct subscriber wanted = {
        .dir = centre.dir,
        .location = location,
        .phone = CENTRE_PHONE,
        .folder = folder,
        .password = password,
        .algorithm = algorithm_by_word(NULL),
        .legal_entity = true,
        .now = centre.now,
        .begin = ca_months(end, -MONTHS),
        .end = end,
        .key_end = end,
    };

    snprintf(folder, sizeof folder, "old%05u.000", number++ % 100000);
    if (!subscriber_make(&wanted, &made))
        fail_msg("%s: %s", made.failed, made.why);
    snprintf(where, LOCATION_MAX, "%s", made.container);
    snprintf(thumbprint, THUMBPRINT_TEXT, "%s", made.thumbprint);
}

static bool is_operation(const char *name)
{
    return route_named(name) != NULL;
}

void centre_fault(const char *spec)
{
    const char *why = "";

    sandbox.mischief.count = 0;
    if (spec != NULL &&
        !mischief_parse(&sandbox.mischief, spec, is_operation, &why))
        fail_msg("%s: %s", spec, why);
}

void centre_wait(long review_after, long issue_after)
{
    sandbox.settings.review_after = review_after;
    sandbox.settings.issue_after = issue_after;
}

void centre_codes(long resend_after, long life)
{
    sandbox.settings.resend_after = resend_after;
    sandbox.settings.code_life = life;
}

void centre_set(const char *thumbprint, const char *word)
{
    char name[] = "set", dir[] = "--dir", which[] = "--thumbprint";
    char value[THUMBPRINT_TEXT], what[64];
    char *argv[] = {name, dir, centre.dir, which, value, what, NULL};

    snprintf(value, sizeof value, "%s", thumbprint);
    snprintf(what, sizeof what, "%s", word);
    assert_int_equal(set_command(6, argv), 0);
}

size_t centre_calls(const char *operation)
{
    size_t calls = 0;

    for (size_t i = 0; i < centre.count; i++)
        calls += strcmp(centre.log[i], operation) == 0;
    return calls;
}
