#include <stdio.h>

int main(void)
{
    return printf("kep %s\n", VERSION) < 0 ? 1 : 0;
}
