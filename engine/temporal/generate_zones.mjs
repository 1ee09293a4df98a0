// Writes zone_tables.c and zone_tables.h: every time zone of the IANA Time Zone Database with its history, as Debian's
// package tzdata has compiled it.
// Usage: node engine/temporal/generate_zones.mjs [output] [zoneinfo]
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const [output = join(here, 'zone_tables.c'), folder = '/usr/share/zoneinfo'] = process.argv.slice(2);
const source = readFileSync(join(folder, 'tzdata.zi'), 'utf8').split('\n');
const version = source[0].replace('# version ', '').trim();
/** @param {string} kind */
const lines = (kind) => source.filter((line) => line.startsWith(`${kind} `)).map((line) => line.split(' '));

// Debian keeps apart what zones alike since 1970 were before. The database itself does not any more, since much of that
// is not well known; nor do V8 and ICU. So these have the history of the zone before the colon.
const sharedHistories = `
  Africa/Abidjan: Africa/Accra Africa/Bamako Africa/Banjul Africa/Conakry Africa/Dakar Africa/Freetown Africa/Lome
   Africa/Nouakchott Africa/Ouagadougou Atlantic/Reykjavik Atlantic/St_Helena
  Africa/Johannesburg: Africa/Maseru Africa/Mbabane
  Africa/Lagos: Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Libreville Africa/Luanda
   Africa/Malabo Africa/Niamey Africa/Porto-Novo
  Africa/Maputo: Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Kigali Africa/Lubumbashi
   Africa/Lusaka
  Africa/Nairobi: Africa/Addis_Ababa Africa/Asmara Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala
   Africa/Mogadishu Indian/Antananarivo Indian/Comoro Indian/Mayotte
  America/Chicago: CST6CDT
  America/Denver: MST7MDT
  America/Los_Angeles: PST8PDT
  America/New_York: EST5EDT
  America/Panama: America/Atikokan America/Cayman EST
  America/Phoenix: America/Creston MST
  America/Puerto_Rico: America/Anguilla America/Antigua America/Aruba America/Blanc-Sablon America/Curacao
   America/Dominica America/Grenada America/Guadeloupe America/Montserrat America/Port_of_Spain America/St_Kitts
   America/St_Lucia America/St_Thomas America/St_Vincent America/Tortola
  America/Toronto: America/Nassau
  Asia/Bangkok: Asia/Phnom_Penh Asia/Vientiane Indian/Christmas
  Asia/Dubai: Asia/Muscat Indian/Mahe Indian/Reunion
  Asia/Kuching: Asia/Brunei
  Asia/Qatar: Asia/Bahrain
  Asia/Riyadh: Antarctica/Syowa Asia/Aden Asia/Kuwait
  Asia/Singapore: Asia/Kuala_Lumpur
  Asia/Yangon: Indian/Cocos
  Europe/Athens: EET
  Europe/Belgrade: Europe/Ljubljana Europe/Sarajevo Europe/Skopje Europe/Zagreb
  Europe/Berlin: Europe/Copenhagen Europe/Oslo Europe/Stockholm
  Europe/Brussels: CET Europe/Amsterdam Europe/Luxembourg MET
  Europe/Lisbon: WET
  Europe/London: Europe/Guernsey Europe/Isle_of_Man Europe/Jersey
  Europe/Paris: Europe/Monaco
  Europe/Zurich: Europe/Vaduz
  Indian/Maldives: Indian/Kerguelen
  Pacific/Auckland: Antarctica/McMurdo
  Pacific/Guadalcanal: Pacific/Pohnpei
  Pacific/Guam: Pacific/Saipan
  Pacific/Honolulu: HST
  Pacific/Pago_Pago: Pacific/Midway
  Pacific/Port_Moresby: Antarctica/DumontDUrville Pacific/Chuuk
  Pacific/Tarawa: Pacific/Funafuti Pacific/Majuro Pacific/Wake Pacific/Wallis
`;
/** @type {Map<string, string>} */
const historyOf = new Map(
  sharedHistories
    .split(/(\S+):/)
    .slice(1)
    .flatMap((target, i, all) =>
      i % 2 === 0
        ? all[i + 1]
            .trim()
            .split(/\s+/)
            .map((name) => [name, target])
        : [],
    ),
);

// Files --------------------------------------------------------------------------------------------------------------

/** The changes of a zone's offset, in seconds, and the rule that goes on after them. @param {string} name */
function readZone(name) {
  const bytes = readFileSync(join(folder, name));
  /** @param {number} at */
  const counts = (at) => Array.from({ length: 6 }, (_, i) => bytes.readUInt32BE(at + 20 + 4 * i));
  const sizeOf = (/** @type {number[]} */ [utc, standard, leap, times, types, letters], /** @type {number} */ word) =>
    times * (word + 1) + types * 6 + letters + leap * (word + 4) + standard + utc;
  let at = 44 + sizeOf(counts(0), 4); // the first block has 32 bits, and is for older readers
  const [, , leaps, times, types] = counts(at);
  if (leaps > 0) throw new Error(`${name} counts leap seconds`);
  const end = at + 44 + sizeOf(counts(at), 8);
  at += 44;
  const offsets = Array.from({ length: types }, (_, i) => bytes.readInt32BE(at + times * 9 + i * 6));
  let last = offsets[0];
  const changes = [];
  for (let i = 0; i < times; i++) {
    const offset = offsets[bytes[at + times * 8 + i]];
    if (offset !== last) changes.push({ time: Number(bytes.readBigInt64BE(at + i * 8)), offset });
    last = offset;
  }
  const rule = bytes.subarray(end).toString('latin1').trim();
  return { first: offsets[0], changes: withoutThoseOfRule(changes, rule), rule: rule.includes(',') ? rule : '' };
}

// Rules --------------------------------------------------------------------------------------------------------------

/** Seconds of a text like -2:30. @param {string | undefined} text @param {number} missing */
function secondsOf(text, missing) {
  if (!text) return missing;
  const [hours, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

/** The rule of a POSIX TZ string with two offsets. @param {string} text */
function parseRule(text) {
  const name = '(?:[A-Za-z]+|<[^>]+>)';
  const [, standard, summer, start, end] =
    new RegExp(`^${name}([-+\\d:]+)${name}([-+\\d:]*),(M[^,]+),(M[^,]+)$`).exec(text) ?? [];
  if (!end) throw new Error(`unknown rule ${text}`);
  const offset = -secondsOf(standard, 0);
  /** @param {string} day */
  const dayOf = (day) => {
    const [, month, week, weekday, time] = /^M(\d+)\.(\d)\.(\d)(?:\/(.+))?$/.exec(day) ?? [];
    return { month: Number(month), week: Number(week), weekday: Number(weekday), time: secondsOf(time, 7200) };
  };
  return {
    standard: offset,
    summer: summer ? -secondsOf(summer, 0) : offset + 3600,
    start: dayOf(start),
    end: dayOf(end),
  };
}

/** When a day of a rule begins. @param {number} year @param {{month: number, week: number, weekday: number}} day */
function timeOfDay(year, { month, week, weekday }) {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  let day = 1 + ((weekday - first + 7) % 7) + (week - 1) * 7;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) day -= 7;
  return Date.UTC(year, month - 1, day) / 1000;
}

/** @param {{time: number, offset: number}[]} changes @param {string} text */
function withoutThoseOfRule(changes, text) {
  if (!text.includes(',')) return changes;
  const rule = parseRule(text);
  const ruled = [];
  for (let year = 1900; year <= 2037; year++) {
    ruled.push({ time: timeOfDay(year, rule.start) + rule.start.time - rule.standard, offset: rule.summer });
    ruled.push({ time: timeOfDay(year, rule.end) + rule.end.time - rule.summer, offset: rule.standard });
  }
  ruled.sort((one, other) => one.time - other.time);
  let kept = changes.length;
  let at = ruled.length;
  while (kept > 0 && at > 0 && ruled[at - 1].time > changes[kept - 1].time) at--; // beyond what the file has
  while (
    kept > 0 &&
    at > 0 &&
    ruled[at - 1].time === changes[kept - 1].time &&
    ruled[at - 1].offset === changes[kept - 1].offset
  )
    kept--, at--;
  // Where the rule would change something else before, it begins one change later.
  if (kept < changes.length && at > 0 && (kept === 0 || ruled[at - 1].time > changes[kept - 1].time)) kept++;
  return changes.slice(0, kept);
}

// Names --------------------------------------------------------------------------------------------------------------

/** @type {Map<string, string>} */
const links = new Map(lines('L').map(([, target, name]) => [name, target]));
const zoneNames = lines('Z')
  .map(([, name]) => name)
  .filter((name) => name !== 'Factory');
// Each country has a zone of its own, whatever its history.
const ofCountries = new Set(
  readFileSync(join(folder, 'zone.tab'), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split('\t')[2]),
);
// Older names of such zones, which the database links to the zone whose history they share.
const renamed = new Map(
  Object.entries({
    'Africa/Asmera': 'Africa/Asmara',
    'Africa/Timbuktu': 'Africa/Bamako',
    'America/Coral_Harbour': 'America/Atikokan',
    'America/Virgin': 'America/St_Thomas',
    'Antarctica/South_Pole': 'Antarctica/McMurdo',
    'Atlantic/Jan_Mayen': 'Arctic/Longyearbyen',
    Iceland: 'Atlantic/Reykjavik',
    'Pacific/Ponape': 'Pacific/Pohnpei',
    'Pacific/Truk': 'Pacific/Chuuk',
    'Pacific/Yap': 'Pacific/Chuuk',
  }),
);
/** https://tc39.es/ecma402/#sup-availablenamedtimezoneidentifiers @param {string} name */
function primaryOf(name) {
  while (!ofCountries.has(name) && (links.has(name) || historyOf.has(name)))
    name = /** @type {string} */ (renamed.get(name) ?? links.get(name) ?? historyOf.get(name));
  return ['Etc/UTC', 'Etc/GMT', 'GMT'].includes(name) ? 'UTC' : name;
}
const names = [...new Set(['UTC', ...zoneNames, ...links.keys()])].sort((one, other) =>
  one.toLowerCase() < other.toLowerCase() ? -1 : 1,
);
const primaries = [...new Set(names.map(primaryOf))];
const zones = primaries.map((name) => readZone(historyOf.get(name) ?? name));
const rules = ['', ...new Set(zones.map(({ rule }) => rule).filter((rule) => rule))];

// Bytes --------------------------------------------------------------------------------------------------------------

const FAR = 8191; // hours: the time follows in seconds
const FIRST = -(2 ** 33); // before all changes
/** See zones.c. @param {(typeof zones)[number]} zone */
function encode({ first, changes, rule }) {
  const bytes = [rules.indexOf(rule)];
  /** @param {number} number @param {number} size */
  const put = (number, size) => {
    for (let i = 0; i < size; i++, number = Math.floor(number / 256)) bytes.push(((number % 256) + 256) % 256);
  };
  put(first, 3);
  put(changes.length, 2);
  const latest = [first];
  let time = FIRST;
  for (const change of changes) {
    let place = latest.indexOf(change.offset);
    if (place < 0 || place > 6) place = 7;
    else latest.splice(place, 1);
    latest.unshift(change.offset);
    const distance = change.time - time;
    const isNear = distance % 3600 === 0 && distance / 3600 < FAR;
    put((isNear ? distance / 3600 : FAR) + place * 8192, 2);
    if (!isNear) put(distance, 5);
    if (place === 7) put(change.offset, 3);
    time = change.time;
  }
  return bytes;
}

const encoded = zones.map(encode);
/** @type {Map<string, number>} */
const places = new Map();
/** @type {number[]} */
const data = [];
const starts = encoded.map((bytes) => {
  const key = bytes.join();
  if (!places.has(key)) {
    places.set(key, data.length);
    data.push(...bytes);
  }
  return /** @type {number} */ (places.get(key));
});
if (data.length > 0xffff) throw new Error('zone_starts needs more bits');
const nameStarts = [0];
for (const name of names) nameStarts.push(nameStarts[nameStarts.length - 1] + name.length + 1);

/** Lines of at most 118 columns. @param {(number | string)[]} items */
function wrap(items) {
  const result = [];
  let line = '   ';
  for (const item of items) {
    if (line.length + String(item).length > 116) {
      result.push(line);
      line = '   ';
    }
    line += ` ${item},`;
  }
  return [...result, line].join('\n');
}

/** @param {string} text */
const dayOfRule = (text) => {
  const { standard, summer, start, end } = parseRule(text);
  /** @param {{month: number, week: number, weekday: number, time: number}} day */
  const day = ({ month, week, weekday, time }) => `{${month}, ${week}, ${weekday}, ${time}}`;
  return `    {${standard}, ${summer}, ${day(start)}, ${day(end)}},\n`;
};

writeFileSync(
  output,
  `// Generated by generate_zones.mjs from the IANA Time Zone Database ${version}. Not edited by hand.
#include "temporal/zone_tables.h"

const char zone_names[] =
${names.map((name) => `    "${name}\\0"\n`).join('')};
const uint16_t zone_name_starts[ZONE_NAMES] = {
${wrap(nameStarts.slice(0, -1))}
};
const uint16_t zone_of_name[ZONE_NAMES] = {
${wrap(names.map((name) => primaries.indexOf(primaryOf(name))))}
};
const uint16_t zone_primaries[] = {
${wrap(primaries.map((name) => names.indexOf(name)))}
};
const uint16_t zone_starts[] = {
${wrap(starts)}
};
const ZoneRule zone_rules[] = {
    {0, 0, {0, 0, 0, 0}, {0, 0, 0, 0}},
${rules.slice(1).map(dayOfRule).join('')}};
const uint8_t zone_data[] = {
${wrap(data)}
};
`,
);
writeFileSync(
  output.replace(/\.c$/, '.h'),
  `// Generated by generate_zones.mjs from the IANA Time Zone Database ${version}. Not edited by hand.
#ifndef CAISSON_TEMPORAL_ZONE_TABLES_H
#define CAISSON_TEMPORAL_ZONE_TABLES_H

#include "base/base.h"

#define ZONE_VERSION "${version}"
enum { ZONE_NAMES = ${names.length}, ZONE_NAME_UTC = ${names.indexOf('UTC')} };

// The names in the order of their lower-case letters, each with a zero behind it; where each begins; and its zone.
extern const char zone_names[];
extern const uint16_t zone_name_starts[ZONE_NAMES], zone_of_name[ZONE_NAMES];

// A day of every year: the first, second, ... or last (5) such weekday (0 is Sunday) of a month. The time is in
// seconds from its midnight.
typedef struct ZoneRuleDay {
  uint8_t month, week, weekday;
  int32_t time;
} ZoneRuleDay;
// Offsets in seconds, and when each begins.
typedef struct ZoneRule {
  int32_t standard, summer;
  ZoneRuleDay to_summer, to_standard;
} ZoneRule;
extern const ZoneRule zone_rules[];  // the first is none

// The primary name of each zone, and where its history begins; zones.c describes it.
extern const uint16_t zone_primaries[];
extern const uint16_t zone_starts[];
extern const uint8_t zone_data[];

#endif
`,
);
console.log(
  `${version}: ${names.length} names, ${zones.length} zones, ${rules.length - 1} rules, ${places.size} histories, ${data.length} bytes`,
);
