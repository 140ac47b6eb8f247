#include "tests/pkcs11/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 32 };

static char text[SETTING_ROOM];
static struct setting lines[LINES];
static size_t count;

static void split(char *line)
{
    struct setting *setting = &lines[count];
    char *rest = NULL;

    setting->words = 0;
    for (char *word = strtok_r(line, " ", &rest);
         word != NULL && setting->words < SETTING_WORDS;
         word = strtok_r(NULL, " ", &rest))
        setting->word[setting->words++] = word;
    if (setting->words > 0 && count + 1 < LINES)
        count++;
}

void settings_read(void)
{
    const char *folder = getenv("KEP_TEST_PKCS11");
    char path[4096], *rest = NULL;
    size_t size;
    FILE *file;

    count = 0;
    snprintf(path, sizeof path, "%s/settings", folder != NULL ? folder : "");
    file = fopen(path, "re");
    if (file == NULL)
        return;
    size = fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    fclose(file);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        split(line);
}

const struct setting *settings_find(const char *first, const char *second)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(lines[i].word[0], first) == 0 &&
            (second == NULL ||
             (lines[i].words > 1 && strcmp(lines[i].word[1], second) == 0)))
            return &lines[i];
    return NULL;
}

bool settings_has(const char *word)
{
    return settings_find(word, NULL) != NULL;
}

const char *settings_text(const char *word, const char *otherwise)
{
    const struct setting *setting = settings_find(word, NULL);

    if (setting == NULL)
        return otherwise;
    return setting->words > 1 ? setting->word[1] : "";
}

unsigned long settings_number(const struct setting *setting, size_t word,
                              unsigned long otherwise)
{
    return setting != NULL && word < setting->words
               ? strtoul(setting->word[word], NULL, 0)
               : otherwise;
}
