/* What becomes of the keys of a PFX file: new containers. */
#ifndef CLIENT_PFX_INTAKE_H
#define CLIENT_PFX_INTAKE_H

#include "client/renewal/renewal.h"
#include "token/pfx/pfx.h"

/* One new container, of one key or of the two of one container. */
struct intake_item {
    size_t key[CONTAINER_KEYS]; /* of the file */
    size_t keys;
    char where[LOCATION_MAX]; /* "" until it is made */
    struct failure failure;
};

struct intake {
    const struct pfx *pfx;
    size_t count;
    struct intake_item item[PFX_KEYS_MAX];
};

/* Which containers there are to be: of every key or, where name is not NULL,
 * of those of that name, thumbprint or owner. OUTCOME_PFX_NO_KEY. An exchange
 * and a signature key of one name go together. */
enum outcome intake_plan(struct intake *intake, const struct pfx *pfx,
                         const char *name);

/* Make one in a location of medium_find. Its failure says how it ended. */
void intake_make(struct intake *intake, size_t i, const struct medium_ops *ops,
                 const char *location, const char *password,
                 struct entropy *pool);

#endif
