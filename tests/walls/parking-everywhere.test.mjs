// In every built-in that calls back and all syntax that does, the guest can wait for its host, wherever it is called,
// and be paused; and then everything ends as if it had not. The whole is run by `npm run stress`, here a sample.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { compareInSandbox, compareNatively, explain, find } from './parking-everywhere.mjs';

const whole = process.env.CAISSON_WHOLE_SIZES === '1';
const every = whole ? 1 : 7;

// Where the guest cannot wait: built-ins and programs of syntax-that-calls-back.js.
const refusals = [];

let given;
before(async () => {
  given = await find({ every });
});

test('what calls back is found', (t) => {
  const { functions, looked, callBack, cases } = JSON.parse(given);
  const programs = cases.filter(({ call }) => call.length === 1).length;
  t.diagnostic(
    `${functions} built-ins, ${looked} looked at, ${callBack} call back; ${cases.length} calls, ${programs} programs`,
  );
  assert.ok(functions >= 740, `${functions} built-ins`);
  assert.ok(looked >= Math.floor(functions / every), `${looked} looked at`);
  assert.ok(callBack >= 350 / every, `${callBack} call back`);
  assert.ok(cases.length >= 3500 / every, `${cases.length} calls`);
  assert.ok(programs >= 75, `${programs} programs`);
  for (const { name, account } of cases.slice(0, -programs))
    assert.ok(account.events.length + account.later.length > 0, `${name} has events`);
});

function check(t, { runs, parks, refusals: refused, differences }, leastParks) {
  t.diagnostic(`${runs} runs, ${parks} waits`);
  assert.deepEqual(differences.slice(0, 5).map(explain), [], `${differences.length} differ`);
  assert.deepEqual(Object.keys(refused).sort(), refusals, JSON.stringify(refused).slice(0, 2000));
  assert.ok(parks >= leastParks, `${parks} waits`);
}

test('it waits there, natively', { timeout: 300_000 }, async (t) => {
  check(t, await compareNatively(given), 35_000 / every);
});

test('it waits there, in the package', { timeout: 300_000 }, async (t) => {
  check(t, await compareInSandbox(given), 35_000 / every);
});

for (const pause of whole ? [1, 7, 50] : [50]) {
  test(`it is paused there every ${pause} operations`, { timeout: 300_000 }, async (t) => {
    const { runs, refusals: refused, differences } = await compareNatively(given, { waits: false, pause });
    t.diagnostic(`${runs} runs`);
    assert.deepEqual(differences.slice(0, 5).map(explain), [], `${differences.length} differ`);
    assert.deepEqual(refused, {});
  });
}
