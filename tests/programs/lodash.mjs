import _ from 'lodash';

const people = [
  { name: 'Ada', age: 36, tags: ['x', 'y'], born: new Date(0) },
  { name: 'Grace', age: 85, tags: ['y'] },
  { name: 'Alan', age: 41, tags: [] },
];
console.log(_.VERSION);
console.log(
  JSON.stringify(
    _.chain(people)
      .filter((p) => p.age > 40)
      .sortBy('name')
      .map('name')
      .value(),
  ),
);
console.log(JSON.stringify(_.groupBy([1.2, 1.8, 2.1], Math.floor)), JSON.stringify(_.countBy(people, 'tags.length')));
console.log(_.isEqual(_.cloneDeep(people), people), _.cloneDeep(people)[0].born !== people[0].born);
console.log(JSON.stringify(_.merge({ a: [{ b: 2 }, { d: 4 }] }, { a: [{ c: 3 }, { e: 5 }] })));
console.log(
  _.camelCase('--foo-bar--'),
  _.kebabCase('fooBar baz'),
  _.startCase('an_other'),
  _.deburr('déjà vu'),
  _.words('a b,c').join(),
);
console.log(
  _.template('hello <%= user %>!<% _.each(list, (n) => { %> <%- n %><% }) %>')({ user: 'fred', list: ['<1>', 2] }),
);
console.log(_.range(0, 20, 5), _.zip(['a', 'b'], [1, 2]), _.chunk(_.range(7), 3), _.flattenDeep([1, [2, [3, [4]]]]));
console.log(
  _.debounce.name,
  _.memoize((n) => n * 2)(21),
  _.curry((a, b, c) => a + b + c)(1)(2)(3),
  _.partial((a, b) => a - b, _, 2)(10),
);
console.log(
  _.get(people, '[0].tags[1]'),
  _.set({}, 'a[0].b.c', 4),
  _.has(people, '[1].name'),
  _.omit({ a: 1, b: 2 }, 'a'),
  _.invert({ x: 1 }),
);
console.log(
  _.truncate('a rather long sentence here', { length: 14 }),
  _.escape('<&>'),
  _.pad('x', 5, '_-'),
  _.round(4.006, 2),
  _.uniq([2, 1, 2]),
);
console.log(
  _.differenceBy([2.1, 1.2], [2.3, 3.4], Math.floor),
  _.orderBy(people, ['age'], ['desc']).map((p) => p.name),
  _.sample([7]),
  _.size('abc'),
);
