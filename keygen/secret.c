#include "keygen/secret.h"

#include <malloc.h>
#include <pthread.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Whoever still reads what was given back is caught where ASan is on. */
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

enum { PERTURB = 0x55, DEPTH = 16 * 1024 /* bytes of stack */ };

/* sodium_malloc costs about ten system calls, and a renewal wants
 * dozens of secrets for an instant each: blocks of one size, two pages with
 * libsodium's canary, are wiped and used again. They stay locked and guarded
 * all the while. */
enum { ALIGNMENT = 16, CANARY = 16, BLOCK = 2 * 4096 - CANARY, KEPT_MAX = 64 };

/* At the beginning of what sodium_malloc gives. */
struct block {
    alignas(ALIGNMENT) size_t size; /* with this */
    struct block *next;             /* among the kept ones */
};

/* In front of a secret, which ends where its block does: there begins a page
 * that nobody may touch. */
struct tag {
    alignas(ALIGNMENT) struct block *block;
    uintptr_t check; /* ~block, unless something was written before it */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block *kept;
static size_t kept_count;

static struct block *take_kept(void)
{
    struct block *block;

    pthread_mutex_lock(&lock);
    block = kept;
    if (block != NULL) {
        kept = block->next;
        kept_count--;
    }
    pthread_mutex_unlock(&lock);
    if (block != NULL)
        ASAN_UNPOISON_MEMORY_REGION(block, BLOCK);
    return block;
}

/* A block that has been wiped. */
static bool keep(struct block *block)
{
    bool room;

    pthread_mutex_lock(&lock);
    room = kept_count < KEPT_MAX;
    if (room) {
        block->next = kept;
        kept = block;
        kept_count++;
        ASAN_POISON_MEMORY_REGION(block + 1, BLOCK - sizeof(*block));
    }
    pthread_mutex_unlock(&lock);
    return room;
}

/* All zero behind its head. */
static struct block *new_block(size_t size)
{
    struct block *block;

    /* sodium_malloc ends the program where libsodium is not ready. */
    if (sodium_init() < 0)
        return NULL;
    block = sodium_malloc(size);
    if (block == NULL)
        return NULL;
    memset(block, 0, size);
    block->size = size;
    return block;
}

void *secret_new(size_t size)
{
    const size_t heads = sizeof(struct block) + sizeof(struct tag);
    struct block *block = NULL;
    struct tag *tag;

    if (size > SIZE_MAX - heads - ALIGNMENT)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (heads + size <= BLOCK)
        block = take_kept();
    if (block == NULL)
        block = new_block(heads + size <= BLOCK ? BLOCK : heads + size);
    if (block == NULL)
        return NULL;
    tag = (struct tag *)(void *)((uint8_t *)block + block->size - size) - 1;
    *tag = (struct tag){.block = block, .check = ~(uintptr_t)block};
    return tag + 1;
}

char *secret_copy(const char *text, size_t size)
{
    char *copy = secret_new(size + 1);

    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

void secret_move(void *to, const void *from, size_t size)
{
    /* Nobody can know that it is memcpy. */
    static void *(*volatile const move)(void *, const void *, size_t) = memcpy;

    move(to, from, size);
}

void secret_clear_stack(void)
{
    sodium_stackzero(DEPTH);
}

void secret_free_at(void **pointer)
{
    struct block *block;
    struct tag *tag;

    if (*pointer == NULL)
        return;
    tag = (struct tag *)*pointer - 1;
    block = tag->block;
    if (tag->check != ~(uintptr_t)block)
        abort();
    sodium_memzero(tag,
                   (size_t)((uint8_t *)block + block->size - (uint8_t *)tag));
    if (block->size != BLOCK || !keep(block))
        sodium_free(block);
    *pointer = NULL;
}

int secret_prepare_process(void)
{
    const struct rlimit none = {0, 0};

    /* Libraries keep copies of codes and tokens in buffers of their own: the
     * heap overwrites what is freed, all but small blocks that it keeps. */
    (void)mallopt(M_PERTURB, PERTURB);
    if (sodium_init() < 0 || setrlimit(RLIMIT_CORE, &none) != 0)
        return -1;
    return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : -1;
}
