#include "keygen/secret.h"

#include <pthread.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* sodium_malloc costs about ten system calls, and a renewal wants some sixty
 * small secrets for an instant each: blocks of one size are wiped and used
 * again. They stay locked and guarded all the while. */
enum { BLOCK_ROOM = 1920, KEPT_MAX = 8 };

struct block {
    size_t room;        /* bytes of data */
    struct block *next; /* among the kept ones */
    alignas(16) uint8_t data[];
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
    return block;
}

static bool keep(struct block *block)
{
    bool room;

    pthread_mutex_lock(&lock);
    room = kept_count < KEPT_MAX;
    if (room) {
        block->next = kept;
        kept = block;
        kept_count++;
    }
    pthread_mutex_unlock(&lock);
    return room;
}

void *secret_new(size_t size)
{
    /* sodium_malloc puts the end at a page's end: only whole multiples of
     * the alignment begin aligned. */
    const size_t align = alignof(struct block);
    size_t room = size < BLOCK_ROOM ? BLOCK_ROOM : size;
    struct block *block = room == BLOCK_ROOM ? take_kept() : NULL;

    if (block != NULL)
        return block->data; /* it was wiped when it was given back */
    /* sodium_malloc ends the program where libsodium is not ready. */
    if (sodium_init() < 0 || room > SIZE_MAX - sizeof(*block) - align)
        return NULL;
    room = (room + align - 1) / align * align;
    block = sodium_malloc(sizeof(*block) + room);
    if (block == NULL)
        return NULL;
    memset(block, 0, sizeof(*block) + room);
    block->room = room;
    return block->data;
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
    struct block *block;

    if (*pointer == NULL)
        return;
    block = (struct block *)(void *)((uint8_t *)*pointer -
                                     offsetof(struct block, data));
    sodium_memzero(block->data, block->room);
    if (block->room != BLOCK_ROOM || !keep(block))
        sodium_free(block);
    *pointer = NULL;
}

int secret_prepare_process(void)
{
    const struct rlimit none = {0, 0};

    if (sodium_init() < 0 || setrlimit(RLIMIT_CORE, &none) != 0)
        return -1;
    return prctl(PR_SET_DUMPABLE, 0) == 0 ? 0 : -1;
}
