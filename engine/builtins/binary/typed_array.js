// The methods of typed arrays that call back into JavaScript. An element that has gone out of bounds meanwhile reads
// as undefined. https://tc39.es/ecma262/#sec-properties-of-the-%typedarrayprototype%-object

// https://tc39.es/ecma262/#sec-%typedarray%.from
function TypedArray_from(source, mapper, thisArgument) {
  if (!%IsConstructor(this)) %ThrowTypeError("TypedArray.from: % is not a constructor", this);
  if (mapper !== void 0 && !%IsCallable(mapper)) %ThrowTypeError("TypedArray.from: % is not a function", mapper);
  const usingIterator = %GetMethod(source, %SymbolIterator());
  let items;
  let length;
  if (usingIterator !== void 0) {
    const iterator = %call(usingIterator, source);
    if (!%IsObject(iterator)) %ThrowTypeError("TypedArray.from: the iterator must be an object, not %", iterator);
    const next = iterator.next;
    items = %ListCreate();
    for (;;) {
      const step = %call(next, iterator);
      if (!%IsObject(step)) %ThrowTypeError("TypedArray.from: the iterator's result must be an object, not %", step);
      if (step.done) break;
      %ListAppend(items, step.value);
    }
    length = items.length;
  } else {
    items = %ToObject(source);
    length = %LengthOfArrayLike(items);
  }
  const target = %TypedArrayCreate(this, length);
  for (let index = 0; index < length; index++) {
    const value = items[index];
    target[index] = mapper === void 0 ? value : %call(mapper, thisArgument, value, index);
  }
  return target;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.every
function TypedArrayPrototype_every(callback, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.every: % is not a function", callback);
  for (let index = 0; index < length; index++) {
    if (!%call(callback, thisArgument, this[index], index, this)) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.some
function TypedArrayPrototype_some(callback, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.some: % is not a function", callback);
  for (let index = 0; index < length; index++) {
    if (%call(callback, thisArgument, this[index], index, this)) return true;
  }
  return false;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.foreach
function TypedArrayPrototype_forEach(callback, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.forEach: % is not a function", callback);
  for (let index = 0; index < length; index++) %call(callback, thisArgument, this[index], index, this);
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.map
function TypedArrayPrototype_map(callback, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.map: % is not a function", callback);
  const result = %TypedArraySpeciesCreate(this, length);
  for (let index = 0; index < length; index++) {
    result[index] = %call(callback, thisArgument, this[index], index, this);
  }
  return result;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.filter
function TypedArrayPrototype_filter(callback, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.filter: % is not a function", callback);
  const kept = %ListCreate();
  for (let index = 0; index < length; index++) {
    const value = this[index];
    if (%call(callback, thisArgument, value, index, this)) %ListAppend(kept, value);
  }
  const result = %TypedArraySpeciesCreate(this, kept.length);
  %TypedArrayFromList(result, kept);
  return result;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.find
function TypedArrayPrototype_find(predicate, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(predicate)) %ThrowTypeError("TypedArray.prototype.find: % is not a function", predicate);
  for (let index = 0; index < length; index++) {
    const value = this[index];
    if (%call(predicate, thisArgument, value, index, this)) return value;
  }
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.findindex
function TypedArrayPrototype_findIndex(predicate, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(predicate)) %ThrowTypeError("TypedArray.prototype.findIndex: % is not a function", predicate);
  for (let index = 0; index < length; index++) {
    if (%call(predicate, thisArgument, this[index], index, this)) return index;
  }
  return -1;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.findlast
function TypedArrayPrototype_findLast(predicate, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(predicate)) %ThrowTypeError("TypedArray.prototype.findLast: % is not a function", predicate);
  for (let index = length - 1; index >= 0; index--) {
    const value = this[index];
    if (%call(predicate, thisArgument, value, index, this)) return value;
  }
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.findlastindex
function TypedArrayPrototype_findLastIndex(predicate, thisArgument) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(predicate)) %ThrowTypeError("TypedArray.prototype.findLastIndex: % is not a function", predicate);
  for (let index = length - 1; index >= 0; index--) {
    if (%call(predicate, thisArgument, this[index], index, this)) return index;
  }
  return -1;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.reduce
function TypedArrayPrototype_reduce(callback, initial) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.reduce: % is not a function", callback);
  let index = 0;
  let accumulator = initial;
  if (arguments.length < 2) {
    if (length === 0) %ThrowTypeError("TypedArray.prototype.reduce: an empty array needs an initial value");
    accumulator = this[index++];
  }
  for (; index < length; index++) accumulator = %call(callback, void 0, accumulator, this[index], index, this);
  return accumulator;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.reduceright
function TypedArrayPrototype_reduceRight(callback, initial) {
  const length = %TypedArrayValidate(this);
  if (!%IsCallable(callback)) %ThrowTypeError("TypedArray.prototype.reduceRight: % is not a function", callback);
  let index = length - 1;
  let accumulator = initial;
  if (arguments.length < 2) {
    if (length === 0) %ThrowTypeError("TypedArray.prototype.reduceRight: an empty array needs an initial value");
    accumulator = this[index--];
  }
  for (; index >= 0; index--) accumulator = %call(callback, void 0, accumulator, this[index], index, this);
  return accumulator;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.sort
function TypedArrayPrototype_sort(comparator) {
  if (comparator !== void 0 && !%IsCallable(comparator)) {
    %ThrowTypeError("TypedArray.prototype.sort: the comparator must be a function or undefined, not %", comparator);
  }
  const length = %TypedArrayValidate(this);
  if (comparator === void 0) {
    %TypedArraySort(this);
  } else {
    const list = %TypedArrayToList(this, length);
    %TypedArrayFromList(this, %call(%SelfHosted("SortList"), void 0, list, comparator));
  }
  return this;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.tosorted
function TypedArrayPrototype_toSorted(comparator) {
  if (comparator !== void 0 && !%IsCallable(comparator)) {
    %ThrowTypeError("TypedArray.prototype.toSorted: the comparator must be a function or undefined, not %", comparator);
  }
  const length = %TypedArrayValidate(this);
  const result = %TypedArrayCreateSameType(this, length);
  const list = %TypedArrayToList(this, length);
  if (comparator === void 0) {
    %TypedArrayFromList(result, list);
    %TypedArraySort(result);
  } else {
    %TypedArrayFromList(result, %call(%SelfHosted("SortList"), void 0, list, comparator));
  }
  return result;
}

// https://tc39.es/ecma262/#sec-%typedarray%.prototype.tolocalestring
function TypedArrayPrototype_toLocaleString() {
  const length = %TypedArrayValidate(this);
  let result = "";
  for (let index = 0; index < length; index++) {
    if (index > 0) result += ",";
    const value = this[index];
    if (value !== void 0) result += %ToString(value.toLocaleString());
  }
  return result;
}
