/* The password of a container that a command works on: none, that of
 * --pin-file or --pin-fd, or the person's. */
#ifndef CLIENT_UNLOCK_H
#define CLIENT_UNLOCK_H

#include "client/commands/commands.h"
#include "client/renewal/renewal.h"

/* Try to open with a password, NULL for none. FAULT_PASSWORD_NEEDED and
 * FAULT_PASSWORD_WRONG: another one may do. */
typedef enum fault unlock_attempt(void *context, const char *password);

/* Try until it opens: the given password once, a person's a few times.
 * *password is in secret memory, NULL where none was needed. On anything but
 * OUTCOME_DONE failure says why; where: the container that it is about. */
enum outcome unlock(const struct desk *desk, const char *where,
                    unlock_attempt *attempt, void *context, char **password,
                    struct failure *failure);

/* The same, to open a container; tells where its reserve copy had to serve.
 * name: of its place, as the person wrote it. */
enum outcome unlock_open(const struct desk *desk, const struct medium_ops *ops,
                         const char *where, const char *name,
                         struct container **container, char **password,
                         struct failure *failure);

/* Say in failure how a prompt ended that gave no answer; option: what would
 * have given it. Returns its outcome. */
enum outcome unlock_unanswered(enum prompt_end end, const char *option,
                               struct failure *failure);

/* The same of a fault of a container. */
enum outcome unlock_fault(enum fault fault, const char *where,
                          struct failure *failure);

/* Why a key is not opened here (info->refused), with the name of its curve. */
enum outcome unlock_refused(const struct container_info *info,
                            const char *where, struct failure *failure);

/* Tell that the first copy of a key is damaged and the reserve copy served. */
void unlock_say_reserve(struct screen *screen, const char *where);

#endif
