/* What several threads want done, done for all of them at once where doing it
 * costs the same for one as for many: a transaction with its flush. Whoever
 * comes first does it; who comes meanwhile waits, and one of those does it
 * then for all who have come. Nobody returns before theirs is done. */
#ifndef CLIENT_RENEWAL_GROUP_H
#define CLIENT_RENEWAL_GROUP_H

#include <pthread.h>
#include <stdbool.h>

struct group_item {
    const void *what;
    int result; /* set by the act */
    struct group_item *next;
    bool done;
};

/* Does all items of the list; one call at a time. */
typedef void group_act(void *context, struct group_item *items);

struct group {
    group_act *act;
    void *context;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct group_item *first, **end;
    bool busy;
};

/* 0 or -1. */
int group_init(struct group *group, group_act *act, void *context);
void group_free(struct group *group);

/* The result of this item. */
int group_do(struct group *group, const void *what);

#endif
