/* No code can send what wipes a token (80 8A, 80 84): commands go out in one
 * place alone, and that knows a table without them. */
#include "token/rutoken/card/transport.h"

#include "tests/support/rack.h"

#include <ctype.h>
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATH_SIZE = 600, TEXT_MAX = 1 << 20 };

static bool is_deadly(unsigned cla, unsigned ins)
{
    /* With any channel, chained or not. */
    return (cla & 0x80) != 0 && (ins == 0x8A || ins == 0x84);
}

/* Every class and instruction, with and without data and an answer. */
static void test_every_command(void **state)
{
    const struct reader_ops *ops = reader_ops();
    struct transport transport = {.ops = ops};
    struct answer *answer = calloc(1, sizeof *answer);
    void *service;
    size_t sent = 0;

    (void)state;
    rack.reader[0].card =
        vtoken_new(&(struct vtoken_setup){.dialect = VTOKEN_ECP});
    assert_int_equal(ops->start(&service), FAULT_NONE);
    assert_int_equal(ops->connect(service, rack.reader[0].name,
                                  READER_EXCLUSIVE, &transport.card,
                                  &transport.t0),
                     FAULT_NONE);
    assert_int_equal(ops->begin(transport.card), FAULT_NONE);
    for (unsigned i = 0; i < 0x40000; i++) {
        const struct command command = {.cla = (uint8_t)(i >> 8),
                                        .ins = (uint8_t)i,
                                        .p1 = i >> 16 & 1 ? 0x4E : 0,
                                        .p2 = i >> 16 & 1 ? 0x19 : 0,
                                        .data = i >> 17 & 1 ? "x" : NULL,
                                        .size = i >> 17 & 1};
        enum fault fault = transport_send(&transport, &command, answer);

        sent += fault != FAULT_ARGUMENT;
        if (is_deadly(command.cla, command.ins))
            assert_int_equal(fault, FAULT_ARGUMENT);
        assert_false(vtoken_formatted(rack.reader[0].card));
    }
    /* Others do go out, or this would prove nothing. */
    assert_in_range(sent, 4, 4 * 20);
    assert_true(vtoken_count(rack.reader[0].card) >= sent);
    ops->disconnect(&transport.card, READER_RESET);
    ops->stop(&service);
    free(answer);
}

/* --- where commands go out ----------------------------------------------- */

/* How often a name may stand in a file, and in no other one: a second way out
 * cannot be written without one of them. */
struct hunt {
    const char *name;
    struct {
        const char *file;
        size_t times;
    } at[3];
    size_t found; /* of them */
};

static bool is_of_name(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

static size_t count_name(const char *text, const char *name)
{
    const size_t size = strlen(name);
    size_t count = 0;

    for (const char *at = strstr(text, name); at != NULL;
         at = strstr(at + 1, name))
        count += (at == text || !is_of_name(at[-1])) && !is_of_name(at[size]);
    return count;
}

static void look_into(const char *path, struct hunt *hunt)
{
    static char text[TEXT_MAX];
    FILE *file = fopen(path, "r");
    size_t size, times;

    assert_non_null(file);
    size = fread(text, 1, sizeof text - 1, file);
    assert_true(size < sizeof text - 1);
    text[size] = '\0';
    (void)fclose(file);
    times = count_name(text, hunt->name);
    for (size_t i = 0; i < 3 && hunt->at[i].file != NULL; i++)
        if (strcmp(path, hunt->at[i].file) == 0 && times == hunt->at[i].times) {
            hunt->found++;
            return;
        }
    if (times > 0)
        fail_msg("%s has \"%s\" %zu times", path, hunt->name, times);
}

static bool ends_in(const char *name, const char *end)
{
    size_t size = strlen(name), tail = strlen(end);

    return size > tail && strcmp(name + size - tail, end) == 0;
}

static void look_below(const char *folder, struct hunt *hunt)
{
    DIR *at = opendir(folder);
    struct dirent *entry;

    assert_non_null(at);
    while ((entry = readdir(at)) != NULL) {
        char path[PATH_SIZE];

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type == DT_DIR)
            look_below(path, hunt);
        else if (ends_in(path, ".c") || ends_in(path, ".h"))
            look_into(path, hunt);
    }
    (void)closedir(at);
}

static void test_one_place(void **state)
{
    static const char *const folders[] = {"client", "keygen", "token", "api"};
    struct hunt hunts[] = {
        {"transmit",
         {{"token/rutoken/card/reader.h", 1},
          {"token/rutoken/card/transport.c", 1},
          {"token/rutoken/card/reader_pcsc.c", 3}},
         0},
        {"SCardTransmit", {{"token/rutoken/card/reader_pcsc.c", 1}}, 0},
        {.name = "SCardControl"},
        /* Of PKCS#11 and of Rutoken's functions beside it: they wipe, too. */
        {.name = "C_InitToken"},
        {.name = "C_EX_GetFunctionListExtended"},
        /* By these any of them could be reached. */
        {.name = "dlsym"},
        {.name = "dlopen"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof hunts / sizeof *hunts; i++) {
        for (size_t j = 0; j < sizeof folders / sizeof *folders; j++)
            look_below(folders[j], &hunts[i]);
        assert_int_equal(hunts[i].found, i == 0 ? 3 : i == 1 ? 1 : 0);
    }
}

static int open_rack(void **state)
{
    (void)state;
    rack_open();
    return 0;
}

static int close_rack(void **state)
{
    (void)state;
    rack.unprotected = false;
    rack_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_command, open_rack,
                                        close_rack),
        cmocka_unit_test(test_one_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
