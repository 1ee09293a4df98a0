#include "runtime/collections.h"
#include "runtime/conversions.h"
#include "runtime/shapes.h"
#include "runtime/world.h"

static Value key_number(Context *cx, const char *prefix, int number) {
  char name[32];
  snprintf(name, sizeof name, "%s%d", prefix, number);
  return key_from_ascii(cx, name);
}

static Object *plain(Context *cx) {
  Object *object = object_create(cx, realm_prototype(cx, INTRINSIC_ObjectPrototype));
  CHECK(object != NULL);
  return object;
}

static void test_shapes_are_shared(Context *cx) {
  ROOTS(cx, r, a, b, c, key);
  Object *a = plain(cx);
  r->a = value_object(a);
  Object *b = plain(cx);
  r->b = value_object(b);
  for (int i = 0; i < 40; i++) {
    r->key = key_number(cx, "p", i);
    CHECK(object_set_key(cx, a, r->key, value_int(i)));
    CHECK(object_set_key(cx, b, r->key, value_int(i + 100)));
    CHECK(a->shape == b->shape);
  }
  for (int i = 0; i < 40; i++) {
    r->key = key_number(cx, "p", i);
    CHECK(object_get_key(cx, a, r->key) == value_int(i) && object_get_key(cx, b, r->key) == value_int(i + 100));
  }
  // The last property goes by going back; another makes a dictionary.
  Shape *shape = a->shape;
  r->key = key_number(cx, "p", 39);
  CHECK(object_delete(cx, a, r->key) == TRISTATE_TRUE && a->shape == shape->parent);
  r->key = key_number(cx, "p", 3);
  CHECK(object_delete(cx, a, r->key) == TRISTATE_TRUE && (a->shape->cell.flags & SHAPE_DICTIONARY));
  CHECK(object_get_key(cx, a, r->key) == VALUE_UNDEFINED);
  CHECK(object_get_key(cx, b, r->key) == value_int(103));
  r->key = key_number(cx, "p", 38);
  CHECK(object_get_key(cx, a, r->key) == value_int(38));
}

static void test_dictionary_churn(Context *cx) {
  ROOTS(cx, r, object, key);
  Object *object = plain(cx);
  r->object = value_object(object);
#ifdef CAISSON_STRESS
  int count = 700;
#else
  int count = 5000;
#endif
  for (int i = 0; i < count; i++) {
    r->key = key_number(cx, "k", i);
    CHECK(object_set_key(cx, object, r->key, value_int(i)));
    if (i >= 20) {
      r->key = key_number(cx, "k", i - 20);
      CHECK(object_delete(cx, object, r->key) == TRISTATE_TRUE);
    }
    if (i % 7 == 0) object->shape->cell.flags |= SHAPE_CACHED;
  }
  for (int i = 0; i < count; i++) {
    r->key = key_number(cx, "k", i);
    CHECK(object_get_key(cx, object, r->key) == (i >= count - 20 ? value_int(i) : VALUE_UNDEFINED));
  }
  r->key = object_own_keys(cx, object);
  CHECK(value_as_cell(r->key)->extra == 20 && object->shape->slot_count < 2000);
}

static void test_define_and_integrity(Context *cx) {
  ROOTS(cx, r, object, key, list, a, b, c);
  Object *object = plain(cx);
  r->object = value_object(object);
  r->key = key_from_ascii(cx, "x");
  Descriptor descriptor = descriptor_data(value_int(1), PROPERTY_ENUMERABLE);
  CHECK(object_define_own_property(cx, object, r->key, &descriptor) == TRISTATE_TRUE);
  CHECK(object_set(cx, object, r->key, value_int(2), r->object) == TRISTATE_FALSE);
  CHECK(object_delete(cx, object, r->key) == TRISTATE_FALSE);
  CHECK(object_define_own_property(cx, object, r->key, &descriptor) == TRISTATE_TRUE);
  descriptor.value = value_int(3);
  CHECK(object_define_own_property(cx, object, r->key, &descriptor) == TRISTATE_FALSE);
  CHECK(object->shape->cell.flags & SHAPE_HAS_READ_ONLY);
  // Inherited read-only properties cannot be assigned over.
  Object *child = object_create(cx, object);
  r->list = value_object(child);
  CHECK(object_set(cx, child, r->key, value_int(2), r->list) == TRISTATE_FALSE);
  CHECK(object_get_key(cx, child, r->key) == value_int(1));
  // Freezing shares shapes as well.
  Object *one = plain(cx);
  r->a = value_object(one);
  Object *two = plain(cx);
  r->b = value_object(two);
  for (int i = 0; i < 5; i++) {
    r->key = key_number(cx, "f", i);
    CHECK(object_set_key(cx, one, r->key, value_int(i)) && object_set_key(cx, two, r->key, value_int(i)));
  }
  CHECK(object_test_integrity(cx, one, INTEGRITY_SEALED) == TRISTATE_FALSE);
  CHECK(object_set_integrity(cx, one, INTEGRITY_FROZEN) == TRISTATE_TRUE);
  CHECK(object_set_integrity(cx, two, INTEGRITY_FROZEN) == TRISTATE_TRUE);
  CHECK(one->shape == two->shape && object_test_integrity(cx, two, INTEGRITY_FROZEN) == TRISTATE_TRUE);
  CHECK(object_set(cx, two, r->key, value_int(9), r->b) == TRISTATE_FALSE);
}

static void test_arrays(Context *cx) {
  ROOTS(cx, r, array, key, keys);
  Object *array = array_create(cx, 0);
  r->array = value_object(array);
  for (int i = 0; i < 1000; i++) CHECK(array_push(cx, array, value_int(i)));
  CHECK(array->length == 1000 && object_get_key(cx, array, value_int(999)) == value_int(999));
  CHECK(object_set_key(cx, array, cx->names->length, value_int(10)) && array->element_count == 10);
  CHECK(object_get_key(cx, array, value_int(10)) == VALUE_UNDEFINED);
  CHECK(object_set_key(cx, array, value_int(20), value_int(20)) && array->length == 21 && array_is_dense(array));
  CHECK(object_has_property(cx, array, value_int(15)) == TRISTATE_FALSE);
  // Far beyond the end: sparse, and still in order.
  CHECK(object_set_key(cx, array, value_int(100000000), VALUE_TRUE) && (array->cell.flags & OBJECT_SPARSE));
  r->key = key_from_uint32(cx, 4000000000u);
  CHECK(object_set_key(cx, array, r->key, VALUE_FALSE) && array->length == 4000000001u);
  CHECK(object_set_key(cx, array, value_int(30), value_int(30)));
  r->keys = object_own_keys(cx, array);
  const Values *keys = (const Values *)value_as_cell(r->keys);
  CHECK(keys->cell.extra == 15 && string_equals_ascii(value_as_string(keys->items[11]), "30"));
  CHECK(string_equals_ascii(value_as_string(keys->items[13]), "4000000000") && keys->items[14] == cx->names->length);
  Descriptor fixed = descriptor_data(value_int(1), PROPERTY_ENUMERABLE);
  CHECK(object_define_own_property(cx, array, value_int(25), &fixed) == TRISTATE_TRUE);
  CHECK(object_set(cx, array, cx->names->length, value_int(5), r->array) == TRISTATE_FALSE && array->length == 26);
  CHECK(object_get_key(cx, array, value_int(3)) == value_int(3));
  CHECK(object_get_key(cx, array, value_int(30)) == VALUE_UNDEFINED);
}

static void test_frozen_arrays(Context *cx) {
  ROOTS(cx, r, array);
  Object *array = array_create_from(cx, (Value[]){value_int(1), VALUE_HOLE, value_int(3)}, 3);
  r->array = value_object(array);
  CHECK(object_set_integrity(cx, array, INTEGRITY_FROZEN) == TRISTATE_TRUE && array_is_dense(array));
  CHECK(object_test_integrity(cx, array, INTEGRITY_FROZEN) == TRISTATE_TRUE);
  CHECK(object_set(cx, array, value_int(0), value_int(2), r->array) == TRISTATE_FALSE);
  CHECK(object_set(cx, array, value_int(1), value_int(2), r->array) == TRISTATE_FALSE);
  CHECK(object_set(cx, array, value_int(3), value_int(2), r->array) == TRISTATE_FALSE);
  CHECK(object_delete(cx, array, value_int(2)) == TRISTATE_FALSE);
  CHECK(object_set(cx, array, cx->names->length, value_int(0), r->array) == TRISTATE_FALSE && array->length == 3);
}

static void test_prototypes(Context *cx) {
  ROOTS(cx, r, base, child, key, other);
  Object *base = plain(cx);
  r->base = value_object(base);
  Object *child = object_create(cx, base);
  r->child = value_object(child);
  r->key = key_from_ascii(cx, "shared");
  uint32_t epoch = cx->prototype_epoch;
  CHECK(object_set_key(cx, base, r->key, value_int(7)) && cx->prototype_epoch != epoch);
  epoch = cx->prototype_epoch;
  CHECK(object_set_key(cx, base, r->key, value_int(8)) && cx->prototype_epoch == epoch);
  CHECK(object_get_key(cx, child, r->key) == value_int(8));
  CHECK(object_set_key(cx, child, key_from_ascii(cx, "own"), value_int(1)));
  CHECK(object_set_prototype(cx, base, r->child) == TRISTATE_FALSE);  // a cycle
  CHECK(object_set_prototype(cx, child, VALUE_NULL) == TRISTATE_TRUE);
  CHECK(object_get_key(cx, child, r->key) == VALUE_UNDEFINED);
  r->key = key_from_ascii(cx, "own");
  CHECK(object_get_key(cx, child, r->key) == value_int(1));
  CHECK(shape_for_prototype(cx, &object_class_ordinary, NULL) == child->shape->parent);
}

#if defined(CAISSON_COUNTERS_NEAR_END) && !defined(CAISSON_STRESS)
// An entry that stays while ever more come and go: the put that cannot be numbered any more throws, and nothing is
// lost.
static void test_ordinals_end(Context *cx) {
  ROOTS(cx, r, map);
  Collection *map = (Collection *)object_create_of_class(cx, &object_class_collection, NULL, 0);
  r->map = value_object(map);
  CHECK(collection_put(cx, map, value_int(-1), VALUE_TRUE));
  uint64_t ordinal = 0;
  CHECK(collection_step(cx, map, &ordinal)->key == value_int(-1));
  int32_t number = 0;
  while (collection_put(cx, map, value_int(number), VALUE_NULL)) {
    CHECK(collection_delete(cx, map, value_int(number)) == TRISTATE_TRUE);
    CHECK(++number < 1 << 22);
  }
  cx->exception = VALUE_UNDEFINED;
  CHECK(number > 1 << 20 && collection_size(map) == 1 && collection_get(cx, map, value_int(-1)) == VALUE_TRUE);
  CHECK(collection_delete(cx, map, value_int(-1)) == TRISTATE_TRUE);
  CHECK(collection_put(cx, map, value_int(number), VALUE_NULL));
  CHECK(collection_step(cx, map, &ordinal)->key == value_int(number) && !collection_step(cx, map, &ordinal));
}
#else
static void test_ordinals_end(Context *cx) { (void)cx; }
#endif

static void test_collections(Context *cx) {
  ROOTS(cx, r, map, key, weak, kept);
  Collection *map = (Collection *)object_create_of_class(cx, &object_class_collection, NULL, 0);
  r->map = value_object(map);
  for (int i = 0; i < 500; i++) {
    r->key = i % 2 ? value_double(i) : key_to_value(cx, key_number(cx, "s", i));
    CHECK(collection_put(cx, map, r->key, value_int(i)));
  }
  CHECK(collection_size(map) == 500 && collection_get(cx, map, value_int(7)) == value_int(7));
  // An iteration that deletes behind and before itself, adds, and clears in between.
  uint64_t ordinal = 0;
  int seen = 0;
  const HashEntry *entry;
  while ((entry = collection_step(cx, map, &ordinal)) != NULL) {
    r->key = entry->key;
    int number = value_as_int(entry->value);
    CHECK(number == seen++);
    if (number < 250) CHECK(collection_delete(cx, map, r->key) == TRISTATE_TRUE);
    if (number < 100) CHECK(collection_put(cx, map, value_int(number + 1000), value_int(number + 500)));
    if (number == 590) collection_clear(cx, map);
    if (number == 590) CHECK(collection_put(cx, map, VALUE_NULL, value_int(591)));
  }
  CHECK(seen == 592 && collection_size(map) == 1);
  CHECK(collection_put(cx, map, value_double(-0.0), VALUE_TRUE));
  CHECK(collection_get(cx, map, VALUE_INT_ZERO) == VALUE_TRUE);

  Collection *weak = (Collection *)object_create_of_class(cx, &object_class_collection, NULL, 0);
  r->weak = value_object(weak);
  r->kept = value_object(plain(cx));
  CHECK(weak_collection_put(cx, weak, r->kept, r->kept));
  for (int i = 0; i < 100; i++) {
    r->key = value_object(plain(cx));
    CHECK(weak_collection_put(cx, weak, r->key, r->key));
  }
  r->key = VALUE_UNDEFINED;
  heap_collect(&cx->heap);
  CHECK(weak->weak->count == 1 && weak_table_find(cx, weak->weak, r->kept)->value == r->kept);
}

#ifndef CAISSON_STRESS  // too slow there: it fills a megabyte
static void test_out_of_memory(Context *cx) {
  ROOTS(cx, r, list, error);
  Object *list = array_create(cx, 0);
  r->list = value_object(list);
  while (array_push(cx, list, VALUE_NULL)) {
  }
  CHECK(exception_is_catchable(cx));
  r->error = exception_take(cx);
  CHECK(value_is_object_of(r->error, CELL_ERROR));
  // Once the guest has let go, it goes on as before.
  r->list = r->error = VALUE_UNDEFINED;
  heap_collect(&cx->heap);
  heap_collect(&cx->heap);
  CHECK(cx->memory_slack == 0 && cx->memory.limit == 1 << 20);
  list = array_create(cx, 0);
  r->list = value_object(list);
  while (array_push(cx, list, VALUE_NULL)) {
  }
  CHECK(exception_is_catchable(cx));
  r->error = exception_take(cx);
  // Going on in spite of the error ends the run.
  for (int i = 0; i < 100000 && cx->termination == TERMINATION_NONE; i++) {
    Values *values = values_create(cx, 100);
    if (!values) continue;
    values->items[0] = r->error;
    r->error = value_internal(values);
  }
  CHECK(cx->termination == TERMINATION_MEMORY);
  cx->termination = TERMINATION_NONE;
  r->list = r->error = VALUE_UNDEFINED;
  cx->exception = VALUE_UNDEFINED;
}
#endif

int main(void) {
  world_run(test_shapes_are_shared, SIZE_MAX);
  world_run(test_dictionary_churn, SIZE_MAX);
  world_run(test_define_and_integrity, SIZE_MAX);
  world_run(test_arrays, SIZE_MAX);
  world_run(test_frozen_arrays, SIZE_MAX);
  world_run(test_prototypes, SIZE_MAX);
  world_run(test_collections, SIZE_MAX);
  world_run(test_ordinals_end, SIZE_MAX);
#ifndef CAISSON_STRESS
  world_run(test_out_of_memory, 1 << 20);
#endif
  return 0;
}
