// try, catch and finally with and without a throw, errors of own classes.
class NotFound extends Error {
  constructor(key) { super(`no ${key}`); this.key = key; }
}

const table = { a: 1, b: 2, c: 3 };
function look(key) {
  if (!(key in table)) throw new NotFound(key);
  return table[key];
}

function guarded(key) {
  let result = 0;
  try {
    result = look(key);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    result = error.key.length;
  } finally {
    result += 1;
  }
  return result;
}

function run() {
  const keys = ['a', 'b', 'c', 'missing'];
  let check = 0;
  for (let i = 0; i < 24000; i++) check += guarded(keys[(i % 19 === 0) ? 3 : i % 3]);
  return check;
}
