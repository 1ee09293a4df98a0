// Loops here are bounded: FIRST_SET_BUDGET ends each look at the tree, and bounds recursion too.

#include "regexp/first_set.h"

// Nodes looked at before giving up: keeps long runs of optional parts from costing quadratic time.
enum { FIRST_SET_BUDGET = 200 };

static void add_unit(FirstSet *set, uint32_t unit) {
  if (unit < 256) {
    set->bits[unit >> 5] |= 1u << (unit & 31);
  } else {
    set->wide = true;
  }
}

static void add_members(FirstSet *set, const CharSet *members) {
  for (uint32_t i = 0; i < members->count; i += 2) {
    for (uint32_t c = members->toggles[i]; c < members->toggles[i + 1] && c < 256; c++) add_unit(set, c);
  }
  if (members->count && members->toggles[members->count - 1] > 256) set->wide = true;
}

static bool add_node(FirstSet *set, const PatternNode *node, uint32_t *budget);

static bool add_list(FirstSet *set, const PatternNode *node, uint32_t *budget) {
  for (; node; node = node->next) {
    if (!add_node(set, node, budget)) return false;
  }
  return true;
}

static bool add_node(FirstSet *set, const PatternNode *node, uint32_t *budget) {
  if (*budget == 0) {
    set->unknown = true;
    return false;
  }
  --*budget;
  switch ((NodeKind)node->kind) {
    case NODE_CHAR: add_unit(set, node->character); return false;
    case NODE_SET: add_members(set, &node->set); return false;
    case NODE_SEQUENCE: return add_list(set, node->first, budget);
    case NODE_ALTERNATION: {
      bool may_be_empty = false;
      for (const PatternNode *child = node->first; child; child = child->next) {
        may_be_empty |= add_node(set, child, budget);
      }
      return may_be_empty;
    }
    case NODE_SWITCH: first_set_unite(set, node->heads); return false;
    case NODE_CAPTURE: return add_node(set, node->body, budget);
    case NODE_REPEAT: {
      if (node->most == 0) return true;
      bool may_be_empty = add_node(set, node->body, budget);
      return may_be_empty || node->least == 0;
    }
    case NODE_BACK_REFERENCE: set->unknown = true; return true;
    case NODE_ASSERTION:
      if (node->assertion != ASSERT_END) return true;
      set->end = true;
      return false;
    case NODE_EMPTY:
    case NODE_CAPTURE_END:
    case NODE_LOOK: return true;
  }
  return true;
}

bool first_set_add_node(FirstSet *set, const PatternNode *node) {
  uint32_t budget = FIRST_SET_BUDGET;
  return add_node(set, node, &budget);
}

void first_set_add_follow(FirstSet *set, const Follow *follow) {
  uint32_t budget = FIRST_SET_BUDGET;
  for (; follow; follow = follow->outer) {
    if (follow->end || follow->unknown || set->unknown || budget == 0) break;
    if (follow->loop) add_node(set, follow->loop, &budget);
    if (follow->rest && !add_list(set, follow->rest, &budget)) return;
    budget -= budget > 0;
  }
  set->unknown = true;
}

FirstSet first_set_of(const PatternNode *node, const Follow *follow) {
  FirstSet set = {0};
  if (first_set_add_node(&set, node)) first_set_add_follow(&set, follow);
  return set;
}

bool first_sets_are_disjoint(const FirstSet *a, const FirstSet *b) {
  if (a->unknown || b->unknown || (a->wide && b->wide) || (a->end && b->end)) return false;
  for (int i = 0; i < 8; i++) {
    if (a->bits[i] & b->bits[i]) return false;
  }
  return true;
}

void first_set_unite(FirstSet *set, const FirstSet *other) {
  for (int i = 0; i < 8; i++) set->bits[i] |= other->bits[i];
  set->wide |= other->wide;
  set->unknown |= other->unknown;
  set->end |= other->end;
}

uint32_t first_set_only_unit(const FirstSet *set) {
  if (set->unknown || set->wide || set->end) return UINT32_MAX;
  uint32_t only = UINT32_MAX;
  for (uint32_t i = 0; i < 8; i++) {
    uint32_t bits = set->bits[i];
    if (bits == 0) continue;
    if (only != UINT32_MAX || (bits & (bits - 1))) return UINT32_MAX;
    only = i * 32 + (uint32_t)__builtin_ctz(bits);
  }
  return only;
}

bool first_set_is_end(const FirstSet *set) {
  for (int i = 0; i < 8; i++) {
    if (set->bits[i]) return false;
  }
  return set->end && !set->wide && !set->unknown;
}

bool first_set_is_everything(const FirstSet *set) {
  if (set->unknown || set->end) return true;
  for (int i = 0; i < 8; i++) {
    if (~set->bits[i]) return false;
  }
  return set->wide;
}

bool follow_is_end(const Follow *follow) {
  for (; follow; follow = follow->outer) {
    if (follow->end) return true;
    if (follow->unknown || follow->loop) return false;
    for (const PatternNode *node = follow->rest; node; node = node->next) {
      if (node->kind != NODE_EMPTY) return false;
    }
  }
  return false;
}
