import { autorun, makeAutoObservable, observable, observe, reaction, runInAction, toJS } from 'mobx';

class Store {
  items = [];
  filter = '';
  constructor() {
    makeAutoObservable(this);
  }
  get shown() {
    return this.items.filter((item) => item.includes(this.filter));
  }
  add(item) {
    this.items.push(item);
  }
}
const store = new Store();
autorun(() => console.log('shown', store.shown.join()));
store.add('apple');
store.add('banana');
runInAction(() => {
  store.filter = 'an';
});
reaction(
  () => store.items.length,
  (now, before) => console.log('length', now, before),
);
store.add('mango');
const map = observable.map({ a: 1 });
observe(map, (change) => console.log(change.type, change.name));
map.set('b', 2);
console.log(JSON.stringify(toJS(observable({ x: [1, { y: 2 }] }))));
