#include "client/renewal/sent.h"

#include <stdio.h>
#include <string.h>

static struct certificate *find(const struct chain *known, const void *der,
                                size_t size)
{
    for (size_t i = 0; i < known->count; i++) {
        struct certificate *one = known->certificate[i];

        if (one->der.size == size && memcmp(one->der.data, der, size) == 0)
            return one;
    }
    return NULL;
}

static enum fault take(struct chain *known, const void *der, size_t size,
                       struct chain *sent)
{
    struct certificate *one = find(known, der, size);
    enum fault fault = FAULT_NONE;

    if (one == NULL) {
        fault = certificate_read(der, size, &one);
        if (fault == FAULT_NONE)
            fault = chain_add(known, one);
        if (fault != FAULT_NONE)
            certificate_free(&one);
    }
    return fault == FAULT_NONE ? chain_add(sent, one) : fault;
}

enum fault sent_read(const struct message *message, struct chain *known,
                     struct certificate **issued, struct chain *sent)
{
    size_t size;
    const void *der = message_get(message, "certificate", &size);
    enum fault fault = FAULT_CERTIFICATE;

    *issued = NULL;
    sent->count = 0;
    known->most = SENT_KNOWN_MAX;
    if (known->count > SENT_KNOWN_MAX - CHAIN_MAX)
        chain_free(known);
    if (der != NULL)
        fault = certificate_read(der, size, issued);
    for (int i = 0; i < CHAIN_MAX && fault == FAULT_NONE; i++) {
        char word[MESSAGE_WORD_MAX];

        snprintf(word, sizeof(word), "chain.%d", i);
        der = message_get(message, word, &size);
        if (der == NULL)
            break;
        fault = take(known, der, size, sent);
    }
    return fault;
}
