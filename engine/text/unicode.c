// Loops here are bounded: tables of the engine; the caller pays for each character.

#include "text/unicode.h"

#include "text/unicode_tables.h"

bool unicode_set_contains(const UnicodeSet *set, uint32_t code_point) {
  uint32_t low = 0, high = set->mark_count;
  while (low < high) {  // the first mark beyond the code point
    uint32_t middle = (low + high) / 2;
    if (set->marks[middle].boundary <= code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == 0) return false;
  const UnicodeSetMark *mark = &set->marks[low - 1];
  const uint8_t *next = set->deltas + mark->offset;
  uint32_t boundary = mark->boundary;
  bool inside = true;
  for (uint32_t i = 1; i < set->run_length; i++) {
    uint32_t difference = 0;
    for (unsigned shift = 0;; shift += 7) {
      uint8_t byte = *next++;
      difference |= (uint32_t)(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    if (difference == 0) return false;  // past the last range of the set
    boundary += difference;
    if (code_point < boundary) return inside;
    inside = !inside;
  }
  return false;  // between this run's last range and the next mark
}

// Bits 0 to 127 of the classes that the lexer asks for most.
static const uint32_t ascii_identifier_start[4] = {0, 0x00000010, 0x87FFFFFE, 0x07FFFFFE};
static const uint32_t ascii_identifier_part[4] = {0, 0x03FF0010, 0x87FFFFFE, 0x07FFFFFE};

bool unicode_is_identifier_start(uint32_t code_point) {
  if (code_point < 128) return (ascii_identifier_start[code_point >> 5] >> (code_point & 31)) & 1;
  return unicode_set_contains(&unicode_id_start, code_point);
}

bool unicode_is_identifier_part(uint32_t code_point) {
  if (code_point < 128) return (ascii_identifier_part[code_point >> 5] >> (code_point & 31)) & 1;
  return unicode_set_contains(&unicode_id_start, code_point) ||
         unicode_set_contains(&unicode_id_continue_only, code_point) || code_point == 0x200C || code_point == 0x200D;
}

bool unicode_is_space_separator(uint32_t code_point) {
  if (code_point < 0x80) return code_point == ' ';
  return code_point == 0xA0 || code_point == 0x1680 || (code_point >= 0x2000 && code_point <= 0x200A) ||
         code_point == 0x202F || code_point == 0x205F || code_point == 0x3000;
}

bool unicode_is_white_space(uint32_t code_point) {
  if (code_point < 0x80) return code_point == ' ' || code_point == '\t' || code_point == '\v' || code_point == '\f';
  return code_point == 0xFEFF || unicode_is_space_separator(code_point);
}

static uint32_t unicode_map(const UnicodeCaseRun *runs, uint32_t count, uint32_t code_point) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (runs[middle].first <= code_point) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  // Runs of every second code point may enclose a run between their members: look one further back.
  for (uint32_t back = 1; back <= 2 && back <= low; back++) {
    const UnicodeCaseRun *run = &runs[low - back];
    uint32_t distance = code_point - run->first;
    if (distance <= run->extent && (run->stride == 1 || (distance & 1) == 0)) {
      return (uint32_t)((int32_t)code_point + run->distance);
    }
  }
  return code_point;
}

uint32_t unicode_simple_uppercase(uint32_t code_point) {
  if (code_point < 128) return code_point - 'a' < 26u ? code_point - 32 : code_point;
  return unicode_map(unicode_uppercase_runs, unicode_uppercase_runs_count, code_point);
}

uint32_t unicode_simple_lowercase(uint32_t code_point) {
  if (code_point < 128) return code_point - 'A' < 26u ? code_point + 32 : code_point;
  return unicode_map(unicode_lowercase_runs, unicode_lowercase_runs_count, code_point);
}

uint32_t unicode_simple_fold(uint32_t code_point) {
  if (code_point < 128) return code_point - 'A' < 26u ? code_point + 32 : code_point;
  return unicode_map(unicode_fold_runs, unicode_fold_runs_count, code_point);
}

unsigned unicode_full_uppercase(uint32_t code_point, uint32_t mapped[3]) {
  if (code_point >= 0xDF && code_point <= 0xFFFF) {
    uint32_t low = 0, high = unicode_uppercase_expansion_count;
    while (low < high) {
      uint32_t middle = (low + high) / 2;
      const UnicodeExpansion *expansion = &unicode_uppercase_expansions[middle];
      if (expansion->from == code_point) {
        for (int i = 0; i < 3; i++) mapped[i] = expansion->to[i];
        return expansion->to[2] ? 3 : 2;
      }
      if (expansion->from < code_point) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
  }
  mapped[0] = unicode_simple_uppercase(code_point);
  return 1;
}

unsigned unicode_full_lowercase(uint32_t code_point, uint32_t mapped[3]) {
  if (code_point == 0x130) {  // the only expansion: i and a combining dot above
    mapped[0] = 'i';
    mapped[1] = 0x307;
    return 2;
  }
  mapped[0] = unicode_simple_lowercase(code_point);
  return 1;
}

bool unicode_is_cased(uint32_t code_point) { return unicode_set_contains(&unicode_cased, code_point); }
bool unicode_is_case_ignorable(uint32_t code_point) {
  return unicode_set_contains(&unicode_case_ignorable, code_point);
}

uint8_t unicode_combining_class(uint32_t code_point) {
  if (code_point < 0x300 || code_point >= 1 << 17) return 0;
  uint32_t low = 0, high = unicode_combining_class_count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    uint32_t entry = unicode_combining_classes[middle], first = entry >> 15;
    if (code_point < first) {
      high = middle;
    } else if (code_point - first > ((entry >> 8) & 0x7F)) {
      low = middle + 1;
    } else {
      return (uint8_t)entry;
    }
  }
  return 0;
}
