import * as R from 'ramda';

const people = [
  { name: 'Ada', age: 36 },
  { name: 'Grace', age: 85 },
  { name: 'Alan', age: 41 },
];
const older = R.pipe(R.filter(R.propSatisfies(R.gt(R.__, 40), 'age')), R.sortBy(R.prop('name')), R.pluck('name'));
console.log(older(people));
console.log(
  R.over(R.lensPath(['a', 'b']), R.inc, { a: { b: 1 } }),
  R.assocPath(['x', 0, 'y'], 5, {}),
  R.path(['a', 1], { a: [1, 2] }),
);
console.log(
  R.groupBy((n) => (n % 2 ? 'odd' : 'even'), R.range(1, 8)),
  R.partition(R.startsWith('A'), R.pluck('name', people)),
);
console.log(
  R.equals({ a: [1, { b: new Map([[1, 2]]) }] }, { a: [1, { b: new Map([[1, 2]]) }] }),
  R.toString({ a: [1, 'x', null, undefined] }),
);
console.log(
  R.into(
    [],
    R.compose(
      R.map(R.multiply(2)),
      R.filter((n) => n > 2),
      R.take(2),
    ),
    [1, 2, 3, 4, 5],
  ),
);
console.log(
  R.cond([
    [R.lt(10), R.always('big')],
    [R.T, (n) => `small ${n}`],
  ])(5),
  R.curry((a, b, c) => [a, b, c])(1, R.__, 3)(2),
);
console.log(
  R.reduceWhile((sum) => sum < 6, R.add, 0, R.range(1, 10)),
  R.xprod([1, 2], ['a']),
  R.transpose([
    [1, 2],
    [3, 4],
  ]),
  R.mergeDeepRight({ a: { b: 1 } }, { a: { c: 2 } }),
);
console.log(
  R.evolve({ age: R.add(1) }, people[0]),
  R.tryCatch(
    () => {
      throw new Error('no');
    },
    (error) => error.message,
  )(),
  R.splitEvery(2, 'abcde'),
);
