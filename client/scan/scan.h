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
 * for this user, CryptoPro's own folder, tokens. Places that are not there are
 * passed over, and so is that there are no tokens or nothing to reach them
 * with. */
enum fault scan_usual(scan_visitor *visit, void *context);

/* The same, and each token is told of before what is on it. */
struct scan_walk {
    scan_visitor *visit;
    medium_visitor *token; /* NULL: nobody is told */
    void *context;
    bool overview; /* medium_ops.overview will do: of a container with a
                      certificate container->overview may be all there is */
};

enum fault scan_walk_usual(const struct scan_walk *walk);

/* A token by its own location, or all of its kind ("rutoken:"): told of, and
 * what is on it. Of any other place: scan_place. */
enum fault scan_walk_named(const char *place, const struct scan_walk *walk);

#endif
