// Iterator, its helpers, and the wrappers between iterator kinds. https://tc39.es/ecma262/#sec-iterator-objects
// An iterator helper is a slotted object: runtime/slotted.def.

// https://tc39.es/ecma262/#sec-iteratorclose of a normal completion
function IteratorClose(iterator) {
  const close = %GetMethod(iterator, "return");
  if (close === void 0) return;
  const result = %call(close, iterator);
  if (!%IsObject(result)) %ThrowTypeError("the iterator's return method must return an object, not %", result);
}

// https://tc39.es/ecma262/#sec-iteratorclose of a throw completion, which the caller throws again
function IteratorCloseQuietly(iterator) {
  try {
    const close = %GetMethod(iterator, "return");
    if (close !== void 0) %call(close, iterator);
  } catch {
    // The error that ended the iteration takes precedence.
  }
}

// https://tc39.es/ecma262/#sec-iteratorcloseall  Closed ones are null in the list. `failed`: of a throw completion.
function IteratorCloseAll(iterators, failed) {
  let caught = false;
  let firstError;
  for (let index = iterators.length - 1; index >= 0; index--) {
    const iterator = iterators[index];
    if (iterator === null) continue;
    iterators[index] = null;
    if (failed || caught) {
      %call(%SelfHosted("IteratorCloseQuietly"), void 0, iterator);
      continue;
    }
    try {
      %call(%SelfHosted("IteratorClose"), void 0, iterator);
    } catch (error) {
      caught = true;
      firstError = error;
    }
  }
  if (caught) throw firstError;
}

// Refuses an argument: closes the iterator and throws.
function IteratorRefuse(iterator, error) {
  %call(%SelfHosted("IteratorCloseQuietly"), void 0, iterator);
  throw error;
}

// Refuses a call of a method whose receiver is no object, or whose callback is no function.
function IteratorRefuseCall(iterator, callback, method) {
  if (!%IsObject(iterator)) %ThrowTypeError(method + ": expected an object, not %", iterator);
  %call(%SelfHosted("IteratorRefuse"), void 0, iterator, %MakeTypeError(method + ": % is not a function", callback));
}

// The limit of take and drop: an integer or infinite.
function IteratorLimit(iterator, limit, message) {
  let number;
  try {
    number = %ToNumber(limit);
  } catch (error) {
    %call(%SelfHosted("IteratorRefuse"), void 0, iterator, error);
  }
  const isTooLarge = number - number === 0 && number > 9007199254740991;
  if (number !== number || isTooLarge || %ToIntegerOrInfinity(number) < 0) {
    %call(%SelfHosted("IteratorRefuse"), void 0, iterator, %MakeRangeError(message, limit));
  }
  return %ToIntegerOrInfinity(number);
}

// The size of chunks and windows.
function IteratorCheckSize(iterator, size, typeMessage, rangeMessage) {
  if (typeof size !== "number" || size !== %ToIntegerOrInfinity(size) || size - size !== 0) {
    %call(%SelfHosted("IteratorRefuse"), void 0, iterator, %MakeTypeError(typeMessage, size));
  }
  if (size < 1 || size > 4294967295) {
    %call(%SelfHosted("IteratorRefuse"), void 0, iterator, %MakeRangeError(rangeMessage, size));
  }
}

// https://tc39.es/ecma262/#sec-getiteratorflattenable (without reading `next`)
function GetIteratorFlattenable(value, acceptsStrings) {
  if (!%IsObject(value) && !(acceptsStrings && typeof value === "string")) {
    %ThrowTypeError("expected an iterable or an iterator, not %", value);
  }
  const method = %GetMethod(value, %SymbolIterator());
  const iterator = method === void 0 ? value : %call(method, value);
  if (!%IsObject(iterator)) %ThrowTypeError("the iterator must be an object, not %", iterator);
  return iterator;
}

// Helper objects -------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-%iteratorhelperprototype%.next
function IteratorHelperPrototype_next() {
  const step = %IteratorHelperEnter(this);
  if (step === void 0) return { value: void 0, done: true };
  let result;
  try {
    result = %call(step, void 0);
  } catch (error) {
    %SlotSet(this, %HELPER_STATE, %HELPER_FINISHED);
    throw error;
  }
  if (result === void 0) {
    %SlotSet(this, %HELPER_STATE, %HELPER_FINISHED);
    return { value: void 0, done: true };
  }
  %SlotSet(this, %HELPER_STATE, %HELPER_SUSPENDED);
  return result;
}

// https://tc39.es/ecma262/#sec-%iteratorhelperprototype%.return
function IteratorHelperPrototype_return() {
  if (!%IsSlotted(this, %SLOTTED_ITERATOR_HELPER)) %ThrowTypeError("return: expected an iterator helper, not %", this);
  const state = %SlotGet(this, %HELPER_STATE);
  if (state === %HELPER_RUNNING) %ThrowTypeError("the iterator helper is already running");
  if (state === %HELPER_FINISHED) return { value: void 0, done: true };
  %SlotSet(this, %HELPER_STATE, state === %HELPER_NOT_STARTED ? %HELPER_FINISHED : %HELPER_RUNNING);
  try {
    %call(%SlotGet(this, %HELPER_CLOSE), void 0);
  } finally {
    %SlotSet(this, %HELPER_STATE, %HELPER_FINISHED);
  }
  return { value: void 0, done: true };
}

// https://tc39.es/ecma262/#sec-iterator.prototype.map
function IteratorPrototype_map(mapper) {
  if (!%IsObject(this) || !%IsCallable(mapper)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, mapper, "Iterator.prototype.map");
  }
  const iterated = this;
  const next = iterated.next;
  let counter = 0;
  return %CreateIteratorHelper(() => {
    const step = %IteratorResult(%call(next, iterated));
    if (step.done) return;
    const value = step.value;
    try {
      return { value: %call(mapper, void 0, value, counter++), done: false };
    } catch (error) {
      return %call(%SelfHosted("IteratorRefuse"), void 0, iterated, error);
    }
  }, () => {
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.filter
function IteratorPrototype_filter(predicate) {
  if (!%IsObject(this) || !%IsCallable(predicate)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, predicate, "Iterator.prototype.filter");
  }
  const iterated = this;
  const next = iterated.next;
  let counter = 0;
  return %CreateIteratorHelper(() => {
    for (;;) {
      const step = %IteratorResult(%call(next, iterated));
      if (step.done) return;
      const value = step.value;
      let selected;
      try {
        selected = %call(predicate, void 0, value, counter++);
      } catch (error) {
        %call(%SelfHosted("IteratorRefuse"), void 0, iterated, error);
      }
      if (selected) return { value, done: false };
    }
  }, () => {
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.take
function IteratorPrototype_take(limit) {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.take: expected an object, not %", this);
  const iterated = this;
  let remaining = %call(%SelfHosted("IteratorLimit"), void 0, iterated, limit,
                        "Iterator.prototype.take: the limit must be from 0 to 2^53 - 1 or infinite, not %");
  const next = iterated.next;
  return %CreateIteratorHelper(() => {
    if (remaining === 0) {
      %call(%SelfHosted("IteratorClose"), void 0, iterated);
      return;
    }
    remaining--;
    const step = %IteratorResult(%call(next, iterated));
    if (step.done) return;
    return { value: step.value, done: false };
  }, () => {
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.drop
function IteratorPrototype_drop(limit) {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.drop: expected an object, not %", this);
  const iterated = this;
  let remaining = %call(%SelfHosted("IteratorLimit"), void 0, iterated, limit,
                        "Iterator.prototype.drop: the limit must be from 0 to 2^53 - 1 or infinite, not %");
  const next = iterated.next;
  return %CreateIteratorHelper(() => {
    for (;;) {
      const step = %IteratorResult(%call(next, iterated));
      if (step.done) return;
      if (remaining === 0) return { value: step.value, done: false };
      remaining--;
    }
  }, () => {
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.flatmap
function IteratorPrototype_flatMap(mapper) {
  if (!%IsObject(this) || !%IsCallable(mapper)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, mapper, "Iterator.prototype.flatMap");
  }
  const iterated = this;
  const next = iterated.next;
  let counter = 0;
  let inner;  // undefined between inner iterations
  let innerNext;
  return %CreateIteratorHelper(() => {
    for (;;) {
      if (inner === void 0) {
        const step = %IteratorResult(%call(next, iterated));
        if (step.done) return;
        const value = step.value;
        try {
          const mapped = %call(mapper, void 0, value, counter++);
          const opened = %call(%SelfHosted("GetIteratorFlattenable"), void 0, mapped, false);
          innerNext = opened.next;
          inner = opened;
        } catch (error) {
          %call(%SelfHosted("IteratorRefuse"), void 0, iterated, error);
        }
      }
      try {
        const step = %IteratorResult(%call(innerNext, inner));
        if (!step.done) return { value: step.value, done: false };
        inner = void 0;
      } catch (error) {
        %call(%SelfHosted("IteratorRefuse"), void 0, iterated, error);
      }
    }
  }, () => {
    if (inner !== void 0) {
      try {
        %call(%SelfHosted("IteratorClose"), void 0, inner);
      } catch (error) {
        %call(%SelfHosted("IteratorRefuse"), void 0, iterated, error);
      }
    }
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.chunks
function IteratorPrototype_chunks(size) {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.chunks: expected an object, not %", this);
  %call(%SelfHosted("IteratorCheckSize"), void 0, this, size,
        "Iterator.prototype.chunks: the size must be an integer, not %",
        "Iterator.prototype.chunks: the size must be from 1 to 2^32 - 1, not %");
  const iterated = this;
  const next = iterated.next;
  let finished = false;
  return %CreateIteratorHelper(() => {
    if (finished) return;
    const chunk = %ListCreate();
    for (;;) {
      const step = %IteratorResult(%call(next, iterated));
      if (step.done) {
        finished = true;
        return chunk.length > 0 ? { value: chunk, done: false } : void 0;
      }
      %ListAppend(chunk, step.value);
      if (chunk.length === size) return { value: chunk, done: false };
    }
  }, () => {
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.windows
function IteratorPrototype_windows(size, undersized) {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.windows: expected an object, not %", this);
  %call(%SelfHosted("IteratorCheckSize"), void 0, this, size,
        "Iterator.prototype.windows: the size must be an integer, not %",
        "Iterator.prototype.windows: the size must be from 1 to 2^32 - 1, not %");
  if (undersized !== void 0 && undersized !== "only-full" && undersized !== "allow-partial") {
    %call(%SelfHosted("IteratorRefuse"), void 0, this,
          %MakeTypeError("Iterator.prototype.windows: expected 'only-full' or 'allow-partial', not %", undersized));
  }
  const iterated = this;
  const next = iterated.next;
  const window = %ListCreate();
  let finished = false;
  return %CreateIteratorHelper(() => {
    if (finished) return;
    for (;;) {
      const step = %IteratorResult(%call(next, iterated));
      if (step.done) {
        finished = true;
        const isPartial = undersized === "allow-partial" && window.length > 0 && window.length < size;
        return isPartial ? { value: window, done: false } : void 0;
      }
      const value = step.value;
      if (window.length === size) {
        for (let index = 1; index < size; index++) window[index - 1] = window[index];
        window[size - 1] = value;
      } else {
        %ListAppend(window, value);
      }
      if (window.length === size) return { value: %ListCopy(window), done: false };
    }
  }, () => {
    %call(%SelfHosted("IteratorClose"), void 0, iterated);
  });
}

// https://tc39.es/ecma262/#sec-iterator.prototype.foreach
function IteratorPrototype_forEach(callback) {
  if (!%IsObject(this) || !%IsCallable(callback)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, callback, "Iterator.prototype.forEach");
  }
  const next = this.next;
  let counter = 0;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return;
    const value = step.value;
    try {
      %call(callback, void 0, value, counter++);
    } catch (error) {
      %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
    }
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.some
function IteratorPrototype_some(predicate) {
  if (!%IsObject(this) || !%IsCallable(predicate)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, predicate, "Iterator.prototype.some");
  }
  const next = this.next;
  let counter = 0;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return false;
    const value = step.value;
    let found;
    try {
      found = %call(predicate, void 0, value, counter++);
    } catch (error) {
      %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
    }
    if (found) {
      %call(%SelfHosted("IteratorClose"), void 0, this);
      return true;
    }
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.every
function IteratorPrototype_every(predicate) {
  if (!%IsObject(this) || !%IsCallable(predicate)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, predicate, "Iterator.prototype.every");
  }
  const next = this.next;
  let counter = 0;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return true;
    const value = step.value;
    let holds;
    try {
      holds = %call(predicate, void 0, value, counter++);
    } catch (error) {
      %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
    }
    if (!holds) {
      %call(%SelfHosted("IteratorClose"), void 0, this);
      return false;
    }
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.find
function IteratorPrototype_find(predicate) {
  if (!%IsObject(this) || !%IsCallable(predicate)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, predicate, "Iterator.prototype.find");
  }
  const next = this.next;
  let counter = 0;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return;
    const value = step.value;
    let found;
    try {
      found = %call(predicate, void 0, value, counter++);
    } catch (error) {
      %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
    }
    if (found) {
      %call(%SelfHosted("IteratorClose"), void 0, this);
      return value;
    }
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.toarray
function IteratorPrototype_toArray() {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.toArray: expected an object, not %", this);
  const next = this.next;
  const array = %ListCreate();
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return array;
    %ListAppend(array, step.value);
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.reduce
function IteratorPrototype_reduce(reducer, initial) {
  if (!%IsObject(this) || !%IsCallable(reducer)) {
    %call(%SelfHosted("IteratorRefuseCall"), void 0, this, reducer, "Iterator.prototype.reduce");
  }
  const next = this.next;
  let accumulator = initial;
  let counter = 0;
  let hasAccumulator = arguments.length > 1;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) {
      if (!hasAccumulator) %ThrowTypeError("Iterator.prototype.reduce: an empty iterator needs an initial value");
      return accumulator;
    }
    const value = step.value;
    if (hasAccumulator) {
      try {
        accumulator = %call(reducer, void 0, accumulator, value, counter);
      } catch (error) {
        %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
      }
    } else {
      accumulator = value;
      hasAccumulator = true;
    }
    counter++;
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype.includes
function IteratorPrototype_includes(searched, skippedElements) {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.includes: expected an object, not %", this);
  const toSkip = skippedElements === void 0 ? 0 : skippedElements;
  if (typeof toSkip !== "number" || toSkip !== %ToIntegerOrInfinity(toSkip)) {
    %call(%SelfHosted("IteratorRefuse"), void 0, this,
          %MakeTypeError("Iterator.prototype.includes: the count to skip must be integral or infinite, not %", toSkip));
  }
  if (toSkip < 0 || (toSkip - toSkip === 0 && toSkip > 9007199254740991)) {
    %call(%SelfHosted("IteratorRefuse"), void 0, this,
          %MakeRangeError("Iterator.prototype.includes: the count to skip must be from 0 to 2^53 - 1, not %", toSkip));
  }
  const next = this.next;
  let skipped = 0;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return false;
    const value = step.value;
    if (skipped < toSkip) {
      skipped++;
    } else if (%SameValueZero(value, searched)) {
      %call(%SelfHosted("IteratorClose"), void 0, this);
      return true;
    }
  }
}

// https://github.com/tc39/proposal-iterator-join
function IteratorPrototype_join(separator) {
  if (!%IsObject(this)) %ThrowTypeError("Iterator.prototype.join: expected an object, not %", this);
  let between = ",";
  if (separator !== void 0) {
    try {
      between = %ToString(separator);
    } catch (error) {
      %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
    }
  }
  const next = this.next;
  let text = "";
  let isFirst = true;
  for (;;) {
    const step = %IteratorResult(%call(next, this));
    if (step.done) return text;
    const value = step.value;
    if (!isFirst) text += between;
    isFirst = false;
    if (value !== void 0 && value !== null) {
      try {
        text += %ToString(value);
      } catch (error) {
        %call(%SelfHosted("IteratorRefuse"), void 0, this, error);
      }
    }
  }
}

// https://tc39.es/ecma262/#sec-iterator.prototype-%symbol.dispose%
function IteratorPrototype_dispose() {
  const close = %GetMethod(this, "return");
  if (close !== void 0) %call(close, this);
}

// Iterator.from, concat, zip -------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-iterator.from
function Iterator_from(value) {
  const iterator = %call(%SelfHosted("GetIteratorFlattenable"), void 0, value, true);
  const next = iterator.next;
  if (%OrdinaryHasInstance(iterator, %Iterator)) return iterator;
  return %CreateSlotted(%SLOTTED_WRAP_FOR_VALID_ITERATOR, %WrapForValidIteratorPrototype, iterator, next);
}

// https://tc39.es/ecma262/#sec-%wrapforvaliditeratorprototype%.next
function WrapForValidIteratorPrototype_next() {
  if (!%IsSlotted(this, %SLOTTED_WRAP_FOR_VALID_ITERATOR)) {
    %ThrowTypeError("next: expected an iterator that Iterator.from wrapped, not %", this);
  }
  return %call(%SlotGet(this, %WRAPPED_NEXT), %SlotGet(this, %WRAPPED_ITERATOR));
}

// https://tc39.es/ecma262/#sec-%wrapforvaliditeratorprototype%.return
function WrapForValidIteratorPrototype_return() {
  if (!%IsSlotted(this, %SLOTTED_WRAP_FOR_VALID_ITERATOR)) {
    %ThrowTypeError("return: expected an iterator that Iterator.from wrapped, not %", this);
  }
  const iterator = %SlotGet(this, %WRAPPED_ITERATOR);
  const close = %GetMethod(iterator, "return");
  return close === void 0 ? { value: void 0, done: true } : %call(close, iterator);
}

// https://tc39.es/ecma262/#sec-iterator.concat
function Iterator_concat(...iterables) {
  const methods = %ListCreate();
  for (let index = 0; index < iterables.length; index++) {
    const iterable = iterables[index];
    if (!%IsObject(iterable)) %ThrowTypeError("Iterator.concat: expected an iterable object, not %", iterable);
    const method = %GetMethod(iterable, %SymbolIterator());
    if (method === void 0) %ThrowTypeError("Iterator.concat: % is not iterable", iterable);
    %ListAppend(methods, method);
  }
  let position = 0;
  let inner;  // undefined between two iterables
  let next;
  return %CreateIteratorHelper(() => {
    for (;;) {
      if (inner === void 0) {
        if (position >= methods.length) return;
        const opened = %call(methods[position], iterables[position]);
        position++;
        if (!%IsObject(opened)) %ThrowTypeError("Iterator.concat: the iterator must be an object, not %", opened);
        next = opened.next;
        inner = opened;
      }
      const step = %IteratorResult(%call(next, inner));
      if (!step.done) return { value: step.value, done: false };
      inner = void 0;
    }
  }, () => {
    if (inner !== void 0) %call(%SelfHosted("IteratorClose"), void 0, inner);
  });
}

// The options of zip and zipKeyed as [mode, padding].
function IteratorZipOptions(options) {
  if (options !== void 0 && !%IsObject(options)) {
    %ThrowTypeError("Iterator.zip: the options must be an object or undefined, not %", options);
  }
  let mode = options === void 0 ? void 0 : options.mode;
  if (mode === void 0) mode = "shortest";
  if (mode !== "shortest" && mode !== "longest" && mode !== "strict") {
    %ThrowTypeError("Iterator.zip: the mode must be 'shortest', 'longest' or 'strict', not %", mode);
  }
  const padding = mode === "longest" && options !== void 0 ? options.padding : void 0;
  if (padding !== void 0 && !%IsObject(padding)) {
    %ThrowTypeError("Iterator.zip: the padding must be an object or undefined, not %", padding);
  }
  return %ListCreate(mode, padding);
}

// Opens `value` as one of the iterators to zip.
function IteratorZipOpen(value, iterators, nexts) {
  const iterator = %call(%SelfHosted("GetIteratorFlattenable"), void 0, value, false);
  const next = iterator.next;
  %ListAppend(iterators, iterator);
  %ListAppend(nexts, next);
}

// https://tc39.es/ecma262/#sec-iterator.zip
function Iterator_zip(iterables, options) {
  if (!%IsObject(iterables)) %ThrowTypeError("Iterator.zip: expected an iterable of iterables, not %", iterables);
  const settings = %call(%SelfHosted("IteratorZipOptions"), void 0, options);
  const iterators = %ListCreate();
  const nexts = %ListCreate();
  const closeAll = %SelfHosted("IteratorCloseAll");
  const method = %GetMethod(iterables, %SymbolIterator());
  if (method === void 0) %ThrowTypeError("Iterator.zip: % is not iterable", iterables);
  const input = %call(method, iterables);
  if (!%IsObject(input)) %ThrowTypeError("Iterator.zip: the iterator must be an object, not %", input);
  const inputNext = input.next;
  for (;;) {
    let value;
    try {
      const step = %IteratorResult(%call(inputNext, input));
      if (step.done) break;
      value = step.value;
    } catch (error) {
      %call(closeAll, void 0, iterators, true);
      throw error;
    }
    try {
      %call(%SelfHosted("IteratorZipOpen"), void 0, value, iterators, nexts);
    } catch (error) {
      %call(closeAll, void 0, iterators, true);
      %call(%SelfHosted("IteratorRefuse"), void 0, input, error);
    }
  }
  let padding;
  if (settings[0] === "longest") {
    try {
      padding = %call(%SelfHosted("IteratorZipPadding"), void 0, settings[1], iterators.length);
    } catch (error) {
      %call(closeAll, void 0, iterators, true);
      throw error;
    }
  }
  return %call(%SelfHosted("IteratorZip"), void 0, iterators, nexts, settings[0], padding, void 0);
}

// As many values of the padding iterable as there are iterators.
function IteratorZipPadding(iterable, count) {
  const padding = %ListOfLength(count);
  if (iterable === void 0) return padding;
  const method = %GetMethod(iterable, %SymbolIterator());
  if (method === void 0) %ThrowTypeError("Iterator.zip: the padding % is not iterable", iterable);
  const iterator = %call(method, iterable);
  if (!%IsObject(iterator)) %ThrowTypeError("Iterator.zip: the iterator must be an object, not %", iterator);
  const next = iterator.next;
  for (let index = 0; index < count; index++) {
    const step = %IteratorResult(%call(next, iterator));
    if (step.done) return padding;
    padding[index] = step.value;
  }
  %call(%SelfHosted("IteratorClose"), void 0, iterator);
  return padding;
}

// https://tc39.es/ecma262/#sec-iterator.zipkeyed
function Iterator_zipKeyed(iterables, options) {
  if (!%IsObject(iterables)) %ThrowTypeError("Iterator.zipKeyed: expected an object of iterables, not %", iterables);
  const settings = %call(%SelfHosted("IteratorZipOptions"), void 0, options);
  const iterators = %ListCreate();
  const nexts = %ListCreate();
  const keys = %ListCreate();
  let padding;
  const allKeys = %OwnKeys(iterables);
  try {
    for (let index = 0; index < allKeys.length; index++) {
      const key = allKeys[index];
      if (!%IsOwnEnumerable(iterables, key)) continue;
      const value = iterables[key];
      if (value === void 0) continue;
      %ListAppend(keys, key);
      %call(%SelfHosted("IteratorZipOpen"), void 0, value, iterators, nexts);
    }
    if (settings[0] === "longest") {
      padding = %ListOfLength(keys.length);
      for (let index = 0; settings[1] !== void 0 && index < keys.length; index++) {
        padding[index] = settings[1][keys[index]];
      }
    }
  } catch (error) {
    %call(%SelfHosted("IteratorCloseAll"), void 0, iterators, true);
    throw error;
  }
  return %call(%SelfHosted("IteratorZip"), void 0, iterators, nexts, settings[0], padding, keys);
}

// https://tc39.es/ecma262/#sec-iteratorzip  keys: undefined for arrays as results
function IteratorZip(iterators, nexts, mode, padding, keys) {
  const count = iterators.length;
  const closeAll = %SelfHosted("IteratorCloseAll");
  const advance = %SelfHosted("IteratorZipAdvance");
  return %CreateIteratorHelper(() => {
    if (count === 0) return;
    const results = %ListCreate();
    for (let index = 0; index < count; index++) {
      if (iterators[index] === null) {
        %ListAppend(results, padding[index]);
        continue;
      }
      const step = %call(advance, void 0, iterators, nexts, index, true);
      if (!step.done) {
        %ListAppend(results, step.value);
        continue;
      }
      if (mode === "shortest") {
        %call(closeAll, void 0, iterators, false);
        return;
      }
      if (mode === "strict") {
        for (let other = 1; index === 0 && other < count; other++) {
          if (!%call(advance, void 0, iterators, nexts, other, false).done) index = count;
        }
        if (index !== 0) {
          %call(closeAll, void 0, iterators, true);
          %ThrowTypeError("Iterator.zip: the iterators are of different lengths");
        }
        return;
      }
      let anyOpen = false;
      for (let other = 0; other < count; other++) anyOpen = anyOpen || iterators[other] !== null;
      if (!anyOpen) return;
      %ListAppend(results, padding[index]);
    }
    if (keys === void 0) return { value: results, done: false };
    const object = %CreateObject(null);
    for (let index = 0; index < count; index++) %CreateDataPropertyOrThrow(object, keys[index], results[index]);
    return { value: object, done: false };
  }, () => {
    %call(closeAll, void 0, iterators, false);
  });
}

// One step of the iterator at `index`, as a fresh {value, done}. An iterator that ends or fails leaves the list; a
// failure closes the others.
function IteratorZipAdvance(iterators, nexts, index, readsValue) {
  try {
    const step = %IteratorResult(%call(nexts[index], iterators[index]));
    if (!step.done) return { value: readsValue ? step.value : void 0, done: false };
  } catch (error) {
    iterators[index] = null;
    %call(%SelfHosted("IteratorCloseAll"), void 0, iterators, true);
    throw error;
  }
  iterators[index] = null;
  return { value: void 0, done: true };
}

// Async iterators ------------------------------------------------------------------------------------------

// https://tc39.es/ecma262/#sec-%asynciteratorprototype%-%symbol.asyncdispose%
function AsyncIteratorPrototype_asyncDispose() {
  return %call(%SelfHosted("AsyncIteratorDispose"), void 0, this);
}

async function AsyncIteratorDispose(iterator) {
  const close = %GetMethod(iterator, "return");
  if (close !== void 0) await %call(close, iterator);
}

// https://tc39.es/ecma262/#sec-asyncgeneratordrainqueue
function AsyncGeneratorDrainQueue(generator) {
  while (%AsyncGeneratorServe(generator)) {}
}

// https://tc39.es/ecma262/#sec-createasyncfromsynciterator
function CreateAsyncFromSyncIterator(iterator, next) {
  return %CreateSlotted(%SLOTTED_ASYNC_FROM_SYNC_ITERATOR, %AsyncFromSyncIteratorPrototype, iterator, next);
}

// https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%.next
function AsyncFromSyncIteratorPrototype_next(value) {
  return %call(%SelfHosted("AsyncFromSyncIteratorNext"), void 0,
               %SlotGet(this, %WRAPPED_ITERATOR), %SlotGet(this, %WRAPPED_NEXT), value,
               arguments.length);
}

async function AsyncFromSyncIteratorNext(iterator, next, value, count) {
  const result = %IteratorResult(count > 0 ? %call(next, iterator, value) : %call(next, iterator));
  const done = result.done ? true : false;
  const inner = result.value;
  try {
    return { value: await inner, done };
  } catch (error) {
    if (!done) %call(%SelfHosted("IteratorCloseQuietly"), void 0, iterator);
    throw error;
  }
}

// https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%.return
function AsyncFromSyncIteratorPrototype_return(value) {
  return %call(%SelfHosted("AsyncFromSyncIteratorReturn"), void 0,
               %SlotGet(this, %WRAPPED_ITERATOR), value, arguments.length);
}

async function AsyncFromSyncIteratorReturn(iterator, value, count) {
  const close = %GetMethod(iterator, "return");
  if (close === void 0) return { value, done: true };
  const result = count > 0 ? %call(close, iterator, value) : %call(close, iterator);
  if (!%IsObject(result)) %ThrowTypeError("the iterator's return method must return an object, not %", result);
  const done = result.done ? true : false;
  const inner = result.value;
  return { value: await inner, done };
}

// https://tc39.es/ecma262/#sec-%asyncfromsynciteratorprototype%.throw
function AsyncFromSyncIteratorPrototype_throw(value) {
  return %call(%SelfHosted("AsyncFromSyncIteratorThrow"), void 0,
               %SlotGet(this, %WRAPPED_ITERATOR), value, arguments.length);
}

async function AsyncFromSyncIteratorThrow(iterator, value, count) {
  const method = %GetMethod(iterator, "throw");
  if (method === void 0) {
    %call(%SelfHosted("IteratorClose"), void 0, iterator);
    %ThrowTypeError("the iterator has no throw method");
  }
  const result = count > 0 ? %call(method, iterator, value) : %call(method, iterator);
  if (!%IsObject(result)) %ThrowTypeError("the iterator's throw method must return an object, not %", result);
  const done = result.done ? true : false;
  const inner = result.value;
  try {
    return { value: await inner, done };
  } catch (error) {
    if (!done) %call(%SelfHosted("IteratorCloseQuietly"), void 0, iterator);
    throw error;
  }
}
