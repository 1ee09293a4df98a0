import {
  applyPatches,
  createDraft,
  current,
  enableMapSet,
  enablePatches,
  finishDraft,
  freeze,
  isDraft,
  original,
  produce,
  produceWithPatches,
} from 'immer';

enablePatches();
enableMapSet();
const base = { list: [1, 2, { deep: true }], map: new Map([['a', { n: 1 }]]), set: new Set([1]), when: 'now' };
const [next, patches, inverse] = produceWithPatches(base, (draft) => {
  draft.list[2].deep = false;
  draft.list.push(4);
  draft.map.get('a').n = 2;
  draft.map.set('b', { n: 3 });
  draft.set.add(2);
  delete draft.when;
});
console.log(JSON.stringify(next), JSON.stringify([...next.map]), JSON.stringify([...next.set]));
console.log(JSON.stringify(patches));
console.log(
  JSON.stringify(applyPatches(next, inverse)),
  base.list.length,
  next.list !== base.list,
  Object.isFrozen(next),
);
const draft = createDraft({ a: { b: 1 } });
draft.a.b = 5;
console.log(
  isDraft(draft),
  JSON.stringify(current(draft)),
  JSON.stringify(original(draft)),
  JSON.stringify(finishDraft(draft)),
);
const toggle = produce((state, id) => {
  const todo = state.find((item) => item.id === id);
  todo.done = !todo.done;
});
console.log(
  JSON.stringify(
    toggle(
      [
        { id: 1, done: false },
        { id: 2, done: true },
      ],
      2,
    ),
  ),
);
try {
  ('use strict');
  freeze({ a: { b: 1 } }, true).a.b = 2;
  console.log('not frozen');
} catch (error) {
  console.log(error instanceof TypeError);
}
try {
  produce({}, (state) => {
    state.x = 1;
    return 5;
  });
} catch (error) {
  console.log(error.message.slice(0, 40));
}
console.log(
  JSON.stringify(
    produce([3, 1, 2], (items) => {
      items.sort();
      items.reverse();
      items.splice(1, 1);
    }),
  ),
);
