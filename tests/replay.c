/* The main of a fuzzer without libFuzzer: it is given each file that is
 * named, and each in a folder that is named, once, as a test (TAP). */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PATH_SIZE = 4096, INPUT_MAX = 1 << 20 };

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = calloc(1, INPUT_MAX);
    int ok = -1;

    if (file == NULL || data == NULL)
        goto out;
    (void)LLVMFuzzerTestOneInput(data, fread(data, 1, INPUT_MAX, file));
    ok = ferror(file) ? -1 : 0;
out:
    free(data);
    if (file != NULL)
        fclose(file);
    return ok;
}

static int replay_folder(const char *path, unsigned *count)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    int ok = folder == NULL ? -1 : 0;

    while (ok == 0 && (entry = readdir(folder)) != NULL) {
        char name[PATH_SIZE];

        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        ok = replay_file(name);
        ++*count;
    }
    if (folder != NULL)
        closedir(folder);
    return ok;
}

int main(int argc, char **argv)
{
    unsigned count = 0;
    int failed = 0;

    printf("1..%d\n", argc - 1);
    for (int i = 1; i < argc; i++) {
        struct stat status;
        int ok = stat(argv[i], &status);

        if (ok == 0 && S_ISDIR(status.st_mode))
            ok = replay_folder(argv[i], &count);
        else if (ok == 0)
            ok = replay_file(argv[i]);
        printf("%s %d - %s\n", ok == 0 ? "ok" : "not ok", i, argv[i]);
        failed |= ok != 0;
    }
    return failed;
}
