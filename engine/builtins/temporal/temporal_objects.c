// The objects of Temporal.
#include "builtins/temporal/temporal_objects.h"

#include "builtins/temporal/temporal.h"
#include "runtime/errors.h"

const char *const temporal_type_names[TEMPORAL_TYPES] = {
    "Temporal.Instant",       "Temporal.Duration",       "Temporal.PlainDate",     "Temporal.PlainTime",
    "Temporal.PlainDateTime", "Temporal.PlainYearMonth", "Temporal.PlainMonthDay", "Temporal.ZonedDateTime",
};

// CELL_TEMPORAL; object.slotted_kind is the TemporalType.
typedef struct TemporalObject {
  Object object;
  int64_t words[2];  // year, month, day and time; or the nanoseconds of an instant, lower half first
  ZoneId zone;
  uint8_t calendar;
} TemporalObject;

typedef struct TemporalDuration {
  Object object;
  Duration duration;
} TemporalDuration;

static const ObjectClass object_class_temporal = {
    .name = "Temporal", .kind = CELL_TEMPORAL, .size = sizeof(TemporalObject)};
static const ObjectClass object_class_temporal_duration = {
    .name = "Temporal.Duration", .kind = CELL_TEMPORAL, .size = sizeof(TemporalDuration)};

TemporalType temporal_type(Value value) {
  return value_is_object_of(value, CELL_TEMPORAL) ? (TemporalType)value_as_object(value)->slotted_kind : TEMPORAL_NONE;
}

static bool type_has_epoch(TemporalType type) { return type == TEMPORAL_INSTANT || type == TEMPORAL_ZONED_DATE_TIME; }

TemporalRecord temporal_record(Value value) {
  const TemporalObject *object = (const TemporalObject *)value_as_object(value);
  TemporalRecord record = {.zone = object->zone, .calendar = (CalendarId)object->calendar};
  if (type_has_epoch(temporal_type(value))) {
    record.epoch = (Nanoseconds)((unsigned __int128)(uint64_t)object->words[1] << 64 | (uint64_t)object->words[0]);
    record.iso = zone_to_iso(record.zone, record.epoch);
  } else {
    int32_t month_and_day = (int32_t)(object->words[0] & 0xFFFF);
    record.iso.date =
        (IsoDate){(int32_t)(object->words[0] >> 16), (uint8_t)(month_and_day >> 8), (uint8_t)month_and_day};
    record.iso.time = object->words[1];
  }
  return record;
}

Duration temporal_duration(Value value) { return ((const TemporalDuration *)value_as_object(value))->duration; }

bool temporal_this(Context *cx, const Call *call, TemporalType type) {
  if (temporal_type(call->this_value) == type) return true;
  throw_type_error(cx, "%eexpected a %s, not %v", temporal_type_names[type], call->this_value);
  return false;
}

Value temporal_throw_out_of_range(Context *cx) {
  return throw_range_error(cx, "%ethe result is outside of the range of Temporal");
}

bool temporal_is_within_limits(TemporalType type, const TemporalRecord *record) {
  switch (type) {
    case TEMPORAL_PLAIN_TIME: return true;
    case TEMPORAL_PLAIN_DATE_TIME: return iso_is_within_limits(record->iso);
    case TEMPORAL_PLAIN_YEAR_MONTH: return iso_year_month_is_within_limits(record->iso.date);
    case TEMPORAL_INSTANT:
    case TEMPORAL_ZONED_DATE_TIME: return instant_is_valid(record->epoch);
    default: return iso_date_is_within_limits(record->iso.date);
  }
}

static MUST_CHECK Object *create_object(Context *cx, TemporalType type, Value new_target, const ObjectClass *class_) {
  static const int16_t prototypes[TEMPORAL_TYPES] = {
      INTRINSIC_TemporalInstantPrototype,       INTRINSIC_TemporalDurationPrototype,
      INTRINSIC_TemporalPlainDatePrototype,     INTRINSIC_TemporalPlainTimePrototype,
      INTRINSIC_TemporalPlainDateTimePrototype, INTRINSIC_TemporalPlainYearMonthPrototype,
      INTRINSIC_TemporalPlainMonthDayPrototype, INTRINSIC_TemporalZonedDateTimePrototype,
  };
  Object *object = object_create_from_constructor(cx, new_target, prototypes[type], class_);
  if (object) object->slotted_kind = (uint32_t)type;
  return object;
}

Value temporal_create(Context *cx, TemporalType type, const TemporalRecord *record, Value new_target) {
  if (!temporal_is_within_limits(type, record)) return temporal_throw_out_of_range(cx);
  TemporalObject *object = (TemporalObject *)create_object(cx, type, new_target, &object_class_temporal);
  if (!object) return VALUE_ABRUPT;
  IsoDate date = record->iso.date;
  bool has_epoch = type_has_epoch(type);
  object->words[0] = has_epoch ? (int64_t)record->epoch : (int64_t)date.year * 65536 + date.month * 256 + date.day;
  object->words[1] = has_epoch ? (int64_t)(record->epoch >> 64) : record->iso.time;
  object->zone = record->zone;
  object->calendar = (uint8_t)record->calendar;
  return value_object(object);
}

Value temporal_create_duration(Context *cx, const Duration *duration, Value new_target) {
  if (!duration_is_valid(duration)) return temporal_throw_out_of_range(cx);
  TemporalDuration *object =
      (TemporalDuration *)create_object(cx, TEMPORAL_DURATION, new_target, &object_class_temporal_duration);
  if (!object) return VALUE_ABRUPT;
  object->duration = *duration;
  return value_object(object);
}
