// What the files of Array share: element access by any array index up to 2^53 - 1, and the conditions of fast paths.
// Natives also serve array-likes, so each fast path has a generic twin.
#ifndef CAISSON_BUILTINS_ARRAY_H
#define CAISSON_BUILTINS_ARRAY_H

#include "runtime/functions.h"
#include "runtime/realm.h"
#include "runtime/replay.h"

#define ARRAY_LARGEST_LENGTH 9007199254740991.0  // 2^53 - 1
// Fast paths that would fill holes up to an index do so only below this.
enum { ARRAY_DENSE_LIMIT = 1 << 26 };

// Elements below `element_count` may be read, written, added and removed directly.
bool array_is_mutable(const Object *object);
// The next two are for fast paths that run no guest code and end the work.
// Mutable, and all indices below `length` are in `elements`.
static inline bool array_is_full(const Context *cx, const Object *object, double length) {
  return !replay_is_repeating(cx) && array_is_mutable(object) && object->element_count == object->length &&
         object->length == length;
}

// Mutable, and all indices below `length` that are not in `elements` are holes.
static inline bool array_is_plain(const Context *cx, const Object *object, double length) {
  return !replay_is_repeating(cx) && array_is_mutable(object) && !(object->cell.flags & OBJECT_SPARSE) &&
         object->length == length;
}

// Get, Set (throwing), CreateDataPropertyOrThrow and DeletePropertyOrThrow with an integral index.
Value array_get_index(Context *cx, Object *object, double index);
MUST_CHECK bool array_set_index(Context *cx, Object *object, double index, Value value);
MUST_CHECK bool array_create_index(Context *cx, Object *object, double index, Value value);
MUST_CHECK bool array_delete_index(Context *cx, Object *object, double index);
MUST_CHECK bool array_put_length(Context *cx, Object *object, double length);  // Set(object, "length", length, true)
// Get if present; *value is VALUE_HOLE when absent. Rooted storage.
MUST_CHECK bool array_get_if_present(Context *cx, Object *object, double index, Value *value);

// OPTIMIZATION: walks skip holes where the guest cannot notice it (array_walk.c). *index moves to the first index
// before the end that may be present, or to the end. False: threw.
MUST_CHECK bool array_seek_slowly(Context *cx, Object *object, double *index, double end);
// Moves down to the last index that may be present, or to -1.
MUST_CHECK bool array_seek_back_slowly(Context *cx, Object *object, double *index);
// The element lies in `elements`.
static inline bool array_has_element(const Object *object, double index) {
  return index < object->element_count && !value_is_hole(object->elements->items[(uint32_t)index]);
}
static inline MUST_CHECK bool array_seek(Context *cx, Object *object, double *index, double end) {
  if (*index >= end || (!replay_is_recording(cx) && array_has_element(object, *index))) return true;
  return array_seek_slowly(cx, object, index, end) && replay_note_number(cx, index);
}
static inline MUST_CHECK bool array_seek_back(Context *cx, Object *object, double *index) {
  if (*index < 0 || (!replay_is_recording(cx) && array_has_element(object, *index))) return true;
  return array_seek_back_slowly(cx, object, index) && replay_note_number(cx, index);
}
// Begins a round of a loop over indices, also the one that finds the end: pays for it, and goes on where the step was
// abandoned.
static inline MUST_CHECK bool array_begin_round(Context *cx, ReplayLoop *loop, double *index) {
  if (LIKELY(context_charge(cx, 1))) return replay_round(cx, loop, index);
  context_throw_interrupted(cx);
  return false;
}
// The same where another number changes from round to round.
static inline MUST_CHECK bool array_begin_round_of_two(Context *cx, ReplayLoop *loop, double *index, double *other) {
  if (UNLIKELY(!context_charge(cx, 1))) return context_throw_interrupted(cx), false;
  return replay_round_pair(cx, loop, index, other);
}
// Whether holes below `end` may be skipped, and storing and deleting elements runs no guest code and never fails.
bool array_moves_silently(Context *cx, const Object *object, double end);
// Moves elements one by one as copyWithin, splice, shift and unshift do: for an absent element the target is deleted.
MUST_CHECK bool array_move_range(Context *cx, Object *object, double from, double to, double count, bool backwards);

// Stores ToObject(this) in *rooted and reads its length.
MUST_CHECK bool array_enter(Context *cx, const Call *call, Value *rooted, double *length);
// Appends an element to an array that the guest has not seen yet, unless a step that is run again has done so.
static inline MUST_CHECK bool array_append_once(Context *cx, Object *array, double index, Value value) {
  return array->length > index || array_push(cx, array, value);
}
// Fills a fresh, empty array with elements [start, end) of a dense one, which may reach beyond element_count (holes).
MUST_CHECK bool array_copy_into(Context *cx, Object *result, const Object *source, uint32_t start, uint32_t end);
// A dense array with a copy of elements [start, end), which may reach beyond element_count (holes).
MUST_CHECK Object *array_copy_range(Context *cx, const Object *source, uint32_t start, uint32_t end);
// https://tc39.es/ecma262/#sec-arrayspeciescreate  *is_plain: a fresh Array that nobody else has seen.
MUST_CHECK Object *array_species_create(Context *cx, Object *original, double length, bool *is_plain);
// Makes elements 0 .. count-1 part of the array, absent ones as holes; afterwards the length is at least `count`.
MUST_CHECK bool array_extend_elements(Context *cx, Object *array, uint32_t count);
// Shortens a full array.
void array_drop_elements(Context *cx, Object *array, uint32_t count);

// Sorts pairs by their first values, which are strings; `scratch` has as much room. Both are rooted.
MUST_CHECK bool array_sort_pairs(Context *cx, Value *pairs, Value *scratch, uint32_t count);

Value array_get_species(Context *cx, const Call *call);  // get Array[@@species]

// Natives that are in other files than array.c.
Value array_prototype_includes(Context *cx, const Call *call);
Value array_prototype_index_of(Context *cx, const Call *call);
Value array_prototype_last_index_of(Context *cx, const Call *call);
Value array_prototype_join(Context *cx, const Call *call);
Value array_prototype_to_string(Context *cx, const Call *call);
Value array_prototype_to_locale_string(Context *cx, const Call *call);
Value array_prototype_flat(Context *cx, const Call *call);
Value array_prototype_entries(Context *cx, const Call *call);
Value array_prototype_keys(Context *cx, const Call *call);
Value array_prototype_values(Context *cx, const Call *call);
// An iterator over any object with elements (arrays, typed arrays). kind: see slotted.h
Value array_iterator_create(Context *cx, Value object, int32_t kind);
// Makes Array.prototype[@@unscopables]; part of making a realm.

#endif
