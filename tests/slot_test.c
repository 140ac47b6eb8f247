#include "token/rutoken/slot/slot.h"

#include "tests/support/rack.h"
#include "tests/support/sample.h"
#include "tests/support/stash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char sample[] = "synthetic-2012-256-nopassword";

static struct vtoken *card;
static struct container_files *files;
static struct token_session *session;

static void insert(const struct vtoken_setup *setup)
{
    rack_open();
    card = rack.reader[0].card = vtoken_new(setup);
    assert_non_null(card);
    stash_use_pin();
    files = sample_read(sample);
    assert_int_equal(token_session_enter("", &session), FAULT_NONE);
}

static int begin(void **state)
{
    (void)state;
    insert(&(struct vtoken_setup){.dialect = VTOKEN_LITE});
    return 0;
}

static int end(void **state)
{
    (void)state;
    token_session_close(&session);
    container_files_free(&files);
    rack_close();
    return 0;
}

static enum fault agree(void *context, const struct container_files *back)
{
    unsigned *asked = context;

    assert_true(container_files_equal(files, back));
    ++*asked;
    return FAULT_NONE;
}

static enum fault disagree(void *context, const struct container_files *back)
{
    (void)context;
    (void)back;
    return FAULT_KEY_MISMATCH;
}

static enum fault create(uint16_t slot)
{
    unsigned asked = 0;
    enum fault fault = slot_create(session, slot, files, agree, &asked);

    assert_int_equal(asked, fault == FAULT_NONE);
    return fault;
}

static enum fault read_slot(uint16_t slot)
{
    struct container_files *found = NULL;
    enum fault fault = slot_read(session, slot, STORED_ALL, &found);

    if (fault == FAULT_NONE)
        assert_true(container_files_equal(files, found));
    container_files_free(&found);
    return fault;
}

static const char *path(const char *name)
{
    static char text[64];

    (void)snprintf(text, sizeof text, "%s/%s", stash_path(card, "0A00"), name);
    return text;
}

static void put(const char *name, const void *data, size_t size)
{
    assert_true(vtoken_make_file(card, path(name), data, size, 0, 2));
}

static void put_file(const char *name, enum container_file file)
{
    const struct der data = container_files_at(files, file);

    put(name, data.at, data.left);
}

static void make_folder(void)
{
    assert_true(vtoken_make_folder(card, stash_path(card, "0A00"), 2));
}

/* --- names --------------------------------------------------------------- */

static void names_are_those_of_the_dialect(void **state)
{
    static const struct {
        const char *name;
        enum fault fault;
    } rows[] = {{"0A00", FAULT_NONE},      {"1800", FAULT_NONE},
                {"0900", FAULT_NOT_FOUND}, {"1900", FAULT_NOT_FOUND},
                {"0A01", FAULT_NOT_FOUND}, {"0a00", FAULT_NOT_FOUND},
                {"", FAULT_NOT_FOUND},     {"0A000", FAULT_NOT_FOUND}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[SLOT_NAME];
        uint16_t slot;

        assert_int_equal(slot_find(session->dialect, rows[i].name, &slot),
                         rows[i].fault);
        if (rows[i].fault != FAULT_NONE)
            continue;
        slot_name(slot, name);
        assert_string_equal(name, rows[i].name);
    }
}

/* --- reading ------------------------------------------------------------- */

static void what_is_not_whole_is_told_apart(void **state)
{
    static const uint8_t blank[8] = {0xFF, 0xFF, 0xFF, 0xFF,
                                     0xFF, 0xFF, 0xFF, 0xFF};
    static uint8_t torn[600];
    const struct der header = container_files_at(files, CONTAINER_HEADER);

    (void)state;
    assert_int_equal(read_slot(0x0A00), FAULT_NOT_FOUND);
    make_folder();
    assert_int_equal(read_slot(0x0A00), FAULT_UNFINISHED);
    put("0A03", blank, sizeof blank);
    assert_int_equal(read_slot(0x0A00), FAULT_UNFINISHED);
    assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);
    /* One that was long enough for a certificate was finished once. */
    make_folder();
    memset(torn, 0xFF, sizeof torn);
    memcpy(torn, header.at, header.left / 2);
    put("0A03", torn, sizeof torn);
    assert_int_equal(read_slot(0x0A00), FAULT_DAMAGED);
}

/* The header was being written when the token was pulled out: the spare one
 * is whole, and becomes the header with the next change. */
static void the_spare_header_serves(void **state)
{
    const struct der header = container_files_at(files, CONTAINER_HEADER);

    (void)state;
    for (int torn = 0; torn < 2; torn++) {
        stash_fill(card, "0A00", files);
        assert_int_equal(read_slot(0x0A00), FAULT_NONE);
        put_file("0A08", CONTAINER_HEADER);
        if (torn) {
            uint8_t *at = (uint8_t *)(uintptr_t)vtoken_read(card, path("0A03"),
                                                            &(size_t){0});

            memset(at + 20, 0, 20);
        } else {
            const uint16_t home[] = {0x1000, 0x1003, 0x0A00};

            assert_int_equal(token_file_select(session, home, 3, NULL),
                             FAULT_NONE);
            assert_int_equal(token_file_remove(session, 0x0A03), FAULT_NONE);
        }
        assert_int_equal(read_slot(0x0A00), FAULT_NONE);
        assert_int_equal(slot_replace(session, 0x0A00, CONTAINER_HEADER,
                                      header.at, header.left),
                         FAULT_NONE);
        assert_false(vtoken_exists(card, path("0A08")));
        assert_int_equal(read_slot(0x0A00), FAULT_NONE);
        assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);
    }
}

static void every_slot_is_found(void **state)
{
    static const struct vtoken_fault refuses = {.pattern = "00A40000",
                                                .times = 100,
                                                .trouble = VTOKEN_STATUS,
                                                .value = 0x6A86};
    bool used[DIALECT_SLOTS_MAX];

    (void)state;
    stash_fill(card, "0B00", files);
    stash_fill(card, "1800", files);
    assert_true(vtoken_make_folder(card, "1000/1003/7777", 2));
    for (int listed = 1; listed >= 0; listed--) {
        if (!listed)
            assert_true(vtoken_plan(card, &refuses));
        assert_int_equal(slot_list(session, used), FAULT_NONE);
        for (size_t i = 0; i < DIALECT_SLOTS_MAX; i++)
            assert_int_equal(used[i], i == 1 || i == 14);
        for (size_t i = 0; i < DIALECT_SLOTS_MAX; i++) {
            assert_int_equal(slot_is_used(session, i, &used[0]), FAULT_NONE);
            assert_int_equal(used[0], i == 1 || i == 14);
        }
    }
    vtoken_calm(card);
}

static void a_bare_token_has_no_places(void **state)
{
    struct token_session *bare = NULL;
    bool used[DIALECT_SLOTS_MAX];

    (void)state;
    token_session_close(&session);
    vtoken_free(&rack.reader[0].card);
    card = rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_ECP, .bare = true});
    assert_int_equal(token_session_open("", READER_SHARED, &bare), FAULT_NONE);
    assert_int_equal(slot_list(bare, used), FAULT_TOKEN_REFUSED);
    assert_int_equal(slot_is_used(bare, 0, used), FAULT_TOKEN_REFUSED);
    assert_false(used[0]);
    token_session_close(&bare);
}

/* --- making -------------------------------------------------------------- */

static void one_is_made_and_removed(void **state)
{
    static const enum vtoken_dialect dialects[] = {VTOKEN_ECP, VTOKEN_LITE,
                                                   VTOKEN_S};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        size_t free_memory;

        end(NULL);
        insert(&(struct vtoken_setup){
            .dialect = dialects[i], .t0 = true, .fill = 0xA5});
        free_memory = vtoken_free_memory(card);
        assert_int_equal(create(0x0A00), FAULT_NONE);
        assert_int_equal(read_slot(0x0A00), FAULT_NONE);
        assert_int_equal(create(0x0A00), FAULT_EXISTS);
        put("0A07", "x", 1); /* of another program */
        assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);
        assert_int_equal(slot_remove(session, 0x0A00), FAULT_NOT_FOUND);
        assert_int_equal(vtoken_free_memory(card), free_memory);
    }
}

static void what_is_refused_leaves_nothing(void **state)
{
    size_t free_memory;

    (void)state;
    free_memory = vtoken_free_memory(card);
    assert_int_equal(slot_create(session, 0x0A00, files, disagree, NULL),
                     FAULT_KEY_MISMATCH);
    assert_int_equal(vtoken_free_memory(card), free_memory);
    end(NULL);
    insert(&(struct vtoken_setup){.dialect = VTOKEN_LITE, .memory = 900});
    free_memory = vtoken_free_memory(card);
    assert_int_equal(create(0x0A00), FAULT_TOKEN_SPACE);
    assert_int_equal(vtoken_free_memory(card), free_memory);
}

/* None is made that could not take its certificate. */
static void room_for_the_certificate_is_there(void **state)
{
    static uint8_t longer[3000];
    const struct der header = container_files_at(files, CONTAINER_HEADER);
    unsigned made = 0, refused = 0;

    (void)state;
    memcpy(longer, header.at, header.left);
    for (size_t memory = 900; memory < 9300; memory += 150) {
        size_t free_memory;

        end(NULL);
        insert(
            &(struct vtoken_setup){.dialect = VTOKEN_LITE, .memory = memory});
        free_memory = vtoken_free_memory(card);
        if (create(0x0A00) == FAULT_NONE) {
            assert_int_equal(slot_replace(session, 0x0A00, CONTAINER_HEADER,
                                          longer, sizeof longer),
                             FAULT_NONE);
            made++;
        } else {
            assert_int_equal(create(0x0A00), FAULT_TOKEN_SPACE);
            assert_int_equal(vtoken_free_memory(card), free_memory);
            refused++;
        }
    }
    assert_true(made > 5 && refused > 5);
}

/* What a run has left from which the token was pulled out is its own only
 * where the inner name says so, or where there can be no key in it. */
static void only_what_is_ours_is_taken_over(void **state)
{
    static const uint8_t other[] = {0x30, 0x05, 0x16, 0x03, 'a', 'b', 'c'};

    (void)state;
    make_folder();
    assert_int_equal(create(0x0A00), FAULT_NONE); /* empty */
    assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);

    make_folder();
    put_file("0A06", CONTAINER_NAME);
    put_file("0A01", CONTAINER_MASKS);
    assert_int_equal(create(0x0A00), FAULT_NONE); /* the same name */
    assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);

    make_folder();
    put("0A06", other, sizeof other);
    assert_int_equal(create(0x0A00), FAULT_NONE); /* no key */
    assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);

    make_folder();
    put("0A06", other, sizeof other);
    put_file("0A02", CONTAINER_PRIMARY);
    assert_int_equal(create(0x0A00), FAULT_EXISTS);
    assert_true(vtoken_exists(card, path("0A02")));
    assert_int_equal(slot_remove(session, 0x0A00), FAULT_NONE);

    make_folder();
    put_file("0A05", CONTAINER_PRIMARY2); /* a key without a name */
    assert_int_equal(create(0x0A00), FAULT_EXISTS);
    assert_true(vtoken_exists(card, path("0A05")));
}

/* --- changing ------------------------------------------------------------ */

/* Memory that other programs have taken since: the header is the new one, or
 * all is as it was, whatever is left. */
static void what_does_not_fit_changes_nothing(void **state)
{
    static uint8_t longer[3000], filling[8000];
    const struct der header = container_files_at(files, CONTAINER_HEADER);
    unsigned changed = 0, refused = 0;
    enum fault fault;
    size_t size, left;

    (void)state;
    memcpy(longer, header.at, header.left);
    for (size_t room = 40; room < 7000; room += 120) {
        end(NULL);
        insert(&(struct vtoken_setup){.dialect = VTOKEN_LITE, .memory = 9000});
        assert_int_equal(create(0x0A00), FAULT_NONE);
        assert_true(vtoken_make_file(card, "1000/1FFF", filling,
                                     vtoken_free_memory(card) - room - 32, 0,
                                     0));
        left = vtoken_free_memory(card);
        fault = slot_replace(session, 0x0A00, CONTAINER_HEADER, longer,
                             sizeof longer);
        vtoken_read(card, path("0A03"), &size);
        assert_false(vtoken_exists(card, path("0A08")));
        assert_false(vtoken_exists(card, path("0A09")));
        assert_int_equal(read_slot(0x0A00), FAULT_NONE);
        if (fault == FAULT_NONE) {
            assert_int_equal(size, sizeof longer);
            changed++;
        } else {
            assert_int_equal(fault, FAULT_TOKEN_SPACE);
            assert_int_equal(size, header.left);
            assert_int_equal(vtoken_free_memory(card), left);
            refused++;
        }
    }
    assert_true(changed > 5 && refused > 5);
}

/* A longer header makes a longer file; a shorter one is padded in its own. */
static void headers_grow_and_shrink(void **state)
{
    static uint8_t longer[3000];
    const struct der header = container_files_at(files, CONTAINER_HEADER);
    const uint8_t *data;
    size_t size;

    (void)state;
    assert_int_equal(create(0x0A00), FAULT_NONE);
    memset(longer, 0, sizeof longer);
    memcpy(longer, header.at, header.left);
    assert_int_equal(
        slot_replace(session, 0x0A00, CONTAINER_HEADER, longer, sizeof longer),
        FAULT_NONE);
    data = vtoken_read(card, path("0A03"), &size);
    assert_int_equal(size, sizeof longer);
    assert_memory_equal(data, longer, size);
    assert_int_equal(
        slot_replace(session, 0x0A00, CONTAINER_HEADER, header.at, header.left),
        FAULT_NONE);
    assert_int_equal(read_slot(0x0A00), FAULT_NONE);
    /* The others have the size that they have. */
    assert_int_equal(slot_replace(session, 0x0A00, CONTAINER_MASKS, longer, 61),
                     FAULT_TOO_LARGE);
    assert_int_equal(read_slot(0x0A00), FAULT_NONE);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_are_those_of_the_dialect),
        TEST(what_is_not_whole_is_told_apart),
        TEST(the_spare_header_serves),
        TEST(every_slot_is_found),
        TEST(a_bare_token_has_no_places),
        TEST(one_is_made_and_removed),
        TEST(what_is_refused_leaves_nothing),
        TEST(room_for_the_certificate_is_there),
        TEST(only_what_is_ours_is_taken_over),
        TEST(what_does_not_fit_changes_nothing),
        TEST(headers_grow_and_shrink),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
