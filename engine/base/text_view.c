#include "base/text_view.h"

bool text_view_equals(TextView a, TextView b) {
  if (a.length != b.length) return false;
  if (a.is_wide == b.is_wide) return a.length == 0 || memcmp(a.narrow, b.narrow, (size_t)a.length << a.is_wide) == 0;
  for (uint32_t i = 0; i < a.length; i++) {
    if (text_view_unit(a, i) != text_view_unit(b, i)) return false;
  }
  return true;
}
