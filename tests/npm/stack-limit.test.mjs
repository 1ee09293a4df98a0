// The smallest stacks: what they hold, and what is refused.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

for (const stackLimit of [16 * 1024, 20_001, 64 * 1024, 64 * 1024 + 64, 128 * 1024 + 7, 1024 * 1024]) {
  test(`a stack of ${stackLimit} bytes holds calls, and too many are a RangeError`, async () => {
    const sandbox = await createSandbox({ stackLimit, globals: { call: (fn) => fn(), later: async (value) => value } });
    assert.equal(sandbox.evalSync('[3, 1, 2].map((x) => x + 1).sort((a, b) => a - b).join()'), '2,3,4');
    assert.equal(sandbox.evalSync('call(() => JSON.stringify({ toJSON: () => [1] }))'), '[1]');
    assert.equal(await sandbox.eval('(async () => (await later(20)) + (await later(1)))()'), 21);
    assert.equal(
      sandbox.evalSync(
        'let depth = 0; (function f() { depth++; f(); }).name; try { (function f() { depth++; f(); })(); } catch (error) { error.name }',
      ),
      'RangeError',
    );
    const depth = sandbox.evalSync('depth');
    assert.ok(depth >= stackLimit / 400, `${depth} calls`);
    assert.equal(sandbox.evalSync('1 + 1'), 2);
    sandbox.dispose();
  });
}

test('a smaller one is refused with the least that is possible', async () => {
  await assert.rejects(createSandbox({ stackLimit: 16383 }), {
    name: 'RangeError',
    message: 'createSandbox: stackLimit must be at least 16384 bytes (16 KiB), got 16383',
  });
});
