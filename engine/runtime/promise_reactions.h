// The cells in which promises keep their reactions; only promises.c and jobs.c use them.
#ifndef CAISSON_PROMISE_REACTIONS_H
#define CAISSON_PROMISE_REACTIONS_H

#include "runtime/promises.h"

enum {  // values of REACTION_THEN
  REACTION_ON_FULFILLED,
  REACTION_ON_REJECTED,  // both undefined or callable
  REACTION_PROMISE,      // the capability; undefined: none
  REACTION_RESOLVE,
  REACTION_REJECT,
  REACTION_THEN_VALUES,
  REACTION_GENERATOR = 0,  // the only value of REACTION_AWAIT
};

typedef struct PromiseReaction PromiseReaction;
struct PromiseReaction {
  Cell cell;  // small: ReactionKind; extra: see reaction_program
  PromiseReaction *next;
  Value values[];
};
// The number of the program that waits (programs.h).
static inline uint32_t reaction_program(const PromiseReaction *reaction) { return reaction->cell.extra; }
static inline void reaction_set_program(PromiseReaction *reaction, uint32_t program) { reaction->cell.extra = program; }

typedef struct NativePromiseReaction {  // REACTION_NATIVE
  PromiseReaction reaction;
  Value data;
  NativeReaction native;
} NativePromiseReaction;

#endif
