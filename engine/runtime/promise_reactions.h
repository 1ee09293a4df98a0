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
  Cell cell;  // small: ReactionKind
  PromiseReaction *next;
  Value values[];
};

typedef struct NativePromiseReaction {  // REACTION_NATIVE
  PromiseReaction reaction;
  Value data;
  NativeReaction native;
} NativePromiseReaction;

#endif
