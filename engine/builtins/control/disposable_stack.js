// DisposableStack and AsyncDisposableStack. https://tc39.es/ecma262/#sec-disposablestack-objects
// Slots: 0 whether it is disposed, 1 the list of resources, four items each: the this value, the method, how to call it
// (0 as a method, 1 as a function of the argument, 2 as a method whose result is ignored), the argument.

function DisposableStack_resources(stack, kind, name) {
  if (!%IsSlotted(stack, kind)) %ThrowTypeError("% called on %", name, stack);
  if (%SlotGet(stack, %STACK_IS_DISPOSED)) %ThrowReferenceError("the disposable stack has already been disposed");
  return %SlotGet(stack, %STACK_RESOURCES);
}

function DisposableStack_add(list, thisValue, method, how, argument) {
  %ListAppend(list, thisValue);
  %ListAppend(list, method);
  %ListAppend(list, how);
  %ListAppend(list, argument);
}

function DisposableStack_take(stack) {
  const list = %SlotGet(stack, %STACK_RESOURCES);
  %SlotSet(stack, %STACK_IS_DISPOSED, true);
  %SlotSet(stack, %STACK_RESOURCES, %ListCreate());
  return list;
}

// https://tc39.es/ecma262/#sec-disposablestack.prototype.use
function DisposableStackPrototype_use(value) {
  const list = %call(%SelfHosted("DisposableStack_resources"), void 0, this,
                     %SLOTTED_DISPOSABLE_STACK, "DisposableStack.prototype.use");
  if (value === null || value === void 0) return value;
  if (!%IsObject(value)) %ThrowTypeError("% cannot be disposed: it is not an object", value);
  const method = %GetMethod(value, %SymbolDispose());
  if (method === void 0) %ThrowTypeError("% has no [Symbol.dispose] method", value);
  %call(%SelfHosted("DisposableStack_add"), void 0, list, value, method, 0);
  return value;
}

// https://tc39.es/ecma262/#sec-disposablestack.prototype.adopt
function DisposableStackPrototype_adopt(value, onDispose) {
  const list = %call(%SelfHosted("DisposableStack_resources"), void 0, this,
                     %SLOTTED_DISPOSABLE_STACK, "DisposableStack.prototype.adopt");
  if (!%IsCallable(onDispose)) %ThrowTypeError("DisposableStack.prototype.adopt: % is not a function", onDispose);
  %call(%SelfHosted("DisposableStack_add"), void 0, list, void 0, onDispose, 1, value);
  return value;
}

// https://tc39.es/ecma262/#sec-disposablestack.prototype.defer
function DisposableStackPrototype_defer(onDispose) {
  const list = %call(%SelfHosted("DisposableStack_resources"), void 0, this,
                     %SLOTTED_DISPOSABLE_STACK, "DisposableStack.prototype.defer");
  if (!%IsCallable(onDispose)) %ThrowTypeError("DisposableStack.prototype.defer: % is not a function", onDispose);
  %call(%SelfHosted("DisposableStack_add"), void 0, list, void 0, onDispose, 0);
}

// https://tc39.es/ecma262/#sec-disposablestack.prototype.move
function DisposableStackPrototype_move() {
  %call(%SelfHosted("DisposableStack_resources"), void 0, this,
        %SLOTTED_DISPOSABLE_STACK, "DisposableStack.prototype.move");
  const stack = %CreateSlotted(%SLOTTED_DISPOSABLE_STACK, %DisposableStackPrototype, false, void 0);
  %SlotSet(stack, %STACK_RESOURCES, %call(%SelfHosted("DisposableStack_take"), void 0, this));
  return stack;
}

// https://tc39.es/ecma262/#sec-disposablestack.prototype.dispose
function DisposableStackPrototype_dispose() {
  if (!%IsSlotted(this, %SLOTTED_DISPOSABLE_STACK)) {
    %ThrowTypeError("DisposableStack.prototype.dispose called on %", this);
  }
  if (%SlotGet(this, %STACK_IS_DISPOSED)) return;
  const list = %call(%SelfHosted("DisposableStack_take"), void 0, this);
  let failed = false;
  let failure;
  for (let i = list.length - 4; i >= 0; i -= 4) {
    try {
      if (list[i + 2] === 1) %call(list[i + 1], void 0, list[i + 3]);
      else %call(list[i + 1], list[i]);
    } catch (error) {
      failure = failed ? %CreateSuppressedError(error, failure) : error;
      failed = true;
    }
  }
  if (failed) throw failure;
}

// https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.use
function AsyncDisposableStackPrototype_use(value) {
  const list = %call(%SelfHosted("DisposableStack_resources"), void 0, this,
                     %SLOTTED_ASYNC_DISPOSABLE_STACK, "AsyncDisposableStack.prototype.use");
  if (value === null || value === void 0) {
    %call(%SelfHosted("DisposableStack_add"), void 0, list, void 0, void 0, 0);
    return value;
  }
  if (!%IsObject(value)) %ThrowTypeError("% cannot be disposed: it is not an object", value);
  let how = 0;
  let method = %GetMethod(value, %SymbolAsyncDispose());
  if (method === void 0) {
    method = %GetMethod(value, %SymbolDispose());
    how = 2;
  }
  if (method === void 0) %ThrowTypeError("% has no [Symbol.asyncDispose] or [Symbol.dispose] method", value);
  %call(%SelfHosted("DisposableStack_add"), void 0, list, value, method, how);
  return value;
}

// https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.adopt
function AsyncDisposableStackPrototype_adopt(value, onDispose) {
  const list = %call(%SelfHosted("DisposableStack_resources"), void 0, this,
                     %SLOTTED_ASYNC_DISPOSABLE_STACK, "AsyncDisposableStack.prototype.adopt");
  if (!%IsCallable(onDispose)) %ThrowTypeError("AsyncDisposableStack.prototype.adopt: % is not a function", onDispose);
  %call(%SelfHosted("DisposableStack_add"), void 0, list, void 0, onDispose, 1, value);
  return value;
}

// https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.defer
function AsyncDisposableStackPrototype_defer(onDispose) {
  const list = %call(%SelfHosted("DisposableStack_resources"), void 0, this,
                     %SLOTTED_ASYNC_DISPOSABLE_STACK, "AsyncDisposableStack.prototype.defer");
  if (!%IsCallable(onDispose)) %ThrowTypeError("AsyncDisposableStack.prototype.defer: % is not a function", onDispose);
  %call(%SelfHosted("DisposableStack_add"), void 0, list, void 0, onDispose, 0);
}

// https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.move
function AsyncDisposableStackPrototype_move() {
  %call(%SelfHosted("DisposableStack_resources"), void 0, this,
        %SLOTTED_ASYNC_DISPOSABLE_STACK, "AsyncDisposableStack.prototype.move");
  const stack = %CreateSlotted(%SLOTTED_ASYNC_DISPOSABLE_STACK, %AsyncDisposableStackPrototype, false, void 0);
  %SlotSet(stack, %STACK_RESOURCES, %call(%SelfHosted("DisposableStack_take"), void 0, this));
  return stack;
}

// https://tc39.es/ecma262/#sec-asyncdisposablestack.prototype.disposeAsync
function AsyncDisposableStackPrototype_disposeAsync() {
  return %call(%SelfHosted("AsyncDisposableStack_dispose"), void 0, this);
}

// https://tc39.es/ecma262/#sec-disposeresources
async function AsyncDisposableStack_dispose(stack) {
  if (!%IsSlotted(stack, %SLOTTED_ASYNC_DISPOSABLE_STACK)) {
    %ThrowTypeError("AsyncDisposableStack.prototype.disposeAsync called on %", stack);
  }
  if (%SlotGet(stack, %STACK_IS_DISPOSED)) return;
  const list = %call(%SelfHosted("DisposableStack_take"), void 0, stack);
  let failed = false;
  let failure;
  let needsAwait = false;
  let hasAwaited = false;
  for (let i = list.length - 4; i >= 0; i -= 4) {
    const method = list[i + 1];
    const how = list[i + 2];
    if (method === void 0) {
      needsAwait = true;
      continue;
    }
    try {
      if (how === 2) {
        let outcome;
        try {
          %call(method, list[i]);
        } catch (error) {
          outcome = %PromiseReject(error);
        }
        hasAwaited = true;
        await outcome;
      } else {
        const outcome = how === 1 ? %call(method, void 0, list[i + 3]) : %call(method, list[i]);
        hasAwaited = true;
        await outcome;
      }
    } catch (error) {
      failure = failed ? %CreateSuppressedError(error, failure) : error;
      failed = true;
    }
  }
  if (needsAwait && !hasAwaited) await void 0;
  if (failed) throw failure;
}
