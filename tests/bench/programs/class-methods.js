// Method calls on class instances, with inheritance, super calls, accessors and private fields.
class Account {
  #entries = 0;
  constructor(balance) { this.balance = balance; }
  deposit(amount) { this.balance += amount; this.#entries++; return this; }
  get entries() { return this.#entries; }
}

class Savings extends Account {
  constructor(balance, rate) { super(balance); this.rate = rate; }
  deposit(amount) { super.deposit(amount); this.accrue(); return this; }
  accrue() { this.balance = (this.balance + ((this.balance * this.rate) | 0)) % 1000003; }
}

function run() {
  const accounts = [new Account(1), new Savings(2, 0.01), new Savings(3, 0.02)];
  let entries = 0;
  for (let i = 0; i < 60000; i++) {
    const account = accounts[i % 3];
    account.deposit(i & 15);
    entries += account.entries & 1;
  }
  return accounts.reduce((sum, account) => sum + account.balance, entries);
}
