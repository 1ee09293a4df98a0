import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAgent } from './agent.js';
import { sent, tools } from './tools.js';

/** A model that says these texts, one after the other. */
const scripted = (...texts) => {
  let step = 0;
  return async () => texts[step++];
};
const run = (programs, options = {}) => runAgent({ task: 'Do it.', tools, model: scripted(...programs), ...options });
const answered = async (...args) => (await run(...args)).answer;

test('a program calls tools as if they were synchronous, and answers', async () => {
  assert.equal(await answered(['answer(listOrders().map((id) => readOrder(id).total).reduce((a, b) => a + b));']), 245);
  assert.equal(await answered(['Here it is:\n```js\nanswer(1 + 1);\n```\nDone.']), 2);
});

test('what a program prints, and its error with line and program, is what the model sees next', async () => {
  const { answer, messages } = await run(['console.log([1]);\nnull.x;', 'const a = 1;', 'const a = 2; answer(a);']);
  assert.equal(answer, 2);
  assert.match(messages[3].content, /^\[ 1 \]\nTypeError: [^]*program-1\.js:2:/);
  assert.equal(messages[5].content, '(nothing was printed)');
});

test('a program that does not end is stopped, and the next one goes on', async () => {
  const { answer, messages } = await run(['globalThis.kept = 5; for (;;);', 'answer(kept);']);
  assert.equal(answer, 5);
  assert.match(messages[3].content, /TimeLimitError/);
});

test('the user is asked, and may refuse', async () => {
  const questions = [];
  const mail = 'sendMail("bob@example.com", "Sorry");';
  const program = `let said; try { ${mail} } catch (error) { said = error.message; } answer(said);`;
  const ask = (agrees) => async (question) => (questions.push(question), agrees);
  assert.match(
    await answered([program], { approve: ask(false) }),
    /has refused sendMail\("bob@example.com", "Sorry"\)/,
  );
  assert.equal(sent.length, 0);
  assert.equal(await answered([program], { approve: ask(true) }), undefined);
  assert.deepEqual(sent, [{ to: 'bob@example.com', text: 'Sorry' }]);
  assert.equal(questions.length, 2);
});

test('arguments are checked, calls are counted, output is cut', async () => {
  const { messages } = await run(
    ['readOrder("../1")', 'for (;;) listOrders();', 'console.log("x".repeat(1e6))', 'answer(1)'],
    {
      calls: 20,
    },
  );
  assert.match(messages[3].content, /readOrder takes a number/);
  assert.match(messages[5].content, /No more than 20 calls/);
  assert.equal(messages[7].content.length, 4000);
});

test('there is nothing but the tools, and no way around a limit of steps', async () => {
  const program = 'answer([typeof process, typeof require, typeof fetch, typeof importScripts].join())';
  assert.equal(await answered([program]), 'undefined,undefined,undefined,undefined');
  await assert.rejects(run(['1', '2', '3'], { steps: 2 }), /no answer after 2 programs/);
});

test('an abort ends the program and what its tools do', async () => {
  const controller = new AbortController();
  let toolSignal;
  const wait = {
    description: '(): waits',
    check: () => {},
    run() {
      toolSignal = this.signal;
      setTimeout(() => controller.abort(), 10);
      return new Promise(() => {});
    },
  };
  await assert.rejects(run(['wait();', 'wait();'], { tools: { wait }, signal: controller.signal }), {
    name: 'AbortError',
  });
  assert.ok(toolSignal.aborted);
});
