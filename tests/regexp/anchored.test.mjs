// What is anchored at the start of the text is not looked for further on: a search costs the same whatever the length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSandbox } from 'caisson';

const anchored = [
  '^bar',
  '^(?=b)',
  '^\\s*b',
  '(?:^bar|^foo)|^(x)',
  '(?:^bq)+',
  '(?=^bq)',
  '(^bq|^c)d',
  '(?:(?:^b)c|^d)?^e',
  '^(?:yes|no|maybe|perhaps)$',
];

test('a search for what is anchored looks at one place', async (t) => {
  const sandbox = await createSandbox({ timeLimit: Infinity });
  t.after(() => sandbox.dispose());
  sandbox.evalSync('text = "lorem ipsum dolor sit amet, ".repeat(40000)', { result: false });
  for (const source of anchored) {
    for (const flags of ['', 'g', 'i', 'u', 's']) {
      const program = `{ const pattern = new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)}); let found = 0;
        for (let i = 0; i < 200; i++) found += pattern.test(text); found }`;
      assert.doesNotThrow(
        () => assert.equal(sandbox.evalSync(program, { fuelLimit: 50_000 }), 0),
        `/${source}/${flags}`,
      );
    }
  }
});
