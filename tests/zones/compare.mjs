// Local time in a sandbox held against that of the Node which runs this. `npm run differential -- zones [ZONE...]`
// looks at every transition from 1900 to 2040 of every zone that this Node knows; the tests at a few zones with
// uncommon rules.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSandbox } from 'caisson';

const day = 86_400_000;
const source = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'probe.js'), 'utf8');
const probe = (0, eval)(source);

// Both have the same past, and the future that governments had announced when their tables were made.
const header = readFileSync(new URL('../../engine/temporal/zone_tables.h', import.meta.url), 'utf8');
const ownVersion = /ZONE_VERSION "(\w+)"/.exec(header)?.[1] ?? '';
const hostVersion = process.versions.tz ?? '';
const isOlder = hostVersion < ownVersion;
const comparedUntil = Date.UTC(isOlder ? Number(hostVersion.slice(0, 4)) : 2041, 0, 1);

/** The offset in ms of this Node's zone at an instant. @param {number} instant */
function offsetAt(instant) {
  const date = new Date(instant);
  const wall = new Date(0);
  wall.setUTCFullYear(date.getFullYear(), date.getMonth(), date.getDate());
  wall.setUTCHours(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
  return wall.getTime() - date.getTime();
}

// Where V8's answers depend on what it was asked before, so that even the transitions it shows are a guess: Riga's
// clocks were put back on 2 October 1944 and two hours forward on 13 October, and V8 may hold the later offset, or the
// earlier one, to last for all of these eleven days.
const guesses = [{ zone: 'Europe/Riga', from: Date.UTC(1944, 8, 10), to: Date.UTC(1944, 10, 5) }];

/** @param {number} from @param {number} to */
function findTransitions(from, to) {
  const found = [];
  let before = offsetAt(from);
  for (let end = from + day; end <= to; end += day) {
    const after = offsetAt(end);
    if (after === before) continue;
    let [low, high] = [end - day, end];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    found.push({ at: high, before, after });
    before = after;
  }
  return found;
}

/**
 * Compares the zones; `every`: only each so manieth transition. Gives the number of transitions, texts of differences,
 * and of those apart that are near a span too short for V8's cache of offsets, which takes equal offsets 19 days apart
 * to hold between.
 * @param {string[]} zones
 */
export async function compareZones(zones, { from = Date.UTC(1900, 0, 1), to = comparedUntil, every = 1 } = {}) {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  const zoneBefore = process.env.TZ;
  /** @type {string[]} */
  const differences = [];
  /** @type {string[]} */
  const uncertain = [];
  let count = 0;
  try {
    for (const zone of zones) {
      process.env.TZ = zone; // Node takes notice at once, a sandbox at its next entry
      const all = findTransitions(from, to);
      const isGuess = (/** @type {number} */ at) =>
        guesses.some((guess) => guess.zone === zone && at >= guess.from && at <= guess.to);
      const isUncertain = (/** @type {number} */ at) =>
        isGuess(at) || all.some((other) => other.at !== at && Math.abs(other.at - at) < 20 * day);
      const transitions = all.filter((_, index) => index % every === 0);
      count += transitions.length;
      /** @type {string[]} */
      const expected = probe(transitions);
      const actual = sandbox.evalSync(source)(transitions);
      expected.forEach((line, index) => {
        if (line === actual[index]) return;
        const [ours, nodes] = [actual[index].split(' '), line.split(' ')];
        const place = nodes.findIndex((word, at) => word !== ours[at]);
        const around = (/** @type {string[]} */ words) => words.slice(Math.max(0, place - 2), place + 3).join(' ');
        const list = isUncertain(transitions[index].at) ? uncertain : differences;
        list.push(
          `${zone} at ${new Date(transitions[index].at).toISOString()}, word ${place}: Node ${around(nodes)}, here ${around(ours)}`,
        );
      });
    }
  } finally {
    sandbox.dispose();
    if (zoneBefore === undefined) delete process.env.TZ;
    else process.env.TZ = zoneBefore;
  }
  return { count, differences, uncertain };
}

/** The command: prints what differs and gives the exit code. @param {string[]} names */
export async function main(names) {
  const zones = names.length ? names : Intl.supportedValuesOf('timeZone');
  const { count, differences, uncertain } = await compareZones(zones);
  for (const difference of uncertain) console.log(`near a short span: ${difference}`);
  for (const difference of differences.slice(0, 100)) console.log(difference);
  console.log(
    `${differences.length} differences, and ${uncertain.length} near spans shorter than V8's cache assumes, at ${count} transitions ` +
      `of ${zones.length} zones (Node ${process.version}, time zones ${process.versions.tz})`,
  );
  return differences.length ? 1 : 0;
}
