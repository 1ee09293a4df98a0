// The order of timers over a host that fires its own in another order, and before the clock shows the time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Timers } from '../../npm/src/timers.js';

test('a host timer that fires early in the place of another leaves no timer behind', (t) => {
  const fired = [];
  let clock = 0;
  t.mock.method(globalThis, 'setTimeout', (callback) => fired.push(callback));
  t.mock.method(performance, 'now', () => clock);
  const ran = [];
  const timers = new Timers((number) => ran.push(number));
  timers.start(1, 10, false);
  timers.start(2, 12, false);
  clock = 11.5;
  fired[1](); // the host says that 12 has come: the first timer runs
  fired[0](); // it says 10, and the clock shows less than 12
  assert.deepEqual(ran, [1, 2]);
});

test('an interval that cancels itself in the place of another leaves that one its firing', (t) => {
  const host = new Map();
  t.mock.method(globalThis, 'setTimeout', (callback) => {
    host.set(host.size, callback);
    return host.size - 1;
  });
  t.mock.method(globalThis, 'clearTimeout', (number) => host.delete(number));
  t.mock.method(performance, 'now', () => 0);
  const ran = [];
  const timers = new Timers((number) => {
    ran.push(number);
    timers.cancel(number);
  });
  timers.start(1, 10, true);
  timers.start(2, 12, false);
  host.get(1)(); // the second's firing: the first runs, and cancels itself
  host.get(0)?.();
  assert.deepEqual(ran, [1, 2]);
});
