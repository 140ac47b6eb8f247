#include "client/batch/run/moments.h"

#include <stdlib.h>

struct moments {
    size_t count;
    uint32_t came;
    struct moment heap[];
};

struct moments *moments_new(size_t rows)
{
    struct moments *moments = NULL;

    if (rows <= (SIZE_MAX - sizeof(*moments)) / sizeof(struct moment))
        moments = calloc(1, sizeof(*moments) + rows * sizeof(struct moment));
    return moments;
}

void moments_free(struct moments **moments)
{
    free(*moments);
    *moments = NULL;
}

static bool is_before(const struct moment *a, const struct moment *b)
{
    return a->at != b->at ? a->at < b->at : a->number < b->number;
}

void moments_add(struct moments *moments, int64_t at, uint32_t row, bool looks)
{
    const struct moment one = {at, row, moments->came++, looks};
    struct moment *heap = moments->heap;
    size_t to = moments->count++;

    for (; to > 0 && is_before(&one, &heap[(to - 1) / 2]); to = (to - 1) / 2)
        heap[to] = heap[(to - 1) / 2];
    heap[to] = one;
}

const struct moment *moments_first(const struct moments *moments)
{
    return moments->count > 0 ? &moments->heap[0] : NULL;
}

struct moment moments_take(struct moments *moments)
{
    struct moment *heap = moments->heap;
    const struct moment first = heap[0], last = heap[--moments->count];
    size_t to = 0, child;

    for (; (child = 2 * to + 1) < moments->count; to = child) {
        if (child + 1 < moments->count &&
            is_before(&heap[child + 1], &heap[child]))
            child++;
        if (!is_before(&heap[child], &last))
            break;
        heap[to] = heap[child];
    }
    heap[to] = last;
    return first;
}
