// Curried pipelines, lenses and transducers.
import * as R from 'ramda';

const rows = R.range(0, 400).map((id) => ({ id, kind: id % 5, value: { amount: (id * 31) % 97 } }));
const amount = R.lensPath(['value', 'amount']);
const summarise = R.pipe(
  R.filter(R.propSatisfies(R.lt(1), 'kind')),
  R.map(R.over(amount, R.add(3))),
  R.groupBy((row) => String(row.kind)),
  R.map(R.pipe(R.pluck('value'), R.pluck('amount'), R.sum)),
  R.toPairs,
  R.sortBy(R.last),
);

export function run() {
  const summary = summarise(rows);
  const transduced = R.into(
    [],
    R.compose(
      R.map(R.multiply(2)),
      R.filter((n) => n % 3 === 0),
      R.take(100),
    ),
    R.range(0, 500),
  );
  const equal = R.equals(summary, R.clone(summary)) ? 1 : 0;
  return R.sum(R.map(R.last, summary)) + R.sum(transduced) + equal;
}
