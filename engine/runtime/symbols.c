#include "runtime/strings.h"

Value symbol_create(Context *cx, Value description, uint8_t flags) {
  Symbol *symbol = context_allocate(cx, CELL_SYMBOL, sizeof(Symbol));
  if (!symbol) return VALUE_ABRUPT;
  symbol->cell.flags = flags;
  symbol->hash = ++cx->symbol_counter * 2654435761u;
  symbol->hash ^= symbol->hash >> 15;
  symbol->description = description;
  return value_symbol(symbol);
}
