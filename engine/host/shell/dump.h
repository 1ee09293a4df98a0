// --dump=STAGE of the command line.
#ifndef CAISSON_DUMP_H
#define CAISSON_DUMP_H

#include <stdio.h>

#include "host/runtime/caisson.h"

// Writes the text of a stage; false when there is no such stage or the source does not compile.
bool caisson_dump(CaissonRuntime *runtime, const char *stage, const char *source, size_t size, const char *name,
                  FILE *stream);

#endif
