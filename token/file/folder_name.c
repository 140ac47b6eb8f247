#include "token/file/folder_name.h"

#include "token/medium.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { LETTERS = 8, DIGITS = 3, NUMBERS = 1000 };

bool folder_name_valid(const char *name)
{
    const size_t base = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789");

    return base >= 1 && base <= LETTERS && name[base] == '.' &&
           strspn(name + base + 1, "0123456789") == DIGITS &&
           name[base + 1 + DIGITS] == '\0';
}

void folder_name_invent(char *folder)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (int i = 0; i < LETTERS; i++)
        folder[i] = letters[randombytes_uniform(i == 0 ? 26 : 36)];
    memcpy(folder + LETTERS, ".000", 1 + DIGITS + 1);
}

enum fault folder_name_choose(const char *location, const char *wanted,
                              const struct algorithm *inside, unsigned n,
                              char *folder)
{
    const size_t base = wanted == NULL ? 0 : strcspn(wanted, ".");
    const size_t digits = wanted == NULL || wanted[base] != '.'
                              ? 0
                              : strspn(wanted + base + 1, "0123456789");
    int size = 0;

    (void)location;
    if (inside != NULL)
        return FAULT_NOT_RESIDENT;
    if (wanted != NULL && n == 0)
        size = snprintf(folder, CONTAINER_FOLDER_MAX, "%s", wanted);
    else if (digits == DIGITS && wanted[base + 1 + DIGITS] == '\0' &&
             n < NUMBERS)
        size = snprintf(folder, CONTAINER_FOLDER_MAX, "%.*s.%03u", (int)base,
                        wanted, n);
    else
        folder_name_invent(folder);
    return size < 0 || size >= CONTAINER_FOLDER_MAX ? FAULT_TOO_LARGE
                                                    : FAULT_NONE;
}
