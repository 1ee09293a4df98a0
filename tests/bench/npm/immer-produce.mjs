// Produces next states of a nested store through drafts.
import { produce } from 'immer';

const start = {
  items: Array.from({ length: 60 }, (_, id) => ({ id, done: false, tags: ['x'], meta: { count: 0 } })),
  index: Object.fromEntries(Array.from({ length: 60 }, (_, id) => [`key${id}`, { value: id }])),
};

export function run() {
  let state = start;
  for (let i = 0; i < 80; i++) {
    state = produce(state, (draft) => {
      const item = draft.items[i % draft.items.length];
      item.done = !item.done;
      item.meta.count++;
      item.tags.push(`t${i}`);
      draft.index[`key${i % 60}`].value += i;
      if (i % 10 === 0) draft.items.push({ id: 60 + i, done: true, tags: [], meta: { count: i } });
    });
  }
  return state.items.length * 1000 + state.items[3].tags.length + state.index.key7.value;
}
