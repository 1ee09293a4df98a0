#include "runtime/names.h"

#include "runtime/strings.h"

typedef struct NameText {
  uint16_t index;  // in Names, as Values
  uint16_t length;
  const char *text;
} NameText;
static const NameText name_texts[] = {
#define NAME(identifier, text) {offsetof(Names, identifier) / sizeof(Value), sizeof text - 1, text},
#include "runtime/names.def"
#undef NAME
};
static const NameText symbol_texts[] = {
#define SYMBOL(identifier) {offsetof(Names, symbol_##identifier) / sizeof(Value), sizeof "Symbol." #identifier - 1, "Symbol." #identifier},
    WELL_KNOWN_SYMBOLS(SYMBOL)
#undef SYMBOL
};

bool names_create(Context *cx) {
  Value *names = memory_allocate_zeroed(&cx->memory, sizeof(Names));
  if (!names) return false;
  cx->names = (Names *)names;
  for (size_t i = 0; i < COUNT_OF(name_texts); i++) {
    Value atom = atom_from_name(cx, name_texts[i].text, name_texts[i].length);
    if (value_is_abrupt(atom)) return false;
    names[name_texts[i].index] = atom;
  }
  for (size_t i = 0; i < COUNT_OF(symbol_texts); i++) {
    Value description = atom_from_name(cx, symbol_texts[i].text, symbol_texts[i].length);
    if (value_is_abrupt(description)) return false;
    names[symbol_texts[i].index] = description;  // rooted while the symbol is made
    Value symbol = symbol_create(cx, description, SYMBOL_WELL_KNOWN);
    if (value_is_abrupt(symbol)) return false;
    names[symbol_texts[i].index] = symbol;
  }
  cx->names->private_stack = symbol_create(cx, cx->names->stack, SYMBOL_PRIVATE);
  return !value_is_abrupt(cx->names->private_stack);
}
