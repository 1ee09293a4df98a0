#include "runtime/world.h"

static Value text(Context *cx, const char *ascii) {
  Value v = string_from_ascii(cx, ascii);
  CHECK(value_is_string(v));
  return v;
}

static void test_atoms(Context *cx) {
  ROOTS(cx, r, a, b, c);
  r->a = atom_from_view(cx, text_view_literal("hello world"));
  r->b = text(cx, "hello world");
  CHECK(r->a != r->b && atom_from_string(cx, value_as_string(r->b)) == r->a);
  const uint16_t wide[] = {'h', 'e', 'l', 'l', 'o', ' ', 'w', 'o', 'r', 'l', 'd'};
  CHECK(atom_from_view(cx, text_view_wide(wide, 11)) == r->a);
  CHECK(key_from_ascii(cx, "0") == value_int(0) && key_from_ascii(cx, "2147483647") == value_int(INT32_MAX));
  CHECK(key_is_atom(key_from_ascii(cx, "01")) && key_is_atom(key_from_ascii(cx, "-1")));
  r->c = key_from_ascii(cx, "4294967294");
  uint32_t index = 0;
  CHECK(key_is_atom(r->c) && key_as_array_index(r->c, &index) && index == 4294967294u);
  r->c = key_from_ascii(cx, "4294967295");
  CHECK(key_is_atom(r->c) && !key_as_array_index(r->c, &index));
  // Many atoms that die, and the survivor.
  for (int i = 0; i < 5000; i++) {
    char name[32];
    snprintf(name, sizeof name, "name%d", i);
    Value atom = atom_from_view(cx, text_view_literal(name));
    CHECK(atom == atom_from_view(cx, text_view_literal(name)));
  }
  heap_collect(&cx->heap);
  CHECK(atom_from_view(cx, text_view_literal("hello world")) == r->a);
  CHECK(string_from_uint32(cx, 123456) != VALUE_ABRUPT);
  r->b = string_from_number(cx, -1.5);
  CHECK(string_equals_ascii(value_as_string(r->b), "-1.5"));
}

#ifdef CAISSON_STRESS
static const uint32_t count = 400;
#else
static const uint32_t count = 300000;
#endif

static void check_letters(Context *cx, Value string, uint32_t length) {
  TextView view;
  CHECK(string_view(cx, value_as_string(string), &view) && view.length == length);
  for (uint32_t i = 0; i < length; i++) CHECK(text_view_unit(view, i) == 'a' + i % 26);
}

static void test_appending(Context *cx) {
  ROOTS(cx, r, all, unit, old, saved);
  r->all = cx->names->empty;
  for (uint32_t i = 0; i < count; i++) {
    r->unit = string_from_unit(cx, (uint16_t)('a' + i % 26));
    r->all = string_concatenate(cx, value_as_string(r->all), value_as_string(r->unit));
    CHECK(value_is_string(r->all));
    if (i == count / 2) r->saved = r->all;
    // A second continuation of the same text must not disturb the first.
    if (i % 64 == 63) {
      r->old = string_concatenate(cx, value_as_string(r->all), value_as_string(cx->names->object));
      CHECK(string_length(value_as_string(r->old)) == i + 7);
    }
  }
  check_letters(cx, r->all, count);
  check_letters(cx, r->saved, count / 2 + 1);
}

// Prepending makes right-deep ropes; appending to a rope left-deep ones.
static void test_deep_ropes(Context *cx) {
  ROOTS(cx, r, left_deep, right_deep, unit, alphabet);
  r->alphabet = text(cx, "abcdefghijklmnopqrstuvwxyz");
  r->left_deep = r->right_deep = r->alphabet;
  for (uint32_t i = 0; i < 5; i++) {
    r->left_deep = string_concatenate(cx, value_as_string(r->left_deep), value_as_string(r->left_deep));
  }
  for (uint32_t i = 0; i < count; i++) {
    r->right_deep = string_concatenate(cx, value_as_string(r->alphabet), value_as_string(r->right_deep));
    r->left_deep = string_concatenate(cx, value_as_string(r->left_deep), value_as_string(r->alphabet));
  }
  uint32_t length = string_length(value_as_string(r->right_deep));
  CHECK(length == 26 * (count + 1));
  check_letters(cx, r->right_deep, length);
  check_letters(cx, r->left_deep, string_length(value_as_string(r->left_deep)));
  int order;
  CHECK(string_compare(cx, value_as_string(r->left_deep), value_as_string(r->right_deep), &order) && order > 0);
}

static void test_balanced_ropes(Context *cx) {
  ROOTS(cx, r, s, slice);
  r->s = text(cx, "abcdefghijklmnopqrstuvwxyz");
  for (int i = 0; i < 12; i++) r->s = string_concatenate(cx, value_as_string(r->s), value_as_string(r->s));
  r->slice = string_slice(cx, value_as_string(r->s), 26, 26 * 4000);
  check_letters(cx, r->slice, 26 * 3999);
  r->slice = string_slice(cx, value_as_string(r->slice), 26, 26 * 3);
  check_letters(cx, r->slice, 52);
  bool equal;
  r->s = string_slice(cx, value_as_string(r->s), 52, 104);
  CHECK(string_equals(cx, value_as_string(r->s), value_as_string(r->slice), &equal) && equal);
}

static void test_wide(Context *cx) {
  ROOTS(cx, r, s, t);
  r->s = string_from_utf8(cx, "gr\xC3\xBC\xC3\x9F", 6);
  CHECK(string_length(value_as_string(r->s)) == 4 && !(value_as_string(r->s)->cell.flags & STRING_WIDE));
  r->t = string_from_utf8(cx, "\xF0\x9F\x98\x80!", 5);
  CHECK(string_length(value_as_string(r->t)) == 3);
  for (int i = 0; i < 200; i++) {
    r->s = string_concatenate(cx, value_as_string(r->s), value_as_string(r->t));
    CHECK(value_is_string(r->s));
  }
  TextView view;
  CHECK(string_view(cx, value_as_string(r->s), &view) && view.length == 604 && view.is_wide);
  CHECK(view.wide[3] == 0xDF && view.wide[602] == 0xDE00 && view.wide[603] == '!');
  StringBuilder builder SCOPED_BUILDER;
  string_builder_initialize(&builder, cx);
  string_builder_append_ascii(&builder, "abc");
  string_builder_append_code_point(&builder, 0x1F600);
  CHECK(string_builder_append_string(&builder, value_as_string(r->s)));
  CHECK(string_builder_length(&builder) == 609);
  r->t = string_builder_finish(&builder);
  CHECK(string_length(value_as_string(r->t)) == 609);
}

int main(void) {
  world_run(test_atoms, SIZE_MAX);
  world_run(test_appending, SIZE_MAX);
  world_run(test_deep_ropes, SIZE_MAX);
  world_run(test_balanced_ropes, SIZE_MAX);
  world_run(test_wide, SIZE_MAX);
  return 0;
}
