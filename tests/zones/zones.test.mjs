// Local time: the transitions of zones with uncommon rules as this Node knows them, and what a sandbox asks of its host
// for it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { createSandbox } from 'caisson';
import { nativeShell } from '../tools/shell.mjs';
import { compareZones } from './compare.mjs';

const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Monrovia',
  'Asia/Kathmandu',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Asia/Manila',
  'America/Caracas',
];

/** Runs with another zone. */
async function within(zone, action) {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    return await action();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
}

test('dates around the transitions of zones are those of Node', async () => {
  const { count, differences } = await compareZones(zones, { every: 5, from: Date.UTC(1844, 0, 1) });
  assert.ok(count > 100);
  assert.deepEqual(differences, []);
});

const facts = {
  'Europe/Berlin': `[new Date(2024, 2, 31, 2, 30).getHours(), new Date(2024, 9, 27, 2, 30).toISOString(),
    new Date('2024-10-27T02:59:59.999').toISOString(), Date.parse('10/27/2024 3:00'), new Date(1890, 0).toISOString()].join()`,
  'Africa/Monrovia':
    '[new Date(1960, 0).toISOString(), new Date(1960, 0).getTimezoneOffset(), new Date(1972, 0, 7, 0, 20).toISOString()].join()',
  'Pacific/Apia':
    '[new Date(2011, 11, 30, 12).toISOString(), new Date(2011, 11, 30).getDate(), new Date(2011, 11, 29, 23, 59, 59).toISOString()].join()',
  'Australia/Lord_Howe': '[new Date(2024, 3, 7, 1, 45).toISOString(), new Date(2024, 9, 6, 2, 15).getMinutes()].join()',
};
const expected = {
  'Europe/Berlin': '3,2024-10-27T00:30:00.000Z,2024-10-27T00:59:59.999Z,1729994400000,1889-12-31T23:06:32.000Z',
  'Africa/Monrovia': '1960-01-01T00:44:30.000Z,44,1972-01-07T01:04:30.000Z',
  'Pacific/Apia': '2011-12-30T22:00:00.000Z,31,2011-12-30T09:59:59.000Z',
  'Australia/Lord_Howe': '2024-04-06T14:45:00.000Z,45',
};

test('gaps, repetitions, seconds and a day that was left out, in the wasm and in the native build', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  for (const [zone, program] of Object.entries(facts)) {
    assert.equal(await within(zone, () => sandbox.evalSync(program)), expected[zone], zone);
    const { stdout } = spawnSync(nativeShell(), ['--eval', program], { encoding: 'utf8', env: { TZ: zone } });
    assert.equal(stdout.trim(), expected[zone], `native, ${zone}`);
  }
  sandbox.dispose();
});

test('steps through the day of a transition lead to the next', async () => {
  const sandbox = await createSandbox({ timeLimit: 5000 });
  for (const zone of [
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'Africa/Casablanca',
    'Pacific/Apia',
  ]) {
    const program = `
      const ends = [];
      for (const [year, month, day] of [[2024, 2, 31], [2024, 9, 27], [2024, 3, 7], [2024, 9, 6], [2011, 11, 29], [2018, 10, 4], [2019, 1, 16]]) {
        const date = new Date(year, month, day), steps = [];
        while (steps.length < 100 && !(date >= new Date(year, month, day + 1))) steps.push(date.setMinutes(date.getMinutes() + 30));
        ends.push(steps.join());
      }
      return ends.join(';')`;
    await within(zone, () => assert.equal(sandbox.evalSync(`(() => {${program}})()`), new Function(program)(), zone));
  }
  sandbox.dispose();
});

test('an entry has the zone that the host has when it begins', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  const hours = () => sandbox.evalSync('new Date(0).getHours()');
  assert.equal(await within('Asia/Tokyo', hours), 9);
  assert.equal(await within('America/New_York', hours), 19);
  sandbox.dispose();
});

test('texts name the zone as the host does, and are read back', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  for (const zone of ['Europe/Berlin', 'UTC', 'Antarctica/Troll', 'Asia/Kathmandu']) {
    await within(zone, () => {
      for (const time of [Date.UTC(2024, 0, 1), Date.UTC(2024, 6, 1), Date.UTC(-1, 0, 1)]) {
        const date = new Date(time);
        const [text, clock, read] = sandbox.evalSync(
          `{ const date = new Date(${time}); [String(date), date.toTimeString(), Date.parse(String(date))]; }`,
        );
        assert.deepEqual([text, clock, read], [String(date), date.toTimeString(), Date.parse(String(date))]);
      }
    });
  }
  sandbox.dispose();
});

test('a name that is not ASCII or too long does no harm', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  const { toTimeString } = Date.prototype;
  try {
    for (const [name, shown] of [
      ['Mitteleuropäische Zeit', ' (Mitteleuropäische Zeit)'],
      ['(UTC+3)', ' ((UTC+3))'],
      ['時'.repeat(80), ` (${'時'.repeat(80)})`],
      ['x'.repeat(257), ''],
      ['', ''],
    ]) {
      Date.prototype.toTimeString = () => `00:00:00 GMT+0000 (${name})`;
      assert.match(sandbox.evalSync('new Date(0).toTimeString()'), /GMT[+-]\d{4}/);
      assert.equal(sandbox.evalSync('new Date(0).toTimeString()').replace(/^.*GMT[+-]\d{4}/, ''), shown);
    }
  } finally {
    Date.prototype.toTimeString = toTimeString;
  }
  sandbox.dispose();
});

test('what is read of the history of a zone is paid for', async () => {
  const sandbox = await createSandbox({ fuelLimit: 1e6, timeZone: 'Europe/Berlin' });
  // Instants far apart: each is in another period.
  assert.throws(() => sandbox.evalSync('for (let i = 0; i < 1e5; i++) new Date(i * 7e10 % 8e15).getHours()'), {
    name: 'TimeLimitError',
  });
  sandbox.dispose();
});

test('the option timeZone sets the zone of local time, whatever the host has', async () => {
  for (const [timeZone, offset, id] of [
    ['America/New_York', 300, 'America/New_York'],
    ['asia/calcutta', -330, 'Asia/Kolkata'],
    ['+05:45', -345, '+05:45'],
    ['Etc/GMT', 0, 'UTC'],
  ]) {
    const sandbox = await createSandbox({ timeZone });
    await within('Pacific/Apia', () => {
      assert.equal(sandbox.evalSync('new Date(Date.UTC(2024, 0, 1)).getTimezoneOffset()'), offset);
      assert.equal(sandbox.evalSync('Temporal.Now.timeZoneId()'), id);
      assert.equal(sandbox.evalSync('Temporal.Now.zonedDateTimeISO().timeZoneId'), id);
    });
    sandbox.dispose();
  }
  const sandbox = await createSandbox({ timeZone: 'America/New_York' });
  assert.equal(
    sandbox.evalSync('String(new Date(2024, 2, 10, 2, 30))'),
    'Sun Mar 10 2024 03:30:00 GMT-0400 (Eastern Daylight Time)',
  );
  sandbox.dispose();
});

test('Date and Temporal agree', async () => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  for (const zone of ['Europe/Berlin', 'Africa/Monrovia', 'Australia/Lord_Howe', 'Pacific/Apia', 'America/St_Johns']) {
    const differing = await within(zone, () =>
      sandbox.evalSync(`(() => {
        let differing = 0;
        for (let i = 0; i < 3000; i++) {
          const date = new Date(-3e12 + i * 1.7e9), zoned = date.toTemporalInstant().toZonedDateTimeISO(Temporal.Now.timeZoneId());
          const back = zoned.toPlainDateTime().toZonedDateTime(zoned.timeZoneId).epochMilliseconds;
          const local = new Date(date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds());
          if (zoned.hour !== date.getHours() || zoned.second !== date.getSeconds() || zoned.day !== date.getDate() || back !== local.getTime()) differing++;
        }
        return differing;
      })()`),
    );
    assert.equal(differing, 0, zone);
  }
  sandbox.dispose();
});
