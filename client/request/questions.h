/* The owner's data, asked one after another. */
#ifndef CLIENT_REQUEST_QUESTIONS_H
#define CLIENT_REQUEST_QUESTIONS_H

#include "client/options.h"
#include "client/screen/prompt.h"
#include "keygen/name.h"

/* What was answered, as --subject would have given it. {0} is an empty one. */
struct questions {
    char *answer[OPTIONS_LIST_MAX]; /* owned, "SN=Иванова"; NULL: none */
    size_t count;
    size_t kind; /* of owner */
};

/* How many there are, as rows of a walk (client/screen/walk.h): for whom, and
 * then each of its data; what is wrong is asked again at once. A row that is
 * come back to offers the former answer. Free with questions_free. */
size_t questions_rows(void);
enum prompt_end questions_ask(struct screen *screen, size_t row,
                              struct questions *questions);
void questions_free(struct questions *questions);

/* The same as if it all had been answered; false without memory. */
bool questions_take(struct questions *questions, const struct name *subject);
/* Whether a row has to be answered and is not. */
bool questions_lacks(const struct questions *questions, size_t row);
/* Which row is to be answered anew. */
enum prompt_end questions_choose(struct screen *screen,
                                 const struct questions *questions,
                                 size_t *row);

/* Append them to a list that points to them. */
void questions_put(const struct questions *questions,
                   struct options_list *list);

#endif
