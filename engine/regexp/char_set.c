// Loops here are bounded: ranges are paid for by their number (char_set_pay).

#include "regexp/char_set.h"

#include "regexp/unicode_properties.h"

bool char_set_add(Arena *arena, CharSet *set, uint32_t first, uint32_t last) {
  if (set->count && set->toggles[set->count - 1] == first) {
    set->toggles[set->count - 1] = last + 1;
    return true;
  }
  if (set->count == set->capacity) {
    uint32_t capacity = set->capacity ? set->capacity * 2 : 4;
    uint32_t *toggles = arena_grow(arena, set->toggles, set->capacity * sizeof(uint32_t), capacity * sizeof(uint32_t));
    if (!toggles) return false;
    set->toggles = toggles;
    set->capacity = capacity;
  }
  set->toggles[set->count++] = first;
  set->toggles[set->count++] = last + 1;
  return true;
}

// The memory pays for loops over ranges, a unit for every few; the parser and the emitter are stopped at their next
// node.
static void char_set_pay(const Arena *arena, uint32_t toggles) { memory_spend(arena->memory, toggles / 8); }

bool char_set_add_all(Arena *arena, CharSet *set, const CharSet *other) {
  char_set_pay(arena, other->count);
  for (uint32_t i = 0; i < other->count; i += 2) {
    if (!char_set_add(arena, set, other->toggles[i], other->toggles[i + 1] - 1)) return false;
  }
  return true;
}

typedef struct CharRange {
  uint32_t start, end;
} CharRange;

static void sift_down(CharRange *heap, uint32_t index, uint32_t count) {
  CharRange moved = heap[index];
  for (uint32_t child; (child = index * 2 + 1) < count; index = child) {
    if (child + 1 < count && heap[child + 1].start > heap[child].start) child++;
    if (heap[child].start <= moved.start) break;
    heap[index] = heap[child];
  }
  heap[index] = moved;
}

static void sort_ranges(CharRange *ranges, uint32_t count) {
  for (uint32_t i = count / 2; i-- > 0;) sift_down(ranges, i, count);
  for (uint32_t end = count; end-- > 1;) {
    CharRange largest = ranges[0];
    ranges[0] = ranges[end];
    ranges[end] = largest;
    sift_down(ranges, 0, end);
  }
}

void char_set_normalize(const Arena *arena, CharSet *set) {
  char_set_pay(arena, set->count);
  uint32_t *toggles = set->toggles;
  bool sorted = true;
  for (uint32_t i = 2; i < set->count && sorted; i += 2) sorted = toggles[i] > toggles[i - 1];
  if (sorted) return;
  char_set_pay(arena, set->count * (32 - (uint32_t)__builtin_clz(set->count)));
  sort_ranges((CharRange *)toggles, set->count / 2);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < set->count; i += 2) {
    if (kept && toggles[i] <= toggles[kept - 1]) {
      if (toggles[i + 1] > toggles[kept - 1]) toggles[kept - 1] = toggles[i + 1];
    } else {
      toggles[kept++] = toggles[i];
      toggles[kept++] = toggles[i + 1];
    }
  }
  set->count = kept;
}

static bool is_member(CharSetOperation how, bool in_a, bool in_b) {
  switch (how) {
    case CHAR_SET_UNION: return in_a || in_b;
    case CHAR_SET_INTERSECTION: return in_a && in_b;
    case CHAR_SET_DIFFERENCE: return in_a && !in_b;
    default: return in_a != in_b;
  }
}

bool char_set_combine(Arena *arena, CharSet *result, const CharSet *a, const CharSet *b, CharSetOperation how) {
  uint32_t capacity = a->count + b->count;
  char_set_pay(arena, capacity);
  uint32_t *toggles = capacity ? arena_new_array(arena, uint32_t, capacity) : NULL;
  if (capacity && !toggles) return false;
  uint32_t count = 0, i = 0, j = 0;
  bool inside = false;
  while (i < a->count || j < b->count) {
    uint32_t next_a = i < a->count ? a->toggles[i] : UINT32_MAX;
    uint32_t next_b = j < b->count ? b->toggles[j] : UINT32_MAX;
    uint32_t here = MIN_OF(next_a, next_b);
    if (next_a == here) i++;
    if (next_b == here) j++;
    if (is_member(how, i & 1, j & 1) != inside) {
      inside = !inside;
      toggles[count++] = here;
    }
  }
  *result = (CharSet){.toggles = toggles, .count = count, .capacity = capacity};
  return true;
}

bool char_set_invert(Arena *arena, CharSet *set) {
  uint32_t everything[2] = {0, CODE_POINT_END};
  CharSet all = {.toggles = everything, .count = 2, .capacity = 2};
  return char_set_combine(arena, set, &all, set, CHAR_SET_DIFFERENCE);
}

bool char_set_has(const CharSet *set, uint32_t code_point) {
  uint32_t low = 0, high = set->count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (set->toggles[middle] <= code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low & 1;
}

// ---- Case

static const CanonicalizeRun *case_runs(CaseMode mode, uint32_t *count) {
  *count = mode == CASE_FOLD ? canonicalize_fold_run_count : canonicalize_upper_run_count;
  return mode == CASE_FOLD ? canonicalize_fold_runs : canonicalize_upper_runs;
}

uint32_t char_canonicalize(uint32_t code_point, CaseMode mode) {
  if (mode == CASE_EXACT) return code_point;
  if (code_point < 128) {
    if (mode == CASE_FOLD) return code_point - 'A' < 26 ? code_point + 32 : code_point;
    return code_point - 'a' < 26 ? code_point - 32 : code_point;
  }
  uint32_t high;
  const CanonicalizeRun *runs = case_runs(mode, &high);
  uint32_t low = 0;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (runs[middle].first <= code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return code_point;
  const CanonicalizeRun *run = &runs[low - 1];
  uint32_t offset = code_point - run->first;
  if (offset % run->step || offset / run->step >= run->count) return code_point;
  return code_point + (uint32_t)run->distance;
}

// Only ASCII members: their partners are the other case, and by folding also the long s and the Kelvin sign.
static bool close_ascii(Arena *arena, CharSet *set, CaseMode mode) {
  CharSet closed = *set;
  closed.toggles = NULL;
  closed.count = closed.capacity = 0;
  for (uint32_t i = 0; i < set->count; i += 2) {
    uint32_t first = set->toggles[i], end = set->toggles[i + 1];
    if (!char_set_add(arena, &closed, first, end - 1)) return false;
    uint32_t from = MAX_OF(first, 'A'), to = MIN_OF(end, 'Z' + 1);
    if (from < to && !char_set_add(arena, &closed, from + 32, to + 31)) return false;
    from = MAX_OF(first, 'a'), to = MIN_OF(end, 'z' + 1);
    if (from < to && !char_set_add(arena, &closed, from - 32, to - 33)) return false;
  }
  char_set_normalize(arena, &closed);
  if (mode == CASE_FOLD) {
    bool has_s = char_set_has(&closed, 's'), has_k = char_set_has(&closed, 'k');
    if (has_s && !char_set_add(arena, &closed, 0x17F, 0x17F)) return false;
    if (has_k && !char_set_add(arena, &closed, 0x212A, 0x212A)) return false;
  }
  *set = closed;
  return true;
}

// Adds to `result` what the members of `set` map to (or, backwards, what maps to them) by one run.
static bool close_run(Arena *arena, CharSet *result, const CharSet *set, const CanonicalizeRun *run, bool backwards) {
  uint32_t base = backwards ? run->first + (uint32_t)run->distance : run->first;
  uint32_t distance = backwards ? 0 - (uint32_t)run->distance : (uint32_t)run->distance;
  uint32_t last = base + (uint32_t)(run->count - 1) * run->step;
  // The first toggle above `base`: when none lies below `last`, all the run is in or out.
  uint32_t low = 0, high = set->count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (set->toggles[middle] <= base) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (!(low & 1) && (low == set->count || set->toggles[low] > last)) return true;
  for (uint32_t c = base; c <= last; c += run->step) {
    while (low < set->count && set->toggles[low] <= c) low++;
    if ((low & 1) && !char_set_add(arena, result, c + distance, c + distance)) return false;
  }
  return true;
}

bool char_set_close_over_case(Arena *arena, CharSet *set, CaseMode mode) {
  if (mode == CASE_EXACT || set->count == 0) return true;
  if (set->toggles[set->count - 1] <= 128) return close_ascii(arena, set, mode);
  uint32_t count;
  const CanonicalizeRun *runs = case_runs(mode, &count);
  // Each run is looked up in the set, twice; what lies in the set is walked.
  memory_spend(arena->memory, count * 4);
  for (int backwards = 0; backwards < 2; backwards++) {
    CharSet closed = {0};
    if (!char_set_add_all(arena, &closed, set)) return false;
    for (uint32_t i = 0; i < count; i++) {
      if (!close_run(arena, &closed, set, &runs[i], backwards)) return false;
    }
    char_set_normalize(arena, &closed);
    *set = closed;
  }
  return true;
}

// ---- \d \s \w

bool char_set_add_escape(Arena *arena, CharSet *set, char letter) {
  static const uint32_t digits[] = {'0', '9'};
  static const uint32_t words[] = {'0', '9', 'A', 'Z', '_', '_', 'a', 'z'};
  static const uint32_t spaces[] = {9,      13,     32,     32,     0xA0,   0xA0,   0x1680, 0x1680, 0x2000, 0x200A,
                                    0x2028, 0x2029, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000, 0xFEFF, 0xFEFF};
  static const uint32_t line_ends[] = {10, 10, 13, 13, 0x2028, 0x2029};
  const uint32_t *ranges = letter == 'd' ? digits : letter == 'w' ? words : letter == 's' ? spaces : line_ends;
  uint32_t count = letter == 'd'   ? COUNT_OF(digits)
                   : letter == 'w' ? COUNT_OF(words)
                   : letter == 's' ? COUNT_OF(spaces)
                                   : COUNT_OF(line_ends);
  for (uint32_t i = 0; i < count; i += 2) {
    if (!char_set_add(arena, set, ranges[i], ranges[i + 1])) return false;
  }
  return true;
}
