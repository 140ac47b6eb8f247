/* Whose data go into a request by hand. */
#ifndef CLIENT_REQUEST_OWNER_H
#define CLIENT_REQUEST_OWNER_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"
#include "client/request/questions.h"
#include "keygen/name.h"

/* {0} is an empty one; free with owner_free in any case. */
struct owner {
    struct certificate *from; /* of --from or --sign-with; NULL: none */
    struct questions questions;
    bool corrected; /* the questions hold all that the options gave */
    struct name subject;
};

/* As rows of a walk (client/screen/walk.h): what the options give, the
 * questions where they give nothing, then all of it is shown; where there is
 * a person he is asked for what is missing, and corrects what is wrong until it
 * is right; subject is there then. On anything
 * but OUTCOME_DONE failure says why. */
size_t owner_rows(void);
enum outcome owner_ask(const struct desk *desk, size_t row, struct owner *owner,
                       struct failure *failure);
void owner_free(struct owner *owner);

#endif
