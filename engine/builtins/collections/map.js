// The methods of Map and WeakMap that call back into JavaScript. Collection types: 0 Map, 1 Set, 2 WeakMap, 3 WeakSet.

// https://tc39.es/ecma262/#sec-map.prototype.foreach
function MapPrototype_forEach(callback, thisArgument) {
  %CollectionCheck(this, 0);
  if (!%IsCallable(callback)) %ThrowTypeError("Map.prototype.forEach: % is not a function", callback);
  for (let position = %CollectionNext(this, 0); position > 0; position = %CollectionNext(this, position)) {
    %call(callback, thisArgument, %CollectionValue(this, position), %CollectionKey(this, position), this);
  }
}

// https://tc39.es/proposal-upsert/#sec-map.prototype.getorinsertcomputed
function MapPrototype_getOrInsertComputed(key, callback) {
  %CollectionCheck(this, 0);
  if (!%IsCallable(callback)) %ThrowTypeError("Map.prototype.getOrInsertComputed: % is not a function", callback);
  if (%CollectionHas(this, key)) return %CollectionGet(this, key);
  if (key === 0) key = 0;  // -0 is the same key
  const value = %call(callback, void 0, key);
  %CollectionPut(this, key, value);
  return value;
}

// https://tc39.es/proposal-upsert/#sec-weakmap.prototype.getorinsertcomputed
function WeakMapPrototype_getOrInsertComputed(key, callback) {
  %WeakMapCheck(this, key);
  if (!%IsCallable(callback)) %ThrowTypeError("WeakMap.prototype.getOrInsertComputed: % is not a function", callback);
  if (%WeakMapHas(this, key)) return %WeakMapGet(this, key);
  const value = %call(callback, void 0, key);
  %WeakMapSet(this, key, value);
  return value;
}

// https://tc39.es/ecma262/#sec-map.groupby
function Map_groupBy(items, callback) {
  if (items === void 0 || items === null) %ThrowTypeError("Map.groupBy: % is not iterable", items);
  if (!%IsCallable(callback)) %ThrowTypeError("Map.groupBy: % is not a function", callback);
  // The guest sees the groups only at the end, so they are collected directly in the result.
  const groups = %CollectionCreate(0);
  let index = 0;
  for (const item of items) {
    const key = %call(callback, void 0, item, index);
    const group = %CollectionGet(groups, key);
    if (group === void 0) {
      %CollectionPut(groups, key, %ListCreate(item));
    } else {
      %ListAppend(group, item);
    }
    index++;
  }
  return groups;
}
