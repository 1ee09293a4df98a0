function* naturals() { for (let n = 0; ; n++) yield n; }
console.log(naturals().map((n) => n * 2).filter((n) => n % 3 === 0).drop(1).take(3).toArray().join());
console.log(naturals().take(5).reduce((a, b) => a + b), naturals().some((n) => n > 4), naturals().take(3).every((n) => n < 3), naturals().find((n) => n > 6));
console.log([...Iterator.from({ next: () => ({ done: true }) })].length, naturals().flatMap((n) => [n, n]).take(4).toArray().join());
const union = new Set([1, 2]).union(new Set([2, 3]));
console.log([...union].join(), [...union.intersection(new Set([2, 9]))].join(), [...union.difference(new Set([1]))].join(), [...union.symmetricDifference(new Set([3, 4]))].join());
console.log(union.isSupersetOf(new Set([1])), new Set([1]).isSubsetOf(union), union.isDisjointFrom(new Set([7])));
console.log(Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even')).odd.join(), Map.groupBy([1, 2], (n) => n > 1).get(true).join());
const { promise, resolve } = Promise.withResolvers();
promise.then((value) => console.log('resolved', value));
resolve('with resolvers');
Promise.try(() => { throw new Error('tried'); }).catch((error) => console.log(error.message));
Array.fromAsync([Promise.resolve(1), 2]).then((list) => console.log(list.join()));
console.log(RegExp.escape('a.b'), Error.isError(new Error()), Math.f16round(1.337), new Float16Array([1.5])[0]);
console.log(Math.sumPrecise?.([0.1, 0.2, 0.3]), 'a'.isWellFormed(), new ArrayBuffer(8, { maxByteLength: 16 }).resizable, new ArrayBuffer(8).transfer(4).byteLength);
console.log(Uint8Array.fromBase64('AQID').join(), new Uint8Array([255, 1]).toHex(), Iterator.concat?.([1], [2]).toArray().join());
{
  using resource = { [Symbol.dispose]() { console.log('disposed'); } };
  console.log('in use');
}
(async () => {
  await using resource = { async [Symbol.asyncDispose]() { await null; console.log('async disposed'); } };
  console.log('async in use');
})();
