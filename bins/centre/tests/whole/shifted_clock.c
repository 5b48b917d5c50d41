/* Sets the machine's clock for one process: by as many seconds as the file says that CLOCK_SHIFT names. Loaded before the C library. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t id, struct timespec *at) {
    static int (*machine)(clockid_t, struct timespec *);
    if (machine == NULL) {
        machine = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    }
    int result = machine(id, at);
    const char *name = getenv("CLOCK_SHIFT");
    FILE *file = id == CLOCK_REALTIME && name != NULL ? fopen(name, "r") : NULL;
    long shift = 0;
    if (file != NULL) {
        if (fscanf(file, "%ld", &shift) == 1) {
            at->tv_sec += shift;
        }
        fclose(file);
    }
    return result;
}
