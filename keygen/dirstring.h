/* The strings of names (X.520 DirectoryString and its neighbours) as people
 * have written them into certificates: any ASN.1 string type, in UTF-8. */
#ifndef KEYGEN_DIRSTRING_H
#define KEYGEN_DIRSTRING_H

#include "keygen/bytes.h"

#include <stddef.h>
#include <stdint.h>

/* Append the content of a string element with this tag. Types of one byte a
 * character are read as Windows-1251, which is what Russian software put
 * into a TeletexString; control characters become spaces. out->failed on
 * another tag, on broken UTF-8, UCS-2 or UCS-4, and where out is full. */
void dirstring_read(uint8_t tag, const void *content, size_t size,
                    struct bytes *out);

#endif
