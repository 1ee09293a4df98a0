// Which code units a part of a pattern can start with: what lets the code generator skip attempts and choices.
#ifndef CAISSON_REGEXP_FIRST_SET_H
#define CAISSON_REGEXP_FIRST_SET_H

#include "regexp/pattern.h"

typedef struct FirstSet {
  uint32_t bits[8];  // units below 256
  bool wide;         // some unit above
  bool unknown;      // anything, even the end of the text
  bool end;          // or nothing at all, at the end of the text: such a set is no test for a unit
} FirstSet;

// What comes after a part of a pattern, innermost first.
typedef struct Follow Follow;
struct Follow {
  const Follow *outer;
  const PatternNode *rest;  // a list of nodes that come next
  const PatternNode *loop;  // or: the body of a loop, which may come again
  bool end;                 // the match, or an atomic part of it, is complete here
  bool unknown;
};

// Adds what the node can start with. True: it may match nothing, so what follows counts too.
bool first_set_add_node(FirstSet *set, const PatternNode *node);
// Adds what can come next; `unknown` when that may be the end.
void first_set_add_follow(FirstSet *set, const Follow *follow);
// The node, and what follows where it may match nothing.
FirstSet first_set_of(const PatternNode *node, const Follow *follow);
bool first_sets_are_disjoint(const FirstSet *a, const FirstSet *b);
void first_set_unite(FirstSet *set, const FirstSet *other);
// The one unit below 256 in it, or UINT32_MAX.
uint32_t first_set_only_unit(const FirstSet *set);
bool first_set_is_everything(const FirstSet *set);
bool first_set_is_end(const FirstSet *set);
// Nothing but the end comes next.
bool follow_is_end(const Follow *follow);

#endif
