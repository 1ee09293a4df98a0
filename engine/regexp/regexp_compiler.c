// Trees to programs.
//
// Every node is emitted knowing what follows it, so that a choice whose two ways start with different units needs
// no backtracking. Inside a lookbehind text is matched from right to left: parts of a sequence are emitted in reverse
// order, and a character is matched by stepping back, matching forward and stepping back again.
//
// Nesting costs no C stack: a part that is DEFER_DEPTH deep is emitted after the rest. At its place stands a jump to
// it, and behind it a jump back. It is emitted without knowing what follows.
// Loops here are bounded: each round emits or looks at a part of the tree, which paid when it was parsed and pays when
// it is emitted (emit_node).
#include "regexp/first_set.h"
#include "regexp/regexp_program.h"

typedef struct StoredSet StoredSet;
struct StoredSet {
  StoredSet *next;
  uint32_t hash, offset, words;
};

enum { DEFER_DEPTH = 200 };

typedef struct Deferred Deferred;
struct Deferred {
  Deferred *next;
  const PatternNode *node;
  bool behind;
  uint32_t jump;
};

typedef struct Emitter {
  Arena *arena;
  Fuel *fuel;
  Buffer code, sets;
  StoredSet *stored;
  bool unicode, has_references;
  uint32_t register_count, depth;
  Deferred *deferred;
  RegExpResult result;
} Emitter;

static const Follow unknown_follow = {.unknown = true};
static const Follow end_follow = {.end = true};

static void emit_node(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind);

// ---- Words

static uint32_t here(const Emitter *emitter) { return (uint32_t)(emitter->code.size / 4); }

static void emit_word(Emitter *emitter, uint32_t word) { buffer_append(&emitter->code, &word, sizeof word); }

static uint32_t emit(Emitter *emitter, RegExpOpcode opcode, uint32_t operand) {
  uint32_t at = here(emitter);
  emit_word(emitter, opcode | operand << 8);
  return at;
}

// Makes the instruction at `at` go to the present place.
static void patch_operand(Emitter *emitter, uint32_t at) {
  if (emitter->code.failed) return;
  uint32_t *word = (uint32_t *)(emitter->code.data + at * 4);
  *word = (*word & 0xFF) | here(emitter) << 8;
}

static void patch_word(Emitter *emitter, uint32_t at, uint32_t value) {
  if (!emitter->code.failed) ((uint32_t *)emitter->code.data)[at] = value;
}

static uint32_t new_registers(Emitter *emitter, uint32_t count) {
  uint32_t first = emitter->register_count;
  emitter->register_count += count;
  return first;
}

// ---- Sets

static uint32_t store_set_words(Emitter *emitter, const uint32_t *words, uint32_t count) {
  uint32_t hash = count;
  for (uint32_t i = 0; i < count; i++) hash = (hash ^ words[i]) * 0x9E3779B1u;
  memory_spend(emitter->code.memory, count / 16);
  uint32_t steps = 0;
  for (StoredSet *stored = emitter->stored; stored; stored = stored->next) {
    if (!fuel_step(emitter->fuel, &steps)) break;
    bool same = stored->hash == hash && stored->words == count && !emitter->sets.failed &&
                memcmp(emitter->sets.data + stored->offset * 4, words, count * 4) == 0;
    if (same) return stored->offset;
  }
  uint32_t offset = (uint32_t)(emitter->sets.size / 4);
  buffer_append(&emitter->sets, words, count * 4);
  StoredSet *stored = arena_new(emitter->arena, StoredSet);
  if (stored) {
    *stored = (StoredSet){.next = emitter->stored, .hash = hash, .offset = offset, .words = count};
    emitter->stored = stored;
  }
  return offset;
}

static uint32_t store_set(Emitter *emitter, const CharSet *set) {
  uint32_t *words = arena_new_array(emitter->arena, uint32_t, SET_BITS_WORDS + 2 + set->count);
  if (!words) {
    emitter->result = REGEXP_OUT_OF_MEMORY;
    return 0;
  }
  uint32_t limit = emitter->unicode ? CODE_POINT_END : 0x10000, count = 0;
  uint32_t *toggles = words + SET_WIDE_WORD + 1;
  for (uint32_t i = 0; i < set->count; i += 2) {
    uint32_t c = set->toggles[i], end = set->toggles[i + 1];
    for (; c < end && c < 256; c++) words[c >> 5] |= 1u << (c & 31);
    if (c >= end || c >= limit) continue;
    toggles[count++] = c;
    if (end < limit) toggles[count++] = end;
  }
  words[SET_WIDE_WORD] = count == 1 && toggles[0] == 256 ? SET_ALL_WIDE : count;
  return store_set_words(emitter, words, SET_WIDE_WORD + 1 + (words[SET_WIDE_WORD] == SET_ALL_WIDE ? 0 : count));
}

static uint32_t store_first_set(Emitter *emitter, const FirstSet *set) {
  uint32_t words[SET_WIDE_WORD + 1];
  memcpy(words, set->bits, sizeof set->bits);
  words[SET_WIDE_WORD] = set->wide ? SET_ALL_WIDE : 0;
  return store_set_words(emitter, words, COUNT_OF(words));
}

// No member is a surrogate or beyond the first plane: in Unicode mode too, one unit decides.
static bool set_is_of_units(const Emitter *emitter, const CharSet *set) {
  if (!emitter->unicode) return true;
  for (uint32_t i = 0; i < set->count; i += 2) {
    if (set->toggles[i] < 0xE000 && set->toggles[i + 1] > 0xD800) return false;
  }
  return set->count == 0 || set->toggles[set->count - 1] <= 0x10000;
}

// All surrogates and all beyond the first plane are members.
static bool set_has_all_pairs(const CharSet *set) {
  bool beyond = false, surrogates = false;
  for (uint32_t i = 0; i < set->count; i += 2) {
    uint32_t first = set->toggles[i], end = set->toggles[i + 1];
    beyond |= first <= 0x10000 && end >= CODE_POINT_END;
    surrogates |= first <= 0xD800 && end >= 0xE000;
  }
  return beyond && surrogates;
}

static bool set_is_all(const CharSet *set) {
  return set->count == 2 && set->toggles[0] == 0 && set->toggles[1] >= 0x10000;
}

static bool set_is_dot(const CharSet *set) {
  static const uint32_t dot[] = {0, 10, 11, 13, 14, 0x2028, 0x202A};
  return set->count == 8 && memcmp(set->toggles, dot, sizeof dot) == 0 && set->toggles[7] >= 0x10000;
}

static bool is_surrogate(uint32_t c) { return c >= 0xD800 && c < 0xE000; }

// ---- Characters

static void emit_set_test(Emitter *emitter, const CharSet *set) {
  bool is_letter_pair = set->count == 4 && set->toggles[0] - 'A' < 26 && set->toggles[1] == set->toggles[0] + 1 &&
                        set->toggles[2] == set->toggles[0] + 32 && set->toggles[3] == set->toggles[2] + 1;
  if (set->count == 0) {
    emit(emitter, REGEXP_FAIL_OP, 0);
  } else if (is_letter_pair) {
    emit(emitter, REGEXP_CHAR_IGNORE_CASE_OP, set->toggles[2]);
  } else if (!set_is_of_units(emitter, set)) {
    emit(emitter, REGEXP_CLASS_POINT_OP, store_set(emitter, set));
  } else if (set_is_all(set)) {
    emit(emitter, REGEXP_ALL_OP, 0);
  } else if (set_is_dot(set)) {
    emit(emitter, REGEXP_ANY_OP, 0);
  } else {
    emit(emitter, REGEXP_CLASS_OP, store_set(emitter, set));
  }
}

static void emit_set(Emitter *emitter, const CharSet *set, bool behind) {
  if (!behind) {
    emit_set_test(emitter, set);
    return;
  }
  bool units = set_is_of_units(emitter, set);
  RegExpOpcode back = units ? REGEXP_RETREAT_OP : REGEXP_RETREAT_POINT_OP;
  emit(emitter, back, units);
  emit_set_test(emitter, set);
  emit(emitter, back, units);
}

static bool is_plain_char(const Emitter *emitter, const PatternNode *node) {
  return node->kind == NODE_CHAR && !(emitter->unicode && is_surrogate(node->character));
}

// A run of characters starting at `node`, up to but not `end`.
static void emit_literal(Emitter *emitter, const PatternNode *node, const PatternNode *end, bool behind) {
  uint32_t length = 0, position = 0, pair = 0;
  for (const PatternNode *n = node; n != end; n = n->next) length += n->character > 0xFFFF ? 2 : 1;
  memory_spend(emitter->code.memory, length / 8);
  if (behind) emit(emitter, REGEXP_RETREAT_OP, length);
  if (length == 1) {
    emit(emitter, REGEXP_CHAR_OP, node->character);
  } else {
    emit(emitter, REGEXP_LITERAL_OP, length);
    for (const PatternNode *n = node; n != end; n = n->next) {
      uint32_t units[2] = {n->character, 0}, count = 1;
      if (n->character > 0xFFFF) {
        units[0] = 0xD7C0 + (n->character >> 10);
        units[1] = 0xDC00 | (n->character & 0x3FF);
        count = 2;
      }
      for (uint32_t i = 0; i < count; i++) {
        pair |= units[i] << (position++ & 1 ? 16 : 0);
        if (position & 1 && position < length) continue;
        emit_word(emitter, pair);
        pair = 0;
      }
    }
  }
  if (behind) emit(emitter, REGEXP_RETREAT_OP, length);
}

static void emit_char(Emitter *emitter, const PatternNode *node, bool behind) {
  if (is_plain_char(emitter, node)) {
    emit_literal(emitter, node, node->next, behind);
    return;
  }
  uint32_t toggles[2] = {node->character, node->character + 1};
  CharSet set = {.toggles = toggles, .count = 2, .capacity = 2};
  emit_set(emitter, &set, behind);
}

// ---- Sequences and alternatives

static void emit_sequence_behind(Emitter *emitter, const PatternNode *node) {
  uint32_t count = 0;
  for (const PatternNode *child = node->first; child; child = child->next) count++;
  const PatternNode **children = arena_new_array(emitter->arena, const PatternNode *, count);
  if (!children) {
    emitter->result = REGEXP_OUT_OF_MEMORY;
    return;
  }
  uint32_t i = 0;
  for (const PatternNode *child = node->first; child; child = child->next) children[i++] = child;
  while (i > 0) {
    uint32_t first = i - 1;
    if (is_plain_char(emitter, children[first])) {
      while (first > 0 && i - first < 1000 && is_plain_char(emitter, children[first - 1])) first--;
      emit_literal(emitter, children[first], children[i - 1]->next, true);
    } else {
      emit_node(emitter, children[first], &unknown_follow, true);
    }
    i = first;
  }
}

// Forward, from one of its parts on.
static void emit_parts(Emitter *emitter, const PatternNode *child, const Follow *follow) {
  while (child) {
    if (is_plain_char(emitter, child)) {
      const PatternNode *end = child->next;
      while (end && is_plain_char(emitter, end)) end = end->next;
      emit_literal(emitter, child, end, false);
      child = end;
      continue;
    }
    Follow after = {.outer = follow, .rest = child->next};
    emit_node(emitter, child, &after, false);
    child = child->next;
  }
}

static void emit_sequence(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind) {
  if (behind) {
    emit_sequence_behind(emitter, node);
  } else {
    emit_parts(emitter, node->first, follow);
  }
}

typedef struct Alternatives {
  uint32_t count;
  FirstSet *firsts;   // of each
  FirstSet *others;   // of all after it
  uint32_t *entries;  // where each begins: with its test, and behind it
  uint32_t *bodies;
  uint32_t *tests;  // the instruction of the test
  uint32_t *later;  // the next one that begins with a unit they share, or that shares one with such
} Alternatives;

enum { DISPATCH_LEAST = 5 };

static bool analyse_alternatives(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind,
                                 Alternatives *all) {
  *all = (Alternatives){0};
  for (const PatternNode *child = node->first; child; child = child->next) all->count++;
  // What each can begin with is looked at several times.
  memory_spend(emitter->code.memory, (size_t)all->count * 16);
  all->firsts = arena_new_array(emitter->arena, FirstSet, all->count);
  all->others = arena_new_array(emitter->arena, FirstSet, all->count);
  all->entries = arena_new_array(emitter->arena, uint32_t, all->count);
  all->bodies = arena_new_array(emitter->arena, uint32_t, all->count);
  all->tests = arena_new_array(emitter->arena, uint32_t, all->count);
  all->later = arena_new_array(emitter->arena, uint32_t, all->count);
  if (!all->firsts || !all->others || !all->entries || !all->bodies || !all->tests || !all->later) return false;
  uint32_t i = 0;
  for (const PatternNode *child = node->first; child; child = child->next, i++) {
    if (behind) {
      all->firsts[i].unknown = true;
    } else {
      all->firsts[i] = first_set_of(child, follow);
    }
  }
  for (i = all->count - 1; i-- > 0;) {
    all->others[i] = all->others[i + 1];
    first_set_unite(&all->others[i], &all->firsts[i + 1]);
  }
  return true;
}

static uint32_t emit_dispatch(Emitter *emitter) {
  uint32_t at = emit(emitter, REGEXP_DISPATCH_OP, 0);
  for (int i = 0; i < 129; i++) emit_word(emitter, 0);
  emit(emitter, REGEXP_FAIL_OP, 0);  // the last alternative of those that share a unit goes here
  return at;
}

enum { UNITS = 257 };  // all wide ones are the last

static uint32_t first_unit(const FirstSet *set) {
  for (uint32_t i = 0; i < 8; i++) {
    if (set->bits[i]) return i * 32 + (uint32_t)__builtin_ctz(set->bits[i]);
  }
  return set->wide ? 256 : UNITS;
}

// Puts all units of the set into one class: a class is a tree of parents.
static void join_units(const FirstSet *set, uint16_t parents[UNITS]) {
  uint32_t root = first_unit(set);
  if (root == UNITS) return;
  while (parents[root] != root) root = parents[root] = parents[parents[root]];
  for (uint32_t word = 0; word <= 8; word++) {
    for (uint32_t bits = word < 8 ? set->bits[word] : set->wide; bits; bits &= bits - 1) {
      uint32_t unit = word * 32 + (uint32_t)__builtin_ctz(bits);
      while (parents[unit] != unit) unit = parents[unit] = parents[parents[unit]];
      parents[unit] = (uint16_t)root;
    }
  }
}

// Alternatives are of one class when they share a unit that they begin with, or each shares one with a third. No unit
// begins alternatives of two classes.
static void find_later(Alternatives *all) {
  uint16_t parents[UNITS];
  uint32_t next_of[UNITS];
  for (uint32_t unit = 0; unit < UNITS; unit++) {
    parents[unit] = (uint16_t)unit;
    next_of[unit] = 0;
  }
  for (uint32_t i = 0; i < all->count; i++) join_units(&all->firsts[i], parents);
  for (uint32_t i = all->count; i-- > 0;) {
    uint32_t unit = first_unit(&all->firsts[i]);
    if (unit == UNITS) continue;
    while (parents[unit] != unit) unit = parents[unit];
    all->later[i] = next_of[unit];
    next_of[unit] = i;
  }
}

// Code that comes to an alternative through the table can skip the alternatives that its unit does not begin.
static void chain_tests(Emitter *emitter, uint32_t dispatch, Alternatives *all) {
  find_later(all);
  uint32_t *words = (uint32_t *)emitter->code.data, fail = dispatch + 130;
  for (uint32_t i = 0; i + 1 < all->count; i++) {
    uint32_t target = all->later[i] ? all->entries[all->later[i]] : fail;
    words[all->tests[i]] = (words[all->tests[i]] & 0xFF) | target << 8;
  }
}

static void fill_dispatch(Emitter *emitter, uint32_t at, Alternatives *all) {
  if (emitter->code.failed) return;
  if (here(emitter) - at > UINT16_MAX) {  // too far for the table: fall into the tests
    patch_word(emitter, at, REGEXP_JUMP_OP | all->entries[0] << 8);
    return;
  }
  chain_tests(emitter, at, all);
  uint32_t *words = (uint32_t *)emitter->code.data + at;
  for (uint32_t i = all->count; i-- > 0;) {
    bool alone = i + 1 == all->count || first_sets_are_disjoint(&all->firsts[i], &all->others[i]);
    uint32_t target = alone ? all->bodies[i] : all->entries[i];
    for (uint32_t unit = 0; unit < 256; unit++) {
      if (!(all->firsts[i].bits[unit >> 5] >> (unit & 31) & 1)) continue;
      uint32_t *word = &words[2 + unit / 2], shift = unit & 1 ? 16 : 0;
      *word = (*word & ~(0xFFFFu << shift)) | (target - at) << shift;
    }
    if (all->firsts[i].wide) words[1] = target - at;
  }
}

// Before an alternative that is not the last: where to go when it cannot match or fails.
static uint32_t emit_alternative_test(Emitter *emitter, const Alternatives *all, uint32_t i) {
  bool disjoint = first_sets_are_disjoint(&all->firsts[i], &all->others[i]);
  if (disjoint && first_set_is_end(&all->firsts[i])) return emit(emitter, REGEXP_BRANCH_END_OP, 0);
  if (first_set_is_everything(&all->firsts[i])) return emit(emitter, REGEXP_SPLIT_OP, 0);
  uint32_t at = emit(emitter, disjoint ? REGEXP_BRANCH_CLASS_OP : REGEXP_SPLIT_CLASS_OP, 0);
  emit_word(emitter, store_first_set(emitter, &all->firsts[i]));
  return at;
}

// Ends of alternatives: jumps to one place behind them, chained through their operands from the last one on.
static void patch_jumps(Emitter *emitter, uint32_t last_jump) {
  while (last_jump && !emitter->code.failed) {
    uint32_t previous = ((uint32_t *)emitter->code.data)[last_jump] >> 8;
    patch_operand(emitter, last_jump);
    last_jump = previous;
  }
}

static void emit_alternation(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind) {
  Alternatives all;
  if (!analyse_alternatives(emitter, node, follow, behind, &all)) {
    emitter->result = REGEXP_OUT_OF_MEMORY;
    return;
  }
  bool known = all.count >= DISPATCH_LEAST && !all.firsts[0].unknown && !all.others[0].unknown && !all.firsts[0].end &&
               !all.others[0].end;
  uint32_t dispatch = known ? emit_dispatch(emitter) : 0;
  uint32_t last_jump = 0, i = 0;  // the jumps to the end are chained through their operands
  for (const PatternNode *child = node->first; child; child = child->next, i++) {
    all.entries[i] = here(emitter);
    uint32_t test = child->next ? emit_alternative_test(emitter, &all, i) : 0;
    all.bodies[i] = here(emitter);
    all.tests[i] = test;
    emit_node(emitter, child, follow, behind);
    if (!child->next) break;
    last_jump = emit(emitter, REGEXP_JUMP_OP, last_jump);
    patch_operand(emitter, test);
  }
  if (known) fill_dispatch(emitter, dispatch, &all);
  patch_jumps(emitter, last_jump);
}

// ---- Switches

typedef struct SwitchCase {
  uint32_t character, branch;
} SwitchCase;

typedef struct SwitchCases {
  SwitchCase *cases;
  uint32_t count, branch_count;
} SwitchCases;

static void sift_case_down(SwitchCase *heap, uint32_t index, uint32_t count) {
  SwitchCase moved = heap[index];
  for (uint32_t child; (child = index * 2 + 1) < count; index = child) {
    if (child + 1 < count && heap[child + 1].character > heap[child].character) child++;
    if (heap[child].character <= moved.character) break;
    heap[index] = heap[child];
  }
  heap[index] = moved;
}

static void sort_cases(const SwitchCases *all) {
  SwitchCase *cases = all->cases;
  for (uint32_t i = all->count / 2; i-- > 0;) sift_case_down(cases, i, all->count);
  for (uint32_t end = all->count; end-- > 1;) {
    SwitchCase largest = cases[0];
    cases[0] = cases[end];
    cases[end] = largest;
    sift_case_down(cases, 0, end);
  }
}

// All characters that its branches begin with, in order.
static bool collect_cases(Emitter *emitter, const PatternNode *node, SwitchCases *all) {
  uint32_t members[HEAD_LARGEST];
  *all = (SwitchCases){0};
  for (const PatternNode *child = node->first; child; child = child->next) {
    all->count += pattern_head_members(child, members);
    all->branch_count++;
  }
  // Sorting takes a few steps for each of them.
  if (!fuel_charge(emitter->fuel, (int32_t)MIN_OF(all->count, 1u << 20) * 4)) {
    emitter->result = REGEXP_INTERRUPTED;
    return false;
  }
  all->cases = arena_new_array(emitter->arena, SwitchCase, all->count);
  if (!all->cases) {
    emitter->result = REGEXP_OUT_OF_MEMORY;
    return false;
  }
  uint32_t at = 0, branch = 0;
  for (const PatternNode *child = node->first; child; child = child->next, branch++) {
    uint32_t count = pattern_head_members(child, members);
    for (uint32_t i = 0; i < count; i++) all->cases[at++] = (SwitchCase){members[i], branch};
  }
  sort_cases(all);
  return true;
}

// The instruction, whose targets are patched by fill_switch.
static uint32_t emit_switch_table(Emitter *emitter, const SwitchCases *all) {
  uint32_t first = all->cases[0].character, last = all->cases[all->count - 1].character, at;
  bool points = emitter->unicode && last >= 0xD800 && (last > 0xFFFF || first < 0xE000);
  if (!points && last - first < 16 + 4 * all->count) {
    at = emit(emitter, REGEXP_SWITCH_OP, first);
    emit_word(emitter, last - first + 1);
    for (uint32_t i = first; i <= last; i++) emit_word(emitter, 0);
    return at;
  }
  at = emit(emitter, points ? REGEXP_SWITCH_POINT_OP : REGEXP_SWITCH_SORTED_OP, all->count);
  for (uint32_t i = 0; i < all->count; i++) emit_word(emitter, all->cases[i].character);
  for (uint32_t i = 0; i < all->count; i++) emit_word(emitter, 0);
  return at;
}

static void fill_switch(Emitter *emitter, uint32_t at, const SwitchCases *all, const uint32_t *bodies) {
  if (emitter->code.failed) return;
  uint32_t *words = (uint32_t *)emitter->code.data + at;
  bool dense = (words[0] & 0xFF) == REGEXP_SWITCH_OP;
  for (uint32_t i = 0; i < all->count; i++) {
    const SwitchCase *one = &all->cases[i];
    words[dense ? 2 + one->character - all->cases[0].character : 1 + all->count + i] = bodies[one->branch];
  }
}

static void emit_switch(Emitter *emitter, const PatternNode *node, const Follow *follow) {
  SwitchCases all;
  if (!collect_cases(emitter, node, &all)) return;
  uint32_t *bodies = arena_new_array(emitter->arena, uint32_t, all.branch_count);
  if (!bodies) {
    emitter->result = REGEXP_OUT_OF_MEMORY;
    return;
  }
  uint32_t at = emit_switch_table(emitter, &all), last_jump = 0, i = 0;
  for (const PatternNode *child = node->first; child; child = child->next, i++) {
    bodies[i] = here(emitter);
    if (child->kind == NODE_SEQUENCE) emit_parts(emitter, child->first->next, follow);
    if (child->next) last_jump = emit(emitter, REGEXP_JUMP_OP, last_jump);
  }
  fill_switch(emitter, at, &all, bodies);
  patch_jumps(emitter, last_jump);
}

// ---- Repetition

static bool is_single(const PatternNode *node) { return node->kind == NODE_SET || node->kind == NODE_CHAR; }

typedef struct LoopOf {
  uint32_t kind, operand;
} LoopOf;

static LoopOf loop_of_set(Emitter *emitter, const CharSet *set, bool as_units) {
  if (!as_units && !set_is_of_units(emitter, set)) return (LoopOf){LOOP_OF_POINTS, store_set(emitter, set)};
  if (set_is_all(set)) return (LoopOf){LOOP_OF_ALL, 0};
  if (set_is_dot(set)) return (LoopOf){LOOP_OF_ANY, 0};
  return (LoopOf){LOOP_OF_CLASS, store_set(emitter, set)};
}

// A repeated character forward: one instruction.
static void emit_single_loop(Emitter *emitter, const PatternNode *node, const Follow *follow) {
  const PatternNode *body = node->body;
  FirstSet first = {0}, next = {0};
  first_set_add_node(&first, body);
  first_set_add_follow(&next, follow);
  bool possessive = first_sets_are_disjoint(&first, &next) || follow_is_end(follow);
  uint32_t hint = first_set_only_unit(&next);
  LoopOf loop = {LOOP_OF_UNIT, body->character};
  if (body->kind == NODE_SET) {
    // If the loop stops at a known unit or at its very end, it may step by single units instead of pairs.
    bool as_units = node->least <= 1 && node->most == UINT32_MAX && set_has_all_pairs(&body->set) &&
                    ((possessive && !node->flag) || hint != NO_HINT);
    loop = loop_of_set(emitter, &body->set, as_units);
  }
  bool lazy = node->flag && node->least != node->most;
  if (lazy && follow_is_end(follow)) {
    emit(emitter, REGEXP_LOOP_POSSESSIVE_OP, loop.operand);
    emit_word(emitter, loop.kind);
    emit_word(emitter, node->least);
    emit_word(emitter, node->least);
    emit_word(emitter, NO_HINT);
    return;
  }
  if (lazy && first_sets_are_disjoint(&first, &next)) lazy = false;  // takes all it can in any case
  possessive |= node->least == node->most;
  emit(emitter,
       lazy         ? REGEXP_LOOP_LAZY_OP
       : possessive ? REGEXP_LOOP_POSSESSIVE_OP
                    : REGEXP_LOOP_GREEDY_OP,
       loop.operand);
  emit_word(emitter, loop.kind);
  emit_word(emitter, node->least);
  emit_word(emitter, node->most);
  emit_word(emitter, hint);
}

typedef struct LoopBody {
  const PatternNode *node;  // the repeat
  const Follow *follow;     // of its body
  bool behind;
  uint32_t position;  // register; 0: the body cannot be empty
} LoopBody;

static void emit_body_start(Emitter *emitter, LoopBody *body) {
  const PatternNode *node = body->node;
  if (node->body->minimum == 0) {
    body->position = new_registers(emitter, 1);
    emit(emitter, REGEXP_SAVE_OP, body->position);
  }
  if (node->most > 1 && node->last_group > node->first_group) {
    emit(emitter, REGEXP_CLEAR_OP, node->first_group * 2);
    emit_word(emitter, node->last_group * 2);
  }
}

static void emit_body(Emitter *emitter, LoopBody *body) {
  emit_body_start(emitter, body);
  emit_node(emitter, body->node->body, body->follow, body->behind);
  if (body->position) emit(emitter, REGEXP_EMPTY_CHECK_OP, body->position);
}

// The choice between the body, which comes next, and the code after the loop; returns the word to be patched.
static uint32_t emit_loop_choice(Emitter *emitter, const LoopBody *body, const Follow *after) {
  if (body->node->flag) return emit(emitter, REGEXP_SPLIT_LAZY_OP, 0);
  FirstSet first = {0}, next = {0};
  bool may_be_empty = body->behind || first_set_add_node(&first, body->node->body);
  if (may_be_empty || first_set_is_everything(&first)) return emit(emitter, REGEXP_SPLIT_OP, 0);
  first_set_add_follow(&next, after);
  bool disjoint = first_sets_are_disjoint(&first, &next);
  uint32_t at = emit(emitter, disjoint ? REGEXP_BRANCH_CLASS_OP : REGEXP_SPLIT_CLASS_OP, 0);
  emit_word(emitter, store_first_set(emitter, &first));
  return at;
}

// The body `least` to `most` times, counted in a register.
static void emit_counted_loop(Emitter *emitter, LoopBody *body, uint32_t least, uint32_t most) {
  uint32_t counter = new_registers(emitter, 1);
  emit(emitter, REGEXP_COUNT_START_OP, counter);
  uint32_t start = emit(emitter, body->node->flag ? REGEXP_COUNT_LOOP_LAZY_OP : REGEXP_COUNT_LOOP_OP, counter);
  emit_word(emitter, least);
  emit_word(emitter, most);
  emit_word(emitter, 0);
  emit_body_start(emitter, body);
  emit_node(emitter, body->node->body, body->follow, body->behind);
  if (body->position) {
    emit(emitter, REGEXP_EMPTY_CHECK_COUNTED_OP, body->position);
    emit_word(emitter, counter);
    emit_word(emitter, least);
  }
  emit(emitter, REGEXP_COUNT_NEXT_OP, counter);
  emit_word(emitter, start);
  patch_word(emitter, start + 3, here(emitter));
}

static void emit_loop(Emitter *emitter, LoopBody *body, const Follow *after) {
  const PatternNode *node = body->node;
  bool unbounded = node->most == UINT32_MAX;
  if (node->least == 0 && (unbounded || node->most == 1)) {
    uint32_t start = here(emitter);
    uint32_t choice = emit_loop_choice(emitter, body, after);
    emit_body(emitter, body);
    if (unbounded) emit(emitter, REGEXP_JUMP_BACK_OP, start);
    patch_operand(emitter, choice);
  } else if (node->least == 1 && node->most == 1) {
    emit_node(emitter, node->body, after, body->behind);
  } else if (node->least == 1 && unbounded && node->body->minimum > 0) {
    uint32_t start = here(emitter);
    emit_body(emitter, body);
    if (node->flag) {
      emit(emitter, REGEXP_SPLIT_OP, start);
    } else {
      uint32_t choice = emit_loop_choice(emitter, body, after);
      emit(emitter, REGEXP_JUMP_BACK_OP, start);
      patch_operand(emitter, choice);
    }
  } else {
    emit_counted_loop(emitter, body, node->least, node->most);
  }
}

// https://tc39.es/ecma262/#sec-runtime-semantics-repeatmatcher-abstract-operation
static void emit_repeat(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind) {
  // A part that matches nothing is never repeated beyond the least count.
  bool empty = node->body->maximum == 0;
  if (node->most == 0 || (empty && node->least == 0)) return;
  if (empty) {
    emit_node(emitter, node->body, &unknown_follow, behind);
    return;
  }
  bool single = is_single(node->body) && !behind;
  if (single && node->body->kind == NODE_CHAR) {
    single = node->body->character < 0x10000 && is_plain_char(emitter, node->body);
  }
  if (single) {
    emit_single_loop(emitter, node, follow);
    return;
  }
  Follow again = {.outer = follow, .loop = node->most > 1 ? node->body : NULL};
  LoopBody body = {.node = node, .follow = &again, .behind = behind};
  // The end of a body is followed by its empty check, so nothing there can be final.
  if (node->body->minimum == 0) body.follow = &unknown_follow;
  emit_loop(emitter, &body, follow);
}

// ---- Groups, assertions, references

static void emit_capture_end(Emitter *emitter, const PatternNode *node, uint32_t length) {
  emit(emitter, REGEXP_SAVE_FIXED_OP, node->first_group * 2);
  emit_word(emitter, length);
}

static void emit_capture(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind) {
  uint32_t start = node->first_group * 2;
  if (!behind && pattern_capture_is_fixed(node)) {
    emit_node(emitter, node->body, follow, behind);
    emit_capture_end(emitter, node, node->minimum);
    return;
  }
  emit(emitter, REGEXP_SAVE_OP, start + behind);
  emit_node(emitter, node->body, follow, behind);
  emit(emitter, REGEXP_SAVE_OP, start + !behind);
}

static bool emit_peek(Emitter *emitter, const PatternNode *node) {
  const PatternNode *body = node->body;
  uint32_t toggles[2];
  CharSet set = {.toggles = toggles, .count = 2, .capacity = 2};
  if (body->kind == NODE_CHAR && is_plain_char(emitter, body) && body->character < 0x10000) {
    toggles[0] = body->character;
    toggles[1] = body->character + 1;
  } else if (body->kind == NODE_SET && set_is_of_units(emitter, &body->set)) {
    set = body->set;
  } else {
    return false;
  }
  emit(emitter, REGEXP_PEEK_OP, store_set(emitter, &set));
  emit_word(emitter, (uint32_t)(node->behind ? PEEK_BEHIND : 0) | (uint32_t)(node->flag ? PEEK_NEGATIVE : 0));
  return true;
}

static void emit_look(Emitter *emitter, const PatternNode *node) {
  if (emit_peek(emitter, node)) return;
  const Follow *follow = node->behind ? &unknown_follow : &end_follow;
  uint32_t registers = new_registers(emitter, 2);
  if (node->flag) {
    uint32_t start = emit(emitter, REGEXP_NEGATIVE_LOOK_OP, registers);
    emit_word(emitter, 0);
    emit_node(emitter, node->body, follow, node->behind);
    emit(emitter, REGEXP_NEGATIVE_LOOK_END_OP, registers);
    patch_word(emitter, start + 1, here(emitter));
    return;
  }
  bool captures = node->last_group > node->first_group;
  emit(emitter, REGEXP_LOOK_OP, registers);
  emit_node(emitter, node->body, follow, node->behind);
  // Counters of loops inside are not used after the lookaround: only captures need to be restored.
  emit(emitter, captures ? REGEXP_LOOK_END_OP : REGEXP_LOOK_END_PLAIN_OP, registers);
}

static void emit_assertion(Emitter *emitter, const PatternNode *node) {
  switch ((AssertionKind)node->assertion) {
    case ASSERT_START: emit(emitter, REGEXP_START_OP, 0); break;
    case ASSERT_END: emit(emitter, REGEXP_END_OP, 0); break;
    case ASSERT_LINE_START: emit(emitter, REGEXP_LINE_START_OP, 0); break;
    case ASSERT_LINE_END: emit(emitter, REGEXP_LINE_END_OP, 0); break;
    case ASSERT_WORD_BOUNDARY: emit(emitter, REGEXP_WORD_BOUNDARY_OP, node->flag); break;
    case ASSERT_NOT_WORD_BOUNDARY: emit(emitter, REGEXP_NOT_WORD_BOUNDARY_OP, node->flag); break;
  }
}

static void emit_back_reference(Emitter *emitter, const PatternNode *node, bool behind) {
  uint32_t count = 0;
  const GroupName *name = node->reference.group ? NULL : node->reference.name;
  emitter->has_references = true;
  for (const GroupName *n = name; n; n = n->same) count++;
  emit(emitter, REGEXP_BACK_REFERENCE_OP, name ? count : 1);
  emit_word(emitter, (uint32_t)(behind ? REFERENCE_BEHIND : 0) | (uint32_t)(node->flag ? REFERENCE_IGNORES_CASE : 0) |
                         (uint32_t)(emitter->unicode ? REFERENCE_UNICODE : 0));
  if (!name) emit_word(emitter, node->reference.group);
  for (const GroupName *n = name; n; n = n->same) emit_word(emitter, n->group);
}

static void defer_node(Emitter *emitter, const PatternNode *node, bool behind) {
  Deferred *deferred = arena_new(emitter->arena, Deferred);
  if (!deferred) {
    emitter->result = REGEXP_OUT_OF_MEMORY;
    return;
  }
  *deferred = (Deferred){emitter->deferred, node, behind, emit(emitter, REGEXP_JUMP_OP, 0)};
  emitter->deferred = deferred;
}

static void emit_deferred(Emitter *emitter) {
  for (Deferred *deferred; (deferred = emitter->deferred) && emitter->result == REGEXP_OK && !emitter->code.failed;) {
    emitter->deferred = deferred->next;
    patch_operand(emitter, deferred->jump);
    emit_node(emitter, deferred->node, &unknown_follow, deferred->behind);
    emit(emitter, REGEXP_JUMP_OP, deferred->jump + 1);
  }
}

static bool has_parts(const PatternNode *node) {
  switch ((NodeKind)node->kind) {
    case NODE_SEQUENCE:
    case NODE_ALTERNATION:
    case NODE_SWITCH:
    case NODE_CAPTURE:
    case NODE_REPEAT:
    case NODE_LOOK: return true;
    default: return false;
  }
}

static void emit_node(Emitter *emitter, const PatternNode *node, const Follow *follow, bool behind) {
  if (emitter->result != REGEXP_OK || emitter->code.failed) return;
  if (!fuel_charge(emitter->fuel, 4)) {
    emitter->result = REGEXP_INTERRUPTED;
    return;
  }
  if (UNLIKELY(emitter->depth >= DEFER_DEPTH) && has_parts(node)) {
    defer_node(emitter, node, behind);
    return;
  }
  emitter->depth++;
  switch ((NodeKind)node->kind) {
    case NODE_EMPTY: break;
    case NODE_CHAR: emit_char(emitter, node, behind); break;
    case NODE_SET: emit_set(emitter, &node->set, behind); break;
    case NODE_SEQUENCE: emit_sequence(emitter, node, follow, behind); break;
    case NODE_ALTERNATION: emit_alternation(emitter, node, follow, behind); break;
    case NODE_SWITCH: emit_switch(emitter, node, follow); break;
    case NODE_CAPTURE: emit_capture(emitter, node, follow, behind); break;
    case NODE_CAPTURE_END: emit_capture_end(emitter, node, node->length); break;
    case NODE_REPEAT: emit_repeat(emitter, node, follow, behind); break;
    case NODE_LOOK: emit_look(emitter, node); break;
    case NODE_ASSERTION: emit_assertion(emitter, node); break;
    case NODE_BACK_REFERENCE: emit_back_reference(emitter, node, behind); break;
  }
  emitter->depth--;
}

// ---- Programs

static uint8_t find_anchor(const PatternNode *node) {
  if (node->depth > DEFER_DEPTH) return ANCHORED_NOT;
  switch ((NodeKind)node->kind) {
    case NODE_ASSERTION:
      return node->assertion == ASSERT_START        ? ANCHORED_START
             : node->assertion == ASSERT_LINE_START ? ANCHORED_LINE
                                                    : ANCHORED_NOT;
    case NODE_CAPTURE: return find_anchor(node->body);
    case NODE_REPEAT: return node->least > 0 ? find_anchor(node->body) : ANCHORED_NOT;
    case NODE_LOOK: return node->flag || node->behind ? ANCHORED_NOT : find_anchor(node->body);
    case NODE_SEQUENCE: {
      // When a part must be at the start of the text, nothing can come before it.
      uint8_t found = ANCHORED_NOT;
      bool is_first = true;
      for (const PatternNode *child = node->first; child && found != ANCHORED_START; child = child->next) {
        uint8_t anchor = find_anchor(child);
        if (anchor == ANCHORED_START || (is_first && found == ANCHORED_NOT)) found = anchor;
        is_first = is_first && child->maximum == 0;
      }
      return found;
    }
    case NODE_ALTERNATION: {
      uint8_t all = ANCHORED_START;  // the start of the text is the start of a line too
      for (const PatternNode *child = node->first; child; child = child->next) {
        uint8_t anchor = find_anchor(child);
        if (anchor == ANCHORED_NOT) return ANCHORED_NOT;
        if (anchor == ANCHORED_LINE) all = ANCHORED_LINE;
      }
      return all;
    }
    default: return ANCHORED_NOT;
  }
}

// An unbounded loop over characters at the very start. When a match fails from one position, it fails from all
// positions inside the stretch that the loop took there, since it would go on from some of the same positions; only
// references could make a difference.
static uint32_t find_leading_loop(const Emitter *emitter) {
  if (emitter->has_references || emitter->code.failed) return 0;
  const uint32_t *code = (const uint32_t *)emitter->code.data;
  uint32_t at = 1;
  while ((code[at] & 0xFF) == REGEXP_SAVE_OP) at++;
  uint32_t opcode = code[at] & 0xFF;
  bool takes_all = opcode == REGEXP_LOOP_GREEDY_OP || opcode == REGEXP_LOOP_POSSESSIVE_OP;
  return takes_all && code[at + 3] == UINT32_MAX ? at : 0;
}

static void find_prefix(Emitter *emitter, const PatternNode *root, RegExpProgram *head) {
  FirstSet first = first_set_of(root, &end_follow);
  if (first_set_is_everything(&first)) return;
  uint32_t unit = first_set_only_unit(&first);
  if (unit != UINT32_MAX) {
    head->prefix_kind = PREFIX_UNIT;
    head->prefix = unit;
  } else {
    head->prefix_kind = PREFIX_SET;
    head->prefix = store_first_set(emitter, &first);
  }
}

typedef struct NameEntry {
  uint32_t group, offset, length;  // bytes from the start of the program; units
  uint32_t is_wide;
} NameEntry;

static void append_names(Buffer *out, const Pattern *pattern) {
  size_t table = out->size;
  for (uint32_t i = 0; i < pattern->name_count; i++) buffer_append(out, &(NameEntry){0}, sizeof(NameEntry));
  uint32_t i = 0;
  for (const GroupName *name = pattern->names; name; name = name->next, i++) {
    bool wide = false;
    for (uint32_t k = 0; k < name->length; k++) wide |= name->units[k] > 255;
    NameEntry entry = {name->group, (uint32_t)out->size, name->length, wide};
    if (wide) {
      buffer_append(out, name->units, name->length * 2);
    } else {
      for (uint32_t k = 0; k < name->length; k++) buffer_append_byte(out, (uint8_t)name->units[k]);
    }
    while (out->size % 4 && !out->failed) buffer_append_byte(out, 0);
    if (!out->failed) memcpy(out->data + table + i * sizeof entry, &entry, sizeof entry);
  }
}

TextView regexp_group_name(const RegExpProgram *program, uint32_t index, uint32_t *group) {
  const char *bytes = (const char *)program;
  const NameEntry *entry = (const NameEntry *)(bytes + program->names_offset) + index;
  *group = entry->group;
  if (entry->is_wide) return text_view_wide((const uint16_t *)(bytes + entry->offset), entry->length);
  return text_view_narrow(bytes + entry->offset, entry->length);
}

static RegExpResult assemble(Emitter *emitter, const Pattern *pattern, RegExpProgram *head, RegExpProgram **program) {
  Buffer out;
  buffer_initialize(&out, emitter->code.memory);
  head->sets_offset = sizeof *head;
  head->code_offset = head->sets_offset + (uint32_t)emitter->sets.size;
  head->names_offset = head->code_offset + (uint32_t)emitter->code.size;
  head->group_count = pattern->group_count;
  head->register_count = emitter->register_count;
  head->name_count = pattern->name_count;
  buffer_reserve(&out, head->names_offset + 64);
  buffer_append(&out, head, sizeof *head);
  buffer_append(&out, emitter->sets.data, emitter->sets.size);
  buffer_append(&out, emitter->code.data, emitter->code.size);
  memory_spend(out.memory, pattern->name_count);
  append_names(&out, pattern);
  if (!out.failed) {
    void *exact = memory_resize(out.memory, out.data, out.capacity, out.size);
    if (exact) {
      *program = exact;
      (*program)->size = (uint32_t)out.size;
      return REGEXP_OK;
    }
  }
  buffer_release(&out);
  return REGEXP_OUT_OF_MEMORY;
}

static RegExpResult generate(Emitter *emitter, const Pattern *pattern, RegExpFlags flags, RegExpProgram **program,
                             RegExpError *error) {
  emitter->register_count = pattern->group_count * 2;
  emit(emitter, REGEXP_FAIL_ATTEMPT_OP, 0);
  emit_node(emitter, pattern->root, &end_follow, false);
  emit(emitter, REGEXP_ACCEPT_OP, 0);
  emit_deferred(emitter);
  RegExpProgram head = {.flags = flags, .minimum_length = pattern->root->minimum};
  head.anchored = find_anchor(pattern->root);
  head.leading_loop = find_leading_loop(emitter);
  find_prefix(emitter, pattern->root, &head);
  if (emitter->result != REGEXP_OK) return emitter->result;
  if (emitter->code.failed || emitter->sets.failed) return REGEXP_OUT_OF_MEMORY;
  if (emitter->code.size / 4 >= 1u << 24 || emitter->sets.size / 4 >= 1u << 24 || emitter->register_count >= 1u << 24) {
    *error = (RegExpError){.message = "regular expression too large"};
    return REGEXP_SYNTAX_ERROR;
  }
  return assemble(emitter, pattern, &head, program);
}

RegExpResult regexp_compile(Memory *memory, Fuel *fuel, TextView text, RegExpFlags flags, RegExpProgram **program,
                            RegExpError *error) {
  Arena arena;
  arena_initialize(&arena, memory);
  PatternParser parser = {
      .memory = memory, .fuel = fuel, .arena = &arena, .text = text, .flags = flags, .error = error};
  Pattern pattern = {0};
  *program = NULL;
  RegExpResult result = pattern_parse(&parser, &pattern);
  if (result == REGEXP_OK) {
    Emitter emitter = {.arena = &arena, .fuel = fuel, .unicode = parser.unicode, .result = REGEXP_OK};
    buffer_initialize(&emitter.code, memory);
    buffer_initialize(&emitter.sets, memory);
    result = generate(&emitter, &pattern, flags, program, error);
    buffer_release(&emitter.code);
    buffer_release(&emitter.sets);
  }
  arena_release(&arena);
  return result;
}

RegExpResult regexp_check_syntax(Memory *memory, Fuel *fuel, TextView text, RegExpFlags flags, RegExpError *error) {
  Arena arena;
  arena_initialize(&arena, memory);
  PatternParser parser = {.memory = memory,
                          .fuel = fuel,
                          .arena = &arena,
                          .text = text,
                          .flags = flags,
                          .error = error,
                          .only_check = true};
  Pattern pattern = {0};
  RegExpResult result = pattern_parse(&parser, &pattern);
  arena_release(&arena);
  return result;
}

void regexp_release(Memory *memory, RegExpProgram *program) {
  if (program) memory_release(memory, program, program->size);
}

bool regexp_parse_flags(TextView text, RegExpFlags *flags) {
  static const char letters[] = "dgimsuvy";
  *flags = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    uint16_t unit = text_view_unit(text, i);
    const char *found = unit && unit < 128 ? strchr(letters, unit) : NULL;
    if (!found) return false;
    RegExpFlags flag = (RegExpFlags)(1 << (found - letters));
    if (*flags & flag) return false;
    *flags |= flag;
  }
  return (*flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS)) != (REGEXP_UNICODE | REGEXP_UNICODE_SETS);
}
