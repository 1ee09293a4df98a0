#include "text/punycode.h"

enum {
  BASE = 36,
  LEAST = 1,
  MOST = 26,
  SKEW = 38,
  DAMP = 700,
  FIRST_BIAS = 72,
  FIRST_POINT = 0x80,
  LAST_POINT = 0x10FFFF
};

// Long labels cost their square: each step over the label is paid for.
enum { POINTS_PER_UNIT = 8 };

static uint32_t adapt_bias(uint32_t delta, uint32_t length, bool is_first) {
  delta = is_first ? delta / DAMP : delta / 2;
  delta += delta / length;
  uint32_t bias = 0;
  for (; delta > (BASE - LEAST) * MOST / 2; bias += BASE) delta /= BASE - LEAST;
  return bias + (BASE - LEAST + 1) * delta / (delta + SKEW);
}

static uint32_t threshold(uint32_t position, uint32_t bias) {
  if (position <= bias) return LEAST;
  return position >= bias + MOST ? MOST : position - bias;
}

static void append_digit(Buffer *out, uint32_t digit) {
  buffer_append_byte(out, (uint8_t)(digit < 26 ? 'a' + digit : '0' + digit - 26));
}

static void append_number(Buffer *out, uint32_t number, uint32_t bias) {
  for (uint32_t position = BASE;; position += BASE) {
    uint32_t limit = threshold(position, bias);
    if (number < limit) break;
    append_digit(out, limit + (number - limit) % (BASE - limit));
    number = (number - limit) / (BASE - limit);
  }
  append_digit(out, number);
}

PunycodeResult punycode_encode(const uint32_t *label, size_t length, Buffer *out, Fuel *fuel) {
  uint32_t basic = 0;
  for (size_t i = 0; i < length; i++) {
    if (label[i] >= FIRST_POINT) continue;
    buffer_append_byte(out, (uint8_t)label[i]);
    basic++;
  }
  if (basic > 0) buffer_append_byte(out, '-');
  uint32_t point = FIRST_POINT, delta = 0, bias = FIRST_BIAS;
  for (uint32_t done = basic; done < length; point++) {
    if (!fuel_charge(fuel, 1 + (int32_t)MIN_OF(length / POINTS_PER_UNIT, (size_t)INT32_MAX / 2)))
      return PUNYCODE_INTERRUPTED;
    uint32_t next = UINT32_MAX;
    for (size_t i = 0; i < length; i++)
      if (label[i] >= point && label[i] < next) next = label[i];
    if ((uint64_t)(next - point) * (done + 1) > UINT32_MAX - delta) return PUNYCODE_WRONG;
    delta += (next - point) * (done + 1);
    point = next;
    for (size_t i = 0; i < length; i++) {
      if (label[i] < point && ++delta == 0) return PUNYCODE_WRONG;
      if (label[i] != point) continue;
      append_number(out, delta, bias);
      bias = adapt_bias(delta, done + 1, done == basic);
      delta = 0;
      done++;
    }
    if (++delta == 0) return PUNYCODE_WRONG;
  }
  return PUNYCODE_DONE;
}

static uint32_t digit_of(uint8_t unit) {
  if (unit >= '0' && unit <= '9') return unit - '0' + 26u;
  unit |= 0x20;
  return unit >= 'a' && unit <= 'z' ? unit - 'a' : BASE;
}

static PunycodeResult insert(Buffer *out, size_t base, uint32_t place, uint32_t point, Fuel *fuel) {
  size_t length = (out->size - base) / sizeof point;
  if (!fuel_charge(fuel, 1 + (int32_t)MIN_OF((length - place) / POINTS_PER_UNIT, (size_t)INT32_MAX / 2)))
    return PUNYCODE_INTERRUPTED;
  buffer_append(out, &point, sizeof point);
  if (out->failed) return PUNYCODE_DONE;
  uint32_t *points = (uint32_t *)(void *)(out->data + base);
  memmove(points + place + 1, points + place, (length - place) * sizeof point);
  points[place] = point;
  return PUNYCODE_DONE;
}

PunycodeResult punycode_decode(const uint8_t *text, size_t size, Buffer *out, Fuel *fuel) {
  size_t base = out->size, start = 0;
  for (size_t i = size; i > 0; i--) {
    if (text[i - 1] != '-') continue;
    start = i;
    break;
  }
  for (size_t i = 0; i + 1 < start; i++) {
    uint32_t point = text[i];
    buffer_append(out, &point, sizeof point);
  }
  uint32_t point = FIRST_POINT, place = 0, bias = FIRST_BIAS;
  for (size_t at = start; at < size && !out->failed;) {
    uint32_t before = place, weight = 1;
    for (uint32_t position = BASE;; position += BASE) {
      if (at >= size) return PUNYCODE_WRONG;
      uint32_t digit = digit_of(text[at++]), limit = threshold(position, bias);
      if (digit >= BASE || (uint64_t)digit * weight > UINT32_MAX - place) return PUNYCODE_WRONG;
      place += digit * weight;
      if (digit < limit) break;
      if ((uint64_t)weight * (BASE - limit) > UINT32_MAX) return PUNYCODE_WRONG;
      weight *= BASE - limit;
    }
    uint32_t length = (uint32_t)((out->size - base) / sizeof point) + 1;
    bias = adapt_bias(place - before, length, before == 0);
    if (place / length > LAST_POINT - point) return PUNYCODE_WRONG;
    point += place / length;
    place %= length;
    PunycodeResult result = insert(out, base, place, point, fuel);
    if (result != PUNYCODE_DONE) return result;
    place++;
  }
  return PUNYCODE_DONE;
}
