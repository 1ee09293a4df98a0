import { constructible, createSandbox, ref } from 'caisson';

class Account {
  #balance = 0;
  deposit(amount = 0) { this.#balance += amount; return this.#balance; }
}
const state = { visits: 0 };
const sandbox = await createSandbox({ globals: { Account: constructible(Account), state: ref(state) } });
sandbox.evalSync('state.visits++; const account = new Account(); account.deposit(2)');
console.log(sandbox.evalSync('account.deposit(3)')); // 5
console.log(state.visits); // 1

const { Counter, rows } = sandbox.evalSync(`
  class Counter { #n = 0; inc() { return ++this.#n; } }
  ({ Counter, async *rows() { yield 1; yield 2; } })`);
const counter = new Counter();
counter.inc();
console.log(counter.inc(), counter instanceof Counter); // 2 true
for await (const row of rows()) if (row === 2) console.log(row); // 2

// A reference copies nothing but what is asked for.
const big = sandbox.ref('globalThis.big = { list: [1, 2, 3], more: {} }');
console.log(big.ref('list').get('length'), big.keys()); // 3 [ 'list', 'more' ]
big.release();
sandbox.dispose();

export {};
