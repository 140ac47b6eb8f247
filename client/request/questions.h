/* The owner's data, asked one after another. */
#ifndef CLIENT_REQUEST_QUESTIONS_H
#define CLIENT_REQUEST_QUESTIONS_H

#include "client/options.h"
#include "client/screen/prompt.h"

/* What was answered, as --subject would have given it. */
struct questions {
    char *answer[OPTIONS_LIST_MAX]; /* owned, "SN=Иванова"; NULL: none */
    size_t count;
};

/* For whom, and then each of its data; what is wrong is asked again at once,
 * and "back" leads to the question before.
 * Free with questions_free in any case. */
enum prompt_end questions_ask(struct screen *screen,
                              struct questions *questions);
void questions_free(struct questions *questions);

/* Append them to a list that points to them. */
void questions_put(const struct questions *questions,
                   struct options_list *list);

#endif
