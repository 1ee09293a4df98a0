// Keys are only ever appended to a table of properties. So an order takes in the keys that were added since it was last
// used: a key greater than all others joins the end; the rest goes to a short tail, which is searched linearly and
// merged when it is full. Another table has another serial. Orders belong to the context and are forgotten in each
// collection; nothing else keeps their lists alive.
#include "runtime/index_order.h"

#include <math.h>

#include "runtime/errors.h"

enum { TAIL_MOST = INDEX_ORDER_TAIL };

// bounded: such indices have 16 digits at most.
bool key_as_large_index(PropertyKey key, double *index) {
  uint32_t small;
  if (key_as_array_index(key, &small)) {
    *index = small;
    return true;
  }
  if (!key_is_atom(key)) return false;
  const String *atom = value_as_string(key);
  if (atom->cell.flags & STRING_WIDE || string_length(atom) < 10 || string_length(atom) > 16 || atom->narrow[0] == '0')
    return false;
  *index = 0;
  for (uint32_t i = 0; i < string_length(atom); i++) {
    uint32_t digit = atom->narrow[i] - (uint32_t)'0';
    if (digit > 9) return false;
    *index = *index * 10 + digit;
  }
  return *index < INDEX_END;
}

// bounded: the logarithm of the count, and each round is paid for.
static void sift_down(Value *items, uint32_t root, uint32_t count) {
  Value moved = items[root];
  double key = value_as_double(moved);
  for (uint32_t child; (child = root * 2 + 1) < count; root = child) {
    if (child + 1 < count && value_as_double(items[child + 1]) > value_as_double(items[child])) child++;
    if (key >= value_as_double(items[child])) break;
    items[root] = items[child];
  }
  items[root] = moved;
}

static MUST_CHECK bool sort(Context *cx, Value *items, uint32_t count) {
  for (uint32_t i = count / 2; i-- > 0;) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    sift_down(items, i, count);
  }
  for (uint32_t end = count; end-- > 1;) {
    if (!context_charge(cx, 1)) return context_throw_interrupted(cx), false;
    Value greatest = items[0];
    items[0] = items[end];
    items[end] = greatest;
    sift_down(items, 0, end);
  }
  return true;
}

// Brings the tail into the order of the rest.
static void merge_tail(Context *cx, IndexOrder *order, Value *items) {
  double tail[TAIL_MOST];
  uint32_t count = 0;
  for (; count < order->tail; count++) {  // bounded: TAIL_MOST
    double index = value_as_double(items[order->sorted + count]);
    uint32_t place = count;
    for (; place > 0 && tail[place - 1] > index; place--) tail[place] = tail[place - 1];
    tail[place] = index;
  }
  uint32_t rest = order->sorted, out = rest + count;
  order->sorted = out;
  order->tail = 0;
  context_spend_steps(cx, out);
  while (count > 0) {  // bounded: paid for above
    bool is_of_tail = rest == 0 || tail[count - 1] >= value_as_double(items[rest - 1]);
    items[--out] = is_of_tail ? value_double(tail[--count]) : items[--rest];
  }
}

static MUST_CHECK bool take_in(Context *cx, IndexOrder *order, const Shape *shape) {
  Value *items = ((Values *)value_as_cell(order->list))->items;
  uint32_t steps = 0;
  bool is_bulk = shape->count - order->seen > TAIL_MOST;
  for (uint32_t i = order->seen; i < shape->count; i++) {
    double index;
    PropertyKey key = shape->properties->entries[i].key;
    if (!context_step(cx, &steps)) return order->serial = 0, false;
    if (!key || !key_as_large_index(key, &index)) continue;
    if (!is_bulk && order->tail == TAIL_MOST) merge_tail(cx, order, items);
    bool is_last = order->tail == 0 && (order->sorted == 0 || value_as_double(items[order->sorted - 1]) < index);
    items[order->sorted + order->tail] = value_double(index);
    if (is_last) order->sorted++;
    else order->tail++;
  }
  order->seen = shape->count;
  if (order->tail <= TAIL_MOST) return true;
  order->sorted += order->tail;
  order->tail = 0;
  if (!sort(cx, items, order->sorted)) return order->serial = 0, false;
  return true;
}

// The order of the shape's table, with all of its indices; NULL: threw.
static IndexOrder *order_of(Context *cx, const Shape *shape) {
  IndexOrder *order = NULL;
  for (int i = 0; i < INDEX_ORDERS; i++)
    if (cx->index_orders[i].serial == shape->properties->serial) order = &cx->index_orders[i];
  if (!order) {
    Values *list = values_create(cx, property_table_capacity(shape->properties));
    if (!list) return NULL;
    order = &cx->index_orders[cx->next_index_order++ % INDEX_ORDERS];
    *order = (IndexOrder){.serial = shape->properties->serial, .list = value_internal(list)};
  }
  return order->seen >= shape->count || take_in(cx, order, shape) ? order : NULL;
}

// How many of the sorted indices are less than `index` (or equal to it).
// bounded: halving.
static uint32_t count_below(const Value *items, uint32_t count, double index, bool or_equal) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    double item = value_as_double(items[middle]);
    if (item < index || (or_equal && item == index)) low = middle + 1;
    else high = middle;
  }
  return low;
}

bool index_order_seek(Context *cx, const Object *object, double from, bool backwards, double *next) {
  *next = (double)INFINITY;
  if (object->shape->count == 0) return true;
  const IndexOrder *order = order_of(cx, object->shape);
  if (!order) return false;
  const Value *items = ((const Values *)value_as_cell(order->list))->items;
  fuel_spend(&cx->fuel, 1);
  uint32_t place = count_below(items, order->sorted, from, backwards);
  if (backwards ? place > 0 : place < order->sorted) *next = value_as_double(items[backwards ? place - 1 : place]);
  for (uint32_t i = order->sorted; i < order->sorted + order->tail; i++) {  // bounded: TAIL_MOST
    double item = value_as_double(items[i]);
    bool is_nearer = backwards ? item <= from && (item > *next || isinf(*next)) : item >= from && item < *next;
    if (is_nearer) *next = item;
  }
  return true;
}

void index_orders_clear(Context *cx) { memset(cx->index_orders, 0, sizeof cx->index_orders); }
