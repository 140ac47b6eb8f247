#include "api/document.h"

#include <string.h>

const char *document_type(const void *scan, size_t size)
{
    static const struct {
        const char *type, *magic;
        size_t size;
    } types[] = {
        {"application/pdf", "%PDF-", 5},
        {"image/jpeg", "\xFF\xD8\xFF", 3},
        {"image/png", "\x89PNG\r\n\x1A\n", 8},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (size > types[i].size &&
            memcmp(scan, types[i].magic, types[i].size) == 0)
            return types[i].type;
    return NULL;
}
