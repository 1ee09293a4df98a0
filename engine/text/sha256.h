// SHA-256, for what is named by its contents.
#ifndef CAISSON_SHA256_H
#define CAISSON_SHA256_H

#include "base/fuel.h"

enum { SHA256_SIZE = 32 };
// False: interrupted.
MUST_CHECK bool sha256(const uint8_t *bytes, size_t size, uint8_t digest[SHA256_SIZE], Fuel *fuel);

#endif
