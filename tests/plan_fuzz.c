/* Plans of a batch: whatever is in the file, each value that is taken is text
 * and each complaint has its place. */
#include "client/batch/plan.h"

#include "keygen/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_line(const char *text)
{
    require(text[0] != '\0' && utf8_is_line(text, strlen(text), SIZE_MAX));
}

static void require_rows(const struct plan *plan, enum outcome outcome)
{
    require(plan->rows <= PLAN_ROWS_MAX);
    for (size_t i = 0; i < plan->rows; i++)
        for (enum plan_word word = 0; word < PLAN_WORDS; word++) {
            const char *value = plan_get(plan, i, word);

            require(value != NULL || outcome != OUTCOME_DONE ||
                    word > PLAN_PHONE);
            if (value != NULL)
                require_line(value);
        }
}

static void require_complaints(const struct plan *plan)
{
    for (size_t i = 0; i < plan->complaints && i < PLAN_COMPLAINTS_MAX; i++) {
        require(plan->complaint[i].sentence[0] != '\0');
        require((plan->complaint[i].line == 0) ==
                (plan->complaint[i].column == 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct plan_defaults nothing;
    struct plan *plan = NULL;
    enum outcome outcome;
    int fd = memfd_create("plan", MFD_CLOEXEC);
    char path[64];

    require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    outcome = plan_read(path, &nothing, &plan);
    require(outcome == OUTCOME_DONE || outcome == OUTCOME_PLAN_WRONG);
    require((outcome == OUTCOME_DONE) == (plan->complaints == 0));
    require_rows(plan, outcome);
    require_complaints(plan);
    plan_free(&plan);
    require(plan == NULL);
    close(fd);
    return 0;
}
