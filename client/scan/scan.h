/* Finding certificates: in containers and in files. */
#ifndef CLIENT_SCAN_SCAN_H
#define CLIENT_SCAN_SCAN_H

#include "token/medium.h"

/* One find: a certificate (container NULL: of a file), a container without
 * one (info->certificate NULL), or a thing that cannot be read (fault). All
 * of it lives until the visitor returns. */
struct find {
    const char *where; /* "file:/media/flash/abcd1234.000", "/home/…/a.cer" */
    const struct container_info *container;
    const struct certificate *certificate;
    enum fault fault;
    bool is_file; /* of a certificate, good or bad */
};

typedef enum fault scan_visitor(void *context, const struct find *find);

/* A location, a container or a certificate file, as a person names it. */
enum fault scan_place(const char *place, scan_visitor *visit, void *context);

/* Everywhere that keys are usually kept: local:, the drives that are mounted
 * for this user, CryptoPro's own folder, the tokens that are plugged in. Places
 * that are not there are passed over. */
enum fault scan_usual(scan_visitor *visit, void *context);

#endif
