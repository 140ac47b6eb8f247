#include "token/pkcs11/pkcs11_listing.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct pkcs11_listed *one = a, *other = b;
    const size_t size = one->size < other->size ? one->size : other->size;
    const int order = memcmp(one->id, other->id, size);

    if (order != 0)
        return order;
    return one->size < other->size ? -1 : one->size > other->size;
}

static enum fault add(struct pkcs11_listing *listing,
                      const struct pkcs11_listed *key)
{
    for (size_t i = 0; i < listing->count; i++)
        if (compare(&listing->key[i], key) == 0)
            return FAULT_NONE;
    if (listing->count == PKCS11_OBJECTS_MAX)
        return FAULT_TOO_LARGE;
    listing->key[listing->count++] = *key;
    return FAULT_NONE;
}

static enum fault add_class(const struct pkcs11_token *token,
                            CK_OBJECT_CLASS class,
                            struct pkcs11_listing *listing)
{
    struct pkcs11_objects objects;
    enum fault fault = pkcs11_object_find(token, class, NULL, 0, &objects);

    for (size_t i = 0; i < objects.count && fault == FAULT_NONE; i++) {
        struct pkcs11_listed key = {0};

        fault = pkcs11_object_read(token, objects.at[i], CKA_ID, key.id,
                                   sizeof key.id, &key.size);
        if (fault == FAULT_NONE && key.size > 0) {
            fault = add(listing, &key);
        } else if (fault == FAULT_NONE || fault == FAULT_TOO_LARGE ||
                   fault == FAULT_NOT_FOUND) {
            listing->nameless += class != CKO_CERTIFICATE;
            fault = FAULT_NONE;
        }
    }
    return fault;
}

enum fault pkcs11_listing_read(const struct pkcs11_token *token,
                               struct pkcs11_listing **listing)
{
    static const CK_OBJECT_CLASS classes[] = {CKO_PUBLIC_KEY, CKO_PRIVATE_KEY,
                                              CKO_CERTIFICATE};
    enum fault fault = FAULT_NONE;

    *listing = calloc(1, sizeof **listing);
    if (*listing == NULL)
        return FAULT_MEMORY;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (fault == FAULT_NONE)
            fault = add_class(token, classes[i], *listing);
    if (fault == FAULT_NONE)
        qsort((*listing)->key, (*listing)->count, sizeof(*listing)->key[0],
              compare);
    else
        pkcs11_listing_free(listing);
    return fault;
}

void pkcs11_listing_free(struct pkcs11_listing **listing)
{
    free(*listing);
    *listing = NULL;
}
