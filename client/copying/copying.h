/* The containers that a backup or a restore copies: each is opened where that
 * can be, copied, and said of what became of it. */
#ifndef CLIENT_COPYING_COPYING_H
#define CLIENT_COPYING_COPYING_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"
#include "token/container/container_copy.h"
#include "token/copy.h"

#include <json-c/json.h>

struct copying_item {
    char where[LOCATION_MAX]; /* or the folder's name in an archive */
    struct copy_original original;
    char *password;               /* secret memory; NULL: none, or not known */
    struct container_proof proof; /* of the original */
    struct copy copy;
    struct failure failure; /* OUTCOME_DONE until something was wrong */
};

struct copying {
    const struct desk *desk;
    struct copying_item **item; /* owned, as all they hold */
    size_t count;
    char *pin;       /* of --pin-file or --pin-fd, once it was read */
    bool from_token; /* then that is a PIN, and no password */
};

void copying_free(struct copying *copying);

/* Add the containers that a person names: one, or all of a folder. One that
 * cannot be read, or that may not be copied, is added with its failure. */
enum outcome copying_add(struct copying *copying, const char *argument,
                         struct failure *failure);

/* Add one of an archive. */
enum outcome copying_add_packed(struct copying *copying,
                                const struct parcel_container *packed);

/* Leave only those of a name, the folder's or the container's own; NULL: all.
 */
void copying_choose(struct copying *copying, const char *name);

/* Prove each: with the password that was given or, with ask, that the person
 * types; without one only its checksums. Fails where the given password cannot
 * be read. */
enum outcome copying_open(struct copying *copying, bool ask,
                          struct failure *failure);

/* Take the PIN of the token that they are put on, where an option has it. */
enum outcome copying_take_pin(struct copying *copying,
                              const struct medium_ops *ops,
                              const char *location, struct failure *failure);

/* Put each that has no failure into a location. exact: only the same header
 * is a copy that is there already (COPY_SAME), else the same keys are. */
void copying_put(struct copying *copying, const struct medium_ops *ops,
                 const char *location, bool exact);

/* The first failure, or success: outcome, and how many were not opened. */
void copying_sum(const struct copying *copying, enum outcome success,
                 struct failure *failure);

/* [{"container", "name", "outcome", "message"?, "copy", "existed",
 *   "fromReserve", "verified"}]; success as above. done: it was reached also
 * for those that have no copy of their own; else their outcome is null. */
struct json_object *copying_json(const struct copying *copying,
                                 enum outcome success, bool done);

/* A sentence for each but the first that failed, which is what comes of it all
 * and is said at the end (copying_sum). */
void copying_say(const struct copying *copying);

#endif
