#include "tests/support/queued.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

size_t taken(struct queue *queue, bool begin)
{
    size_t row = 0;

    assert_true(queue_take(queue, begin, &row));
    return row;
}

struct queue *in_one_line(size_t rows)
{
    struct queue *queue = queue_new(rows, 2);

    assert_non_null(queue);
    for (size_t i = 0; i < rows; i++)
        queue_add(queue, i, 0);
    return queue;
}
