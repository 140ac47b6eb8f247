#include "token/pkcs11/pkcs11_module.h"

#include "tests/support/scratch.h"
#include "tests/support/tokens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum fault open_module(const char *path)
{
    const struct pkcs11_module *module = (const void *)"";
    enum fault fault = pkcs11_module_open(path, &module);

    assert_true((fault == FAULT_NONE) == (module != NULL));
    pkcs11_module_close(&module);
    assert_null(module);
    return fault;
}

static void test_bad_ones(void **state)
{
    char *folder = scratch_new();
    const char *path = scratch_path(folder, "module.so");
    FILE *file;

    (void)state;
    assert_int_equal(open_module("/none.so"), FAULT_MODULE_MISSING);
    assert_int_equal(open_module(path), FAULT_MODULE_MISSING);
    /* A bare name is looked for nowhere, also where p11-kit would. */
    assert_int_equal(open_module("opensc-pkcs11.so"), FAULT_MODULE_MISSING);
    assert_int_equal(open_module(""), FAULT_MODULE_MISSING);
    assert_int_equal(open_module(folder), FAULT_MODULE_BAD);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(open_module(path), FAULT_MODULE_BAD);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs("\177ELF and no more", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(open_module(path), FAULT_MODULE_BAD);
    /* A library, but not such a one: this program's own loader. */
    assert_int_equal(open_module("/proc/self/exe"), FAULT_MODULE_BAD);
    scratch_remove(&folder);
}

static void test_usual(void **state)
{
    (void)state;
    pkcs11_module_use("/none/such.so");
    assert_string_equal(pkcs11_module_usual(), "/none/such.so");
    assert_int_equal(open_module(NULL), FAULT_MODULE_MISSING);
    pkcs11_module_use("none.so");
    assert_int_equal(open_module(NULL), FAULT_MODULE_MISSING);
    pkcs11_module_use("tests/../Makefile");
    assert_int_equal(pkcs11_module_usual()[0], '/');
    assert_int_equal(open_module(NULL), FAULT_MODULE_BAD);
    pkcs11_module_use(NULL);
    if (pkcs11_module_usual() == NULL)
        assert_int_equal(open_module(NULL), FAULT_MODULE_MISSING);
}

/* It is started once for all that use it at a time, and holds no token when
 * nobody does. */
static void test_start(void **state)
{
    const struct pkcs11_module *one, *again;

    (void)state;
    tokens_new();
    tokens_set("fail C_Initialize 0x5\n");
    assert_int_equal(open_module(tokens_module()), FAULT_MODULE_BAD);
    tokens_set("");
    assert_int_equal(pkcs11_module_open(tokens_module(), &one), FAULT_NONE);
    assert_int_equal(pkcs11_module_open(tokens_module(), &again), FAULT_NONE);
    assert_ptr_equal(one, again);
    assert_int_equal(tokens_calls("C_Initialize"), 2);
    assert_int_equal(tokens_calls("C_Finalize"), 0);
    pkcs11_module_close(&one);
    assert_null(one);
    assert_int_equal(tokens_calls("C_Finalize"), 0);
    pkcs11_module_close(&again);
    assert_int_equal(tokens_calls("C_Finalize"), 1);
    pkcs11_module_close(&again);
    assert_int_equal(tokens_calls("C_Finalize"), 1);
    assert_int_equal(open_module(tokens_module()), FAULT_NONE);
    assert_int_equal(tokens_calls("C_Initialize"), 3);
    assert_int_equal(tokens_calls("C_Finalize"), 2);
    tokens_end();
}

static void test_slots(void **state)
{
    static const struct {
        const char *settings;
        enum fault fault;
        size_t count;
    } rows[] = {
        {"", FAULT_NONE, 2},
        {"absent 0\n", FAULT_NONE, 1},
        {"absent 0\nabsent 1\n", FAULT_NONE, 0},
        {"slots 0\n", FAULT_NONE, 0},
        {"slots 64\n", FAULT_NONE, 64},
        {"slots 65\n", FAULT_TOKEN_ANSWER, 0},
        {"slots 0xffffffffffffffff\n", FAULT_TOKEN_ANSWER, 0},
        {"fail C_GetSlotList 0x30\n", FAULT_TOKEN_ANSWER, 0},
        {"fail C_GetSlotList 0x150\n", FAULT_TOO_LARGE, 0},
        {"fail C_GetSlotList 0x2\n", FAULT_MEMORY, 0},
    };
    CK_SLOT_ID slots[PKCS11_SLOTS_MAX];
    const struct pkcs11_module *module;
    size_t count;

    (void)state;
    tokens_new();
    assert_int_equal(pkcs11_module_open(tokens_module(), &module), FAULT_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tokens_set(rows[i].settings);
        memset(slots, 0, sizeof slots);
        assert_int_equal(pkcs11_module_slots(module, slots, &count),
                         rows[i].fault);
        assert_int_equal(count, rows[i].count);
    }
    pkcs11_module_close(&module);
    tokens_end();
}

static void test_answers(void **state)
{
    (void)state;
    assert_int_equal(pkcs11_module_fault(CKR_OK), FAULT_NONE);
    assert_int_equal(pkcs11_module_fault(CKR_PIN_LOCKED), FAULT_PIN_BLOCKED);
    assert_int_equal(pkcs11_module_fault(0x1B8), FAULT_PIN_WEAK);
    assert_int_equal(pkcs11_module_fault(CKR_FUNCTION_REJECTED),
                     FAULT_CANCELLED);
    assert_int_equal(pkcs11_module_fault(CKR_TOKEN_NOT_PRESENT),
                     FAULT_TOKEN_GONE);
    assert_int_equal(pkcs11_module_fault(CKR_VENDOR_DEFINED),
                     FAULT_TOKEN_ANSWER);
    assert_int_equal(pkcs11_module_fault(~0UL), FAULT_TOKEN_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_ones), cmocka_unit_test(test_usual),
        cmocka_unit_test(test_start),    cmocka_unit_test(test_slots),
        cmocka_unit_test(test_answers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
