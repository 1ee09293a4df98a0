// What conformance tests of Temporal do not look at: objects made on demand, realms of a kind, text and JSON, the order
// of what is read, and what happens when a getter throws or a conversion lies.
const show = (make) => { try { console.log(String(make())); } catch (error) { console.log(error.name); } };
const descriptor = Object.getOwnPropertyDescriptor(globalThis, 'Temporal');
console.log(descriptor.writable, descriptor.enumerable, descriptor.configurable, descriptor.value === Temporal);
console.log(Object.getOwnPropertyNames(Temporal).sort().join());
for (const name of Object.getOwnPropertyNames(Temporal).sort()) {
  const type = Temporal[name];
  console.log(name, typeof type, type.length, type.prototype?.constructor === type, Object.prototype.toString.call(type.prototype ?? type));
  const target = type.prototype ?? type;
  console.log(Reflect.ownKeys(target).map((key) => {
    const { get, value } = Object.getOwnPropertyDescriptor(target, key);
    return `${String(key)}:${get ? 'get' : typeof value === 'function' ? value.length : value}`;
  }).sort().join(' '));
}
// A date's method needs the class before anything has asked for Temporal; so does a constructor.
console.log(new Date(1234567890123).toTemporalInstant().toString());
class Day extends Temporal.PlainDate { get next() { return this.add({ days: 1 }); } }
const day = new Day(2024, 2, 28);
console.log(day instanceof Day, day.next instanceof Day, day.next instanceof Temporal.PlainDate, String(day.next));
console.log(Reflect.construct(Temporal.PlainTime, [1, 2], Day) instanceof Day);
console.log(JSON.stringify({ day, at: Temporal.Instant.from('2024-01-01T00:00+01:00'), none: Temporal.Duration.from({ hours: -1.0 }) }));
show(() => day > day);
show(() => day + 1);
show(() => `${day}`);
// What is read, and in which order.
const order = [];
const logged = (name, fields) => new Proxy(fields, { get: (target, key) => (order.push(`${name}.${String(key)}`), target[key]) });
Temporal.ZonedDateTime.from(logged('item', { year: 2024, month: 2, day: 30, timeZone: '+01:00', offset: '+01:00', hour: 25 }), logged('options', { overflow: 'constrain' }));
console.log(order.splice(0).join(' '));
Temporal.PlainDateTime.from('2024-01-01').until(logged('other', { year: 2025, monthCode: 'M02', day: 3 }), logged('options', {}));
console.log(order.splice(0).join(' '));
Temporal.Duration.from(logged('duration', { days: 1 })).round(logged('options', { smallestUnit: 'hour', relativeTo: logged('relativeTo', { year: 2024, month: 1, day: 1 }) }));
console.log(order.splice(0).join(' '));
// A throw ends the reading.
show(() => Temporal.PlainDate.from({ get day() { throw new SyntaxError('day'); }, get year() { console.log('not read'); } }));
show(() => Temporal.PlainDate.from('2024-02-30'));
show(() => Temporal.PlainDate.from({ year: 2024, month: 2 }));
show(() => Temporal.PlainDate.from({ year: 2024, month: 2, day: { valueOf: () => 29.9 } }));
show(() => Temporal.PlainDate.from({ year: 2024, month: 2, monthCode: { toString: () => 'M02' }, day: 30 }, { overflow: { toString: () => 'reject' } }));
show(() => Temporal.PlainMonthDay.from({ monthCode: 'M02', day: 30 }).toPlainDate({ year: 2023 }));
show(() => Temporal.Instant.fromEpochNanoseconds(8640000000000000000000n).add({ nanoseconds: 1 }));
show(() => Temporal.Instant.fromEpochNanoseconds(-8640000000000000000000n).epochMilliseconds);
show(() => Temporal.Instant.fromEpochNanoseconds(-1n).epochMilliseconds);
show(() => new Temporal.Instant(2n ** 200n));
show(() => Temporal.Duration.from({ nanoseconds: Number.MAX_SAFE_INTEGER }).add({ nanoseconds: Number.MAX_SAFE_INTEGER }).total('nanoseconds'));
show(() => Temporal.Duration.from({ milliseconds: 2 ** 60 }).milliseconds);
show(() => Temporal.Duration.from({ years: 2 ** 32 }));
show(() => Temporal.Duration.from('PT' + '9'.repeat(1000) + 'S'));
show(() => Temporal.Duration.from('PT0.' + '9'.repeat(9) + 'H'));
show(() => Temporal.PlainTime.from('T12:34:60.5'));
show(() => Temporal.PlainTime.from('2024-12'));
show(() => Temporal.PlainDate.from('2024-01-01' + '[foo=bar]'.repeat(10000)));
show(() => Temporal.PlainDate.from('2024-01-01[!foo=bar]'));
show(() => Temporal.PlainDate.from('\u0661024-01-01'));
show(() => structuredClone(day));
console.log(typeof Temporal.Now.timeZoneId(), Math.abs(Temporal.Now.instant().epochMilliseconds - Date.now()) < 1000);
