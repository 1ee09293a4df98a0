// Normalization in one pass over runs: a starter and the marks after it are decomposed into a short
// list, put in canonical order and, for the composed forms, combined again.
// Loops here are bounded: tables of the engine, and runs of marks that the caller charges.
#include "text/normalization.h"

#include "text/unicode.h"
#include "text/unicode_tables.h"

enum {
  HANGUL_BASE = 0xAC00,
  HANGUL_L_BASE = 0x1100,
  HANGUL_V_BASE = 0x1161,
  HANGUL_T_BASE = 0x11A7,
  HANGUL_L_COUNT = 19,
  HANGUL_V_COUNT = 21,
  HANGUL_T_COUNT = 28,
  HANGUL_COUNT = HANGUL_L_COUNT * HANGUL_V_COUNT * HANGUL_T_COUNT,
  DECOMPOSITION_LIMIT = 18,  // code points of one step
  DECOMPOSITION_DEPTH = 8,   // steps that follow from one code point; the data needs 4
};

static bool form_is_compatible(NormalizationForm form) {
  return form == NORMALIZATION_NFKC || form == NORMALIZATION_NFKD;
}
static bool form_is_composed(NormalizationForm form) { return form == NORMALIZATION_NFC || form == NORMALIZATION_NFKC; }

bool text_is_surely_normalized(TextView text, NormalizationForm form, Fuel *fuel) {
  static const uint16_t first_changed[] = {0x300, 0xC0, 0xA0, 0xA0};
  uint16_t limit = first_changed[form];
  if (!text.is_wide && limit > 0xFF) return true;
  uint32_t steps = 0;
  for (uint32_t i = 0; i < text.length; i++) {
    if (text_view_unit(text, i) >= limit || !fuel_step(fuel, &steps)) return false;
  }
  return true;
}

static uint32_t read_varint(const uint8_t **next) {
  uint32_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    uint8_t byte = *(*next)++;
    value |= (uint32_t)(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

static uint32_t read_moved(const uint8_t **next, uint32_t from) {
  uint32_t value = read_varint(next);
  return value & 1 ? from - (value >> 1) - 1 : from + (value >> 1);
}

// One step of decomposition; 0 when the code point has none in this form.
static unsigned unicode_decompose_step(uint32_t code_point, bool compatible, uint32_t parts[DECOMPOSITION_LIMIT]) {
  if (code_point >= 0x30000) return 0;
  if (!((unicode_decomposition_pages[code_point >> 10] >> ((code_point >> 7) & 7)) & 1)) return 0;
  uint32_t low = 0, high = unicode_decomposition_mark_count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (unicode_decomposition_marks[middle].first <= code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return 0;
  const uint8_t *next = unicode_decompositions + unicode_decomposition_marks[low - 1].offset;
  const uint8_t *end =
      unicode_decompositions +
      (low < unicode_decomposition_mark_count ? unicode_decomposition_marks[low].offset : unicode_decompositions_size);
  uint32_t from = unicode_decomposition_marks[low - 1].first, first = from;
  while (next < end) {
    from += read_varint(&next);
    unsigned count = *next >> 1;
    bool is_compatibility = *next++ & 1;
    uint32_t previous = first;
    for (unsigned i = 0; i < count; i++) {
      previous = parts[i] = read_moved(&next, previous);
    }
    first = parts[0];
    if (from == code_point) return is_compatibility && !compatible ? 0 : count;
    if (from > code_point) return 0;
  }
  return 0;
}

static uint32_t unicode_compose_pair(uint32_t first, uint32_t second) {
  if (first - HANGUL_L_BASE < HANGUL_L_COUNT && second - HANGUL_V_BASE < HANGUL_V_COUNT) {
    return HANGUL_BASE + ((first - HANGUL_L_BASE) * HANGUL_V_COUNT + (second - HANGUL_V_BASE)) * HANGUL_T_COUNT;
  }
  if (first - HANGUL_BASE < HANGUL_COUNT && (first - HANGUL_BASE) % HANGUL_T_COUNT == 0 &&
      second - (HANGUL_T_BASE + 1) < HANGUL_T_COUNT - 1) {
    return first + (second - HANGUL_T_BASE);
  }
  if (first < 0x10000 && second < 0x10000) {
    uint32_t low = 0, high = unicode_composition_count;
    while (low < high) {
      uint32_t middle = (low + high) / 2;
      const UnicodeComposition *entry = &unicode_compositions[middle];
      if (entry->first == first && entry->second == second) return entry->composite;
      if (entry->first < first || (entry->first == first && entry->second < second)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return 0;
  }
  for (uint32_t i = 0; i < unicode_wide_composition_count; i++) {
    const UnicodeWideComposition *entry = &unicode_wide_compositions[i];
    if (entry->first == first && entry->second == second) return entry->composite;
  }
  return 0;
}

// A run in the making: code points with their classes in the top byte.
typedef struct NormalizationRun {
  Buffer *units;
  Buffer pending;  // uint32_t each: class << 24 | code point
  bool composed, compatible;
  Fuel *fuel;  // pays for what a run of marks as long as the text costs at its end
} NormalizationRun;

static void run_append(NormalizationRun *run, uint32_t code_point) {
  uint16_t pair[2] = {(uint16_t)code_point, 0};
  size_t count = 1;
  if (code_point >= 0x10000) {
    pair[0] = (uint16_t)(0xD7C0 + (code_point >> 10));
    pair[1] = (uint16_t)(0xDC00 | (code_point & 0x3FF));
    count = 2;
  }
  buffer_append(run->units, pair, count * 2);
}

// Stable order by class between starters. Merging keeps a hostile run of marks from costing its square.
static bool run_sort_marks(NormalizationRun *run, uint32_t *marks, size_t count) {
  bool ordered = true;
  for (size_t i = 1; i < count; i++) ordered &= marks[i - 1] >> 24 <= marks[i] >> 24;
  if (ordered) return true;
  if (count <= 16) {
    for (size_t i = 1; i < count; i++) {
      uint32_t mark = marks[i];
      size_t place = i;
      for (; place > 0 && marks[place - 1] >> 24 > mark >> 24; place--) marks[place] = marks[place - 1];
      marks[place] = mark;
    }
    return true;
  }
  // A counting sort: classes are bytes.
  uint32_t *sorted = memory_allocate(run->units->memory, count * sizeof *sorted);
  if (!sorted) return false;
  size_t starts[257] = {0};
  for (size_t i = 0; i < count; i++) starts[(marks[i] >> 24) + 1]++;
  for (int class = 0; class < 256; class++) starts[class + 1] += starts[class];
  for (size_t i = 0; i < count; i++) sorted[starts[marks[i] >> 24]++] = marks[i];
  memcpy(marks, sorted, count * sizeof *sorted);
  memory_release(run->units->memory, sorted, count * sizeof *sorted);
  return true;
}

// Combines marks into the starter at the front; returns how many entries are left.
static size_t run_compose(uint32_t *points, size_t count) {
  size_t starter = SIZE_MAX, kept = 0;
  uint32_t last_class = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t class = points[i] >> 24, code_point = points[i] & 0xFFFFFF;
    bool blocked = starter != SIZE_MAX && kept > starter + 1 && (last_class >= class);
    if (starter != SIZE_MAX && !blocked) {
      uint32_t composite = unicode_compose_pair(points[starter] & 0xFFFFFF, code_point);
      if (composite) {
        points[starter] = composite;  // primary composites are starters
        continue;
      }
    }
    if (class == 0) starter = kept;
    last_class = class;
    points[kept++] = points[i];
  }
  return kept;
}

static void run_flush(NormalizationRun *run) {
  uint32_t *points = (uint32_t *)(void *)run->pending.data;
  size_t count = run->pending.size / sizeof *points;
  if (count > 64) fuel_spend(run->fuel, count * 2);
  for (size_t i = 0; i < count;) {  // order each stretch of marks
    if (points[i] >> 24 == 0) {
      i++;
      continue;
    }
    size_t end = i;
    while (end < count && points[end] >> 24) end++;
    if (!run_sort_marks(run, points + i, end - i)) run->units->failed = true;
    i = end;
  }
  if (run->composed) count = run_compose(points, count);
  for (size_t i = 0; i < count; i++) run_append(run, points[i] & 0xFFFFFF);
  run->pending.size = 0;
}

// A starter that nothing composes with on its left ends the run before it.
static bool run_can_break_before(uint32_t code_point) {
  if (code_point < 0x300) return true;
  if (code_point - HANGUL_V_BASE < HANGUL_V_COUNT || code_point - HANGUL_T_BASE < HANGUL_T_COUNT) return false;
  if (code_point - 0x4E00 < 0x5200 || code_point - HANGUL_BASE < HANGUL_COUNT) return true;
  for (uint32_t i = 0; i < unicode_composing_starter_count; i++) {
    if (unicode_composing_starters[i] == code_point) return false;
  }
  return true;
}

static void run_push(NormalizationRun *run, uint32_t code_point) {
  uint32_t class = unicode_combining_class(code_point);
  if (class == 0 && run->pending.size > 0 && (!run->composed || run_can_break_before(code_point))) run_flush(run);
  uint32_t entry = class << 24 | code_point;
  buffer_append(&run->pending, &entry, sizeof entry);
}

unsigned text_decompose(uint32_t code_point, bool compatible, uint32_t decomposed[DECOMPOSITION_MOST]) {
  // Depth-first with an explicit stack: each step replaces one code point by its parts.
  uint32_t stack[DECOMPOSITION_LIMIT * DECOMPOSITION_DEPTH];
  size_t depth = 0;
  unsigned size = 0;
  stack[depth++] = code_point;
  while (depth > 0) {
    uint32_t next = stack[--depth];
    ASSERT(size + 3 <= DECOMPOSITION_MOST);
    if (next - HANGUL_BASE < HANGUL_COUNT) {
      uint32_t index = next - HANGUL_BASE;
      decomposed[size++] = HANGUL_L_BASE + index / (HANGUL_V_COUNT * HANGUL_T_COUNT);
      decomposed[size++] = HANGUL_V_BASE + index / HANGUL_T_COUNT % HANGUL_V_COUNT;
      if (index % HANGUL_T_COUNT) decomposed[size++] = HANGUL_T_BASE + index % HANGUL_T_COUNT;
      continue;
    }
    uint32_t parts[DECOMPOSITION_LIMIT];
    unsigned count = next < 0xA0 ? 0 : unicode_decompose_step(next, compatible, parts);
    if (count == 0) decomposed[size++] = next;
    while (count > 0) stack[depth++] = parts[--count];
  }
  return size;
}

static void run_decompose(NormalizationRun *run, uint32_t code_point) {
  uint32_t parts[DECOMPOSITION_MOST];
  unsigned count = text_decompose(code_point, run->compatible, parts);
  for (unsigned i = 0; i < count; i++) run_push(run, parts[i]);
}

// https://tc39.es/ecma262/#sec-string.prototype.normalize
bool text_normalize(TextView text, NormalizationForm form, Buffer *units, Fuel *fuel) {
  NormalizationRun run = {
      .units = units, .composed = form_is_composed(form), .compatible = form_is_compatible(form), .fuel = fuel};
  buffer_initialize(&run.pending, units->memory);
  bool completed = true;
  for (uint32_t index = 0; index < text.length;) {
    if ((index & 0xFF) < 2 && !fuel_charge(fuel, 512)) {
      completed = false;
      break;
    }
    run_decompose(&run, text_view_next_code_point(text, &index));
    if (units->failed || run.pending.failed) break;
  }
  if (completed && !run.pending.failed) run_flush(&run);
  if (run.pending.failed) units->failed = true;
  buffer_release(&run.pending);
  return completed;
}
