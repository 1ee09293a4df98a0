// The methods of Set that call back into JavaScript. https://tc39.es/ecma262/#sec-set-objects

// https://tc39.es/ecma262/#sec-set.prototype.foreach
function SetPrototype_forEach(callback, thisArgument) {
  %CollectionCheck(this, 1);
  if (!%IsCallable(callback)) %ThrowTypeError("Set.prototype.forEach: % is not a function", callback);
  for (let position = %CollectionNext(this, 0); position > 0; position = %CollectionNext(this, position)) {
    const value = %CollectionKey(this, position);
    %call(callback, thisArgument, value, value, this);
  }
}

// https://tc39.es/ecma262/#sec-getsetrecord  Gives [size, has, keys].
function SetRecordOf(other) {
  if (!%IsObject(other)) %ThrowTypeError("expected a set-like object, not %", other);
  const number = %ToNumber(other.size);
  if (number !== number) %ThrowTypeError("the size of the set-like object is not a number");
  const size = %ToIntegerOrInfinity(number);
  if (size < 0) %ThrowRangeError("the size of the set-like object is negative: %", size);
  const has = other.has;
  if (!%IsCallable(has)) %ThrowTypeError("'has' of the set-like object is not a function: %", has);
  const keys = other.keys;
  if (!%IsCallable(keys)) %ThrowTypeError("'keys' of the set-like object is not a function: %", keys);
  return %ListCreate(size, has, keys);
}

// https://tc39.es/ecma262/#sec-getiteratorfrommethod
function SetRecordIterate(other, keys) {
  const iterator = %call(keys, other);
  if (!%IsObject(iterator)) %ThrowTypeError("'keys' of the set-like object must return an iterator, not %", iterator);
  return iterator;
}

// https://tc39.es/ecma262/#sec-iteratorstep  Gives undefined when done, else the result object.
function SetRecordStep(iterator, next) {
  const step = %call(next, iterator);
  if (!%IsObject(step)) %ThrowTypeError("the iterator's result must be an object, not %", step);
  return step.done ? void 0 : step;
}

// https://tc39.es/ecma262/#sec-set.prototype.union
function SetPrototype_union(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  const iterator = %call(%SelfHosted("SetRecordIterate"), void 0, other, record[2]);
  const next = iterator.next;
  const advance = %SelfHosted("SetRecordStep");
  const result = %SetCopy(this);
  for (let step; (step = %call(advance, void 0, iterator, next)) !== void 0;) %CollectionPut(result, step.value);
  return result;
}

// https://tc39.es/ecma262/#sec-set.prototype.intersection
function SetPrototype_intersection(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  const has = record[1];
  const result = %CollectionCreate(1);
  if (%CollectionSize(this) <= record[0]) {
    for (let position = %CollectionNext(this, 0); position > 0; position = %CollectionNext(this, position)) {
      const value = %CollectionKey(this, position);
      if (%call(has, other, value)) %CollectionPut(result, value);
    }
    return result;
  }
  const iterator = %call(%SelfHosted("SetRecordIterate"), void 0, other, record[2]);
  const next = iterator.next;
  const advance = %SelfHosted("SetRecordStep");
  for (let step; (step = %call(advance, void 0, iterator, next)) !== void 0;) {
    const value = step.value;
    if (%CollectionHas(this, value)) %CollectionPut(result, value);
  }
  return result;
}

// https://tc39.es/ecma262/#sec-set.prototype.difference
function SetPrototype_difference(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  const has = record[1];
  const result = %SetCopy(this);
  if (%CollectionSize(this) <= record[0]) {
    // Iterates over a copy of the receiver: `has` may change it.
    for (let position = %CollectionNext(result, 0); position > 0; position = %CollectionNext(result, position)) {
      const value = %CollectionKey(result, position);
      if (%call(has, other, value)) %CollectionDelete(result, value);
    }
    return result;
  }
  const iterator = %call(%SelfHosted("SetRecordIterate"), void 0, other, record[2]);
  const next = iterator.next;
  const advance = %SelfHosted("SetRecordStep");
  for (let step; (step = %call(advance, void 0, iterator, next)) !== void 0;) %CollectionDelete(result, step.value);
  return result;
}

// https://tc39.es/ecma262/#sec-set.prototype.symmetricdifference
function SetPrototype_symmetricDifference(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  const iterator = %call(%SelfHosted("SetRecordIterate"), void 0, other, record[2]);
  const next = iterator.next;
  const advance = %SelfHosted("SetRecordStep");
  const result = %SetCopy(this);
  for (let step; (step = %call(advance, void 0, iterator, next)) !== void 0;) {
    const value = step.value;
    if (%CollectionHas(this, value)) {
      %CollectionDelete(result, value);
    } else {
      %CollectionPut(result, value);
    }
  }
  return result;
}

// https://tc39.es/ecma262/#sec-set.prototype.issubsetof
function SetPrototype_isSubsetOf(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  const has = record[1];
  if (%CollectionSize(this) > record[0]) return false;
  for (let position = %CollectionNext(this, 0); position > 0; position = %CollectionNext(this, position)) {
    if (!%call(has, other, %CollectionKey(this, position))) return false;
  }
  return true;
}

// https://tc39.es/ecma262/#sec-set.prototype.issupersetof
function SetPrototype_isSupersetOf(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  if (%CollectionSize(this) < record[0]) return false;
  const iterator = %call(%SelfHosted("SetRecordIterate"), void 0, other, record[2]);
  const next = iterator.next;
  const advance = %SelfHosted("SetRecordStep");
  for (let step; (step = %call(advance, void 0, iterator, next)) !== void 0;) {
    if (!%CollectionHas(this, step.value)) {
      %call(%SelfHosted("IteratorClose"), void 0, iterator);
      return false;
    }
  }
  return true;
}

// https://tc39.es/ecma262/#sec-set.prototype.isdisjointfrom
function SetPrototype_isDisjointFrom(other) {
  %CollectionCheck(this, 1);
  const record = %call(%SelfHosted("SetRecordOf"), void 0, other);
  const has = record[1];
  if (%CollectionSize(this) <= record[0]) {
    for (let position = %CollectionNext(this, 0); position > 0; position = %CollectionNext(this, position)) {
      if (%call(has, other, %CollectionKey(this, position))) return false;
    }
    return true;
  }
  const iterator = %call(%SelfHosted("SetRecordIterate"), void 0, other, record[2]);
  const next = iterator.next;
  const advance = %SelfHosted("SetRecordStep");
  for (let step; (step = %call(advance, void 0, iterator, next)) !== void 0;) {
    if (%CollectionHas(this, step.value)) {
      %call(%SelfHosted("IteratorClose"), void 0, iterator);
      return false;
    }
  }
  return true;
}
