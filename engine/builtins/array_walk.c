// Walks over indices pass many holes at once: an array of length 2^32 - 1 with two elements takes two steps.
//
// A hole may be passed when asking for it runs nobody's code and finds nothing: the object and all that it inherits
// from are ordinary, and only the object itself has indices. Dense elements are looked through where they lie. Keys of
// the shape are in no order, so the walk keeps those that lie ahead in a heap (a binary one: the next on top). It may
// outlive calls of the guest: keys are only ever appended to a table of properties, so the walk takes in what came
// since it last looked, and begins anew with another table. Of keys that were deleted it asks in vain, which nobody can
// tell.
#include <math.h>

#include "builtins/array.h"
#include "builtins/intrinsics.h"
#include "runtime/errors.h"
#include "runtime/own_property.h"

// Fields of the Record that a walk keeps. Its heap holds the indices, negated when the walk goes down.
enum { WALK_HEAP, WALK_COUNT, WALK_TABLE, WALK_SEEN, WALK_FIELDS };
enum { WALK_FEW = 8 };  // holes that are not worth a heap
#define ARRAY_INDEX_END 4294967295.0

// Keys -----------------------------------------------------------------------------------------------------

// The index up to 2^53 - 2 that a key stands for.
// bounded: such indices have 16 digits at most.
static bool key_as_large_index(PropertyKey key, double *index) {
  uint32_t small;
  if (key_as_array_index(key, &small)) {
    *index = small;
    return true;
  }
  if (!key_is_atom(key)) return false;
  const String *atom = value_as_string(key);
  if (atom->cell.flags & STRING_WIDE || atom->cell.extra < 10 || atom->cell.extra > 16 || atom->narrow[0] == '0') {
    return false;
  }
  *index = 0;
  for (uint32_t i = 0; i < atom->cell.extra; i++) {
    uint32_t digit = atom->narrow[i] - (uint32_t)'0';
    if (digit > 9) return false;
    *index = *index * 10 + digit;
  }
  return *index < ARRAY_LARGEST_LENGTH;
}

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
  enum { PROTOTYPES_MAX = 16 };  // longer chains are not worth finding out
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

// The heap -------------------------------------------------------------------------------------------------

// bounded: the logarithm of the count, and each round is paid for.
static void walk_sift_down(Context *cx, Value *items, uint32_t root, uint32_t count) {
  Value moved = items[root];
  double key = value_as_number(moved);
  fuel_spend(&cx->fuel, 1);
  for (uint32_t child; (child = root * 2 + 1) < count; root = child) {
    if (child + 1 < count && value_as_number(items[child + 1]) < value_as_number(items[child])) child++;
    if (key <= value_as_number(items[child])) break;
    items[root] = items[child];
  }
  items[root] = moved;
}

// bounded: the logarithm of the count.
static void walk_add(Values *heap, uint32_t count, double key) {
  uint32_t place = count;
  for (uint32_t parent; place > 0; place = parent) {
    parent = (place - 1) / 2;
    if (value_as_number(heap->items[parent]) <= key) break;
    heap->items[place] = heap->items[parent];
  }
  heap->items[place] = value_double(key);
}

// Takes in the keys [seen, shape->count) that lie ahead.
static MUST_CHECK bool walk_take_in(Context *cx, Record *walk, const Object *object, uint32_t seen, double ahead,
                                    int sign) {
  const Shape *shape = object->shape;
  uint32_t count = (uint32_t)value_as_number(walk->items[WALK_COUNT]), step = 0;
  Values *heap = value_is_internal(walk->items[WALK_HEAP]) ? (Values *)value_as_cell(walk->items[WALK_HEAP]) : NULL;
  uint32_t needed = count + (shape->count - seen);
  if (!heap || heap->cell.extra < needed) {
    Values *larger = values_create(cx, needed + needed / 2);
    if (!larger) return false;
    if (count) memcpy(larger->items, heap->items, count * sizeof(Value));
    cell_store(&walk->cell, &walk->items[WALK_HEAP], value_internal(larger));
    heap = larger;
  }
  for (uint32_t i = seen; i < shape->count; i++) {
    if (!context_step(cx, &step)) return false;
    double index;
    PropertyKey key = shape->properties->entries[i].key;
    if (!key || !key_as_large_index(key, &index) || sign * index < ahead) continue;
    walk_add(heap, count++, sign * index);
  }
  walk->items[WALK_COUNT] = value_number(count);
  walk->items[WALK_SEEN] = value_number(shape->count);
  walk->items[WALK_TABLE] = value_number(shape->count ? shape->properties->serial : 0);
  return true;
}

// The least index of the shape's, times sign, that is not below `ahead`; INFINITY when there is none.
static MUST_CHECK bool walk_next(Context *cx, Object *object, double ahead, int sign, Value *rooted, double *next) {
  const Shape *shape = object->shape;
  if (!value_is_internal(*rooted)) {
    Record *record = record_create(cx, 0, WALK_FIELDS);
    if (!record) return false;
    *rooted = value_internal(record);
  }
  Record *walk = (Record *)value_as_cell(*rooted);
  double seen = value_is_number(walk->items[WALK_SEEN]) ? value_as_number(walk->items[WALK_SEEN]) : -1;
  bool is_known = seen >= 0 && seen <= shape->count &&
                  value_as_number(walk->items[WALK_TABLE]) == (shape->count ? shape->properties->serial : 0);
  if (!is_known) {
    walk->items[WALK_COUNT] = value_int(0);
    seen = 0;
  }
  if ((!is_known || seen < shape->count) && !walk_take_in(cx, walk, object, (uint32_t)seen, ahead, sign)) return false;
  Value *items =
      value_is_internal(walk->items[WALK_HEAP]) ? ((Values *)value_as_cell(walk->items[WALK_HEAP]))->items : NULL;
  uint32_t count = (uint32_t)value_as_number(walk->items[WALK_COUNT]);
  while (count > 0 && value_as_number(items[0]) < ahead) {
    items[0] = items[--count];
    if (count > 0) walk_sift_down(cx, items, 0, count);
  }
  walk->items[WALK_COUNT] = value_number(count);
  *next = count > 0 ? value_as_number(items[0]) : INFINITY;
  return true;
}

// Walking --------------------------------------------------------------------------------------------------

bool array_seek_slowly(Context *cx, Object *object, double *index, double end, Value *walk) {
  if (end - *index <= WALK_FEW || !array_holes_are_silent(cx, object, end)) return true;
  uint32_t step = 0;
  for (; *index < object->element_count && *index < end; ++*index) {
    if (!value_is_hole(object->elements->items[(uint32_t)*index])) return true;
    if (!context_step(cx, &step)) return false;
  }
  if (*index >= end) return true;
  double next = end;
  if (shape_has_indices(cx, object->shape, end) && !walk_next(cx, object, *index, 1, walk, &next)) return false;
  *index = MIN_OF(next, end);
  return true;
}

bool array_seek_back_slowly(Context *cx, Object *object, double *index, Value *walk) {
  if (*index < WALK_FEW || !array_holes_are_silent(cx, object, *index + 1)) return true;
  if (*index >= object->element_count) {
    double next = INFINITY;
    if (shape_has_indices(cx, object->shape, *index + 1) && !walk_next(cx, object, -*index, -1, walk, &next))
      return false;
    double last = object->element_count - 1.0;
    *index = MAX_OF(-next, last);
    if (*index > last || *index < 0) return true;
  }
  uint32_t step = 0;
  for (; *index >= 0; --*index) {
    if (!value_is_hole(object->elements->items[(uint32_t)*index])) return true;
    if (!context_step(cx, &step)) return false;
  }
  return true;
}

// Moves *offset, which counts from the beginning of a range (from its end when backwards), to what may be present
// there.
static MUST_CHECK bool seek_within(Context *cx, Object *object, double start, double count, bool backwards, Value *walk,
                                   double *offset) {
  double last = start + count - 1, at = backwards ? last - *offset : start + *offset;
  if (!(backwards ? array_seek_back(cx, object, &at, walk) : array_seek(cx, object, &at, last + 1, walk))) return false;
  *offset = backwards ? last - at : at - start;
  return true;
}

bool array_move_range(Context *cx, Object *object, double from, double to, double count, bool backwards) {
  ROOTS(cx, r, element, sources, targets);
  bool is_silent = array_moves_silently(cx, object, MAX_OF(from, to) + count);
  double source = -1, target = -1;  // offsets of the next ones that may be present
  for (double i = 0; i < count; i++) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    // OPTIMIZATION: where both are absent nothing happens. No code of the guest's runs meanwhile, and what is written
    // is behind, so what lies ahead is asked for once.
    if (is_silent) {
      if (source < i) {
        source = i;
        if (!seek_within(cx, object, from, count, backwards, &r->sources, &source)) return false;
      }
      if (target < i) {
        target = i;
        if (!seek_within(cx, object, to, count, backwards, &r->targets, &target)) return false;
      }
      i = MIN_OF(source, target);
    }
    if (i >= count) break;
    double offset = backwards ? count - 1 - i : i;
    if (!array_get_if_present(cx, object, from + offset, &r->element)) return false;
    if (value_is_hole(r->element) ? !array_delete_index(cx, object, to + offset)
                                  : !array_set_index(cx, object, to + offset, r->element)) {
      return false;
    }
  }
  return true;
}

// For self-hosted loops ------------------------------------------------------------------------------------

// What a walk remembers; a loop makes one at its first hole.
Value intrinsic_array_walk(Context *cx, const Call *call) {
  (void)call;
  Record *record = record_create(cx, 0, WALK_FIELDS);
  return record ? value_internal(record) : VALUE_ABRUPT;
}

// (object, index, end, walk): the first index from there on that may be present, or the end.
Value intrinsic_array_seek(Context *cx, const Call *call) {
  double index = value_as_number(call->arguments[1]), end = value_as_number(call->arguments[2]);
  Value walk = call->arguments[3];
  if (!array_seek(cx, value_as_object(call->arguments[0]), &index, end, &walk)) return VALUE_ABRUPT;
  return value_number(index);
}

// (object, index, walk): the last index down from there that may be present, or -1.
Value intrinsic_array_seek_back(Context *cx, const Call *call) {
  double index = value_as_number(call->arguments[1]);
  Value walk = call->arguments[2];
  if (!array_seek_back(cx, value_as_object(call->arguments[0]), &index, &walk)) return VALUE_ABRUPT;
  return value_number(index);
}
