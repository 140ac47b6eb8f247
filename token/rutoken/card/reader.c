#include "token/rutoken/card/reader.h"

static const struct reader_ops *in_use = &reader_pcsc;

const struct reader_ops *reader_ops(void)
{
    return in_use;
}

void reader_use(const struct reader_ops *ops)
{
    in_use = ops == NULL ? &reader_pcsc : ops;
}
