/* witness FOLDER [PASSWORD]: what a container holds, scalars and all, as
 * JSON; or what is wrong with it, and status 1. */
#include "tests/witness/witness.h"

#include <stdio.h>
#include <string.h>

static void print_hex(const char *key, const void *data, size_t size)
{
    const uint8_t *at = data;

    printf(", \"%s\": \"", key);
    for (size_t i = 0; i < size; i++)
        printf("%02x", at[i]);
    putchar('"');
}

static void print_key(const struct witness_key *key)
{
    printf("{\"algorithm\": \"%s\", \"curve\": \"%s\", \"attributes\": %d",
           key->algorithm, key->curve, key->attributes);
    print_hex("scalar", key->scalar, key->size);
    print_hex("x", key->x, key->size);
    print_hex("y", key->y, key->size);
    print_hex("masked", key->masked[0], key->size);
    print_hex("masked2", key->masked[1], key->size);
    print_hex("certificate", key->certificate.at, key->certificate.size);
    putchar('}');
}

static void print(const struct witness *witness)
{
    printf("{\"password\": %s, \"reserve\": %s, \"notAfter\": \"%s\"",
           witness->has_password ? "true" : "false",
           witness->has_reserve ? "true" : "false", witness->not_after);
    print_hex("name", witness->name, strlen(witness->name));
    print_hex("storage", witness->storage[0], GOST_KEY);
    print_hex("storage2", witness->storage[1], GOST_KEY);
    printf(", \"keys\": [");
    print_key(&witness->key[0]);
    if (witness->key[1].present) {
        printf(", ");
        print_key(&witness->key[1]);
    }
    printf("]}\n");
}

int main(int argc, char **argv)
{
    struct witness witness;
    const char *wrong;

    if (argc != 2 && argc != 3) {
        fprintf(stderr, "witness FOLDER [PASSWORD]\n");
        return 2;
    }
    wrong = witness_open(&witness, argv[1], argv[2], 2);
    if (wrong == NULL)
        print(&witness);
    else
        fprintf(stderr, "%s\n", wrong);
    witness_close(&witness);
    return wrong != NULL;
}
