#include "api/sandbox/subscriber.h"

#include "api/sandbox/ca.h"
#include "api/sandbox/person.h"
#include "api/sandbox/store.h"
#include "token/container_sign.h"
#include "token/file/folder_name.h"
#include "token/pin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that is open meanwhile. */
struct work {
    const struct subscriber *wanted;
    struct subscriber_made *made;
    struct ca *ca;
    struct store *store;
    struct entropy *pool;
    struct name name;
    struct container *container;
    struct certificate *certificate;
    const struct medium_ops *ops;
    char location[LOCATION_MAX];
};

static bool check(struct work *work, const char *part, enum fault fault)
{
    if (fault == FAULT_NONE)
        return true;
    work->made->failed = part;
    work->made->why = fault_word(fault);
    return false;
}

static bool check_store(struct work *work, bool done)
{
    struct subscriber_made *made = work->made;

    if (done)
        return true;
    snprintf(made->text, sizeof made->text, "%s",
             work->store == NULL ? "cannot be opened"
                                 : store_error(work->store));
    made->failed = "sandbox.db";
    made->why = made->text;
    return false;
}

static bool open_all(struct work *work)
{
    const struct subscriber *wanted = work->wanted;

    return check(work, "--name",
                 person_invent(wanted->full_name, wanted->legal_entity,
                               &work->name)) &&
           check(work, "--to",
                 medium_find(wanted->location, &work->ops, work->location)) &&
           check(work, "the authority",
                 ca_open(wanted->dir, wanted->now, &work->ca)) &&
           check_store(work, store_open(wanted->dir, &work->store)) &&
           check(work, "the entropy", entropy_new(&work->pool));
}

static bool make_container(struct work *work)
{
    const struct subscriber *wanted = work->wanted;
    char folder[CONTAINER_FOLDER_MAX], word[CONTAINER_FOLDER_MAX];
    char inside[CONTAINER_NAME_MAX];
    const bool on_token = work->ops->enter != NULL;
    struct container_spec spec = {
        .folder_name = wanted->folder,
        .name = inside,
        .algorithm = wanted->algorithm,
        .password = on_token ? NULL : wanted->password,
        .exportable = true,
        .resident = work->ops->inside_only,
        .key_not_after = wanted->key_end,
    };

    /* There the password is the PIN, which the medium asks for. */
    if (on_token && wanted->password != NULL &&
        !check(work, "--password-file",
               pin_know(work->location, PIN_OWNER_USER, wanted->password)))
        return false;
    folder_name_invent(word);
    if (spec.folder_name == NULL) {
        if (!check(work, "--to",
                   work->ops->name(work->location, word, false, 0, folder)))
            return false;
        spec.folder_name = folder;
    }
    snprintf(inside, sizeof inside, "kep-sandbox-%.8s",
             wanted->folder != NULL ? wanted->folder : word);
    if (!check(work, "the container",
               work->ops->generate(work->location, &spec, work->pool,
                                   &work->container)))
        return false;
    memcpy(work->made->container, work->container->info.where,
           sizeof work->made->container);
    return true;
}

static bool make_certificate(struct work *work)
{
    const struct subscriber *wanted = work->wanted;
    struct ca_order order = {
        .subject = &work->name,
        .not_before = wanted->begin,
        .not_after = wanted->end,
        .key_not_before = wanted->begin,
        .key_not_after = wanted->key_end,
    };
    enum fault fault = container_sign_public(work->container, &order.key);

    if (fault != FAULT_NONE)
        return check(work, "the container", fault);
    fault = ca_issue(work->ca, &order, wanted->now, &work->certificate);
    gnutls_pubkey_deinit(order.key);
    return check(work, "the certificate", fault);
}

/* Registered last: the server knows only of certificates that somebody
 * has. */
static bool hand_over(struct work *work)
{
    const struct certificate *certificate = work->certificate;

    memcpy(work->made->thumbprint, certificate->thumbprint, THUMBPRINT_TEXT);
    return check(work, "the container",
                 work->ops->write_certificate(work->made->container,
                                              certificate)) &&
           check_store(work, store_register(work->store, work->wanted->phone,
                                            certificate->thumbprint,
                                            certificate->der.data,
                                            certificate->der.size));
}

bool subscriber_is_phone(const char *text)
{
    return strlen(text) == 11 && strspn(text, "0123456789") == 11 &&
           strncmp(text, "79", 2) == 0;
}

bool subscriber_make(const struct subscriber *wanted,
                     struct subscriber_made *made)
{
    struct work *work = calloc(1, sizeof *work);
    bool done;

    *made = (struct subscriber_made){.failed = "memory", .why = "none left"};
    if (work == NULL)
        return false;
    work->wanted = wanted;
    work->made = made;
    done = open_all(work) && make_container(work) && make_certificate(work) &&
           hand_over(work);
    certificate_free(&work->certificate);
    container_free(&work->container);
    pin_forget(NULL);
    name_free(&work->name);
    entropy_free(&work->pool);
    store_close(&work->store);
    ca_close(&work->ca);
    free(work);
    return done;
}
