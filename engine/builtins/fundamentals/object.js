// The functions of Object that call back into JavaScript. https://tc39.es/ecma262/#sec-object-objects

// https://tc39.es/ecma262/#sec-object.fromentries
function Object_fromEntries(iterable) {
  if (iterable === void 0 || iterable === null) {
    %ThrowTypeError("Object.fromEntries: % is not iterable", iterable);
  }
  const object = %CreateObject(%ObjectPrototype);
  for (const entry of iterable) {
    if (!%IsObject(entry)) %ThrowTypeError("Object.fromEntries: an entry must be an object, not %", entry);
    const key = entry[0];
    %CreateDataPropertyOrThrow(object, key, entry[1]);
  }
  return object;
}

// https://tc39.es/ecma262/#sec-object.groupby
function Object_groupBy(items, callback) {
  if (items === void 0 || items === null) %ThrowTypeError("Object.groupBy: % is not iterable", items);
  if (!%IsCallable(callback)) %ThrowTypeError("Object.groupBy: % is not a function", callback);
  // The guest sees the groups only at the end, so they are collected directly in the result.
  const groups = %CreateObject(null);
  let index = 0;
  for (const item of items) {
    const key = %ToPropertyKey(%call(callback, void 0, item, index));
    const group = groups[key];
    if (group === void 0) {
      %CreateDataPropertyOrThrow(groups, key, %ListCreate(item));
    } else {
      %ListAppend(group, item);
    }
    index++;
  }
  return groups;
}

// https://tc39.es/ecma262/#sec-object.prototype.tolocalestring
function ObjectPrototype_toLocaleString() {
  return this.toString();
}
