// The examples menu.
export const programs = [
  {
    name: 'Promises and timers',
    source: `// Microtasks run to the end before the next timer.
setTimeout(() => console.log('timer'), 0);
queueMicrotask(() => console.log('microtask'));

async function countdown(from) {
  for (let i = from; i > 0; i--) {
    console.log(i);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return 'lift-off';
}
countdown(3);
`,
  },
  {
    name: 'Values',
    source: `console.log('text', 42, 10n ** 20n, true, null, undefined);
console.log([1, 2, [3, 4]], { name: 'Ada', born: new Date(Date.UTC(1815, 11, 10)) });
console.info(new Map([['a', 1], ['b', { deep: true }]]), new Set([1, 2, 3]));
console.warn('a warning', /re(g)ex/giu);
console.error(new TypeError('an error with its stack'));
({ result: 'the last value is shown too' });
`,
  },
  {
    name: 'Generators and iterator helpers',
    source: `function* primes() {
  const found = [];
  for (let n = 2; ; n++) {
    if (found.every((p) => n % p)) {
      found.push(n);
      yield n;
    }
  }
}
primes().filter((p) => p % 4 === 1).take(10).toArray();
`,
  },
  {
    name: 'A module with top-level await',
    source: `// Whatever imports, exports or awaits at its top level is a module.
import { twice } from 'data:text/javascript,export const twice = (n) => n * 2';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for await (const word of (async function* () {
  for (const word of ['slowly', 'one', 'after', 'the', 'other']) {
    await wait(150);
    yield word;
  }
})()) console.log(word);
export const answer = twice(21);
`,
  },
  {
    name: 'Classes',
    source: `class Account {
  #balance = 0;
  static opened = 0;
  constructor(owner) {
    this.owner = owner;
    Account.opened++;
  }
  get balance() { return this.#balance; }
  deposit(amount) {
    if (!(amount > 0)) throw new RangeError(\`cannot deposit \${amount}\`);
    this.#balance += amount;
    return this;
  }
}
const account = new Account('Grace').deposit(70).deposit(30);
console.log(account.owner, account.balance, Account.opened);
account.deposit(-1);
`,
  },
  {
    name: 'An endless loop (press Stop)',
    source: `let turns = 0;
for (;;) turns++;
`,
  },
];
