// Mutations of programs at the level of tokens, groups and statements: pieces of other programs take the place of
// pieces, values become hostile ones. What comes out parses more often than what mutations of bytes give, and goes
// further.
#ifndef CAISSON_PROGRAM_MUTATOR_H
#define CAISSON_PROGRAM_MUTATOR_H

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

// Of the host program before each input (program_fuzz.c): makers of values that change what is looked at.
// clang-format off
static const char *const hostile_values[] = {
    "$proxy", "$proxy()", "$proxy([1,2,3])", "$proxy(function(){})", "$revoked", "$getters", "$detached()", "$shrunk(8)",
    "$grown(8)", "$tracking()", "$species(Array)", "$species(Uint8Array)", "$species(RegExp)", "$species(Promise)", "$sparse()",
    "$value(1)", "$value('x')", "$value(-1)", "$value(2**53)", "$array()", "$shrinking()", "$thenable", "$iterable", "$throwing",
    "$rope", "$wide", "$slice", "$bigint", "$frozen", "$other.Array", "$other.eval", "$null", "$with", "$generator()", "$async()",
    "$regexp", "$date", "$weak", "$map", "$set", "$bound", "$arguments(1,2)", "$dictionary()", "$holes", "$namespace", "$symbol",
    "2**53-1", "2**32-1", "2**32", "2**31", "2**31-1", "-(2**31)", "2**30", "-0", "NaN", "Infinity", "-Infinity", "0.5", "1e308",
    "undefined", "null", "{}", "[]", "''", "0", "-1", "this", "globalThis", "arguments", "eval", "Symbol.iterator", "0n", "-1n",
    "(()=>{})", "(function*(){yield*$iterable})", "(async()=>{await $thenable})", "class extends $proxy(function(){}){}",
    "Object.prototype", "Array.prototype", "Function.prototype", "Promise.prototype", "RegExp.prototype", "Int8Array.prototype",
    "document_all()", "new.target", "super.x", "import.meta", "import('a')", "yield", "await 0",
};
// clang-format on
static const char *const hostile_statements[] = {
    "$gc();",
    "$mutate();",
    "$mutate(1);",
    "Array.prototype[1]=2;",
    "Object.prototype[0]=$value(1);",
    "$poison(Array.prototype);",
    "$poison(Object.prototype);",
    "$poison(RegExp.prototype);",
    "$poison(Promise.prototype);",
    "$churn(300);",
    "throw $thenable;",
    "for(const x of $iterable)$mutate();",
    "for(var x in $proxy)break;",
    "with($with){x}",
    "try{$deep()}catch{}",
    "await $thenable;",
    "using u=$getters;",
    "await using v=$getters;",
    "debugger;",
    "eval('var e=1');",
    "let [a,...b]=$iterable;",
    "({...$proxy});",
    "queueMicrotask($mutate);",
    "setTimeout($mutate);",
    "Promise.reject($throwing);",
    "label:for(;;){break label}",
    "$churn(3);",
    "Object.setPrototypeOf(Array.prototype,$proxy());",
    "delete Array.prototype[Symbol.iterator];",
    "globalThis.length=$getters;",
    "Array.prototype[Symbol.iterator]=function*(){yield $value(1)};",
    "Object.defineProperty($array(),'length',{writable:false});",
    "$262.detachArrayBuffer($buffer);",
    "$buffer.resize?.(3);",
    "JSON.stringify($getters,$proxy,3);",
    "structuredClone($getters);",
    "import('b').then($mutate,$mutate);",
    "Function($rope);",
    "new Function('a','return '+$rope);",
    "return $proxy;",
};
static const char *const wrappers[][2] = {
    {"$proxy(", ")"},
    {"$value(", ")"},
    {"[", "]"},
    {"{x:", "}"},
    {"()=>", ""},
    {"(", ")()"},
    {"new ", ""},
    {"typeof ", ""},
    {"[...", "]"},
    {"(", ")?.x"},
    {"(", ")[$value(0)]"},
    {"`${", "}`"},
    {"Object.freeze(", ")"},
    {"$species(", ")"},
    {"Reflect.construct(Object,[],", ")"},
    {"(async()=>", ")()"},
    {"structuredClone(", ")"},
    {"Array.from(", ")"},
    {"Object.create(", ")"},
    {"(", ").call($proxy)"},
    {"JSON.stringify(", ")"},
    {"String(", ")"},
    {"Promise.resolve(", ")"},
};
static const char *const methods[] = {
    "slice",         "splice",       "concat",      "sort",
    "toSorted",      "map",          "flatMap",     "flat",
    "fill",          "copyWithin",   "reverse",     "at",
    "with",          "set",          "subarray",    "indexOf",
    "lastIndexOf",   "includes",     "join",        "push",
    "unshift",       "pop",          "shift",       "reduceRight",
    "resize",        "transfer",     "replace",     "replaceAll",
    "matchAll",      "split",        "search",      "exec",
    "test",          "normalize",    "padEnd",      "repeat",
    "localeCompare", "isWellFormed", "then",        "finally",
    "catch",         "next",         "return",      "throw",
    "call",          "apply",        "bind",        "toString",
    "valueOf",       "toJSON",       "constructor", "prototype",
    "__proto__",     "length",       "name",        "caller",
    "lastIndex",     "flags",        "source",      "stack",
    "buffer",        "byteLength",   "union",       "intersection",
    "forEach",       "entries",      "getOrInsert", "getOrInsertComputed",
    "delete",        "clear",        "add",         "get",
};

enum { TOKENS_LIMIT = 4096, DONORS = 64, DONOR_SIZE = 4096 };

typedef struct Token {
  uint32_t start, end;
  uint32_t partner;  // of a bracket; its own number: not a bracket, or one without a partner
  char kind;  // 'a' word, '0' number, 's' string or template, '/' regular expression, else the punctuator's first unit
} Token;

typedef struct Tokens {
  Token list[TOKENS_LIMIT];
  uint32_t count;
} Tokens;

typedef struct Piece {
  const uint8_t *start;
  size_t size;
} Piece;

// Programs that were run, as donors.
static struct Donor {
  uint8_t text[DONOR_SIZE];
  size_t size;
} donors[DONORS];

static uint32_t random_state;
static uint32_t random_below(uint32_t limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 17;
  random_state ^= random_state << 5;
  return limit ? random_state % limit : 0;
}

static bool is_word(uint8_t unit) { return isalnum(unit) || unit == '_' || unit == '$' || unit == '#' || unit >= 0x80; }

static size_t skip_quoted(const uint8_t *text, size_t size, size_t at, uint8_t quote) {
  for (at++; at < size && text[at] != quote; at++) {
    if (text[at] == '\\') at++;
    else if (text[at] == '\n' && quote != '`') break;
  }
  return at + 1 < size ? at + 1 : size;
}

// Good enough for programs that parse; anything is taken.
static void tokenize(const uint8_t *text, size_t size, Tokens *tokens) {
  uint32_t open[256], depth = 0;
  tokens->count = 0;
  for (size_t at = 0; at < size && tokens->count < TOKENS_LIMIT;) {
    uint8_t unit = text[at];
    if (isspace(unit)) {
      at++;
      continue;
    }
    if (unit == '/' && at + 1 < size && (text[at + 1] == '/' || text[at + 1] == '*')) {
      bool is_line = text[at + 1] == '/';
      for (at += 2; at < size && (is_line ? text[at] != '\n' : !(text[at - 1] == '*' && text[at] == '/')); at++) {
      }
      if (at < size) at++;
      continue;
    }
    Token token = {.start = (uint32_t)at, .partner = tokens->count, .kind = (char)unit};
    const Token *before = tokens->count ? &tokens->list[tokens->count - 1] : NULL;
    if (isdigit(unit)) {
      while (at < size && (is_word(text[at]) || text[at] == '.')) at++;
      token.kind = '0';
    } else if (is_word(unit)) {
      while (at < size && is_word(text[at])) at++;
      token.kind = 'a';
    } else if (unit == '"' || unit == '\'' || unit == '`') {
      at = skip_quoted(text, size, at, unit);
      token.kind = 's';
    } else if (unit == '/' && (!before || strchr("=(,:;!&|?{}[+-*%<>~^", before->kind))) {
      at = skip_quoted(text, size, at, '/');
      while (at < size && isalpha(text[at])) at++;
      token.kind = '/';
    } else {
      at++;
      if (!strchr("(){}[];,", unit))
        while (at < size && strchr("=<>&|+-*?.!", text[at]) && text[at]) at++;
      if (strchr("([{", unit) && depth < 256) open[depth++] = tokens->count;
      if (strchr(")]}", unit) && depth > 0) {
        token.partner = open[--depth];
        tokens->list[token.partner].partner = tokens->count;
      }
    }
    token.end = (uint32_t)at;
    tokens->list[tokens->count++] = token;
  }
}

static bool starts_value(const Token *token) { return strchr("a0s/([{", token->kind) != NULL; }

// The tokens [*first, *last] of something like an operand at or after a random place: a word or literal with what is
// called or read of it, or a group.
static bool pick_value(const Tokens *tokens, uint32_t *first, uint32_t *last) {
  for (uint32_t tries = 0; tries < 20 && tokens->count; tries++) {
    uint32_t at = random_below(tokens->count);
    if (!starts_value(&tokens->list[at])) continue;
    *first = at;
    *last = tokens->list[at].partner >= at ? tokens->list[at].partner : at;
    while (random_below(3) && *last + 1 < tokens->count) {
      const Token *next = &tokens->list[*last + 1];
      if ((next->kind == '(' || next->kind == '[') && next->partner > *last) *last = next->partner;
      else if (next->kind == '.' && *last + 2 < tokens->count) *last += 2;
      else break;
    }
    return true;
  }
  return false;
}

static bool ends_statement(const Token *token) { return strchr(";{}", token->kind) != NULL; }

static bool pick_statement(const Tokens *tokens, uint32_t *first, uint32_t *last) {
  if (!tokens->count) return false;
  uint32_t at = random_below(tokens->count);
  while (at > 0 && !ends_statement(&tokens->list[at - 1])) at--;
  *first = at;
  for (uint32_t i = at; i < tokens->count; i++) {
    const Token *token = &tokens->list[i];
    *last = i;
    if (token->kind == ';') return true;
    if (strchr("([{", token->kind) && token->partner > i) {
      i = *last = token->partner;
      if (token->kind == '{') return true;
    }
  }
  return true;
}

static Piece piece_of(const uint8_t *text, const Tokens *tokens, uint32_t first, uint32_t last) {
  return (Piece){text + tokens->list[first].start, tokens->list[last].end - tokens->list[first].start};
}
static Piece piece_of_text(const char *text) { return (Piece){(const uint8_t *)text, strlen(text)}; }

// Replaces text[start, end) by the pieces. Returns the new size; the old one when there is no room.
static size_t splice(uint8_t *text, size_t size, size_t max_size, size_t start, size_t end, const Piece *pieces,
                     size_t count) {
  size_t added = 0;
  for (size_t i = 0; i < count; i++) added += pieces[i].size;
  if (size - (end - start) + added > max_size) return size;
  uint8_t *copy = malloc(added + 1);
  if (!copy) return size;
  size_t at = 0;
  for (size_t i = 0; i < count; i++) {
    memcpy(copy + at, pieces[i].start, pieces[i].size);
    at += pieces[i].size;
  }
  memmove(text + start + added, text + end, size - end);
  memcpy(text + start, copy, added);
  free(copy);
  return size - (end - start) + added;
}

#define PICK(table) piece_of_text((table)[random_below(sizeof(table) / sizeof *(table))])

static size_t mutate_once(uint8_t *text, size_t size, size_t max_size, const uint8_t *donor, size_t donor_size) {
  static Tokens tokens, others;
  tokenize(text, size, &tokens);
  tokenize(donor, donor_size, &others);
  uint32_t first, last, from, to;
  bool of_donor = random_below(2);
  const uint8_t *other_text = of_donor ? donor : text;
  const Tokens *other = of_donor ? &others : &tokens;
  switch (random_below(10)) {
    case 0:
    case 1: {  // a hostile value
      if (!pick_value(&tokens, &first, &last)) break;
      Piece value = PICK(hostile_values);
      return splice(text, size, max_size, tokens.list[first].start, tokens.list[last].end, &value, 1);
    }
    case 2: {  // a value of a program
      if (!pick_value(&tokens, &first, &last) || !pick_value(other, &from, &to)) break;
      Piece value = piece_of(other_text, other, from, to);
      return splice(text, size, max_size, tokens.list[first].start, tokens.list[last].end, &value, 1);
    }
    case 3: {  // a value becomes part of another
      if (!pick_value(&tokens, &first, &last)) break;
      uint32_t wrapper = random_below(sizeof wrappers / sizeof *wrappers);
      Piece pieces[] = {piece_of_text(wrappers[wrapper][0]), piece_of(text, &tokens, first, last),
                        piece_of_text(wrappers[wrapper][1])};
      return splice(text, size, max_size, tokens.list[first].start, tokens.list[last].end, pieces, 3);
    }
    case 4: {  // another method
      if (!pick_value(&tokens, &first, &last)) break;
      Piece pieces[] = {piece_of_text("."), PICK(methods),        piece_of_text("("), PICK(hostile_values),
                        piece_of_text(","), PICK(hostile_values), piece_of_text(")")};
      bool is_call = random_below(3) > 0;
      return splice(text, size, max_size, tokens.list[last].end, tokens.list[last].end, pieces, is_call ? 7 : 2);
    }
    case 5:
    case 6: {  // a statement of a program, in place of one or before it
      if (!pick_statement(&tokens, &first, &last) || !pick_statement(other, &from, &to)) break;
      Piece pieces[] = {piece_of(other_text, other, from, to), piece_of_text("\n")};
      size_t start = tokens.list[first].start;
      return splice(text, size, max_size, start, random_below(2) ? tokens.list[last].end : start, pieces, 2);
    }
    case 7: {  // a hostile statement
      if (!pick_statement(&tokens, &first, &last)) break;
      Piece pieces[] = {PICK(hostile_statements), piece_of_text("\n")};
      size_t start = tokens.list[first].start;
      return splice(text, size, max_size, start, start, pieces, 2);
    }
    case 8: {  // one less
      if (!(random_below(2) ? pick_statement(&tokens, &first, &last) : pick_value(&tokens, &first, &last))) break;
      return splice(text, size, max_size, tokens.list[first].start, tokens.list[last].end, NULL, 0);
    }
    default: {  // one word for another
      for (uint32_t tries = 0; tries < 20 && tokens.count && other->count; tries++) {
        first = random_below(tokens.count);
        from = random_below(other->count);
        if (tokens.list[first].kind != other->list[from].kind || !strchr("a0s/", tokens.list[first].kind)) continue;
        Piece word = piece_of(other_text, other, from, from);
        return splice(text, size, max_size, tokens.list[first].start, tokens.list[first].end, &word, 1);
      }
    }
  }
  return size;
}

static void remember_donor(const uint8_t *data, size_t size) {
  static uint32_t next;
  struct Donor *donor = &donors[next++ % DONORS];
  if (size > DONOR_SIZE) return;
  memcpy(donor->text, data, size);
  donor->size = size;
}

static size_t mutate_program(uint8_t *data, size_t size, size_t max_size, const uint8_t *donor, size_t donor_size,
                             uint32_t seed) {
  random_state = seed * 2654435761u | 1;
  for (uint32_t times = 1 + random_below(4); times > 0; times--)
    size = mutate_once(data, size, max_size, donor, donor_size);
  return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  if (size == 0 || seed % 8 == 0) return LLVMFuzzerMutate(data, size, max_size);
  const struct Donor *donor = &donors[seed / 8 % DONORS];
  return mutate_program(data, size, max_size, donor->text, donor->size, seed);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data, size_t size, const uint8_t *other, size_t other_size,
                                 uint8_t *out, size_t max_size, unsigned seed) {
  if (size > max_size) return 0;
  memcpy(out, data, size);
  return mutate_program(out, size, max_size, other, other_size, seed);
}

#endif
