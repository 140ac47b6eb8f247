#include "client/batch/plan.h"

#include "tests/support/scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD "container,to,phone\n"
#define ROW "/k/a.000,/new,79120000001\n"
#define BOM "\xEF\xBB\xBF"

static const struct plan_defaults nothing;

static struct plan *read_plan(const char *text, enum outcome expected)
{
    struct plan *plan;
    enum outcome outcome =
        plan_read(scratch_write("plan", text, strlen(text)), &nothing, &plan);

    if (outcome != expected)
        print_message("%s\n%zu: %s\n", text, plan->complaints,
                      plan->complaint[0].sentence);
    assert_int_equal(outcome, expected);
    return plan;
}

/* --- what is taken ------------------------------------------------------- */

/* The same row in whatever way it may be written. */
static void good_plans_are_read(void **state)
{
    static const char *const texts[] = {
        "container,to,phone,label\n/k/a.000,/new,79120000001,Ромашка\n",
        BOM "container,to,phone,label\n/k/a.000,/new,79120000001,Ромашка\n",
        "container,to,phone,label\r\n/k/a.000,/new,79120000001,Ромашка\r\n",
        "container,to,phone,label\r/k/a.000,/new,79120000001,Ромашка\r",
        "container,to,phone,label\n/k/a.000,/new,79120000001,Ромашка",
        "label,phone,to,container\nРомашка,79120000001,/new,/k/a.000\n",
        "container;to;phone;label\n/k/a.000;/new;79120000001;Ромашка\n",
        "container\tto\tphone\tlabel\n/k/a.000\t/new\t79120000001\tРомашка\n",
        "\"container\",\"to\",\"phone\",\"label\"\n"
        "\"/k/a.000\",\"/new\",\"79120000001\",\"Ромашка\"\n",
        "\r\n\n\"container\";\"to\";phone;\"label\"\n"
        "\"/k/a.000\";/new;\"79120000001\";Ромашка\n",
        "\n\ncontainer,to,phone,label\n\n,,,\n/k/a.000,/new,79120000001,Ромашка"
        "\n,,\n\"\",,,\n\n,,,",
        /* Of columns that were emptied the delimiters stay, in some rows. */
        "container,to,phone,label,\n/k/a.000,/new,79120000001,Ромашка\n,,,,\n",
        ";container;to;phone;;label;\n;/k/a.000;/new;79120000001;;Ромашка\n",
        "container,to,phone,label,\"\"\n/k/a.000,/new,79120000001,Ромашка,\"\"",
        "{\"container\":\"/k/a.000\",\"to\":\"/new\","
        "\"phone\":\"79120000001\",\"label\":\"Ромашка\"}\n",
        BOM "{\"label\":\"\\u0420омашка\",\"to\":\"/new\",\"mode\":null,"
            "\"phone\":\"79120000001\",\"container\":\"\\/k/a.000\"}\r\n\n",
        "container,to,phone,label\n/k/a.000,/new,79120000001,"
        "\xD0\xEE\xEC\xE0\xF8\xEA\xE0\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct plan *plan = read_plan(texts[i], OUTCOME_DONE);

        assert_int_equal(plan->rows, 1);
        assert_string_equal(plan_get(plan, 0, PLAN_CONTAINER), "/k/a.000");
        assert_string_equal(plan_get(plan, 0, PLAN_TO), "/new");
        assert_string_equal(plan_get(plan, 0, PLAN_PHONE), "79120000001");
        assert_string_equal(plan_get(plan, 0, PLAN_LABEL), "Ромашка");
        assert_null(plan_get(plan, 0, PLAN_MODE));
        assert_string_equal(plan_place(plan, 0, PLAN_CONTAINER),
                            "file:/k/a.000");
        assert_int_equal(strlen(plan->fingerprint), 64);
        plan_free(&plan);
    }
}

static void quotes_keep_what_is_inside(void **state)
{
    struct plan *plan =
        read_plan("container,to,phone,label\n"
                  "\"/k/a,b.000\",/new,79120000001,\"ООО \"\"Ромашка\"\"\"\n",
                  OUTCOME_DONE);

    (void)state;
    assert_string_equal(plan_get(plan, 0, PLAN_CONTAINER), "/k/a,b.000");
    assert_string_equal(plan_get(plan, 0, PLAN_LABEL), "ООО \"Ромашка\"");
    plan_free(&plan);
}

static void options_fill_in_what_is_not_said(void **state)
{
    static const struct plan_defaults defaults = {
        .value = {[PLAN_TO] = "/usual",
                  [PLAN_PHONE] = "79120000009",
                  [PLAN_MODE] = "express"}};
    const char *text = "container,to,mode\n/k/a.000,,\n/k/b.000,/b,normal\n";
    struct plan *plan;

    (void)state;
    assert_int_equal(
        plan_read(scratch_write("plan", text, strlen(text)), &defaults, &plan),
        OUTCOME_DONE);
    assert_string_equal(plan_get(plan, 0, PLAN_TO), "/usual");
    assert_string_equal(plan_get(plan, 0, PLAN_MODE), "express");
    assert_string_equal(plan_get(plan, 1, PLAN_TO), "/b");
    assert_string_equal(plan_get(plan, 1, PLAN_MODE), "normal");
    assert_string_equal(plan_get(plan, 1, PLAN_PHONE), "79120000009");
    assert_null(plan_get(plan, 1, PLAN_BACKUP));
    plan_free(&plan);
}

/* What a row says counts more than what all have; the copy that all have is
 * none of a key that has none. */
static void keys_are_made_inside_where_it_is_said(void **state)
{
    static const struct plan_defaults defaults = {
        .value = {[PLAN_BACKUP] = "/copies", [PLAN_ON_TOKEN] = "yes"}};
    const char *text = "container,to,phone,on_token,backup\n"
                       "/k/a.000,rutoken:00000001,79120000001,yes,\n"
                       "rutoken:00000002/0A00,rutoken:00000002,79120000002,,\n"
                       "/k/c.000,rutoken:00000003,79120000003,no,/copy\n"
                       "/k/d.000,pkcs11:serial=4,79120000004,,\n"
                       "/k/e.000,/new,79120000005,no,\n";
    static const bool inside[] = {true, true, false, true, false};
    static const char *const backup[] = {NULL, NULL, "/copy", NULL, "/copies"};
    struct plan *plan;

    (void)state;
    assert_int_equal(
        plan_read(scratch_write("plan", text, strlen(text)), &defaults, &plan),
        OUTCOME_DONE);
    for (size_t i = 0; i < plan->rows; i++) {
        const char *copy = plan_get(plan, i, PLAN_BACKUP);

        assert_int_equal(plan_is_inside(plan, i), inside[i]);
        assert_string_equal(copy != NULL ? copy : "none",
                            backup[i] != NULL ? backup[i] : "none");
    }
    assert_string_equal(plan_token(plan, 1, PLAN_TO),
                        plan_token(plan, 1, PLAN_CONTAINER));
    plan_free(&plan);
}

/* What is read may be told from what is read later. */
static void fingerprints_tell_plans_apart(void **state)
{
    struct plan *one = read_plan(HEAD ROW, OUTCOME_DONE);
    struct plan *same = read_plan(HEAD ROW, OUTCOME_DONE);
    struct plan *other = read_plan(HEAD "\n" ROW, OUTCOME_DONE);

    (void)state;
    assert_string_equal(one->fingerprint, same->fingerprint);
    assert_string_not_equal(one->fingerprint, other->fingerprint);
    plan_free(&one);
    plan_free(&same);
    plan_free(&other);
}

static void a_change_is_noticed(void **state)
{
    struct plan *plan = read_plan(HEAD ROW, OUTCOME_DONE);
    const char *path = scratch_file("plan");

    (void)state;
    assert_false(plan_has_changed(plan, path));
    scratch_write("plan", HEAD ROW, sizeof HEAD ROW - 1);
    assert_false(plan_has_changed(plan, path));
    scratch_write("plan", HEAD ROW "\n", sizeof HEAD ROW);
    assert_true(plan_has_changed(plan, path));
    assert_int_equal(unlink(path), 0);
    assert_true(plan_has_changed(plan, path));
    assert_false(plan_has_changed(plan, "-"));
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(plan_has_changed(plan, path));
    plan_free(&plan);
}

static void many_rows_are_read(void **state)
{
    enum { ROWS = 20000 };
    const char *path = scratch_file("plan");
    FILE *file = fopen(path, "w");
    struct plan *plan;
    char expected[32];

    (void)state;
    fputs(HEAD, file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "/k/%05d.000,/new,79120000001\n", i);
    fclose(file);
    assert_int_equal(plan_read(path, &nothing, &plan), OUTCOME_DONE);
    assert_int_equal(plan->rows, ROWS);
    for (int i = 0; i < ROWS; i += 777) {
        snprintf(expected, sizeof expected, "/k/%05d.000", i);
        assert_string_equal(plan_get(plan, (size_t)i, PLAN_CONTAINER),
                            expected);
        assert_int_equal(plan->row[i].line, i + 2);
    }
    plan_free(&plan);
}

/* --- what is refused ----------------------------------------------------- */

static const struct bad {
    const char *text;
    size_t line, column;
    const char *says;
} bads[] = {
    /* nothing in it */
    {"", 0, 0, "no rows"},
    {BOM, 0, 0, "no rows"},
    {"\n\n", 0, 0, "no rows"},
    {HEAD, 0, 0, "no rows"},
    /* columns */
    {"container,to\n/k/a.000,/new\n", 1, 1, "\"phone\" is missing in all"},
    {"to,phone\n/new,79120000001\n", 1, 1, "\"container\" is missing in all"},
    {"container,to,phone,pin\n" ROW, 1, 20, "\"pin\""},
    {"container,to,Phone\n" ROW, 1, 14, "\"Phone\""},
    {"container,to,phone,\n" ROW "/b,/n,7912,x\n", 3, 12, "no name"},
    {"container,to,phone,,\n" ROW "/b,/n,7912,,x\n", 3, 13, "no name"},
    {"container,to,phone,,\n" ROW "/b,/n,7912,,, \n", 3, 14, "columns (3)"},
    {"container,,to,phone\n/k/a.000,x,/new,79120000001\n", 2, 10, "no name"},
    {"container,to,,phone,\n/k/a.000,/new,\n", 2, 15, "only 3 values"},
    {",,\n" HEAD ROW, 2, 1, "no name"},
    {"container,to,phone,to\n" ROW, 1, 20, "\"to\" stands there twice"},
    {ROW ROW, 1, 1, "\"/k/a.000\""},
    {"container|to|phone\n", 1, 1, "\"container|to|phone\""},
    /* rows */
    {HEAD ROW "/k/b.000,/new\n", 3, 14, "only 2 values"},
    {HEAD ROW "/k/b.000,/new,79120000001,x\n", 3, 27, "more values"},
    {HEAD ROW "/k/b.000,/new,\n", 3, 15, "\"phone\" is empty"},
    {HEAD ROW ",/new,79120000001\n", 3, 1, "\"container\" is empty"},
    /* quotation marks */
    {HEAD "/k/a\".000,/new,79120000001\n", 2, 5, "quotation marks"},
    {HEAD "\"/k/a.000\"x,/new,79120000001\n", 2, 11, "line 2, column 1"},
    {HEAD ROW "\"/k/b.000,/new,79120000001\n", 3, 1, "quotation marks"},
    {HEAD ROW "/k/b.000,\"/new,79120000001\n\"/k/c.000\",/new,7912\n", 4, 2,
     "line 3, column 10"},
    {HEAD "\"/k/a\n.000\",/new,79120000001\n", 2, 1, "line break"},
    {HEAD "\"/k/\xE0\n.000\",/new,79120000001\n", 2, 1, "line break"},
    {HEAD ",,\n", 0, 0, "no rows"},
    /* values */
    {HEAD " /k/a.000,/new,79120000001\n", 2, 1, "blank"},
    {HEAD "/k/a.000,/new ,79120000001\n", 2, 10, "blank"},
    {HEAD "/k/a\t.000,/new,79120000001\n", 2, 1, "cannot be shown"},
    {HEAD "/k/a\xE2\x80\xAE.000,/new,79120000001\n", 2, 1, "cannot be shown"},
    {HEAD "/k/\xE0\x98.000,/new,79120000001\n", 2, 1, "cannot be shown"},
    {HEAD "/k/a.000,/new,12345\n", 2, 15, "telephone"},
    {HEAD "/k/a.000,smb:n,79120000001\n/k/b,smb:n,7\n", 3, 6, "smb:n"},
    {HEAD "nfs:/k/a.000,/new,79120000001\n", 2, 1, "nfs:/k/a.000"},
    {"container,to,phone,mode\n/k/a.000,/new,79120000001,fast\n", 2, 27,
     "\"fast\""},
    {"container,to,phone,mode\n/k/a.000,/new,79120000001,paper\n", 2, 27,
     "kep renew --paper"},
    {"{\"container\":\"/k/a.000\",\"to\":\"/new\",\"phone\":\"79120000001\","
     "\"mode\":\"paper\"}\n",
     1, 59, "signed by hand"},
    {"container,to,phone,algorithm\n/k/a.000,/new,79120000001,rsa\n", 2, 27,
     "\"rsa\""},
    {"container,to,phone,name\n/k/a.000,/new,79120000001,日本\n", 2, 27,
     "日本"},
    {"container,to,phone,pin_file\n/k/a.000,/new,79120000001,/nowhere\n", 2, 27,
     "/nowhere"},
    {"container,to,phone,old_pin_file\n/k/a.000,/new,79120000001,/nowhere\n", 2,
     27, "/nowhere"},
    {"container,to,phone,pin_file\n/k/a.000,/new,79120000001,/dev\n", 2, 27,
     "/dev"},
    {"container,to,phone,backup\n/k/a.000,/new,79120000001,file:/new\n", 2, 27,
     "lost with it"},
    {"container,to,phone,on_token\n/k/a.000,rutoken:00000001,79120000001,or\n",
     2, 39, "\"or\""},
    {"container,to,phone,on_token\n/k/a.000,/new,79120000001,YES\n", 2, 27,
     "\"YES\""},
    {"container,to,phone,on_token,backup\n"
     "/k/a.000,rutoken:00000001,79120000001,yes,/b\n",
     2, 43, "no copy"},
    {"container,to,phone,on_token\n/k/a.000,pkcs11:serial=4,79120000001,no\n",
     2, 38, "always made inside"},
    {"{\"container\":\"/k/a.000\",\"to\":\"pkcs11:serial=4\","
     "\"phone\":\"79120000001\",\"on_token\":false}\n",
     1, 70, "always made inside"},
    {"container,to,phone,backup\n"
     "/k/a.000,pkcs11:serial=4,79120000001,/b\n",
     2, 38, "no copy"},
    /* characters are counted, not bytes */
    {"label,container,to,phone\nРомашка,/k/a.000,/new,x\n", 2, 23, "telephone"},
    {"label,container,to,phone\n\xD0\xEE\xEC\xE0,/k/a.000,/new,x\n", 2, 20,
     "telephone"},
    /* one another */
    {HEAD ROW ROW, 3, 1, "line 2"},
    {HEAD ROW "/k/b.000,/new,79120000001\n//k/./a.000,/new,79120000002\n", 4, 1,
     "line 2"},
    {HEAD ROW "file:/k/a.000,/new,79120000001\n", 3, 1, "line 2"},
    /* JSON */
    {"{\"container\":\"/k/a.000\",\"to\":\"/new\"}\n", 1, 1, "\"phone\""},
    {"{\"container\":\"/k/a.000\",\"to\":\"/new\",\"phone\":\"79120000001\"}\n"
     "{\"container\":\"/k/b.000\",\"to\":\"/new\",\"phone\":79120000001}\n",
     2, 37, "no text"},
    {"{\"pin\":\"1\"}\n", 1, 2, "\"pin\""},
    {"{\"container\":\"/k/a.000\"\n", 1, 24, "does not end on its line"},
    {"{\"container\":\"/k/a.000\"} x\n", 1, 26, "not JSON"},
    {"{\"container\":[\"/k/a.000\"]}\n", 1, 2, "no text"},
    {"{\"container\":\"/k/a\\u0000.000\"}\n", 1, 2, "cannot be shown"},
    {"{'container':'/k/a.000'}\n", 1, 14, "not JSON"},
    {"{\"to\":\"/new\"}\n[]\n", 2, 1, "one object"},
    /* other files */
    {BOM HEAD "/k/\xE0.000,/new,79120000001\n", 2, 4, "begins as UTF-8"},
};

static void bad_plans_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        const struct bad *bad = &bads[i];
        struct plan *plan = read_plan(bad->text, OUTCOME_PLAN_WRONG);
        bool found = false;

        for (size_t j = 0; j < plan->complaints; j++)
            found |= plan->complaint[j].line == bad->line &&
                     plan->complaint[j].column == bad->column &&
                     strstr(plan->complaint[j].sentence, bad->says) != NULL;
        if (!found)
            fail_msg("%s\n%zu:%zu: %s", bad->text, plan->complaint[0].line,
                     plan->complaint[0].column, plan->complaint[0].sentence);
        plan_free(&plan);
    }
}

/* What is wrong is told once, not also by what follows from it. */
static void one_mistake_is_one_complaint(void **state)
{
    static const struct bad once[] = {
        {HEAD "/k/a\x01.000,/new,79120000001\n", 2, 1, "cannot be shown"},
        {HEAD "/k/a.000,/new,7912\xE2\x80\xAE"
              "0000001\n",
         2, 15, "cannot be shown"},
        {HEAD " /k/a.000,/new,79120000001\n", 2, 1, "blank"},
        {HEAD "/k/a.000,/new\n", 2, 14, "only 2 values"},
        {HEAD "/k/a.000\n", 2, 9, "only 1 value"},
        {HEAD ROW "/k/b.000\n", 3, 9, "only 1 value"},
        {HEAD "/k/a.000,/new,12345\n", 2, 15, "telephone"},
        {HEAD ROW ROW, 3, 1, "line 2"},
        {HEAD "\"/k/a\n.000\",/new,79120000001\n", 2, 1, "line break"},
        {"{\"container\":\"/k/a.000\",\"to\":\"/new\",\"phone\":7912}\n", 1, 37,
         "no text"},
        {HEAD ROW "/k/b.000,/new,\n", 3, 15, "\"phone\" is empty"},
        {"container,to\n/k/a.000,/new\n", 1, 1, "\"phone\" is missing"},
        {"container,phone\n/k/a.000,79120000001\n", 1, 1,
         "--to says it for all"},
        /* what stands behind the mistake is not read */
        {HEAD "/k/a.000,/n\"ew,79120000001\n", 2, 12, "quotation marks"},
        {HEAD ROW "/k/b.000,/n\"ew,79120000002\n", 3, 12, "quotation marks"},
        {HEAD "/k/a.000,\"/new,79120000001\n", 2, 10, "quotation marks"},
        /* names as they are written, and the list of them once */
        {"container,to,phone,\xF2\xE5\xEB\n", 1, 20, "\"тел\""},
        {"container,to,phone,,\n/a,/n,79120000001,x,y,z\n", 2, 19, "no name"},
        {HEAD "/k/a.000,/new,79120000001,x,y\n", 2, 27, "more values"},
        {"container,to,phone,тел\n", 1, 20, "\"тел\". The first line"},
        /* a spreadsheet's numbers */
        {HEAD "/k/a.000,/new,7.912E+10\n", 2, 15, "last digits are lost"},
        {"container;to;phone\n/k/a.000;/new;7,91200000012345E+10\n", 2, 15,
         "last digits are lost"},
        {HEAD "/k/a.000,/new,7.912E+10x\n", 2, 15, "place 2 (.)"},
        {HEAD "/k/a.000,/new,7.912\n", 2, 15, "place 2 (.)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        struct plan *plan = read_plan(once[i].text, OUTCOME_PLAN_WRONG);
        const struct plan_complaint *only = &plan->complaint[0];

        if (plan->complaints != 1 || only->line != once[i].line ||
            only->column != once[i].column ||
            strstr(only->sentence, once[i].says) == NULL)
            fail_msg("%s\n%zu complaints, %zu:%zu: %s", once[i].text,
                     plan->complaints, only->line, only->column,
                     only->sentence);
        plan_free(&plan);
    }
}

/* Files that were saved otherwise are named, and what to do. */
static void files_of_another_kind_are_named(void **state)
{
    static const struct {
        const char *data;
        size_t size;
        const char *says;
    } rows[] = {
        {"\xFF\xFE"
         "c\0o\0n\0",
         8, "UTF-16"},
        {"\xFE\xFF\0c\0o\0n", 8, "UTF-16"},
        {"c\0o\0n\0t\0\n\0", 10, "UTF-16"},
        {"\0c\0o\0n\0t\0\n", 10, "UTF-16"},
        {"PK\x03\x04\x14\0\0\0\x08\0", 10, "xlsx"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "xls)"},
        {"container\0", 10, "zero byte"},
        {"\0\0\0\0", 4, "zero byte"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct plan *plan;

        assert_int_equal(
            plan_read(scratch_write("plan", rows[i].data, rows[i].size),
                      &nothing, &plan),
            OUTCOME_PLAN_WRONG);
        assert_int_equal(plan->complaints, 1);
        assert_int_equal(plan->complaint[0].line, 1);
        if (strstr(plan->complaint[0].sentence, rows[i].says) == NULL ||
            strstr(plan->complaint[0].sentence, "CSV in UTF-8") == NULL)
            fail_msg("row %zu: %s", i, plan->complaint[0].sentence);
        plan_free(&plan);
    }
}

static void other_files_are_refused(void **state)
{
    static const char wide[] = "\xFF\xFE"
                               "c\0o\0n\0t\0";
    struct plan *plan;

    (void)state;
    assert_int_equal(
        plan_read(scratch_write("plan", wide, 10), &nothing, &plan),
        OUTCOME_PLAN_WRONG);
    assert_non_null(strstr(plan->complaint[0].sentence, "UTF-16"));
    assert_int_equal(plan->complaint[0].line, 1);
    plan_free(&plan);
    assert_int_equal(plan_read("/nowhere", &nothing, &plan),
                     OUTCOME_PLAN_UNREADABLE);
    plan_free(&plan);
    assert_int_equal(plan_read(scratch_folder, &nothing, &plan),
                     OUTCOME_PLAN_UNREADABLE);
    plan_free(&plan);
}

/* A gigabyte is not even read; what does not tell its size is not read on. */
static void large_files_are_refused(void **state)
{
    const char *path = scratch_file("large");
    struct plan *plan;
    int fd = open(path, O_WRONLY | O_CREAT, 0600);

    (void)state;
    assert_int_equal(ftruncate(fd, 1 << 30), 0);
    close(fd);
    assert_int_equal(plan_read(path, &nothing, &plan), OUTCOME_PLAN_WRONG);
    assert_non_null(strstr(plan->complaint[0].sentence, "32 MB"));
    assert_int_equal(plan->complaint[0].line, 0);
    plan_free(&plan);
    assert_int_equal(plan_read("/dev/zero", &nothing, &plan),
                     OUTCOME_PLAN_WRONG);
    assert_non_null(strstr(plan->complaint[0].sentence, "32 MB"));
    plan_free(&plan);
}

/* A value without end, and more mistakes than can be shown. */
static void much_is_not_gone_on_with(void **state)
{
    size_t size = 1 << 20;
    char *text = calloc(1, size + 64);
    struct plan *plan;

    (void)state;
    memcpy(text, HEAD "\"", sizeof HEAD);
    memset(text + sizeof HEAD, 'x', size);
    plan = read_plan(text, OUTCOME_PLAN_WRONG);
    assert_int_equal(plan->complaint[0].line, 2);
    assert_int_equal(plan->complaint[0].column, 1);
    assert_non_null(strstr(plan->complaint[0].sentence, "too long"));
    plan_free(&plan);
    for (size_t i = 0; i + 2 < size; i += 2)
        memcpy(text + sizeof HEAD - 1 + i, "x\n", 3);
    plan = read_plan(text, OUTCOME_PLAN_WRONG);
    assert_true(plan->complaints >= PLAN_COMPLAINTS_MAX);
    plan_free(&plan);
    free(text);
}

/* What is written while it is read may be half a row. */
static bool changing;
ssize_t __real_stream_read(int fd, void *data, size_t size);
ssize_t __wrap_stream_read(int fd, void *data, size_t size);

ssize_t __wrap_stream_read(int fd, void *data, size_t size)
{
    ssize_t got = __real_stream_read(fd, data, size);
    FILE *file = changing ? fopen(scratch_file("plan"), "a") : NULL;

    if (file != NULL) {
        fputs("/k/b.000,/new,79120000001\n", file);
        fclose(file);
    }
    return got;
}

static void plans_that_change_are_refused(void **state)
{
    struct plan *plan;

    (void)state;
    changing = true;
    plan = read_plan(HEAD ROW, OUTCOME_PLAN_WRONG);
    changing = false;
    assert_int_equal(plan->complaint[0].line, 0);
    assert_non_null(strstr(plan->complaint[0].sentence, "changed"));
    assert_int_equal(plan->rows, 0);
    plan_free(&plan);
}

static void *write_on(void *path)
{
    int fd = open(path, O_WRONLY | O_APPEND);

    /* In the middle of the reading, which waits for what the FIFO gives. */
    dprintf(fd, HEAD ROW);
    close(fd);
    return NULL;
}

/* A FIFO is as good as a file. */
static void pipes_are_read(void **state)
{
    const char *path = scratch_file("fifo");
    pthread_t writer;
    struct plan *plan;

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(
        pthread_create(&writer, NULL, write_on, (void *)(uintptr_t)path), 0);
    assert_int_equal(plan_read(path, &nothing, &plan), OUTCOME_DONE);
    pthread_join(writer, NULL);
    assert_int_equal(plan->rows, 1);
    plan_free(&plan);
}

/* --- tokens -------------------------------------------------------------- */

static void add(struct plan *plan, const char *container, const char *to)
{
    const struct plan_defaults values = {
        .value = {[PLAN_CONTAINER] = container,
                  [PLAN_TO] = to,
                  [PLAN_PHONE] = "79120000001"}};

    plan_add(plan, plan->rows + 1, &values);
}

static void rows_can_be_added(void **state)
{
    struct plan *plan = plan_new();

    (void)state;
    add(plan, "/k/a.000", "/new");
    add(plan, "/k/b.000", "/new");
    assert_int_equal(plan_check(plan), OUTCOME_DONE);
    assert_string_equal(plan_place(plan, 1, PLAN_CONTAINER), "file:/k/b.000");
    add(plan, "/k/a.000", "/new");
    assert_int_equal(plan_check(plan), OUTCOME_PLAN_WRONG);
    assert_int_equal(plan->complaint[0].line, 3);
    plan_free(&plan);
    assert_null(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(good_plans_are_read),
        SCRATCH_TEST(quotes_keep_what_is_inside),
        SCRATCH_TEST(options_fill_in_what_is_not_said),
        SCRATCH_TEST(keys_are_made_inside_where_it_is_said),
        SCRATCH_TEST(fingerprints_tell_plans_apart),
        SCRATCH_TEST(a_change_is_noticed),
        SCRATCH_TEST(many_rows_are_read),
        SCRATCH_TEST(bad_plans_are_refused),
        SCRATCH_TEST(one_mistake_is_one_complaint),
        SCRATCH_TEST(files_of_another_kind_are_named),
        SCRATCH_TEST(other_files_are_refused),
        SCRATCH_TEST(large_files_are_refused),
        SCRATCH_TEST(much_is_not_gone_on_with),
        SCRATCH_TEST(plans_that_change_are_refused),
        SCRATCH_TEST(pipes_are_read),
        SCRATCH_TEST(rows_can_be_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
