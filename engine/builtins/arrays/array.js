// The methods of Array and Array.prototype that call back into JavaScript.
// https://tc39.es/ecma262/#sec-array-objects

// https://tc39.es/ecma262/#sec-array.prototype.every
function ArrayPrototype_every(callback, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.every: % is not a function", callback);
  for (let index = 0; index < length; index++) {
    if (index in object) {
      if (!%call(callback, thisArgument, object[index], index, object)) return false;
    } else {
      index = %ArraySeek(object, index + 1, length) - 1;
    }
  }
  return true;
}

// https://tc39.es/ecma262/#sec-array.prototype.some
function ArrayPrototype_some(callback, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.some: % is not a function", callback);
  for (let index = 0; index < length; index++) {
    if (index in object) {
      if (%call(callback, thisArgument, object[index], index, object)) return true;
    } else {
      index = %ArraySeek(object, index + 1, length) - 1;
    }
  }
  return false;
}

// https://tc39.es/ecma262/#sec-array.prototype.foreach
function ArrayPrototype_forEach(callback, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.forEach: % is not a function", callback);
  for (let index = 0; index < length; index++) {
    if (index in object) {
      %call(callback, thisArgument, object[index], index, object);
    } else {
      index = %ArraySeek(object, index + 1, length) - 1;
    }
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.map
function ArrayPrototype_map(callback, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.map: % is not a function", callback);
  const result = %ArraySpeciesCreate(object, length);
  for (let index = 0; index < length; index++) {
    if (index in object) {
      %CreateDataPropertyOrThrow(result, index, %call(callback, thisArgument, object[index], index, object));
    } else {
      index = %ArraySeek(object, index + 1, length) - 1;
    }
  }
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.filter
function ArrayPrototype_filter(callback, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.filter: % is not a function", callback);
  const result = %ArraySpeciesCreate(object, 0);
  let position = 0;
  for (let index = 0; index < length; index++) {
    if (index in object) {
      const value = object[index];
      if (%call(callback, thisArgument, value, index, object)) {
        %CreateDataPropertyOrThrow(result, position, value);
        position++;
      }
    } else {
      index = %ArraySeek(object, index + 1, length) - 1;
    }
  }
  return result;
}

// https://tc39.es/ecma262/#sec-array.prototype.find
function ArrayPrototype_find(predicate, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(predicate)) %ThrowTypeError("Array.prototype.find: % is not a function", predicate);
  for (let index = 0; index < length; index++) {
    const value = object[index];
    if (%call(predicate, thisArgument, value, index, object)) return value;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.findindex
function ArrayPrototype_findIndex(predicate, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(predicate)) %ThrowTypeError("Array.prototype.findIndex: % is not a function", predicate);
  for (let index = 0; index < length; index++) {
    if (%call(predicate, thisArgument, object[index], index, object)) return index;
  }
  return -1;
}

// https://tc39.es/ecma262/#sec-array.prototype.findlast
function ArrayPrototype_findLast(predicate, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(predicate)) %ThrowTypeError("Array.prototype.findLast: % is not a function", predicate);
  for (let index = length - 1; index >= 0; index--) {
    const value = object[index];
    if (%call(predicate, thisArgument, value, index, object)) return value;
  }
}

// https://tc39.es/ecma262/#sec-array.prototype.findlastindex
function ArrayPrototype_findLastIndex(predicate, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(predicate)) %ThrowTypeError("Array.prototype.findLastIndex: % is not a function", predicate);
  for (let index = length - 1; index >= 0; index--) {
    if (%call(predicate, thisArgument, object[index], index, object)) return index;
  }
  return -1;
}

// https://tc39.es/ecma262/#sec-array.prototype.reduce
function ArrayPrototype_reduce(callback, initial) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.reduce: % is not a function", callback);
  let index = 0;
  let accumulator = initial;
  if (arguments.length < 2) {
    while (index < length && !(index in object)) {
      index = %ArraySeek(object, index + 1, length);
    }
    if (index >= length) %ThrowTypeError("Array.prototype.reduce: an empty array needs an initial value");
    accumulator = object[index++];
  }
  for (; index < length; index++) {
    if (index in object) {
      accumulator = %call(callback, void 0, accumulator, object[index], index, object);
    } else {
      index = %ArraySeek(object, index + 1, length) - 1;
    }
  }
  return accumulator;
}

// https://tc39.es/ecma262/#sec-array.prototype.reduceright
function ArrayPrototype_reduceRight(callback, initial) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(callback)) %ThrowTypeError("Array.prototype.reduceRight: % is not a function", callback);
  let index = length - 1;
  let accumulator = initial;
  if (arguments.length < 2) {
    while (index >= 0 && !(index in object)) {
      index = %ArraySeekBack(object, index - 1);
    }
    if (index < 0) %ThrowTypeError("Array.prototype.reduceRight: an empty array needs an initial value");
    accumulator = object[index--];
  }
  for (; index >= 0; index--) {
    if (index in object) {
      accumulator = %call(callback, void 0, accumulator, object[index], index, object);
    } else {
      index = %ArraySeekBack(object, index - 1) + 1;
    }
  }
  return accumulator;
}

// https://tc39.es/ecma262/#sec-array.prototype.flatmap
function ArrayPrototype_flatMap(mapper, thisArgument) {
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  if (!%IsCallable(mapper)) %ThrowTypeError("Array.prototype.flatMap: % is not a function", mapper);
  const result = %ArraySpeciesCreate(object, 0);
  let position = 0;
  for (let index = 0; index < length; index++) {
    if (!(index in object)) {
      index = %ArraySeek(object, index + 1, length) - 1;
      continue;
    }
    const value = %call(mapper, thisArgument, object[index], index, object);
    if (%IsArray(value)) {
      const innerLength = %LengthOfArrayLike(value);
      for (let inner = 0; inner < innerLength; inner++) {
        if (inner in value) {
          %CreateDataPropertyOrThrow(result, position, value[inner]);
          position++;
        } else {
          inner = %ArraySeek(value, inner + 1, innerLength) - 1;
        }
      }
    } else {
      %CreateDataPropertyOrThrow(result, position, value);
      position++;
    }
  }
  return result;
}

// Sorts a list in place with a comparator: a bottom-up merge sort, stable, over runs that insertion sort made.
// https://tc39.es/ecma262/#sec-comparearrayelements
function SortList(list, comparator) {
  const length = list.length;
  const run = 8;
  for (let start = 0; start < length; start += run) {
    const end = start + run < length ? start + run : length;
    for (let index = start + 1; index < end; index++) {
      const value = list[index];
      let place = index;
      while (place > start && +%call(comparator, void 0, list[place - 1], value) > 0) {
        list[place] = list[place - 1];
        place--;
      }
      list[place] = value;
    }
  }
  let from = list;
  let to = length > run ? %ListOfLength(length) : list;
  for (let width = run; width < length; width *= 2) {
    for (let start = 0; start < length; start += 2 * width) {
      const middle = start + width < length ? start + width : length;
      const end = start + 2 * width < length ? start + 2 * width : length;
      let left = start;
      let right = middle;
      let place = start;
      // Two runs that are in order already are only copied.
      if (middle < end && +%call(comparator, void 0, from[middle - 1], from[middle]) > 0) {
        while (left < middle && right < end) {
          if (+%call(comparator, void 0, from[left], from[right]) > 0) {
            to[place] = from[right];
            right++;
          } else {
            to[place] = from[left];
            left++;
          }
          place++;
        }
      }
      for (; left < middle; left++) to[place++] = from[left];
      for (; right < end; right++) to[place++] = from[right];
    }
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

// https://tc39.es/ecma262/#sec-array.prototype.sort
function ArrayPrototype_sort(comparator) {
  if (comparator !== void 0 && !%IsCallable(comparator)) {
    %ThrowTypeError("Array.prototype.sort: the comparator must be a function or undefined, not %", comparator);
  }
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  const found = %ElementsToSort(object, length, false);
  let list = found[0];
  if (comparator === void 0) {
    %SortDefault(list);
  } else {
    list = %call(%SelfHosted("SortList"), void 0, list, comparator);
  }
  %ArrayPutSorted(object, list, found[1], length);
  return object;
}

// https://tc39.es/ecma262/#sec-array.prototype.tosorted
function ArrayPrototype_toSorted(comparator) {
  if (comparator !== void 0 && !%IsCallable(comparator)) {
    %ThrowTypeError("Array.prototype.toSorted: the comparator must be a function or undefined, not %", comparator);
  }
  const object = %ToObject(this);
  const length = %LengthOfArrayLike(object);
  const result = %ArrayCreate(length);
  const found = %ElementsToSort(object, length, true);
  let list = found[0];
  if (comparator === void 0) {
    %SortDefault(list);
  } else {
    list = %call(%SelfHosted("SortList"), void 0, list, comparator);
  }
  %ArrayPutSorted(result, list, found[1], length);
  return result;
}

// https://tc39.es/ecma262/#sec-array.from
function Array_from(items, mapper, thisArgument) {
  if (mapper !== void 0 && !%IsCallable(mapper)) %ThrowTypeError("Array.from: % is not a function", mapper);
  const usingIterator = %GetMethod(items, %SymbolIterator());
  if (usingIterator === void 0) {
    return %call(%SelfHosted("Array_fromArrayLike"), this, items, mapper, thisArgument);
  }
  if (this === %Array && mapper === void 0) {
    const copy = %ArrayFromDense(items);
    if (copy !== void 0) return copy;
  }
  const result = %IsConstructor(this) ? %construct(this) : %ArrayCreate(0);
  const iterator = %call(usingIterator, items);
  if (!%IsObject(iterator)) %ThrowTypeError("Array.from: the iterator must be an object, not %", iterator);
  const next = iterator.next;
  let index = 0;
  let owesClose = false;
  try {
    for (;; index++) {
      const step = %call(next, iterator);
      if (!%IsObject(step)) %ThrowTypeError("Array.from: the iterator's result must be an object, not %", step);
      if (step.done) break;
      const value = step.value;
      owesClose = true;
      %CreateDataPropertyOrThrow(result, index,
                                 mapper === void 0 ? value : %call(mapper, thisArgument, value, index));
      owesClose = false;
    }
  } catch (error) {
    if (owesClose) %call(%SelfHosted("IteratorCloseQuietly"), void 0, iterator);
    throw error;
  }
  result.length = index;
  return result;
}

// Array.from without an iterator method.
function Array_fromArrayLike(items, mapper, thisArgument) {
  const object = %ToObject(items);
  const length = %LengthOfArrayLike(object);
  const result = %IsConstructor(this) ? %construct(this, length) : %ArrayCreate(length);
  for (let index = 0; index < length; index++) {
    const value = object[index];
    %CreateDataPropertyOrThrow(result, index, mapper === void 0 ? value : %call(mapper, thisArgument, value, index));
  }
  result.length = length;
  return result;
}

// https://tc39.es/ecma262/#sec-array.fromasync
function Array_fromAsync(items, mapper, thisArgument) {
  return %call(%SelfHosted("Array_fromAsyncBody"), this, items, mapper, thisArgument);
}

async function Array_fromAsyncBody(items, mapper, thisArgument) {
  if (mapper !== void 0 && !%IsCallable(mapper)) %ThrowTypeError("Array.fromAsync: % is not a function", mapper);
  const usingAsyncIterator = %GetMethod(items, %SymbolAsyncIterator());
  const usingIterator = usingAsyncIterator === void 0 ? %GetMethod(items, %SymbolIterator()) : void 0;
  let index = 0;
  if (usingAsyncIterator === void 0 && usingIterator === void 0) {
    const object = %ToObject(items);
    const length = %LengthOfArrayLike(object);
    const result = %IsConstructor(this) ? %construct(this, length) : %ArrayCreate(length);
    for (; index < length; index++) {
      let value = await object[index];
      if (mapper !== void 0) value = await %call(mapper, thisArgument, value, index);
      %CreateDataPropertyOrThrow(result, index, value);
    }
    result.length = length;
    return result;
  }
  const result = %IsConstructor(this) ? %construct(this) : %ArrayCreate(0);
  let iterator = %call(usingAsyncIterator === void 0 ? usingIterator : usingAsyncIterator, items);
  if (!%IsObject(iterator)) %ThrowTypeError("Array.fromAsync: the iterator must be an object, not %", iterator);
  let next = iterator.next;
  if (usingAsyncIterator === void 0) {
    iterator = %call(%SelfHosted("CreateAsyncFromSyncIterator"), void 0, iterator, next);
    next = iterator.next;
  }
  let owesClose = false;
  try {
    for (;; index++) {
      const step = await %call(next, iterator);
      if (!%IsObject(step)) %ThrowTypeError("Array.fromAsync: the iterator's result must be an object, not %", step);
      if (step.done) break;
      let value = step.value;
      owesClose = true;
      if (mapper !== void 0) value = await %call(mapper, thisArgument, value, index);
      %CreateDataPropertyOrThrow(result, index, value);
      owesClose = false;
    }
  } catch (error) {
    if (owesClose) {
      try {
        const close = %GetMethod(iterator, "return");
        if (close !== void 0) await %call(close, iterator);
      } catch {
        // The error that ended the iteration takes precedence.
      }
    }
    throw error;
  }
  result.length = index;
  return result;
}
