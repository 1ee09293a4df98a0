// Names known to C: interned strings and the well-known symbols.
#ifndef CAISSON_NAMES_H
#define CAISSON_NAMES_H

#include "runtime/context.h"

// https://tc39.es/ecma262/#sec-well-known-symbols
#define WELL_KNOWN_SYMBOLS(SYMBOL)      \
  SYMBOL(asyncDispose)                  \
  SYMBOL(asyncIterator)                 \
  SYMBOL(dispose)                       \
  SYMBOL(hasInstance)                   \
  SYMBOL(isConcatSpreadable)            \
  SYMBOL(iterator)                      \
  SYMBOL(match)                         \
  SYMBOL(matchAll)                      \
  SYMBOL(replace)                       \
  SYMBOL(search)                        \
  SYMBOL(species)                       \
  SYMBOL(split)                         \
  SYMBOL(toPrimitive)                   \
  SYMBOL(toStringTag)                   \
  SYMBOL(unscopables)

struct Names {
#define NAME(identifier, text) Value identifier;
#include "runtime/names.def"
#undef NAME
#define SYMBOL(identifier) Value symbol_##identifier;
  WELL_KNOWN_SYMBOLS(SYMBOL)
#undef SYMBOL
  Value private_stack;  // the private name under which objects other than errors keep a captured stack
};
MUST_CHECK bool names_create(Context *cx);

#endif
