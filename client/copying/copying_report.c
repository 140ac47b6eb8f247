/* What became of the containers, for people and as JSON. */
#include "client/copying/copying.h"

#include "client/copying/copy_password.h"

#include "client/renewal/result.h"
#include "client/text.h"
#include "client/unlock.h"
#include "client/view/view_put.h"

#include <stdio.h>

void copying_sum(const struct copying *copying, enum outcome success,
                 struct failure *failure)
{
    size_t unopened = 0;

    for (size_t i = 0; i < copying->count; i++) {
        const struct copying_item *item = copying->item[i];

        if (item->failure.outcome != OUTCOME_DONE) {
            *failure = item->failure;
            return;
        }
        unopened += !item->proof.opened;
    }
    *failure = (struct failure){.outcome = success, .elsewhere = true};
    if (unopened > 0)
        snprintf(failure->detail, sizeof(failure->detail),
                 ngettext("%zu container was only compared to the byte, not "
                          "opened.",
                          "%zu containers were only compared to the byte, not "
                          "opened.",
                          unopened),
                 unopened);
}

static struct json_object *item_json(const struct copying_item *item,
                                     enum outcome success, bool done)
{
    struct failure failure = item->failure;
    struct json_object *object = json_object_new_object();
    char sentence[SENTENCE_MAX];
    bool good = failure.outcome == OUTCOME_DONE;

    if (good)
        failure.outcome = success;
    view_put_text(object, "container", item->where);
    /* Foreign text may be no UTF-8: JSON has to be. */
    view_put_text(object, "name", text_clean(item->original.name).text);
    view_put_text(object, "outcome",
                  !good || done || item->copy.where[0] != '\0'
                      ? outcome_row(failure.outcome)->word
                      : NULL);
    if (!good)
        view_put_text(object, "message",
                      failure_sentence(&failure, sentence, sizeof(sentence)));
    view_put_text(object, "copy",
                  good && item->copy.where[0] != '\0' ? item->copy.where
                                                      : NULL);
    view_put_flag(object, "existed", item->copy.existed);
    view_put_flag(object, "fromReserve", item->proof.from_reserve);
    view_put_flag(object, "verified", good && item->proof.opened);
    return object;
}

struct json_object *copying_json(const struct copying *copying,
                                 enum outcome success, bool done)
{
    struct json_object *list = json_object_new_array();

    for (size_t i = 0; i < copying->count; i++)
        json_object_array_add(list, item_json(copying->item[i], success, done));
    return list;
}

static void say_copy(struct screen *screen, const struct copying_item *item)
{
    const struct text_line where = text_clean(item->where);
    const struct text_line copy = text_clean(item->copy.where);

    if (item->copy.existed)
        screen_say(screen, _("%s is there already: %s"), where.text, copy.text);
    else if (item->proof.opened)
        screen_say(screen,
                   _("%s has been copied; the copy has been opened, and its "
                     "key is the same: %s"),
                   where.text, copy.text);
    else
        screen_say(screen,
                   _("%s has been copied to the byte: %s. The copy has not "
                     "been opened, for that takes its password, or a kind of "
                     "key that kep does not know."),
                   where.text, copy.text);
    if (item->copy.renamed)
        screen_say(screen, _("The folder has another name, for its own was "
                             "taken by another container."));
}

static bool is_copied(const struct copying_item *item, bool has)
{
    return item->failure.outcome == OUTCOME_DONE &&
           item->copy.where[0] != '\0' && item->original.has_password == has;
}

static size_t count_copied(const struct copying *copying, bool has)
{
    size_t count = 0;

    for (size_t i = 0; i < copying->count; i++)
        count += is_copied(copying->item[i], has);
    return count;
}

/* Once for all that have one, once for all that have none; which those are,
 * where there are both. */
static void say_passwords(const struct copying *copying)
{
    struct screen *screen = copying->desk->screen;
    const bool both =
        count_copied(copying, false) > 0 && count_copied(copying, true) > 0;

    for (int has = 1; has >= 0; has--) {
        const char *last = NULL;

        for (size_t i = 0; i < copying->count; i++) {
            if (!is_copied(copying->item[i], has != 0))
                continue;
            last = copying->item[i]->copy.where;
            if (both && copy_password_is_told(last))
                screen_say(screen, "%s:", text_clean(last).text);
        }
        if (last != NULL)
            copy_password_say(screen, has != 0, last);
    }
}

void copying_say(const struct copying *copying)
{
    struct screen *screen = copying->desk->screen;
    bool all_good = true;

    for (size_t i = 0; i < copying->count; i++) {
        const struct copying_item *item = copying->item[i];
        const bool good = item->failure.outcome == OUTCOME_DONE;

        if (!good && !all_good)
            result_say(screen, &item->failure);
        else if (good && item->copy.where[0] != '\0')
            say_copy(screen, item);
        else if (good)
            screen_say(screen,
                       item->proof.opened
                           ? _("%s: opened, its key is good.")
                           : _("%s: its checksums are good; it has "
                               "not been opened."),
                       text_clean(item->where).text);
        all_good &= good;
        if (item->proof.from_reserve)
            unlock_say_reserve(screen, item->where);
    }
    say_passwords(copying);
}
