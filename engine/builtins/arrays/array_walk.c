// Walks over indices skip many holes at once: an array of length 2^32 - 1 with two elements takes two steps.
//
// A hole may be skipped when a lookup would run no guest code and find nothing: the object and its prototypes are
// ordinary, and only the object itself has indices. Dense elements are scanned in place; keys of the shape are visited
// in ascending order (runtime/index_order.h). Changes that the guest makes between two steps are seen.
#include <math.h>

#include "builtins/arrays/array.h"
#include "builtins/intrinsics.h"
#include "runtime/errors.h"
#include "runtime/index_order.h"
#include "runtime/own_property.h"

enum { WALK_FEW = 8 };  // for so few holes an order does not pay off
#define ARRAY_INDEX_END 4294967295.0

// Keys -----------------------------------------------------------------------------------------------------

static bool shape_has_indices(Context *cx, const Shape *shape, double end) {
  if (shape->cell.flags & SHAPE_HAS_INDEX_KEYS) return true;
  if (end <= ARRAY_INDEX_END) return false;
  double index;
  fuel_spend(&cx->fuel, shape->count / FUEL_STEPS_PER_UNIT);
  for (uint32_t i = 0; i < shape->count; i++) {
    if (shape->properties->entries[i].key && key_as_large_index(shape->properties->entries[i].key, &index)) return true;
  }
  return false;
}

static bool array_holes_are_silent(Context *cx, const Object *object, double end) {
  enum { PROTOTYPES_MAX = 16 };  // longer chains are not checked
  if (object->shape->cell.flags & SHAPE_EXOTIC) return false;
  const Object *prototype = object->shape->prototype;
  for (int i = 0; prototype; i++, prototype = prototype->shape->prototype) {
    if (i == PROTOTYPES_MAX || prototype->element_count || prototype->shape->cell.flags & SHAPE_EXOTIC ||
        shape_has_indices(cx, prototype->shape, end)) {
      return false;
    }
  }
  return true;
}

bool array_moves_silently(Context *cx, const Object *object, double end) {
  enum { GUARDED = OBJECT_ELEMENTS_SEALED | OBJECT_ELEMENTS_FROZEN | OBJECT_LENGTH_READ_ONLY };
  return !(object->cell.flags & GUARDED) &&
         !(object->shape->cell.flags & (SHAPE_NOT_EXTENSIBLE | SHAPE_HAS_READ_ONLY)) &&
         array_holes_are_silent(cx, object, end);
}

// Walking --------------------------------------------------------------------------------------------------

bool array_seek_slowly(Context *cx, Object *object, double *index, double end) {
  if (end - *index <= WALK_FEW || !array_holes_are_silent(cx, object, end)) return true;
  uint32_t step = 0;
  for (; *index < object->element_count && *index < end; ++*index) {
    if (!value_is_hole(object->elements->items[(uint32_t)*index])) return true;
    if (!context_step(cx, &step)) return false;
  }
  if (*index >= end) return true;
  double next = end;
  if (shape_has_indices(cx, object->shape, end) && !index_order_seek(cx, object, *index, false, &next)) return false;
  *index = MIN_OF(next, end);
  return true;
}

bool array_seek_back_slowly(Context *cx, Object *object, double *index) {
  if (*index < WALK_FEW || !array_holes_are_silent(cx, object, *index + 1)) return true;
  if (*index >= object->element_count) {
    double next = INFINITY;
    if (shape_has_indices(cx, object->shape, *index + 1) && !index_order_seek(cx, object, *index, true, &next))
      return false;
    double last = object->element_count - 1.0;
    *index = isinf(next) ? last : MAX_OF(next, last);
    if (*index > last || *index < 0) return true;
  }
  uint32_t step = 0;
  for (; *index >= 0; --*index) {
    if (!value_is_hole(object->elements->items[(uint32_t)*index])) return true;
    if (!context_step(cx, &step)) return false;
  }
  return true;
}

// Moves *offset, which counts from the beginning of a range (from its end when backwards), to the next index that may
// be present.
static MUST_CHECK bool seek_within(Context *cx, Object *object, double start, double count, bool backwards,
                                   double *offset) {
  double last = start + count - 1, at = backwards ? last - *offset : start + *offset;
  if (!(backwards ? array_seek_back(cx, object, &at) : array_seek(cx, object, &at, last + 1))) return false;
  *offset = backwards ? last - at : at - start;
  return true;
}

bool array_move_range(Context *cx, Object *object, double from, double to, double count, bool backwards) {
  ROOTS(cx, r, element);
  bool is_silent = array_moves_silently(cx, object, MAX_OF(from, to) + count);
  if (!replay_note_flag(cx, &is_silent) || (!is_silent && !replay_must_record(cx))) return false;
  double source = -1, target = -1;  // offsets of the next indices that may be present
  ReplayLoop loop = {0};
  for (double i = 0;; i++) {
    if (!array_begin_round(cx, &loop, &i)) return false;
    if (i >= count) return true;
    // OPTIMIZATION: where both are absent nothing happens. No guest code runs meanwhile, and stores only touch what is
    // behind, so the indices ahead need one lookup.
    if (is_silent) {
      if (source < i) {
        source = i;
        if (!seek_within(cx, object, from, count, backwards, &source)) return false;
      }
      if (target < i) {
        target = i;
        if (!seek_within(cx, object, to, count, backwards, &target)) return false;
      }
      i = MIN_OF(source, target);
    }
    if (i >= count) return true;
    double offset = backwards ? count - 1 - i : i;
    if (!array_get_if_present(cx, object, from + offset, &r->element)) return false;
    if (value_is_hole(r->element) ? !array_delete_index(cx, object, to + offset)
                                  : !array_set_index(cx, object, to + offset, r->element)) {
      return false;
    }
  }
}

// For self-hosted loops ------------------------------------------------------------------------------------

// (object, index, end): the first index from `index` on that may be present, or the end.
Value intrinsic_array_seek(Context *cx, const Call *call) {
  double index = value_as_number(call->arguments[1]), end = value_as_number(call->arguments[2]);
  if (!array_seek(cx, value_as_object(call->arguments[0]), &index, end)) return VALUE_ABRUPT;
  return value_number(index);
}

// (object, index): the last index from `index` down that may be present, or -1.
Value intrinsic_array_seek_back(Context *cx, const Call *call) {
  double index = value_as_number(call->arguments[1]);
  if (!array_seek_back(cx, value_as_object(call->arguments[0]), &index)) return VALUE_ABRUPT;
  return value_number(index);
}
