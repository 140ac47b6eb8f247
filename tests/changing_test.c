/* A container whose files become those of another one, and other things,
 * while it is read: what opens is one of the two, whole. */
#include "token/medium.h"

#include "keygen/keypair.h"
#include "keygen/secret.h"
#include "tests/support/scratch.h"
#include "tests/support/self_signed.h"
#include "token/container/container_files.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { HOW_LONG = 700 /* milliseconds */, CHANGES = 2 };

static const struct medium_ops *ops;
static char location[LOCATION_MAX];

static struct one {
    const char *folder_name;
    uint8_t scalar[ALGORITHM_KEY_MAX];
    struct certificate *certificate;
} ones[CHANGES] = {{.folder_name = "a.000"}, {.folder_name = "b.000"}};

static void make(struct one *one, struct entropy *pool)
{
    struct container_spec spec = {.folder_name = one->folder_name,
                                  .name = "Проба",
                                  .algorithm = algorithm_by_word(NULL),
                                  .exportable = true};
    struct container *made;

    assert_int_equal(keypair_make(spec.algorithm, pool, one->scalar),
                     FAULT_NONE);
    one->certificate =
        self_signed_new(spec.algorithm, one->scalar, spec.algorithm->curve, 0);
    spec.certificate = one->certificate;
    assert_int_equal(ops->store(location, &spec, one->scalar, pool, &made),
                     FAULT_NONE);
    container_free(&made);
}

static int start(void **state)
{
    struct entropy *pool;

    scratch_begin(state);
    if (entropy_new(&pool) != FAULT_NONE ||
        medium_find(scratch_folder, &ops, location) != FAULT_NONE)
        return -1;
    for (int i = 0; i < CHANGES; i++)
        make(&ones[i], pool);
    entropy_free(&pool);
    return mkdir(scratch_file("c.000"), 0700);
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < CHANGES; i++)
        certificate_free(&ones[i].certificate);
    return scratch_end(state);
}

/* --- who changes it --------------------------------------------------- */

enum change { OF_A, OF_B, LINK, FIFO, SHORTER, GONE, ALL_CHANGES };

static const char *path_of(const char *container, enum container_file file)
{
    char name[64];

    snprintf(name, sizeof name, "%s/%s", container, container_files_name(file));
    return scratch_file(name);
}

/* One file of c.000 becomes something else at once. */
static void change(enum container_file file, enum change what)
{
    const char *place = path_of("c.000", file);
    const char *made = scratch_file("made");

    int failed = 0;

    (void)unlink(made);
    if (what == OF_A || what == OF_B)
        failed = link(path_of(ones[what].folder_name, file), made);
    else if (what == LINK)
        failed = symlink(path_of("a.000", file), made);
    else if (what == FIFO)
        failed = mkfifo(made, 0600);
    else if (what == SHORTER)
        failed = close(open(made, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    if (what == GONE)
        (void)unlink(place);
    else if (failed == 0)
        (void)rename(made, place);
}

/* Mostly one of the two, so that it opens now and then. */
static void change_for_ever(bool harmless)
{
    for (unsigned turn = 0;; turn++) {
        enum change what = turn / CONTAINER_FILE_COUNT % CHANGES;

        if (!harmless && turn % 31 == 0)
            what = (enum change)(turn / 31 % ALL_CHANGES);
        change((enum container_file)(turn % CONTAINER_FILE_COUNT), what);
    }
}

/* Two folders that change places: each is whole at every moment. */
static void exchange_for_ever(void)
{
    char *a = strdup(scratch_file("a.000"));
    char *b = strdup(scratch_file("b.000"));

    for (;;)
        (void)renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

static pid_t child_of(void (*forever)(void))
{
    pid_t child = fork();

    if (child == 0) {
        alarm(600);
        forever();
    }
    return child;
}

static void stop(pid_t child)
{
    int status;

    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

/* --- who reads it -----------------------------------------------------------
 */

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1000LL * time.tv_sec + time.tv_nsec / 1000000;
}

/* Whether it opened; then it is one of the two, and nothing of the other. */
static bool open_whole(const char *where)
{
    struct container *container;
    bool whole = false;

    if (ops->open(where, NULL, &container) != FAULT_NONE) {
        assert_null(container);
        return false;
    }
    for (int i = 0; i < CHANGES; i++)
        whole |= memcmp(container->scalar, ones[i].scalar,
                        container->info.algorithm->key_size) == 0 &&
                 (container->info.certificate == NULL ||
                  strcmp(container->info.certificate->thumbprint,
                         ones[i].certificate->thumbprint) == 0);
    assert_true(whole);
    container_free(&container);
    return true;
}

static void read_while(const char *name, void (*forever)(void), bool always)
{
    const long long until = now() + HOW_LONG;
    unsigned opened = 0, tried = 0;
    char where[LOCATION_MAX + 16];
    pid_t child = child_of(forever);

    snprintf(where, sizeof where, "%s/%s", location, name);
    for (; now() < until; tried++)
        opened += open_whole(where);
    stop(child);
    print_message("# opened %u times of %u\n", opened, tried);
    assert_true(opened > 0);
    assert_true(!always || opened == tried);
}

static void change_harmlessly(void)
{
    change_for_ever(true);
}

static void change_harmfully(void)
{
    change_for_ever(false);
}

static void test_files(void **state)
{
    (void)state;
    read_while("c.000", change_harmlessly, false);
}

static void test_anything(void **state)
{
    (void)state;
    read_while("c.000", change_harmfully, false);
}

static void test_folders(void **state)
{
    (void)state;
    read_while("a.000", exchange_for_ever, true);
}

/* What is listed is one of the two or bad; the others are there always. */
static enum fault visit(void *context, const char *where, enum fault fault,
                        const struct container_info *info)
{
    unsigned *others = context;

    if (strstr(where, "c.000") == NULL) {
        assert_int_equal(fault, FAULT_NONE);
        ++*others;
    }
    assert_int_equal(info != NULL, fault == FAULT_NONE);
    return FAULT_NONE;
}

static void test_listed(void **state)
{
    const long long until = now() + HOW_LONG;
    pid_t child = child_of(change_harmfully);

    (void)state;
    while (now() < until) {
        unsigned others = 0;

        assert_int_equal(ops->list(location, visit, &others), FAULT_NONE);
        assert_int_equal(others, CHANGES);
    }
    stop(child);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_anything),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_listed),
    };

    return cmocka_run_group_tests(tests, start, end);
}
