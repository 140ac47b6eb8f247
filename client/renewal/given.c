#include "client/renewal/given.h"

#include <stddef.h>

bool given_is_obeyed(const struct record *record, const struct options *options,
                     const char *const *option)
{
    return *option != NULL && (record_get(record, RECORD_FORM) == NULL ||
                               !options_is_configured(options, option));
}

const char *given_value(const struct record *record, enum record_field field,
                        const struct options *options,
                        const char *const *option)
{
    return given_is_obeyed(record, options, option) ? *option
                                                    : record_get(record, field);
}
