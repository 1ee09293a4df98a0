import { fromJS, List, Map as ImmutableMap, Range, Record, Seq, Set as ImmutableSet } from 'immutable';

const tree = fromJS({ a: { b: [1, 2, { c: 3 }] } });
console.log(tree.setIn(['a', 'b', 2, 'c'], 9).toString(), tree.equals(fromJS({ a: { b: [1, 2, { c: 3 }] } })));
console.log(
  List.of(3, 1, 2).sort().push(5).toJS().join(),
  Seq({ a: 1, b: 2 })
    .map((x) => x * 2)
    .toObject().b,
  ImmutableSet([1, 2]).union([3]).size,
);
console.log(
  Range(0, Infinity)
    .filter((x) => x % 7 === 0)
    .take(5)
    .toArray()
    .join(),
  new (Record({ x: 1, y: 2 }, 'Point'))({ x: 5 }).toString(),
);
let big = ImmutableMap();
for (let i = 0; i < 3000; i++) big = big.set(`k${i}`, i);
console.log(big.size, big.get('k2999'), big.hashCode(), big.filter((value) => value % 2).size);
