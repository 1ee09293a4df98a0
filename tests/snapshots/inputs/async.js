async function load(names) {
  for await (const name of names) yieldTo(await name);
}
function* pairs(object) {
  for (const key in object) yield [key, object[key]];
  return yield* Object.keys(object);
}
function yieldTo(value) { return value?.then?.(); }
