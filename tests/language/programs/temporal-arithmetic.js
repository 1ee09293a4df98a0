// Random arithmetic with Temporal. temporal-arithmetic.expected is what a current Node prints: a digest of many results
// of each kind, and one of them. Smallest units of months, weeks and days come only with the same largest unit: Node 26
// does not have the correction of https://github.com/tc39/proposal-temporal/issues/3316 yet.
let seed = 1;
const random = (below) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0, Math.floor((seed / 4294967296) * below));
const pick = (list) => list[random(list.length)];
const chance = (n) => random(n) === 0;
const units = ['year', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond', 'microsecond', 'nanosecond'];
const modes = ['ceil', 'floor', 'expand', 'trunc', 'halfCeil', 'halfFloor', 'halfExpand', 'halfTrunc', 'halfEven'];
const pad = (number, width) => String(number).padStart(width, '0');
const year = () => (chance(8) ? random(547000) - 271500 : chance(3) ? 1900 + random(200) : 2000 + random(30));
const yearText = (y) => (y >= 0 && y <= 9999 ? pad(y, 4) : (y < 0 ? '-' : '+') + pad(Math.abs(y), 6));
const extremes = ['-271821-04-20', '+275760-09-13', '+275760-09-12', '-271821-04-19'];
const date = () => (chance(60) ? pick(extremes) : `${yearText(year())}-${pad(1 + random(12), 2)}-${pad(1 + random(28) + (chance(3) ? 3 : 0), 2)}`);
const second = () => (chance(3) ? '' : `:${pad(random(60), 2)}${chance(2) ? '' : '.' + pad(random(1e9), 9).slice(0, 1 + random(9))}`);
const time = () => (chance(5) ? '00:00' : `${pad(random(24), 2)}:${pad(random(60), 2)}${second()}`);
const offset = () => (chance(3) ? '+00:00' : `${pick(['+', '-'])}${pad(random(24), 2)}:${pad(random(60), 2)}`);
const zone = () => (chance(2) ? 'UTC' : offset());
const number = () => (chance(3) ? 0 : chance(4) ? random(1000000) : random(60));
const large = () => (chance(4) ? random(2 ** 31) * pick([1, 10, 1000, 4000]) : number());
const duration = (from, to = 10, isLarge = false) => {
  const sign = chance(3) ? -1 : 1, result = {};
  for (let i = from; i < to; i++) if (chance(3)) result[units[i] + 's'] = sign * (isLarge || i > 5 ? large() : i < 2 ? random(40) : number());
  if (Object.keys(result).length === 0) result[units[to - 1] + 's'] = sign * random(100);
  return result;
};
const options = (from, to) => {
  const result = {};
  if (!chance(3)) result.largestUnit = chance(6) ? 'auto' : pick(units.slice(from, to)) + (chance(3) ? 's' : '');
  if (!chance(3)) result.smallestUnit = pick(units.slice(from, to));
  const smallest = result.smallestUnit ?? units[to - 1]; // the default of dates, and of years and months
  if (['month', 'week', 'day'].includes(smallest)) result.largestUnit = smallest;
  if (chance(3)) result.roundingIncrement = pick([1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 100, 500]);
  if (chance(2)) result.roundingMode = pick(modes);
  return result;
};
const overflow = () => (chance(4) ? { overflow: 'reject' } : undefined);
const disambiguations = ['compatible', 'earlier', 'later', 'reject'];
const zoned = () => Temporal.ZonedDateTime.from(`${date()}T${time()}[${zone()}]`, { disambiguation: pick(disambiguations) });
const relativeTo = () => (chance(2) ? date() : chance(2) ? `${date()}T${time()}[${zone()}]` : Temporal.PlainDate.from(date()));
const addOrSubtract = () => pick(['add', 'subtract']), untilOrSince = () => pick(['until', 'since']);
const { Duration, Instant, PlainDate, PlainDateTime, PlainTime, PlainYearMonth } = Temporal;
const kinds = {
  'dates, added to': () => PlainDate.from(date())[addOrSubtract()](duration(0), overflow()),
  'differences of dates': () => PlainDate.from(date())[untilOrSince()](date(), options(0, 4)),
  'fields of dates': () => ((d) => [d.dayOfWeek, d.dayOfYear, d.weekOfYear, d.yearOfWeek, d.daysInMonth, d.daysInYear, d.inLeapYear, d.monthCode].join())(PlainDate.from(date())),
  'dates and times, added to': () => PlainDateTime.from(`${date()}T${time()}`)[addOrSubtract()](duration(0, 10, chance(4)), overflow()),
  'differences of dates and times': () => PlainDateTime.from(`${date()}T${time()}`)[untilOrSince()](`${date()}T${time()}`, options(0, 10)),
  'dates and times, rounded': () => PlainDateTime.from(`${date()}T${time()}`).round(options(3, 10)),
  'dates and times, from fields': () => PlainDateTime.from({ year: year(), month: 1 + random(14), day: 1 + random(34), hour: random(26), second: random(70) }, overflow()),
  'times, added to': () => PlainTime.from(time())[addOrSubtract()](duration(0, 10, true)),
  'differences of times': () => PlainTime.from(time())[untilOrSince()](time(), options(4, 10)),
  'times, rounded': () => PlainTime.from(time()).round(options(4, 10)),
  'years and months, added to': () => PlainYearMonth.from(date())[addOrSubtract()](duration(0, 2), overflow()),
  'differences of years and months': () => PlainYearMonth.from(date())[untilOrSince()](date(), options(0, 2)),
  'instants, added to': () => Instant.from(`${date()}T${time()}${offset()}`)[addOrSubtract()](duration(4, 10, true)),
  'differences of instants': () => Instant.from(`${date()}T${time()}${offset()}`)[untilOrSince()](`${date()}T${time()}Z`, options(4, 10)),
  'instants, rounded': () => Instant.from(`${date()}T${time()}Z`).round(options(4, 10)),
  'texts of instants': () => Instant.from(`${date()}T${time()}Z`).toString({ fractionalSecondDigits: random(10), roundingMode: pick(modes), timeZone: zone() }),
  'zoned times, added to': () => zoned()[addOrSubtract()](duration(0, 10, chance(4)), overflow()),
  'differences of zoned times': () => ((a) => a[untilOrSince()](chance(3) ? zoned() : `${date()}T${time()}[${a.timeZoneId}]`, options(0, 10)))(zoned()),
  'differences of zoned times and sums': () => ((a) => a[untilOrSince()](a.add(duration(1, 8)), options(0, 10)))(zoned()),
  'zoned times, rounded': () => zoned().round(options(3, 10)),
  'zoned times, changed': () => zoned().with({ [pick(['year', 'month', 'day', 'hour', 'minute', 'second'])]: random(40) }, { offset: pick(['prefer', 'use', 'ignore', 'reject']), disambiguation: pick(disambiguations) }),
  'zoned times, from texts': () => Temporal.ZonedDateTime.from(`${date()}T${time()}${offset()}[${zone()}]`, { offset: pick(['prefer', 'use', 'ignore', 'reject']), disambiguation: pick(disambiguations) }),
  'texts of zoned times': () => zoned().toString({ smallestUnit: pick(units.slice(5)), roundingMode: pick(modes), offset: pick(['auto', 'never']), timeZoneName: pick(['auto', 'never', 'critical']), calendarName: pick(['auto', 'always', 'never', 'critical']) }),
  'durations, added to': () => Duration.from(duration(3, 10, true))[addOrSubtract()](duration(3, 10, true)),
  'durations, rounded': () => Duration.from(duration(0, 10, chance(3))).round({ ...options(0, 10), ...(chance(4) ? {} : { relativeTo: relativeTo() }) }),
  'totals of durations': () => Duration.from(duration(0, 10, chance(3))).total({ unit: pick(units), ...(chance(4) ? {} : { relativeTo: relativeTo() }) }),
  'durations, compared': () => Duration.compare(duration(0), duration(0), chance(4) ? undefined : { relativeTo: relativeTo() }),
  'texts of durations': () => Duration.from(duration(0, 10, true)).toString({ fractionalSecondDigits: random(10), roundingMode: pick(modes) }),
  'durations, from texts': () => Duration.from(`P${random(100)}Y${random(100)}DT${random(1000)}.${random(1e9)}${pick(['H', 'M', 'S'])}`),
};
for (const [kind, make] of Object.entries(kinds)) {
  let digest = 0, sample = '';
  for (let i = 0; i < 200; i++) {
    let text;
    try { text = String(make()); sample = text; } catch (error) { text = error.name; }
    for (let at = 0; at < text.length; at++) digest = (Math.imul(digest, 31) + text.charCodeAt(at)) >>> 0;
  }
  console.log(`${kind}: ${digest}, ${sample}`);
}

// Totals are the nearest doubles to exact quotients; of two that are equally near, the even one.
const nearest = (dividend, divisor) => {
  let exponent = 0;
  for (; dividend / divisor < 2n ** 53n; exponent--) dividend *= 2n;
  for (; dividend / divisor >= 2n ** 54n; exponent++) divisor *= 2n;
  // 54 bits: the last tells, with the rest, where to round.
  const quotient = dividend / divisor, isHalf = quotient * divisor === dividend, even = quotient >> 1n;
  const rounded = (quotient & 1n) === 0n ? even : isHalf ? even + (even & 1n) : even + 1n;
  return Number(rounded) * 2 ** (exponent + 1);
};
let wrong = 0;
for (let i = 0; i < 500; i++) {
  const days = random(2 ** 31), nanoseconds = random(2 ** 31) * pick([1, 1000, 1000000]);
  const exact = BigInt(days) * 86400000000000n + BigInt(nanoseconds), length = pick([86400000000000n, 3600000000000n, 60000000000n, 1000n]);
  const unit = { 86400000000000: 'days', 3600000000000: 'hours', 60000000000: 'minutes', 1000: 'microseconds' }[length];
  if (exact > 0n && Duration.from({ days, nanoseconds }).total(unit) !== nearest(exact, length)) wrong++;
}
console.log('totals that are not the nearest numbers:', wrong);
