#include "api/sandbox/http/record.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool record_open(struct record *record, const char *path)
{
    record->fd = -1;
    if (pthread_mutex_init(&record->lock, NULL) != 0)
        return false;
    if (!path)
        return true;
    record->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return record->fd >= 0;
}

void record_close(struct record *record)
{
    if (record->fd >= 0)
        close(record->fd);
    record->fd = -1;
    pthread_mutex_destroy(&record->lock);
}

void record_add(struct record *record, struct json_object *exchange)
{
    const char *line = json_object_to_json_string_ext(
        exchange, JSON_C_TO_STRING_NOSLASHESCAPE);

    if (record->fd < 0 || !line)
        return;
    pthread_mutex_lock(&record->lock);
    if (dprintf(record->fd, "%s\n", line) != (int)strlen(line) + 1)
        perror("kep-sandbox: --log");
    pthread_mutex_unlock(&record->lock);
}
