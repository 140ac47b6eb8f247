#include "client/renewal/group.h"

#include <stddef.h>

int group_init(struct group *group, group_act *act, void *context)
{
    *group = (struct group){.act = act, .context = context};
    group->end = &group->first;
    if (pthread_mutex_init(&group->lock, NULL) != 0)
        return -1;
    if (pthread_cond_init(&group->changed, NULL) == 0)
        return 0;
    pthread_mutex_destroy(&group->lock);
    return -1;
}

void group_free(struct group *group)
{
    pthread_cond_destroy(&group->changed);
    pthread_mutex_destroy(&group->lock);
}

/* All that are there now; called and left with the lock. */
static void act(struct group *group)
{
    struct group_item *items = group->first, *next;

    group->first = NULL;
    group->end = &group->first;
    group->busy = true;
    pthread_mutex_unlock(&group->lock);
    group->act(group->context, items);
    pthread_mutex_lock(&group->lock);
    group->busy = false;
    for (; items != NULL; items = next) {
        next = items->next; /* it goes with its thread once it is done */
        items->done = true;
    }
    pthread_cond_broadcast(&group->changed);
}

int group_do(struct group *group, const void *what)
{
    struct group_item mine = {.what = what};

    pthread_mutex_lock(&group->lock);
    *group->end = &mine;
    /* cppcheck-suppress autoVariables ; it is taken off before it goes */
    group->end = &mine.next;
    while (!mine.done) {
        if (group->busy)
            pthread_cond_wait(&group->changed, &group->lock);
        else
            act(group);
    }
    pthread_mutex_unlock(&group->lock);
    return mine.result;
}
