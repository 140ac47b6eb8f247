/* What the server said of the code that is on its way. */
#ifndef CLIENT_RENEWAL_CODE_CHALLENGE_H
#define CLIENT_RENEWAL_CODE_CHALLENGE_H

#include "client/renewal/renewal.h"
#include "client/screen/prompt.h"

struct code_challenge {
    char id[MESSAGE_WORD_MAX * 2];
    char tail[8];     /* of the telephone's number; "": not known */
    unsigned seconds; /* it was good for when it was sent, 0: not known */
    time_t sent;      /* by our clock */
    unsigned resend_after, resends;
    char news[512]; /* for the person, not told yet; "": none */
};

/* From the form, where it stands behind "confirmation.", or from the answer to
 * the last call. What does not fit is cut, what cannot be is not believed. The
 * news stay. */
void code_challenge_read(struct code_challenge *challenge,
                         const struct renewal *renewal, bool of_form);

/* The code is asked for again after a wrong one and after another message: what
 * has passed since it was sent is gone. False: all of it. */
bool code_challenge_left(const struct code_challenge *challenge,
                         const struct renewal *renewal,
                         struct prompt_code *ask);

#endif
