// The matcher for one width of text; included by regexp_matcher.c with UNIT (the type of a code unit), IS_WIDE and
// NAME(x), which makes names distinct.

typedef struct NAME(Text) {
  const UNIT *units;
  uint32_t length;
} NAME(Text);

static ALWAYS_INLINE bool NAME(set_has)(const uint32_t *set, uint32_t unit) {
  if (IS_WIDE && unit > 255) return set_has_wide(set, unit);
  return set_has_narrow(set, unit);
}

static ALWAYS_INLINE bool NAME(is_line_end)(uint32_t unit) {
  return unit == '\n' || unit == '\r' || (IS_WIDE && (unit == 0x2028 || unit == 0x2029));
}

static ALWAYS_INLINE bool NAME(is_pair)(NAME(Text) text, uint32_t at) {
  return IS_WIDE && (text.units[at] & 0xFC00) == 0xD800 && at + 1 < text.length &&
         (text.units[at + 1] & 0xFC00) == 0xDC00;
}

// The code point at a position below the length, which moves past it.
static inline uint32_t NAME(next_point)(NAME(Text) text, uint32_t *position) {
  uint32_t at = *position, unit = text.units[at];
  if (!NAME(is_pair)(text, at)) {
    *position = at + 1;
    return unit;
  }
  *position = at + 2;
  return 0x10000 + ((unit - 0xD800) << 10) + (text.units[at + 1] - 0xDC00u);
}

// The start of the code point that ends at a position above 0.
static inline uint32_t NAME(previous_point)(NAME(Text) text, uint32_t position) {
  return position >= 2 && NAME(is_pair)(text, position - 2) ? position - 2 : position - 1;
}

static NO_INLINE bool NAME(is_word)(NAME(Text) text, uint32_t at, bool extended) {
  if (at >= text.length) return false;
  uint32_t unit = text.units[at];
  if (unit < 128) return (unit | 32) - 'a' < 26 || unit - '0' < 10 || unit == '_';
  return IS_WIDE && extended && (unit == 0x17F || unit == 0x212A);
}

static bool NAME(is_boundary)(NAME(Text) text, uint32_t at, bool extended) {
  return (at > 0 && NAME(is_word)(text, at - 1, extended)) != NAME(is_word)(text, at, extended);
}

// How far a loop over single characters gets from `position`, at most `most` of them; `count` is how many.
static inline uint32_t NAME(loop_end)(NAME(Text) text, const uint32_t *loop, const uint32_t *sets, uint32_t position,
                                      uint32_t most, uint32_t *count) {
  const UNIT *units = text.units;
  uint32_t at = position;
  uint32_t end = text.length - position > most ? position + most : text.length;
  uint32_t operand = loop[0] >> 8;
  switch (loop[1]) {
    case LOOP_OF_UNIT:
      while (at < end && units[at] == operand) at++;
      break;
    case LOOP_OF_ANY:
      while (at < end && !NAME(is_line_end)(units[at])) at++;
      break;
    case LOOP_OF_ALL: at = end; break;
    case LOOP_OF_POINTS:
      if (IS_WIDE) {
        uint32_t points = 0;
        while (at < text.length && points < most) {
          uint32_t next = at;
          if (!set_has(sets + operand, NAME(next_point)(text, &next))) break;
          at = next;
          points++;
        }
        *count = points;
        return at;
      }  // fall through
    default: {
      const uint32_t *set = sets + operand;
      while (at < end && NAME(set_has)(set, units[at])) at++;
      break;
    }
  }
  *count = at - position;
  return at;
}

// A lazy loop takes more: one character, or as many as it takes to stand before the hint. False when it cannot.
static bool NAME(lazy_advance)(NAME(Text) text, const uint32_t *loop, const uint32_t *sets, uint32_t *allowed,
                               uint32_t *position) {
  const UNIT *units = text.units;
  uint32_t at = *position, hint = loop[4], count;
  if (hint == NO_HINT || loop[1] == LOOP_OF_POINTS) {
    if (*allowed == 0) return false;
    *position = NAME(loop_end)(text, loop, sets, at, 1, &count);
    if (*allowed != UINT32_MAX) --*allowed;
    return count > 0;
  }
  uint32_t end = text.length - at > *allowed ? at + *allowed : text.length;
  // A character that the loop may take, then again until the hint comes.
  uint32_t operand = loop[0] >> 8;
  bool found = false;
  while (at < end && !found) {
    uint32_t unit = units[at];
    bool fits = loop[1] == LOOP_OF_ALL    ? true
                : loop[1] == LOOP_OF_ANY  ? !NAME(is_line_end)(unit)
                : loop[1] == LOOP_OF_UNIT ? unit == operand
                                          : NAME(set_has)(sets + operand, unit);
    if (!fits) break;
    at++;
    found = at < text.length && units[at] == hint;
  }
  if (*allowed != UINT32_MAX) *allowed -= at - *position;
  *position = at;
  return found;
}

// Compares a captured piece with the text at `*position`, case folded where asked; moves past it when equal.
static bool NAME(match_reference)(NAME(Text) text, uint32_t start, uint32_t end, uint32_t flags, uint32_t *position) {
  uint32_t length = end - start, at = *position;
  bool unicode = IS_WIDE && (flags & REFERENCE_UNICODE);
  if (flags & REFERENCE_BEHIND) {
    if (length > at) return false;
    at -= length;
  } else if (length > text.length - at) {
    return false;
  }
  CaseMode mode = !(flags & REFERENCE_IGNORES_CASE) ? CASE_EXACT : flags & REFERENCE_UNICODE ? CASE_FOLD : CASE_UPPER;
  uint32_t a = start, b = at;
  while (a < end) {
    if (mode == CASE_EXACT) {
      if (text.units[a++] != text.units[b++]) return false;
    } else if (unicode) {
      uint32_t left = NAME(next_point)(text, &a), right = NAME(next_point)(text, &b);
      if (left != right && char_canonicalize(left, mode) != char_canonicalize(right, mode)) return false;
    } else {
      uint32_t left = text.units[a++], right = text.units[b++];
      if (left != right && char_canonicalize(left, mode) != char_canonicalize(right, mode)) return false;
    }
  }
  // In Unicode mode half a surrogate pair does not match.
  if (unicode && length) {
    if (b != at + length) return false;
    if (b < text.length && b > 0 && NAME(is_pair)(text, b - 1)) return false;
    if (at > 0 && NAME(is_pair)(text, at - 1)) return false;
  }
  *position = flags & REFERENCE_BEHIND ? at : b;
  return true;
}

static bool NAME(match_references)(NAME(Text) text, const uint32_t *pc, const uint32_t *registers, uint32_t *position) {
  uint32_t count = pc[0] >> 8;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t start = registers[2 * pc[2 + i]], end = registers[2 * pc[2 + i] + 1];
    if (start == REGEXP_UNSET || end == REGEXP_UNSET) continue;
    return NAME(match_reference)(text, start, end, pc[1], position);
  }
  return true;
}

// The first position from `at` to `last` where a match may start; a position after `last` when there is none.
static inline uint32_t NAME(find_start)(const RegExpProgram *program, NAME(Text) text, uint32_t at, uint32_t last) {
  if (program->anchored == ANCHORED_LINE) {
    while (at > 0 && at <= last && !NAME(is_line_end)(text.units[at - 1])) at++;
    return at;
  }
  switch (program->prefix_kind) {
    case PREFIX_UNIT: {
      uint32_t unit = program->prefix;
#if IS_WIDE
      while (at <= last && text.units[at] != unit) at++;
#else
      const UNIT *found = memchr(text.units + at, (int)unit, last - at + 1);
      at = found ? (uint32_t)(found - text.units) : last + 1;
#endif
      break;
    }
    case PREFIX_SET: {
      const uint32_t *set = regexp_program_sets(program) + program->prefix;
      while (at <= last && !NAME(set_has)(set, text.units[at])) at++;
      break;
    }
    default: break;
  }
  return at;
}

// What ends in _OR_STOP ends the match when memory or fuel does.
#define SKIP_AND_CONTINUE(words) \
  {                              \
    pc += (words);               \
    continue;                    \
  }
#define ROOM_OR_STOP(slots)                                    \
  do {                                                         \
    if (UNLIKELY(top + (slots) > limit)) {                     \
      BacktrackSlot *grown = stack_grow(matcher, top, &limit); \
      if (!grown) {                                            \
        result = REGEXP_OUT_OF_MEMORY;                         \
        goto done;                                             \
      }                                                        \
      top = grown;                                             \
    }                                                          \
  } while (0)
#define PUSH_OR_STOP(what, kind, number)                              \
  do {                                                                \
    ROOM_OR_STOP(1);                                                  \
    *top++ = (BacktrackSlot){(uint32_t)(what) << 2 | (kind), number}; \
  } while (0)
#define PUSH_CHOICE_OR_STOP(target) PUSH_OR_STOP(target, SLOT_CHOICE, position)
#define SET_REGISTER_OR_STOP(index, number)              \
  do {                                                   \
    uint32_t which = (index);                            \
    PUSH_OR_STOP(which, SLOT_RESTORE, registers[which]); \
    registers[which] = (number);                         \
  } while (0)
#define PAY_OR_STOP(units)                                    \
  do {                                                        \
    budget -= (int32_t)(units);                               \
    if (UNLIKELY(budget < 0)) {                               \
      if (!fuel_charge(matcher->fuel, FUEL_SLICE - budget)) { \
        result = REGEXP_INTERRUPTED;                          \
        budget = FUEL_SLICE;                                  \
        goto done;                                            \
      }                                                       \
      budget = FUEL_SLICE;                                    \
    }                                                         \
  } while (0)

// A loop over single characters takes all it can, at most `most`, and counts them in `count`.
#define RUN_LOOP_OR_STOP(most)                                                   \
  do {                                                                           \
    uint32_t taken = SCAN_PIECE;                                                 \
    while (count < (most) && taken == SCAN_PIECE) {                              \
      uint32_t loop_start = position, part = MIN_OF((most) - count, SCAN_PIECE); \
      position = NAME(loop_end)(text, pc, sets, position, part, &taken);         \
      count += taken;                                                            \
      PAY_OR_STOP((position - loop_start) >> 4);                                 \
    }                                                                            \
  } while (0)

// The dispatch loop. A failed instruction goes to `backtrack`, which takes up the newest choice.
static RegExpResult NAME(match)(const RegExpProgram *program, NAME(Text) text, uint32_t start, bool here_only,
                                uint32_t *registers, RegExpMatcher *matcher) {
  const uint32_t *const code = regexp_program_code(program), *const sets = regexp_program_sets(program);
  const UNIT *const units = text.units;
  const uint32_t length = text.length;
  const bool skips_pairs = IS_WIDE && (program->flags & (REGEXP_UNICODE | REGEXP_UNICODE_SETS));
  RegExpResult result = REGEXP_NO_MATCH;
  int32_t budget = FUEL_SLICE;
  BacktrackSlot *top = matcher->stack;
  const BacktrackSlot *limit = (BacktrackSlot *)((char *)matcher->stack + matcher->stack_size);
  const uint32_t *pc = code;
  uint32_t position = start;
  for (uint32_t i = 0; i < program->group_count * 2; i++) registers[i] = REGEXP_UNSET;

  if (start > 0 && program->anchored == ANCHORED_START) goto done;
  PAY_OR_STOP(program->group_count / 8);

attempt:
  // What is anchored at the start is looked for nowhere else.
  if (!here_only && program->anchored != ANCHORED_START) {
    for (;;) {
      if (start > length || length - start < program->minimum_length) goto done;
      uint32_t end = length - program->minimum_length, last = end - start > SCAN_PIECE ? start + SCAN_PIECE : end;
      uint32_t found = NAME(find_start)(program, text, start, last);
      PAY_OR_STOP((found - start) >> 4);
      start = found;
      if (found > end) goto done;
      if (found > last) continue;
      if (!skips_pairs || start == 0 || start >= length || !NAME(is_pair)(text, start - 1)) break;
      start++;
    }
  }
  if (start > length || (start > 0 && program->anchored == ANCHORED_START)) goto done;
  position = start;
  PUSH_OR_STOP(0, SLOT_CHOICE, 0);
  pc = code + 1;
  for (;;) {
    uint32_t word = *pc, operand = word >> 8;
    switch ((RegExpOpcode)(word & 0xFF)) {
      case REGEXP_FAIL_ATTEMPT_OP:
        if (here_only || program->anchored == ANCHORED_START) goto done;
        position = start++;
        PAY_OR_STOP(1);
        if (program->leading_loop) {
          // OPTIMIZATION: see find_leading_loop.
          uint32_t count;
          uint32_t end = NAME(loop_end)(text, code + program->leading_loop, sets, position, UINT32_MAX, &count);
          if (end > start) start = end;
        }
        goto attempt;
      case REGEXP_ACCEPT_OP:
        registers[0] = start;
        registers[1] = position;
        result = REGEXP_MATCH;
        goto done;
      case REGEXP_FAIL_OP: goto backtrack;
      case REGEXP_CHAR_OP:
        if (position >= length || units[position] != operand) goto backtrack;
        position++;
        SKIP_AND_CONTINUE(1);
      case REGEXP_CHAR_IGNORE_CASE_OP:
        if (position >= length || (units[position] | 32u) != operand) goto backtrack;
        position++;
        SKIP_AND_CONTINUE(1);
      case REGEXP_LITERAL_OP: {
        if (length - position < operand) goto backtrack;
        const UNIT *at = units + position;
        const uint32_t *pair = pc + 1;
        for (uint32_t left = operand; left >= 2; left -= 2, at += 2, pair++) {
          if (((uint32_t)at[0] | (uint32_t)at[1] << 16) != *pair) goto backtrack;
        }
        if ((operand & 1) && *at != *pair) goto backtrack;
        position += operand;
        SKIP_AND_CONTINUE(1 + (operand + 1) / 2);
      }
      case REGEXP_ANY_OP:
        if (position >= length || NAME(is_line_end)(units[position])) goto backtrack;
        position++;
        SKIP_AND_CONTINUE(1);
      case REGEXP_ALL_OP:
        if (position >= length) goto backtrack;
        position++;
        SKIP_AND_CONTINUE(1);
      case REGEXP_CLASS_OP:
        if (position >= length || !NAME(set_has)(sets + operand, units[position])) goto backtrack;
        position++;
        SKIP_AND_CONTINUE(1);
      case REGEXP_CLASS_POINT_OP:
        if (position >= length || !set_has(sets + operand, NAME(next_point)(text, &position))) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_LOOP_POSSESSIVE_OP: {
        uint32_t count = 0;
        RUN_LOOP_OR_STOP(pc[3]);
        if (count < pc[2]) goto backtrack;
        SKIP_AND_CONTINUE(5);
      }
      case REGEXP_LOOP_GREEDY_OP: {
        uint32_t count = 0, from = position, least = pc[2];
        RUN_LOOP_OR_STOP(pc[3]);
        if (count < least) goto backtrack;
        if (count > least) {
          uint32_t lowest = from + least;
          if (IS_WIDE && pc[1] == LOOP_OF_POINTS) {
            lowest = from;
            for (uint32_t i = 0; i < least; i++) NAME(next_point)(text, &lowest);
          }
          ROOM_OR_STOP(2);
          *top++ = (BacktrackSlot){lowest, 0};
          *top++ = (BacktrackSlot){(uint32_t)(pc - code) << 2 | SLOT_GREEDY, position};
          if (pc[4] != NO_HINT && (position >= length || units[position] != pc[4])) goto backtrack;
        }
        SKIP_AND_CONTINUE(5);
      }
      case REGEXP_LOOP_LAZY_OP: {
        uint32_t count = 0, least = pc[2], most = pc[3];
        RUN_LOOP_OR_STOP(least);
        if (count < least) goto backtrack;
        ROOM_OR_STOP(2);
        *top++ = (BacktrackSlot){most == UINT32_MAX ? UINT32_MAX : most - least, 0};
        *top++ = (BacktrackSlot){(uint32_t)(pc - code) << 2 | SLOT_LAZY, position};
        if (pc[4] != NO_HINT && (position >= length || units[position] != pc[4])) goto backtrack;
        SKIP_AND_CONTINUE(5);
      }
      case REGEXP_JUMP_OP: pc = code + operand; continue;
      case REGEXP_JUMP_BACK_OP:
        PAY_OR_STOP(1);
        pc = code + operand;
        continue;
      case REGEXP_SPLIT_OP: PUSH_CHOICE_OR_STOP(operand); SKIP_AND_CONTINUE(1);
      case REGEXP_SPLIT_LAZY_OP:
        PUSH_CHOICE_OR_STOP(pc + 1 - code);
        pc = code + operand;
        continue;
      case REGEXP_SPLIT_CLASS_OP:
        if (position >= length || !NAME(set_has)(sets + pc[1], units[position])) {
          pc = code + operand;
          continue;
        }
        PUSH_CHOICE_OR_STOP(operand);
        SKIP_AND_CONTINUE(2);
      case REGEXP_BRANCH_CLASS_OP:
        if (position >= length || !NAME(set_has)(sets + pc[1], units[position])) {
          pc = code + operand;
          continue;
        }
        SKIP_AND_CONTINUE(2);
      case REGEXP_BRANCH_END_OP:
        if (position < length) {
          pc = code + operand;
          continue;
        }
        SKIP_AND_CONTINUE(1);
      case REGEXP_DISPATCH_OP: {
        if (position >= length) goto backtrack;
        uint32_t unit = units[position];
        uint32_t offset = pc[1];
        if (unit < 256) offset = pc[2 + unit / 2] >> (unit & 1 ? 16 : 0) & 0xFFFF;
        if (offset == 0) goto backtrack;
        SKIP_AND_CONTINUE(offset);
      }
      case REGEXP_SWITCH_OP: {
        if (position >= length) goto backtrack;
        uint32_t index = units[position] - operand;
        if (index >= pc[1] || pc[2 + index] == 0) goto backtrack;
        position++;
        pc = code + pc[2 + index];
        continue;
      }
      case REGEXP_SWITCH_SORTED_OP: {
        if (position >= length) goto backtrack;
        uint32_t target = switch_target(pc, units[position]);
        if (target == 0) goto backtrack;
        position++;
        pc = code + target;
        continue;
      }
      case REGEXP_SWITCH_POINT_OP: {
        if (position >= length) goto backtrack;
        uint32_t target = switch_target(pc, NAME(next_point)(text, &position));
        if (target == 0) goto backtrack;
        pc = code + target;
        continue;
      }
      case REGEXP_SAVE_OP: SET_REGISTER_OR_STOP(operand, position); SKIP_AND_CONTINUE(1);
      case REGEXP_SAVE_FIXED_OP:
        SET_REGISTER_OR_STOP(operand, position - pc[1]);
        SET_REGISTER_OR_STOP(operand + 1, position);
        SKIP_AND_CONTINUE(2);
      case REGEXP_CLEAR_OP:
        for (uint32_t i = operand; i < pc[1]; i++) {
          if (registers[i] != REGEXP_UNSET) SET_REGISTER_OR_STOP(i, REGEXP_UNSET);
        }
        SKIP_AND_CONTINUE(2);
      case REGEXP_COUNT_START_OP: SET_REGISTER_OR_STOP(operand, 0); SKIP_AND_CONTINUE(1);
      case REGEXP_COUNT_LOOP_OP: {
        uint32_t count = registers[operand];
        if (count >= pc[1]) {
          if (count >= pc[2]) {
            pc = code + pc[3];
            continue;
          }
          PUSH_CHOICE_OR_STOP(pc[3]);
        }
        SKIP_AND_CONTINUE(4);
      }
      case REGEXP_COUNT_LOOP_LAZY_OP: {
        uint32_t count = registers[operand];
        if (count >= pc[1]) {
          if (count < pc[2]) PUSH_CHOICE_OR_STOP(pc + 4 - code);
          pc = code + pc[3];
          continue;
        }
        SKIP_AND_CONTINUE(4);
      }
      case REGEXP_COUNT_NEXT_OP: {
        uint32_t count = registers[operand];
        if (count < UINT32_MAX - 1) SET_REGISTER_OR_STOP(operand, count + 1);
        PAY_OR_STOP(1);
        pc = code + pc[1];
        continue;
      }
      case REGEXP_EMPTY_CHECK_OP:
        if (registers[operand] == position) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_EMPTY_CHECK_COUNTED_OP:
        // A required iteration may match nothing, and so may those after it: each has its own choices.
        if (registers[operand] == position && registers[pc[1]] >= pc[2]) goto backtrack;
        SKIP_AND_CONTINUE(3);
      case REGEXP_START_OP:
        if (position != 0) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_END_OP:
        if (position != length) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_LINE_START_OP:
        if (position != 0 && !NAME(is_line_end)(units[position - 1])) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_LINE_END_OP:
        if (position != length && !NAME(is_line_end)(units[position])) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_WORD_BOUNDARY_OP:
        if (!NAME(is_boundary)(text, position, operand)) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_NOT_WORD_BOUNDARY_OP:
        if (NAME(is_boundary)(text, position, operand)) goto backtrack;
        SKIP_AND_CONTINUE(1);
      case REGEXP_BACK_REFERENCE_OP: {
        uint32_t from = position;
        if (!NAME(match_references)(text, pc, registers, &position)) goto backtrack;
        PAY_OR_STOP((position > from ? position - from : from - position) >> 4);
        SKIP_AND_CONTINUE(2 + operand);
      }
      case REGEXP_RETREAT_OP:
        if (position < operand) goto backtrack;
        position -= operand;
        SKIP_AND_CONTINUE(1);
      case REGEXP_RETREAT_POINT_OP:
        if (position == 0) goto backtrack;
        position = NAME(previous_point)(text, position);
        SKIP_AND_CONTINUE(1);
      case REGEXP_PEEK_OP: {
        bool behind = pc[1] & PEEK_BEHIND, negative = pc[1] & PEEK_NEGATIVE;
        bool inside = behind ? position > 0 : position < length;
        bool has = inside && NAME(set_has)(sets + operand, units[behind ? position - 1 : position]);
        if (has == negative) goto backtrack;
        SKIP_AND_CONTINUE(2);
      }
      case REGEXP_LOOK_OP:
        registers[operand] = (uint32_t)(top - (BacktrackSlot *)matcher->stack);
        registers[operand + 1] = position;
        SKIP_AND_CONTINUE(1);
      case REGEXP_LOOK_END_OP:
        top = stack_drop_choices((BacktrackSlot *)matcher->stack + registers[operand], top);
        position = registers[operand + 1];
        SKIP_AND_CONTINUE(1);
      case REGEXP_LOOK_END_PLAIN_OP:
        top = (BacktrackSlot *)matcher->stack + registers[operand];
        position = registers[operand + 1];
        SKIP_AND_CONTINUE(1);
      case REGEXP_NEGATIVE_LOOK_OP:
        registers[operand] = (uint32_t)(top - (BacktrackSlot *)matcher->stack);
        PUSH_CHOICE_OR_STOP(pc[1]);
        SKIP_AND_CONTINUE(2);
      case REGEXP_NEGATIVE_LOOK_END_OP: {
        BacktrackSlot *height = (BacktrackSlot *)matcher->stack + registers[operand];
        stack_unwind(height, top, registers);
        top = height;
        goto backtrack;
      }
      case REGEXP_OPCODE_COUNT: UNREACHABLE();
    }

  backtrack:
    PAY_OR_STOP(1);
    for (;;) {
      BacktrackSlot *slot = top - 1;
      uint32_t what = slot->head >> 2, kind = slot->head & 3;
      if (kind == SLOT_CHOICE) {
        position = slot->value;
        pc = code + what;
        top = slot;
        break;
      }
      if (kind == SLOT_RESTORE) {
        registers[what] = slot->value;
        top = slot;
        continue;
      }
      const uint32_t *loop = code + what;
      uint32_t hint = loop[4];
      position = slot->value;
      if (kind == SLOT_GREEDY) {
        uint32_t lowest = slot[-1].head;
        if (IS_WIDE && loop[1] == LOOP_OF_POINTS) {
          position = NAME(previous_point)(text, position);
        } else {
          position--;
          if (hint != NO_HINT) {
            while (position > lowest && units[position] != hint) position--;
            PAY_OR_STOP((slot->value - position) >> 5);
          }
        }
        if (position == lowest) {
          top = slot - 1;
          if (hint != NO_HINT && (position >= length || units[position] != hint)) continue;
        } else {
          slot->value = position;
        }
        pc = loop + 5;
        break;
      }
      // SLOT_LAZY
      bool found = NAME(lazy_advance)(text, loop, sets, &slot[-1].head, &position);
      PAY_OR_STOP((position - slot->value) >> 4);
      if (found) {
        slot->value = position;
        pc = loop + 5;
        break;
      }
      top = slot - 1;
    }
  }

done:
  matcher->fuel->remaining -= FUEL_SLICE - budget;
  return result;
}

#undef SKIP_AND_CONTINUE
#undef ROOM_OR_STOP
#undef PUSH_OR_STOP
#undef PUSH_CHOICE_OR_STOP
#undef SET_REGISTER_OR_STOP
#undef PAY_OR_STOP
#undef RUN_LOOP_OR_STOP
