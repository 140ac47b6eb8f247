#include "tests/support/seal.h"

void seal_header(struct container_files *files)
{
    static const uint8_t key[GOST28147_KEY];
    struct der file = container_files_at(files, CONTAINER_HEADER), outer;
    struct der content, whole, mac;
    uint8_t tag;

    if (der_read(&file, DER_SEQUENCE, &outer) &&
        der_read_any(&outer, &tag, &content, &whole) &&
        der_read(&outer, DER_OCTET_STRING, &mac) && mac.left == GOST28147_MAC)
        gost28147_mac(&gost28147_z, key, whole.at, whole.left,
                      files->header + (mac.at - files->header));
}

void seal_masks(struct container_files *files, enum container_file file)
{
    struct der rest = container_files_at(files, file), list, mask, salt, mac;
    uint8_t *data = files->small[file].data;

    if (der_read(&rest, DER_SEQUENCE, &list) &&
        der_read(&list, DER_OCTET_STRING, &mask) &&
        der_read(&list, DER_OCTET_STRING, &salt) &&
        der_read(&list, DER_OCTET_STRING, &mac) && mask.left >= GOST28147_KEY &&
        mac.left == GOST28147_MAC)
        gost28147_mac(&gost28147_z, mask.at + mask.left - GOST28147_KEY,
                      salt.at, salt.left, data + (mac.at - data));
}
