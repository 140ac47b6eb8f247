/* An overview of what is on a token takes fewer commands than the list and
 * tells the same owners. Where a header is not what it should be all of it is
 * read, and nothing else comes out than of the list. */
#include "tests/support/pki.h"
#include "tests/support/rack.h"
#include "tests/support/sample.h"
#include "tests/support/stash.h"
#include "tests/support/sweep.h"
#include "token/pin.h"
#include "token/rutoken/rutoken_medium.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADER_ROOM = 8192, SEEN = 4 };

static const enum vtoken_dialect dialects[] = {VTOKEN_ECP, VTOKEN_LITE,
                                               VTOKEN_S};

enum { DIALECTS = sizeof dialects / sizeof dialects[0] };

static struct vtoken *card;
static struct pki pki;
static struct container_files *certified;

static void insert(enum vtoken_dialect dialect, bool t0)
{
    rack_open();
    card = rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = dialect, .t0 = t0});
    assert_non_null(card);
    stash_use_pin();
}

/* What was told of each container. */
struct seen {
    size_t count;
    struct told {
        char where[64], name[4 * CONTAINER_NAME_MAX], owner[256], serial[64];
        enum fault fault;
        bool whole, overview;
        time_t until;
        unsigned flags;
    } told[SEEN];
};

static void take_owner(struct told *told, const struct name *subject,
                       const char *serial, time_t until)
{
    snprintf(told->owner, sizeof told->owner, "%s",
             subject->value[NAME_COMMON_NAME]);
    snprintf(told->serial, sizeof told->serial, "%s", serial);
    told->until = until;
}

static enum fault see(void *context, const char *where, enum fault fault,
                      const struct container_info *info)
{
    struct seen *seen = context;
    struct told *told = &seen->told[seen->count++];

    assert_true(seen->count <= SEEN);
    snprintf(told->where, sizeof told->where, "%s", where);
    told->fault = fault;
    assert_true((fault == FAULT_NONE) == (info != NULL));
    if (info == NULL)
        return FAULT_NONE;
    snprintf(told->name, sizeof told->name, "%s", info->name);
    told->flags = info->flags;
    told->whole = info->certificate != NULL;
    told->overview = info->overview != NULL;
    assert_false(told->whole && told->overview);
    if (told->whole)
        take_owner(told, &info->certificate->subject, info->certificate->serial,
                   info->certificate->not_after);
    if (told->overview)
        take_owner(told, &info->overview->subject, info->overview->serial,
                   info->overview->not_after);
    return FAULT_NONE;
}

static struct seen seen_by(enum fault (*walk)(const char *, container_visitor *,
                                              void *),
                           const char *where)
{
    struct seen seen = {.count = 0};

    assert_int_equal(walk(where, see, &seen), FAULT_NONE);
    rack_is_left();
    return seen;
}

static struct seen list(void)
{
    return seen_by(rutoken_medium.list, STASH_LOCATION);
}

static struct seen overview(void)
{
    return seen_by(rutoken_medium.overview, STASH_LOCATION);
}

/* --- what it tells ------------------------------------------------------- */

static void it_tells_the_same_with_fewer_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++)
        for (int t0 = 0; t0 < 2; t0++) {
            struct seen all, some;
            unsigned long commands;

            insert(dialects[i], t0 > 0);
            stash_fill(card, "0A00", certified);
            stash_fill(card, "0C00", certified);
            vtoken_forget(card);
            all = list();
            commands = vtoken_apdus(card);
            vtoken_forget(card);
            some = overview();
            assert_in_range(vtoken_apdus(card), 5, commands - 8);
            assert_int_equal(some.count, 2);
            for (size_t k = 0; k < some.count; k++) {
                assert_true(all.told[k].whole && some.told[k].overview);
                assert_string_equal(some.told[k].where, all.told[k].where);
                assert_string_equal(some.told[k].owner, all.told[k].owner);
                assert_string_equal(some.told[k].serial, all.told[k].serial);
                assert_int_equal(some.told[k].until, all.told[k].until);
                assert_int_equal(some.told[k].flags, all.told[k].flags);
                assert_string_equal(some.told[k].name, "");
            }
            rack_close();
        }
}

/* Nothing else would tell whose it is. */
static void one_without_a_certificate_has_its_name(void **state)
{
    struct seen all, some;

    (void)state;
    insert(VTOKEN_LITE, false);
    stash_sample(card, "0B00", "synthetic-2012-256-nopassword");
    all = list();
    some = overview();
    assert_int_equal(some.count, 1);
    assert_memory_equal(&some.told[0], &all.told[0], sizeof all.told[0]);
    assert_string_not_equal(some.told[0].name, "");
    rack_close();
}

/* One place is a location, too. */
static void a_single_one_can_be_looked_at(void **state)
{
    struct seen seen;

    (void)state;
    insert(VTOKEN_ECP, false);
    stash_fill(card, "0A00", certified);
    seen = seen_by(rutoken_medium.overview, STASH_LOCATION "/0A00");
    assert_int_equal(seen.count, 1);
    assert_true(seen.told[0].overview);
    rack_close();
}

/* --- headers that are not as they should be ------------------------------ */

/* Instead of a good header, in a file that is so many bytes longer. */
static void put_header(const uint8_t *data, size_t size, size_t more)
{
    struct container_files *files = sample_certified(pki.certificate);
    uint8_t *room;

    assert_int_equal(
        container_files_room(files, CONTAINER_HEADER, size + more, &room),
        FAULT_NONE);
    memset(room, 0xFF, size + more);
    memcpy(room, data, size);
    stash_fill(card, "0A00", files);
    container_files_free(&files);
}

/* Never another owner than the list tells, and all of it where the front is
 * not plain. What an overview does not see may be damaged. */
static void compare(const char *what, bool must_be_whole)
{
    const struct seen all = list(), some = overview();
    const struct told *a = &all.told[0], *b = &some.told[0];

    if (all.count != 1 || some.count != 1)
        fail_msg("%s: %zu, %zu", what, all.count, some.count);
    if (b->overview
            ? must_be_whole || (a->whole && (a->until != b->until ||
                                             strcmp(a->owner, b->owner) != 0))
            : a->fault != b->fault || a->whole != b->whole)
        fail_msg("%s", what);
}

static const struct lie {
    const char *what;
    size_t at; /* from the begin; of the certificate where in_it */
    const char *bytes;
    size_t size;
    bool in_it;
} lies[] = {
    {"the file longer than it is", 2, "\x7F\xFF", 2, false},
    {"the file of no length", 1, "\x00", 1, false},
    {"an indefinite length", 1, "\x80", 1, false},
    {"the fields longer than the file", 6, "\x7F\xFF", 2, false},
    {"no SEQUENCE", 0, "\x31", 1, false},
    {"flags of nothing", 21, "\x00", 1, false},
    {"the certificate longer than the file", 2, "\x7F\xFF", 2, true},
    {"the certificate of no length", 1, "\x00", 1, true},
    {"the body longer than the certificate", 6, "\x7F\xFF", 2, true},
    {"the serial longer than all", 14, "\x7F", 1, true},
    {"no version", 8, "\x05\x00", 2, true},
    {"nothing but padding", 0, "\xFF\xFF\xFF\xFF", 4, false},
    {"nothing at all", 0, "\x00\x00\x00\x00", 4, false},
};

static void lying_headers_are_read_whole(void **state)
{
    const struct der good = container_files_at(certified, CONTAINER_HEADER);
    const uint8_t *certificate =
        memmem(good.at, good.left, pki.certificate->der.data, 64);
    uint8_t bad[HEADER_ROOM];

    (void)state;
    assert_non_null(certificate);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++)
        for (size_t more = 0; more < 600; more += 300) {
            const struct lie *lie = &lies[i];
            const size_t base =
                lie->in_it ? (size_t)(certificate - good.at) : 0;

            insert(VTOKEN_ECP, false);
            memcpy(bad, good.at, good.left);
            memcpy(bad + base + lie->at, lie->bytes, lie->size);
            put_header(bad, good.left, more);
            compare(lie->what, true);
            rack_close();
        }
}

/* Cut off anywhere, in a file that is just as long or longer. */
static void cut_headers_tell_no_other_owner(void **state)
{
    const struct der good = container_files_at(certified, CONTAINER_HEADER);
    char what[64];

    (void)state;
    for (size_t size = 1; size < good.left; size += 13)
        for (size_t more = 0; more < 2; more++) {
            insert(VTOKEN_LITE, false);
            put_header(good.at, size, more * (good.left - size));
            snprintf(what, sizeof what, "%zu bytes, more: %zu", size, more);
            /* Without more the file is shorter than it says. */
            compare(what, more == 0);
            rack_close();
        }
}

/* The first part and what an overview takes of the others. */
static void changed_headers_tell_no_other_owner(void **state)
{
    const struct der good = container_files_at(certified, CONTAINER_HEADER);
    uint8_t bad[HEADER_ROOM];
    char what[64];

    (void)state;
    for (size_t at = 0; at < good.left; at++) {
        insert(VTOKEN_S, false);
        memcpy(bad, good.at, good.left);
        bad[at] ^= 0x81;
        put_header(bad, good.left, 0);
        snprintf(what, sizeof what, "byte %zu", at);
        compare(what, false);
        rack_close();
    }
}

/* A file that holds less than its size. */
static void a_token_that_gives_less_is_told(void **state)
{
    static const struct {
        unsigned skip;
        enum vtoken_trouble trouble;
        unsigned value;
    } rows[] = {
        {0, VTOKEN_TRUNCATE, 2},    {1, VTOKEN_TRUNCATE, 2},
        {2, VTOKEN_TRUNCATE, 2},    {0, VTOKEN_STATUS, 0x6B00},
        {1, VTOKEN_STATUS, 0x6B00}, {2, VTOKEN_STATUS, 0x6B00},
        {1, VTOKEN_EXTEND, 100},    {1, VTOKEN_NOISE, 7},
        {2, VTOKEN_NOISE, 7},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct seen seen;

        insert(VTOKEN_ECP, false);
        stash_fill(card, "0A00", certified);
        assert_true(
            vtoken_plan(card, &(struct vtoken_fault){.pattern = "00B0",
                                                     .skip = rows[i].skip,
                                                     .times = 1,
                                                     .trouble = rows[i].trouble,
                                                     .value = rows[i].value,
                                                     .after = true}));
        seen = overview();
        assert_int_equal(seen.count, 1);
        /* The reading of all of it was not meddled with. */
        if (seen.told[0].fault == FAULT_NONE)
            assert_string_equal(
                seen.told[0].owner,
                pki.certificate->subject.value[NAME_COMMON_NAME]);
        rack_close();
    }
}

/* --- every command goes wrong -------------------------------------------- */

static enum fault visit(void *context, const char *where, enum fault fault,
                        const struct container_info *info)
{
    (void)context;
    assert_non_null(where);
    assert_true((fault == FAULT_NONE) == (info != NULL));
    return FAULT_NONE;
}

static enum fault do_overview(void)
{
    return rutoken_medium.overview(STASH_LOCATION, visit, NULL);
}

static void prepare(void)
{
    stash_fill(sweep_token(), "0A00", certified);
}

static void check(enum fault fault)
{
    struct container_files *now = stash_take(sweep_token(), "0A00");

    (void)fault;
    assert_true(container_files_equal(now, certified));
    container_files_free(&now);
}

static void nothing(void)
{
}

static void it_survives_every_fault(void **state)
{
    static const struct sweep_operation operation = {"overview", do_overview,
                                                     check, false};
    static const struct sweep sweep = {&operation, 1, prepare, nothing};

    (void)state;
    for (size_t i = 0; i < DIALECTS; i++)
        sweep_run(&sweep, dialects[i]);
}

static int start(void **state)
{
    (void)state;
    pki_make(&pki, &(struct pki_spec){.word = "gost2012-256"});
    certified = sample_certified(pki.certificate);
    return 0;
}

static int end(void **state)
{
    (void)state;
    container_files_free(&certified);
    pki_free(&pki);
    pin_use(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_the_same_with_fewer_commands),
        cmocka_unit_test(one_without_a_certificate_has_its_name),
        cmocka_unit_test(a_single_one_can_be_looked_at),
        cmocka_unit_test(lying_headers_are_read_whole),
        cmocka_unit_test(cut_headers_tell_no_other_owner),
        cmocka_unit_test(changed_headers_tell_no_other_owner),
        cmocka_unit_test(a_token_that_gives_less_is_told),
        cmocka_unit_test_teardown(it_survives_every_fault, sweep_tell),
    };

    return cmocka_run_group_tests(tests, start, end);
}
