#include "token/rutoken/rutoken_medium.h"

#include "tests/support/rack.h"
#include "tests/support/stash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char sample[] = "synthetic-2012-256-nopassword";

static struct vtoken *card;

static void insert(const struct vtoken_setup *setup)
{
    rack_open();
    card = rack.reader[0].card = vtoken_new(setup);
    assert_non_null(card);
    stash_use_pin();
}

static const enum vtoken_dialect dialects[] = {VTOKEN_ECP, VTOKEN_LITE,
                                               VTOKEN_S};

enum { DIALECTS = sizeof dialects / sizeof dialects[0] };

struct seen {
    size_t count;
    char where[16][64], name[16][4 * CONTAINER_NAME_MAX];
    enum fault fault[16];
    bool resident[16], certificate[16];
};

static enum fault see(void *context, const char *where, enum fault fault,
                      const struct container_info *info)
{
    struct seen *seen = context;
    const size_t i = seen->count++;

    assert_true(i < 16);
    snprintf(seen->where[i], sizeof seen->where[i], "%s", where);
    snprintf(seen->name[i], sizeof seen->name[i], "%s",
             info == NULL ? "" : info->name);
    seen->fault[i] = fault;
    seen->resident[i] = info != NULL && info->resident;
    seen->certificate[i] = info != NULL && info->certificate != NULL;
    return FAULT_NONE;
}

static struct seen list(void)
{
    struct seen seen = {.count = 0};

    assert_int_equal(rutoken_medium.list(STASH_LOCATION, see, &seen),
                     FAULT_NONE);
    rack_is_left();
    return seen;
}

/* --- what is there ------------------------------------------------------- */

static void an_empty_token_lists_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++) {
        insert(&(struct vtoken_setup){.dialect = dialects[i]});
        assert_int_equal(list().count, 0);
        rack_close();
    }
}

static void containers_are_listed_without_a_pin(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++)
        for (int t0 = 0; t0 < 2; t0++) {
            struct seen seen;

            insert(&(struct vtoken_setup){.dialect = dialects[i], .t0 = t0});
            stash_sample(card, "0B00", sample);
            stash_sample(card, "1000", sample);
            seen = list();
            assert_int_equal(seen.count, 2);
            assert_string_equal(seen.where[0], STASH_LOCATION "/0B00");
            assert_string_equal(seen.where[1], STASH_LOCATION "/1000");
            assert_int_equal(seen.fault[0], FAULT_NONE);
            assert_int_equal(vtoken_verifications(card, VTOKEN_PIN_USER), 0);
            rack_close();
        }
}

static void a_container_opens_with_its_pin(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++) {
        struct container *container = NULL;

        insert(&(struct vtoken_setup){.dialect = dialects[i]});
        stash_sample(card, "0A00", sample);
        assert_int_equal(
            rutoken_medium.open(STASH_LOCATION "/0A00", NULL, &container),
            FAULT_NONE);
        assert_string_equal(container->info.where, STASH_LOCATION "/0A00");
        assert_non_null(container->key);
        container_free(&container);
        assert_int_equal(vtoken_verifications(card, VTOKEN_PIN_USER), 1);
        rack_close();
    }
}

/* --- making -------------------------------------------------------------- */

static struct container *make(const char *folder, bool resident,
                              enum fault expected)
{
    const struct container_spec spec = {.folder_name = folder,
                                        .name = "Проба",
                                        .algorithm = algorithm_by_word(NULL),
                                        .exportable = true,
                                        .resident = resident,
                                        .key_not_after = 1900000000};
    struct container *made = NULL;
    struct entropy *pool;

    assert_int_equal(entropy_new(&pool), FAULT_NONE);
    assert_int_equal(
        rutoken_medium.generate(STASH_LOCATION, &spec, pool, &made), expected);
    entropy_free(&pool);
    rack_is_left();
    return made;
}

static void a_key_is_made_in_a_free_slot(void **state)
{
    (void)state;
    for (size_t i = 0; i < DIALECTS; i++) {
        struct container *made, *opened = NULL;
        char folder[CONTAINER_FOLDER_MAX];
        struct seen seen;

        insert(&(struct vtoken_setup){.dialect = dialects[i]});
        stash_sample(card, "0A00", sample);
        assert_int_equal(
            rutoken_medium.name(STASH_LOCATION, "x.000", NULL, 0, folder),
            FAULT_NONE);
        assert_string_equal(folder, "0B00");
        assert_int_equal(rutoken_medium.probe(STASH_LOCATION, folder),
                         FAULT_NONE);
        made = make(folder, false, FAULT_NONE);
        assert_string_equal(made->info.where, STASH_LOCATION "/0B00");
        assert_int_equal(rutoken_medium.open(made->info.where, NULL, &opened),
                         FAULT_NONE);
        assert_memory_equal(made->point, opened->point, 64);
        container_free(&opened);
        container_free(&made);
        seen = list();
        assert_int_equal(seen.count, 2);
        assert_string_equal(seen.name[1], "Проба");
        assert_null(make(folder, false, FAULT_EXISTS));
        rack_close();
    }
}

static void a_key_is_made_inside(void **state)
{
    struct container *made, *opened = NULL;
    char folder[CONTAINER_FOLDER_MAX];
    struct seen seen;

    (void)state;
    insert(&(struct vtoken_setup){.dialect = VTOKEN_ECP});
    assert_int_equal(rutoken_medium.name(STASH_LOCATION, "x.000",
                                         algorithm_by_word(NULL), 0, folder),
                     FAULT_NONE);
    assert_string_equal(folder, "key-ff");
    made = make(folder, true, FAULT_NONE);
    assert_string_equal(made->info.where, STASH_LOCATION "/key-ff");
    assert_true(made->info.resident);
    assert_null(made->scalar);
    assert_int_equal(rutoken_medium.open(made->info.where, NULL, &opened),
                     FAULT_NONE);
    assert_memory_equal(made->point, opened->point, 64);
    container_free(&opened);
    container_free(&made);
    seen = list();
    assert_int_equal(seen.count, 1);
    assert_true(seen.resident[0]);
    assert_null(make(folder, true, FAULT_EXISTS));
    assert_int_equal(rutoken_medium.remove(STASH_LOCATION "/key-ff"),
                     FAULT_NONE);
    assert_int_equal(list().count, 0);
    rack_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_token_lists_nothing),
        cmocka_unit_test(containers_are_listed_without_a_pin),
        cmocka_unit_test(a_container_opens_with_its_pin),
        cmocka_unit_test(a_key_is_made_in_a_free_slot),
        cmocka_unit_test(a_key_is_made_inside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
