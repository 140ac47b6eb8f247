#include "keygen/secret.h"

#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void *secret_new(size_t size)
{
    /* sodium_malloc aborts the program where this was not done before. */
    void *memory = sodium_init() < 0 ? NULL : sodium_malloc(size);

    if (memory != NULL)
        memset(memory, 0, size);
    return memory;
}

char *secret_copy(const char *text, size_t size)
{
    char *copy = secret_new(size + 1);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

void secret_free_at(void **pointer)
{
    sodium_free(*pointer);
    *pointer = NULL;
}

int secret_prepare_process(void)
{
    const struct rlimit none = {0, 0};

    if (sodium_init() < 0 || setrlimit(RLIMIT_CORE, &none) != 0)
        return -1;
    return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : -1;
}
