// Random dates and arithmetic in all calendars. temporal-calendars.expected is what a current Node prints: a digest of
// many results in each calendar, and one of them. Chinese and Korean dates are those of their tables; islamic-umalqura,
// outside of its table, is the civil calendar.
let seed = 7;
const random = (below) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0, Math.floor((seed / 4294967296) * below));
const pick = (list) => list[random(list.length)];
const chance = (n) => random(n) === 0;
const calendars = ['iso8601', 'buddhist', 'chinese', 'coptic', 'dangi', 'ethioaa', 'ethiopic', 'gregory', 'hebrew', 'indian', 'islamic-civil', 'islamic-tbla', 'islamic-umalqura', 'japanese', 'persian', 'roc'];
const { PlainDate, PlainMonthDay, PlainYearMonth } = Temporal;
const year = (calendar) => (calendar === 'chinese' ? 1910 + random(180) : calendar === 'dangi' ? 1910 + random(130) : chance(3) ? random(6000) - 2000 : 1850 + random(200));
const date = (calendar) => PlainDate.from({ year: year(calendar), month: 1 + random(12), day: 1 + random(28) }).withCalendar(calendar);
const near = (calendar, from) => (calendar === 'chinese' || calendar === 'dangi' ? from.add({ days: random(6000) - 3000 }) : date(calendar));
const overflow = () => (chance(4) ? { overflow: 'reject' } : undefined);
const show = (d) => [d.era, d.eraYear, d.year, d.month, d.monthCode, d.day, d.dayOfYear, d.daysInMonth, d.daysInYear, d.monthsInYear, d.inLeapYear, d.dayOfWeek, d.weekOfYear].join('/');
const monthCode = () => `M${String(1 + random(13)).padStart(2, '0')}${chance(3) ? 'L' : ''}`;
const kinds = {
  fields: (calendar) => show(date(calendar)),
  sums: (calendar) => ((from) => show(from[pick(['add', 'subtract'])]({ years: random(5), months: random(30), weeks: chance(2) ? 0 : random(9), days: chance(2) ? 0 : random(100) }, overflow())))(date(calendar)),
  differences: (calendar) => ((from) => from[pick(['until', 'since'])](near(calendar, from), { largestUnit: pick(['years', 'months', 'weeks', 'days']) }))(date(calendar)),
  changes: (calendar) => ((from) => show(from.with(pick([{ day: 1 + random(31) }, { monthCode: monthCode() }, { month: 1 + random(13) }, { year: from.year + random(9) - 4 }, { year: from.year + 1, monthCode: monthCode() }]), overflow())))(date(calendar)),
  months: (calendar) => ((from) => String(PlainYearMonth.from({ calendar, year: from.year, monthCode: monthCode() }, overflow()).add({ months: random(40) - 20 })))(date(calendar)),
  'days of months': (calendar) => String(PlainMonthDay.from({ calendar, monthCode: monthCode(), day: 1 + random(31) }, overflow())),
  'days of months of years': (calendar) => ((from) => String(PlainMonthDay.from({ calendar, year: from.year, month: 1 + random(13), day: 1 + random(31) }, overflow())))(date(calendar)),
  conversions: (calendar) => ((from) => [from.toPlainYearMonth(), from.toPlainMonthDay(), from.toPlainYearMonth().toPlainDate({ day: 1 + random(31) })].join())(date(calendar)),
  eras: (calendar) => ((from) => (from.era === undefined ? 'none' : show(PlainDate.from({ calendar, era: from.era, eraYear: from.eraYear + random(40) - 20, month: 1 + random(12), day: 1 + random(31) }))))(date(calendar)),
};
for (const calendar of calendars) {
  for (const [kind, make] of Object.entries(kinds)) {
    let digest = 0, sample = '';
    for (let i = 0; i < (globalThis.COUNT_ ?? 60); i++) {
      let text;
      const start = seed;
      try { text = String(make(calendar)); sample = text; } catch (error) { text = error.name; }
      if (globalThis.COUNT_) console.log(calendar, kind, start, text);
      for (let at = 0; at < text.length; at++) digest = (Math.imul(digest, 31) + text.charCodeAt(at)) >>> 0;
    }
    console.log(`${calendar}, ${kind}: ${digest}, ${sample}`);
  }
}
