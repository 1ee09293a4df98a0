// The objects of Temporal, as others see them.
#ifndef CAISSON_TEMPORAL_OBJECTS_H
#define CAISSON_TEMPORAL_OBJECTS_H

#include "runtime/objects.h"

typedef enum TemporalType {
  TEMPORAL_INSTANT,
  TEMPORAL_DURATION,
  TEMPORAL_PLAIN_DATE,
  TEMPORAL_PLAIN_TIME,
  TEMPORAL_PLAIN_DATE_TIME,
  TEMPORAL_PLAIN_YEAR_MONTH,
  TEMPORAL_PLAIN_MONTH_DAY,
  TEMPORAL_ZONED_DATE_TIME,
  TEMPORAL_TYPES,
  TEMPORAL_NONE = -1,
} TemporalType;
extern const char *const temporal_type_names[TEMPORAL_TYPES];

TemporalType temporal_type(Value value);        // leaf
Value temporal_text(Context *cx, Value value);  // what toJSON gives
// A new Temporal.Instant. RangeError: there is no such instant.
Value temporal_instant_from_milliseconds(Context *cx, double number);

#endif
