// The methods of Set with others that are like sets and change the receiver while they are asked.
const methods = ['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'];
let state = 7;
function random(limit) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 1;
  return (state >>> 8) % limit;
}
const values = [0, -0, 1, 2, 3, 4, 5, NaN, 'a', 'b', undefined, null];
const pick = () => values[random(values.length)];
const show = (value) => (Object.is(value, -0) ? '-0' : String(value));

function change(set, log) {
  const value = pick();
  switch (random(9)) {
    case 0: set.clear(); log.push('clear'); break;
    case 1: case 2: case 3: set.add(value); log.push(`+${show(value)}`); break;
    case 4: case 5: set.delete(value); log.push(`-${show(value)}`); break;
    case 6: set.delete(value); set.add(value); log.push(`~${show(value)}`); break;
    case 7: { const all = [...set]; set.clear(); for (const v of all) set.add(v); log.push('again'); break; }
    default:
  }
}

function setLike(set, log, changes) {
  const has = changes & 1, keys = changes & 2, size = changes & 4, next = changes & 8;
  const mine = Array.from({ length: random(6) }, pick), count = random(8);
  return {
    get size() { log.push('size'); if (size) change(set, log); return random(6) ? count : [Infinity, '3', 2.9, -0.5, NaN, -1, undefined][random(7)]; },
    get has() {
      log.push('get has');
      return (value) => { log.push(`has ${show(value)}`); if (has) change(set, log); return random(2) ? [true, 1, 'x'][random(3)] : [false, 0, ''][random(3)]; };
    },
    get keys() {
      log.push('get keys');
      return () => {
        log.push('keys');
        if (keys) change(set, log);
        let at = 0;
        return {
          get next() {
            log.push('get next');
            return () => {
              log.push('next');
              if (next) change(set, log);
              return at < mine.length ? { done: 0, value: mine[at++] } : { get done() { log.push('done'); return 1; }, get value() { log.push('value'); return 9; } };
            };
          },
          get return() { log.push('get return'); return () => { log.push('return'); return {}; }; },
        };
      };
    },
  };
}

for (let round = 0; round < 600; round++) {
  const method = methods[round % methods.length];
  const set = new Set(Array.from({ length: random(7) }, pick));
  for (let i = random(4); i > 0; i--) { set.delete(pick()); set.add(pick()); }
  const log = [], changes = random(16);
  let result;
  const before = [...set].map(show).join();
  try {
    result = set[method](setLike(set, log, changes));
    result = result instanceof Set ? `{${[...result].map(show)}}` : String(result);
  } catch (error) {
    result = error.name;
  }
  console.log(`${method} {${before}} = ${result}; now {${[...set].map(show)}}; ${log.join(' ')}`);
}

const set = new Set([1, 2]), asked = [];
const rest = set.difference({ size: 5, has(value) { asked.push(value); set.add(9); set.delete(2); return false; }, keys() {} });
console.log(asked.join(), [...rest].join(), [...set].join());
