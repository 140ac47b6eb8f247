#include "client/view/medium_view.h"

#include "client/program/words.h"
#include "client/text.h"
#include "client/view/view_put.h"

#include <stdio.h>

enum { KIB = 1024 };

const char *medium_view_name(const struct medium_info *info)
{
    static _Thread_local char name[2048];

    snprintf(name, sizeof(name), info->label[0] == '\0' ? "%s %s" : "%s %s, %s",
             text_clean(info->model).text, text_clean(info->serial).text,
             text_clean(info->label).text);
    return name;
}

/* "Rutoken ECP, version 30.02" */
static void print_model(struct page *page, const struct medium_info *info)
{
    char value[3 * MEDIUM_LABEL_MAX];

    if (info->firmware[0] == '\0')
        snprintf(value, sizeof(value), "%s", info->model);
    else
        snprintf(value, sizeof(value), _("%s, version %s"), info->model,
                 info->firmware);
    page_foreign(page, _("Token"), value);
}

static void print_memory(struct page *page, const struct medium_info *info)
{
    char value[128];

    if (info->memory_free == 0 && info->memory == 0)
        return;
    if (info->memory_free == 0)
        snprintf(value, sizeof(value), _("%lu KB"),
                 (unsigned long)(info->memory / KIB));
    else if (info->memory == 0)
        snprintf(value, sizeof(value), _("%lu KB free"),
                 (unsigned long)(info->memory_free / KIB));
    else
        snprintf(value, sizeof(value), _("%lu of %lu KB free"),
                 (unsigned long)(info->memory_free / KIB),
                 (unsigned long)(info->memory / KIB));
    page_line(page, _("Memory"), value);
}

void medium_view_tries(const struct medium_info *info, char *value, size_t room)
{
    if (info->pin_blocked)
        snprintf(value, room, "%s",
                 _("locked; the administrator can unlock it"));
    else if (info->pin_last)
        snprintf(value, room, "%s", _("only one try is left"));
    else if (info->pin_tries > 0)
        snprintf(value, room,
                 ngettext("%d try left", "%d tries left",
                          (unsigned long)info->pin_tries),
                 info->pin_tries);
    else
        snprintf(value, room, "%s",
                 info->pin_low ? _("a wrong one was entered before")
                               : _("all tries are left"));
}

static void print_pin(struct page *page, const struct medium_info *info)
{
    char tries[256], where[512], value[1024];

    if (!info->has_pin)
        return;
    medium_view_tries(info, tries, sizeof(tries));
    if (info->pin_factory)
        snprintf(
            value, sizeof(value),
            _("%s; it is still that of all new tokens: change it with "
              "kep pin '%s'"),
            tries,
            words_quote(where, sizeof(where), text_clean(info->location).text));
    page_line(page, _("PIN"), info->pin_factory ? value : tries);
}

void medium_view_print(struct page *page, const struct medium_info *info)
{
    page_title(page, text_clean(info->location).text);
    print_model(page, info);
    page_foreign(page, _("Label"), info->label);
    page_foreign(page, _("Number"), info->serial);
    page_foreign(page, _("Reader"), info->reader);
    print_memory(page, info);
    page_line(page, _("Keys inside"),
              info->makes_keys ? _("can be made") : _("cannot be made"));
    print_pin(page, info);
}

static struct json_object *number_or_null(uint64_t number)
{
    return number == 0 ? NULL : json_object_new_int64((int64_t)number);
}

static struct json_object *pin_json(const struct medium_info *info)
{
    struct json_object *object;

    if (!info->has_pin)
        return NULL;
    object = json_object_new_object();
    view_put_flag(object, "blocked", info->pin_blocked);
    view_put_flag(object, "lastTry", info->pin_last);
    view_put_flag(object, "triesLow", info->pin_low);
    view_put(object, "triesLeft",
             info->pin_tries < 0 ? NULL : json_object_new_int(info->pin_tries));
    view_put_flag(object, "factory", info->pin_factory);
    return object;
}

struct json_object *medium_view_json(const struct medium_info *info)
{
    struct json_object *object = json_object_new_object();

    view_put_text(object, "location", info->location);
    view_put_text(object, "model", info->model);
    view_put_text(object, "firmware", info->firmware);
    view_put_text(object, "label", info->label);
    view_put_text(object, "serial", info->serial);
    view_put_text(object, "reader", info->reader);
    view_put(object, "memory", number_or_null(info->memory));
    view_put(object, "memoryFree", number_or_null(info->memory_free));
    view_put_flag(object, "makesKeys", info->makes_keys);
    view_put(object, "pin", pin_json(info));
    return object;
}
