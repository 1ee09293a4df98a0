// What console prints of errors.
const self = new Error('a circle');
self.cause = self;
self.code = 'E_CIRCLE';
console.log(self);
const outer = new Error('outer', { cause: new TypeError('inner', { cause: 'deep' }) });
console.log(outer);
console.log({ outer });
console.log(new AggregateError([new Error('one'), 2], 'several'));
try { using a = { [Symbol.dispose]() { throw new Error('disposing') } }; throw new Error('body') } catch (e) { console.log(e) }
