#include "token/pkcs11/pkcs11_login.h"

#include <pthread.h>

enum { HELD_MAX = 16 /* tokens that a run is logged in to */ };

/* A login is the process's, not a session's: whoever ends last logs out. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const struct pkcs11_module *module; /* NULL: free */
    CK_SLOT_ID slot;
    unsigned sessions;
    unsigned login; /* which one it is: those before it are lost */
} held[HELD_MAX];
static unsigned logins;

/* The row of the login to the token, else a free one, else HELD_MAX. */
static size_t row_of(const struct pkcs11_token *token)
{
    size_t row = HELD_MAX;

    for (size_t i = 0; i < HELD_MAX; i++) {
        if (held[i].module == token->module && held[i].slot == token->slot)
            return i;
        if (held[i].module == NULL)
            row = i;
    }
    return row;
}

void pkcs11_login_begin(struct pkcs11_token *token, bool anew)
{
    size_t row;

    pthread_mutex_lock(&mutex);
    row = row_of(token);
    if (row < HELD_MAX) {
        if (anew || held[row].module == NULL) {
            held[row].sessions = 0;
            held[row].login = ++logins;
        }
        token->login = held[row].login;
        held[row].module = token->module;
        held[row].slot = token->slot;
        held[row].sessions++;
    }
    token->logged_in = true;
    pthread_mutex_unlock(&mutex);
}

bool pkcs11_login_end(const struct pkcs11_token *token)
{
    bool last = true;
    size_t row;

    pthread_mutex_lock(&mutex);
    row = row_of(token);
    if (row < HELD_MAX && held[row].module != NULL &&
        held[row].login != token->login) {
        last = false;
    } else if (row < HELD_MAX && held[row].module != NULL) {
        last = held[row].sessions <= 1;
        if (last)
            held[row].module = NULL;
        else
            held[row].sessions--;
    }
    pthread_mutex_unlock(&mutex);
    return last;
}
