#include "token/report.h"

#include <stdlib.h>

void report_free(struct container_report **report)
{
    if (*report == NULL)
        return;
    for (size_t i = 0; i < CONTAINER_KEYS; i++)
        container_info_free(&(*report)->key[i].info);
    chain_free(&(*report)->chain);
    free(*report);
    *report = NULL;
}
