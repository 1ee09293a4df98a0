// return against return await, resolve functions, chains.
const log = (...words) => console.log(words.join(' '));
let clock = Promise.resolve();
for (let i = 1; i <= 8; i++) clock = clock.then(() => log('clock', i));
const done = Promise.resolve('value');
(async () => { const value = await (async () => done)(); log('return promise', value); })();
(async () => { const value = await (async () => await done)(); log('return await promise', value); })();
(async () => { const value = await (async () => 'plain')(); log('return plain', value); })();
(async () => { await (async () => { throw new Error('thrown'); })().catch((error) => log('caught', error.message)); })();
new Promise((resolve) => resolve(done)).then((value) => log('resolved with promise', value));
new Promise((resolve) => { resolve(1); resolve(2); throw new Error('ignored'); }).then((value) => log('first resolve', value));
done.then(() => done).then((value) => log('handler returned promise', value));
done.then(() => ({ then(resolve) { resolve('deep'); } })).then((value) => log('handler returned thenable', value));
Promise.reject(new Error('r')).then(() => {}).then(() => {}).catch((error) => log('late catch', error.message));
Promise.resolve(1).finally(() => log('finally')).then((value) => log('after finally', value));
Promise.reject(2).finally(() => Promise.resolve()).catch((value) => log('finally passed', value));
Promise.resolve(3).finally(() => { throw 4; }).catch((value) => log('finally replaced', value));
