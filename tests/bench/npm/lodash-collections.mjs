// Groups, sorts, merges and clones collections.
import _ from 'lodash';

const rows = Array.from({ length: 800 }, (__, id) => ({
  id,
  group: `g${id % 13}`,
  score: (id * 37) % 101,
  nested: { list: [id, id + 1] },
}));

export function run() {
  const grouped = _.groupBy(rows, 'group');
  const sums = _.mapValues(grouped, (list) => _.sumBy(list, 'score'));
  const top = _(rows)
    .filter((row) => row.score > 20)
    .sortBy(['score', 'id'])
    .map('id')
    .take(50)
    .value();
  const copy = _.cloneDeep(rows.slice(0, 150));
  const merged = _.merge({}, ...copy.slice(0, 60));
  const unique = _.uniqWith(
    rows.slice(0, 120).map((row) => ({ s: row.score % 17 })),
    _.isEqual,
  );
  return (
    _.sum(_.values(sums)) + top.length + merged.nested.list[1] + unique.length + _.camelCase('some long name').length
  );
}
