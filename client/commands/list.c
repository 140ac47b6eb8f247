#include "client/commands/commands.h"

#include "client/renewal/result.h"
#include "client/renewal/standing.h"
#include "client/scan/scan.h"
#include "client/state/workplace.h"
#include "client/text.h"
#include "client/view/container_view.h"
#include "client/view/medium_view.h"
#include "client/view/view_put.h"

#include <json-c/json.h>

struct list {
    const struct desk *desk;
    struct journal *journal; /* NULL: none yet */
    /* NULL: no JSON is wanted */
    struct json_object *tokens, *containers, *problems;
    struct page page;
};

static void add_problem(struct list *list, const char *where, enum fault fault)
{
    const struct outcome_row *row = outcome_row(outcome_of_fault(fault));
    const char *advice = row->elsewhere != NULL ? row->elsewhere : row->advice;
    struct json_object *object;

    if (list->problems == NULL) {
        page_title(&list->page, text_clean(where).text);
        page_line(&list->page, _("Cannot be used"), _(row->sentence));
        if (advice != NULL && advice[0] != '\0')
            page_line(&list->page, _("What to do"), _(advice));
        return;
    }
    object = json_object_new_object();
    view_put_text(object, "where", where);
    view_put_text(object, "outcome", row->word);
    view_put_text(object, "message", _(row->sentence));
    json_object_array_add(list->problems, object);
}

/* Whether its certificate is over or was replaced by a new one. */
static bool is_past(const struct list *list, const struct container_info *info)
{
    const time_t now = clock_now(list->desk->clock);

    if (info->overview != NULL)
        return standing_is_past_at(list->journal, info->where,
                                   info->overview->not_after, now);
    return info->certificate != NULL &&
           standing_is_past(list->journal, info->certificate, now);
}

/* One that is past still opens what was written to it. */
static void print_key(struct list *list, const struct container_info *info)
{
    container_view_print_key(&list->page, info);
    if (is_past(list, info))
        page_line(&list->page, _("Keep"),
                  _("For reading old documents: never delete it."));
}

/* What cannot be read is shown, and the walk goes on. */
static enum fault add(void *context, const struct find *find)
{
    struct list *list = context;

    if (find->is_file)
        return FAULT_NONE;
    if (find->container == NULL)
        add_problem(list, find->where, find->fault);
    else if (list->containers != NULL)
        json_object_array_add(list->containers,
                              container_view_key_json(find->container));
    else
        print_key(list, find->container);
    return FAULT_NONE;
}

static enum fault add_token(void *context, const char *where, enum fault fault,
                            const struct medium_info *info)
{
    struct list *list = context;

    if (fault != FAULT_NONE)
        add_problem(list, where, fault);
    else if (list->tokens != NULL)
        json_object_array_add(list->tokens, medium_view_json(info));
    else
        medium_view_print(&list->page, info);
    return FAULT_NONE;
}

/* A place that was named and cannot be read is a failure; the others are
 * shown all the same. */
static enum outcome walk_all(struct list *list)
{
    const struct options *options = list->desk->options;
    const struct scan_walk walk = {add, add_token, list, true};
    enum outcome worst = OUTCOME_DONE;

    if (options->arguments == 0)
        return outcome_of_fault(scan_walk_usual(&walk));
    for (size_t i = 0; i < options->arguments; i++) {
        enum fault fault = scan_walk_named(options->argument[i], &walk);

        if (fault == FAULT_NONE)
            continue;
        worst = outcome_of_fault(fault);
        add_problem(list, options->argument[i], fault);
    }
    return worst;
}

enum outcome list_run(struct desk *desk)
{
    struct list list = {.desk = desk};
    struct workplace workplace;
    struct json_object *json;
    enum outcome outcome;

    if (desk->options->json) {
        list.tokens = json_object_new_array();
        list.containers = json_object_new_array();
        list.problems = json_object_new_array();
    }
    /* A journal that cannot be read hides no container. */
    if (workplace_look(&workplace) == OUTCOME_DONE)
        list.journal = workplace.journal;
    outcome = walk_all(&list);
    workplace_close(&workplace);
    if (desk->options->json) {
        json = json_object_new_object();
        view_put(json, "tokens", list.tokens);
        view_put(json, "containers", list.containers);
        view_put(json, "problems", list.problems);
        list.page.written = result_print(json);
        json_object_put(json);
    } else if (list.page.titles == 0) {
        screen_say(desk->screen, _("No containers were found. Name a place: "
                                   "kep list FOLDER"));
    }
    return list.page.written == 0 ? outcome : OUTCOME_IO;
}
